"""Declared days beside what was received: the list of differences, and one day in full."""

from __future__ import annotations

from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from portal import db, exports
from portal.declarations import gateway
from portal.declarations.pages import (
    ALL,
    CHOICES,
    DEFAULT_CURRENCY,
    READERS,
    STATES,
    TYPES,
    Filters,
    blueprint,
    bound,
    read_filters,
)
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import desk
from portal.registry.names import read_names
from portal.web import periods
from portal.web.formats import iso
from portal.web.i18n import gettext, lazy_gettext
from portal.web.paging import cursor, read_cursor
from portal.web.periods import ONE_DAY, PeriodError, midnight
from portal.web.rendering import render
from portal.web.urls import here, page_address

ROWS = 50


@blueprint.get("")
@audience(*READERS)
def index() -> ResponseReturnValue:
    """Days whose declaration is missing or differs; or those of one state, or all; or a file."""
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("declarations.index")
        except exports.NotExportable as problem:
            wrong = problem.errors
    viewer = current_viewer()
    chosen = request.args.get("state", "")
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_filters(request.args, names, viewer)
        bound(filters)
        if chosen not in ("", ALL, *CHOICES):
            filters.errors["state"] = lazy_gettext("Choose from the list.")
        filters.errors.update(wrong)
        counts: dict[str, int] = {}
        rows: list[db.Row] = []
        if not filters.errors:
            counts = _counts(conn, filters)
            chosen = chosen or next((one for one in CHOICES if counts.get(one)), ALL)
            rows = gateway.compared(
                conn,
                filters.period.first,
                filters.period.last,
                operators=filters.operators,
                currency=filters.currency.id,
                state=None if chosen == ALL else chosen,
                after=_after(),
                limit=ROWS + 1,
            )
        deadlines = gateway.deadlines(conn)
    older = here(cursor=cursor(_place(rows[ROWS - 1]))) if len(rows) > ROWS else None
    return render(
        "declarations/index.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        names=names,
        rows=rows[:ROWS],
        older=older,
        newest=here() if "cursor" in request.args else None,
        counts=counts,
        chosen=chosen,
        choices=CHOICES,
        all=ALL,
        states=STATES,
        types=TYPES,
        deadlines=deadlines,
        summary=filters.summary,
        chips=filters.chips(),
        declare=viewer.role == "operator",
    )


@blueprint.get("/day")
@audience(*READERS)
def day() -> ResponseReturnValue:
    """One day of one operator: each type, balances, every version, the way to the records."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_filters(request.args, names, viewer)
        try:
            which = periods.read_day(request.args, "day")
        except PeriodError as problem:
            raise NotFound from problem
        if filters.operator is None or which is None or "currency" in filters.errors:
            raise NotFound
        rows = gateway.compared(
            conn,
            which,
            which,
            operators=[filters.operator.id],
            currency=filters.currency.id,
        )
        if not rows:
            raise NotFound
        versions = gateway.days(conn, which, which, filters.operator.id, filters.currency.id)
        people = desk.People(conn, [one["declared_by"] for one in versions])
    return render(
        "declarations/day.html",
        row=rows[0],
        versions=versions[::-1],
        people=people,
        filters=filters,
        operator=filters.operator,
        which=which,
        states=STATES,
        types=TYPES,
        ways={number: _records(filters, which, name) for number, (_, name) in TYPES.items()},
        before=which - ONE_DAY,
        correct=_correct(filters, which) if viewer.role == "operator" else None,
        overview=url_for("declarations.index"),
    )


def _counts(conn: db.Connection, filters: Filters) -> dict[str, int]:
    return gateway.states(
        conn,
        filters.period.first,
        filters.period.last,
        operators=filters.operators,
        currency=filters.currency.id,
    )


def _place(row: db.Row) -> str:
    return f"{row['day'].isoformat()} {row['operator_id']}"


def _after() -> tuple[date, int] | None:
    text = read_cursor(request.args, str)
    if text is None:
        return None
    day_text, _, number = text.partition(" ")
    try:
        found = date.fromisoformat(day_text), int(number)
    except ValueError:
        found = date.min, -1
    if not 0 < found[1] < 2**31:
        raise BadRequest(gettext("This link to a page of the list is damaged."))
    return found


def _records(filters: Filters, which: date, name: str) -> str | None:
    """The transactions of a day and type."""
    return page_address(
        "ledger.transactions",
        **{"from": iso(midnight(which)), "until": iso(midnight(which + ONE_DAY))},
        operator=filters.operator.id if filters.operator else None,
        type=name,
        currency=filters.currency.code,
    )


def _correct(filters: Filters, which: date) -> str:
    own = None if filters.currency.code == DEFAULT_CURRENCY else filters.currency.code
    return url_for("declarations.new_day", day=which.isoformat(), currency=own)
