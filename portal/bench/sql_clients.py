"""Clients that speak SQL: raw COPY, and the two ways of storing batches that people write.

All log in as ingest's own role, store into the same table, and commit each batch durably.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import psycopg
from psycopg.types.numeric import Int2, Int4, Int8

from portal import runtime
from portal.bench.clients import Job, SendAll, one_by_one
from portal.bench.load import Batch
from portal.ingest.copy_format import COLUMNS, COPY_STATEMENT, HEADER, TUPLE

Rows = list[tuple[Any, ...]]

_FUNCTION = Path(__file__).with_name("json_function.sql")
_INSERT = (
    f"insert into ledger.transaction ({', '.join(name for name, _ in COLUMNS)})"  # noqa: S608
    f" values ({', '.join(['%s'] * len(COLUMNS))})"
)
_CALL = "select bench.insert_json(%s, %s, %s::json)"
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_INTEGER = {2: Int2, 4: Int4, 8: Int8}


@contextmanager
def copy_connection() -> Iterator[SendAll]:
    """One COPY of a ready stream is one commit."""
    with _connection() as conn:

        def copy(stream: bytes) -> None:
            with conn.cursor() as cursor, cursor.copy(COPY_STATEMENT) as copying:
                copying.write(stream)

        yield one_by_one(copy)


@contextmanager
def executemany_connection() -> Iterator[SendAll]:
    """Typed INSERTs by psycopg's executemany, which pipelines them; one commit a batch."""
    with _connection() as conn:

        def insert(rows: Rows) -> None:
            with conn.transaction(), conn.cursor() as cursor:
                cursor.executemany(_INSERT, rows)

        yield one_by_one(insert)


@contextmanager
def json_connection() -> Iterator[SendAll]:
    """One call of ``bench.insert_json`` a batch."""
    with _connection() as conn:
        yield one_by_one(lambda arguments: conn.execute(_CALL, arguments))


def _connection() -> psycopg.Connection[Any]:
    return psycopg.connect(runtime.role_url("dozir_ingest"), autocommit=True)


def make_json_function() -> None:
    """Make the function that ``json_connection`` calls."""
    with psycopg.connect(runtime.maintenance_url(), autocommit=True) as superuser:
        superuser.execute(_FUNCTION.read_bytes())


def copy_job(batch: Batch) -> Job:
    """A batch for ``copy_connection``."""
    return Job(batch.rows, batch.copy)


def executemany_job(batch: Batch) -> Job:
    """A batch for ``executemany_connection``: the values of its COPY stream as Python has them."""
    tuples = np.frombuffer(batch.copy, TUPLE, batch.rows, len(HEADER))
    columns = [_values(name, width, tuples[name]) for name, width in COLUMNS]
    return Job(batch.rows, list(zip(*columns, strict=True)))


def _values(name: str, width: int, column: np.ndarray[Any, Any]) -> list[Any]:
    if width == 16:
        return [UUID(bytes=bytes(value)) for value in column]
    if name == "occurred_at":
        return [_EPOCH + timedelta(microseconds=value) for value in column.tolist()]
    return [_INTEGER[width](value) for value in column.tolist()]


def json_job(batch: Batch) -> Job:
    """A batch for ``json_connection``: the very body of its request."""
    return Job(batch.rows, (batch.operator_id, batch.sequence, batch.body.decode()))
