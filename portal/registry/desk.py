"""What the desks of officials read besides the registers themselves.

Like :mod:`portal.registry.gateway` within the caller's transaction, so that the database decides
what there is. An open end is None here: Python has no infinite moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal import db
from portal.registry import gateway
from portal.web.formats import ABSENT
from portal.web.i18n import gettext, language
from portal.web.urls import LONGEST_ID

PERSON = "person "  # what stands before a person's number in logs
WAITING = ("submitted", "in_review")  # states in which a change waits for an official


class People:
    """The people behind the actors that records and logs name."""

    def __init__(self, conn: db.Connection, actors: Iterable[str | None]) -> None:
        numbers = {actor.removeprefix(PERSON) for actor in actors if actor}
        asked = [int(one) for one in numbers if one.isdecimal() and len(one) < LONGEST_ID]
        rows = conn.execute(
            "select p.id, p.name_uk, p.name_en from api.person as p where p.id = any (%s)",
            (asked,),
        )
        self._known: dict[str, str] = {
            f"{PERSON}{row['id']}": row["name_uk" if language() == "uk" else "name_en"]
            for row in rows
        }

    def name(self, actor: str | None) -> str:
        """What an actor is called; a program by its own name. An operator is told no official's."""
        if not actor:
            return ABSENT
        if actor in self._known:
            return self._known[actor]
        if actor.startswith(PERSON):
            return gettext("official")
        return gettext("the system (%(name)s)", name=actor)


def private_attributes(conn: db.Connection, kind: str, record_id: int) -> dict[str, Any]:
    """What documents leave out of a record, now; for those who may read it."""
    if kind != "representative":
        return {}
    row = conn.execute(
        "select r.taxpayer_number, r.email, r.phone from api.representative_private as r"
        " where r.id = %s",
        (record_id,),
    ).fetchone()
    return {name: value for name, value in (row or {}).items() if value is not None}


def steps(conn: db.Connection, workflow: str, state: str, role: str) -> dict[str, db.Row]:
    """What a role may do from a state, by the name of the step."""
    return {row["action"]: row for row in gateway.transitions(conn, workflow, state, role)}


def waiting_by_state(conn: db.Connection) -> dict[str, int]:
    """How many changes stand in each state that is not final."""
    rows = conn.execute(
        "select c.state, count(*) as number from api.change as c"
        " join api.workflow_state as s on s.workflow = 'change' and s.state = c.state"
        " where not s.final and c.state <> 'draft' group by c.state"
    )
    return {row["state"]: row["number"] for row in rows}


def next_waiting(conn: db.Connection, after: int) -> int | None:
    """The change that waits longest after this one; the longest of all where that was the last."""
    row = conn.execute(
        "select c.id from api.change as c where c.state = any (%s) and c.id <> %s"
        " order by c.id <= %s, c.id limit 1",
        (list(WAITING), after, after),
    ).fetchone()
    return int(row["id"]) if row else None


def suspensions(conn: db.Connection, licence_id: int) -> list[db.Row]:
    """Periods in which a licence is, was or is to be suspended, the last first."""
    return conn.execute(
        "select s.id, s.suspended_from, nullif(s.suspended_until, 'infinity') as suspended_until,"
        " s.grounds, s.withdrawn_at, s.withdrawal_grounds,"
        " s.withdrawn_at is null and s.suspended_from > statement_timestamp() as planned"
        " from api.licence_suspension as s where s.licence_id = %s"
        " order by s.suspended_from desc, s.id desc",
        (licence_id,),
    ).fetchall()


def blocks(conn: db.Connection, equipment_id: int) -> list[db.Row]:
    """Orders that block or blocked a piece of equipment, the last first."""
    return conn.execute(
        "select b.id, b.order_number, b.grounds, b.blocked_from,"
        " nullif(b.blocked_until, 'infinity') as blocked_until, b.lifting_order, b.lifting_grounds"
        " from api.equipment_block as b where b.equipment_id = %s"
        " order by b.blocked_from desc, b.id desc",
        (equipment_id,),
    ).fetchall()


def blocking_orders(
    conn: db.Connection,
    *,
    operator_id: int | None,
    in_force: bool | None,
    before: int | None,
    limit: int,
) -> list[db.Row]:
    """Blocking orders of all equipment, the last first."""
    return conn.execute(
        "select b.id, b.operator_id, b.equipment_id, b.order_number, b.grounds, b.blocked_from,"
        " nullif(b.blocked_until, 'infinity') as blocked_until, b.lifting_order, b.lifting_grounds,"
        " e.code, e.title_uk, e.title_en from api.equipment_block as b"
        " join api.entry as e on e.kind = 'equipment' and e.record_id = b.equipment_id"
        " and e.recorded_until = 'infinity'"
        " where (%s::integer is null or b.operator_id = %s)"
        " and (%s::boolean is null or (b.blocked_until = 'infinity') = %s)"
        " and (%s::bigint is null or b.id < %s) order by b.id desc limit %s",
        (operator_id, operator_id, in_force, in_force, before, before, limit),
    ).fetchall()


def fees(conn: db.Connection) -> list[db.Row]:
    """Fees for a year of each kind of licence, of a kind the last first."""
    return conn.execute(
        "select f.id, f.licence_kind_id, f.amount_minor, f.currency, f.valid_from,"
        " nullif(f.valid_until, 'infinity') as valid_until, f.grounds, f.source, f.set_by,"
        " f.verified_at, f.verified_by,"
        " f.valid_from <= (statement_timestamp() at time zone 'Europe/Kyiv')::date as begun,"
        " f.valid_until <= (statement_timestamp() at time zone 'Europe/Kyiv')::date as over"
        " from api.licence_fee as f order by f.licence_kind_id, f.valid_from desc"
    ).fetchall()


def licence_kinds(conn: db.Connection) -> list[db.Row]:
    """Kinds of licence."""
    return conn.execute(
        "select k.id, k.code, k.name_uk, k.name_en, k.term_years from api.licence_kind as k"
        " order by k.id"
    ).fetchall()


def taxpayers(
    conn: db.Connection,
    *,
    search: str,
    cursor: str | None = None,
    backward: bool = False,
    limit: int = 50,
) -> list[db.Row]:
    """A page of organisers by name, with their taxpayer code and their licences in force."""
    rows = gateway.records(
        conn,
        "organiser",
        filters={},
        search=search,
        sort=f"title_{language()}",
        descending=False,
        cursor=cursor,
        backward=backward,
        limit=limit,
        as_of=None,
    )
    in_force = conn.execute(
        "select c.operator_id, c.record_count from api.operator_count as c"
        " where c.operator_id = any (%s) and c.kind = 'licence' and c.state = 'active'",
        ([row["record_id"] for row in rows],),
    )
    numbers = {row["operator_id"]: row["record_count"] for row in in_force}
    return [
        row
        | {
            "taxpayer_code": row["document"]["taxpayer_code"],
            "licences_active": numbers.get(row["operator_id"], 0),
        }
        for row in rows
    ]


def licences_of(conn: db.Connection, operator_id: int) -> list[db.Row]:
    """Licences of an organiser as they are now, those that end last first."""
    return conn.execute(
        "select e.record_id, e.code, e.state, e.document, e.since,"
        " nullif(e.until, 'infinity') as until from api.entry as e"
        " where e.kind = 'licence' and e.operator_id = %s and e.recorded_until = 'infinity'"
        " order by e.until desc, e.record_id",
        (operator_id,),
    ).fetchall()


def money(
    conn: db.Connection,
    first: date,
    last: date,
    *,
    by: str,
    operators: list[int] | None,
    currency: int,
) -> dict[str, db.Row]:
    """Bets and payouts of a period by key, as report R03 counts them.

    Of some operators, or (None) of all.
    """
    rows = db.call(
        conn,
        "api.report_r03",
        first,
        last,
        [by],
        operators,
        p_currency=currency,
    )
    return {row["keys"][0]: row for row in rows if not row["is_total"]}
