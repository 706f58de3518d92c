"""What lies behind a figure: the same report one step closer, then what it was counted from.

A step narrows to the row and groups anew, so that the next page's total is the row. Last come the
transactions, batches or refusals themselves, narrowed to exactly what the figure counts; where no
list can be narrowed so, there is no link.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from flask import url_for

from portal.identity.login import current_viewer
from portal.reports import trail, words
from portal.reports.answering import Key, Line, last_of
from portal.reports.asking import MOST_VALUES, Asked
from portal.reports.catalogue import Measure
from portal.reports.narrowing import BY_CODE
from portal.reports.trail import NARROWED_BY
from portal.web.formats import iso
from portal.web.periods import ONE_DAY, Period
from portal.web.urls import address, page_address

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
# What lists alone can be narrowed to -> their parameter.
BESIDE = {"payment": "payment", "equipment": "equipment", "access_key": "key"}
SAID_BY = {"severity": "rule", "object_kind": "channel"}
OF_REFUSALS = frozenset(
    {"refused_batch_count", "refused_row_count", "refused_batch_percent", "duplicate_count"}
)
OF_NUMBERS = frozenset({"expected", "received", "missing", "completeness_percent"})
OF_CASH = frozenset({"deposit", "withdrawal"})  # what financial monitoring is given one by one
MAKERS = ("provider", "version")
LONGEST_BY_PLACE = 93  # days, as the catalogue has it
OF_BATCHES = frozenset({"row_count", "batch_count", "correction_count", "late_count"})


def page(asked: Asked, **changes: Any) -> str:
    """The address of a report's page that asks the same, some of it changed; None leaves out."""
    query: dict[str, Any] = {"from": asked.period.first, "to": asked.period.last}
    if asked.period.preset:
        query = {"period": asked.period.preset}
    query["by"] = ",".join(asked.by) or "total"
    for name, things in asked.narrowed().items():
        query[name] = ",".join(words.ids(name, things))
    query["currency"] = None if asked.currency.code == "UAH" else asked.currency.code
    query["as_of"] = iso(asked.as_of) if asked.as_of else None
    code = changes.pop("code", asked.report.code)
    return address(url_for("reports.report", code=code), query | changes)


@dataclass
class Row:
    """A row narrowed to: what a page of the report is asked besides, what only lists can be asked
    (``beside``), and its time.
    """

    query: dict[str, Any] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    period: Period | None = None
    hour: datetime | None = None


def behind(asked: Asked, line: Line, up: Sequence[str] = ()) -> dict[str, str]:
    """Addresses behind a row: ``label`` and each measure with records; none where too coarse.

    ``up`` are the pages above this one, as the address names them.
    """
    row = Row()
    for key in line.keys:
        if not _narrow(asked, key, row):
            return {}
    if _unrecorded(asked, line, row):
        return {}
    if "region" in asked.by:  # its places are what it was counted from
        link = page(asked, code="R09", by="channel", **row.query)
        return dict.fromkeys(("label", *(one.code for one in _counted(asked))), link)
    if places := _places(asked, row):
        return dict.fromkeys(("label", *(one.code for one in _counted(asked))), places)
    paid = _paid(asked, line, row)
    if "kind" in row.beside:  # a tax has nothing below it but what was paid of it
        return {"label": paid, "paid": paid} if paid else {}
    return _below(asked, line, row, up) | ({"paid": paid} if paid else {})


def _unrecorded(asked: Asked, line: Line, row: Row) -> bool:
    """Whether no record was kept of what a row counts, or a day of R06 has nothing marked."""
    if asked.report.code == "R06":
        return line.figures.get("record_count") is None
    return "code" in row.beside and not line.figures["refused_batch_count"]


def _below(asked: Asked, line: Line, row: Row, up: Sequence[str]) -> dict[str, str]:
    """The next page, or lists."""
    step = _step(asked, line, row)
    if step is None:
        taxed = asked.report.code == "R11" and ("tax_class" in row.query or asked.tax_classes)
        return _of_class(asked, line, row) if taxed else _listed(asked, row, up)
    link = page(asked, by=step, **row.query, up=[*up, trail.told(asked)][-trail.MOST :])
    found = dict.fromkeys(("label", *(one.code for one in _counted(asked))), link)
    return found | _missing(asked, row.query.get("operator"), up)


def _places(asked: Asked, row: Row) -> str | None:
    """The places of an operator of R08, which R09 tells, with the same GGR."""
    known = "operator" in row.query or len(asked.operators) == 1
    period = row.period or asked.period
    if asked.report.code != "R08" or not known or period.days > LONGEST_BY_PLACE:
        return None
    return page(asked, code="R09", by="channel", **row.query)


def _of_class(asked: Asked, line: Line, row: Row) -> dict[str, str]:
    """The days of a tax class: R09 and R10 tell its kinds of gambling, each figure that it has."""
    kinds = next((key.kinds for key in line.keys if key.kinds), ())
    if not kinds and len(asked.tax_classes) == 1:
        kinds = asked.tax_classes[0].kinds
    told = {
        name: page(
            asked, code=code, by="day", **row.query | {"tax_class": None, "type": ",".join(kinds)}
        )
        for name, code in (("ggr", "R09"), ("win", "R09"), ("withdrawal", "R10"))
        if kinds and line.figures.get(name) is not None
    }
    return {"label": next(iter(told.values())), **told} if told else {}


def _missing(asked: Asked, operator: str | None, up: Sequence[str]) -> dict[str, str]:
    """Where the numbers missing in an operator's streams are listed: up to now, as R02 has them."""
    if asked.report.code != "R02" or operator is None:
        return {}
    back = page(asked, up=list(up))
    return dict.fromkeys(
        OF_NUMBERS, address(url_for("ledger.missing"), {"operator": operator, "back": back})
    )


def _paid(asked: Asked, line: Line, row: Row) -> str | None:
    """The payments behind a row of R11: those of whole months within its time."""
    path = page_address("taxes.payments")
    operators = asked.operators if "operator" not in row.query else ()
    if line.figures.get("paid") is None or path is None or len(operators) > 1:
        return None
    period = row.period or asked.period
    first, last = period.first, period.last + ONE_DAY
    first = first if first.day == 1 else last_of("month", first.replace(day=1)) + ONE_DAY
    query = {
        "operator": row.query.get("operator") or next((str(one.id) for one in operators), None),
        "kind": row.beside.get("kind"),
        "from": f"{first:%Y-%m}",
        "to": f"{last.replace(day=1) - ONE_DAY:%Y-%m}",
        "state": "counts",
    }
    return address(path, query)


def behind_total(asked: Asked, up: Sequence[str] = ()) -> dict[str, str]:
    """Addresses behind the total: what it was counted from, where the period is short enough."""
    operators = [str(one.id) for one in asked.operators]
    alone = operators[0] if len(operators) == 1 else None
    return _listed(asked, Row(), up) | _missing(asked, alone, up)


def _counted(asked: Asked) -> list[Measure]:
    """The figures that have something behind them."""
    lists = OF_REFUSALS | OF_BATCHES if asked.report.code in ARRIVAL else frozenset(MARKED)
    return [one for one in asked.report.measures.values() if one.records or one.code in lists]


def _narrow(asked: Asked, key: Key, row: Row) -> bool:
    """Narrow to one key of a row; False where nothing can be asked for it."""
    code = key.dimension.code
    parameter = NARROWED_BY.get(code)
    if isinstance(key.start, datetime):
        row.hour = key.start
    elif key.start is not None:
        first = max(key.start, asked.period.first)
        last = min(last_of(code, key.start), asked.period.last)
        row.period = Period(first, last)
        days = {"from": first.isoformat(), "to": last.isoformat()}
        row.query |= {"period": None, **days}
    elif parameter and (key.id or code == "rule") and code in asked.report.filters:
        row.query[parameter] = key.code if parameter in BY_CODE else str(key.id)
    else:
        return _narrow_beside(asked, key, row)
    return True


def _narrow_beside(asked: Asked, key: Key, row: Row) -> bool:
    """Narrow to what the report itself cannot be narrowed to, but lists or its parts can."""
    code = key.dimension.code
    if code in BESIDE and key.id:
        row.beside[BESIDE[code]] = key.code if code == "payment" else str(key.id)
    elif code == "amount_band" and key.id:
        digits = asked.currency.digits
        for name, bound in zip(("amount_from", "amount_to"), key.code.split("-"), strict=True):
            if bound:
                row.beside[name] = f"{Decimal(bound).scaleb(-digits):f}"
    elif code == "tax_kind":
        row.beside["kind"] = key.code
    elif code == "rule":
        row.beside["rule"] = key.key
    elif code == "error_code" and key.key != "ok":
        row.beside["code"] = key.key
    elif code in SAID_BY and SAID_BY[code] in asked.by:
        pass  # whatever the other key narrows to is of it
    elif code == "severity" and key.key == "critical":
        row.beside["severity"] = key.key
    elif code in ("object_kind", "region") and 0 < len(key.ids) <= MOST_VALUES:
        row.query["channel"] = ",".join(map(str, key.ids))
    else:
        return False
    return True


def _step(asked: Asked, line: Line, row: Row) -> str | None:
    """By what the next page is grouped; None where lists come next."""
    if row.hour or row.beside:
        return None
    if any(key.dimension.code == "object_kind" for key in line.keys) and "channel" not in asked.by:
        return "channel"
    known = asked.report.dimensions
    narrowed = {
        name for name, parameter in NARROWED_BY.items()
        if parameter in row.query or parameter in asked.narrowed()
    }  # fmt: skip
    there = set(asked.by) | narrowed
    if asked.report.code == "R05" and "game" not in there:
        makers = [key.dimension.leads_to for key in line.keys if key.dimension.code in MAKERS]
        # It counts games alone, which no list does.
        return next((one for one in makers if one and one not in there), "game")
    known_now = there - {one for one in NARROWED_BY if _several(asked, one, row)}
    steps = [_onward(asked, key.dimension.leads_to, known_now) for key in line.keys]
    if "amount_band" in steps:
        steps.append("hour")  # where there are no amounts
    if {"operator", "gambling_type"} <= known_now:
        steps.append("licence")  # of a known kind, where nothing closer is left
    steps += [one for one in NARROWED_BY if _several(asked, one, row)]
    own = asked.period if row.period is None else row.period
    if own.days > LONGEST_LIST:
        steps += ["month"]
    for step in (*steps, "day"):
        several = step is not None and _several(asked, step, row)
        wanted = step is not None and step in known and (several or step not in there)
        if wanted and _counted_by(asked, step, row, own):
            return step
    return None


def _onward(asked: Asked, step: str | None, there: Set[str]) -> str | None:
    """The next step that is still open: from one that is known already, where that one leads."""
    passed = set()
    while step in there and step not in passed:
        passed.add(step)
        step = asked.report.dimensions[step].leads_to if step in asked.report.dimensions else None
    return None if step in passed else step


def _counted_by(asked: Asked, step: str | None, row: Row, period: Period) -> bool:
    """Whether a row can be told by amounts or cohorts: see ``api.report_check``, and which days."""
    narrowed = row.query.keys() | asked.narrowed().keys()
    if step == "amount_band":
        alone = not narrowed & {"type", "licence", "channel"}
        return alone and period.days == 1 and _closed(period) and not asked.as_of
    if step == "cohort":
        several = len(asked.gambling_types) > 1 and "type" not in row.query
        whole = period.first == period.first.replace(day=1) and (
            period.last >= last_of("month", period.first) or not _closed(period)
        )
        return whole and not several and "licence" not in narrowed and not asked.as_of
    return True


def _closed(period: Period) -> bool:
    """Whether its last day is closed: at 03:00 of the next."""
    return datetime.now(UTC) >= period.end + timedelta(hours=3)


def _several(asked: Asked, dimension: str, row: Row) -> bool:
    """Whether the report is narrowed to several things of a kind, of which a list takes one."""
    name = NARROWED_BY.get(dimension)
    if name is None or name in row.query or dimension in asked.by:
        return False
    return len(asked.narrowed().get(name, ())) > 1


def _reads(asked: Asked) -> frozenset[str] | None:
    """The types of records behind a report that the viewer may read one by one; None: all."""
    viewer = current_viewer()
    if viewer.may("transactions.read"):
        return None
    return OF_CASH if asked.report.code == "R10" and viewer.may("cash_flow.read") else frozenset()


def _listed(asked: Asked, row: Row, up: Sequence[str]) -> dict[str, str]:
    """Lists of what a row counts, for those who may read records; of cash flow for those who may
    read what it is made of.
    """
    if _reads(asked) == frozenset() or asked.as_of:
        return {}  # lists hold what came later, too
    filters: dict[str, str] = {}
    for name, things in asked.narrowed().items():
        if name in row.query:
            continue
        if len(things) > 1:
            return {}
        filters[name] = things[0].code if name in BY_CODE else str(things[0].id)
    filters |= {name: row.query[name] for name in NARROWED_BY.values() if row.query.get(name)}
    back = page(asked, up=list(up))
    rule = row.beside.pop("rule", None) or filters.pop("rule", None)
    severity = row.beside.pop("severity", None)
    if rule and severity:
        return {}  # a list takes one mark
    if asked.report.code in ARRIVAL:
        return _arrivals(asked, row, filters, rule, back)
    if asked.report.code == "R06":
        return _marked(asked, row, filters, rule or severity, back)
    return _records(asked, row, filters, back, RULES.get(rule or ""))


def _arrivals(
    asked: Asked, row: Row, filters: Mapping[str, str], rule: str | None, back: str
) -> dict[str, str]:
    """Batches and refusals that came in the time of a row, of a rule those that broke it."""
    period = row.period or asked.period
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    common = {**days, **filters, **row.beside, "back": back}
    hour = iso(row.hour) if row.hour else None
    batches = address(url_for("ledger.batches"), {"time": "received", "hour": hour, **common})
    late = address(
        url_for("ledger.batches"), {"time": "received", "late": "1", "hour": hour, **common}
    )
    if rule == "breach:8":
        return {"label": late, "late_count": late}
    code = rule.partition(":")[2] if rule else row.beside.get("code")
    refusals = address(url_for("ledger.refusals"), {"hour": hour, "code": code, **common})
    if code:  # of requests no records are kept, but of what was refused
        return dict.fromkeys(("label", *OF_REFUSALS), refusals)
    # The days of an operator lead to the numbers noticed missing on them, their figures to batches.
    ranges = asked.report.code == "R02" and filters.get("operator")
    query = {"operator": filters.get("operator"), **days, "back": back}
    found = {"label": address(url_for("ledger.missing"), query) if ranges else batches}
    for one in _counted(asked):
        if one.code in OF_REFUSALS:
            found[one.code] = refusals
        else:
            found[one.code] = late if one.code == "late_count" else batches
    return found


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
        return dict.fromkeys(("label", "batch_count"), address(url_for("ledger.refusals"), query))
    common = _transactions(asked, row, filters, back)
    mark = UNLICENSED if rule == "critical" else RULES.get(rule)
    if not common or mark is None:
        return {}
    every = address(url_for("ledger.transactions"), {**common, "breach": mark})
    bets = address(url_for("ledger.transactions"), {**common, "breach": mark, "type": "bet"})
    return {"label": every, "record_count": every, "amount": bets}


def _records(
    asked: Asked, row: Row, filters: Mapping[str, str], back: str, mark: str | None = None
) -> dict[str, str]:
    """The transactions of a row, for each figure those of its types; of a breach those with its
    mark, of which a list takes one.
    """
    common = _transactions(asked, row, filters, back)
    path = url_for("ledger.transactions")
    if not common or (asked.report.code == "R05" and "game" not in common):
        return {}
    own = row.period or asked.period
    if asked.by_round and own.days > 1:
        return {}  # lists hold days, too, that are not closed
    read = _reads(asked)
    if "amount_band" in asked.by:
        if not _closed(row.period or asked.period):
            return {}  # a list holds what is not told by amount yet
        read = OF_CASH
    found = {
        one.code: address(
            path,
            {**common, "type": one.records or ("bet",), "breach": mark or MARKED.get(one.code)},
        )
        for one in _counted(asked)
        if (read is None or read.issuperset(one.records))
        and (mark is None or MARKED.get(one.code, mark) == mark)
    }
    records = {record for one in asked.report.measures.values() for record in one.records}
    every = sorted(records if read is None else records & read)
    label = address(path, {**common, "type": every, "breach": mark})
    return {"label": label, **found} if found else {}


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
        **row.beside,
        "gambling": kind,
        "currency": asked.currency.code,
        "back": back,
    }
