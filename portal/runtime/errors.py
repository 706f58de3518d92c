"""What can go wrong with the database runtime, said so that a person can mend it."""

from __future__ import annotations

import click


class RuntimeProblem(click.ClickException):
    """The database cannot be had; the message says what is missing and how to mend it.

    It is click's own kind of exception, so that every command that needs the database prints the
    message without a traceback and exits with 1.
    """
