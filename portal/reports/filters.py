"""What a reader asked of *Stakes and winnings*: read once from the address, used by every form.

The page, its CSV and its JSON are made from the same :class:`Filters`, so that a file can never say
something else than the screen it was taken from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from portal.registry.names import Currency, Named, Names
from portal.reports.figures import MEASURES
from portal.web import periods
from portal.web.i18n import LazyString, lazy_gettext
from portal.web.periods import Period, PeriodError

DEFAULT_PERIOD = "7-days"
DEFAULT_CURRENCY = "UAH"
LONGEST_BY_HOUR = 93  # as api.stakes_and_winnings has it

# How rows are grouped -> the name of that choice.
GROUPINGS: dict[str, LazyString] = {
    "day": lazy_gettext("Days"),
    "hour": lazy_gettext("Hours"),
    "operator": lazy_gettext("Operators"),
    "gambling_type": lazy_gettext("Kinds of gambling"),
    "licence": lazy_gettext("Licences"),
    "channel": lazy_gettext("Places: venues, sites, applications"),
}
# What one row is, over the column of their names.
HEADINGS: dict[str, LazyString] = {
    "day": lazy_gettext("Day"),
    "hour": lazy_gettext("Hour"),
    "operator": lazy_gettext("Operator"),
    "gambling_type": lazy_gettext("Kind of gambling"),
    "licence": lazy_gettext("Licence"),
    "channel": lazy_gettext("Place"),
}
IN_TIME = frozenset({"day", "hour"})
SORTS = ("label", *MEASURES)


@dataclass(frozen=True)
class Filters:
    """Everything that decides which rows are shown, and in which order."""

    period: Period
    by: str
    operator: Named | None
    gambling_type: Named | None
    currency: Currency
    sort: str
    descending: bool

    @property
    def in_time(self) -> bool:
        """Whether rows follow one another in time."""
        return self.by in IN_TIME


@dataclass(frozen=True)
class Reading:
    """What could be read, and what could not: field of the address -> what is wrong with it.

    With errors the filters hold defaults where the address made no sense: enough to show the form.
    """

    filters: Filters
    errors: dict[str, LazyString]


def read(query: MultiDict[str, str], names: Names, today: date | None = None) -> Reading:
    """The filters in an address. Nothing is guessed: what is not understood is an error."""
    errors: dict[str, LazyString] = {}
    by = query.get("by") or "day"
    if by not in GROUPINGS:
        errors["by"] = lazy_gettext("Choose how to group from the list.")
        by = "day"
    filters = Filters(
        _period(query, by, today, errors),
        by,
        _operator(query, names, errors),
        _gambling_type(query, names, errors),
        _currency(query, names, errors),
        *_order(query, by, errors),
    )
    return Reading(filters, errors)


def _period(
    query: MultiDict[str, str], by: str, today: date | None, errors: dict[str, LazyString]
) -> Period:
    try:
        period = periods.read_period(query, DEFAULT_PERIOD, today)
    except PeriodError as problem:
        errors[problem.field] = problem.message
        instead = periods.preset_period(DEFAULT_PERIOD, today or periods.today())
        return Period(instead.first, instead.last)  # without its name: the form shows the days
    if by in ("hour", "channel") and period.days > LONGEST_BY_HOUR:
        errors["from"] = lazy_gettext("By hour or by place a period has at most 93 days.")
    return period


def _operator(
    query: MultiDict[str, str], names: Names, errors: dict[str, LazyString]
) -> Named | None:
    text = _single(query, "operator", errors)
    found = names.operator(text)
    if text and found is None:  # another's operator and none at all are answered alike
        errors["operator"] = lazy_gettext("Choose an operator from the list.")
    return found


def _gambling_type(
    query: MultiDict[str, str], names: Names, errors: dict[str, LazyString]
) -> Named | None:
    code = _single(query, "type", errors)
    found = names.gambling_type(code)
    if code and found is None:
        errors["type"] = lazy_gettext("Choose a kind of gambling from the list.")
    return found


def _currency(query: MultiDict[str, str], names: Names, errors: dict[str, LazyString]) -> Currency:
    found = names.currency(_single(query, "currency", errors) or DEFAULT_CURRENCY)
    if found is None:
        errors["currency"] = lazy_gettext("Choose a currency from the list.")
        found = names.currency(DEFAULT_CURRENCY)
    if found is None:
        raise LookupError("the registry has no hryvnia")
    return found


def _order(query: MultiDict[str, str], by: str, errors: dict[str, LazyString]) -> tuple[str, bool]:
    sort = query.get("sort") or ("label" if by in IN_TIME else "stake")
    if sort not in SORTS:
        errors["sort"] = lazy_gettext("The table cannot be sorted by that.")
        sort = "label"
    direction = query.get("dir") or ("asc" if sort == "label" else "desc")
    if direction not in ("asc", "desc"):
        errors["sort"] = lazy_gettext("The table cannot be sorted by that.")
    return sort, direction == "desc"


def _single(query: MultiDict[str, str], field: str, errors: dict[str, LazyString]) -> str:
    """The one value of a field; several different ones are an error, none is ''."""
    values = set(query.getlist(field)) - {""}
    if len(values) > 1:
        errors[field] = lazy_gettext("Choose one at a time.")
    return values.pop() if len(values) == 1 else ""
