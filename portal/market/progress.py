"""How far a command is: one line that is rewritten on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from portal.market.summary import Summary

_EVERY_S = {True: 0.5, False: 10.0}  # by: is it a terminal?
_OPERATORS_A_LINE = 100


@contextmanager
def counting(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, else a line for each hundred; call it with how many more are done."""
    if sys.stderr.isatty():
        with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
            yield bar.update
        return
    done = 0

    def count(more: int) -> None:
        nonlocal done
        before, done = done, done + more
        if done // _OPERATORS_A_LINE > before // _OPERATORS_A_LINE:
            click.echo(f"{label}: {done}", err=True)

    yield count


class Progress:
    """Shows a summary while it grows, on standard error."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._started = self._shown = time.monotonic()
        self._records = 0

    def __call__(self, summary: Summary) -> None:
        """Show it, if it is time to."""
        now = time.monotonic()
        if now - self._shown < _EVERY_S[self._terminal]:
            return
        records = summary.received.records
        rate = (records - self._records) / (now - self._shown)
        self._shown, self._records = now, records
        line = (
            f"simulate: {now - self._started:.0f} s: {records:,} accepted"
            f" in {summary.batches:,} batches, {rate:,.0f}/s,"
            f" {sum(summary.refused_as_meant.values())} refused as meant,"
            f" {sum(summary.refused_unexpectedly.values())} otherwise,"
            f" lag {summary.lag_s:.1f} s"
        )
        click.echo(f"\r\x1b[K{line}" if self._terminal else line, nl=not self._terminal, err=True)

    def end(self) -> None:
        """Leave the line that was rewritten."""
        if self._terminal:
            click.echo(err=True)
