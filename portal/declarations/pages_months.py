"""Declared GGR of months, and the bridge between cash GGR and settlement GGR."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.declarations import gateway
from portal.declarations.pages import (
    BASES,
    DEFAULT_MONTHS,
    READERS,
    STATES,
    blueprint,
    bound_months,
    read_filters,
)
from portal.identity.login import audience, current_viewer
from portal.registry.names import read_names
from portal.web.periods import ONE_DAY, month_end
from portal.web.rendering import render

# What the lines of the bridge add up.
ADDED = (
    "stake_minor",
    "refund_minor",
    "win_minor",
    "cash_ggr_minor",
    "opening_proven_minor",
    "opening_possible_minor",
    "opening_voided_minor",
    "opening_won_minor",
    "closing_proven_minor",
    "closing_possible_minor",
    "settled_minor",
    "settlement_ggr_minor",
    "settlement_least_minor",
    "settlement_most_minor",
)

# Those that are sums of the month's records, as R09 tells them.
CASH = frozenset({"stake_minor", "refund_minor", "win_minor", "cash_ggr_minor"})


@blueprint.get("/months")
@audience(*READERS)
def months() -> ResponseReturnValue:
    """Declared GGR of each month and kind of gambling beside that of the records; or a file."""
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("declarations.months")
        except exports.NotExportable as problem:
            wrong = problem.errors
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_filters(request.args, names, viewer, DEFAULT_MONTHS)
        bound_months(filters)
        filters.errors.update(wrong)
        rows: list[db.Row] = []
        if not filters.errors:
            rows = gateway.compared_months(
                conn,
                filters.period.first,
                filters.period.last,
                operators=filters.operators,
                currency=filters.currency.id,
            )
        deadlines = gateway.deadlines(conn)
    return render(
        "declarations/months.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        names=names,
        rows=rows,
        states=STATES,
        bases=BASES,
        month_end=month_end,
        deadlines=deadlines,
        summary=filters.summary,
        chips=filters.chips(),
        declare=viewer.role == "operator",
    )


@blueprint.get("/bridge")
@audience(*READERS)
def bridge() -> ResponseReturnValue:
    """From cash GGR to settlement GGR, month by month, for one operator."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_filters(request.args, names, viewer, DEFAULT_MONTHS)
        bound_months(filters)
        rows: list[db.Row] = []
        declared: dict[object, int] = {}
        if not filters.errors and filters.operator:
            first = filters.period.first.replace(day=1)
            last = month_end(filters.period.last.replace(day=1))
            rows = gateway.bridge(conn, filters.operator.id, first, last, filters.currency.id)
            declared = {
                one["day"]: one["open_bets_minor"]
                for one in gateway.days(
                    conn, first - ONE_DAY, last, filters.operator.id, filters.currency.id
                )
            }
    by_month: dict[object, list[db.Row]] = {}
    for row in rows:
        by_month.setdefault(row["month"], []).append(row)
    return render(
        "declarations/bridge.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        names=names,
        months={month: (parts, _sums(parts)) for month, parts in by_month.items()},
        types={
            month: ",".join(names.gambling_types[one["gambling_type_id"]].code for one in parts)
            for month, parts in by_month.items()
        },
        cash=CASH,
        declared=declared,
        before=ONE_DAY,
        month_end=month_end,
        summary=filters.summary,
        chips=filters.chips(),
    )


def _sums(parts: list[db.Row]) -> dict[str, int | None]:
    """All kinds of gambling of a month; None where one of them was not measured."""
    return {
        name: None if any(one[name] is None for one in parts) else sum(one[name] for one in parts)
        for name in ADDED
    }
