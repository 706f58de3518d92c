"""Record by record: the definition of a valid batch, and the finder of every fault.

Values are read with the standard library's JSON scanner, one record at a time, so that a hostile
body never becomes one huge tree. Of a record nothing is kept but its columns and its faults.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from portal.ingest import columns
from portal.ingest.decoded import Decoded
from portal.ingest.fields import MAX_ROWS
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.record_check import NUMBER, DuplicateFields, RecordChecker, Row
from portal.ingest.times import UNIX_TO_PG_MS

MAX_RECORD_CHARS = 16 * 1024  # a record of longest codes, all escaped, has under 3,000

_skip_space = re.compile(r"[ \t\n\r]*").match


def decode(data: bytes, currencies: Mapping[str, tuple[int, int]], *, lines: bool) -> list[Row]:
    """Check every record of a JSON array (``lines``: of NDJSON); Refusal or their values."""
    checker = RecordChecker(currencies)
    rows: list[Row] = []
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal("invalid_encoding") from error
    for index, record in enumerate(_values(text, lines)):
        if index == MAX_ROWS:
            raise Refusal("too_many_rows")
        if record is _TOO_LARGE:
            checker.too_large(index)
            break  # where it ends, and the next one begins, was not looked for
        row = checker.check(record, index)
        if row is not None:
            rows.append(row)
    if checker.total:
        raise Refusal.of_records(checker.errors, total=checker.total)
    if not rows:
        raise Refusal("empty_batch")
    return rows


_TOO_LARGE = object()


def _not_json(constant: str) -> Any:
    raise json.JSONDecodeError("not JSON", constant, 0)  # NaN, Infinity, -Infinity


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else DuplicateFields(fields)


# No field is a number: they are told apart from other types, whatever their size.
_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=lambda _: NUMBER,
    parse_int=lambda _: NUMBER,
    parse_constant=_not_json,
)


def _values(text: str, lines: bool) -> Iterator[Any]:
    """Yield the values of the array, or those that follow one another; Refusal if not JSON."""
    place = _after_space(text, 0)
    if lines:
        index = 0
        while place < len(text):
            value, place = _value(text, place, index)
            yield value
            index += 1
        return
    if not text.startswith("[", place):
        raise Refusal("malformed_json")
    place = _after_space(text, place + 1)
    index = 0
    if not text.startswith("]", place):
        while True:
            value, place = _value(text, place, index)
            yield value
            if not text.startswith(",", place):
                break
            place = _after_space(text, place + 1)
            index += 1
    if not text.startswith("]", place):
        raise Refusal("malformed_json", [FieldError.at(index, "malformed_json")])
    if _after_space(text, place + 1) != len(text):
        raise Refusal("malformed_json")  # after the array: no record is to blame


def _after_space(text: str, place: int) -> int:
    match = _skip_space(text, place)
    return match.end() if match else place


def _value(text: str, place: int, index: int) -> tuple[Any, int]:
    """Read the value at ``place``; return it and where the next thing begins."""
    window = text[place : place + MAX_RECORD_CHARS]
    try:
        value, end = _decoder.raw_decode(window)
    except RecursionError as error:
        raise Refusal("malformed_json", [FieldError.at(index, "malformed_json")]) from error
    except json.JSONDecodeError as error:
        # What the cut itself breaks is a string without end or the last few characters.
        cut = place + len(window) < len(text)
        if cut and (error.msg.startswith("Unterminated") or error.pos > len(window) - 16):
            return _TOO_LARGE, len(text)
        raise Refusal("malformed_json", [FieldError.at(index, "malformed_json")]) from None
    return value, _after_space(text, place + end)


def columns_of(rows: list[Row]) -> Decoded:
    """Turn checked records into columns."""
    return Decoded(
        n=len(rows),
        ids=b"".join([row.id for row in rows]),
        occurred_us=(np.array([row.occurred_ms for row in rows], np.int64) - UNIX_TO_PG_MS) * 1000,
        type=np.array([row.type for row in rows], np.int16),
        amount_minor=np.array([row.amount_minor for row in rows], np.int64),
        currency=np.array([row.currency for row in rows], np.int16),
        licence=columns.codes([row.licence for row in rows]),
        channel=columns.codes([row.channel for row in rows]),
        equipment=columns.codes([row.equipment for row in rows]),
        game=columns.codes([row.game for row in rows]),
        round_id=b"".join([row.round_id for row in rows]),
        player=b"".join([row.player for row in rows]),
        payment=np.array([row.payment for row in rows], np.int16),
        flags=np.array([row.flags for row in rows], np.int16),
        cancels=b"".join([row.cancels for row in rows]),
        cancel_reason=np.array([row.cancel_reason for row in rows], np.int16),
        exclusion_receipt=b"".join([row.exclusion_receipt for row in rows]),
    )
