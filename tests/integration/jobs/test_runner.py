"""``dozir jobs``: one runner at a time, stopped, killed, kept waiting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.runtime import upkeep
from tests.support.databases import Database, column, rows, value

DOZIR = Path(sys.executable).with_name("dozir")
PATIENCE_S = 60
SESSIONS = 2500  # three steps
HELD = (
    "select from identity.session where ctid = (select {}(ctid) from identity.session) for update"
)


@pytest.fixture
def database(fresh_database: Database) -> Iterator[Database]:
    """A database of the test's own in which nothing is due; the one the commands work on."""
    with fresh_database.connect() as conn:
        conn.execute(
            "update maintenance.job set next_run_at = now() + interval '1 hour'"
            " where every is not null"
        )
    with fresh_database.as_settings():
        yield fresh_database


@contextmanager
def _runner(**environment: str) -> Iterator[subprocess.Popen[str]]:
    """``dozir jobs run``, gone at the end whatever happened."""
    with subprocess.Popen(
        [DOZIR, "jobs", "run"],
        env={**os.environ, **environment},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DOZIR, "jobs", *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def _says(process: subprocess.Popen[str], words: str) -> str:
    assert process.stderr
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"ended without saying {words!r}")


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)


def _ended_sessions(database: Database) -> None:
    with database.connect() as conn:
        conn.execute("select identity.start_demo()")
        conn.execute(
            "insert into identity.session (token_sha256, person_id, expires_at)"
            " select sha256(n::text::bytea), (select min(id) from identity.person),"
            " now() - interval '1 year' from generate_series(1, %s) as n",
            (SESSIONS,),
        )
        conn.execute("update maintenance.job set next_run_at = now() where name = 'clear_sessions'")


def _sessions(database: Database) -> int:
    with database.rolled_back() as conn:
        return int(value(conn, "select count(*) from identity.session"))


def _outcomes(database: Database) -> list[str]:
    with database.rolled_back() as conn:
        return column(conn, "select outcome from api.job_run order by id")


def _waits(database: Database) -> bool:
    with database.rolled_back() as conn:
        return bool(
            value(
                conn,
                "select count(*) > 0 from pg_stat_activity where usename = 'dozir_jobs'"
                " and datname = current_database() and wait_event_type = 'Lock'",
            )
        )


def test_a_second_runner_waits_for_the_first_and_takes_over_when_it_is_killed(
    database: Database,
) -> None:
    with _runner() as first:
        _says(first, "ready")
        with _runner() as second:
            _says(second, "another runner is at work")
            first.kill()
            first.wait(PATIENCE_S)
            _says(second, "ready")
            second.terminate()
            assert second.wait(PATIENCE_S) == 0


def test_killed_in_the_middle_a_run_is_made_again_whole(database: Database) -> None:
    _ended_sessions(database)
    with database.connect() as holder:
        holder.execute(HELD.format("max"))  # the last step waits for this row
        with _runner() as runner:
            _until(lambda: _waits(database))
            assert "running already" in _run("start", "clear_sessions").stderr
            runner.kill()
            runner.wait(PATIENCE_S)
        holder.rollback()
    _until(lambda: not _busy(database))
    done = _run("start", "clear_sessions")
    assert done.returncode == 0, done.stderr
    assert _outcomes(database) == ["interrupted", "done"]
    assert _sessions(database) == 0


def _busy(database: Database) -> bool:
    with database.rolled_back() as conn:
        return bool(
            value(
                conn,
                "select count(*) > 0 from pg_stat_activity"
                " where usename = 'dozir_jobs' and datname = current_database()",
            )
        )


def test_told_to_stop_it_ends_after_the_step(database: Database) -> None:
    _ended_sessions(database)
    with database.connect() as holder:
        holder.execute(HELD.format("min"))  # the first step waits for this row
        with _runner() as runner:
            _until(lambda: _waits(database))
            runner.terminate()
            _until(lambda: _stop_asked(database))
            holder.rollback()
            assert runner.wait(PATIENCE_S) == 0
    assert _outcomes(database) == ["stopped"]
    assert 0 < _sessions(database) < SESSIONS


def _stop_asked(database: Database) -> bool:
    with database.rolled_back() as conn:
        return column(conn, "select stop_asked from maintenance.run") == [True]


def test_an_alarm_is_told_however_little_is_logged(database: Database) -> None:
    with database.connect() as conn:
        conn.execute("create index by_hand on registry.game (title)")
        conn.execute("update maintenance.job set next_run_at = now() where name = 'check_drift'")
    with _runner(DOZIR_LOG_LEVEL="error", DOZIR_LOG_FORMAT="json") as runner:
        told = json.loads(_says(runner, "check_drift"))
        assert (told["outcome"], told["level"]) == ("alarm", "error")
        runner.terminate()
        assert runner.wait(PATIENCE_S) == 0


def test_it_waits_for_a_database_that_is_away_and_says_so_once(database: Database) -> None:
    with _runner(DOZIR_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing") as runner:
        _says(runner, "away")
        time.sleep(2.5)  # two more attempts
        runner.terminate()
        assert runner.wait(PATIENCE_S) == 0
        assert runner.stderr
        assert "away" not in runner.stderr.read()


def test_it_outlives_a_lost_connection(database: Database) -> None:
    with _runner() as runner:
        _says(runner, "ready")
        with database.connect(autocommit=True) as conn:
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where usename = 'dozir_jobs' and datname = current_database()"
            )
            conn.execute(
                "update maintenance.job set next_run_at = now() where name = 'check_rollups'"
            )
        _says(runner, "the database is back")
        _until(lambda: _outcomes(database) == ["done"])
        runner.terminate()
        assert runner.wait(PATIENCE_S) == 0


def test_a_dba_sees_and_steers(database: Database) -> None:
    assert _run("start", "make_chunks").returncode == 0
    with database.connect() as conn:
        conn.execute("create index by_hand on registry.game (title)")
    assert _run("start", "check_drift").returncode == 1
    assert _run("pause", "check_drift").returncode == 0
    shown = _run("list")
    assert "alarm 1 findings" in shown.stdout
    assert "paused" in shown.stdout
    listed = {job["name"]: job for job in json.loads(_run("list", "--json").stdout)["jobs"]}
    assert listed["check_drift"]["paused"] is True
    assert listed["make_chunks"]["last_row_count"] == 8
    assert list(upkeep.remarks()) == [
        # what it found is compared anew by the doctor itself
        ("job check_drift", "is paused", "dozir jobs resume check_drift"),
    ]
    assert _run("resume", "check_drift").returncode == 0
    with database.connect() as conn:
        conn.execute("drop index registry.by_hand")
        conn.execute(
            "update maintenance.job set next_run_at = now() - interval '3 hours'"
            " where name = 'make_chunks'"
        )
    assert _run("start", "check_drift").returncode == 0
    assert [name for name, _, _ in upkeep.remarks()] == ["job make_chunks"]
    for words in (["start", "nonsense"], ["pause", "nonsense"]):
        refused = _run(*words)
        assert refused.returncode == 1
        assert "no such job" in refused.stderr


def test_accounts_that_are_counted_too_late_are_told(database: Database) -> None:
    def told(until: str) -> list[str]:
        with database.connect() as conn:
            conn.execute(f"update rollup.player_progress set counted_until = {until}")
        return [name for name, _, _ in upkeep.remarks()]

    assert told("now() - interval '90 seconds'") == []
    assert told("now() - interval '150 seconds'") == ["accounts"]
    [(_, found, mend)] = upkeep.remarks()
    assert found.startswith("are counted 15")
    assert "count_players" in mend
    assert told("'-infinity'") == []  # nothing has come yet


def test_what_may_not_wait_is_done_beside_a_long_job(database: Database) -> None:
    """Players are counted each minute, however long the night's work takes."""
    _ended_sessions(database)
    with database.connect() as holder:
        holder.execute(HELD.format("min"))  # the long job waits for this row
        with _runner() as runner:
            _until(lambda: _waits(database))
            with database.connect() as conn:
                conn.execute(
                    "update maintenance.job set next_run_at = now() where name = 'count_players'"
                )
            _until(lambda: _runs(database) == [("count_players", "done")])
            holder.rollback()
            _until(lambda: ("clear_sessions", "done") in _runs(database))
            runner.terminate()
            assert runner.wait(PATIENCE_S) == 0


def _runs(database: Database) -> list[tuple[str, str]]:
    with database.rolled_back() as conn:
        return rows(
            conn, "select job, outcome from api.job_run where outcome <> 'running' order by id"
        )  # type: ignore[return-value]


def test_figures_are_rebuilt_on_demand_only(database: Database) -> None:
    assert _run("start", "rebuild_rollups").returncode == 2
    with database.connect() as conn:
        conn.execute(
            "insert into rollup.day select 1, 1, '2026-10-05', 1, 1, 980, '2026-10-05',"
            " 1, 1, 0, 0, 0, 0, 0, 0, 0, 0"
        )
    done = _run("start", "rebuild_rollups", "--from", "2026-10-05", "--until", "2026-10-06")
    assert done.returncode == 0, done.stderr
    with database.rolled_back() as conn:
        assert rows(conn, "select * from rollup.day") == []
        assert rows(conn, "select job, outcome from api.job_run") == [("rebuild_rollups", "done")]
