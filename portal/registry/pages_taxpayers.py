"""Organisers as taxpayers: by code, with their licences, their sums, and the way to the records."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.catalogue import Catalogue, read_catalogue
from portal.registry.differences import record_address
from portal.registry.names import read_currencies
from portal.registry.pages import blueprint, own_links, possible, read_search
from portal.registry.pages_taxpayers_rows import (
    NOTHING,
    SUMS,
    Filters,
    read_filters,
    sums_of,
    with_sums,
)
from portal.web.i18n import gettext
from portal.web.paging import Page, both_ways
from portal.web.rendering import render
from portal.web.urls import here, page_address

READERS = ("tax_service", "regulator", "auditor")
TAXPAYERS = 50


@blueprint.get("/taxpayers")
@audience(*READERS)
def taxpayers() -> ResponseReturnValue:
    """Organisers by taxpayer code or name, with the sums of a period; as page or as a file."""
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("registry.taxpayers")
        except exports.NotExportable as problem:
            wrong = problem.errors
    wanted = read_search(request.args)
    page, total, more = Page[db.Row]([], None, None), 0, False
    with current_viewer().reading() as conn:
        names = read_currencies(conn)
        filters = read_filters(request.args, names)
        filters.errors.update(wrong)
        catalogue = read_catalogue(conn)
        if not filters.errors:
            page = _page(conn, wanted)
            page = replace(page, rows=with_sums(conn, page.rows, filters))
            total, more = _found(conn, wanted)
    chips = [(gettext("Search"), wanted, here(q=None))] if wanted else []
    return render(
        "registry/taxpayers.html",
        "list",
        status=422 if filters.errors else 200,
        page=page,
        total=total,
        more=more,
        sums={column: sum(row[column] for row in page.rows) for column in NOTHING},
        columns=SUMS,
        filters=filters,
        wanted=wanted,
        catalogue=catalogue,
        names=names,
        chips=[*chips, *filters.chips()],
        summary=filters.summary,
        period_query=filters.query,
        report=page_address("reports.report", code="R03", by="operator", **filters.query),
    )


def _page(conn: db.Connection, wanted: str) -> Page[db.Row]:
    """The organisers after the cursor of the address or, ``back``, those before it."""
    cursor = request.args.get("cursor", "") or None
    backward = bool(cursor and request.args.get("back"))
    with own_links():
        rows = desk.taxpayers(
            conn, search=wanted, cursor=cursor, backward=backward, limit=TAXPAYERS + 1
        )
    return both_ways(
        rows, TAXPAYERS, lambda row: str(row["cursor"]), continued=bool(cursor), backward=backward
    )


def _found(conn: db.Connection, wanted: str) -> tuple[int, bool]:
    """How many organisers are found, on all pages; and whether there may be more."""
    numbers = gateway.facets(conn, "organiser", filters={}, search=wanted, as_of=None)
    totals = [(row["record_count"], row["more"]) for row in numbers if row["facet"] == "total"]
    return totals[0] if totals else (0, False)


@blueprint.get("/taxpayers/<int:operator_id>")
@audience(*READERS)
def taxpayer(operator_id: int) -> ResponseReturnValue:
    """One organiser: code, licences and what each brought, and the ways to the records."""
    with current_viewer().reading() as conn:
        names = read_currencies(conn)
        filters = read_filters(request.args, names)
        catalogue = read_catalogue(conn)
        record = gateway.record(conn, "organiser", possible(operator_id))
        licences = desk.licences_of(conn, operator_id)
        money: dict[str, db.Row] = {}
        if not filters.errors:
            money = desk.money(
                conn,
                filters.period.first,
                filters.period.last,
                by="licence",
                operators=[operator_id],
                currency=filters.currency.id,
            )
        fees = {row["licence_kind_id"]: row for row in desk.fees(conn) if _holds(row)}
    rows = [row | sums_of(money.get(str(row["record_id"]))) for row in licences]
    return render(
        "registry/taxpayer.html",
        "list",
        status=422 if filters.errors else 200,
        record=record,
        record_page=record_address("organiser", operator_id),
        record_address=record_address,
        rows=rows,
        sums={column: sum(row[column] for row in rows) for column in NOTHING},
        columns=SUMS,
        fees=fees,
        filters=filters,
        names=names,
        catalogue=catalogue,
        chips=filters.chips(),
        summary=filters.summary,
        period_query=filters.query,
        ways=_ways(catalogue, operator_id, filters),
    )


def _holds(fee: db.Row) -> bool:
    return bool(fee["begun"] and not fee["over"])


def _ways(catalogue: Catalogue, operator_id: int, filters: Filters) -> list[tuple[str, str]]:
    """Where the figures come from: the report, the transactions, the batches, the registers."""
    period = filters.period
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    known = [
        (
            gettext("Stakes and winnings by day"),
            page_address(
                "reports.report",
                code="R03",
                operator=operator_id,
                by="day",
                currency=filters.currency.code,
                **days,
            ),
        ),
        (
            gettext("Transactions, each with its receipt"),
            page_address(
                "ledger.transactions",
                operator=operator_id,
                currency=filters.currency.code,
            ),
        ),
        (
            gettext("Accepted batches"),
            page_address("ledger.batches", operator=operator_id, **days),
        ),
        *(
            (kind.plural, page_address("registry.records", kind=kind.kind, operator=operator_id))
            for kind in catalogue.kinds.values()
            if kind.kind != "organiser"
        ),
    ]
    return [(label, address) for label, address in known if address]
