"""The COPY stream says what the records said: held to a reader and writer without any cunning."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from portal.ingest import copy_format, figures, wire
from portal.ingest.copy_format import BatchIds
from portal.ingest.decoded import Codes, Decoded
from portal.ingest.single import Single

from . import strategies
from .building import CURRENCIES, JSON, body, expected_row, records
from .test_wire import bounded

# As in the table; "q" for timestamptz, bytes for uuid.
REFERENCE = [
    ("occurred_us", "q"),
    ("operator_id", "i"),
    ("id", "16s"),
    ("batch_id", "q"),
    ("row_no", "i"),
    ("type", "h"),
    ("amount_minor", "q"),
    ("currency", "h"),
    ("licence_id", "i"),
    ("channel_id", "i"),
    ("equipment_id", "i"),
    ("game_id", "i"),
    ("round_id", "16s"),
    ("player", "16s"),
    ("payment", "h"),
    ("flags", "h"),
    ("breach", "h"),
    ("cancels", "16s"),
    ("cancel_reason", "h"),
    ("exclusion_receipt", "16s"),
]


def numbered(column: Codes) -> dict[str | None, int]:
    return {None: 0} | {code: 100 + place for place, code in enumerate(column.distinct)}


def ids_of(decoded: Decoded, operator_id: int, batch_id: int, breach: bool = True) -> BatchIds:
    licence, channel, equipment, game = (
        column.ids({code: id_ for code, id_ in numbered(column).items() if code is not None})
        for column in (decoded.licence, decoded.channel, decoded.equipment, decoded.game)
    )
    marks = np.arange(decoded.n, dtype=np.int16) % 16 if breach else None
    return BatchIds(operator_id, batch_id, licence, channel, equipment, game, marks)


def reference_tuples(rows: list[dict[str, Any]], decoded: Decoded, ids: BatchIds) -> bytes:
    stream = b""
    for number, made in enumerate(rows, 1):
        row = expected_row(made)
        row |= {
            "operator_id": ids.operator_id,
            "batch_id": ids.batch_id,
            "row_no": number,
            "licence_id": numbered(decoded.licence)[row["licence"]],
            "channel_id": numbered(decoded.channel)[row["channel"]],
            "equipment_id": numbered(decoded.equipment)[row["equipment"]],
            "game_id": numbered(decoded.game)[row["game"]],
            "breach": 0 if ids.breach is None else (number - 1) % 16,
        }
        stream += struct.pack(">h", 20)
        for name, form in REFERENCE:
            value = struct.pack(">" + form, row[name])
            stream += struct.pack(">i", len(value)) + value
    return stream


def whole(tuples: bytes) -> bytes:
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + tuples + b"\xff\xff"


@bounded
@given(strategies.valid_batches(), strategies.valid_batches(3))
def test_the_stream_is_what_the_slow_writer_writes(
    first: list[dict[str, Any]], second: list[dict[str, Any]]
) -> None:
    batches = []
    tuples = b""
    for number, rows in enumerate((first, second)):
        decoded = wire.decode(body(rows), JSON, CURRENCIES)
        ids = ids_of(decoded, 2**31 - 1 - number, 2**63 - 1 - number, breach=number == 0)
        expected = reference_tuples(rows, decoded, ids)
        assert copy_format.encode(decoded, ids) == whole(expected)
        batches.append((decoded, ids))
        tuples += expected
    assert copy_format.encode_many(batches) == whole(tuples)


@bounded
@given(strategies.valid_batches(1))
def test_a_single_record_is_encoded_as_its_columns_are(rows: list[dict[str, Any]]) -> None:
    single = wire.decode_lazily(body(rows[:1]), JSON, CURRENCIES)
    assert isinstance(single, Single)
    ids = ids_of(single.columns, 2**31 - 1, 2**63 - 1, breach=False)
    references = [ids.licence_ids, ids.channel_ids, ids.equipment_ids, ids.game_ids]
    encoded = copy_format.encode_one(
        single.row,
        single.occurred_min_us,
        ids.operator_id,
        ids.batch_id,
        tuple(int(column[0]) for column in references),
    )
    assert copy_format.encode_many([encoded]) == copy_format.encode(single.columns, ids)
    assert figures.totals(single) == figures.totals(single.columns)
    for received_us in (single.occurred_min_us - 1, single.occurred_min_us + 12_345_678):
        alone = figures.lag_histogram(single, received_us)
        assert alone == figures.lag_histogram(single.columns, received_us)


def test_columns_are_those_of_the_table() -> None:
    assert copy_format.COPY_STATEMENT == (
        "COPY ledger.transaction (occurred_at, operator_id, id, batch_id, row_no, type, "
        "amount_minor, currency, licence_id, channel_id, equipment_id, game_id, round_id, player, "
        "payment, flags, breach, cancels, cancel_reason, exclusion_receipt) "
        "FROM STDIN (FORMAT binary)"
    )
    widths = [struct.calcsize(form) for _, form in REFERENCE]
    assert [width for _, width in copy_format.COLUMNS] == widths
    assert 2 + sum(4 + width for width in widths) == copy_format.TUPLE_BYTES


def test_columns_of_another_length_are_not_encoded() -> None:
    decoded = wire.decode(body(records(3)), JSON, CURRENCIES)
    ids = ids_of(decoded, 1, 1)
    shorter = BatchIds(1, 1, ids.licence_ids[:2], ids.channel_ids, ids.equipment_ids, ids.game_ids)
    with pytest.raises(ValueError, match="broadcast"):
        copy_format.encode(decoded, shorter)
