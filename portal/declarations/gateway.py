"""Declarations in the database: one small function per function of ``api``.

All of them run in the caller's transaction, so that the database decides what there is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import psycopg

from portal import db

# Types in the order in which counts and sums stand; the place from 1 is the number in the ledger.
TYPES = ("bet", "win", "refund", "deposit", "withdrawal")
BASES = ("cash", "settlement")
NEWEST_VERSION = 99


@dataclass(frozen=True)
class Day:
    """A declaration of a day; amounts in minor units of the currency (ISO 4217 number)."""

    day: date
    currency: int
    version: int
    counts: tuple[int, ...]
    amounts: tuple[int, ...]
    opening_balance: int
    closing_balance: int
    open_bets: int
    reason: str | None = None


@dataclass(frozen=True)
class Month:
    """A declaration of the GGR of a month, named by its first day, and a kind of gambling."""

    month: date
    currency: int
    gambling_type: int
    version: int
    basis: str
    ggr: int
    reason: str | None = None


def declare_day(conn: db.Connection, made: Day) -> bool:
    """Declare or correct a day; whether that is new (errors: sql/api/functions/declare_day.sql)."""
    return bool(
        db.call_value(
            conn,
            "api.declare_day",
            made.day,
            made.currency,
            made.version,
            list(made.counts),
            list(made.amounts),
            made.opening_balance,
            made.closing_balance,
            made.open_bets,
            made.reason,
        )
    )


def declare_month(conn: db.Connection, made: Month) -> bool:
    """Declare or correct a month; whether that is new."""
    return bool(
        db.call_value(
            conn,
            "api.declare_month",
            made.month,
            made.currency,
            made.gambling_type,
            made.version,
            made.basis,
            made.ggr,
            made.reason,
        )
    )


def newest_declared(problem: psycopg.Error) -> int:
    """The newest version there is, as the refusal of one that leaves some out tells it."""
    detail = problem.diag.message_detail
    return int(json.loads(detail)["newest"]) if detail else 0


def days(
    conn: db.Connection, first: date, last: date, operator_id: int, currency: int | None = None
) -> list[db.Row]:
    """Every version that an operator declared of days, the earliest day and version first."""
    return conn.execute(
        "select d.* from api.declared_day as d where d.operator_id = %(operator)s"
        " and d.day >= %(first)s and d.day <= %(last)s"
        " and (%(currency)s::smallint is null or d.currency = %(currency)s)"
        " order by d.day, d.currency, d.version",
        {"operator": operator_id, "first": first, "last": last, "currency": currency},
    ).fetchall()


def months(
    conn: db.Connection, first: date, last: date, operator_id: int, currency: int | None = None
) -> list[db.Row]:
    """The same of months, by kind of gambling."""
    return conn.execute(
        "select d.* from api.declared_month as d where d.operator_id = %(operator)s"
        " and d.month >= %(first)s and d.month <= %(last)s"
        " and (%(currency)s::smallint is null or d.currency = %(currency)s)"
        " order by d.month, d.currency, d.gambling_type_id, d.version",
        {"operator": operator_id, "first": first, "last": last, "currency": currency},
    ).fetchall()


def compared(
    conn: db.Connection,
    first: date,
    last: date,
    *,
    operators: Sequence[int] | None,
    currency: int,
    state: str | None = None,
    after: tuple[date, int] | None = None,
    limit: int | None = None,
) -> list[db.Row]:
    """Declared days beside what was received, the newest first; ``after`` continues a list."""
    day, operator_id = after or (None, None)
    return db.call(
        conn,
        "api.declared_and_observed",
        first,
        last,
        None if operators is None else list(operators),
        currency,
        state,
        day,
        operator_id,
        limit,
    )


def states(
    conn: db.Connection, first: date, last: date, *, operators: Sequence[int] | None, currency: int
) -> dict[str, int]:
    """How many days of operators are in each state."""
    rows = db.call(
        conn,
        "api.declaration_states",
        first,
        last,
        None if operators is None else list(operators),
        currency,
    )
    return {row["state"]: row["days"] for row in rows}


def compared_months(
    conn: db.Connection, first: date, last: date, *, operators: Sequence[int] | None, currency: int
) -> list[db.Row]:
    """Declared GGR of months beside what was received."""
    return db.call(
        conn,
        "api.declared_months",
        first,
        last,
        None if operators is None else list(operators),
        currency,
    )


def bridge(
    conn: db.Connection, operator_id: int, first: date, last: date, currency: int
) -> list[db.Row]:
    """From cash GGR to settlement GGR, by month and kind of gambling."""
    return db.call(conn, "api.settlement_bridge", operator_id, first, last, currency)


def deadlines(conn: db.Connection) -> dict[str, int]:
    """Within how many days declarations of today's day and month are due; none where nothing is."""
    rows = conn.execute(
        "select distinct on (d.period) d.period, d.days from api.declaration_deadline as d"
        " where d.valid_from <= (statement_timestamp() at time zone 'Europe/Kyiv')::date"
        " order by d.period, d.valid_from desc"
    )
    return {row["period"]: row["days"] for row in rows}


def licensed_types(conn: db.Connection, operator_id: int) -> set[int]:
    """Kinds of gambling for which an operator has or had a licence."""
    rows = conn.execute(
        "select distinct l.gambling_type_id from api.licence as l"
        " where l.operator_id = %s and l.gambling_type_id is not null",
        (operator_id,),
    )
    return {row["gambling_type_id"] for row in rows}
