"""The start page and the reports: parse, read, show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry.names import Names, read_names
from portal.reports import chart, drill, exports, filters, gateway, home, report, tasks
from portal.reports.figures import MEASURES
from portal.reports.filters import GROUPINGS, HEADINGS, Filters, Reading
from portal.reports.report import Report
from portal.reports.task_kinds import KINDS, TABLES, WAITING
from portal.reports.tasks import Group
from portal.web import navigation, paper, periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.paging import Listing, listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import here

CHANGES = 100
KIND = "<any({}):kind>".format(", ".join(KINDS))
READERS = ("regulator", "tax_service", "auditor", "operator")
REPORTS = lazy_gettext("Reports")
# What a grouping is called in the glossary.
GROUPING_TERMS = {
    "day": "kyiv_day",
    "hour": "kyiv_day",
    "operator": "operator",
    "gambling_type": "gambling_type",
    "licence": "licence",
    "channel": "channel",
}
FORMATS = {"csv": exports.as_csv, "json": exports.as_json}
FIELDS = {
    "period": "period-from",
    "from": "period-from",
    "to": "period-to",
    "operator": "filter-operator",
    "type": "filter-type",
    "by": "filter-by",
    "currency": "filter-currency",
}

blueprint = Blueprint("reports", __name__)


@blueprint.get("/")
@audience(*navigation.ROLES)
def start() -> ResponseReturnValue:
    """What waits for the person, today so far, and where to go from here."""
    viewer = current_viewer()
    reads = viewer.role in READERS
    with viewer.reading() as conn:
        names = read_names(conn)
        as_of = gateway.watermark(conn)
        groups = tasks.read(conn, names, viewer.role == "operator")
        today = home.read(conn, names) if reads else None
    return render(
        "reports/start.html",
        groups=groups,
        severities=tasks.SEVERITIES,
        as_of=as_of,
        today=today,
        ways=home.ways(viewer.role) if reads else [],
    )


@blueprint.get(f"/tasks/{KIND}")
@audience(*navigation.ROLES)
def task(kind: str) -> ResponseReturnValue:
    """The rows behind one task of the start page; none where nothing of the kind waits."""
    viewer = current_viewer()
    if kind not in WAITING[viewer.role]:
        abort(404)
    with viewer.reading() as conn:
        names = read_names(conn)
        as_of = gateway.watermark(conn)
        groups = tasks.read(conn, names, viewer.role == "operator")
        found = next((group for group in groups if group.kind.name == kind), None)
        changes = _changes(conn, found, names) if found and kind == "changes" else None
    return render(
        "reports/task.html",
        group=found or tasks.empty(KINDS[kind]),
        severities=tasks.SEVERITIES,
        as_of=as_of,
        names=names,
        changes=changes,
        tables=TABLES,
    )


@dataclass(frozen=True)
class Changes:
    """Today's changes in the registry: one page of them, how many there are, what narrows them."""

    listing: Listing[db.Row]
    number: int
    chips: list[tuple[str, str, str]]


def _changes(conn: db.Connection, group: Group, names: Names) -> Changes:
    """Changes of everything, or of the operator or the register in the address."""
    operator = request.args.get("operator") or None
    register = request.args.get("register") or None
    told = [
        task.row.quantity
        for task in group.tasks
        if operator in (None, str(task.row.operator_id)) and register in (None, task.row.subject)
    ]
    if not told:
        abort(404)
    operator_id = int(operator) if operator else None
    before = read_cursor(request.args, int)
    rows = gateway.registry_changes(
        conn,
        periods.preset_period("today", periods.today()).start,
        CHANGES + 1,
        before=before,
        operator_id=operator_id,
        register=register,
    )
    chips = []
    if operator_id is not None:
        known = names.operators.get(operator_id)
        named = known.name if known else str(operator_id)
        chips.append((gettext("Operator"), named, here(operator=None)))
    if register:
        named = str(TABLES.get(register, register))
        chips.append((gettext("Register"), named, here(register=None)))
    return Changes(listing(rows, CHANGES, "id", before is not None), sum(told), chips)


@blueprint.get("/reports/stakes-and-winnings")
@audience(*READERS)
def stakes_and_winnings() -> ResponseReturnValue:
    """Stakes, winnings and refunds as page, CSV or JSON: three forms of the same rows."""
    viewer = current_viewer()
    wanted = request.args.get("format", "")
    with viewer.reading() as conn:
        names = read_names(conn)
        reading = filters.read(request.args, names)
        if wanted and wanted not in FORMATS:
            reading.errors["format"] = lazy_gettext("The report is given as csv or json.")
        found = None if reading.errors else report.read(conn, reading.filters, names)
    if found and wanted in FORMATS:
        return FORMATS[wanted](found, viewer)
    if wanted == "json":
        return _errors_as_json(reading.errors)
    return _page(reading, found, names, alone=viewer.role == "operator")


def _page(reading: Reading, found: Report | None, names: Names, alone: bool) -> Response:
    chosen = reading.filters
    return render(
        "reports/stakes_and_winnings.html",
        "report",
        status=200 if found else 422,
        filters=chosen,
        errors=reading.errors,
        summary=[(FIELDS.get(field, "main"), text) for field, text in reading.errors.items()],
        choices=_choices(names, alone),
        chips=_chips(chosen, alone),
        clear=here(operator=None, type=None, currency=None),
        measures=MEASURES,
        grouping=GROUPINGS[chosen.by],
        heading=HEADINGS[chosen.by],
        grouping_term=GROUPING_TERMS[chosen.by],
        **(_shown(found, alone) if found else {"report": None}),
    )


def _shown(found: Report, alone: bool) -> dict[str, Any]:
    chosen = found.filters
    figures = [line.figures for line in found.lines] + [found.total]
    widest = [one.widest(figures, chosen.currency.digits) for one in MEASURES.values()]
    return {
        "report": found,
        "paper_size": paper.size_class(widest),
        "rows": [(line, drill.behind(chosen, line, alone)) for line in found.lines],
        "behind_total": drill.behind_total(chosen),
        "chart": chart.over_time(found) if chosen.in_time and found.lines else None,
        "bars": [] if chosen.in_time else chart.compared(found, alone),
    }


def _choices(names: Names, alone: bool) -> dict[str, list[tuple[Any, Any]]]:
    groupings: dict[str, LazyString] = dict(GROUPINGS)
    if alone:
        del groupings["operator"]
    return {
        "by": list(groupings.items()),
        "operator": names.operator_choices(),
        "type": names.gambling_choices(),
        "currency": names.currency_choices(),
    }


def _chips(chosen: Filters, alone: bool) -> list[tuple[str, str, str]]:
    """What narrows the report: its name, its value, the address without it."""
    chips = []
    if chosen.operator and not alone:
        chips.append((gettext("Operator"), chosen.operator.name, here(operator=None)))
    if chosen.gambling_type:
        chips.append((gettext("Kind of gambling"), chosen.gambling_type.name, here(type=None)))
    if chosen.currency.code != filters.DEFAULT_CURRENCY:
        chips.append((gettext("Currency"), chosen.currency.code, here(currency=None)))
    return chips


def _errors_as_json(errors: dict[str, LazyString]) -> ResponseReturnValue:
    return {
        "errors": [{"field": field, "message": str(text)} for field, text in errors.items()]
    }, 422


def init_app(app: Flask) -> None:
    """Register the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem(
            "reports.start",
            lazy_gettext("Today"),
            "home",
            navigation.ROLES,
            order=10,
            within={"reports.task"},
        ),
        NavItem(
            "reports.stakes_and_winnings",
            lazy_gettext("Stakes and winnings"),
            "chart",
            set(READERS),
            REPORTS,
            20,
        ),
    )
