"""Extensions whose library was updated while the database still holds the older version."""

from __future__ import annotations

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from portal.runtime.checks import CONNECT_TIMEOUT_S, first_line
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import maintenance_url


def outdated() -> dict[str, tuple[str, str]]:
    """Extension -> (version in the database, version that the library offers)."""
    try:
        with _session(load=False) as conn:
            rows = conn.execute(
                "SELECT e.extname, e.extversion, a.default_version FROM pg_extension AS e"
                " JOIN pg_available_extensions AS a ON a.name = e.extname"
                " WHERE e.extversion <> a.default_version ORDER BY e.extname"
            ).fetchall()
    except psycopg.OperationalError as error:
        raise RuntimeProblem(f"The database does not answer: {first_line(error)}") from error
    return {name: (held, offered) for name, held, offered in rows}


def upgrade() -> dict[str, tuple[str, str]]:
    """Bring every extension to its library's version: what was changed.

    Each in a session of its own and as its first statement, before TimescaleDB's older library,
    which an update may have taken from the disk, is loaded into it.
    """
    found = outdated()
    for name in sorted(found, key=lambda one: one != "timescaledb"):
        try:
            with _session() as conn:
                conn.execute(sql.SQL("ALTER EXTENSION {} UPDATE").format(sql.Identifier(name)))
        except psycopg.Error as error:
            raise RuntimeProblem(f"{name} was not updated: {first_line(error)}") from error
    return found


def _session(load: bool = True) -> psycopg.Connection[tuple[str, ...]]:
    """A superuser's session; without ``load`` TimescaleDB's library stays out of it."""
    return psycopg.connect(
        maintenance_url(),
        autocommit=True,
        connect_timeout=CONNECT_TIMEOUT_S,
        row_factory=tuple_row,
        options="" if load else "-c timescaledb.disable_load=on",
    )
