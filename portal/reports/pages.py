"""The pages of reports: the list by category, and one page for each, made from the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, partial
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.identity.login import audience, current_viewer
from portal.registry import choices as choosing
from portal.registry.names import Names, read_names
from portal.reports import (
    answering,
    catalogue,
    chart,
    charts,
    drill,
    explaining,
    limits,
    makers,
    market,
    narrowing,
    remarks,
    trail,
    words,
)
from portal.reports.answering import Answer, Line, TooSlow
from portal.reports.asking import Asked, Reader, Reading
from portal.reports.catalogue import CODES, Dimension, Measure
from portal.reports.cells import cells
from portal.reports.charts import gantt, grid
from portal.reports.charts.grid import Grid
from portal.reports.charts.picture import Picture
from portal.reports.places import KINDS
from portal.web import formats, paging, paper, periods
from portal.web.charts import Chart
from portal.web.htmx import fragment_wanted
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render
from portal.web.urls import here

AGAINST = ("against", "against_from", "against_to")
READERS = (
    "regulator",
    "tax_service",
    "auditor",
    "financial_monitoring",
    "fairness",
    "operator",
)
CODE = "<any({}):code>".format(", ".join(CODES))
ROWS = 50  # on a page, and at most when all are asked for, as to print them; a file has all
MOST_ROWS = 500
ALL = "all"  # ``rows=all``
ONLY_CHART = "chart"  # ``only=chart``: a page fetches the same over time to show it beside its rows
ONLY_GRID = "grid"  # ``only=grid``: likewise what takes the report once more
PARTS = {ONLY_CHART: "over_time", ONLY_GRID: "own_grid"}  # their blocks
NOTHING: dict[str, Any] = {"answer": None, "chart": None, "grid": None}
FEW = 12  # choices that one looks through without a search
SOUGHT = ("licence", "channel", "game")  # filters of which there may be very many
# Filters that are asked for seldom.
MORE = {
    *SOUGHT,
    *("channel_kind", "provider", "version", "rule", "tax_class"),
    *("as_of", "against", "against_from", "against_to"),
}
CATEGORIES: dict[str, LazyString] = {
    "operational": lazy_gettext("Operational"),
    "regulatory": lazy_gettext("Regulatory"),
    "analytical": lazy_gettext("Analytical"),
    "financial": lazy_gettext("Financial"),
}
FIELDS = {
    "period": "period-from",
    "from": "period-from",
    "to": "period-to",
    "as_of": "period-as_of",
    **{
        name: f"filter-{name}"
        for name in (
            *("by", "operator", "type", "licence", "channel", "channel_kind", "game"),
            *("provider", "version", "rule", "tax_class", "currency", "against"),
        )
    },
    "against_from": "against-from",
    "against_to": "against-to",
}
TOO_SLOW = lazy_gettext(
    "The report took longer than %(seconds)s seconds and was stopped. Choose a shorter "
    "period, fewer groupings, or one operator.",
    seconds=answering.SECONDS,
)


def register(blueprint: Blueprint) -> None:
    """Give a blueprint these pages."""
    blueprint.add_url_rule("/reports/", "index", index)
    blueprint.add_url_rule(f"/reports/{CODE}", "report", report)
    blueprint.add_url_rule("/reports/stakes-and-winnings", "stakes_and_winnings", moved)


@audience(*READERS)
def index() -> ResponseReturnValue:
    """The reports that the reader may open, by category, each with the question it answers."""
    with current_viewer().reading() as conn:
        found = catalogue.read(conn)
    groups = [
        (name, [one for one in found if one.category == category])
        for category, name in CATEGORIES.items()
    ]
    return render("reports/index.html", groups=[group for group in groups if group[1]])


@audience(*READERS)
def moved() -> ResponseReturnValue:
    """Where *Stakes and winnings* was: its figures are those of R03, asked in the same words."""
    query = request.query_string.decode()
    path = url_for("reports.report", code="R03")
    return redirect(f"{path}?{query}" if query else path, 301)


@audience(*READERS)
def report(code: str) -> ResponseReturnValue:
    """A report as page or as a file of any kind: forms of the same rows."""
    viewer = current_viewer()
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("reports.report")
        except exports.NotExportable as problem:
            wrong = problem.errors
        except TooSlow:
            wrong = {"from": TOO_SLOW}
    if wrong and exports.wanted() == "json":
        return _errors_as_json(wrong)
    only = request.args.get("only", "") if fragment_wanted() else ""
    with viewer.reading() as conn:
        found = catalogue.read(conn, code)
        if not found:
            abort(404)  # for this role there is none, as in the list and in the API
        names = read_names(conn)
        reading = Reader(conn, names, found[0], request.args).read()
        reading.errors.update(wrong)
        if only in PARTS:
            return _part(conn, reading, names, only)
        columns = _columns(reading)
        offered = _offered(conn, reading.asked, names)
        answer = _answer(conn, reading, names)
        explained = (
            explaining.read(conn, answer, request.args.get("explain", "")) if answer else None
        )
        of_market = market.read(conn, answer.asked, names, viewer.role) if answer else None
        told = limits.notes(reading.asked.limits) if answer and code == "R10" else []
        alone = viewer.role == "operator"
        shown = NOTHING | {"columns": columns}
        if answer:  # within the transaction, as what rows name is looked up
            shown = _shown(answer, columns, alone, **_beside(conn, answer, names))
    choices = _choices(names, reading.asked, offered, alone)
    return _page(
        reading,
        choices,
        alone,
        market=of_market,
        explained=explained,
        limits=told,
        **shown,
    )


def _part(conn: db.Connection, reading: Reading, names: Names, only: str) -> Response:
    """A part of the page that it fetches once it stands."""
    answer = _answer(conn, reading, names)
    drawn: Chart | Grid | None = None
    if answer:
        up = _above(answer.asked)
        drawn = (
            chart.over_time(answer, up, bare=True)
            if only == ONLY_CHART
            else _grid(conn, answer, names, up)
        )
    return render(
        "reports/report.html",
        PARTS[only],
        status=200 if answer else 422,
        **NOTHING | {"answer": answer, only: drawn},
        asked=reading.asked,
        dimensions=_dimensions(reading.asked),
        own_table=True,
        stopped=TOO_SLOW if answer and drawn is None else reading.errors.get("from"),
    )


def _answer(conn: db.Connection, reading: Reading, names: Names) -> Answer | None:
    if reading.errors:
        return None
    try:
        return answering.read(
            conn, reading.asked, names, shown=paging.places(_size(), request.args)
        )
    except TooSlow:
        reading.errors["from"] = TOO_SLOW
        return None


def _size() -> int:
    """How many rows the page shows at most."""
    return MOST_ROWS if request.args.get("rows") == ALL else ROWS


def _above(asked: Asked) -> list[str]:
    """The pages above this one, as the address names them."""
    return [one.text for one in trail.read(asked, request.args.getlist("up"))]


def _beside(conn: db.Connection, answer: Answer, names: Names) -> dict[str, Any]:
    """The report's own charts; of one that takes another report the outline, unless the page was
    asked for with it, as it is where no script fetches it.
    """
    up = _above(answer.asked)
    if answer.asked.report.chart == "timeline":
        return {"pictures": gantt.read(conn, answer, up), "grid": None}
    with_grid = request.args.get("only") == ONLY_GRID
    return {
        "pictures": charts.own(answer, up),
        "grid": _grid(conn, answer, names, up) if with_grid else grid.outline(answer),
    }


def _grid(conn: db.Connection, answer: Answer, names: Names, up: list[str]) -> Grid | None:
    """Nothing where it is stopped: the report itself stands."""
    try:
        return grid.read(conn, answer, names, up)
    except TooSlow:
        return None


def _columns(reading: Reading) -> list[Measure]:
    """The figures that the table shows: those asked for, else what the report shows unasked."""
    measures = reading.asked.report.measures
    asked = [part for text in request.args.getlist("column") for part in text.split(",") if part]
    if any(one not in measures for one in asked):
        reading.errors["column"] = lazy_gettext("The report has no such column.")
    chosen = [one for name, one in measures.items() if name in asked]
    return chosen or [one for one in measures.values() if one.shown]


def _page(
    reading: Reading,
    choices: dict[str, list[tuple[Any, Any]]],
    alone: bool,
    **besides: Any,
) -> Response:
    asked = reading.asked
    return render(
        "reports/report.html",
        "report",
        stopped=None,
        status=200 if besides["answer"] else 422,
        definition=asked.report,
        category=CATEGORIES[asked.report.category],
        asked=asked,
        errors=reading.errors,
        summary=[(FIELDS.get(field, "main"), text) for field, text in reading.errors.items()],
        choices=choices,
        chosen={name: narrowing.ids(name, things) for name, things in asked.narrowed.items()},
        by=",".join(asked.by) or "total",
        chips=_chips(asked, alone),
        clear=here(**dict.fromkeys([*words.NAMES, "currency", "as_of", *AGAINST, "up"])),
        more=asked.as_of
        or asked.against
        or MORE & set(asked.narrowed)
        or any(request.args.get(choosing.FIND + one) for one in SOUGHT)
        or MORE & set(reading.errors),
        few=FEW,
        sought=SOUGHT,
        most=choosing.MOST,
        relations=words.AGAINST,
        relation=_relation(asked),
        example=f"{request.path}?{asked.report.example_query}",
        alone=alone,
        dimensions=_dimensions(asked),
        **besides,
    )


def _dimensions(asked: Asked) -> list[Dimension]:
    return [asked.report.dimensions[one] for one in asked.by]


def _relation(asked: Asked) -> str:
    """What the report is compared with, as the form has it."""
    if asked.against:
        return asked.against.preset or periods.DAYS
    text = request.args.get("against", "")
    return text if text in words.AGAINST else ""


def _shown(
    answer: Answer,
    columns: list[Measure],
    alone: bool,
    pictures: list[Picture],
    grid: Grid | None,
) -> dict[str, Any]:
    asked, report = answer.asked, answer.asked.report
    if "column" not in request.args:  # what no row tells is left out, unless it was asked for
        told = [
            one
            for one in columns
            if any(line.figures[one.code] is not None for line in answer.lines)
        ]
        columns = told or columns
    digits = asked.currency.digits
    size = _size()
    part = paging.part(answer.lines, size, request.args)
    answer.know(part.rows)
    known = lru_cache(maxsize=None, typed=True)(_text)

    def written(measure: Measure, value: Any, digits: int) -> str:
        return known(measure.kind, value, digits)

    every = [*(line.figures for line in part.rows), answer.total]
    widest = [
        max((written(one, row[one.code], digits) for row in every), key=len) for one in columns
    ]
    levels = trail.read(asked, request.args.getlist("up"))
    up = [one.text for one in levels]
    drawn = chart.over_time(answer, up)
    compared = not grid and not (pictures and report.chart in charts.OF_ROWS)
    return {
        "answer": answer,
        "columns": columns,
        "paper_size": paper.size_class(widest),
        "rows": [(line, drill.behind(asked, line, up)) for line in part.rows],
        "paged": part,
        "most_rows": MOST_ROWS if size == ROWS and part.whole > ROWS else None,
        "behind_total": drill.behind_total(asked, answer.total, up),
        "above": [
            (here(explain=None, **query), name) for query, name in trail.above(asked, levels)
        ],
        "below": trail.current(asked, levels),
        "explain": explaining.name,
        "changed": changed,
        "headline": headline(answer),
        "chart": drawn,
        # The rows below tell every point, unless they are of something else or others' sums.
        "own_table": len(part.rows) < part.whole or _joined(drawn, answer),
        "doubtful": partial(remarks.doubtful, answer.remarks),
        "trend": chart.trend(answer),
        "pictures": pictures,
        "grid": grid,
        "bars": chart.compared(answer, alone, up) if compared else [],
        "bar_measures": chart.bars_of(answer),
        "same_again": drill.page(asked, as_of=formats.iso(answer.as_of)),
        "cells": cells(answer, columns, written, changed),
        "text_of": written,
    }


def _joined(drawn: Chart | None, answer: Answer) -> bool:
    """Whether a point of the chart stands for several rows."""
    return drawn is not None and len(drawn.labels) < len(answer.lines)


def headline(answer: Answer) -> list[Measure]:
    """The figures told above the table: those of the chart and what the report leads with."""
    report = answer.asked.report
    named = [report.measures[report.leading_measure], *chart.drawn(answer)]
    if answer.total[report.leading_measure] is None:
        named += [one for one in report.measures.values() if one.additive and one.shown]
    ratios = [
        one for one in report.measures.values() if one.kind in ("percent", "number") and one.shown
    ]
    found = [one for one in dict.fromkeys([*named, *ratios]) if answer.total[one.code] is not None]
    return found[:8]


def text_of(measure: Measure, value: Any, digits: int) -> str:
    """A figure as the page writes it; money without its sign, which the heading names."""
    return _text(measure.kind, value, digits)


def _text(kind: str, value: Any, digits: int) -> str:
    if value is None:
        return formats.ABSENT
    if kind == "money":
        return formats.amount(value, digits)
    return WRITERS.get(kind, formats.count)(value)


def _number(value: int | Decimal) -> str:
    if isinstance(value, Decimal):
        return formats.amount(int((value * 100).to_integral_value()), 2)
    return formats.count(value)


def _span(milliseconds: int) -> str:
    """A span of time in the unit in which it is read; files have milliseconds."""
    if milliseconds < 1_000:
        return gettext("%(number)s ms", number=formats.count(milliseconds))
    for bound, unit, told in (
        (60_000, 1_000, lazy_gettext("%(number)s s")),
        (3_600_000, 60_000, lazy_gettext("%(number)s min")),
        (172_800_000, 3_600_000, lazy_gettext("%(number)s h")),
    ):
        if milliseconds < bound:
            return str(told) % {"number": formats.amount(milliseconds * 10 // unit, 1)}
    days = formats.amount(milliseconds * 10 // 86_400_000, 1)
    return gettext("%(number)s days", number=days)


WRITERS: dict[str, Callable[[Any], str]] = {
    "percent": lambda percent: formats.percent(Decimal(percent) / 100, 2),
    "moment": formats.date_time,
    "status": answering.status_name,
    "milliseconds": _span,
    "number": _number,
}


def changed(answer: Answer, line: Line | None, measure: Measure) -> tuple[str, str, str]:
    """What a figure was in the period compared with, how it changed, and the way: up, down or
    nothing; the total's without a line.
    """
    before, by = answer.compared(line, measure)
    told = text_of(measure, before, answer.asked.currency.digits)
    if by is None:
        return told, "", ""
    by = round(by, 2 if measure.kind == "percent" else 1)
    way = "up" if by > 0 else "down" if by < 0 else ""
    sign = "+" if by > 0 else ""
    if measure.kind == "percent":
        points = formats.amount(int((by * 100).to_integral_value()), 2)
        return told, gettext("%(number)s pp", number=f"{sign}{points}"), way
    return told, f"{sign}{formats.percent(by / 100, 1)}", way


def _offered(conn: db.Connection, asked: Asked, names: Names) -> dict[str, list[tuple[Any, Any]]]:
    """Licences, places and games to choose from: those looked for, or those of the operator."""
    operators = [one.id for one in asked.operators]
    fields = [one for one in SOUGHT if one in asked.report.filters]
    text = request.args.get(choosing.FIND + "operator", "")
    return {
        "operator": choosing.search(conn, "operator", text, names),
        **{field: [] for field in fields},
        **choosing.offered(conn, request.args, fields, names, operators),
        **({"provider": makers.providers(conn)} if "provider" in asked.report.filters else {}),
        **(
            {"tax_class": [(one.code, one.name) for one in narrowing.tax_classes(conn)]}
            if "tax_class" in asked.report.filters
            else {}
        ),
    }


def _choices(
    names: Names, asked: Asked, offered: dict[str, list[tuple[Any, Any]]], alone: bool
) -> dict[str, list[tuple[Any, Any]]]:
    by: list[tuple[Any, Any]] = [
        (one.code, one.name)
        for one in asked.report.dimensions.values()
        if not (alone and one.code == "operator")
    ]
    by.append(("total", gettext("The total alone")))
    if len(asked.by) > 1:
        named = " · ".join(asked.report.dimensions[one].name for one in asked.by)
        by.insert(0, (",".join(asked.by), named))
    choices = {
        "by": by,
        "currency": names.currency_choices(),
        "type": list(names.gambling_choices()),
        "channel_kind": [(one.code, one.name) for one in KINDS.values()],
        **offered,
    }
    if alone:
        choices.pop("operator")
    for name, things in asked.narrowed.items():
        if alone and name == "operator":
            continue
        there = {str(value) for value, _ in choices.setdefault(name, [])}
        pairs = zip(narrowing.ids(name, things), things, strict=True)
        choices[name][:0] = [(value, one.name) for value, one in pairs if value not in there]
    known_as = {"type": "gambling_type", "channel_kind": "channel"}
    for name in words.NAMES:
        if known_as.get(name, name) not in asked.report.filters:
            choices.pop(name, None)
    return {name: found for name, found in choices.items() if found or name in offered}


def _chips(asked: Asked, alone: bool) -> list[tuple[str, str, str]]:
    """What narrows the report, each thing by itself: its name, its value, the address without."""
    narrowed = asked.narrowed
    chips = []
    for field, label, told in words.narrowing(asked, alone):
        things = narrowed.get(field)
        if things is None:
            gone = here(**dict.fromkeys(AGAINST if field == "against" else [field]))
            chips.append((label, told, gone))
            continue
        ids = narrowing.ids(field, things)
        for own, one in zip(ids, things, strict=True):
            chips.append((label, one.name, here(**{field: [each for each in ids if each != own]})))
    return chips


def _errors_as_json(errors: exports.Errors) -> ResponseReturnValue:
    return {
        "errors": [{"field": field, "message": str(text)} for field, text in errors.items()]
    }, 422
