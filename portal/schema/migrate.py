"""Bring a database to this version: roles, then numbered migrations, then repeatable SQL.

What must run once lives in ``migrations/`` and is frozen when released; what may run again lives in
``sql/`` and is reapplied on every upgrade, so that folder is the truth.
"""

from __future__ import annotations

import re
import time
import warnings
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from yoyo import get_backend, read_migrations
from yoyo.backends.base import DatabaseBackend

from portal import config, runtime
from portal.runtime.instance import LOGIN_ROLES
from portal.schema import earlier, record

# One migration at a time, whoever starts it; any number that nothing else uses.
MIGRATION_LOCK = 20_260_220
TURN_TIMEOUT = "5min"  # of whoever finds another migrating
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "10min"
# Policies are rebuilt under exclusive locks: against a system at work that may time out or
# deadlock, and then nothing has changed.
ATTEMPTS = 40
PAUSE_SECONDS = 0.5

Progress = Callable[[str], None]


def migrate(progress: Progress = lambda _: None, accept: Collection[str] = ()) -> None:
    """Apply everything that is missing. Raises psycopg.Error when the database refuses.

    ``accept`` names objects changed by hand ("index registry.x") that are right as they are.
    """
    with psycopg.connect(
        runtime.maintenance_url(),
        autocommit=True,
        options=f"-c lock_timeout={LOCK_TIMEOUT} -c statement_timeout={STATEMENT_TIMEOUT}"
        " -c client_min_messages=warning",
    ) as superuser:
        _take_turn(superuser)
        by_hand = _by_hand(superuser, accept)
        progress("roles")
        superuser.execute((config.ROOT / "sql" / "roles.sql").read_bytes())
        for role in LOGIN_ROLES:
            _set_password(superuser, role, config.secret(f"{role}.password"))
        _apply_versioned(config.ROOT / "migrations", progress)
        _stop_jobs(superuser)
        _apply_repeatable(config.ROOT / "sql" / "load.sql", progress)
        progress("record of objects")
        _record(by_hand)
        _enter_into_log(progress)


def _set_password(superuser: record.Connection, role: str, password: str) -> None:
    """Give a role its password as a verifier: the statement may stand in a server's log."""
    verifier = superuser.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    superuser.execute(
        sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _by_hand(conn: record.Connection, accept: Collection[str]) -> list[record.Change]:
    if not record.exists(conn) or not record.same_server(conn):
        return []
    return [change for change in record.drift(conn) if change.title not in accept]


def _stop_jobs(superuser: record.Connection) -> None:
    """A step of recurring work may read for minutes; it is tried again after the upgrade."""
    superuser.execute(
        "select pg_cancel_backend(pid) from pg_stat_activity"
        " where datname = current_database() and usename = 'dozir_jobs' and state = 'active'"
    )


def _enter_into_log(progress: Progress) -> None:
    """Name the log, and enter what was accepted before there was one."""
    with psycopg.connect(runtime.role_url("dozir_migrator"), autocommit=True) as owner:
        if origin := config.settings().log_origin:
            try:
                earlier.name_log(owner, origin)
            except (ValueError, psycopg.errors.CheckViolation) as problem:
                raise runtime.RuntimeProblem(_of_name(problem)) from problem
        earlier.enter(owner, progress)


def _of_name(problem: Exception) -> str:
    if isinstance(problem, ValueError):
        return str(problem)
    return "DOZIR_LOG_ORIGIN is a name without spaces and plus signs, of up to 200 bytes."


def _take_turn(superuser: psycopg.Connection[Any]) -> None:
    """Wait for whoever migrates already. Raises psycopg.errors.LockNotAvailable after a while."""
    superuser.execute("select set_config('lock_timeout', %s, false)", (TURN_TIMEOUT,))
    superuser.execute("select pg_advisory_lock(%s)", (MIGRATION_LOCK,))
    superuser.execute("select set_config('lock_timeout', %s, false)", (LOCK_TIMEOUT,))


def _record(by_hand: list[record.Change]) -> None:
    with psycopg.connect(
        runtime.role_url("dozir_migrator"),
        options=f"-c lock_timeout={LOCK_TIMEOUT}",
    ) as owner:
        record.write(owner, by_hand)


def _apply_versioned(folder: Path, progress: Progress) -> None:
    url = runtime.role_url("dozir_migrator").replace("postgresql://", "postgresql+psycopg://", 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # inside the library
        backend = get_backend(url)
    try:
        backend.execute(f"set lock_timeout = '{LOCK_TIMEOUT}'")
        backend.execute(f"set statement_timeout = '{STATEMENT_TIMEOUT}'")
        backend.execute("set client_min_messages = warning")
        backend.commit()
        # The library's lock is a row that outlives a killed process. Ours is held by now, so
        # whoever left that row is gone.
        backend.break_lock()
        with backend.lock():
            _apply_missing(backend, folder, progress)
    finally:
        backend.connection.close()


def _apply_missing(backend: DatabaseBackend, folder: Path, progress: Progress) -> None:
    for migration in backend.to_apply(read_migrations(str(folder))):
        progress(f"migration {migration.id}")
        backend.apply_one(migration)


def repeatable(load: Path) -> Iterator[tuple[Path, str]]:
    """What ``load.sql`` runs, in its order: each included file, and its own text between."""
    own: list[str] = []
    for line in load.read_text().splitlines():
        match = re.fullmatch(r"\\ir (\S+)", line)
        if not match:
            own.append(line)
            continue
        yield load, "\n".join(own)
        own.clear()
        file = load.parent / match[1]
        yield file, file.read_text()
    yield load, "\n".join(own)


def _apply_repeatable(load: Path, progress: Progress) -> None:
    """Run ``load.sql`` as psql would: its own statements, and each included file in its place."""
    for attempt in range(1, ATTEMPTS + 1):
        progress("repeatable SQL" if attempt == 1 else f"repeatable SQL, attempt {attempt}")
        try:
            _load(load)
        except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            if attempt == ATTEMPTS:
                raise
            time.sleep(PAUSE_SECONDS)
        else:
            return


def _load(load: Path) -> None:
    with psycopg.connect(
        runtime.role_url("dozir_migrator"),
        autocommit=True,
        options="-c client_min_messages=warning",
    ) as owner:
        for file, text in repeatable(load):
            _run(owner, text, file)


def _run(conn: psycopg.Connection[tuple[object, ...]], text: str, file: Path) -> None:
    try:
        conn.execute(text.encode())
    except psycopg.Error as problem:
        problem.add_note(f"in {file.relative_to(config.ROOT)}")
        raise
