"""Binary COPY of ``ledger.transaction``: fixed-width tuples written in place, column by column.

Source of the layout: PostgreSQL 17 manual, COPY, "Binary Format": an 11-byte signature, 32-bit
flags, 32-bit length of the header's extension; per tuple a 16-bit field count, then for each
field a 32-bit length and the value, all big-endian; a trailer of the 16-bit value -1.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portal.ingest.decoded import Decoded, Int16s, Int32s
from portal.ingest.record_check import Row

# Name, width in bytes, in the order of the table.
COLUMNS = (
    ("occurred_at", 8),
    ("operator_id", 4),
    ("id", 16),
    ("batch_id", 8),
    ("row_no", 4),
    ("type", 2),
    ("amount_minor", 8),
    ("currency", 2),
    ("licence_id", 4),
    ("channel_id", 4),
    ("equipment_id", 4),
    ("game_id", 4),
    ("round_id", 16),
    ("player", 16),
    ("payment", 2),
    ("flags", 2),
    ("breach", 2),
    ("cancels", 16),
    ("cancel_reason", 2),
    ("exclusion_receipt", 16),
)
COPY_STATEMENT = (
    "COPY ledger.transaction ("
    + ", ".join(name for name, _ in COLUMNS)
    + ") FROM STDIN (FORMAT binary)"
)
HEADER = b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)
TRAILER = struct.pack(">h", -1)

_NUMPY_TYPE = {2: ">i2", 4: ">i4", 8: ">i8", 16: "V16"}
_ZERO: dict[int, int | bytes] = {2: 0, 4: 0, 8: 0, 16: bytes(16)}
_STRUCT_TYPE = {2: "h", 4: "i", 8: "q", 16: "16s"}

# The fields of a tuple: its field count, then each column's length and value.
TUPLE = np.dtype(
    [("fields", ">i2")]
    + [
        part
        for name, width in COLUMNS
        for part in ((f"{name}_length", ">i4"), (name, _NUMPY_TYPE[width]))
    ]
)
_PACKER = struct.Struct(">h" + "".join("i" + _STRUCT_TYPE[width] for _, width in COLUMNS))
TUPLE_BYTES = TUPLE.itemsize

# What is packed for a tuple of zeros, and where in it two columns stand.
_EMPTY: list[int | bytes] = [len(COLUMNS)]
for _name, _width in COLUMNS:
    _EMPTY += (_width, _ZERO[_width])
_OPERATOR_ID, _BATCH_ID = (
    2 + 2 * [name for name, _ in COLUMNS].index(column) for column in ("operator_id", "batch_id")
)


@dataclass(frozen=True, slots=True)
class BatchIds:
    """What the database said about a batch: its ids, and for each row those of its references.

    ``breach`` None: no row breaches anything.
    """

    operator_id: int
    batch_id: int
    licence_ids: Int32s
    channel_ids: Int32s
    equipment_ids: Int32s
    game_ids: Int32s
    breach: Int16s | None = None


# Columns with their ids, or tuples ready.
Batch = tuple[Decoded, BatchIds] | bytes


def encode(decoded: Decoded, ids: BatchIds) -> bytearray:
    """The whole COPY stream of one batch; row numbers count from 1."""
    return encode_many([(decoded, ids)])


def encode_many(batches: Sequence[Batch]) -> bytearray:
    """One COPY stream of several batches, one after the other, each with its own row numbers."""
    stream = bytearray(HEADER)
    places = []
    for batch in batches:
        places.append(len(stream))
        stream += batch if isinstance(batch, bytes) else _template(batch[1]) * batch[0].n
    stream += TRAILER
    for place, batch in zip(places, batches, strict=True):
        if not isinstance(batch, bytes):
            _fill(stream, place, *batch)
    return stream


def encode_one(
    row: Row, occurred_us: int, operator_id: int, batch_id: int, ids: tuple[int, int, int, int]
) -> bytes:
    """The tuple of a batch of one record without breach; ``ids`` of its references in order."""
    licence_id, channel_id, equipment_id, game_id = ids
    return _PACKER.pack(
        len(COLUMNS),
        *(8, occurred_us, 4, operator_id, 16, row.id, 8, batch_id, 4, 1, 2, row.type),
        *(8, row.amount_minor, 2, row.currency, 4, licence_id, 4, channel_id, 4, equipment_id),
        *(4, game_id, 16, row.round_id, 16, row.player, 2, row.payment, 2, row.flags, 2, 0),
        *(16, row.cancels, 2, row.cancel_reason, 16, row.exclusion_receipt),
    )


def _template(ids: BatchIds) -> bytes:
    """A tuple with all that is the same in every row of a batch; what may be absent is zero."""
    parts = _EMPTY.copy()
    parts[_OPERATOR_ID], parts[_BATCH_ID] = ids.operator_id, ids.batch_id
    return _PACKER.pack(*parts)


def _fill(stream: bytearray, place: int, decoded: Decoded, ids: BatchIds) -> None:
    """Write the columns through a strided view; what the template already holds is left out."""
    view = np.ndarray(decoded.n, TUPLE, buffer=stream, offset=place)
    view["occurred_at"] = decoded.occurred_us
    view["id"] = np.frombuffer(decoded.ids, "V16")
    view["row_no"] = np.arange(1, decoded.n + 1, dtype=np.int32)
    view["type"] = decoded.type
    view["amount_minor"] = decoded.amount_minor
    view["currency"] = decoded.currency
    view["licence_id"] = ids.licence_ids
    view["channel_id"] = ids.channel_ids
    view["equipment_id"] = ids.equipment_ids
    view["game_id"] = ids.game_ids
    view["round_id"] = np.frombuffer(decoded.round_id, "V16")
    view["player"] = np.frombuffer(decoded.player, "V16")
    view["payment"] = decoded.payment
    if decoded.flags.any():
        view["flags"] = decoded.flags
    if ids.breach is not None:
        view["breach"] = ids.breach
    if decoded.cancelling.size:
        view["cancels"] = np.frombuffer(decoded.cancels, "V16")
        view["cancel_reason"] = decoded.cancel_reason
    if np.frombuffer(decoded.exclusion_receipt, np.uint64).any():
        view["exclusion_receipt"] = np.frombuffer(decoded.exclusion_receipt, "V16")
