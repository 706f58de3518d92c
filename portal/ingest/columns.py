"""Whole columns of a batch checked and converted at once: the fast half of decoding.

Each function takes the texts of one column and returns it as bytes or a numpy array, or raises
``SuspectError`` when anything about it is not plainly right. It need not know what: the slow half,
``portal.ingest.records``, then looks at each record and names every fault.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import count
from typing import NamedTuple

import numpy as np
from msgspec import UNSET
from numpy.typing import NDArray

from portal.ingest.decoded import Codes, Int16s, Int64s, OptionalText
from portal.ingest.fields import MAX_AMOUNT_MINOR, NIL, is_code

_UNIX_DAY_0 = date(1970, 1, 1).toordinal()
_MS_PER_DAY = 86_400_000
_MS_PER_MINUTE = 60_000
_SECOND_OF_DAY_MS = (36_000_000, 3_600_000, 0, 600_000, 60_000, 0, 10_000, 1_000)
_DATE_WEIGHTS = (10_000_000, 1_000_000, 100_000, 10_000, 0, 1_000, 100, 0, 10, 1)

Bytes2D = NDArray[np.uint8]


class SuspectError(Exception):
    """The column holds something that needs a closer look."""


def uuids(texts: Sequence[str]) -> bytes:
    """16 bytes for each UUID text of the form 8-4-4-4-12."""
    return _hex_bytes(texts, 36, dashes=(8, 13, 18, 23))


def hex_128(texts: Sequence[str]) -> bytes:
    """16 bytes for each text of 32 hexadecimal digits."""
    return _hex_bytes(texts, 32)


def optional_uuids(texts: Sequence[OptionalText]) -> bytes:
    """Like ``uuids``; 16 zero bytes where absent. A nil UUID that was sent is suspect."""
    absent = texts.count(UNSET)
    if absent == len(texts):
        return bytes(16 * absent)
    raw = uuids([NIL if text is UNSET else text for text in texts])
    if count_nil(raw) != absent:
        raise SuspectError
    return raw


def nil_rows(raw: bytes) -> NDArray[np.bool_]:
    """Tell for each 16 bytes whether all are zero."""
    halves = np.frombuffer(raw, np.uint64)
    empty: NDArray[np.bool_] = (halves[::2] | halves[1::2]) == 0
    return empty


def count_nil(raw: bytes) -> int:
    """Count the 16-byte values that are all zero."""
    return int(np.count_nonzero(nil_rows(raw)))


def _grid(texts: Sequence[str], width: int) -> tuple[bytes, Bytes2D]:
    """Join texts that are each of one width; return them and a view of one row for each.

    Row and joined text end with the line end that follows each text. That it stands in the last
    place of every row and, as callers see to, nowhere else, is what proves the widths: without
    it 35 + 37 characters look like 36 + 36.
    """
    try:
        joined = ("\n".join(texts) + "\n").encode("ascii")
        grid = np.frombuffer(joined, np.uint8).reshape(len(texts), width + 1)
    except ValueError as error:
        raise SuspectError from error
    if not (grid[:, width] == ord("\n")).all():
        raise SuspectError
    return joined, grid


def _hex_bytes(texts: Sequence[str], width: int, dashes: tuple[int, ...] = ()) -> bytes:
    joined, grid = _grid(texts, width)
    if not all((grid[:, place] == ord("-")).all() for place in dashes):
        raise SuspectError
    try:
        raw = unhexlify(joined.translate(None, b"-\n"))
    except ValueError as error:
        raise SuspectError from error
    # Shorter by whatever was deleted out of place.
    if len(raw) != 16 * len(texts):
        raise SuspectError
    return raw


def enum(values: Sequence[str], numbers: Mapping[str, int]) -> Int16s:
    """Numbers of the values, which the typed decoder has already held to the known ones."""
    return np.frombuffer(bytes(map(numbers.__getitem__, values)), np.uint8).astype(np.int16)


def codes(texts: Sequence[OptionalText]) -> Codes:
    """The distinct codes of a column and where they stand."""
    if texts.count(UNSET) == len(texts):
        return Codes([], np.zeros(len(texts), np.int32))
    places: defaultdict[OptionalText, int] = defaultdict(count(1).__next__)
    places[UNSET] = 0
    index = np.fromiter(map(places.__getitem__, texts), np.int32, len(texts))
    distinct = [code for code in places if code is not UNSET]
    if not all(map(is_code, distinct)):
        raise SuspectError
    return Codes(distinct, index)


class _Layout(NamedTuple):
    """Lowest byte of each position, the distance to its highest, and what follows the second."""

    low: Bytes2D
    span: Bytes2D
    fraction_digits: int
    has_offset: bool


def _layouts() -> dict[int, _Layout]:
    """Each accepted form of a timestamp has a length of its own."""
    found = {}
    for digits in range(4):
        for has_offset in (False, True):
            fraction = "." + "0" * digits if digits else ""
            low = "0000-00-00T00:00:00" + fraction + ("+00:00" if has_offset else "Z")
            high = "9999-19-39t29:59:59" + fraction.replace("0", "9")
            high += "-29:59" if has_offset else "z"
            lowest = np.frombuffer(low.encode(), np.uint8)
            span = np.frombuffer(high.encode(), np.uint8) - lowest
            found[len(low)] = _Layout(lowest, span, digits, has_offset)
    return found


_LAYOUTS = _layouts()


def timestamps(texts: Sequence[str]) -> Int64s:
    """Milliseconds since 1970-01-01 UTC of RFC 3339 texts with offset, at most milliseconds."""
    width = len(texts[0])
    if len(texts[-1]) == width:  # a guess that is proved below
        try:
            return _timestamps_of_width(texts, width)
        except SuspectError:
            if set(map(len, texts)) == {width}:
                raise
    moments = np.empty(len(texts), np.int64)
    width_of = np.fromiter(map(len, texts), np.int32, len(texts))
    for width in set(width_of.tolist()):
        rows = np.flatnonzero(width_of == width)
        moments[rows] = _timestamps_of_width([texts[row] for row in rows.tolist()], width)
    return moments


def _timestamps_of_width(texts: Sequence[str], width: int) -> Int64s:
    layout = _LAYOUTS.get(width)
    if layout is None:
        raise SuspectError
    grid = _grid(texts, width)[1][:, :width]
    # In unsigned bytes anything below the lowest wraps round to above the span.
    if not ((grid - layout.low) <= layout.span).all():
        raise SuspectError
    # What byte ranges let pass: S for T, hours of 24 to 29, a comma for the sign.
    if not ((grid[:, 10] | 32) == ord("t")).all() or _hours_above_23(grid, 11):
        raise SuspectError
    of_day = _weighted(grid[:, 11:], _SECOND_OF_DAY_MS)
    for place in range(layout.fraction_digits):
        of_day += (grid[:, 20 + place] - np.uint8(48)) * np.int32(10 ** (2 - place))
    moments = of_day.astype(np.int64) + _days(grid) * _MS_PER_DAY
    if layout.has_offset:
        moments -= _offsets(grid[:, -6:])
    elif not ((grid[:, -1] | 32) == ord("z")).all():
        raise SuspectError
    return moments


def _hours_above_23(grid: Bytes2D, place: int) -> bool:
    return bool(((grid[:, place] == ord("2")) & (grid[:, place + 1] > ord("3"))).any())


def _weighted(grid: Bytes2D, weights: Sequence[int]) -> NDArray[np.int32]:
    """Sum of each row's digits times their weights; a weight of 0 skips the position."""
    total = np.zeros(len(grid), np.int32)
    for place, weight in enumerate(weights):
        if weight:
            total += (grid[:, place] - np.uint8(48)) * np.int32(weight)
    return total


def _offsets(grid: Bytes2D) -> Int64s | int:
    """Milliseconds east of UTC, from the last six bytes."""
    same = bool((grid == grid[0]).all())
    some = grid[:1] if same else grid
    if (some[:, 0] == ord(",")).any() or _hours_above_23(some, 1):
        raise SuspectError
    minutes = _weighted(some, (0, 600, 60, 0, 10, 1)).astype(np.int64)
    east = np.where(some[:, 0] == ord("-"), -minutes, minutes) * _MS_PER_MINUTE
    return int(east[0]) if same else east


def _days(grid: Bytes2D) -> Int64s | int:
    """Days since 1970-01-01; one calendar look-up for each distinct date."""
    if (grid[:, :10] == grid[0, :10]).all():
        return _unix_day(int(_weighted(grid[:1], _DATE_WEIGHTS)[0]))
    dates, places = np.unique(_weighted(grid, _DATE_WEIGHTS), return_inverse=True)
    return np.array([_unix_day(key) for key in dates.tolist()], np.int64)[places]


def _unix_day(key: int) -> int:
    """Days since 1970-01-01 of a date written as the number YYYYMMDD."""
    try:
        return date(key // 10_000, key // 100 % 100, key % 100).toordinal() - _UNIX_DAY_0
    except ValueError as error:
        raise SuspectError from error


@lru_cache(maxsize=16)
def _amount_patterns(digits: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """For a column joined by line ends: all decimals written out; any number of them."""
    whole = r"(?:0|[1-9][0-9]{0,14})"
    full = rf"\.[0-9]{{{digits}}}" if digits else ""
    some = rf"(?:\.[0-9]{{1,{digits}}})?" if digits else ""
    return re.compile(rf"(?>{whole}{full}\n)*+"), re.compile(rf"(?>{whole}{some}\n)*+")


def amounts(texts: Sequence[str], digits: int) -> Int64s:
    """Smallest units of decimal texts in a currency of ``digits`` decimals."""
    joined = "\n".join(texts) + "\n"
    written_out, shortened = _amount_patterns(digits)
    if written_out.fullmatch(joined):
        minor = np.fromstring(joined.replace(".", ""), np.int64, sep="\n")
    elif shortened.fullmatch(joined):
        # Exact up to 10**14: the two roundings are off by less than 0.03 of a unit.
        major = np.fromstring(joined, np.float64, sep="\n")
        minor = np.rint(major * 10.0**digits).astype(np.int64)
    else:
        raise SuspectError
    # A text with a line end of its own would have become two.
    if len(minor) != len(texts) or minor.min() < 1 or minor.max() > MAX_AMOUNT_MINOR:
        raise SuspectError
    return minor


def money(
    texts: list[str], names: list[str], currencies: Mapping[str, tuple[int, int]]
) -> tuple[Int64s, Int16s]:
    """Amounts in smallest units and ISO numbers of their currencies."""
    minor = np.empty(len(texts), np.int64)
    numbers = np.empty(len(texts), np.int16)
    if names.count(names[0]) == len(names):  # the usual batch knows one currency
        groups: list[tuple[str, slice | NDArray[np.intp], list[str]]]
        groups = [(names[0], slice(None), texts)]
    else:
        column = codes(names)
        groups = []
        for place, name in enumerate(column.distinct, 1):
            rows = np.flatnonzero(column.index == place)
            groups.append((name, rows, [texts[row] for row in rows.tolist()]))
    for name, rows_of, group in groups:
        if name not in currencies:
            raise SuspectError
        numbers[rows_of], digits = currencies[name]
        minor[rows_of] = amounts(group, digits)
    return minor, numbers
