"""Organisers as taxpayers: by code, with their licences, their sums, and the way to the records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import request
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry import pages_taxpayers_files as files
from portal.registry.catalogue import Catalogue, read_catalogue
from portal.registry.differences import record_address
from portal.registry.names import Currency, Names, read_names
from portal.registry.pages import blueprint, possible, read_search
from portal.registry.pages_operators import fitting, page_of
from portal.web import periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import Period, PeriodError
from portal.web.rendering import render
from portal.web.urls import here, page_address

READERS = ("tax_service", "regulator", "auditor")
TAXPAYERS = 50
DEFAULT_PERIOD, DEFAULT_CURRENCY = "month", "UAH"
# Sums: heading and column of ``api.stakes_and_winnings``; each is an entry of the glossary.
SUMS: dict[str, tuple[LazyString, str]] = {
    "stake": (lazy_gettext("Stakes"), "stake_minor"),
    "refund": (lazy_gettext("Refunds"), "refund_minor"),
    "win": (lazy_gettext("Winnings"), "win_minor"),
    "ggr": (lazy_gettext("GGR"), "ggr_minor"),
}
NOTHING = {column: 0 for _, column in SUMS.values()}


@dataclass(frozen=True)
class Filters:
    """Period and currency of the sums, as the address names them."""

    period: Period
    currency: Currency
    errors: dict[str, LazyString]

    @property
    def summary(self) -> list[tuple[str, LazyString]]:
        """Errors for the summary: the id of the field, and what is wrong with it."""
        fields = {"currency": "filter-currency", "period": "period-from"}
        return [(fields.get(name, f"period-{name}"), text) for name, text in self.errors.items()]

    @property
    def query(self) -> dict[str, str]:
        """The same period and currency for another page."""
        period = self.period
        days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
        own = {"period": period.preset} if period.preset else days
        return (
            own
            if self.currency.code == DEFAULT_CURRENCY
            else own | {"currency": self.currency.code}
        )

    def chips(self) -> list[tuple[str, str, str]]:
        """What is not as it is by itself."""
        if self.currency.code == DEFAULT_CURRENCY:
            return []
        return [(gettext("Currency"), self.currency.code, here(currency=None))]


def read_filters(names: Names) -> Filters:
    """Period and currency; what is wrong stands in ``errors``, and the default in its place."""
    errors: dict[str, LazyString] = {}
    try:
        period = periods.read_period(request.args, DEFAULT_PERIOD)
    except PeriodError as problem:
        errors[problem.field] = problem.message
        period = periods.preset_period(DEFAULT_PERIOD, periods.today())
    currency = names.currency(request.args.get("currency") or DEFAULT_CURRENCY)
    if currency is None:
        errors["currency"] = lazy_gettext("There is no such currency.")
        currency = names.currency(DEFAULT_CURRENCY)
    if currency is None:
        raise NotFound
    return Filters(period, currency, errors)


@blueprint.get("/taxpayers")
@audience(*READERS)
def taxpayers() -> ResponseReturnValue:
    """Organisers by taxpayer code or name, with the sums of a period; as page, CSV, XLSX, JSON."""
    viewer = current_viewer()
    wanted = read_search(request.args)
    form = request.args.get("format", "")
    with viewer.reading() as conn:
        names = read_names(conn)
        filters = read_filters(names)
        catalogue = read_catalogue(conn)
        rows = fitting(desk.taxpayers(conn), wanted)
        money: dict[str, db.Row] = {}
        if not filters.errors:
            money = desk.money(
                conn,
                filters.period.first,
                filters.period.last,
                by="operator",
                operator_id=None,
                currency=filters.currency.id,
            )
    made = [row | _sums(money.get(str(row["operator_id"]))) for row in rows]
    if form and form not in files.FORMATS:
        filters.errors["format"] = lazy_gettext("The list is given as csv, xlsx or json.")
    if form and not filters.errors:
        scope = [(gettext("Search"), wanted)] if wanted else []
        return files.answer(
            form,
            files.Sheet(
                catalogue, made, filters.period, filters.currency, scope, datetime.now(UTC), SUMS
            ),
        )
    chips = [(gettext("Search"), wanted, here(q=None))] if wanted else []
    return render(
        "registry/taxpayers.html",
        "list",
        status=422 if filters.errors else 200,
        page=page_of(made, TAXPAYERS, "operator_id"),
        total=len(made),
        sums={column: sum(row[column] for row in made) for column in NOTHING},
        columns=SUMS,
        filters=filters,
        wanted=wanted,
        catalogue=catalogue,
        names=names,
        chips=[*chips, *filters.chips()],
        summary=filters.summary,
        period_query=filters.query,
        formats=files.FORMATS,
    )


@blueprint.get("/taxpayers/<int:operator_id>")
@audience(*READERS)
def taxpayer(operator_id: int) -> ResponseReturnValue:
    """One organiser: code, licences and what each brought, and the ways to the records."""
    with current_viewer().reading() as conn:
        names = read_names(conn)
        filters = read_filters(names)
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
                operator_id=operator_id,
                currency=filters.currency.id,
            )
        fees = {row["licence_kind_id"]: row for row in desk.fees(conn) if _holds(row)}
    rows = [row | _sums(money.get(str(row["record_id"]))) for row in licences]
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


def _sums(row: db.Row | None) -> dict[str, int]:
    return {column: row[column] for column in NOTHING} if row else NOTHING


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
                "reports.stakes_and_winnings",
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
