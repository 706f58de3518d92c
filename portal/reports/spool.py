"""Rows of a long report in a file of their own, so that an export takes the memory of a few."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

Line = TypeVar("Line")
Body = tuple[list[str], list[Any]]  # keys, and figures in the order of the measures
EXACT = 10**6  # ratios have four decimals
LARGEST = 2**63 - 1
# By label or by figure, descending or not: rows of one figure by their names, those without last.
READ = {
    (True, False): "select body from row order by label",
    (True, True): "select body from row order by label desc",
    (False, False): "select body from row order by rank is null, rank, label",
    (False, True): "select body from row order by rank is null, rank desc, label",
}
APART = "\x01"  # sorts before all that is written


class Spool(Generic[Line]):
    """Rows put in as they come and read, as often as one likes, in the order they are asked in.

    SQLite keeps them in a nameless file that is gone with the connection, and sorts them there.
    ``line_of`` makes of what is kept what is read.
    """

    def __init__(
        self, line_of: Callable[[Body], Line], *, by_label: bool, descending: bool
    ) -> None:
        self._line_of = line_of
        self._read = READ[by_label, descending]
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("pragma journal_mode = off")
        self._rows.execute(
            "create table row (nth integer primary key, rank, label text, place text, body text)"
        )

    def put(self, rows: Iterable[tuple[Any, str, str, Body]]) -> None:
        """Rank, label to sort by, place to find by, and body of each."""
        self._rows.executemany(
            "insert into row (rank, label, place, body) values (?, ?, ?, ?)",
            (
                (_number(rank), label, place, json.dumps(body, default=_typed))
                for rank, label, place, body in rows
            ),
        )

    def __bool__(self) -> bool:
        return True

    def at(self, place: str) -> Line | None:
        """The row of a place; None where there is none."""
        self._rows.execute("create index if not exists row_place on row (place)")
        found = self._rows.execute("select body from row where place = ?", (place,)).fetchone()
        return self._line_of(_opened(found[0])) if found else None

    def __len__(self) -> int:
        return int(self._rows.execute("select count(*) from row").fetchone()[0])

    def __iter__(self) -> Iterator[Line]:
        for (body,) in self._rows.execute(self._read):
            yield self._line_of(_opened(body))


def _typed(figure: Any) -> dict[str, str]:
    """A figure that JSON has no type for, with its type."""
    if isinstance(figure, Decimal):
        return {"decimal": str(figure)}
    if isinstance(figure, datetime):
        return {"moment": figure.isoformat()}
    raise TypeError(type(figure).__name__)


def _opened(body: str) -> Body:
    keys, figures = json.loads(body)
    return keys, [_figure(one) if isinstance(one, dict) else one for one in figures]


def _figure(typed: dict[str, str]) -> Decimal | datetime:
    if "decimal" in typed:
        return Decimal(typed["decimal"])
    return datetime.fromisoformat(typed["moment"])


def _number(rank: Any) -> Any:
    """A figure as SQLite sorts it exactly."""
    if isinstance(rank, datetime):
        return rank.timestamp()
    if isinstance(rank, Decimal):
        scaled = int(rank * EXACT)
        return scaled if abs(scaled) <= LARGEST else float(rank * EXACT)
    return rank
