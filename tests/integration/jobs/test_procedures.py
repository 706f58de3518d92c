"""What the jobs do to the data, and what they must leave alone."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
import pytest

from portal.jobs.run import Outcome, run_job
from tests.support.batches import open_batch, random_rows, store
from tests.support.databases import Database, column, rows, value
from tests.support.market import Operator, alpha, register

CHUNKS = (
    "select range_start from timescaledb_information.chunks"
    " where hypertable_schema = 'ledger' order by 1"
)
MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _job(database: Database, name: str) -> Outcome:
    with database.connect("dozir_jobs", autocommit=True) as conn:
        return run_job(conn, name)


def _operator(database: Database) -> Operator:
    with database.connect() as conn:
        return register(conn, alpha())


def _set(database: Database, change: str) -> None:
    with database.connect("dozir_migrator") as conn:
        conn.execute(f"update maintenance.setting set {change}".encode())


def _chunks(database: Database) -> list[datetime]:
    with database.rolled_back() as conn:
        return column(conn, CHUNKS)


def test_chunks_are_made_ahead_and_hold_nothing(fresh_database: Database) -> None:
    done = _job(fresh_database, "make_chunks")
    assert (done.outcome, done.rows) == ("done", 8)
    days = [MIDNIGHT + timedelta(days=n) for n in range(8)]
    assert _chunks(fresh_database) == days
    with fresh_database.rolled_back() as conn:
        assert value(conn, "select count(*) from ledger.transaction") == 0
        assert value(conn, "select count(*) from rollup.hour") == 0
        assert rows(conn, "select * from report.check_rollups()") == []
    assert _job(fresh_database, "make_chunks").rows == 0


def test_a_chunk_made_ahead_is_as_fenced_as_any_and_takes_the_first_batch(
    fresh_database: Database,
) -> None:
    _job(fresh_database, "make_chunks")
    operator = _operator(fresh_database)
    before = _chunks(fresh_database)
    tomorrow = MIDNIGHT + timedelta(days=1, hours=1)
    store(fresh_database, operator, random_rows(operator, 20, random.Random(1), [tomorrow]))
    assert _chunks(fresh_database) == before
    with fresh_database.rolled_back("dozir_migrator") as conn:
        assert rows(conn, "select * from report.check_rollups()") == []
        assert value(
            conn,
            "select sum(bet_count + win_count + refund_count + deposit_count"
            " + withdrawal_count) > 0 from rollup.hour",
        )
        with pytest.raises(psycopg.Error) as caught:
            conn.execute("delete from ledger.transaction")
        assert caught.value.sqlstate == "DZA01"


def test_a_chunk_is_made_while_batches_arrive(fresh_database: Database) -> None:
    """Making one takes no lock that a batch in another chunk waits for."""
    operator = _operator(fresh_database)
    with fresh_database.connect("dozir_ingest") as batch:
        batch.execute("set local lock_timeout = '5s'")
        open_batch(batch, operator.key)
        assert _job(fresh_database, "make_chunks").outcome == "done"
        batch.rollback()


def test_nothing_is_dropped_until_a_horizon_is_set(fresh_database: Database) -> None:
    operator = _operator(fresh_database)
    moments = [MIDNIGHT - timedelta(days=n, hours=-9) for n in (0, 300, 402, 403, 900)]
    rng = random.Random(2)
    for moment in moments:
        store(fresh_database, operator, random_rows(operator, 5, rng, [moment]))
    before = _chunks(fresh_database)
    assert _job(fresh_database, "apply_retention").rows == 0
    assert _chunks(fresh_database) == before

    _set(fresh_database, "keep_days = 402, drop_unarchived = true")
    done = _job(fresh_database, "apply_retention")
    assert (done.outcome, done.rows) == ("done", 2)
    assert _chunks(fresh_database) == before[2:]
    with fresh_database.rolled_back() as conn:
        horizon = value(conn, "select max(archived_until) from ledger.archive")
        assert horizon == MIDNIGHT - timedelta(days=402)
        assert rows(conn, "select * from report.check_rollups()") == []
        assert value(conn, "select count(*) from ledger.batch") == len(moments)
    assert _job(fresh_database, "apply_retention").rows == 0


def test_a_day_whose_figures_do_not_hold_is_kept(fresh_database: Database) -> None:
    """The raw rows are the only evidence of what happened."""
    operator = _operator(fresh_database)
    for days in (500, 502):
        moment = MIDNIGHT - timedelta(days=days, hours=-9)
        store(fresh_database, operator, random_rows(operator, 5, random.Random(3), [moment]))
    with fresh_database.connect() as conn:
        conn.execute(
            "update rollup.hour set bet_minor = bet_minor + 1 where hour >= %s",
            (MIDNIGHT - timedelta(days=500),),
        )
    _set(fresh_database, "keep_days = 400, drop_unarchived = true")
    done = _job(fresh_database, "apply_retention")
    assert (done.outcome, done.sqlstate) == ("failed", "DZM01")
    assert _chunks(fresh_database) == [MIDNIGHT - timedelta(days=500)]


def test_yesterdays_figures_are_checked(fresh_database: Database) -> None:
    operator = _operator(fresh_database)
    kyiv = ZoneInfo("Europe/Kyiv")
    yesterday = datetime.now(kyiv).replace(hour=12) - timedelta(days=1)
    store(fresh_database, operator, random_rows(operator, 30, random.Random(4), [yesterday]))
    assert _job(fresh_database, "check_rollups").outcome == "done"
    with fresh_database.connect() as conn:
        conn.execute("update rollup.day set bet_count = bet_count + 1")
    done = _job(fresh_database, "check_rollups")
    assert done.outcome == "alarm"
    with fresh_database.connect("dozir_readonly") as conn:
        found = rows(
            conn,
            "select f.object, f.detail -> 'stored' ->> 'bet_count',"
            " f.detail -> 'recomputed' ->> 'bet_count' from api.job_finding as f",
        )
    assert len(found) == done.rows
    assert {name for name, *_ in found} == {"rollup.day", "rollup.month"}, "months are made of days"
    for name, stored, recomputed in found:
        if name == "rollup.day":
            assert int(stored) == int(recomputed) + 1
        else:
            assert int(stored) < int(recomputed)


def test_days_that_were_missed_are_checked_too(fresh_database: Database) -> None:
    """Nobody worked here for four days: what was damaged on the second of them is found."""
    operator = _operator(fresh_database)
    kyiv = ZoneInfo("Europe/Kyiv")
    noon = datetime.now(kyiv).replace(hour=12)
    moments = [noon - timedelta(days=n) for n in (5, 3, 1)]
    for moment in moments:
        store(fresh_database, operator, random_rows(operator, 5, random.Random(5), [moment]))
    assert _job(fresh_database, "check_rollups").outcome == "done"
    with fresh_database.connect() as conn:
        conn.execute("update maintenance.run set started_at = started_at - interval '4 days'")
        conn.execute("update rollup.day set bet_count = bet_count + 1")
    assert _job(fresh_database, "check_rollups").outcome == "alarm"
    with fresh_database.connect("dozir_readonly") as conn:
        days = column(
            conn,
            "select distinct detail -> 'key' ->> 'day' from api.job_finding"
            " where object = 'rollup.day'",
        )
    assert set(days) == {str(moment.date()) for moment in moments[1:]}, "the fifth was checked then"
    assert _job(fresh_database, "check_rollups").outcome == "alarm"
    with fresh_database.connect("dozir_readonly") as conn:
        last = column(
            conn,
            "select distinct detail -> 'key' ->> 'day' from api.job_finding"
            " where object = 'rollup.day' and run_id = (select max(id) from api.job_run)",
        )
    assert last == [str(moments[2].date())], "and the missed ones are made up for once"


def test_a_thousand_differences_make_a_hundred_findings(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        conn.execute(
            "insert into rollup.day select 1, 1, (now() at time zone 'Europe/Kyiv')::date - 1,"
            " 1, n, 980, current_date, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0"
            " from generate_series(1, 1000) as n"
        )
        conn.execute(  # as months are made of days, and would differ as well
            "insert into rollup.month"
            " select * from rollup.recount_month('2000-01-01', '2100-01-01')"
        )
    assert _job(fresh_database, "check_rollups").rows == 1000
    with fresh_database.rolled_back() as conn:
        assert value(conn, "select count(*) from api.job_finding") == 100


def test_sessions_go_long_after_they_ended(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        conn.execute("select identity.start_demo()")
        conn.execute(
            "insert into identity.session (token_sha256, person_id, expires_at, ended_at)"
            " select sha256(n::text::bytea), (select min(id) from identity.person),"
            " now() + make_interval(days => expires), now() + make_interval(days => ended)"
            " from (values (1, 1, null), (2, -29, null), (3, -31, null), (4, 1, -31),"
            " (5, 1, -1)) as v (n, expires, ended)"
        )
    assert _job(fresh_database, "clear_sessions").rows == 2
    with fresh_database.rolled_back() as conn:
        left = column(
            conn,
            "select n from generate_series(1, 5) as n where sha256(n::text::bytea)"
            " in (select token_sha256 from identity.session)",
        )
    assert left == [1, 2, 5]


def test_objects_changed_by_hand_are_found(fresh_database: Database) -> None:
    assert _job(fresh_database, "check_drift").outcome == "done"
    with fresh_database.connect() as conn:
        conn.execute("create index by_hand on registry.game (title)")
    assert _job(fresh_database, "check_drift").outcome == "alarm"
    with fresh_database.connect("dozir_readonly") as conn:
        assert rows(conn, "select object, found from api.job_finding") == [
            ("index registry.by_hand", "added by hand")
        ]


def test_open_bets_are_measured_as_months_begin_each_once(fresh_database: Database) -> None:
    """A month whose raw rows are not all here any more is left out."""
    operator = _operator(fresh_database)
    now = datetime.now(UTC)
    batch = random_rows(operator, 40, random.Random(9), [now - timedelta(days=70), now])
    store(fresh_database, operator, batch)
    done = _job(fresh_database, "measure_open_bets")
    assert done.outcome == "done"
    with fresh_database.rolled_back() as conn:
        months = column(conn, "select distinct month from rollup.open_bets order by 1")
    assert months[-1] == datetime.now(ZoneInfo("Europe/Kyiv")).date().replace(day=1)
    assert len(months) in (2, 3)
    assert done.rows >= 6 * len(months)  # each kind of gambling, measured also where it is nothing
    assert _job(fresh_database, "measure_open_bets").rows == 0
    with fresh_database.connect() as conn:
        conn.execute("delete from rollup.open_bets")
        horizon = now - timedelta(days=20)
        conn.execute("insert into ledger.archive (archived_until) values (%s)", (horizon,))
    assert _job(fresh_database, "measure_open_bets").rows == 0
