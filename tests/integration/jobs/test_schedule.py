"""What is due when: catching up, daylight saving, a clock that was wrong, retries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.support.databases import Connection, Database, column, rows, value

DAILY = timedelta(days=1)


def _due(conn: Connection) -> float:
    ((job, wait),) = rows(conn, "select job, wait_s from maintenance.due_job()")
    assert job == "check_drift"
    return float(wait)


def _run(conn: Connection, outcome: str = "done", job: str = "check_drift") -> str:
    run = value(conn, "select maintenance.begin_run(%s)", (job,))
    sqlstate = "40P01" if outcome == "failed" else None
    ended = value(conn, "select maintenance.end_run(%s, %s, %s, 0)", (run, outcome, sqlstate))
    return str(ended)


@pytest.fixture
def may(superuser: Connection) -> Connection:
    """A superuser in a transaction that is rolled back: may call everything."""
    superuser.execute("update maintenance.job set paused = name <> 'check_drift'")
    return superuser


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("2026-11-26 00:00+02", "2026-11-26 02:40+02"),
        ("2026-11-26 02:40+02", "2026-11-27 02:40+02"),
        ("2026-03-28 12:00+02", "2026-03-29 02:40+02"),  # the night the clocks go forward
        ("2026-03-29 12:00+03", "2026-03-30 02:40+03"),
        ("2026-10-25 12:00+02", "2026-10-26 02:40+02"),  # the night they went back
    ],
)
def test_a_daily_job_keeps_its_time_in_kyiv(may: Connection, after: str, expected: str) -> None:
    found = value(may, "select maintenance.next_run('1 day', '02:40', %s)", (after,))
    assert found == datetime.fromisoformat(expected)


def test_what_was_missed_is_made_up_for_once(may: Connection) -> None:
    may.execute(
        "update maintenance.job set next_run_at = now() - interval '3 days' where not paused"
    )
    assert _due(may) == 0
    assert _run(may) == "done"
    assert 0 < _due(may) <= DAILY.total_seconds()


def test_a_moment_set_while_the_clock_was_wrong_does_not_stop_a_job(may: Connection) -> None:
    may.execute(
        "update maintenance.job set next_run_at = now() + interval '30 years' where not paused"
    )
    assert _due(may) == 0
    _run(may)
    assert 0 < _due(may) <= DAILY.total_seconds()


def test_a_paused_job_is_never_due(may: Connection) -> None:
    may.execute("select maintenance.pause_job('check_drift', true)")
    assert rows(may, "select job from maintenance.due_job()") == []
    may.execute("select maintenance.pause_job('check_drift', false)")
    assert rows(may, "select job from maintenance.due_job()") == [("check_drift",)]


def test_failures_are_tried_again_later_and_later(may: Connection) -> None:
    may.execute("update maintenance.job set every = '30 days', at_time = null where not paused")
    pauses = []
    for _ in range(9):
        assert _run(may, "failed") == "failed"
        pauses.append(round(_due(may) / 60))
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    _run(may)
    assert column(may, "select failure_count from api.job where name = 'check_drift'") == [0]
    _run(may, "failed")
    assert round(_due(may) / 60) == 1


def test_a_retry_never_comes_later_than_the_schedule(may: Connection) -> None:
    may.execute(
        "update maintenance.job set every = '5 minutes', at_time = null, failure_count = 20"
        " where not paused"
    )
    _run(may, "failed")
    assert _due(may) <= 300


def test_findings_make_a_run_an_alarm(may: Connection) -> None:
    run = value(may, "select maintenance.begin_run('check_drift')")
    may.execute(
        "insert into maintenance.finding (run_id, object, found) values (%s, 'x', 'y')", (run,)
    )
    assert value(may, "select maintenance.end_run(%s, 'done', null, 1)", (run,)) == "alarm"


def test_a_run_ends_once(may: Connection) -> None:
    run = value(may, "select maintenance.begin_run('check_drift')")
    may.execute("select maintenance.end_run(%s, 'done', null, 0)", (run,))
    with pytest.raises(psycopg.Error) as caught:
        may.execute("select maintenance.end_run(%s, 'failed', null, 0)", (run,))
    assert caught.value.sqlstate == "DZM04"


def test_history_is_short(may: Connection) -> None:
    before = value(may, "select count(*) from api.job_run where job = 'make_chunks'")
    may.execute(
        "insert into maintenance.run (job, ended_at, outcome)"
        " select j, now(), 'done' from unnest(array['check_drift', 'make_chunks']) as j,"
        " generate_series(1, 300)"
    )
    _run(may)
    kept = (
        "select job, count(*) from api.job_run where job in ('check_drift', 'make_chunks')"
        " group by job order by job"
    )
    assert rows(may, kept) == [
        ("check_drift", 200),
        ("make_chunks", before + 300),  # its own next run will shorten it
    ]


def test_a_job_without_a_schedule_is_never_due(may: Connection) -> None:
    may.execute("update maintenance.job set paused = name <> 'rebuild_rollups'")
    assert rows(may, "select job from maintenance.due_job()") == []


def test_the_schedule_cannot_be_made_senseless(owner: Connection) -> None:
    for change in (
        "job set every = '1 second' where name = 'make_chunks'",
        "job set at_time = '03:00' where name = 'make_chunks'",  # every six hours
        "job set next_run_at = null where name = 'make_chunks'",
        "setting set keep_days = 399",
        "setting set chunks_ahead = 0",
    ):
        with pytest.raises(psycopg.errors.CheckViolation), owner.transaction():
            owner.execute(f"update maintenance.{change}".encode())


def test_one_run_of_a_job_at_a_time(fresh_database: Database) -> None:
    with (
        fresh_database.connect("dozir_jobs", autocommit=True) as one,
        fresh_database.connect("dozir_jobs", autocommit=True) as other,
    ):
        run = value(one, "select maintenance.begin_run('check_drift')")
        assert value(other, "select maintenance.begin_run('check_drift')") is None
        assert value(other, "select maintenance.begin_run('make_chunks')") is not None
        one.execute("select maintenance.end_run(%s, 'done', null, 0)", (run,))
        assert value(other, "select maintenance.begin_run('check_drift')") is not None


def test_a_run_cut_off_is_told_and_due_again_soon(fresh_database: Database) -> None:
    """Its lock went with its connection: whoever gets it knows."""
    with fresh_database.connect("dozir_jobs", autocommit=True) as cut_off:
        cut_off.execute("select maintenance.begin_run('check_drift')")
        with fresh_database.connect() as conn:
            after = value(conn, "select next_run_at from api.job where name = 'check_drift'")
            assert after - datetime.now(UTC) < timedelta(minutes=2)
    with fresh_database.connect("dozir_jobs", autocommit=True) as conn:
        _run(conn)
    with fresh_database.connect("dozir_readonly") as conn:
        found = column(conn, "select outcome from api.job_run order by id")
    assert found == ["interrupted", "done"]
