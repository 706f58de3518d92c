"""What the runtime tells a person who waits: on standard error, only when there is work."""

from __future__ import annotations

import click


def say(text: str) -> None:
    """One line of progress."""
    click.echo(f"dozir: {text}", err=True)
