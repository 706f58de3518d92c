"""The end of a figure's way down: lists of what it was counted from, narrowed to exactly that.

Where no list can be narrowed so, there is no link: a list holds 31 days at most, and what came
after the moment that a report tells of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.identity.login import current_viewer
from portal.reports import limits, narrowing
from portal.reports.answering import Value
from portal.reports.asking import DEFAULT_CURRENCY, Asked
from portal.reports.catalogue import Measure
from portal.reports.trail import NARROWED_BY
from portal.web.formats import KYIV, iso
from portal.web.periods import Period
from portal.web.urls import address, path_of

LONGEST_LIST = 31  # days, as api.transactions has it
ARRIVAL = frozenset({"R01", "R02"})  # counted by the time of receipt, from batches and refusals
# Figures that count records under a mark -> the mark as the list of transactions names it.
MARKED = {
    "outside_licence_count": "licence",
    "outside_licence_stake": "licence",
    "other_type_count": "type",
    "other_type_stake": "type",
    "inactive_object_count": "object",
    "inactive_object_stake": "object",
}
UNLICENSED = "unlicensed"  # either mark of a licence: what R06 calls critical
RULES = {"breach:1": "licence", "breach:2": "type", "breach:4": "object", "breach:8": "late"}
CRITICAL = frozenset({"critical", "breach:1", "breach:2"})  # of which every record is critical
OF_REFUSALS = frozenset(
    {
        *("refused_batch_count", "refused_row_count", "refused_batch_percent", "duplicate_count"),
        *("valid_percent", "unique_percent"),
    }
)
OF_BATCHES = frozenset(
    {
        *("row_count", "batch_count", "correction_count", "rows_per_s", "on_time_percent"),
        *("lag_p50_ms", "lag_p95_ms", "lag_p99_ms", "last_at"),
    }
)
LATE = frozenset({"late_count", "late_percent"})
OF_CASH = frozenset({"deposit", "withdrawal"})  # what financial monitoring is given one by one
LARGE = frozenset({"large_deposit_count", "large_deposit"})
NIGHT = frozenset({"night_bet_count", "night_stake"})
NIGHT_ENDS = 6  # o'clock in Kyiv
# Ratios of sums that a list of all records of a row tells.
RATIOS = frozenset(
    {
        *("rtp_percent", "hold_percent", "average_stake", "refund_percent", "rtp_difference"),
        *("withdrawal_percent", "turnover_percent", "average_deposit", "average_withdrawal"),
    }
)
MAKERS = ("provider", "version")


@dataclass
class Row:
    """A row narrowed to: what a page of the report is asked besides, what only lists can be asked
    (``beside``), its time and its figures.
    """

    query: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    period: Period | None = None
    hour: datetime | None = None
    figures: Mapping[str, Value] = field(default_factory=dict)


def listed(asked: Asked, row: Row, back: str) -> dict[str, str]:
    """Lists of what a row counts, for those who may read records; of cash flow for those who may
    read what it is made of. ``back`` is the page that they lead back to.
    """
    if _reads(asked) == frozenset() or asked.as_of:
        return {}
    filters = _filters(asked, row)
    if filters is None:
        return {}
    beside = dict(row.beside)
    rule = beside.pop("rule", None) or filters.pop("rule", None)
    severity = beside.pop("severity", None)
    if rule and severity:
        return {}  # a list takes one mark
    if asked.report.code in ARRIVAL:
        return _arrivals(asked, row, {**filters, **beside}, rule, back)
    if asked.report.code == "R06":
        return _marked(asked, row, {**filters, **beside}, rule or severity, back)
    return _records(asked, row, {**filters, **beside}, back, RULES.get(rule or ""))


def large_deposits(asked: Asked, row: Row, back: str) -> dict[str, str]:
    """The list of a row's large deposits, which are told of closed days and in hryvnias: where one
    limit holds for all of its days.
    """
    period = row.period or asked.period
    told = LARGE & row.figures.keys()
    alone = not (row.hour or row.beside or asked.as_of) and asked.currency.code == DEFAULT_CURRENCY
    if not told or not alone or not closed(period):
        return {}
    read = _reads(asked)
    least = limits.large_from(asked.limits, period.first, period.last)
    filters = _filters(asked, row)
    if least is None or filters is None or (read is not None and "deposit" not in read):
        return {}
    common = _transactions(asked, row, filters, back)
    if not common:
        return {}
    amount = str(Decimal(least).scaleb(-limits.DIGITS))
    large = {**common, "type": "deposit", "amount_from": amount}
    return dict.fromkeys(told, address(path_of("ledger.transactions"), large))


def _filters(asked: Asked, row: Row) -> dict[str, str] | None:
    """What lists are narrowed by for a row: one thing of each kind; None where it is more."""
    filters: dict[str, str] = {}
    for name, things in asked.narrowed.items():
        if name not in row.query:
            filters[name] = ",".join(narrowing.ids(name, things))
    filters |= {name: row.query[name] for name in NARROWED_BY.values() if row.query.get(name)}
    kinds = filters.pop("channel_kind", None)
    several = any("," in text for text in filters.values()) or "tax_class" in filters
    return None if several or (kinds and "channel" not in filters) else filters


def closed(period: Period) -> bool:
    """Whether its last day is closed: at 03:00 of the next."""
    return datetime.now(UTC) >= period.end + timedelta(hours=3)


def _reads(asked: Asked) -> frozenset[str] | None:
    """The types of records behind a report that the viewer may read one by one; None: all."""
    viewer = current_viewer()
    if viewer.may("transactions.read"):
        return None
    return OF_CASH if asked.report.code == "R10" and viewer.may("cash_flow.read") else frozenset()


def _arrivals(
    asked: Asked, row: Row, filters: Mapping[str, str], rule: str | None, back: str
) -> dict[str, str]:
    """Batches and refusals that came in the time of a row, of a rule those that broke it."""
    period = row.period or asked.period
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    common = {**days, **filters, "back": back}
    hour = iso(row.hour) if row.hour else None
    batches = address(path_of("ledger.batches"), {"time": "received", "hour": hour, **common})
    late = address(
        path_of("ledger.batches"), {"time": "received", "late": "1", "hour": hour, **common}
    )
    if rule == "breach:8":
        return {"label": late, "late_count": late}
    code = rule.partition(":")[2] if rule else filters.get("code")
    refusals = address(path_of("ledger.refusals"), {**common, "hour": hour, "code": code})
    if code:  # of requests no records are kept, but of what was refused
        return dict.fromkeys(("label", *OF_REFUSALS), refusals)
    # The days of an operator lead to the numbers noticed missing on them, their figures to batches.
    ranges = asked.report.code == "R02" and filters.get("operator") and not row.hour
    query = {"operator": filters.get("operator"), **days, "back": back}
    return {
        "label": address(path_of("ledger.missing"), query) if ranges else batches,
        **dict.fromkeys(OF_BATCHES, batches),
        **dict.fromkeys(OF_REFUSALS, refusals),
        **dict.fromkeys(LATE, late),
    }


def _marked(
    asked: Asked, row: Row, filters: Mapping[str, str], rule: str | None, back: str
) -> dict[str, str]:
    """What a rule of R06 was broken by: records under a mark, or refusals with a code; and what is
    critical.
    """
    if rule is None:
        return {}
    kind, _, code = rule.partition(":")
    if kind == "refusal":
        period = row.period or asked.period
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        query = {**days, **filters, "code": code, "back": back}
        return dict.fromkeys(("label", "batch_count"), address(path_of("ledger.refusals"), query))
    common = _transactions(asked, row, filters, back)
    mark = UNLICENSED if rule == "critical" else RULES.get(rule)
    if not common or mark is None:
        return {}
    every = address(path_of("ledger.transactions"), {**common, "breach": mark})
    bets = address(path_of("ledger.transactions"), {**common, "breach": mark, "type": "bet"})
    found = {"label": every, "record_count": every, "amount": bets}
    return found | ({"critical_count": every} if rule in CRITICAL else {})


def _records(
    asked: Asked, row: Row, filters: Mapping[str, str], back: str, mark: str | None = None
) -> dict[str, str]:
    """The transactions of a row, for each figure those of its types; of a breach those with its
    mark, of which a list takes one.
    """
    common = _transactions(asked, row, filters, back)
    path = path_of("ledger.transactions")
    if not common or (asked.report.code == "R05" and "game" not in common):
        return {}
    own = row.period or asked.period
    if asked.by_round and own.days > 1:
        return {}  # lists hold days, too, that are not closed
    read = _reads(asked)
    if "amount_band" in asked.by:
        if not closed(own):
            return {}  # a list holds what is not told by amount yet
        read = OF_CASH
    found = {}
    for one in asked.report.measures.values():
        types = one.records or (("bet",) if one.code in MARKED else ())
        own_mark = MARKED.get(one.code)
        readable = bool(types) and (read is None or read.issuperset(types))
        if readable and (mark is None or own_mark in (None, mark)) and _whole(one, row, own):
            asked_for = {**common, "type": types, "breach": mark or own_mark}
            if one.code in NIGHT and not row.hour:
                asked_for["until"] = iso(datetime.combine(own.first, time(NIGHT_ENDS), KYIV))
            found[one.code] = address(path, asked_for)
    records = {record for one in asked.report.measures.values() for record in one.records}
    every = sorted(records if read is None else records & read)
    label = address(path, {**common, "type": every, "breach": mark})
    if found and read is None and mark is None:
        ratios = RATIOS & asked.report.measures.keys()
        found = dict.fromkeys(ratios, label) | found
    return {"label": label, **found} if found else {}


def _whole(measure: Measure, row: Row, period: Period) -> bool:
    """Whether a list of its types tells all of a figure, and nothing else."""
    if measure.code in NIGHT:
        if row.hour:
            return row.hour.astimezone(KYIV).hour < NIGHT_ENDS
        return period.days == 1
    if measure.code == "undeclared_stake":  # that of a game is all of its stakes, or none
        return row.figures.get(measure.code) == row.figures.get("net_stake")
    return True


def _transactions(asked: Asked, row: Row, filters: Mapping[str, str], back: str) -> dict[str, Any]:
    """What a list of transactions is asked for a row; nothing where its time is too long."""
    period = row.period or asked.period
    start, end = period.start, period.end
    if row.hour:
        start, end = row.hour, row.hour + timedelta(hours=1)
    if end - start > timedelta(days=LONGEST_LIST, hours=1):
        return {}
    # A game has a kind of its own; the list's is that of the licence.
    kind = None if asked.report.code == "R05" else filters.get("type")
    return {
        "from": iso(start),
        "until": iso(end),
        # A game says itself who made it.
        **{name: value for name, value in filters.items() if name not in ("type", *MAKERS)},
        "gambling": kind,
        "currency": asked.currency.code,
        "back": back,
    }
