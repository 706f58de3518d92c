"""Errors that mean the same everywhere in the portal."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """The database cannot be reached; what was under way is not stored. Try again later."""


class NotFound(Exception):
    """There is no such thing, or the caller may not see it: the two answer alike."""
