"""What any server must be, embedded or not, before a batch may be acknowledged on it."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from psycopg.rows import tuple_row

from portal.config import settings
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import maintenance_url

SERVER_LEAST = 160000
TIMESCALEDB_LEAST = (2, 18)
# Each of these off can lose or tear a batch that was already answered with a receipt.
CRASH_SAFE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply"},
}
CONNECT_TIMEOUT_S = 10


@dataclass(frozen=True)
class Server:
    """What a server is: versions as text, extensions as they are offered, and its settings."""

    version_number: int
    version: str
    extensions: dict[str, str]
    settings: dict[str, str]
    embedded: bool

    @property
    def timescaledb(self) -> str | None:
        """The TimescaleDB version offered; None when it is not."""
        return self.extensions.get("timescaledb")


NOTED_SETTINGS = (
    *CRASH_SAFE,
    "data_checksums",
    "jit",
    "max_connections",
    "max_locks_per_transaction",
    "max_wal_size",
    "server_encoding",
    "shared_buffers",
    "shared_preload_libraries",
    "wal_compression",
)
NOTED_EXTENSIONS = ("hll", "pgcrypto", "pgtap", "plpgsql_check", "timescaledb")


def describe(url: str | None = None) -> Server:
    """What the server is; RuntimeProblem when it does not answer."""
    try:
        with psycopg.connect(
            url or maintenance_url(), connect_timeout=CONNECT_TIMEOUT_S, row_factory=tuple_row
        ) as connection:
            return _read(connection)
    except psycopg.errors.UndefinedFile as error:
        raise RuntimeProblem(
            f"An extension's library was updated under the database: {first_line(error)}."
            " Bring the database after it: dozir db upgrade"
        ) from error
    except psycopg.OperationalError as error:
        raise RuntimeProblem(f"The database does not answer: {first_line(error)}") from error


def maintenance(timeout_s: int = CONNECT_TIMEOUT_S) -> psycopg.Connection[tuple[object, ...]]:
    """A connection as superuser, for looking the server over."""
    return psycopg.connect(maintenance_url(), connect_timeout=timeout_s, row_factory=tuple_row)


def _read(connection: psycopg.Connection[tuple[str, str]]) -> Server:
    extensions = connection.execute(
        "SELECT name, default_version FROM pg_available_extensions"
        " WHERE name = ANY(%s) ORDER BY name",
        [list(NOTED_EXTENSIONS)],
    ).fetchall()
    noted = connection.execute(
        "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s) ORDER BY name",
        [list(NOTED_SETTINGS)],
    ).fetchall()
    return Server(
        version_number=connection.info.server_version,
        version=connection.info.parameter_status("server_version") or "",
        extensions=dict(extensions),
        settings=dict(noted),
        embedded=settings().database_url is None,
    )


def problems_of(server: Server) -> list[str]:
    """All that is wrong with a server, each with how to mend it; empty when it is fit."""
    found = []
    if server.version_number < SERVER_LEAST:
        found.append(f"PostgreSQL is {server.version}; 16 or newer is needed. Upgrade the server.")
    found += _timescaledb_problems(server)
    for name, fit in CRASH_SAFE.items():
        value = server.settings.get(name, "unknown")
        if value not in fit:
            found.append(
                f"{name} is {value}: a crash could lose acknowledged batches. Set {name} = on"
                " (look into conf.d/local.conf and what ALTER SYSTEM, DATABASE or ROLE set)."
            )
    if server.embedded and server.settings.get("data_checksums") != "on":
        found.append(
            "data_checksums is off: damaged pages would go unseen."
            " Stop the server and run pg_checksums --enable on its data folder."
        )
    if server.settings.get("server_encoding") != "UTF8":
        found.append("The database's encoding is not UTF8. Create it with ENCODING 'UTF8'.")
    return found


def _timescaledb_problems(server: Server) -> list[str]:
    offered = server.timescaledb
    if offered is None:
        return ["TimescaleDB is not installed on the server. Install version 2.18 or newer."]
    found = []
    if tuple(int(part) for part in offered.split("-")[0].split(".")[:2]) < TIMESCALEDB_LEAST:
        found.append(f"TimescaleDB is {offered}; 2.18 or newer is needed. Upgrade it.")
    loaded = server.settings.get("shared_preload_libraries")
    # Whoever may not read the setting (not a superuser) does not get it: then migrate will tell.
    if loaded is not None and "timescaledb" not in loaded:
        found.append(
            "TimescaleDB is not loaded: put timescaledb into shared_preload_libraries and restart."
        )
    return found


def require_fit(server: Server) -> None:
    """Refuse a server that could lose what it acknowledged or lacks what we need."""
    found = problems_of(server)
    if found:
        raise RuntimeProblem("The database is not fit for use:\n- " + "\n- ".join(found))


def first_line(error: Exception) -> str:
    """The first line of a driver's message: enough for a person, and no address in full."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
