"""Parquet for analysis: typed columns, decimals exact, the certificate in the file's metadata."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from portal.exports.certificate import Header, certificate
from portal.exports.table import Column
from portal.exports.values import Exact

METADATA = b"dozir-export"
# Rows that wait for each other: some megabytes.
ROW_GROUP_ROWS = 8192
DIGITS = 38


def type_of(column: Column) -> Any:
    """The Parquet type of a column."""
    if column.kind in ("money", "decimal", "percent"):
        return pa.decimal128(DIGITS, column.digits)
    return {
        "text": pa.string(),
        "count": pa.int64(),
        "date": pa.date32(),
        "moment": pa.timestamp("ms", tz="UTC"),
    }[column.kind]


class ParquetWriter:
    """Writes groups of rows."""

    def __init__(self, path: Path, header: Header, address: str) -> None:  # noqa: ARG002
        self._header = header
        self._schema = pa.schema(
            [
                pa.field(column.name, type_of(column), metadata={"label": column.heading})
                for column in header.columns
            ]
        )
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._columns: list[list[Exact]] = [[] for _ in header.columns]

    def row(self, cells: Sequence[Exact]) -> None:
        """One row of the group that is being gathered."""
        for column, cell in zip(self._columns, cells, strict=True):
            column.append(cell)
        if len(self._columns[0]) >= ROW_GROUP_ROWS:
            self._write()

    def _write(self) -> None:
        arrays = [
            pa.array(column, one.type)
            for column, one in zip(self._columns, self._schema, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        for column in self._columns:
            column.clear()

    def finish(self, row_count: int, sha256: str) -> None:
        """The last group, and what the file says of itself."""
        if self._columns[0]:
            self._write()
        told = certificate(self._header.document(), row_count, sha256)
        self._writer.add_key_value_metadata({METADATA: told.encode("utf-8", "replace")})
        self._writer.close()

    def abandon(self) -> None:
        """Close the file."""
        self._writer.close()
