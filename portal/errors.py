"""Errors that mean the same everywhere in the portal."""

from __future__ import annotations


class DatabaseUnavailable(Exception):
    """The database cannot be reached; what was under way is not stored. Try again later."""


class NotFound(Exception):
    """There is no such thing, or the caller may not see it: the two answer alike."""


class Unconfirmed(Exception):
    """What the database says is not confirmed by the published log, which it has to be by now."""


class Unstorable(Exception):
    """A value that the database cannot be given at all, such as a text with a zero byte."""
