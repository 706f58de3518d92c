"""What the runtime tells a person, in lines that nothing told of can forge."""

from __future__ import annotations

import click


def say(text: str) -> None:
    """One line of progress, on standard error: only when there is work."""
    click.echo(f"dozir: {text}", err=True)


def printable(text: str) -> str:
    """``text`` on one line, with the signs that a terminal obeys instead of showing written out.

    Names of objects are whatever somebody chose: a line break or an escape sequence among them.
    """
    return "".join(
        sign if sign.isprintable() or sign == "\t" else sign.encode("unicode_escape").decode()
        for sign in text
    )
