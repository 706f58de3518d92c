"""Whether this process should be sent requests: each check is a word, none tells a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from portal import config, db, lifecycle
from portal.errors import DatabaseUnavailable
from portal.health.cached import Cached
from portal.runtime import checks, machine
from portal.schema import record

OK = "ok"
WAIT_SECONDS = 2.0
KEEP_SECONDS = 1.0
# Less than a few segments of the database's log of changes: the next one may not fit.
DISK_FREE_LEAST = machine.GIB // 2


@dataclass
class Readiness:
    """What each check said; ready if all are ok."""

    checks: dict[str, str] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return all(said == OK for said in self.checks.values())


def examine() -> Readiness:
    """Look at everything now."""
    try:
        with db.connection("dozir_portal", wait=WAIT_SECONDS) as conn, _short(conn):
            applied = {row["applied_migrations"] for row in db.call(conn, "api.applied_migrations")}
            current = record.migrations() <= applied
            log = _log(conn) if current else "unknown"
        # Of the login that stores batches: a role may have settings of its own.
        with db.connection("dozir_ingest", wait=WAIT_SECONDS) as conn, _short(conn):
            unsafe = [
                name for name, fit in checks.CRASH_SAFE.items() if _value(conn, name) not in fit
            ]
    except (DatabaseUnavailable, psycopg.Error):
        unknown = {"database": "unreachable", "schema": "unknown", "crash_safety": "unknown"}
        unknown["log"] = "unknown"
        return Readiness(unknown | {"disk": _disk()})
    return Readiness(
        {
            "database": OK,
            # A database that has had more serves as well.
            "schema": OK if current else "behind: run dozir migrate",
            "log": log,
            "crash_safety": f"off: {', '.join(unsafe)}" if unsafe else OK,
            "disk": _disk(),
        }
    )


@contextmanager
def _short(conn: db.Connection) -> Iterator[None]:
    """One transaction whose statements may not take long."""
    with conn.transaction():
        conn.execute(f"set local statement_timeout = {int(WAIT_SECONDS * 1000)}".encode())
        yield


def _value(conn: db.Connection, setting: str) -> str:
    row = conn.execute("select current_setting(%s) as value", (setting,)).fetchone()
    return str(row["value"]) if row else ""


def _log(conn: db.Connection) -> str:
    """Whether what receipts promise can be kept: not while the signer refuses to go on."""
    refused = any(row["refused_because"] for row in db.call(conn, "api.log_figures"))
    return "refused: run dozir doctor" if refused else OK


def _disk() -> str:
    folder = config.settings().instance_dir
    there = next(path for path in (folder, *folder.parents) if path.exists())
    return OK if machine.free_disk(there) >= DISK_FREE_LEAST else "full"


def cached(look: Callable[[], Readiness] = examine) -> Callable[[], Readiness]:
    """``look``, at most once a second; that this process stops is said at once."""
    kept = Cached(look, KEEP_SECONDS)

    def now() -> Readiness:
        if lifecycle.stopping():
            return Readiness({"stopping": "yes"})
        return kept.get()

    return now
