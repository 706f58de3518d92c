"""What a reader asked of the lists of the ledger, read from the address."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from portal.ledger import gateway
from portal.ledger.words import BREACH_MASKS, TYPE_NUMBERS
from portal.registry.names import Currency, Named, Names
from portal.web import periods
from portal.web.formats import KYIV
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.paging import read_cursor
from portal.web.periods import ONE_DAY, Period, PeriodError, midnight

LONGEST_LIST = 31 * ONE_DAY + timedelta(hours=1)  # a month with the hour that October has twice
Errors = dict[str, LazyString]
WRONG_MOMENT = {
    "from": lazy_gettext("Give the date and the time to begin from."),
    "until": lazy_gettext("Give the date and the time to end before."),
}


@dataclass(frozen=True)
class BatchFilters:
    """Which batches: the period of their events or, ``received``, of their receipt; whose; whether
    only those with late rows.
    """

    period: Period
    operator: Named | None
    received: bool = False
    late: bool = False
    errors: Errors = field(default_factory=dict)


@dataclass(frozen=True)
class TransactionFilters:
    """Which transactions: from a moment up to another, which it does not include, and of what."""

    start: datetime
    until: datetime
    operator: Named | None
    gambling_type: Named | None
    types: list[int]
    currency: Currency | None
    breach: str
    errors: Errors = field(default_factory=dict)


def read_batch_filters(query: MultiDict[str, str], names: Names) -> BatchFilters:
    """The filters of the list of batches; an address that makes no sense has errors."""
    errors: Errors = {}
    period = _period(query, errors)
    return BatchFilters(
        period,
        read_operator(query, names, errors),
        query.get("time") == "received",
        query.get("late") == "1",
        errors,
    )


def read_refusals_period(query: MultiDict[str, str], errors: Errors) -> Period | None:
    """The period of refusals; None, all time, where the address names none."""
    named = any(query.get(field) for field in ("period", "from", "to"))
    return _period(query, errors) if named else None


def _period(query: MultiDict[str, str], errors: Errors) -> Period:
    """The period in an address; where it makes no sense, an error and the last seven days."""
    try:
        return periods.read_period(query)
    except PeriodError as problem:
        errors[problem.field] = problem.message
        instead = periods.preset_period("7-days", periods.today())
        return Period(instead.first, instead.last)


def read_operator(query: MultiDict[str, str], names: Names, errors: Errors) -> Named | None:
    """The operator in an address; another's and none at all are the same error."""
    text = query.get("operator", "")
    found = names.operator(text)
    if text and found is None:
        errors["operator"] = lazy_gettext("Choose an operator from the list.")
    return found


def read_transaction_filters(query: MultiDict[str, str], names: Names) -> TransactionFilters:
    """The filters of the list of transactions; today when no moment is given."""
    errors: Errors = {}
    today = midnight(periods.today())
    start = _moment(query, "from", errors)
    until = _moment(query, "until", errors)
    start = start or (until - ONE_DAY if until else today)
    until = until or start + ONE_DAY
    if until <= start:
        errors.setdefault("until", lazy_gettext("The period ends before it begins."))
    elif until - start > LONGEST_LIST:
        errors.setdefault("from", lazy_gettext("Transactions are listed for at most 31 days."))
    gambling_type = names.gambling_type(query.get("gambling", ""))
    if query.get("gambling") and gambling_type is None:
        errors["gambling"] = lazy_gettext("Choose a kind of gambling from the list.")
    currency = names.currency(query.get("currency", ""))
    if query.get("currency") and currency is None:
        errors["currency"] = lazy_gettext("Choose a currency from the list.")
    codes = set(query.getlist("type")) - {""}
    if codes - set(TYPE_NUMBERS):
        errors["type"] = lazy_gettext("Choose types of transaction from the list.")
    breach = query.get("breach", "")
    if breach and breach not in BREACH_MASKS:
        errors["breach"] = lazy_gettext("Choose a mark from the list.")
        breach = ""
    return TransactionFilters(
        start,
        until,
        read_operator(query, names, errors),
        gambling_type,
        sorted(TYPE_NUMBERS[code] for code in codes & set(TYPE_NUMBERS)),
        currency,
        breach,
        errors,
    )


def _moment(query: MultiDict[str, str], name: str, errors: Errors) -> datetime | None:
    """A moment with its offset, or as a clock in Kyiv shows it (the first time it shows it)."""
    text = query.get(name, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        errors[name] = WRONG_MOMENT[name]
        return None
    if not 2000 <= moment.year <= 2199:
        errors[name] = lazy_gettext("The year is out of range.")
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=KYIV)


def read_before_number(query: MultiDict[str, str], largest: int = gateway.LARGEST_ID) -> int | None:
    """The id or row that a page begins after; BadRequest for what this site did not write."""
    number = read_cursor(query, int)
    if number is not None and not 0 <= number <= largest:
        raise _damaged()
    return number


def read_before_id(query: MultiDict[str, str]) -> UUID | None:
    """The transaction that a page begins after; BadRequest for what this site did not write."""
    text = read_cursor(query, str)
    if text is None:
        return None
    try:
        own = UUID(text)
        gateway.id_time(own)
    except (ValueError, OverflowError) as problem:
        raise _damaged() from problem
    return own


def _damaged() -> BadRequest:
    return BadRequest(gettext("This link to a page of the list is damaged."))
