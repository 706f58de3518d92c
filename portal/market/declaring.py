"""What the demo market's operators declare of the days that are over, some of it wrong on purpose.

Each declares through the public API, as its own system would; its books are the records that were
received of it. By their place in the market some have books that differ, so that every state of a
declaration can be seen: a GGR that is 2 % too small, a day that is missing, balances that do not
add up, an operator that corrects itself.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from portal import db
from portal.market.model import Operator

HRYVNIA = 980
TYPES = ("bet", "win", "refund", "deposit", "withdrawal")
OPENING = 50_000_000_00  # what players have on their accounts to begin with
SMALL_GGR, MISSING, UNBALANCED, CORRECTED = 3, 5, 7, 9  # places in the market, from 1
EVERY = 15  # places after which these come again
TIMEOUT_S = 60


class NotDeclared(Exception):
    """The API did not take a declaration: its answer's code."""


def declare(
    url: str, market: Sequence[Operator], keys: dict[str, str], *, days: int, today: date
) -> int:
    """Declare the last ``days`` before ``today`` of each operator; returns how many it declared."""
    ids = _ids()
    declared = 0
    for place, operator in enumerate(market, 1):
        books = _books(ids[operator.code], today - days * timedelta(days=1), today)
        made = _declarations(books, place % EVERY)
        for part in range(0, len(made), 100):
            _post(url, keys[operator.code], made[part : part + 100])
        declared += len(made)
    return declared


def _ids() -> dict[str, int]:
    with db.acting_as("regulator", actor="demo") as conn:
        rows = db.call(conn, "api.names")
    return {row["code"]: row["id"] for row in rows if row["kind"] == "operator"}


def _books(operator_id: int, first: date, until: date) -> list[dict[str, Any]]:
    """Counts and sums of each day on which something happened."""
    with db.acting_as("operator", operator_id=operator_id, actor="demo") as conn:
        return conn.execute(
            "select d.day, sum(d.bet_count)::bigint as bet_count,"
            " sum(d.bet_minor)::bigint as bet_minor, sum(d.win_count)::bigint as win_count,"
            " sum(d.win_minor)::bigint as win_minor, sum(d.refund_count)::bigint as refund_count,"
            " sum(d.refund_minor)::bigint as refund_minor,"
            " sum(d.deposit_count)::bigint as deposit_count,"
            " sum(d.deposit_minor)::bigint as deposit_minor,"
            " sum(d.withdrawal_count)::bigint as withdrawal_count,"
            " sum(d.withdrawal_minor)::bigint as withdrawal_minor from api.rollup_day as d"
            " where d.currency = %s and d.day >= %s and d.day < %s group by d.day order by d.day",
            (HRYVNIA, first, until),
        ).fetchall()


def _declarations(books: list[dict[str, Any]], place: int) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    balance = OPENING
    for number, day in enumerate(books):
        ggr = day["bet_minor"] - day["refund_minor"] - day["win_minor"]
        opening = balance
        balance += day["deposit_minor"] - day["withdrawal_minor"] - ggr
        told = dict(day)
        if place == SMALL_GGR:
            told["win_minor"] += max(ggr, 0) // 50
        if place == MISSING and number % 5 == 2:
            continue
        if place == UNBALANCED and number % 4 == 1:
            balance -= 100_00
        first = _document(told, opening, balance)
        if place == CORRECTED and number == len(books) - 2:
            made.append(first | {"closing_balance": _sum(balance + 1)})
            first |= {"version": 2, "reason": "Залишок перераховано"}
        made.append(first)
    return made


def _document(day: dict[str, Any], opening: int, closing: int) -> dict[str, Any]:
    totals = {
        name: {"count": day[f"{name}_count"], "amount": _sum(day[f"{name}_minor"])}
        for name in TYPES
    }
    balances = {"opening_balance": _sum(opening), "closing_balance": _sum(closing)}
    open_bets = {"open_bets": _sum(max(day["bet_minor"], 0) // 40)}
    head = {"day": day["day"].isoformat(), "currency": "UAH", "version": 1}
    return head | totals | balances | open_bets


def _sum(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _post(url: str, key: str, declarations: list[dict[str, Any]]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the address is the caller's
        f"{url}/api/v1/declarations/days",
        json.dumps(declarations).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
            return
    except urllib.error.HTTPError as problem:
        raise NotDeclared(json.loads(problem.read()).get("code", str(problem.code))) from problem
