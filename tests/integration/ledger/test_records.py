"""`report.check_records`: what can be told of single rows without a log."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.support.batches import cancellation, random_rows, store
from tests.support.databases import Cluster, Database, rows
from tests.support.market import alpha, register

CHECK = "select distinct object from report.check_records()"
DAMAGE = {
    "an id of another version": (
        "update ledger.transaction set id = overlay(id::text placing '4' from 15)::uuid",
        {"ledger.transaction id"},
    ),
    "a row moved in time": (
        "update ledger.transaction set occurred_at = occurred_at + interval '1 millisecond'",
        {"ledger.transaction id"},
    ),
    "a row numbered anew": (
        "update ledger.transaction set row_no = row_no + 500 where row_no = 1",
        {"ledger.transaction row_no", "ledger.cancellation"},
    ),
    "a cancellation forgotten": ("delete from ledger.cancellation", {"ledger.cancellation"}),
    "a cancellation of another record": (
        "update ledger.cancellation set cancelled_id = gen_random_uuid()",
        {"ledger.cancellation"},
    ),
    "a cancellation that no row makes": (
        "insert into ledger.cancellation select operator_id, gen_random_uuid(), batch_id, 9999"
        " from ledger.cancellation limit 1",
        {"ledger.cancellation"},
    ),
}


@pytest.fixture(scope="module")
def ledger(cluster: Cluster) -> Iterator[Database]:
    with cluster.fresh() as database:
        with database.connect() as conn:
            operator = register(conn, alpha())
        moments = [datetime.now(UTC) - timedelta(minutes=minutes) for minutes in range(1, 60)]
        batch = random_rows(operator, 30, random.Random(7), moments)
        store(database, operator, batch)
        store(database, operator, [cancellation(one) for one in batch[:3]])
        yield database


def test_an_undamaged_ledger_has_nothing_to_name(ledger: Database) -> None:
    with ledger.rolled_back("dozir_migrator") as conn:
        assert rows(conn, CHECK) == []


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_named(ledger: Database, what: str) -> None:
    statement, objects = DAMAGE[what]
    with ledger.rolled_back() as conn:
        conn.execute("set local session_replication_role = replica")
        assert conn.execute(statement).rowcount > 0
        assert {name for (name,) in rows(conn, CHECK)} == objects


def test_figures_are_not_rebuilt_from_damaged_rows(cluster: Cluster) -> None:
    """They would agree with the damage afterwards, and hide it."""
    with cluster.fresh() as database:
        with database.connect() as conn:
            operator = register(conn, alpha())
        moments = [datetime.now(UTC) - timedelta(minutes=5)]
        store(database, operator, random_rows(operator, 10, random.Random(8), moments))
        with database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute("update ledger.transaction set amount_minor = amount_minor + 1")
            conn.execute("set session_replication_role = origin")
            conn.commit()
            before = rows(conn, "select * from rollup.day")
            conn.commit()
            conn.autocommit = True
            with pytest.raises(psycopg.DatabaseError) as refused:
                conn.execute("call rollup.rebuild('-infinity', 'infinity')")
            assert refused.value.sqlstate == "DZR02"
            assert rows(conn, "select * from rollup.day") == before
