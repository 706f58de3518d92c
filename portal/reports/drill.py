"""What lies behind a figure: the same report one step closer, then what it was counted from.

A step narrows to the row and groups anew, so that the next page's total is the row; a total is
grouped by time, or by whatever it was not grouped by. What a report cannot be narrowed to stays in
the grouping, beside time. Last come lists (:mod:`portal.reports.lists`), for what was declared the
declarations (:mod:`portal.reports.declared`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import current_app

from portal.identity.login import current_viewer
from portal.reports import trail
from portal.reports.answering import Key, Line, Value, last_of
from portal.reports.asking import MOST_DIMENSIONS, MOST_VALUES, Asked
from portal.reports.catalogue import Measure
from portal.reports.declared import declared
from portal.reports.lists import LONGEST_LIST, MAKERS, Row, closed, large_deposits, listed
from portal.reports.narrowing import BY_CODE
from portal.reports.places import KINDS
from portal.reports.trail import NARROWED_BY
from portal.web.periods import ONE_DAY, Period
from portal.web.urls import address, path_of

# What lists alone can be narrowed to -> their parameter.
BESIDE = {"payment": "payment", "equipment": "equipment", "access_key": "key"}
SAID_BY = {"severity": "rule", "object_kind": "channel"}
OF_NUMBERS = frozenset({"expected", "received", "missing", "completeness_percent"})
OF_LICENCES = frozenset({"licence_status", "valid_until", "days_left"})
# What has no way of its own, as no page narrowed to the row tells it: it compares the row with
# others, or is of other days. The row's name leads to what the row is made of.
APART = frozenset(
    {
        *("share_percent", "market_rank", "previous_rank", "rank_change", "hhi"),
        *("top_four_percent", "effective_operators", "growth_contribution_percent"),
        *("week_before", "week_change_percent", "trend_percent", "year_to_date"),
        *("previous_ggr", "previous_change_percent", "year_before_ggr", "year_change_percent"),
    }
)
# Sums that one record may be in twice, or that are of parts rounded one by one.
SUMS = frozenset(
    {
        *("record_count", "critical_count", "amount", "taxable_ggr", "ggr_tax", "paid"),
        *("pit_of_win", "pit_of_withdrawal", "levy_of_win", "levy_of_withdrawal"),
        *("estimated_of_win", "estimated_of_withdrawal", "gap_of_win", "gap_of_withdrawal"),
    }
)
LONGEST_BY_PLACE = 93  # days, as the catalogue has it
# Groupings that not every record has yet.
CLOSED_ALONE = frozenset({"amount_band", "cohort", "stake_band"})


def page(asked: Asked, **changes: Any) -> str:
    """The address of a report's page that asks the same, some of it changed; None leaves out."""
    code = changes.pop("code", asked.report.code)
    return address(path_of("reports.report", code=code), asked.query | changes)


def behind(asked: Asked, line: Line, up: Sequence[str] = ()) -> dict[str, str]:
    """Addresses behind a row: ``label`` and each measure that leads on.

    ``up`` are the pages above this one, as the address names them.
    """
    if line.ways is None or line.ways[0] is not asked or line.ways[1] != up:
        line.ways = (asked, up, _told(_behind(asked, line, up), line.figures))
    return line.ways[2]


def _told(found: Mapping[str, str], figures: Mapping[str, Value]) -> dict[str, str]:
    """Without the ways of figures that are not told."""
    return {
        name: link
        for name, link in found.items()
        if name == "label" or figures.get(name) is not None
    }


def _behind(asked: Asked, line: Line, up: Sequence[str]) -> dict[str, str]:
    row = Row(figures=line.figures)
    wide = [key.dimension.code for key in line.keys if not _narrow(asked, key, row)]
    if asked.report.code == "R06" and not any(line.figures.values()):
        return {}  # a day on which nothing was marked
    if "code" in row.beside and not line.figures["refused_batch_count"]:
        return _apart(asked, line, row, up)  # answered so, and no record was kept of it
    if "region" in asked.by:  # its places are what it was counted from
        if wide:
            return {}
        link = page(asked, code="R09", by="channel", **row.query)
        return dict.fromkeys(("label", *(one.code for one in _counted(asked))), link)
    paid = _paid(asked, line, row)
    if "kind" in row.beside:  # a tax has nothing below it but what was paid of it
        return {"label": paid, "paid": paid} if paid else {}
    found = _apart(asked, line, row, up) if wide else _below(asked, line, row, up)
    if not wide and (places := _places(asked, row)):
        found |= dict.fromkeys(("label", *(one.code for one in _counted(asked))), places)
    if not wide:
        found |= large_deposits(asked, row, page(asked, up=list(up)))
    return found | ({"paid": paid} if paid else {})


def behind_total(
    asked: Asked, figures: Mapping[str, Value], up: Sequence[str] = ()
) -> dict[str, str]:
    """Addresses behind the total: what it was counted from, where the period is short enough; else
    the same grouped by time, or by what it is not grouped by.
    """
    row = Row(figures=figures)
    found: dict[str, str] = {}
    step = _step_of_total(asked)
    if step:
        link = page(asked, by=step, up=_deeper(asked, up))
        found = dict.fromkeys((one.code for one in _followed(asked)), link)
    operators = [str(one.id) for one in asked.operators]
    alone = operators[0] if len(operators) == 1 else None
    back = page(asked, up=list(up))
    found |= listed(asked, row, back) | large_deposits(asked, row, back)
    return _told(found | declared(asked, row) | _missing(asked, alone, up), figures)


def _deeper(asked: Asked, up: Sequence[str]) -> list[str]:
    """The pages above the next one."""
    return [*up, trail.told(asked)][-trail.MOST :]


def _followed(asked: Asked) -> list[Measure]:
    """The figures that the total of a page narrowed to a row tells alike."""
    return [one for one in asked.report.measures.values() if one.code not in APART]


def _counted(asked: Asked) -> list[Measure]:
    """The figures that are sums of records."""
    return [one for one in asked.report.measures.values() if one.records]


def _below(asked: Asked, line: Line, row: Row, up: Sequence[str]) -> dict[str, str]:
    """The next page, or lists; where neither goes, the row over time."""
    step = _step(asked, line, row)
    if step is None:
        if asked.report.code == "R11" and ("tax_class" in row.query or asked.tax_classes):
            return _of_class(asked, line, row)
        back = page(asked, up=list(up))
        found = _apart(asked, line, row, up) | listed(asked, row, back) or _over_time(asked, row)
        return _licence(asked, row) | found | declared(asked, row)
    link = page(asked, by=step, **row.query, up=_deeper(asked, up))
    if asked.report.code == "R04" and not row.figures.get("bet_count"):
        return {"label": link, **_licence(asked, row)}  # places are told of what there are bets
    found = dict.fromkeys(("label", *(one.code for one in _followed(asked))), link)
    found |= declared(asked, row) | _licence(asked, row)
    return found | _missing(asked, row.query.get("operator"), up)


def _apart(asked: Asked, line: Line, row: Row, up: Sequence[str]) -> dict[str, str]:
    """The row by itself over time, or by the things of which a list takes one: beside what the
    report cannot be narrowed to, so that its rows add up to it. Only sums are told so.
    """
    kept = [one.dimension.code for one in line.keys if not _narrowed_to(asked, one, row)]
    period = row.period or asked.period
    step = next((one for one in NARROWED_BY if _several(asked, one, row)), None)
    if row.hour:  # to which no page is narrowed
        kept = ["hour", *kept] if step else []
    if asked.report.code == "R05" and not {"game", "stake_band"} & set(asked.by):
        step = step or (None if asked.games else "game")  # of which alone a list tells
    step = step or _finer(asked, period, kept)
    fits = bool(kept) and len(kept) < MOST_DIMENSIONS
    if step is None or step not in asked.report.dimensions or not fits:
        return {}
    link = page(asked, by=",".join((*kept, step)), **row.query, sort="label", up=_deeper(asked, up))
    measures = asked.report.measures.values()
    sums = (one.code for one in measures if one.additive or one.code in SUMS)
    return dict.fromkeys(("label", *sums), link)


def _over_time(asked: Asked, row: Row) -> dict[str, str]:
    """R04 tells nothing by time: where its rows are too long for lists, R03 tells the same bets."""
    beside = row.beside or asked.report.code != "R04" or (row.period or asked.period).days == 1
    if beside:
        return {}
    by = "month" if asked.period.days > LONGEST_LIST else "day"
    link = page(asked, code="R03", by=by, **row.query)
    return dict.fromkeys(("label", "bet_count", "stake"), link)


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
    types = {"tax_class": None, "type": ",".join(kinds)}
    told = {
        name: page(asked, code=code, by="day", **row.query | types)
        for name, code in (("ggr", "R09"), ("win", "R09"), ("withdrawal", "R10"))
        if kinds and line.figures.get(name) is not None
    }
    return {"label": next(iter(told.values())), **told} if told else {}


def _narrowed_to(asked: Asked, key: Key, row: Row) -> bool:
    """Whether a page narrowed to a row needs not be grouped by this key of it."""
    code = key.dimension.code
    said = code in SAID_BY and SAID_BY[code] in asked.by
    return said or key.start is not None or NARROWED_BY.get(code) in row.query


def _finer(asked: Asked, period: Period, kept: Sequence[str]) -> str | None:
    """The time by which a row of a period is told next, beside what it stays grouped by."""
    if period.days > LONGEST_LIST:
        wanted = "month" if "month" in asked.report.dimensions else "day"
    elif period.days > 1:
        wanted = "day"
    else:
        wanted = "hour"
    if wanted in asked.by or (wanted == "day" and "hour" in asked.by):
        return None
    if {"amount_band", "cohort"} & set(kept) and wanted == "hour":
        return None
    if "cohort" in kept and wanted != "month":
        return None
    return wanted


def _step_of_total(asked: Asked) -> str | None:
    """By what a total is told next: by time, else by anything that it is not grouped by."""
    known = asked.report.dimensions
    time = _finer(asked, asked.period, ())
    things = asked.narrowed
    narrowed = {one for one, name in NARROWED_BY.items() if len(things.get(name, ())) == 1}
    others = [one for one in known if one not in asked.by and one not in narrowed]
    # An operator is asked of itself alone.
    others.sort(key=lambda one: (one == "operator") == (current_viewer().role == "operator"))
    for step in others if time is None else (time, *others):
        fits = step in known and asked.period.days <= asked.report.longest((step,))
        if fits and step not in CLOSED_ALONE and not _refused(asked, step):
            return step
    return None


def _refused(asked: Asked, step: str) -> bool:
    """Whether ``api.report_check`` refuses to tell by it what the report is narrowed to."""
    games = "game" in asked.narrowed or "provider" in asked.narrowed
    if asked.report.code == "R05":
        return step == "equipment" and bool({"channel", "channel_kind"} & asked.narrowed.keys())
    if asked.report.code == "R11":  # taxes are of classes, which hold several kinds
        of = {"tax_class"} if step == "gambling_type" else {"type", "licence"}
        by_class = {"gambling_type", "tax_class", "tax_kind"}
        return step in by_class and bool(of & asked.narrowed.keys())
    narrowed = {"type", "licence", "channel", "channel_kind"} & asked.narrowed.keys()
    if games:
        return step in ("licence", "channel", "payment", "gambling_type")
    return step in ("game", "equipment") and bool(narrowed)


def _licence(asked: Asked, row: Row) -> dict[str, str]:
    """Where the register tells how a licence stands."""
    told = [name for name in OF_LICENCES if row.figures.get(name) is not None]
    if not told:
        return {}
    licence = row.query.get("licence")
    if licence is None and len(asked.licences) == 1:
        licence = str(asked.licences[0].id)
    view = current_app.view_functions.get("registry.record")
    if not licence or current_viewer().role not in getattr(view, "audience", frozenset()):
        return {}
    link = path_of("registry.record", kind="licence", record_id=licence)
    return dict.fromkeys(told, link)


def _missing(asked: Asked, operator: str | None, up: Sequence[str]) -> dict[str, str]:
    """Where the numbers missing in an operator's streams are listed: up to now, as R02 has them."""
    if asked.report.code != "R02" or operator is None:
        return {}
    back = page(asked, up=list(up))
    return dict.fromkeys(
        OF_NUMBERS, address(path_of("ledger.missing"), {"operator": operator, "back": back})
    )


def _paid(asked: Asked, line: Line, row: Row) -> str | None:
    """The payments behind a row of R11: those of whole months within its time."""
    if line.figures.get("paid") is None or "taxes.payments" not in current_app.view_functions:
        return None
    operators = asked.operators if "operator" not in row.query else ()
    if len(operators) > 1:
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
    return address(path_of("taxes.payments"), query)


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
    else:
        return _narrow_to_parts(key, row)
    return True


def _narrow_to_parts(key: Key, row: Row) -> bool:
    """Narrow to all that a row is made of."""
    code = key.dimension.code
    if code == "region" and 0 < len(key.ids) <= MOST_VALUES:
        row.query["channel"] = ",".join(map(str, key.ids))
    elif code == "object_kind" and key.key in KINDS:
        row.query["channel_kind"] = key.key
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
        if parameter in row.query or parameter in asked.narrowed
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
        wanted = wanted and own.days <= asked.report.longest((step,) if step else ())
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
    """Whether a row can be told so: see ``api.report_check``, and which days are counted."""
    narrowed = row.query.keys() | asked.narrowed.keys()
    if step == "amount_band":
        alone = not narrowed & {"type", "licence", "channel", "channel_kind"}
        return alone and period.days == 1 and closed(period) and not asked.as_of
    if step == "tax_class":
        return not narrowed & {"type", "licence"} and not asked.as_of
    if step == "cohort":
        several = len(asked.gambling_types) > 1 and "type" not in row.query
        whole = period.first == period.first.replace(day=1) and (
            period.last >= last_of("month", period.first) or not closed(period)
        )
        return whole and not several and "licence" not in narrowed and not asked.as_of
    return True


def _several(asked: Asked, dimension: str, row: Row) -> bool:
    """Whether the report is narrowed to several things of a kind, of which a list takes one."""
    name = NARROWED_BY.get(dimension)
    if name is None or dimension in asked.by or dimension == "object_kind":
        return False
    if name in row.query:
        return "," in row.query[name]
    if dimension == "channel" and len(asked.channels) != 1:
        return bool(asked.channels or asked.channel_kinds or "channel_kind" in row.query)
    return len(asked.narrowed.get(name, ())) > 1
