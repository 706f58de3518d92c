"""Recurring work: its schedule is data, its steps are procedures in the database, this calls them."""
