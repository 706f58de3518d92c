"""What the demo market's operators paid of the taxes of past months, some less than estimated.

The tax service of the demonstration records it, as an inspector would from payment documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from portal import db
from portal.market.model import Operator

LITTLE, NOTHING = 3, 5  # places in the market, from 1: who pays less, and who has not paid yet
EVERY = 15  # places after which these come again
MONTHS = 3


def pay(market: Sequence[Operator], today: date) -> int:
    """Record what was paid for the last months that ended; returns how many payments."""
    places = {one.code: place % EVERY for place, one in enumerate(market, 1)}
    with db.acting_as("tax_service", actor="demo") as conn:
        known = db.call(conn, "api.names")
        person = conn.execute(
            "select min(p.id) as id from api.person as p where p.role = 'tax_service'"
        ).fetchone()
        if person is None or person["id"] is None:
            return 0
        codes = {row["id"]: row["code"] for row in known if row["kind"] == "operator"}
        owed = _owed(conn, today)
    payments = [
        made
        for row in owed
        if (made := _payment(row, places.get(codes[row["operator_id"]], NOTHING), today))
    ]
    with db.acting_as(
        "tax_service", actor=f"person {person['id']}", person_id=person["id"]
    ) as conn:
        for part in range(0, len(payments), 1000):
            db.call_value(conn, "api.record_tax_payments", Jsonb(payments[part : part + 1000]))
    return len(payments)


def _owed(conn: db.Connection, today: date) -> list[db.Row]:
    """Estimated taxes of each operator and month, of withdrawals, that are not recorded as paid."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    for _ in range(MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return conn.execute(
        "select t.operator_id, o.taxpayer_code, t.kind, t.month,"
        " sum(t.tax_minor)::bigint as tax_minor"
        " from api.tax_estimate(%s, %s) as t join api.operator as o on o.id = t.operator_id"
        " where t.base <> 'win' and not exists (select from api.tax_payment as p"
        " where p.operator_id = t.operator_id and p.month = t.month)"
        " group by 1, 2, 3, 4 having sum(t.tax_minor) > 100 order by 1, 4, 3",
        (first, last),
    ).fetchall()


def _payment(row: db.Row, place: int, today: date) -> dict[str, Any] | None:
    """The payment of a tax, if this operator paid it by today."""
    month: date = row["month"]
    paid_on = (month + timedelta(days=31)).replace(day=1) + timedelta(days=19)
    if place == NOTHING or paid_on > today:
        return None
    less = row["tax_minor"] // 20 if place == LITTLE else 0
    return {
        "taxpayer": row["taxpayer_code"],
        "kind": row["kind"],
        "month": month.isoformat(),
        "paid_on": paid_on.isoformat(),
        "amount_minor": row["tax_minor"] - less,
        "document": f"{month:%Y-%m} {row['kind']}",
    }
