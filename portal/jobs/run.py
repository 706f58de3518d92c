"""One run of one job: open it, call its procedure outside a transaction, close it.

Everything that decides lies in the database (``sql/maintenance``): what is due, who has the lock,
when a failure is tried again. Procedures commit after each step and look whether to stop.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from portal.lifecycle import Flag

Connection = psycopg.Connection[Any]
Call = Callable[[Connection, int], int | None]

DOZIR = (sys.executable, "-m", "portal.cli")
# Jobs that are more than SQL: the command that does their work.
PROGRAMS: dict[str, tuple[str, ...]] = {"verify_ledger": ("verify", "--record", "--jobs", "1")}
# Asked to stop, a step may take this long to end by itself before it is cancelled.
GRACE_SECONDS = 20.0
LOOK_SECONDS = 0.2


class AlreadyRunning(Exception):
    """Another process is at this job."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, as it was recorded."""

    job: str
    outcome: str
    rows: int | None
    sqlstate: str | None
    seconds: float


def procedure(job: str) -> Call:
    """The job's procedure in schema maintenance, which bears its name.

    Of a job that has a program, this comes first and leaves in the database what it found.
    """

    def call(conn: Connection, run: int) -> int | None:
        if job in PROGRAMS:
            _run_program(conn, run, PROGRAMS[job])
        statement = sql.SQL("call {}(%s, null)").format(sql.Identifier("maintenance", job))
        row = conn.execute(statement, (run,)).fetchone()
        return None if row is None else row[0]

    return call


def run_job(
    conn: Connection,
    job: str,
    *,
    call: Call | None = None,
    stopping: Flag | None = None,
    url: str = "",
) -> Outcome:
    """Run a job now on ``conn`` (autocommit). Raises AlreadyRunning; a failure is an outcome.

    When ``stopping`` is set meanwhile, the run is asked to stop, over a connection to ``url``.
    """
    started = time.monotonic()
    run = _value(conn, "select maintenance.begin_run(%s)", job)
    if run is None:
        raise AlreadyRunning(job)
    outcome, sqlstate, rows = "done", None, None
    watcher = _Watcher(conn, run, stopping, url) if stopping else None
    try:
        rows = (call or procedure(job))(conn, run)
    except psycopg.Error as problem:
        if conn.closed or conn.broken:
            raise
        outcome, sqlstate = "failed", problem.sqlstate
    finally:
        if watcher:
            watcher.end()
    if watcher and watcher.asked:
        outcome = "stopped"
    elif sqlstate == psycopg.errors.QueryCanceled.sqlstate:
        outcome = "stopped"  # by an upgrade or a DBA: not the job's fault
    final = _value(conn, "select maintenance.end_run(%s, %s, %s, %s)", run, outcome, sqlstate, rows)
    return Outcome(job, final, rows, sqlstate, time.monotonic() - started)


def _value(conn: Connection, query: str, *parameters: object) -> Any:
    row = conn.execute(query.encode(), parameters).fetchone()
    return None if row is None else row[0]


def _run_program(conn: Connection, run: int, arguments: Sequence[str]) -> None:
    """Run a command of ours to its end, or stop it when the run is asked to stop.

    What it writes goes where our own log goes, its answer nowhere: the database has it.
    """
    with subprocess.Popen([*DOZIR, *arguments], stdout=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            while process.poll() is None:
                try:
                    process.wait(LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    if _value(conn, "select maintenance.stop_asked(%s)", run):
                        raise psycopg.errors.QueryCanceled("asked to stop") from None
        finally:
            process.terminate()


class _Watcher:
    """Passes a wish to stop on to the database while the main thread waits for a call."""

    def __init__(self, conn: Connection, run: int, stopping: Flag, url: str) -> None:
        self.asked = False
        self._conn, self._run, self._stopping, self._url = conn, run, stopping, url
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            if self._over.is_set():
                return
        if self._over.is_set():
            return
        self.asked = True
        try:
            with psycopg.connect(self._url, autocommit=True) as other:
                other.execute("select maintenance.ask_stop(%s)", (self._run,))
            if not self._over.wait(GRACE_SECONDS):
                self._conn.cancel_safe()
        except psycopg.Error:
            return  # the database is going away itself, and the run with it

    def end(self) -> None:
        self._over.set()
        self._thread.join()
