"""What a damaged batch may have been: guesses that its root proves or not.

A root says that rows are not those that were accepted. Where one other value in one row, two values
exchanged, or one thing done to a whole column makes the root the accepted one, that is what was
altered, as sure as SHA-256 is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from itertools import combinations, islice, product, repeat

from portal.verifier.dozir_verify import (
    COLUMNS,
    EPOCH_2000_US,
    PLACE,
    UNPACK,
    Known,
    column_sums,
    figures_of,
    leaf_hash,
    node_hash,
    readable,
    root_of,
)
from portal.verifier.rules import FEW

BUDGET = 200_000  # guesses of values in a batch: seconds
TOGETHER = 5_000  # of several values that were altered together
FEW_ROWS = 12  # of which any may have been altered together
FEW_VALUES = 64  # of a column that all of its rows may have had
ROTATED = 300  # rows of a batch that may have been shifted by any number of places

# A guess: row (from 0), column and the value that was accepted.
Guess = list[tuple[int, str, bytes]]


@dataclass(frozen=True)
class Clues:
    """What else is known of a batch.

    ``touched``: rows (from 0) that were written after the batch; ``values``: of a column, what is
    registered or stands elsewhere; ``of_rows``: the same of one row alone.
    """

    touched: frozenset[int] = frozenset()
    values: dict[str, list[bytes]] = field(default_factory=dict)
    of_rows: dict[tuple[int, str], list[bytes]] = field(default_factory=dict)


def levels_of(leaf_hashes: list[bytes]) -> list[list[bytes]]:
    """The tree's levels from the leaves (at least one) to the root."""
    levels = [leaf_hashes]
    while len(level := levels[-1]) > 1:
        above = [node_hash(a, b) for a, b in zip(level[::2], level[1::2], strict=False)]
        levels.append(above + level[-1:] if len(level) % 2 else above)
    return levels


def root_with(levels: list[list[bytes]], changed: dict[int, bytes]) -> bytes:
    """The root if these leaves were others."""
    for level in levels[:-1]:
        above: dict[int, bytes] = {}
        for place in changed:
            left, right = place & ~1, place | 1
            one = changed.get(left, level[left])
            if right < len(level):
                one = node_hash(one, changed.get(right, level[right]))
            above[place >> 1] = one
        changed = above
    return changed[0]


def put(row: bytes, column: str, value: bytes) -> bytes:
    """A tuple with another value in one column."""
    at = PLACE[column]
    return row[: at.start] + value + row[at.stop :]


def search(
    known: Known, rows: list[bytes], levels: list[list[bytes]], guesses: Iterable[Guess]
) -> Guess | None:
    """The first guess with which the root is the accepted one, if any is so: a proof."""
    ways = Ways(levels)
    made: dict[tuple[int, str, bytes], bytes] = {}
    for guess in islice(guesses, BUDGET):
        if len(guess) == 1:
            [(place, column, value)] = guess
            found = climb(leaf_hash(put(rows[place], column, value)), ways.of(place))
        elif len(guess) == 2:
            found = ways.root_with(_pair(rows, *guess))
        else:  # of few values each, which come over and over
            for one in guess:
                if one not in made:
                    made[one] = leaf_hash(put(rows[one[0]], one[1], one[2]))
            found = root_with(levels, {one[0]: made[one] for one in guess})
        if found == known.root:
            return guess
    return None


def _pair(
    rows: list[bytes], one: tuple[int, str, bytes], two: tuple[int, str, bytes]
) -> dict[int, bytes]:
    """Leaf hashes with two values: of one row, or one of each of two."""
    first = put(rows[one[0]], one[1], one[2])
    if one[0] == two[0]:
        return {one[0]: leaf_hash(put(first, two[1], two[2]))}
    hashed, other = leaf_hash(first), leaf_hash(put(rows[two[0]], two[1], two[2]))
    if one[1] == "row_no":  # exchanged numbers: each row belongs where the other stands
        hashed, other = other, hashed
    return {one[0]: hashed, two[0]: other}


# By levels, what is hashed before a node and behind it; none where it goes up as it is.
Way = list[tuple[bytes, bytes] | None]


class Ways:
    """``root_with`` for very many guesses in one tree: what stands beside each way up is kept."""

    def __init__(self, levels: list[list[bytes]]) -> None:
        self._levels = levels
        self._ways: dict[int, Way] = {}

    def root_with(self, changed: dict[int, bytes]) -> bytes:
        """The root if these leaves, one or two, were others."""
        (one, hashed), *rest = changed.items()
        way = self.of(one)
        if not rest:
            return climb(hashed, way)
        [(two, other)] = rest
        meeting = (one ^ two).bit_length() - 1
        left, right = climb(hashed, way[:meeting]), climb(other, self.of(two)[:meeting])
        met = node_hash(left, right) if one < two else node_hash(right, left)
        return climb(met, way[meeting + 1 :])

    def of(self, place: int) -> Way:
        """From a leaf to the root."""
        if place not in self._ways:
            self._ways[place] = list(self._beside(place))
        return self._ways[place]

    def _beside(self, place: int) -> Iterator[tuple[bytes, bytes] | None]:
        for level in self._levels[:-1]:
            beside = place ^ 1
            if beside >= len(level):
                yield None
            else:
                yield (b"\1" + level[beside], b"") if place & 1 else (b"\1", level[beside])
            place >>= 1


def climb(hashed: bytes, way: Way) -> bytes:
    """The hash above these levels."""
    for step in way:
        if step:
            hashed = sha256(step[0] + hashed + step[1]).digest()
    return hashed


def near(known: Known, rows: list[bytes], clues: Clues) -> Iterator[Guess]:
    """One value of one of the rows that something points at."""
    touched = sorted(clues.touched)
    yield from _single(known, rows, touched, _options(known, rows, clues), clues)


def guesses(known: Known, rows: list[bytes], clues: Clues) -> Iterator[Guess]:
    """What may have been altered, the likeliest first: where something points at rows, there."""
    options = _options(known, rows, clues)
    everywhere = range(len(rows))
    touched = sorted(clues.touched) or (list(everywhere) if len(rows) <= FEW_ROWS else [])
    if touched:
        yield from _single(known, rows, touched, options, clues)
        yield from _together(known, rows, touched, options, clues)
    yield from _single(known, rows, everywhere, options, clues)
    for name in ["row_no", *(name for name, _ in COLUMNS if name not in ("row_no", "batch_id"))]:
        at = PLACE[name]
        for one in everywhere:
            for two in range(one):
                if rows[one][at] != rows[two][at]:
                    yield [(one, name, rows[two][at]), (two, name, rows[one][at])]


def _options(known: Known, rows: list[bytes], clues: Clues) -> dict[str, list[bytes]]:
    """Of each column the values that it may have had: all there are, or those of other rows."""
    options = {name: [no.to_bytes(2) for no in few] for name, few in FEW.items()}
    for name, width in COLUMNS:
        if name in options or name in ("operator_id", "batch_id", "row_no", "amount_minor"):
            continue
        own = sorted({row[PLACE[name]] for row in rows})[:50]
        options[name] = list(dict.fromkeys([*clues.values.get(name, ()), *own, bytes(width)]))
    options["currency"] = sorted({key[0].to_bytes(2) for key in column_sums(known.totals)})
    options["operator_id"] = [known.operator_id.to_bytes(4, signed=True)]
    return options


def _single(
    known: Known,
    rows: list[bytes],
    places: Iterable[int],
    options: dict[str, list[bytes]],
    clues: Clues,
) -> Iterator[Guess]:
    """One value of one of these rows."""
    places = list(places)
    yield from _told_otherwise(known, rows, places)
    for (place, name), values in clues.of_rows.items():
        if place in places:
            yield from ([(place, name, one)] for one in values)
    for name, values in options.items():
        for place in places:
            yield from ([(place, name, one)] for one in values if one != rows[place][PLACE[name]])


def _told_otherwise(known: Known, rows: list[bytes], places: list[int]) -> Iterator[Guess]:
    """Values of which something else that is at hand says what they were."""
    mine = column_sums(figures_of(b"".join(rows), known.received_at)[0])
    must = column_sums(known.totals)
    for place in places:
        row = rows[place]
        at, type_, amount, currency, reason = UNPACK.unpack(row)
        half = slice(2, 4) if reason else slice(0, 2)
        zero = (0, 0, 0, 0)
        (_, have), (_, want) = (one.get((currency, type_), zero)[half] for one in (mine, must))
        if have != want and -(2**63) <= amount + want - have < 2**63:
            yield [(place, "amount_minor", (amount + want - have).to_bytes(8, signed=True))]
        identity = row[PLACE["id"]]
        spoken = int.from_bytes(identity[:6]) * 1000 - EPOCH_2000_US
        if spoken != at:
            yield [(place, "occurred_at", spoken.to_bytes(8, signed=True))]
            own_ms = (at + EPOCH_2000_US) // 1000
            yield [(place, "id", (own_ms % 2**48).to_bytes(6) + identity[6:])]


def _together(
    known: Known,
    rows: list[bytes],
    touched: list[int],
    options: dict[str, list[bytes]],
    clues: Clues,
) -> Iterator[Guess]:
    """Two values of the one row that was touched, or one column of all that were."""
    if len(touched) == 1:
        few = list(islice(_single(known, rows, touched, options, clues), 200))
        for one, other in combinations(few, 2):
            if one[0][1] != other[0][1]:
                yield one + other
        return
    for name, values in options.items():
        if len(values) ** len(touched) <= TOGETHER:
            for chosen in product(values, repeat=len(touched)):
                made = zip(touched, chosen, strict=True)
                yield [(place, name, value) for place, value in made]


# Whole columns.


@dataclass(frozen=True)
class Whole:
    """What was done to a whole column: as ``rows`` the batch is what was accepted."""

    column: str
    why: str
    rows: list[bytes]


# Column, what was done, and the rows as they were before.
_Idea = tuple[str, str, Callable[[], list[bytes]]]


def whole(known: Known, rows: list[bytes], clues: Clues, like: Whole | None = None) -> Whole | None:
    """One thing that was done to all rows alike, if the root proves it; ``like``: just this one."""
    for column, why, before in _done_to_all(known, rows, clues):
        if like and (column, why) != (like.column, like.why):
            continue
        made = before()
        if root_of([leaf_hash(one) for one in made]) == known.root:
            return Whole(column, why, made)
    return None


def _done_to_all(known: Known, rows: list[bytes], clues: Clues) -> Iterator[_Idea]:
    yield from _exchanged_columns(rows)
    yield from _computed(known, rows)
    for name, values in _options(known, rows, clues).items():
        for value in values[:FEW_VALUES]:
            why = "all had one value" if len(value) == 16 else f"all had {readable(name, value)}"
            yield name, why, partial(_with_column, rows, name, repeat(value))
    yield from _in_another_order(rows)


def _with_column(rows: list[bytes], column: str, values: Iterable[bytes]) -> list[bytes]:
    return [put(row, column, value) for row, value in zip(rows, values, strict=False)]


def _exchanged_columns(rows: list[bytes]) -> Iterator[_Idea]:
    """Two columns of one width that changed their names."""
    for (one, width), (other, theirs) in combinations(COLUMNS, 2):
        if width == theirs and not {one, other} & {"batch_id", "row_no"}:
            made = partial(_exchanged, rows, one, other)
            yield f"{one}, {other}", "the two columns were exchanged", made


def _exchanged(rows: list[bytes], one: str, other: str) -> list[bytes]:
    return [put(put(row, one, row[PLACE[other]]), other, row[PLACE[one]]) for row in rows]


def _computed(known: Known, rows: list[bytes]) -> Iterator[_Idea]:
    """Moments by the ids or shifted, and amounts by the sums."""
    spoken = [int.from_bytes(row[PLACE["id"]][:6]) * 1000 - EPOCH_2000_US for row in rows]
    yield (
        "occurred_at",
        "moments are those of the ids",
        partial(_with_column, rows, "occurred_at", [at.to_bytes(8, signed=True) for at in spoken]),
    )
    totals, early, _, _ = figures_of(b"".join(rows), known.received_at)
    shift = known.occurred_from - early
    yield (
        "occurred_at",
        f"moments were {shift} us later",
        partial(_mapped, rows, "occurred_at", lambda one: one + shift),
    )
    have = _amounts(totals)
    want = _amounts(known.totals)
    if have:
        yield (
            "amount_minor",
            f"amounts were times {want}/{have}",
            partial(_mapped, rows, "amount_minor", lambda one: one * want // have),
        )
    more = (want - have) // len(rows)
    yield (
        "amount_minor",
        f"amounts were {more} more",
        partial(_mapped, rows, "amount_minor", lambda one: one + more),
    )


def _amounts(totals: bytes) -> int:
    return sum(one[1] + one[3] for one in column_sums(totals).values())


def _mapped(rows: list[bytes], column: str, of: Callable[[int], int]) -> list[bytes]:
    """A column of 8-byte numbers by a rule; a value that does not fit stays."""
    numbers = [int.from_bytes(row[PLACE[column]], signed=True) for row in rows]
    fitting = [new if -(2**63) <= (new := of(one)) < 2**63 else one for one in numbers]
    return _with_column(rows, column, [one.to_bytes(8, signed=True) for one in fitting])


def _in_another_order(rows: list[bytes]) -> Iterator[_Idea]:
    """Numbers that were given anew: by the ids, backwards, shifted."""
    by_id = sorted(rows, key=lambda row: row[PLACE["id"]])
    orders = [("in the order of the ids", by_id), ("backwards", rows[::-1])]
    if len(rows) <= ROTATED:
        orders += [
            (f"shifted by {shift} places", rows[shift:] + rows[:shift])
            for shift in range(1, len(rows))
        ]
    numbers = [no.to_bytes(4) for no in range(1, len(rows) + 1)]
    for why, ordered in orders:
        yield "row_no", f"rows were {why}", partial(_with_column, ordered, "row_no", numbers)
