"""Names the very row and column of a batch that does not hold.

A batch's root says that its rows are not those that were accepted, not which. Whoever has the true
rows, in an older export, compares. Whoever has not, tries what may have been altered
(``guesses``): what gives the root is proved. Where nothing does, rows are named that no row which
was accepted looks like (``rules``), and those that were written after their batch was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import (
    PLACE,
    UNPACK,
    WIDTH,
    Archive,
    Finding,
    Known,
    batches_of,
    leaf_hash,
    readable,
    root_of,
    row_no,
    split,
    values,
)
from portal.verifier.guesses import (
    Clues,
    Guess,
    Whole,
    guesses,
    levels_of,
    near,
    root_with,
    search,
    whole,
)
from portal.verifier.rules import OPAQUE, broken

SEARCHED = 20  # damaged batches in which the very row is searched for, in each process
TOLD = 100  # rows of a column that was altered whole
WRITTEN_AGAIN = (
    "written again after its batch was accepted, as PostgreSQL notes of each row (whoever rewrites"
    " its files could have misled it)"
)
ONLY_ROW = "the batch's only row is not what was accepted"


class Traces(Protocol):
    """What a database tells of a batch beside its rows."""

    def touched(self, batch: int) -> frozenset[int]:
        """Numbers of rows that were written by another transaction than the batch was."""

    def clues(self, batch: int, known: Known, rows: list[bytes], touched: frozenset[int]) -> Clues:
        """Values that a batch's rows may have had; ``rows`` in the order of their numbers."""


class Locator:
    """Says what is wrong with a batch.

    ``against`` is an older export that may have its rows; ``traces`` the database, if at hand.
    """

    def __init__(self, against: Archive | None = None, traces: Traces | None = None) -> None:
        self._against = against
        self._traces = traces
        self._searched = 0
        self._done: Whole | None = None  # what was done to another batch's column

    def __call__(self, batch: int, known: Known, own: list[bytes]) -> list[Finding]:
        """As ``dozir_verify.explain``, more exactly."""
        true = self._true(batch, known)
        if true:
            return _compare(batch, known, own, true)
        found = core.explain(batch, known, own)
        by_no: dict[int | None, list[bytes]] = defaultdict(list)
        for one in own:
            by_no[row_no(one)].append(one)
        if known.row_count < 1 or any(len(one) != WIDTH for one in own):
            return found
        self._searched += 1
        traces = self._traces if self._searched <= SEARCHED else None
        touched = traces.touched(batch) if traces else frozenset()
        if known.row_count == 1:
            touched = frozenset({1})
        if any(no not in by_no for no in range(1, known.row_count + 1)):
            again = touched & ({no for no in by_no if no} - {one.row for one in found})
            return found + [_altered(batch, known, no, WRITTEN_AGAIN) for no in sorted(again)]
        chosen = [by_no[no] for no in range(1, known.row_count + 1)]
        rows = [one[0] for one in chosen]
        levels = levels_of([leaf_hash(one) for one in rows])
        if _is_whole(known, chosen, levels):
            return found  # the row too many is all
        clues = traces.clues(batch, known, rows, touched) if traces else Clues()
        named = self._proved(batch, known, rows, levels, clues) or list(
            _pointed_at(batch, known, rows, touched)
        )
        if not named:
            return found
        return [one for one in found if one.kind not in ("rows_altered", "row_altered")] + named

    def _proved(
        self, batch: int, known: Known, rows: list[bytes], levels: list[list[bytes]], clues: Clues
    ) -> list[Finding]:
        """What the root proves to have been altered, the likeliest first: where few rows were
        touched, a value of one of them; what was done to another batch.
        """
        if len(clues.touched) < len(rows) and (
            guess := search(known, rows, levels, near(known, rows, clues))
        ):
            return list(_proved(batch, known, rows, guess))
        made = whole(known, rows, clues, like=self._done) if self._done else None
        if made is None and self._searched <= SEARCHED:
            made = whole(known, rows, clues)
            if made is None and (guess := search(known, rows, levels, guesses(known, rows, clues))):
                return list(_proved(batch, known, rows, guess))
        if made is None:
            return []
        self._done = made
        return list(_proved_whole(batch, known, rows, made))

    def _true(self, batch: int, known: Known) -> list[bytes]:
        """A batch's rows out of the older archive, if they are those of its entry; else none."""
        if self._against is None:
            return []
        for part in self._against.parts({}):
            first, last = map(int, part.stem.split("-"))
            if first <= batch <= last:
                for own, piece in batches_of(self._against.rows(part), {batch: known}):
                    rows = split(piece) if own == batch else []
                    if rows and root_of([leaf_hash(one) for one in rows]) == known.root:
                        return rows
        return []


def _is_whole(known: Known, chosen: list[list[bytes]], levels: list[list[bytes]]) -> bool:
    """Whether the rows give the root, one of those of each number taken."""
    doubled = [place for place, same in enumerate(chosen) if len(same) > 1]
    return levels[-1][0] == known.root or any(
        root_with(levels, {place: leaf_hash(one)}) == known.root
        for place in doubled[:50]
        for one in chosen[place]
    )


def _altered(batch: int, known: Known, no: int | None, why: str, **where: Any) -> Finding:
    return Finding("row_altered", why, known.operator, batch, no, **where)


def _proved(batch: int, known: Known, rows: Sequence[bytes], guess: Guess) -> Iterator[Finding]:
    for place, column, was in guess:
        told = {
            "stored": readable(column, rows[place][PLACE[column]]),
            "expected": readable(column, was),
        }
        why = "with the other value the batch is what was accepted"
        yield _altered(batch, known, place + 1, why, column=column, **told)


def _proved_whole(batch: int, known: Known, rows: list[bytes], made: Whole) -> Iterator[Finding]:
    old = {row_no(one): one for one in rows}
    new = {row_no(one): one for one in made.rows}
    if made.column == "row_no":  # what stands at a number must stand at another
        accepted = {_unnumbered(one): row_no(one) for one in made.rows}
        pairs = [(no, accepted[_unnumbered(one)]) for no, one in old.items()]
        differing = [(no, no, must) for no, must in pairs if no != must]
    else:
        name = made.column.split(", ")[0]
        at = PLACE[name]
        differing = [
            (no, readable(name, one[at]), readable(name, new[no][at]))
            for no, one in old.items()
            if one != new[no]
        ]
    why = f"the whole column: {made.why}; so the batch is what was accepted"
    for no, stored, must in differing[:TOLD]:
        told = {"column": made.column, "stored": stored, "expected": must}
        yield _altered(batch, known, no, why, **told)
    if len(differing) > TOLD:
        why = f"{len(differing)} rows of {why}"
        yield Finding("rows_altered", why, known.operator, batch, column=made.column)


def _unnumbered(row: bytes) -> bytes:
    """A tuple without its number."""
    at = PLACE["row_no"]
    return row[: at.start] + row[at.stop :]


def _pointed_at(
    batch: int, known: Known, rows: list[bytes], touched: frozenset[int]
) -> Iterator[Finding]:
    """Rows that something points at, though it proves no value."""
    named = set[int]()
    for place, column, why in broken(known, rows):
        if touched and place + 1 not in touched:
            continue  # it was so when it came in, past the gateway
        named.add(place + 1)
        stored = readable(column, rows[place][PLACE[column.split(", ")[0]]])
        yield _altered(batch, known, place + 1, why, column=column, stored=stored)
    why = ONLY_ROW if known.row_count == 1 else WRITTEN_AGAIN
    columns = core.altered_columns(known, rows)
    if not columns and len(touched) == 1:  # all that has few values was tried
        cancels = UNPACK.unpack(rows[min(touched) - 1])[4] != 0
        columns = [*OPAQUE, "cancels"] if cancels else [*OPAQUE]
    for no in sorted(touched - named):
        yield _altered(batch, known, no, why, column=", ".join(columns) or None)


def _compare(batch: int, known: Known, own: list[bytes], true: list[bytes]) -> list[Finding]:
    """Row by row with what was accepted."""
    found: list[Finding] = []

    def add(kind: str, why: str, row: int | None, **where: Any) -> None:
        found.append(Finding(kind, why, known.operator, batch, row, **where))

    by_no: dict[int | None, list[bytes]] = defaultdict(list)
    for one in own:
        by_no[row_no(one)].append(one)
    for no, must in enumerate(true, 1):
        mine = by_no.pop(no, [])
        if not mine:
            add("row_missing", "the row was taken out", no)
        elif len(mine) > 1:
            add("row_duplicated", f"{len(mine)} rows of one number", no)
        if not mine or must in mine:
            continue
        was = values(must)
        for column, value in values(mine[0]).items():
            if value != was[column]:
                told = {
                    "stored": readable(column, value),
                    "expected": readable(column, was[column]),
                }
                add("row_altered", "another value was accepted", no, column=column, **told)
    for stray in by_no:
        add("row_invented", f"the batch has rows 1 to {known.row_count}", stray)
    return found
