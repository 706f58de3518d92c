"""Parquet files written part by part: one row group in memory, a hash of what was written."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from portal.archive import layout
from portal.archive.manifest import File

# A file of transactions takes so many, then the next one begins: a few hundred MB.
FILE_ROWS = 64 * layout.ROW_GROUP_ROWS
_ZSTD_LEVEL = 3


class _Sink(io.RawIOBase):
    """A new file that is hashed as it is written. Raises OSError, as when the disk is full."""

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.fdopen(os.open(path, flags, 0o600), "wb")
        self._hash = sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._file.write(view)
        self._hash.update(view)
        self.size += view.nbytes
        return view.nbytes

    def tell(self) -> int:
        return self.size

    def close(self) -> None:
        if not self._file.closed:
            try:
                self._file.flush()
                os.fsync(self._file.fileno())
            finally:
                self._file.close()
        super().close()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


def write_file(path: Path, holds: str, schema: Any, tables: Iterable[Any]) -> File:
    """One Parquet file of ``tables``, each a row group at most; on the disk when it returns."""
    rows = 0
    with _Sink(path) as sink:
        with parquet.ParquetWriter(
            sink,
            schema,
            compression="zstd",
            compression_level=_ZSTD_LEVEL,
            use_dictionary=[name for name in layout.DICTIONARY if name in schema.names],
            write_statistics=True,
        ) as writer:
            for table in tables:
                writer.write_table(table, row_group_size=layout.ROW_GROUP_ROWS)
                rows += table.num_rows
        sink.close()
        return File(path.name, holds, rows, sink.size, sink.sha256)


def write_transactions(
    folder: Path, blocks: Iterable[bytes | bytearray], file_rows: int = FILE_ROWS
) -> list[File]:
    """The files of a day's COPY tuples; ``blocks`` are whole tuples, a row group each."""
    files: list[File] = []
    waiting = iter(blocks)
    following = next(waiting, None)
    while following is not None or not files:
        counted = 0

        def tables() -> Iterator[Any]:
            nonlocal following, counted
            while following is not None and counted < file_rows:
                table = layout.to_table(following)
                counted += table.num_rows
                yield table
                following = next(waiting, None)

        path = folder / f"transactions-{len(files) + 1:04}.parquet"
        files.append(write_file(path, "transactions", layout.TRANSACTIONS, tables()))
    return files


def table_of(schema: Any, rows: list[tuple[Any, ...]]) -> Any:
    """A table from rows, each with a value for every column of a schema."""
    columns = zip(*rows, strict=True) if rows else [[] for _ in schema.names]
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )
