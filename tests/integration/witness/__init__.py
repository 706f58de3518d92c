"""Witnesses and time-stamps over real sockets."""
