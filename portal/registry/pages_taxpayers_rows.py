"""Taxpayers with their sums as rows: page and files are made from them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal import db
from portal.errors import NotFound
from portal.registry import desk
from portal.registry.names import Currency, Names
from portal.web import periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import Period, PeriodError
from portal.web.urls import here

AT_ONCE = 1000
DEFAULT_PERIOD, DEFAULT_CURRENCY = "month", "UAH"
# Sums: heading and column of ``api.report_r03``; each is an entry of the glossary.
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


def read_filters(query: MultiDict[str, str], names: Names) -> Filters:
    """Period and currency; what is wrong stands in ``errors``, and the default in its place."""
    errors: dict[str, LazyString] = {}
    try:
        period = periods.read_period(query, DEFAULT_PERIOD)
    except PeriodError as problem:
        errors[problem.field] = problem.message
        period = periods.preset_period(DEFAULT_PERIOD, periods.today())
    currency = names.currency(query.get("currency") or DEFAULT_CURRENCY)
    if currency is None:
        errors["currency"] = lazy_gettext("There is no such currency.")
        currency = names.currency(DEFAULT_CURRENCY)
    if currency is None:
        raise NotFound
    return Filters(period, currency, errors)


def every(conn: db.Connection, wanted: str) -> Iterator[db.Row]:
    """Every organiser that is found, for files."""
    after: str | None = None
    while True:
        rows = desk.taxpayers(conn, search=wanted, cursor=after, limit=AT_ONCE)
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["cursor"]


def with_sums(
    conn: db.Connection, rows: list[db.Row], filters: Filters, *, whole: bool = False
) -> list[db.Row]:
    """Organisers with their sums of the period; ``whole`` says that these are all there are."""
    money = desk.money(
        conn,
        filters.period.first,
        filters.period.last,
        by="operator",
        operators=None if whole else [row["operator_id"] for row in rows],
        currency=filters.currency.id,
    )
    return [row | sums_of(money.get(str(row["operator_id"]))) for row in rows]


def sums_of(row: db.Row | None) -> dict[str, int]:
    """The sums of a row of ``api.report_r03``; nothing where there is none."""
    return {column: row[column] for column in NOTHING} if row else NOTHING
