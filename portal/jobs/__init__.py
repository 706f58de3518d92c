"""Recurring work: schedule and steps lie in the database, this calls them."""
