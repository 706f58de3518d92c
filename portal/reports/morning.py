"""The figures of the start page: yesterday, the same weekday, two weeks of trend, the way down.

Everything is read from rollups: sums of 14 days, arrivals of 8, the month's estimated taxes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from time import monotonic
from typing import Literal

from flask import url_for

from portal import db
from portal.registry.names import Currency
from portal.reports import gateway
from portal.reports.gateway import Arrived, Taken, Taxes
from portal.web import formats
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.periods import ONE_DAY

TREND_DAYS = 14
ARRIVAL_DAYS = 8
WEEK = timedelta(days=7)
KEPT_SECONDS = 60.0
Kind = Literal["money", "count", "percent"]
# Whether more is better: tells the colour of a change, beside its words and sign.
Wish = Literal["more", "less", ""]


@dataclass(frozen=True)
class Card:
    """A figure of the start page; ``address`` leads to the report of a day."""

    code: str
    name: LazyString
    term: str
    kind: Kind
    wish: Wish
    address: Callable[[date, date], str]


@dataclass(frozen=True)
class Point:
    """A day of a trend."""

    day: date
    value: int | Decimal | None


@dataclass(frozen=True)
class Figure:
    """A card with its figures: yesterday's (``value``), the same weekday's (``before``), a trend.

    ``note`` says what else must be known of it.
    """

    card: Card
    value: int | Decimal | None
    before: int | Decimal | None
    trend: list[Point]
    address: str
    note: str = ""
    currency: str = ""
    digits: int = 2
    most: int | None = None  # of a range, whose least is ``value``

    def text(self, value: int | Decimal | None) -> str:
        """A value in full."""
        if value is None:
            return formats.ABSENT
        if self.card.kind == "money":
            return formats.money(int(value), self.currency, self.digits)
        if self.card.kind == "percent":
            return formats.percent(Decimal(value) / 100, 2)
        return formats.count(int(value))

    @property
    def whole(self) -> str:
        """The value, or both ends of a range, in full."""
        told = self.text(self.value)
        return told if self.most is None else f"{told} – {self.text(self.most)}"

    @property
    def short(self) -> str:
        """The value as the card's large figure."""
        if self.card.kind == "money" and self.value is not None:
            ends = dict.fromkeys(
                formats.compact_money(int(one), self.currency, self.digits)
                for one in (self.value, self.most)
                if one is not None
            )
            return " – ".join(ends)
        return self.text(self.value)

    @property
    def change(self) -> Decimal | None:
        """By how many per cent, or points of per cent, it differs from the same weekday."""
        if self.value is None or self.before is None:
            return None
        apart = Decimal(self.value) - Decimal(self.before)
        if self.card.kind == "percent":
            return apart
        return 100 * apart / abs(Decimal(self.before)) if self.before else None

    @property
    def change_text(self) -> str:
        """That in words; '' where there is nothing to compare with."""
        change = self.change
        if change is None:
            return ""
        sign = "+" if change > 0 else formats.MINUS if change < 0 else ""
        if self.card.kind == "percent":
            points = formats.amount(int((abs(change) * 10).to_integral_value()), 1)
            return gettext("%(change)s points in a week", change=sign + points)
        return gettext("%(change)s in a week", change=sign + formats.percent(abs(change) / 100, 1))

    @property
    def tone(self) -> str:
        """good, bad or nothing, for a change that is worth a colour."""
        change = self.change
        if change is None or not self.card.wish or abs(change) < Decimal("0.05"):
            return ""
        return "good" if (change > 0) == (self.card.wish == "more") else "bad"

    @property
    def trend_text(self) -> str:
        """The trend for whoever does not see the line."""
        told = [point for point in self.trend if point.value is not None]
        if not told:
            return gettext("no figures in these days")
        least = min(told, key=lambda point: point.value or 0)
        most = max(told, key=lambda point: point.value or 0)
        return gettext(
            "%(days)s days up to %(last)s: least %(least)s on %(least_on)s,"
            " most %(most)s on %(most_on)s",
            days=len(self.trend),
            last=formats.date_only(self.trend[-1].day),
            least=self.text(least.value),
            least_on=formats.date_only(least.day),
            most=self.text(most.value),
            most_on=formats.date_only(most.day),
        )

    @property
    def line(self) -> str:
        """The trend as points of a line in a field of 100 by 24, the newest on the right."""
        told = [
            (place, Decimal(point.value))
            for place, point in enumerate(self.trend)
            if point.value is not None
        ]
        if len(told) < 2:
            return ""
        values = [value for _, value in told]
        least, span = min(values), max(values) - min(values)
        step = Decimal(100) / (len(self.trend) - 1)
        return " ".join(
            f"{step * place:.1f},{22 - (20 * (value - least) / span if span else 10):.1f}"
            for place, value in told
        )


def _report(code: str, **query: str) -> Callable[[date, date], str]:
    def address(first: date, last: date) -> str:
        days = {"from": first.isoformat(), "to": last.isoformat()}
        return url_for("reports.report", code=code, **{**days, **query})  # type: ignore[arg-type]

    return address


def _batches(**query: int) -> Callable[[date, date], str]:
    def address(first: date, last: date) -> str:
        days = {"from": first.isoformat(), "to": last.isoformat(), "time": "received"}
        return url_for("ledger.batches", **{**days, **query})  # type: ignore[arg-type]

    return address


def _refusals(first: date, last: date) -> str:
    return url_for(
        "ledger.refusals",
        **{"from": first.isoformat(), "to": last.isoformat()},  # type: ignore[arg-type]
    )


def _taxes(first: date, last: date) -> str:
    return _report("R11", by="operator")(first, last)


CARDS: dict[str, Card] = {
    one.code: one
    for one in (
        Card("ggr", lazy_gettext("GGR"), "ggr", "money", "", _report("R03")),
        Card("stake", lazy_gettext("Stakes"), "stake", "money", "", _report("R03")),
        Card("win", lazy_gettext("Payouts"), "win", "money", "", _report("R03")),
        Card("rtp", lazy_gettext("RTP"), "rtp_percent", "percent", "", _report("R03")),
        Card("tax", lazy_gettext("Taxes estimated"), "tax_estimate", "money", "", _taxes),
        Card(
            "completeness",
            lazy_gettext("Completeness"),
            "completeness",
            "percent",
            "more",
            _report("R02"),
        ),
        Card("rows", lazy_gettext("Rows received"), "transaction", "count", "", _batches()),
        Card("late", lazy_gettext("Late rows"), "late_row", "count", "less", _batches(late=1)),
        Card("refusals", lazy_gettext("Refused batches"), "refusal", "count", "less", _refusals),
    )
}
# What each role needs, in this order unless the person arranged it.
ORDER: dict[str, tuple[str, ...]] = {
    "regulator": tuple(CARDS),
    "auditor": tuple(CARDS),
    "operator": ("ggr", "stake", "win", "rtp", "completeness", "rows", "late", "refusals", "tax"),
    "tax_service": ("tax", "ggr", "stake", "win", "rtp", "completeness", "rows", "late"),
}


@dataclass(frozen=True)
class Arranged:
    """The cards of a role in a person's order, and which of them do not show."""

    cards: list[Card]
    hidden: frozenset[str]

    @property
    def shown(self) -> list[Card]:
        return [one for one in self.cards if one.code not in self.hidden]


def arranged(conn: db.Connection, role: str) -> Arranged:
    """As the person arranged it; cards that are new since come last, those that are no more go."""
    own = ORDER[role]
    kept = gateway.dashboard(conn)
    wanted = [code for code in (kept["cards"] if kept else own) if code in own]
    codes = [*dict.fromkeys(wanted), *(code for code in own if code not in wanted)]
    hidden = frozenset(kept["hidden"]) if kept else frozenset()
    return Arranged([CARDS[code] for code in codes], hidden)


@dataclass(frozen=True)
class Morning:
    """The figures, and the moment that they are as of."""

    as_of: datetime
    figures: list[Figure]


# Of officials' figures, which are the same for all of a role and read a large market: key -> until
# when (monotonic) they are kept, and the figures.
_kept: dict[tuple[object, ...], tuple[float, Morning]] = {}


def read(
    conn: db.Connection, role: str, cards: list[Card], currency: Currency, today: date
) -> Morning:
    """The figures of these cards, within the reader's rights.

    An operator's are read each time. What officials of a role see is read once a minute in a
    worker, and says as of when.
    """
    if role == "operator":
        return _read(conn, cards, currency, today)
    key = (role, language(), currency.id, today, tuple(one.code for one in cards))
    now = monotonic()
    until, found = _kept.get(key, (0.0, None))
    if found is None or now >= until:
        found = _read(conn, cards, currency, today)
        for old in [one for one, (end, _) in _kept.items() if end <= now]:
            _kept.pop(old, None)
        _kept[key] = now + KEPT_SECONDS, found
    return found


def _read(conn: db.Connection, cards: list[Card], currency: Currency, today: date) -> Morning:
    as_of = gateway.watermark(conn)
    wanted = {one.code for one in cards}
    return Morning(as_of, _Figures(conn, currency, today - ONE_DAY, wanted).figures(cards))


class _Figures:
    """Reads what the cards need, once."""

    def __init__(
        self, conn: db.Connection, currency: Currency, yesterday: date, wanted: set[str]
    ) -> None:
        self.currency = currency
        self.yesterday = yesterday
        self.month_from = yesterday.replace(day=1)
        self.money: list[Taken] = []
        self.arrived: list[Arrived] = []
        self.completeness: Decimal | None = None
        self.tax = Taxes(None, None, True)
        if wanted & {"ggr", "stake", "win", "rtp"}:
            first = yesterday - (TREND_DAYS - 1) * ONE_DAY
            self.money = gateway.morning_money(conn, first, yesterday, currency.id)
        if wanted & {"rows", "late", "refusals"}:
            first = yesterday - (ARRIVAL_DAYS - 1) * ONE_DAY
            self.arrived = gateway.morning_arrivals(conn, first, yesterday)
        if "completeness" in wanted:
            self.completeness = gateway.completeness(conn)
        if "tax" in wanted:
            self.tax = gateway.tax_of(conn, self.month_from, yesterday, currency.id)

    def figures(self, cards: list[Card]) -> list[Figure]:
        return [self._figure(one) for one in cards]

    def _figure(self, card: Card) -> Figure:
        if card.code == "completeness":
            return self._alone(card, self.completeness, gettext("of all numbered batches, now"))
        if card.code == "tax":
            note = gettext("%(month)s up to yesterday", month=self.month_from.strftime("%m.%Y"))
            ends = sorted(
                one for one in (self.tax.of_win, self.tax.of_withdrawal) if one is not None
            )
            if len(set(ends)) > 1:
                note = gettext("%(note)s; on winnings or withdrawals, as is disputed", note=note)
            if not self.tax.verified:
                note = gettext("%(note)s; rates not verified", note=note)
            found = self._alone(card, ends[0] if ends else None, note, self.month_from)
            return replace(found, most=ends[1] if len(set(ends)) > 1 else None)
        trend = self._trend(card.code)
        by_day = {point.day: point.value for point in trend}
        return Figure(
            card,
            by_day.get(self.yesterday),
            by_day.get(self.yesterday - WEEK),
            trend,
            card.address(self.yesterday, self.yesterday),
            currency=self.currency.code,
            digits=self.currency.digits,
        )

    def _alone(
        self, card: Card, value: int | Decimal | None, note: str, first: date | None = None
    ) -> Figure:
        address = card.address(first or self.yesterday, self.yesterday)
        return Figure(
            card, value, None, [], address, note, self.currency.code, self.currency.digits
        )

    def _trend(self, code: str) -> list[Point]:
        if code in ("rows", "late", "refusals"):
            return [Point(one.day, _of_arrivals(code, one)) for one in self.arrived]
        return [Point(one.day, _of_money(code, one)) for one in self.money]


def _of_arrivals(code: str, day: Arrived) -> int:
    return {"rows": day.row_count, "late": day.late_count, "refusals": day.refusal_count}[code]


def _of_money(code: str, day: Taken) -> int | Decimal | None:
    if code == "stake":
        return day.stake_minor
    if code == "win":
        return day.win_minor
    if code == "ggr":
        return day.stake_minor - day.refund_minor - day.win_minor
    net = day.stake_minor - day.refund_minor
    return 100 * Decimal(day.win_minor) / net if net > 0 else None
