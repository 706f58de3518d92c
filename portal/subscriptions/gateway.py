"""Subscriptions and their deliveries: one function for each of ``api``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from portal import db
from portal.subscriptions.schedule import Schedule


def subscriptions(conn: db.Connection) -> list[db.Row]:
    """The caller's in this role that go on or rest, by name."""
    return conn.execute(
        "select * from api.subscription where stopped_at is null order by lower(name), id"
    ).fetchall()


def subscription(conn: db.Connection, subscription_id: int) -> db.Row | None:
    """One of the caller's; None where there is none, as for another's and for one that ended."""
    return conn.execute(
        "select * from api.subscription where id = %s and stopped_at is null", (subscription_id,)
    ).fetchone()


def deliveries(conn: db.Connection, before: int | None, limit: int, outcome: str) -> list[db.Row]:
    """What became of them, the newest first: the caller's, for an auditor everybody's."""
    return conn.execute(
        "select d.*, s.name from api.delivery as d"
        " left join api.subscription as s on s.id = d.subscription_id"
        " where (%(before)s::bigint is null or d.id < %(before)s)"
        " and (%(outcome)s::text = '' or d.outcome = %(outcome)s)"
        " order by d.id desc limit %(limit)s",
        {"before": before, "limit": limit, "outcome": outcome},
    ).fetchall()


def people(conn: db.Connection, ids: list[int]) -> dict[int, db.Row]:
    """Who they are, as far as the caller is told."""
    rows = conn.execute("select * from api.person where id = any (%s)", (ids,))
    return {row["id"]: row for row in rows}


def save_subscription(
    conn: db.Connection,
    subscription_id: int | None,
    schedule: Schedule,
    *,
    name: str,
    target: str,
    parameters: Mapping[str, Any] | None,
    language: str,
    by_mail: bool,
) -> int | None:
    """A new one, or another schedule of one that is there; None where the caller has none such.

    SQLSTATE DZX06: there are fifty already.
    """
    saved: int | None = db.call_value(
        conn, "api.save_subscription", subscription_id, name, target,
        None if parameters is None else Jsonb(parameters), schedule.every, schedule.weekday,
        schedule.month_day, schedule.hour, language, by_mail,
    )  # fmt: skip
    return saved


def pause_subscription(conn: db.Connection, subscription_id: int, paused: bool) -> bool:
    """Let one of the caller's rest, or go on; False where there is none."""
    return bool(db.call_value(conn, "api.pause_subscription", subscription_id, paused))


def stop_subscription(conn: db.Connection, subscription_id: int) -> bool:
    """End one: the caller's; as the portal itself, for a signed link, anybody's."""
    return bool(db.call_value(conn, "api.stop_subscription", subscription_id))


def claim_subscription(conn: db.Connection, stale_seconds: int) -> db.Row | None:
    """As the portal itself: the one that is to be delivered next."""
    found = db.call(conn, "api.claim_subscription", stale_seconds)
    return found[0] if found else None


def end_delivery(
    conn: db.Connection,
    subscription_id: int,
    attempt: int,
    outcome: str,
    *,
    facts: Mapping[str, Any] | None = None,
    target: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    mail: UUID | None = None,
) -> int | None:
    """As the portal itself: it was delivered, or why not; None where nobody wants it any more."""
    logged: int | None = db.call_value(
        conn, "api.end_delivery", subscription_id, attempt, outcome,
        None if facts is None else Jsonb(facts), target,
        None if parameters is None else Jsonb(parameters), mail,
    )  # fmt: skip
    return logged
