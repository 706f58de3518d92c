"""What every writer of files does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from portal.exports.values import Exact


class Writer(Protocol):
    """Writes one file; after ``finish`` or ``abandon`` it holds nothing open."""

    def row(self, cells: Sequence[Exact]) -> None:
        """One more row."""

    def finish(self, row_count: int, sha256: str) -> None:
        """The end: how many rows there were, and their hash."""

    def abandon(self) -> None:
        """Give up what was begun; the file that is there is worth nothing."""
