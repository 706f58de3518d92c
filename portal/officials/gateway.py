"""Roles, permissions and appointments in the database: one small function for each question.

All of them run in the caller's transaction, so that row-level security decides whom there is to
see. An open end is None here, as Python has no infinite moment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from portal import db
from portal.errors import NotFound

_CHANGE = (
    "select c.id, c.action, c.person_id, c.appointment_id, c.role, c.active_from,"
    " nullif(c.active_until, 'infinity') as active_until, c.reason, c.state, c.proposed_at,"
    " c.proposed_by, c.proposed_person, c.decided_at, c.decided_by, c.decided_person,"
    " c.decision_reason, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en"
    " from api.appointment_change as c join api.person as p on p.id = c.person_id"
)


def roles(conn: db.Connection) -> list[db.Row]:
    """Every role, in the order of lists."""
    return conn.execute("select * from api.role order by position").fetchall()


def permissions(conn: db.Connection) -> list[db.Row]:
    """Every permission, in the order of lists, with ``roles``: who has it."""
    return conn.execute(
        "select p.*, array(select rp.role from api.role_permission as rp"
        " where rp.permission = p.code) as roles from api.permission as p order by p.position"
    ).fetchall()


def officials(
    conn: db.Connection,
    *,
    role: str = "",
    state: str = "",
    search: str = "",
    after: int | None = None,
    limit: int,
) -> list[db.Row]:
    """Officials that the caller may see, the newest first; operators' people are not among them."""
    return conn.execute(
        "select o.* from api.official as o where o.operator_id is null"
        " and o.database_role <> 'operator'"
        " and (%(role)s::text = '' or o.role = %(role)s)"
        " and (%(state)s::text = '' or o.state = %(state)s)"
        " and (%(search)s::text = '' or strpos(lower(o.name_uk), lower(%(search)s)) > 0"
        " or strpos(lower(o.name_en), lower(%(search)s)) > 0"
        " or strpos(lower(o.organisation_uk), lower(%(search)s)) > 0)"
        " and (%(after)s::integer is null or o.id < %(after)s)"
        " order by o.id desc limit %(limit)s",
        {"role": role, "state": state, "search": search, "after": after, "limit": limit},
    ).fetchall()


def official(conn: db.Connection, person_id: int) -> db.Row:
    """One person who holds or held a role; NotFound for none, as for whom one may not see."""
    row = conn.execute("select * from api.official where id = %s", (person_id,)).fetchone()
    if row is None:
        raise NotFound
    return row


def appointable(conn: db.Connection, person_id: int) -> db.Row:
    """The same; besides, somebody of an operator who works by the registered powers alone."""
    try:
        return official(conn, person_id)
    except NotFound:
        row = conn.execute(
            "select p.id, p.role as database_role, p.operator_id, p.name_uk, p.name_en,"
            " p.organisation_uk, p.organisation_en, 'operator_representative' as role,"
            " 'by_powers' as state, null as tax_number, false as waiting, null as active_from,"
            " null as active_until from api.person as p"
            " where p.id = %s and p.operator_id is not null",
            (person_id,),
        ).fetchone()
        if row is None:
            raise
        return row


def own_people(conn: db.Connection, operator_id: int | None) -> list[db.Row]:
    """The people of an operator that the caller may see, with the role that each was given last."""
    return conn.execute(
        "select p.id, p.name_uk, p.name_en, p.organisation_uk, p.organisation_en, a.role, a.state"
        " from api.person as p"
        " left join lateral (select b.role, b.state from api.appointment as b"
        " where b.person_id = p.id order by b.id desc limit 1) as a on true"
        " where p.operator_id = %s order by p.name_uk, p.id limit 500",
        (operator_id,),
    ).fetchall()


def appointments(conn: db.Connection, person_id: int) -> list[db.Row]:
    """Every role that a person held, the last first."""
    return conn.execute(
        "select a.id, a.role, a.state, a.active_from, nullif(a.active_until, 'infinity')"
        " as active_until from api.appointment as a where a.person_id = %s order by a.id desc",
        (person_id,),
    ).fetchall()


def changes(conn: db.Connection, person_id: int | None = None) -> list[db.Row]:
    """Proposals that wait, of one person or of all, the oldest first."""
    return conn.execute(
        _CHANGE + " where c.state = 'proposed' and (%(who)s::integer is null"
        " or c.person_id = %(who)s) order by c.id limit 200",
        {"who": person_id},
    ).fetchall()


def change(conn: db.Connection, number: int) -> db.Row:
    """One proposal; NotFound for none, as for one that the caller may not see."""
    row = conn.execute(_CHANGE + " where c.id = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    return row


def events(conn: db.Connection, person_id: int) -> list[db.Row]:
    """What happened to a person's appointments, the last first."""
    return conn.execute(
        "select e.id, e.happened_at, e.change_id, e.deed, e.actor, e.reason, e.before, e.after,"
        " c.action, c.role from api.appointment_event as e"
        " join api.appointment_change as c on c.id = e.change_id"
        " where e.person_id = %s order by e.id desc limit 500",
        (person_id,),
    ).fetchall()


def propose(
    conn: db.Connection,
    action: str,
    *,
    person_id: int | None,
    role: str | None,
    since: datetime | None,
    until: datetime | None,
    reason: str,
    person: Mapping[str, str] | None = None,
) -> int:
    """Propose an appointment or its change; the number of the proposal."""
    made = db.call_value(
        conn, "api.propose_appointment", action, person_id, role, since, until, reason,
        None if person is None else Jsonb(dict(person)),
    )  # fmt: skip
    return int(made)


def decide(conn: db.Connection, number: int, decision: str, reason: str | None) -> str:
    """Confirm, refuse or withdraw a proposal; the state in which it then is."""
    return str(db.call_value(conn, "api.decide_appointment", number, decision, reason))


def set_portal_role(
    conn: db.Connection, person_id: int, action: str, role: str | None, reason: str
) -> None:
    """As an operator's owner: say as what one of the own people works here."""
    db.call_value(conn, "api.set_portal_role", person_id, action, role, reason)


def faults(problem: psycopg.Error) -> list[dict[str, Any]]:
    """What is wrong with what was proposed, by field."""
    detail = problem.diag.message_detail
    found: list[dict[str, Any]] = json.loads(detail) if detail else []
    return found


def stands(problem: psycopg.Error) -> dict[str, Any]:
    """Where it stands, or why not, as the database says it."""
    detail = problem.diag.message_detail
    found: dict[str, Any] = json.loads(detail) if detail else {}
    return found
