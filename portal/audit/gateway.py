"""The trail as its readers may see it: rows of ``api.event``, and what they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from psycopg import sql

from portal import db

AT_ONCE = 1000


@dataclass(frozen=True)
class Asked:
    """Which events: ``start`` up to ``until``; None is any. ``concerns`` is an operator."""

    start: datetime | None = None
    until: datetime | None = None
    person: int | None = None
    role: str | None = None
    kind: str | None = None
    object: str | None = None
    object_id: str | None = None
    concerns: int | None = None


# A page ends before this moment and number.
Place = tuple[datetime, int]


def events(conn: db.Connection, asked: Asked, before: Place | None, limit: int) -> list[db.Row]:
    """Events that the caller may read, the newest first."""
    conditions: list[sql.Composable] = [sql.SQL("true")]
    values: list[object] = []
    for column, operator, value in (
        ("at", ">=", asked.start),
        ("at", "<", asked.until),
        ("person_id", "=", asked.person),
        ("role", "=", asked.role),
        ("kind", "=", asked.kind),
        ("object", "=", asked.object),
        ("object_id", "=", asked.object_id),
        ("concerns", "=", asked.concerns),
    ):
        if value is not None:
            conditions.append(
                sql.SQL("e.{} {} %s").format(sql.Identifier(column), sql.SQL(operator))
            )
            values.append(value)
    if before is not None:
        conditions.append(sql.SQL("(e.at, e.id) < (%s, %s)"))
        values += before
    query = sql.SQL(
        "select e.* from api.event as e where {} order by e.at desc, e.id desc limit %s"
    ).format(sql.SQL(" and ").join(conditions))
    return conn.execute(query, (*values, limit)).fetchall()


def in_parts(conn: db.Connection, asked: Asked) -> Iterator[list[db.Row]]:
    """The same without an end, in parts."""
    before: Place | None = None
    while rows := events(conn, asked, before, AT_ONCE):
        yield rows
        before = (rows[-1]["at"], rows[-1]["id"])


def event(conn: db.Connection, event_id: int) -> db.Row | None:
    """One event; None for another's and for none."""
    return conn.execute("select * from api.event where id = %s", (event_id,)).fetchone()


def kinds(conn: db.Connection) -> dict[str, db.Row]:
    """What is noted, in words."""
    rows = conn.execute("select * from api.event_kind order by position")
    return {row["kind"]: row for row in rows}


def reasons(conn: db.Connection) -> dict[str, db.Row]:
    """Why officials look at transactions, in words."""
    rows = conn.execute("select * from api.reason_kind order by position")
    return {row["kind"]: row for row in rows}


def record_kinds(conn: db.Connection) -> dict[str, db.Row]:
    """Registers, in words."""
    return {row["kind"]: row for row in conn.execute("select * from api.record_kind")}


def actions(conn: db.Connection) -> dict[str, db.Row]:
    """Steps of changes, in words."""
    rows = conn.execute("select * from api.workflow_transition where workflow = 'change'")
    return {row["action"]: row for row in rows}


def people(conn: db.Connection, ids: Iterable[int | None]) -> dict[int, db.Row]:
    """Who did what, as far as the caller is told."""
    wanted = sorted({one for one in ids if one is not None})
    rows = conn.execute("select * from api.person where id = any (%s)", (wanted,))
    return {row["id"]: row for row in rows}


def operators(conn: db.Connection) -> dict[int, db.Row]:
    """Operators that the caller may see."""
    rows = conn.execute("select id, code, name_uk, name_en from api.operator")
    return {row["id"]: row for row in rows}


def state_reason(conn: db.Connection, session: bytes, kind: str, text: str) -> None:
    """Keep in the session why its person looks at transactions. SQLSTATE DZA04: nothing stated."""
    db.call(conn, "api.state_reason", session, kind, text)


def entry_of(conn: db.Connection, event_id: int) -> db.Row | None:
    """``entry``, ``leaf_index``, ``tuple`` of an event; None before its minute is over.

    ``conn`` is the portal's own; ask after the event was read with its reader's rights.
    """
    found = db.call(conn, "api.event_entry", event_id)
    return found[0] if found else None
