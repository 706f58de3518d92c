"""What a reader asked of the lists of the ledger, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from portal import db
from portal.ingest.fields import MAX_AMOUNT_MINOR
from portal.ledger import gateway
from portal.ledger.words import BREACH_MASKS, PAYMENT_NUMBERS
from portal.registry import choices
from portal.registry.names import Currency, Named, Names
from portal.web import figures, periods
from portal.web.formats import KYIV
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.paging import read_cursor
from portal.web.periods import ONE_DAY, Period, PeriodError, midnight

ONE_HOUR = timedelta(hours=1)
LONGEST_LIST = 31 * ONE_DAY + timedelta(hours=1)  # a month with the hour that October has twice
Errors = dict[str, LazyString]
THINGS = ("licence", "channel", "game", "equipment")
WRONG_MOMENT = {
    "hour": lazy_gettext("Give the hour as it begins."),
    "from": lazy_gettext("Give the date and the time to begin from."),
    "until": lazy_gettext("Give the date and the time to end before."),
}


@dataclass(frozen=True)
class BatchFilters:
    """Which batches: the period of their events or, ``received``, of their receipt; whose; whether
    only those with late rows; of which access key; of one hour alone.
    """

    period: Period
    operator: Named | None
    received: bool = False
    late: bool = False
    key: int | None = None
    hour: datetime | None = None
    errors: Errors = field(default_factory=dict)

    @property
    def start(self) -> datetime:
        return self.hour or self.period.start

    @property
    def end(self) -> datetime:
        return self.hour + ONE_HOUR if self.hour else self.period.end


@dataclass(frozen=True)
class TransactionFilters:
    """Which transactions: from a moment up to another, which it does not include, and of what;
    ``things`` are the licence, channel, game and equipment chosen, ``amounts`` the smallest and the
    largest amount, in minor units.
    """

    start: datetime
    until: datetime
    operator: Named | None
    gambling_type: Named | None
    types: list[int]
    currency: Currency | None
    breach: str
    things: dict[str, Named]
    payment: str = ""
    amounts: tuple[int | None, int | None] = (None, None)
    round: UUID | None = None
    errors: Errors = field(default_factory=dict)

    @property
    def owners(self) -> list[int]:
        """The operator whose things may be chosen from, if one is."""
        return [self.operator.id] if self.operator else []

    def wanted(self) -> gateway.Wanted:
        """What is looked for, besides time and type."""
        ids = {name: one.id for name, one in self.things.items()}
        # Rollups begin with the operator: of a thing it is known whose it is.
        owner = next((one.operator_id for one in self.things.values()), None)
        return gateway.Wanted(
            operator=self.operator.id if self.operator else owner,
            gambling_type=self.gambling_type.id if self.gambling_type else None,
            currency=self.currency.id if self.currency else None,
            breach=BREACH_MASKS.get(self.breach),
            payment=PAYMENT_NUMBERS.get(self.payment),
            amount_from=self.amounts[0],
            amount_to=self.amounts[1],
            round=self.round,
            **ids,
        )


def read_batch_filters(query: MultiDict[str, str], names: Names) -> BatchFilters:
    """The filters of the list of batches; an address that makes no sense has errors."""
    errors: Errors = {}
    period = _period(query, errors)
    return BatchFilters(
        period,
        read_operator(query, names, errors),
        query.get("time") == "received",
        query.get("late") == "1",
        read_key(query, errors),
        read_hour(query, errors),
        errors,
    )


def read_key(query: MultiDict[str, str], errors: Errors) -> int | None:
    """The access key of an address, by its id; one that is not there finds nothing."""
    text = query.get("key", "")
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:12]) < 2**31:
        errors["key"] = lazy_gettext("There is no such access key.")
        return None
    return int(text)


def read_hour(query: MultiDict[str, str], errors: Errors) -> datetime | None:
    moment = _moment(query, "hour", errors)
    if moment and (moment.minute or moment.second or moment.microsecond):
        errors["hour"] = lazy_gettext("Give the hour as it begins.")
        return None
    return moment


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


def read_transaction_filters(
    query: MultiDict[str, str], names: Names, conn: db.Connection, offered: Mapping[int, str]
) -> TransactionFilters:
    """The filters of the list of transactions; today when no moment is given. ``offered`` are the
    types that the reader may ask for.
    """
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
    if codes - set(offered.values()):
        errors["type"] = lazy_gettext("Choose types of transaction from the list.")
    breach = query.get("breach", "")
    if breach and breach not in BREACH_MASKS:
        errors["breach"] = lazy_gettext("Choose a mark from the list.")
        breach = ""
    payment = query.get("payment", "")
    if payment and payment not in PAYMENT_NUMBERS:
        errors["payment"] = lazy_gettext("Choose a form of settlement from the list.")
        payment = ""
    operator = read_operator(query, names, errors)
    return TransactionFilters(
        start,
        until,
        operator,
        gambling_type,
        sorted(number for number, code in offered.items() if code in codes),
        currency,
        breach,
        _things(query, conn, operator, errors),
        payment,
        _amounts(query, currency, errors),
        _round(query, errors),
        errors,
    )


def _amounts(
    query: MultiDict[str, str], currency: Currency | None, errors: Errors
) -> tuple[int | None, int | None]:
    """The smallest and the largest amount, typed in units of the currency."""
    found: dict[str, int | None] = {"amount_from": None, "amount_to": None}
    for name in found:
        text = query.get(name, "")
        if not figures.plain(text):
            continue
        if currency is None:
            errors.setdefault("currency", lazy_gettext("Choose the currency of the amounts."))
            continue
        made = figures.typed(text)
        if made is None or made < 0:
            errors[name] = lazy_gettext("Give an amount, such as 1500.50.")
        elif made.scaleb(currency.digits) > MAX_AMOUNT_MINOR:
            errors[name] = lazy_gettext("The sum is too large.")
        elif made.scaleb(currency.digits) % 1:
            errors[name] = lazy_gettext(
                "At most %(num)s digits after the point.", num=currency.digits
            )
        else:
            found[name] = int(made.scaleb(currency.digits))
    smallest, largest = found["amount_from"], found["amount_to"]
    if smallest is not None and largest is not None and largest < smallest:
        errors["amount_to"] = lazy_gettext("The largest amount is below the smallest.")
    return smallest, largest


def _round(query: MultiDict[str, str], errors: Errors) -> UUID | None:
    text = query.get("round", "").strip()
    try:
        return UUID(text) if text else None
    except ValueError:
        errors["round"] = lazy_gettext(
            "Give the identifier of the round as a transaction shows it."
        )
        return None


def _things(
    query: MultiDict[str, str], conn: db.Connection, operator: Named | None, errors: Errors
) -> dict[str, Named]:
    """What is chosen of registered things; another's and none at all are the same error."""
    found = {}
    for name in THINGS:
        text = query.get(name, "")
        if not text:
            continue
        thing = choices.named(conn, name, text)
        if thing is None or (operator and thing.operator_id != operator.id):
            errors[name] = lazy_gettext("There is nothing of this name to narrow by.")
        else:
            found[name] = thing
    owners = {one.operator_id for one in found.values()}
    if len(owners) > 1:
        errors["licence"] = lazy_gettext("These belong to different operators.")
    return found


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
