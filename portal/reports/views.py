"""The start page and the reports: parse, read, show."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, request
from flask.typing import ResponseReturnValue

from portal import db, exports, saved, subscriptions
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry.desk import People
from portal.registry.names import Names, read_names
from portal.reports import catalogue, gateway, heads, pages, pages_limits, pages_start, tasks
from portal.reports import exports as tables
from portal.reports.pages import READERS
from portal.reports.pages_start import LANDING
from portal.reports.task_kinds import KINDS, RECORDS, TABLES, WAITING
from portal.reports.tasks import Group
from portal.web import navigation, periods
from portal.web.i18n import gettext, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.paging import Listing, listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import here, page_address

CHANGES = 100
# Roles for which nothing waits begin where their work is.
KIND = "<any({}):kind>".format(", ".join(KINDS))
REPORTS = lazy_gettext("Reports")
# What a saved view of a report keeps of its address.
KEPT = frozenset({*pages.FIELDS, "column", "sort", "dir"})

blueprint = Blueprint("reports", __name__)


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
        group = tasks.group_of(conn, kind, names, viewer.role == "operator")
        changes = _changes(conn, group, names) if group.rows and kind == "changes" else None
    return render(
        "reports/task.html",
        group=group,
        severities=tasks.SEVERITIES,
        as_of=as_of,
        names=names,
        changes=changes,
        tables=TABLES,
        record_of=_record_of,
    )


@dataclass(frozen=True)
class Changes:
    """Today's changes in the registry: one page of them, how many there are, what narrows them, and
    who made them."""

    listing: Listing[db.Row]
    number: int
    chips: list[tuple[str, str, str]]
    people: People


def _changes(conn: db.Connection, group: Group, names: Names) -> Changes:
    """Changes of everything, or of the operator or the register in the address."""
    operator = request.args.get("operator") or None
    register = request.args.get("register") or None
    told = [
        row.quantity
        for row in group.rows
        if operator in (None, str(row.operator_id)) and register in (None, row.subject)
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
    people = People(conn, (row["actor"] for row in rows))
    return Changes(listing(rows, CHANGES, "id", before is not None), sum(told), chips, people)


def _record_of(change: db.Row) -> str | None:
    """The page of the record that a row of the history belongs to; None where it has none."""
    kind = RECORDS.get(change["table_name"])
    return (
        page_address("registry.record", kind=kind, record_id=change["record_id"]) if kind else None
    )


pages.register(blueprint)
pages_start.register(blueprint)
pages_limits.register(blueprint)


def _name(conn: db.Connection, path: saved.Path) -> str:
    """What a report is called; NotFound for none and for another role's."""
    found = catalogue.read(conn, str(path.get("code")))
    if not found:
        raise NotFound
    return f"{found[0].code} {found[0].name}"


def _kept(conn: db.Connection, path: saved.Path) -> frozenset[str]:
    """What narrows, groups and orders a report; NotFound for none."""
    _name(conn, path)
    return KEPT


def init_app(app: Flask) -> None:
    """Register the pages and their entries in the menu."""
    app.register_blueprint(blueprint)
    exports.register(app, tables.SOURCE)
    subscriptions.register(app, heads.HEAD)
    saved.register(app, saved.Target("reports.report", _name, _kept, frozenset({"code"})))
    navigation.register(
        app,
        NavItem(
            "reports.start",
            lazy_gettext("Today"),
            "home",
            navigation.ROLES - set(LANDING),
            order=10,
            within={"reports.task", "reports.today", "reports.arrange"},
        ),
        NavItem(
            "reports.index",
            lazy_gettext("All reports"),
            "chart",
            set(READERS),
            REPORTS,
            20,
            within={"reports.report", "reports.limits", "reports.ask_to_verify_limit"},
        ),
    )
