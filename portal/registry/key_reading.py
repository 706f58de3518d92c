"""What pages of access keys read besides the gateway: an operator's keys, and what each sent."""

from __future__ import annotations

from typing import LiteralString

from portal import db
from portal.errors import NotFound
from portal.registry import gateway
from portal.registry.pages import possible

# How far back a key's log looks among what its operator sent, and how much of it is shown.
LOOKED_THROUGH = 2000
LOGGED = 50
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


def use(conn: db.Connection) -> dict[int, db.Row]:
    """Last use and last refusal of each key within 30 days, by key."""
    return {row["access_key_id"]: row for row in gateway.key_use(conn)}


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
