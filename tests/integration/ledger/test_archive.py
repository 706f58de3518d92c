"""Retention: old days are dropped for good, and nothing so old is accepted after."""

from __future__ import annotations

import json
import random
import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from portal.transparency.entries import Entry
from tests.support.batches import open_batch, random_rows, row, store
from tests.support.databases import Database, column, rows, value
from tests.support.market import Operator, alpha, register

MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
HORIZON = MIDNIGHT - timedelta(days=50)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def _archive(database: Database, day: date) -> None:
    with database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("update maintenance.setting set drop_unarchived = true")
        conn.execute("call ledger.archive_until(%s)", (day,))


def _operator_with_old_days(database: Database) -> Operator:
    with database.connect() as conn:
        operator = register(conn, alpha())
    rng = random.Random(50)
    moments = [MIDNIGHT - timedelta(days=n, hours=-9) for n in (0, 45, 49, 50, 51, 60, 61)]
    for _ in range(3):  # batches reach across the horizon
        store(database, operator, random_rows(operator, 40, rng, moments))
    store(database, operator, random_rows(operator, 10, rng, [MIDNIGHT - timedelta(days=70)]))
    # Within the day of Kyiv that the horizon cuts: its first hours are dropped, the rest is not.
    edge = [HORIZON - timedelta(minutes=30), HORIZON + timedelta(minutes=30)]
    store(database, operator, [row(operator, moment) for moment in edge])
    return operator


def _figures(database: Database) -> dict[str, Any]:
    with database.rolled_back() as conn:
        return {
            "old days": rows(
                conn,
                "select * from rollup.day where day < %s order by 1, 2, 3, 4, 5, 6, 7",
                (HORIZON,),
            ),
            "batches": value(conn, "select count(*) from ledger.batch"),
        }


def test_archived_days_are_gone_and_their_figures_stay(fresh_database: Database) -> None:
    operator = _operator_with_old_days(fresh_database)
    before = _figures(fresh_database)
    assert before["old days"]
    _archive(fresh_database, HORIZON.date())
    with fresh_database.rolled_back() as conn:
        assert value(conn, "select min(occurred_at) from ledger.transaction") >= HORIZON
        assert rows(conn, "select * from report.check_rollups()") == []
        assert rows(conn, "select * from report.check_rollups('-infinity', %s)", (HORIZON,)) == []
        assert (
            rows(conn, "select * from report.check_rollups(%s)", (HORIZON - timedelta(days=3),))
            == []
        )
    assert _figures(fresh_database) == before

    # Without archives, as the setting says: the log says so of each day.
    with fresh_database.rolled_back() as conn:
        acts = column(
            conn,
            "select e.entry from ledger.dropped_day as d join ledger.entry as e"
            " on e.hash = d.entry_hash and e.kind = 6 where d.archive is null order by d.day",
        )
    told = [json.loads(Entry.unpack(bytes(one)).body) for one in acts]
    assert [one["archive"] for one in told] == [None] * 4
    assert sum(one["rows"] for one in told) > 10

    # A rebuild has nothing to count them from, and leaves them alone.
    with fresh_database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("call rollup.rebuild('-infinity', 'infinity')")
    assert _figures(fresh_database) == before

    # Ingest is told the new oldest moment.
    with fresh_database.rolled_back("dozir_ingest") as conn:
        oldest = open_batch(conn, operator.key, sequence=999).oldest_us
    assert EPOCH + timedelta(microseconds=oldest) == HORIZON
    store(fresh_database, operator, [row(operator, HORIZON + timedelta(minutes=1))])
    with fresh_database.rolled_back() as conn:
        assert rows(conn, "select * from report.check_rollups()") == []


def test_young_days_are_not_archived(fresh_database: Database) -> None:
    _operator_with_old_days(fresh_database)
    young = (MIDNIGHT - timedelta(days=39)).date()
    with pytest.raises(psycopg.Error) as caught:
        _archive(fresh_database, young)
    assert caught.value.sqlstate == "DZR01"
    with fresh_database.rolled_back() as conn:
        assert column(conn, "select archived_until from ledger.archive") == []


def test_the_horizon_never_moves_back(fresh_database: Database) -> None:
    operator = _operator_with_old_days(fresh_database)
    _archive(fresh_database, HORIZON.date())
    _archive(fresh_database, (HORIZON - timedelta(days=5)).date())
    with fresh_database.rolled_back("dozir_ingest") as conn:
        oldest = open_batch(conn, operator.key, sequence=999).oldest_us
    assert EPOCH + timedelta(microseconds=oldest) == HORIZON


def test_archiving_waits_for_batches_under_way(fresh_database: Database) -> None:
    """A batch that was told the old horizon commits first, and then its day is dropped."""
    operator = _operator_with_old_days(fresh_database)
    finished = threading.Event()

    def archive() -> None:
        _archive(fresh_database, HORIZON.date())
        finished.set()

    with fresh_database.rolled_back("dozir_ingest") as conn:
        assert open_batch(conn, operator.key, sequence=999).batch_id
        waiting = threading.Thread(target=archive)
        waiting.start()
        assert not finished.wait(0.5)
    waiting.join(30)
    assert finished.is_set()
