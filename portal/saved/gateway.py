"""Saved views: one function for each of ``api``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from portal import db


def views(conn: db.Connection) -> list[db.Row]:
    """The caller's views, and those that others of the workspace share, by name."""
    return conn.execute(
        "select * from api.saved_view where removed_at is null order by lower(name), id"
    ).fetchall()


def removed(conn: db.Connection, person_id: int) -> list[db.Row]:
    """The caller's removed views, the latest first."""
    return conn.execute(
        "select * from api.saved_view where removed_at is not null and person_id = %s"
        " order by removed_at desc limit 20",
        (person_id,),
    ).fetchall()


def view(conn: db.Connection, view_id: int) -> db.Row | None:
    """One view; None where there is none, as for one that the caller may not see."""
    return conn.execute(
        "select * from api.saved_view where id = %s and removed_at is null", (view_id,)
    ).fetchone()


def people(conn: db.Connection, ids: Sequence[int]) -> dict[int, db.Row]:
    """Who saved them."""
    rows = conn.execute("select * from api.person where id = any (%s)", (list(ids),))
    return {row["id"]: row for row in rows}


def save_view(
    conn: db.Connection, name: str, target: str, parameters: Mapping[str, Any], shared: bool
) -> int:
    """Name a view; its number. SQLSTATE DZX04: that name is taken; DZX05: a hundred are there."""
    number: int = db.call_value(conn, "api.save_view", name, target, Jsonb(parameters), shared)
    return number


def rename_view(conn: db.Connection, view_id: int, name: str, shared: bool) -> bool:
    """Name it anew; False where the caller has no such view. DZX04 as above."""
    return bool(db.call_value(conn, "api.rename_view", view_id, name, shared))


def remove_view(conn: db.Connection, view_id: int, gone: bool) -> bool:
    """Remove it, or take that back; False where the caller has no such view."""
    return bool(db.call_value(conn, "api.remove_view", view_id, gone))
