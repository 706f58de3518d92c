"""One run of one job: open it, call its procedure outside a transaction, close it.

Everything that decides lies in the database (``sql/maintenance``): what is due, who has the lock,
when a failure is tried again. Procedures commit after each step and look whether to stop.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

Connection = psycopg.Connection[Any]
Call = Callable[[Connection, int], int | None]

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
    """The job's procedure in schema maintenance, which bears its name."""

    def call(conn: Connection, run: int) -> int | None:
        statement = sql.SQL("call {}(%s, null)").format(sql.Identifier("maintenance", job))
        row = conn.execute(statement, (run,)).fetchone()
        return None if row is None else row[0]

    return call


def run_job(
    conn: Connection,
    job: str,
    *,
    call: Call | None = None,
    stopping: threading.Event | None = None,
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


class _Watcher:
    """Passes a wish to stop on to the database while the main thread waits for a call."""

    def __init__(self, conn: Connection, run: int, stopping: threading.Event, url: str) -> None:
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
