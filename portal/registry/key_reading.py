"""What pages of access keys read besides the gateway: an operator's keys, and what each sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString

from portal import db
from portal.errors import NotFound
from portal.registry import gateway
from portal.registry.catalogue import FOREVER, moment_text
from portal.registry.key_forms import SCOPES
from portal.registry.pages import possible
from portal.web.i18n import gettext

# How far back a key's log looks among what its operator sent, and how much of it is shown.
LOOKED_THROUGH = 2000
LOGGED = 50
LIMITS = {"rows_per_s", "burst_rows", "bytes_per_s", "burst_bytes"}
# An open end is null: Python has no infinity among moments.
_KEY: LiteralString = (
    "select k.id, k.operator_id, k.key_id, k.label, k.mode, k.scopes, k.manual, k.created_at,"
    " nullif(k.expires_at, 'infinity') as expires_at, k.revoked_at,"
    " k.allowed_addresses::text[] as addresses, k.rotated_from,"
    " case when k.revoked_at is not null then 'revoked'"
    " when k.expires_at <= statement_timestamp() then 'expired' else 'valid' end as state"
    " from api.access_key as k"
)


def keys_of(conn: db.Connection, operator_id: int) -> list[db.Row]:
    """An operator's keys, the newest first."""
    return conn.execute(
        _KEY + " where k.operator_id = %s order by k.id desc", (operator_id,)
    ).fetchall()


def key(conn: db.Connection, id_: int) -> db.Row:
    """One key; NotFound for another's and for none."""
    row = conn.execute(_KEY + " where k.id = %s", (possible(id_),)).fetchone()
    if row is None:
        raise NotFound
    return row


def use(conn: db.Connection, operator_id: int, key_id: int | None = None) -> dict[int, db.Row]:
    """Last use and last refusal of an operator's keys within 30 days, by key.

    Use is known by the hour, of which ``last_batch_until`` is the end.
    """
    return {
        row["access_key_id"]: row | {"last_batch_until": _hour_later(row["last_batch_hour"])}
        for row in gateway.key_use(conn, operator_id, key_id)
    }


@dataclass(frozen=True)
class Event:
    """What somebody did with a key, a line for each thing that it changed."""

    moment: datetime
    actor: str
    lines: list[str]


def events(conn: db.Connection, key_id: int) -> list[Event]:
    """What became of a key since it was made, the last first."""
    rows = conn.execute(
        "select h.changed_at, h.actor, h.before, h.after from api.registry_history as h"
        " where h.table_name = 'access_key' and h.record_id = %s order by h.id desc limit %s",
        (key_id, LOGGED),
    ).fetchall()
    return [
        Event(row["changed_at"], row["actor"], _lines(row["before"], row["after"])) for row in rows
    ]


def _lines(before: dict[str, Any] | None, after: dict[str, Any]) -> list[str]:
    told = [gettext("made")] if before is None else []
    moved = {name for name, value in after.items() if (before or {}).get(name) != value}
    if "scopes" in moved:
        told.append(gettext("It may: %(what)s", what="; ".join(_scopes(after["scopes"]))))
    # Of keys from before there were addresses the history says nothing.
    if "allowed_addresses" in moved and (before is not None or after["allowed_addresses"]):
        where = ", ".join(after["allowed_addresses"]) or gettext("from anywhere")
        told.append(gettext("From which addresses: %(what)s", what=where))
    if "expires_at" in moved and (before is not None or after["expires_at"] != FOREVER):
        told.append(gettext("Works until: %(what)s", what=moment_text(after["expires_at"])))
    if before is not None and moved & LIMITS:
        told.append(gettext("Limits of what it may send"))
    if "revoked_at" in moved and after["revoked_at"]:
        told.append(gettext("revoked"))
    return told


def _scopes(scopes: list[str]) -> list[str]:
    return [str(SCOPES.get(scope, scope)) for scope in scopes]


def _hour_later(hour: datetime | None) -> datetime | None:
    return hour + timedelta(hours=1) if hour else None


def log(conn: db.Connection, found: db.Row) -> list[db.Row]:
    """The last requests with a key: batches that were accepted and refusals, newest first."""
    return conn.execute(
        "select * from ("
        " (select b.received_at as moment, b.id as batch_id, null::text as code,"
        " null::smallint as status, b.row_count, b.stream, b.stream_sequence"
        " from (select * from api.batch where operator_id = %(operator)s"
        " order by operator_sequence desc limit %(through)s) as b"
        " where b.access_key_id = %(key)s order by b.received_at desc limit %(limit)s)"
        " union all"
        " (select r.refused_at, null, r.code, r.status, r.row_count, r.stream, r.stream_sequence"
        " from (select * from api.refusal where operator_id = %(operator)s"
        " order by id desc limit %(through)s) as r"
        " where r.access_key_id = %(key)s order by r.refused_at desc limit %(limit)s)"
        ") as t order by t.moment desc limit %(limit)s",
        {
            "operator": found["operator_id"],
            "key": found["id"],
            "through": LOOKED_THROUGH,
            "limit": LOGGED,
        },
    ).fetchall()
