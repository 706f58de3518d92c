"""What the files of an archive hold: columns of Parquet, and the COPY tuples they are made of.

Types keep the exact values, so that the tuple of each row, and with it the leaf and the batch root,
comes out byte for byte as it was hashed when the batch was accepted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from portal.ingest.copy_format import COLUMNS, TUPLE, TUPLE_BYTES

__all__ = ["BATCHES", "LEAVES", "ROW_GROUP_ROWS", "TRANSACTIONS", "TUPLE_BYTES"]

# So many rows are in memory at a time, here and in whoever reads the files: about 15 MB.
ROW_GROUP_ROWS = 65_536

# PostgreSQL counts microseconds from 2000, Parquet from 1970.
_SINCE_1970_US = 946_684_800_000_000
_MOMENT = pa.timestamp("us", tz="UTC")
_INTEGER = {2: pa.int16(), 4: pa.int32(), 8: pa.int64()}
_HASH = pa.binary(32)


def _field(name: str, type_: Any) -> Any:
    return pa.field(name, type_, nullable=False)


TRANSACTIONS = pa.schema(
    _field(
        name,
        _MOMENT if name == "occurred_at" else pa.uuid() if width == 16 else _INTEGER[width],
    )
    for name, width in COLUMNS
)
# Each batch with rows of the day: how many it has, how many of them are of the day, its root and
# its entry of the log, and which leaf that is.
BATCHES = pa.schema(
    [
        _field("batch_id", pa.int64()),
        _field("operator_id", pa.int32()),
        _field("row_count", pa.int32()),
        _field("rows_of_day", pa.int32()),
        _field("batch_root", _HASH),
        _field("entry_hash", _HASH),
        _field("leaf_index", pa.int64()),
        _field("entry", pa.binary()),
    ]
)
# Leaf hashes of rows that these batches have on other days.
LEAVES = pa.schema(
    [_field("batch_id", pa.int64()), _field("row_no", pa.int32()), _field("leaf", _HASH)]
)

# Columns whose few values repeat; ids and moments ascend.
DICTIONARY = [
    *("operator_id", "type", "currency", "licence_id", "channel_id", "equipment_id", "game_id"),
    *("payment", "flags", "breach", "cancels", "cancel_reason", "exclusion_receipt"),
]


class NotTuples(ValueError):
    """Bytes that are no COPY tuples of ``ledger.transaction``."""


def _empty() -> Any:
    """A tuple whose values are to come."""
    one = np.zeros(1, TUPLE)
    one["fields"] = len(COLUMNS)
    for name, width in COLUMNS:
        one[f"{name}_length"] = width
    return one


_EMPTY = _empty()


def to_table(tuples: bytes | bytearray | memoryview) -> Any:
    """A table of ``TRANSACTIONS`` from whole COPY tuples. Raises NotTuples."""
    if len(tuples) % TUPLE_BYTES:
        raise NotTuples("not a whole number of tuples")
    rows = np.frombuffer(tuples, TUPLE)
    for name in ("fields", *(f"{name}_length" for name, _ in COLUMNS)):
        if (rows[name] != _EMPTY[name]).any():
            raise NotTuples(f"a tuple with another {name}")
    columns = []
    for name, width in COLUMNS:
        values = rows[name]
        if width == 16:
            raw = pa.py_buffer(np.ascontiguousarray(values))
            stored = pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(rows), [None, raw])
            columns.append(pa.ExtensionArray.from_storage(pa.uuid(), stored))
        elif name == "occurred_at":
            since_1970 = values.astype(np.int64) + _SINCE_1970_US
            columns.append(pa.array(since_1970, pa.int64()).cast(_MOMENT))
        else:
            columns.append(pa.array(values.astype(values.dtype.newbyteorder("="))))
    return pa.Table.from_arrays(columns, schema=TRANSACTIONS)


def to_rows(table: Any) -> Any:
    """A structured array (dtype ``TUPLE``) whose bytes are the COPY tuples of a table."""
    rows = np.repeat(_EMPTY, table.num_rows)
    for name, width in COLUMNS:
        rows[name] = _values(table.column(name), name, width)
    return rows


def _values(column: Any, name: str, width: int) -> Any:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):  # of no row
        return np.zeros(0, TUPLE[name])
    if array.null_count:
        raise NotTuples(f"{name} without a value")
    if width == 16:
        return fixed(array.storage, 16)
    if name == "occurred_at":
        return array.cast(pa.int64()).to_numpy() - _SINCE_1970_US
    return array.to_numpy()


def fixed(array: Any, width: int) -> Any:
    """The values of a fixed-size binary array as a numpy array of raw bytes."""
    whole = np.frombuffer(array.buffers()[1], f"V{width}")
    return whole[array.offset : array.offset + len(array)]
