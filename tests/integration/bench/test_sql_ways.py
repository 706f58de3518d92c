"""Raw COPY, executemany and the JSON function store the very same rows: a fair comparison."""

from __future__ import annotations

import time
from typing import Any

import pytest

from portal.bench import sql_clients, tables
from portal.bench.clients import Connect
from portal.bench.load import Load, make_load
from portal.bench.population import make_operators
from tests.support.databases import Database, rows

OPERATORS = 5  # the fifth is a slot hall, whose rows name machines
ROWS = 400


@pytest.fixture
def load(fresh_database: Database) -> Load:
    with fresh_database.as_settings():
        senders = tables.register(make_operators(OPERATORS, seed=1))
        sql_clients.make_json_function()
    now = int(time.time() * 1000)
    return make_load(senders, rows=OPERATORS * ROWS, rows_per_batch=ROWS, until_ms=now, seed=1)


def test_all_ways_store_the_same(fresh_database: Database, load: Load) -> None:
    stored = [
        stored_by(fresh_database, load, sql_clients.copy_connection, sql_clients.copy_job),
        stored_by(
            fresh_database, load, sql_clients.executemany_connection, sql_clients.executemany_job
        ),
        stored_by(fresh_database, load, sql_clients.json_connection, sql_clients.json_job),
    ]
    assert len(stored[0]) == OPERATORS * ROWS
    assert stored[0] == stored[1]
    assert stored[0] == stored[2]


def stored_by(database: Database, load: Load, connect: Connect, job: Any) -> list[tuple[Any, ...]]:
    """Every row of the ledger, and what was counted of them, after sending by one way."""
    with database.as_settings():
        tables.empty()
        with connect() as send_all:
            assert len(send_all(iter([job(batch) for batch in load.batches]), None)) == OPERATORS
        tables.check_rows(load.rows, counted=True)
        with database.connect() as conn:
            return rows(conn, "select * from ledger.transaction order by batch_id, row_no")
