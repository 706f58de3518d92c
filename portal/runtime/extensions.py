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
        with _session() as conn:
            rows = conn.execute(
                "SELECT e.extname, e.extversion, a.default_version FROM pg_extension AS e"
                " JOIN pg_available_extensions AS a ON a.name = e.extname"
                " WHERE e.extversion <> a.default_version ORDER BY e.extname"
            ).fetchall()
    except psycopg.Error as error:
        raise RuntimeProblem(
            f"The database does not answer: {first_line(error)}. After an update of TimescaleDB's"
            " library: dozir db upgrade"
        ) from error
    return {name: (held, offered) for name, held, offered in rows}


def upgrade() -> dict[str, tuple[str, str]]:
    """Bring every extension to its library's version: what was changed.

    TimescaleDB wants to be the first statement of its session, before its older library is loaded
    into it; an update may have taken that one from the disk.
    """
    before = _timescaledb()
    try:
        with _session() as conn:
            conn.execute("ALTER EXTENSION timescaledb UPDATE")
    except psycopg.errors.UndefinedObject:
        return {}  # not migrated yet: nothing to update
    except psycopg.Error as error:
        raise RuntimeProblem(f"TimescaleDB was not updated: {first_line(error)}") from error
    after = _timescaledb()
    changed = {"timescaledb": (before, after)} if before != after else {}
    rest = outdated()
    with _session() as conn:
        for name in rest:
            conn.execute(sql.SQL("ALTER EXTENSION {} UPDATE").format(sql.Identifier(name)))
    return changed | rest


def _timescaledb() -> str:
    """The version in the database; ``?`` when the library that it needs is gone."""
    try:
        with _session() as conn:
            row = conn.execute(
                "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'"
            ).fetchone()
    except psycopg.Error:
        return "?"
    return str(row[0]) if row else "-"


def _session() -> psycopg.Connection[tuple[str, ...]]:
    return psycopg.connect(
        maintenance_url(), autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, row_factory=tuple_row
    )
