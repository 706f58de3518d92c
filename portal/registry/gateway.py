"""The registers as readers see and change them: one small function per function of ``api``.

All of them run inside the caller's transaction, so that the database decides what there is: what
belongs to another and what does not exist are the same answer. What each gives stands in
docs/registry.md.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from portal import db
from portal.errors import NotFound

Filters = Mapping[str, Sequence[str] | Sequence[int]]
Proposal = Mapping[str, Any]


def kinds(conn: db.Connection) -> list[db.Row]:
    """Kinds of record, in the order in which they are shown."""
    return conn.execute("select * from api.record_kind order by position").fetchall()


def attributes(conn: db.Connection, kind: str) -> list[db.Row]:
    """What a kind of record consists of, in the order of forms."""
    return conn.execute(
        "select * from api.attribute where kind = %s order by position", (kind,)
    ).fetchall()


def choices(conn: db.Connection) -> list[db.Row]:
    """Everything that may be chosen in an attribute, with its words."""
    return conn.execute(
        "select list, value, position, name_uk, name_en from api.choice"
        " union all select 'licence_kind', k.id::text, k.id, k.name_uk, k.name_en"
        " from api.licence_kind as k"
        " union all select 'gambling_type', t.id::text, t.id, t.name_uk, t.name_en"
        " from api.gambling_type as t order by 1, 3"
    ).fetchall()


def states(conn: db.Connection) -> list[db.Row]:
    """States of changes and of records, with their words."""
    return conn.execute("select * from api.workflow_state order by workflow, position").fetchall()


def transitions(conn: db.Connection, workflow: str, state: str, role: str) -> list[db.Row]:
    """The steps that a role may take from a state."""
    return conn.execute(
        "select action, to_state, reason_required, name_uk, name_en from api.workflow_transition"
        " where workflow = %s and from_state = %s and %s = any (roles) order by action",
        (workflow, state, role),
    ).fetchall()


def records(
    conn: db.Connection,
    kind: str,
    *,
    filters: Filters,
    search: str,
    sort: str,
    descending: bool,
    cursor: str | None,
    backward: bool,
    limit: int,
    as_of: datetime | None,
    among: str | None = None,
) -> list[db.Row]:
    """A page of one register, in the list's order whichever way it is turned.

    ``among``: the page as :func:`facets` found it under the same filters, which spares a search.
    """
    return db.call(
        conn, "api.registry_list", kind, Jsonb(filters), search, sort, descending, cursor, backward,
        limit, as_of, among,
    )  # fmt: skip


def facets(
    conn: db.Connection,
    kind: str,
    *,
    filters: Filters,
    search: str,
    as_of: datetime | None,
    sort: str | None = None,
    descending: bool = False,
    cursor: str | None = None,
    backward: bool = False,
    limit: int = 50,
) -> list[db.Row]:
    """How many records each choice of a facet would show.

    With a ``sort``, and where the records had to be looked for, facet ``page`` has the ids of the
    page that :func:`records` gives for the other arguments.
    """
    return db.call(
        conn, "api.registry_facets", kind, Jsonb(filters), search, as_of, sort, descending, cursor,
        backward, limit,
    )  # fmt: skip


def found(conn: db.Connection, text: str, each: int) -> list[db.Row]:
    """A few of each kind that a text fits."""
    return db.call(conn, "api.registry_search", text, each)


def record(conn: db.Connection, kind: str, record_id: int, as_of: datetime | None = None) -> db.Row:
    """One record, now or as of a moment; NotFound for another's and for none."""
    rows = db.call(conn, "api.registry_record", kind, record_id, as_of)
    if not rows:
        raise NotFound
    return rows[0]


def history(
    conn: db.Connection, kind: str, record_id: int, *, before: int | None, limit: int
) -> list[db.Row]:
    """What each version of a record changed, newest first."""
    return db.call(conn, "api.registry_history", kind, record_id, before, limit)


def changes(
    conn: db.Connection,
    *,
    states: list[str] | None = None,
    kind: str | None = None,
    operator_id: int | None = None,
    assignee: str | None = None,
    after: int | None = None,
    limit: int = 50,
    backward: bool = False,
) -> list[db.Row]:
    """Applications and changes, in the order in which they were begun: after one, or before it."""
    return db.call(
        conn, "api.change_queue", states, kind, operator_id, assignee, after, limit, backward
    )


def change(conn: db.Connection, change_id: int) -> dict[str, Any]:
    """A change with the version it was made on, the present one and its log; NotFound for none."""
    detail: dict[str, Any] | None = db.call_value(conn, "api.change_detail", change_id)
    if detail is None:
        raise NotFound
    return detail


def check(
    conn: db.Connection,
    *,
    kind: str,
    action: str,
    record_id: int | None,
    operator_id: int | None,
    proposed: Proposal,
) -> db.Row:
    """What is proposed in canonical form, and its errors; nothing is saved."""
    return db.call(conn, "api.check_change", kind, action, record_id, operator_id, Jsonb(proposed))[
        0
    ]


def begin(
    conn: db.Connection,
    *,
    kind: str,
    action: str,
    record_id: int | None,
    operator_id: int | None,
    proposed: Proposal,
    base_version: int | None = None,
) -> db.Row:
    """Begin a draft."""
    return db.call(
        conn, "api.save_change", None, kind, action, record_id, operator_id, Jsonb(proposed),
        base_version,
    )[0]  # fmt: skip


def save(
    conn: db.Connection,
    change_id: int,
    proposed: Proposal,
    *,
    version: int,
    base_version: int | None = None,
) -> db.Row:
    """Save a draft or what was returned; ``base_version`` after a conflict: the present one."""
    return db.call(
        conn, "api.save_change", change_id, None, None, None, None, Jsonb(proposed), base_version,
        version,
    )[0]  # fmt: skip


def step(
    conn: db.Connection,
    change_id: int,
    action: str,
    *,
    reason: str | None = None,
    version: int | None = None,
) -> db.Row:
    """Submit, withdraw, take, release, approve, return, refuse or enter a change."""
    conn.execute("set local statement_timeout = '60s'")  # 5,000 records are checked and written
    return db.call(conn, "api.step_change", change_id, action, reason, version)[0]


def begin_rows(
    conn: db.Connection,
    *,
    kind: str,
    operator_id: int | None,
    file: str,
    rows: Sequence[tuple[int, Proposal]],
) -> db.Row:
    """Begin a draft of many new records: (number of the row, what it proposes)."""
    given = [{"row": number, "proposed": proposed} for number, proposed in rows]
    return db.call(conn, "api.begin_rows", kind, operator_id, file, Jsonb(given))[0]


def check_rows(conn: db.Connection, change_id: int, limit: int) -> int:
    """Check the next rows of a draft of many records; how many are left."""
    return int(db.call_value(conn, "api.check_rows", change_id, limit))


def rows_state(conn: db.Connection, change_id: int) -> db.Row:
    """How many rows a change has: ``rows``, ``unchecked``, ``wrong``."""
    row = conn.execute(
        "select count(*) as rows, count(*) filter (where r.errors is null) as unchecked,"
        " count(*) filter (where r.errors <> '[]') as wrong"
        " from api.change_row as r where r.change_id = %s",
        (change_id,),
    ).fetchone()
    return row or {"rows": 0, "unchecked": 0, "wrong": 0}


def rows(
    conn: db.Connection, change_id: int, *, after: int, limit: int, wrong: bool = False
) -> list[db.Row]:
    """Rows of a change of many records, by their numbers; with ``wrong`` those with errors."""
    return conn.execute(
        "select r.row_number, r.proposed, r.errors, r.record_id from api.change_row as r"
        " where r.change_id = %s and r.row_number > %s"
        " and (not %s::boolean or r.errors <> '[]') order by r.row_number limit %s",
        (change_id, after, wrong, limit),
    ).fetchall()


def give(
    conn: db.Connection, change_id: int, person_id: int, *, word: str | None, version: int
) -> db.Row:
    """Give a change to a colleague, who then has it as if taken."""
    return db.call(conn, "api.give_change", change_id, person_id, word, version)[0]


def deciders(conn: db.Connection) -> list[db.Row]:
    """The people who may decide on changes now, by name."""
    return conn.execute(
        "select d.id, d.name_uk, d.name_en, d.organisation_uk, d.organisation_en"
        " from api.decider as d order by d.name_uk, d.id"
    ).fetchall()


def suspend_licence(
    conn: db.Connection,
    licence_id: int,
    *,
    since: datetime | None,
    until: datetime | None,
    grounds: str,
) -> int:
    """Suspend a licence from now or a moment on, for a time or until it is resumed."""
    return int(db.call_value(conn, "api.suspend_licence", licence_id, since, until, grounds))


def withdraw_suspension(conn: db.Connection, suspension_id: int, grounds: str) -> None:
    """Take back a suspension that has not begun."""
    db.call_value(conn, "api.withdraw_suspension", suspension_id, grounds)


def resume_licence(conn: db.Connection, licence_id: int, grounds: str) -> None:
    """End what suspends a licence now."""
    db.call_value(conn, "api.resume_licence", licence_id, grounds)


def revoke_licence(conn: db.Connection, licence_id: int, grounds: str) -> None:
    """Revoke a licence for good."""
    db.call_value(conn, "api.revoke_licence", licence_id, grounds)


def set_licence_fee(
    conn: db.Connection,
    kind_id: int,
    *,
    amount_minor: int,
    currency: int,
    valid_from: date,
    grounds: str,
    source: str | None = None,
) -> int:
    """Set the yearly fee of a kind of licence from a day on; ``source``: where it was read."""
    return int(
        db.call_value(
            conn,
            "api.set_licence_fee",
            kind_id,
            amount_minor,
            currency,
            valid_from,
            grounds,
            source,
        )
    )


def verify_licence_fee(conn: db.Connection, fee_id: int, source: str) -> None:
    """Say that a fee, which somebody else entered, was compared with its source."""
    db.call_value(conn, "api.verify_licence_fee", fee_id, source)


def block_equipment(conn: db.Connection, equipment_id: int, *, order: str, grounds: str) -> int:
    """Block a piece of equipment by order."""
    return int(db.call_value(conn, "api.block_equipment", equipment_id, order, grounds))


def unblock_equipment(conn: db.Connection, equipment_id: int, *, order: str, grounds: str) -> None:
    """Lift the order that blocks a piece of equipment."""
    db.call_value(conn, "api.unblock_equipment", equipment_id, order, grounds)


def keys(conn: db.Connection) -> list[db.Row]:
    """Access keys with their limits, without secrets."""
    return db.call(conn, "api.access_keys")


def key_use(conn: db.Connection, operator_id: int, key_id: int | None = None) -> list[db.Row]:
    """Last use and last refusal of an operator's keys, or of one of them."""
    return db.call(conn, "api.access_key_use", operator_id, key_id)


def create_key(
    conn: db.Connection,
    *,
    operator_id: int,
    key_id: str,
    secret_hmac: bytes,
    label: str,
    mode: str,
    scopes: list[str],
    manual: bool,
    expires_at: datetime | None,
    addresses: list[str],
) -> int:
    """Register a key, from anywhere without addresses; its secret never reaches the database."""
    return int(
        db.call_value(
            conn, "api.create_access_key", operator_id, key_id, secret_hmac, label, mode, scopes,
            manual, expires_at, addresses,
        )
    )  # fmt: skip


def rotate_key(
    conn: db.Connection, id_: int, *, key_id: str, secret_hmac: bytes, old_until: datetime
) -> int:
    """Replace a key; the old one works on until then, at most 30 days."""
    return int(db.call_value(conn, "api.rotate_access_key", id_, key_id, secret_hmac, old_until))


def restrict_key(
    conn: db.Connection,
    id_: int,
    *,
    scopes: list[str] | None,
    addresses: list[str] | None,
    expires_at: datetime | None,
) -> None:
    """Narrow what a key may do, from where and until when; None keeps what is there."""
    db.call_value(conn, "api.restrict_access_key", id_, scopes, addresses, expires_at)


def revoke_key(conn: db.Connection, id_: int) -> datetime:
    """Revoke a key: no batch of it commits after this has committed."""
    moment: datetime = db.call_value(conn, "api.revoke_access_key", id_)
    return moment


def operators_at_a_glance(
    conn: db.Connection,
    *,
    search: str = "",
    integration: str | None = None,
    sort: str = "title_uk",
    descending: bool = False,
    cursor: str | None = None,
    backward: bool = False,
    limit: int = 50,
) -> list[db.Row]:
    """A page of operators, each on one line: licences, objects, integration, last data."""
    return db.call(
        conn, "api.operators_at_a_glance", search, integration, sort, descending, cursor, backward,
        limit,
    )  # fmt: skip


def operators_by_integration(conn: db.Connection, search: str) -> list[db.Row]:
    """How the systems of the operators do that a search finds, in counts."""
    return db.call(conn, "api.operators_by_integration", search)


def facts(problem: psycopg.Error) -> Any:
    """What an error of the registry says besides its SQLSTATE (docs/registry.md); None: nothing."""
    detail = problem.diag.message_detail
    return json.loads(detail) if detail else None
