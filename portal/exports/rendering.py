"""A table becomes a file: rows are read, written and hashed one by one, never kept."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.exports.certificate import Hasher, Taker, header_of
from portal.exports.formats import FORMATS
from portal.exports.table import Table
from portal.exports.values import canonical_of, exact_of

# Between so many rows others are given a turn, and it is told how far it is.
STEP_ROWS = 200


class TooLong(Exception):
    """The table has more rows than a file made now may have."""


@dataclass(frozen=True)
class Written:
    """A finished file: its rows, the hash of what it says, and its lines for the record."""

    row_count: int
    sha256: bytes
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Bounds:
    """How many rows a file may have, where it is checked, and who is told how far it is."""

    rows: int
    address: str
    progress: Callable[[int], object] = bool


def render(
    table: Table, form: str, taker: Taker, path: Path, bounds: Bounds
) -> Callable[[], Written]:
    """Write all rows of ``table`` to ``path``; the answer binds the file and must be called.

    In two steps, since rows are read inside a transaction that need not wait for the binding.
    Raises TooLong, and whatever reading the rows raises; nothing usable is left behind then.
    """
    header = header_of(table, taker)
    hasher = Hasher(header.document())
    exact = [exact_of(column) for column in table.columns]
    canonical = [canonical_of(column) for column in table.columns]
    writer = FORMATS[form].writer(path, header, bounds.address)
    try:
        for row in table.rows:
            if hasher.rows >= bounds.rows:
                raise TooLong
            cells = [turn(value) for turn, value in zip(exact, row, strict=True)]
            hasher.row([turn(cell) for turn, cell in zip(canonical, cells, strict=True)])
            writer.row(cells)
            if hasher.rows % STEP_ROWS == 0:
                bounds.progress(hasher.rows)
                time.sleep(0)  # a turn for others in a worker
    except BaseException:
        writer.abandon()
        path.unlink(missing_ok=True)
        raise

    def bind() -> Written:
        sha256 = hasher.digest()
        writer.finish(hasher.rows, sha256.hex())
        return Written(hasher.rows, sha256, header.lines)

    return bind
