"""From which amounts and shares cash flow is counted apart: what is set, what holds, in words.

No legal value is known to be confirmed; what no second official compared with its act is marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal import db
from portal.web.formats import money, percent
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import today

PPM = 1_000_000
DIGITS = 2  # of the hryvnia
KINDS: dict[str, LazyString] = {
    "large_deposit": lazy_gettext("Large deposit: from which amount (T)"),
    "pass_deposit": lazy_gettext("Pass-through account: least paid in within a day"),
    "pass_stake": lazy_gettext("Pass-through account: staked less than, of what was paid in"),
    "pass_withdrawal": lazy_gettext(
        "Pass-through account: drawn out more than, of what was paid in"
    ),
}
AMOUNTS = frozenset({"large_deposit", "pass_deposit"})  # the others are shares


def read(conn: db.Connection) -> list[db.Row]:
    """All that were ever set: those that stand first, by kind, the newest day first."""
    order = {kind: place for place, kind in enumerate(KINDS)}
    rows = conn.execute(
        "select * from api.cash_limit order by replaced_at is not null, valid_from desc, id desc"
    ).fetchall()
    return sorted(rows, key=lambda row: (row["replaced_at"] is not None, order[row["kind"]]))


def text(row: db.Row) -> str:
    """The value in words."""
    if row["value"] is None:
        return gettext("none")
    if row["kind"] in AMOUNTS:
        return money(row["value"], "UAH", DIGITS)
    return percent(Decimal(row["value"]) / PPM)


def held(rows: Sequence[db.Row], day: date) -> dict[str, db.Row]:
    """What holds on a day, by kind."""
    found: dict[str, db.Row] = {}
    for row in sorted(rows, key=lambda row: row["valid_from"]):
        if row["replaced_at"] is None and row["valid_from"] <= day:
            found[row["kind"]] = row
    return {kind: row for kind, row in found.items() if row["value"] is not None}


def large_from(rows: Sequence[db.Row], first: date, last: date) -> int | None:
    """From which amount deposits of a period are large, in kopiykas; None where no one limit holds
    on all its days.
    """
    days = [first, *(row["valid_from"] for row in rows if first < row["valid_from"] <= last)]
    values = {
        own["large_deposit"]["value"] if "large_deposit" in own else None
        for own in (held(rows, day) for day in days)
    }
    return values.pop() if len(values) == 1 else None


@dataclass(frozen=True)
class Note:
    """What a report of cash flow says of its limits, and whether each has been confirmed."""

    words: str
    confirmed: bool | None


def notes(rows: Sequence[db.Row]) -> list[Note]:
    """What holds today, and what is not counted for want of a limit."""
    own = held(rows, today())
    found = []
    large = own.get("large_deposit")
    if large is None:
        words = gettext("Large deposits are not counted: no official has set from which amount.")
        found.append(Note(words, None))
    else:
        words = gettext("Large deposits are those of %(amount)s or more.", amount=text(large))
        found.append(Note(words, large["verified_by"] is not None))
    passing = [own.get(kind) for kind in ("pass_deposit", "pass_stake", "pass_withdrawal")]
    told = [one for one in passing if one is not None]
    if len(told) == len(passing):
        words = gettext(
            "Pass-through accounts took in %(amount)s or more within a day, staked less than"
            " %(stake)s of it and gave out more than %(withdrawal)s.",
            amount=text(told[0]),
            stake=text(told[1]),
            withdrawal=text(told[2]),
        )
        found.append(Note(words, all(one["verified_by"] is not None for one in told)))
    else:
        found.append(Note(gettext("Pass-through accounts are not counted: no limits hold."), None))
    return found
