"""What the pages of declarations share: the blueprint, who may look, and what addresses say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint

from portal.errors import NotFound
from portal.identity.login import Viewer
from portal.registry.names import Currency, Named, Names
from portal.web import periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import Period, PeriodError
from portal.web.urls import here

READERS = ("operator", "regulator", "tax_service", "auditor")
DEFAULT_PERIOD, DEFAULT_MONTHS, DEFAULT_CURRENCY = "month", "last-month", "UAH"
LONGEST_ALL, LONGEST_ONE = 93, 367  # days, as api.declared_and_observed has it
LONGEST_MONTHS = 24
Errors = dict[str, LazyString]
# Number of a type in the ledger -> its words, and its name in columns.
TYPES: dict[int, tuple[LazyString, str]] = {
    1: (lazy_gettext("Stakes"), "bet"),
    2: (lazy_gettext("Winnings"), "win"),
    3: (lazy_gettext("Refunds"), "refund"),
    4: (lazy_gettext("Deposits"), "deposit"),
    5: (lazy_gettext("Withdrawals"), "withdrawal"),
}
STATES: dict[str, tuple[LazyString, str]] = {
    "missing": (lazy_gettext("missing"), "bad"),
    "differs": (lazy_gettext("differs"), "bad"),
    "unbalanced": (lazy_gettext("balances do not add up"), "attention"),
    "late": (lazy_gettext("late"), "attention"),
    "awaited": (lazy_gettext("not due yet"), "info"),
    "matches": (lazy_gettext("matches"), "ok"),
    "settlement": (lazy_gettext("on settlement basis"), "info"),
}
# States in which a list can be asked for; the first that has any is shown first.
CHOICES = ("missing", "differs", "unbalanced", "late", "awaited", "matches")
ALL = "all"
BASES: dict[str, LazyString] = {
    "cash": lazy_gettext("cash: each record on its own day"),
    "settlement": lazy_gettext("settlement: a stake on the day of its result"),
}

blueprint = Blueprint("declarations", __name__, url_prefix="/declarations")


@dataclass(frozen=True)
class Filters:
    """Whose declarations, of which period and currency; ``errors`` by field of the address."""

    period: Period
    operator: Named | None
    currency: Currency
    errors: Errors
    own: bool = False  # an operator's people: no other choice

    @property
    def operators(self) -> list[int] | None:
        """For the database: None is all that the reader may see."""
        return [self.operator.id] if self.operator else None

    @property
    def summary(self) -> list[tuple[str, LazyString]]:
        """Errors for the summary: the id of the field, and what is wrong with it."""
        periods_fields = {"period": "period-from", "from": "period-from", "to": "period-to"}
        return [
            (periods_fields.get(name, f"filter-{name}"), text) for name, text in self.errors.items()
        ]

    def chips(self) -> list[tuple[str, str, str]]:
        """What is not as it is by itself."""
        found = []
        if self.operator and not self.own and "operator" not in self.errors:
            found.append((gettext("Operator"), self.operator.name, here(operator=None)))
        if self.currency.code != DEFAULT_CURRENCY:
            found.append((gettext("Currency"), self.currency.code, here(currency=None)))
        return found


def read_filters(
    query: Mapping[str, str], names: Names, viewer: Viewer, default: str = DEFAULT_PERIOD
) -> Filters:
    """The filters in an address; what is wrong is in ``errors``, with the default in its place.

    An operator's people have their own operator for a filter, whatever the address says.
    """
    errors: Errors = {}
    try:
        period = periods.read_period(query, default)
    except PeriodError as problem:
        errors[problem.field] = problem.message
        period = periods.preset_period(default, periods.today())
    operator = read_operator(query, names, viewer, errors)
    currency = names.currency(query.get("currency") or DEFAULT_CURRENCY)
    if currency is None:
        errors["currency"] = lazy_gettext("There is no such currency.")
        currency = names.currency(DEFAULT_CURRENCY)
    if currency is None:
        raise NotFound
    return Filters(period, operator, currency, errors, viewer.role == "operator")


def read_operator(
    query: Mapping[str, str], names: Names, viewer: Viewer, errors: Errors
) -> Named | None:
    """The operator in an address; another's and none at all are the same error."""
    if viewer.role == "operator":
        return names.operators.get(viewer.operator_id or 0)
    text = query.get("operator", "")
    found = names.operator(text)
    if text and found is None:
        errors["operator"] = lazy_gettext("Choose an operator from the list.")
    return found


def bound(filters: Filters) -> None:
    """Say what to narrow where a period is longer than the comparison goes."""
    if filters.errors:
        return
    longest = LONGEST_ONE if filters.operator else LONGEST_ALL
    if filters.period.days > longest:
        filters.errors["from"] = (
            lazy_gettext("At most %(num)s days at once.", num=longest)
            if filters.operator
            else lazy_gettext(
                "At most %(num)s days at once, or choose an operator for a whole year.",
                num=longest,
            )
        )


def bound_months(filters: Filters) -> None:
    """The same for months."""
    if filters.errors:
        return
    first, last = filters.period.first, filters.period.last
    if 12 * (last.year - first.year) + last.month - first.month >= LONGEST_MONTHS:
        filters.errors["from"] = lazy_gettext("At most %(num)s months at once.", num=LONGEST_MONTHS)
