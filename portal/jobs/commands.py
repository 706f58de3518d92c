"""``dozir jobs``: the recurring work of the database."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
import psycopg
from psycopg.rows import dict_row

from portal import logs, runtime
from portal.jobs.run import AlreadyRunning, Connection, run_job
from portal.jobs.runner import LOGIN, Runner, sentence

REBUILD = "rebuild_rollups"  # rewrites figures: the owner's work, and on demand only
NO_SUCH_JOB = "DZM03"


@click.group()
def jobs() -> None:
    """Recurring work: chunks ahead, checks, retention, clean-up."""


@jobs.command()
def run() -> None:
    """Run what is due, for ever; SIGTERM stops it after the step under way."""
    logs.configure()
    runner = Runner()
    signal.signal(signal.SIGTERM, runner.stop)
    signal.signal(signal.SIGINT, runner.stop)
    runner.run()


@jobs.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_jobs(as_json: bool) -> None:
    """Show every job: schedule, last run, next run, what it found."""
    with _connected("dozir_readonly") as conn, conn.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(
            "select j.*, r.started_at as last_started_at, r.ended_at as last_ended_at,"
            " r.outcome as last_outcome, r.sqlstate as last_sqlstate,"
            " r.row_count as last_row_count,"
            " (select count(*) from api.job_finding as f where f.run_id = r.id) as finding_count"
            " from api.job as j left join lateral ("
            " select * from api.job_run as x where x.job = j.name order by x.id desc limit 1"
            " ) as r on true order by j.name"
        ).fetchall()
    if as_json:
        click.echo(json.dumps({"jobs": found}, indent=1, default=_text))
        return
    click.echo(f"{'job':<17}{'schedule':<15}{'last run (UTC)':<18}{'outcome':<24}next run (UTC)")
    for job in found:
        click.echo(
            f"{job['name']:<17}{_schedule(job):<15}{_moment(job['last_started_at']):<18}"
            f"{_ended(job):<24}{'paused' if job['paused'] else _moment(job['next_run_at'])}"
        )


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _moment(value: datetime | None) -> str:
    return "-" if value is None else f"{value:%Y-%m-%d %H:%M}"


def _schedule(job: dict[str, Any]) -> str:
    if job["every"] is None:
        return "on demand"
    if job["at_time"] is not None:
        return f"daily {job['at_time']:%H:%M}"
    return f"every {job['every']}"


def _ended(job: dict[str, Any]) -> str:
    words = [job["last_outcome"] or "-"]
    if job["last_sqlstate"]:
        words.append(job["last_sqlstate"])
    if job["finding_count"]:
        words.append(f"{job['finding_count']} findings")
    return " ".join(words)


@jobs.command()
@click.argument("name")
@click.option("--from", "day_from", type=click.DateTime(["%Y-%m-%d"]), help=f"For {REBUILD}.")
@click.option("--until", "day_until", type=click.DateTime(["%Y-%m-%d"]), help="First day after it.")
def start(name: str, day_from: datetime | None, day_until: datetime | None) -> None:
    """Run one job now and wait for it; exit status 1 unless it ended well."""
    if (name == REBUILD) != bool(day_from and day_until):
        raise click.UsageError(f"--from and --until belong to {REBUILD}, both of them.")

    def rebuild(conn: Connection, _run: int) -> None:
        conn.execute(
            "call rollup.rebuild(%s::timestamp at time zone 'Europe/Kyiv',"
            " %s::timestamp at time zone 'Europe/Kyiv')",
            (day_from, day_until),
        )
        conn.execute(
            "call rollup.rebuild_players(%s::timestamp at time zone 'Europe/Kyiv',"
            " %s::timestamp at time zone 'Europe/Kyiv')",
            (day_from, day_until),
        )
        conn.execute(
            "call rollup.rebuild_rounds(%s::timestamp at time zone 'Europe/Kyiv',"
            " %s::timestamp at time zone 'Europe/Kyiv')",
            (day_from, day_until),
        )

    with _connected("dozir_migrator" if name == REBUILD else LOGIN) as conn:
        try:
            told = run_job(conn, name, call=rebuild if name == REBUILD else None)
        except AlreadyRunning as problem:
            raise click.ClickException(f"{name} is running already.") from problem
    click.echo(sentence(told))
    if told.outcome != "done":
        raise SystemExit(1)


@jobs.command()
@click.argument("name")
def pause(name: str) -> None:
    """Leave a job out until `resume`; a run under way goes on."""
    _pause(name, paused=True)


@jobs.command()
@click.argument("name")
def resume(name: str) -> None:
    """Let a paused job run again; what it missed is made up for once."""
    _pause(name, paused=False)


def _pause(name: str, *, paused: bool) -> None:
    with _connected(LOGIN) as conn:
        conn.execute("select maintenance.pause_job(%s, %s)", (name, paused))
    click.echo(f"{name} is {'paused' if paused else 'on again'}.")


@contextmanager
def _connected(login: str) -> Iterator[Connection]:
    try:
        with psycopg.connect(runtime.role_url(login), autocommit=True) as conn:
            yield conn
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    except psycopg.Error as problem:
        if problem.sqlstate is None:  # no connection: told as of every command
            raise
        if problem.sqlstate == NO_SUCH_JOB:
            raise click.ClickException("There is no such job; see: dozir jobs list") from problem
        raise click.ClickException(str(problem)) from problem
