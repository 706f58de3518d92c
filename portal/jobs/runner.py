"""``dozir jobs run``: waits until something is due and runs it; one of them at a time.

Jobs that may not wait until a long one has ended (``maintenance.job.prompt``) are run beside the
others, on a connection of their own. It sleeps most of its life and outlives the database: when
that is away it tries again. What happens is said once in the log, never a value from a row.
"""

from __future__ import annotations

import os
import select
import threading
from dataclasses import asdict
from typing import Any

import psycopg
import structlog

from portal import logs, runtime
from portal.jobs.run import AlreadyRunning, Connection, Outcome, run_job
from portal.lifecycle import Flag

LOGIN = "dozir_jobs"
RUNNER_LOCK = 20_260_222
LOOK_SECONDS = 30.0  # how often it looks whether the schedule was changed
TAKE_OVER_SECONDS = 5.0  # how often a second runner looks whether it is needed
AWAY_SECONDS = (1.0, 30.0)  # pause before the first and the last attempts to connect
BUSY_SECONDS = 5.0  # a job that somebody started by hand
BESIDE_LOOK_SECONDS = 2.0  # how soon it ends when the others do
CONNECT_TIMEOUT = 10

log = structlog.get_logger(__name__)


class Runner:
    """The loop; ``stop`` may be called from a signal handler."""

    def __init__(self) -> None:
        self._stopping = Flag()
        self._woken, self._wake = os.pipe()

    def stop(self, *_: Any) -> None:
        """Stop after the step under way."""
        self._stopping.set()
        os.write(self._wake, b"!")

    def _sleep(self, conn: Connection, seconds: float) -> None:
        """Sleep until then, until told to stop, or until the server has something to say."""
        select.select([conn.fileno(), self._woken], [], [], seconds)

    def run(self) -> None:
        """Work until told to stop."""
        pause, away = AWAY_SECONDS[0], False
        while not self._stopping.is_set():
            try:
                with self._connect() as conn:
                    if away:
                        log.info("the database is back")
                    pause, away = AWAY_SECONDS[0], False
                    self._work(conn)
            except (psycopg.OperationalError, psycopg.InterfaceError, runtime.RuntimeProblem) as e:
                if not away:
                    log.warning("the database is away", error=logs.describe(e))
                away = True
                self._stopping.wait(pause)
                pause = min(2 * pause, AWAY_SECONDS[1])
            except psycopg.Error as problem:
                # The schema is not there yet, or is being changed.
                log.warning("cannot work on this database yet", error=logs.describe(problem))
                self._stopping.wait(LOOK_SECONDS)

    def _connect(self) -> Connection:
        return psycopg.connect(
            runtime.role_url(LOGIN),
            autocommit=True,
            application_name="dozir jobs",
            connect_timeout=CONNECT_TIMEOUT,
        )

    def _work(self, conn: Connection) -> None:
        if not self._take_over(conn):
            return
        log.info("jobs ready")
        over = threading.Event()
        beside = threading.Thread(target=self._work_beside, args=(over,), daemon=True)
        beside.start()
        try:
            while not self._stopping.is_set():
                wait = self._do_due(conn)
                if wait > 0:
                    self._sleep(conn, wait)
        finally:
            over.set()
            beside.join()

    def _work_beside(self, over: threading.Event) -> None:
        """Run what may not wait for the others, until these end.

        It says nothing of a database that is away: the others do.
        """
        while not (over.is_set() or self._stopping.is_set()):
            try:
                with self._connect() as conn:
                    while not (over.is_set() or self._stopping.is_set()):
                        over.wait(min(self._do_due(conn, prompt=True), BESIDE_LOOK_SECONDS))
            except (psycopg.Error, runtime.RuntimeProblem):
                over.wait(BESIDE_LOOK_SECONDS)

    def _do_due(self, conn: Connection, *, prompt: bool = False) -> float:
        """Run the job that is due, if one is; how many seconds there is nothing to do after it."""
        row = conn.execute("select job, wait_s from maintenance.due_job(%s)", (prompt,)).fetchone()
        job, wait = row or (None, LOOK_SECONDS)
        if job is None or wait > 0:
            return float(min(wait, LOOK_SECONDS))
        try:
            told = run_job(conn, job, stopping=self._stopping, url=runtime.role_url(LOGIN))
        except AlreadyRunning:
            return BUSY_SECONDS
        _tell(told)
        return 0.0

    def _take_over(self, conn: Connection) -> bool:
        """Wait until no other runner is at work; its lock goes with its connection."""
        waiting = False
        while not self._stopping.is_set():
            row = conn.execute("select pg_try_advisory_lock(%s)", (RUNNER_LOCK,)).fetchone()
            if row is not None and row[0]:
                return True
            if not waiting:
                log.info("another runner is at work")
            waiting = True
            self._sleep(conn, TAKE_OVER_SECONDS)
        return False


def _tell(told: Outcome) -> None:
    """Quiet about what went well and did nothing; loud about what a person must look at."""
    if told.outcome in {"failed", "alarm"}:
        log.error("job ended", **asdict(told))
    elif told.outcome != "done" or told.rows:
        log.info("job ended", **asdict(told))


def sentence(told: Outcome) -> str:
    """One line about a run."""
    rows = "" if told.rows is None else f", {told.rows} rows"
    why = f" with SQLSTATE {told.sqlstate}" if told.sqlstate else ""
    return f"{told.job}: {told.outcome}{why}{rows}, {told.seconds:.1f} s"
