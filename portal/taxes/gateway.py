"""Rates of tax in the database: one small function per function of ``api``.

All of them run in the caller's transaction. An open beginning or end is None here, as Python has no
infinite day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from portal import db
from portal.errors import NotFound

_RATE = (
    "select r.id, r.kind, r.tax_class, r.rate_ppm, r.base, r.loss_rule, r.act, r.source,"
    " r.verified_by, r.verified_at, r.change_id, r.recorded_from,"
    " nullif(r.recorded_until, 'infinity') as recorded_until,"
    " nullif(r.valid_from, '-infinity') as valid_from,"
    " nullif(r.valid_until, 'infinity') as valid_until,"
    " nullif(r.valid_until, 'infinity') - 1 as last_day from api.tax_rate as r"
    " join api.tax_class as c on c.code = r.tax_class"
)
_ORDER = " order by c.position, r.kind, r.valid_from, r.id"
_CHANGE = (
    "select c.id, c.action, c.kind, c.tax_class, c.rate_ppm, c.base, c.loss_rule, c.act, c.source,"
    " c.reason, c.state, c.proposed_at, c.proposed_by, c.proposed_person, c.decided_at,"
    " c.decided_by, c.decision_reason, nullif(c.valid_from, '-infinity') as valid_from,"
    " nullif(c.valid_until, 'infinity') as valid_until,"
    " nullif(c.valid_until, 'infinity') - 1 as last_day from api.tax_rate_change as c"
)


def classes(conn: db.Connection) -> list[db.Row]:
    """What rates are set for."""
    return conn.execute("select * from api.tax_class order by position").fetchall()


def rates(conn: db.Connection, day: date | None = None) -> list[db.Row]:
    """The rates that hold by the present records, of one day or of all."""
    return conn.execute(
        _RATE + " where r.recorded_until = 'infinity'"
        " and (%(day)s::date is null or r.valid_from <= %(day)s and r.valid_until > %(day)s)"
        + _ORDER,
        {"day": day},
    ).fetchall()


def rates_of(conn: db.Connection, kind: str, tax_class: str) -> list[db.Row]:
    """All rates of a tax and class that hold by the present records."""
    return conn.execute(
        _RATE
        + " where r.recorded_until = 'infinity' and r.kind = %s and r.tax_class = %s"
        + _ORDER,
        (kind, tax_class),
    ).fetchall()


def newest_rate(conn: db.Connection, kind: str, tax_class: str) -> int | None:
    """The number of the newest rate of a tax and class; what a decision is made on."""
    row = conn.execute(
        "select max(r.id) as id from api.tax_rate as r where r.kind = %s and r.tax_class = %s",
        (kind, tax_class),
    ).fetchone()
    return row["id"] if row else None


def replaced(conn: db.Connection) -> list[db.Row]:
    """Rates that the records no longer hold, those replaced last first."""
    return conn.execute(
        _RATE + " where r.recorded_until < 'infinity' order by r.recorded_until desc, r.id desc"
    ).fetchall()


def rate(conn: db.Connection, number: int) -> db.Row:
    """One rate; NotFound for none."""
    row = conn.execute(_RATE + " where r.id = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    return row


def changes(conn: db.Connection, *, waiting: bool) -> list[db.Row]:
    """Proposals that wait, or those that were decided, the last first."""
    return conn.execute(
        _CHANGE + " where (c.state = 'proposed') = %s order by c.id desc limit 500", (waiting,)
    ).fetchall()


def change(conn: db.Connection, number: int) -> db.Row:
    """One proposal; NotFound for none."""
    row = conn.execute(_CHANGE + " where c.id = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    return row


def propose(
    conn: db.Connection,
    *,
    action: str,
    kind: str,
    tax_class: str,
    rate_ppm: int | None,
    base: str | None,
    loss_rule: str | None,
    valid_from: date | None,
    valid_until: date | None,
    act: str,
    source: str,
    reason: str,
) -> int:
    """Propose a rate, or that none holds; None as ``valid_from``: since when is not established."""
    return int(
        db.call_value(
            conn,
            "api.propose_tax_rate",
            action,
            kind,
            tax_class,
            rate_ppm,
            base,
            loss_rule,
            "-infinity" if valid_from is None else valid_from.isoformat(),
            valid_until,
            act,
            source,
            reason,
        )
    )


def decide(
    conn: db.Connection, number: int, decision: str, *, reason: str | None, newest: int | None
) -> str:
    """Confirm, refuse or withdraw a proposal; the state in which it then is."""
    return str(db.call_value(conn, "api.decide_tax_rate", number, decision, reason, newest))


def estimate(
    conn: db.Connection,
    first: date,
    last: date,
    *,
    operators: list[int] | None = None,
    currency: int = 980,
) -> list[db.Row]:
    """Estimated taxes of a period, by taxpayer, tax, class, base and part of a month."""
    return db.call(conn, "api.tax_estimate", first, last, operators, currency)


def faults(problem: psycopg.Error) -> list[dict[str, Any]]:
    """What is wrong with a proposal, by field."""
    detail = problem.diag.message_detail
    found: list[dict[str, Any]] = json.loads(detail) if detail else []
    return found


_PAYMENT = (
    "select t.id, t.operator_id, t.kind, t.month, t.paid_on, t.amount_minor, t.document,"
    " t.recorded_at, t.recorded_by, nullif(t.recorded_until, 'infinity') as taken_back_at,"
    " t.taken_back_by, t.taken_back_reason from api.tax_payment as t"
)
_CHOSEN = (
    " where (%(operators)s::integer[] is null or t.operator_id = any (%(operators)s))"
    " and (%(kind)s::text is null or t.kind = %(kind)s)"
    " and (%(first)s::date is null or t.month >= %(first)s)"
    " and (%(last)s::date is null or t.month <= %(last)s)"
    " and (%(counts)s::boolean is null or (t.recorded_until = 'infinity') = %(counts)s)"
)


def payments(
    conn: db.Connection, chosen: Mapping[str, Any], *, before: int | None = None, limit: int
) -> list[db.Row]:
    """Recorded payments, the last first; ``chosen``: operators, kind, first, last, counts."""
    return conn.execute(
        _PAYMENT + _CHOSEN + " and (%(before)s::bigint is null or t.id < %(before)s)"
        " order by t.id desc limit %(limit)s",
        {**chosen, "before": before, "limit": limit},
    ).fetchall()


def payments_total(conn: db.Connection, chosen: Mapping[str, Any]) -> db.Row:
    """How many of them there are, and what those add up to that were not taken back."""
    row = conn.execute(
        "select count(*) as number, coalesce(sum(t.amount_minor)"  # noqa: S608 - a constant
        " filter (where t.recorded_until = 'infinity'), 0)::bigint as amount_minor"
        " from api.tax_payment as t" + _CHOSEN,
        dict(chosen),
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    return row


def payment(conn: db.Connection, number: int) -> db.Row:
    """One payment; NotFound for none and for another's."""
    row = conn.execute(_PAYMENT + " where t.id = %s", (number,)).fetchone()
    if row is None:
        raise NotFound
    return row


def payers(conn: db.Connection) -> dict[int, db.Row]:
    """Who may pay: code and names of organisers by number."""
    rows = conn.execute("select o.id, o.taxpayer_code, o.name_uk, o.name_en from api.operator as o")
    return {row["id"]: row for row in rows}


def record_payments(conn: db.Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Record payments, all or none; their numbers (errors: sql/api/functions)."""
    return list(db.call_value(conn, "api.record_tax_payments", Jsonb(list(rows))))


def take_back_payment(conn: db.Connection, number: int, reason: str) -> None:
    """Take back a payment that was recorded by mistake."""
    db.call(conn, "api.take_back_tax_payment", number, reason)
