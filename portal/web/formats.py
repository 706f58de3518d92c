"""How figures, money and moments are written, in the language of the request.

Money comes in as integer minor units and goes out exact; only :func:`compact_money` rounds, and
whoever shows it shows the exact figure beside it. Moments are shown in Kyiv time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_compact_decimal, get_decimal_symbol, get_group_symbol
from flask import Flask

from portal.web.i18n import language

KYIV = ZoneInfo("Europe/Kyiv")
NO_BREAK_SPACE = "\u00a0"
ABSENT = "—"
MINUS = "\u2212"  # Babel writes a hyphen
SYMBOLS = {"uk": {"UAH": "₴"}}
PATTERNS = {
    "uk": {"date": "dd.MM.yyyy", "time": "HH:mm", "seconds": "HH:mm:ss"},
    "en": {"date": "d MMM yyyy", "time": "HH:mm", "seconds": "HH:mm:ss"},
}
DECIMAL_SIGNS = {"uk": ",", "en": "."}


def locale() -> Locale:
    """The Babel locale of the request."""
    return _locale(language())


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


@cache
def _signs(code: str) -> tuple[str, str]:
    return get_group_symbol(_locale(code)), get_decimal_symbol(_locale(code))


def _grouped(number: int, digits: int) -> str:
    """A whole number of the last of ``digits`` decimals, written out.

    A page has a thousand figures, and Babel's own formatting takes longer than all else about it.
    """
    group, point = _signs(language())
    whole, rest = divmod(abs(number), 10**digits)
    text = f"{whole:,}".replace(",", group)
    if digits:
        text += f"{point}{rest:0{digits}}"
    return f"{MINUS}{text}" if number < 0 else text


def amount(minor: int, digits: int = 2) -> str:
    """Minor units as a figure without its currency: 123456789 → ``1 234 567,89``."""
    return _grouped(minor, digits)


def _with_minus(text: str) -> str:
    """A figure with the sign of subtraction, as formulas on the pages have it."""
    return f"{MINUS}{text[1:]}" if text.startswith("-") else text


def currency_sign(currency: str) -> str:
    """``₴`` for the hryvnia in Ukrainian, else the ISO code, which cannot be mistaken."""
    return SYMBOLS.get(language(), {}).get(currency, currency)


def money(minor: int | None, currency: str = "UAH", digits: int = 2) -> str:
    """Minor units with their currency: ``1 234 567,89 ₴`` or ``1,234,567.89 UAH``."""
    if minor is None:
        return ABSENT
    return f"{amount(minor, digits)}{NO_BREAK_SPACE}{currency_sign(currency)}"


def compact_money(minor: int | None, currency: str = "UAH", digits: int = 2) -> str:
    """Money in three significant words for headings: ``1,23 млрд ₴``."""
    if minor is None:
        return ABSENT
    major = Decimal(minor).scaleb(-digits)
    if abs(major) < 10_000:
        return money(minor, currency, digits)
    figure = _with_minus(format_compact_decimal(major, locale=locale(), fraction_digits=2))
    return f"{figure}{NO_BREAK_SPACE}{currency_sign(currency)}"


def count(number: int | None) -> str:
    """A whole number with grouped digits."""
    return ABSENT if number is None else _grouped(number, 0)


def percent(ratio: float | Decimal | None, digits: int = 1) -> str:
    """A ratio as a percentage: 0.1234 → ``12,3%``; None (nothing to divide by) is a dash."""
    if ratio is None:
        return ABSENT
    exact = ratio if isinstance(ratio, Decimal) else Decimal(str(ratio))
    return f"{_grouped(int(exact.scaleb(digits + 2).to_integral_value(ROUND_HALF_EVEN)), digits)}%"


def share(part: int, whole: int) -> Decimal | None:
    """``part / whole`` for :func:`percent`; None when there is no whole."""
    return Decimal(part) / Decimal(whole) if whole else None


def kyiv(moment: datetime) -> datetime:
    """A moment in Kyiv time; one without a zone is taken as UTC."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(KYIV)


def date_only(day: date | datetime | None) -> str:
    """``20.11.2026`` or ``20 Nov 2026``."""
    if day is None:
        return ABSENT
    local = kyiv(day) if isinstance(day, datetime) else day
    return str(format_date(local, PATTERNS[language()]["date"], locale=locale()))


def date_time(moment: datetime | None, seconds: bool = False, milliseconds: bool = False) -> str:
    """``20.11.2026 14:05`` or ``20 Nov 2026 14:05`` in Kyiv time; finer: ``:09`` or ``:09,651``.

    Milliseconds are cut, not rounded: a moment is never shown in a second it is not in.
    """
    if moment is None:
        return ABSENT
    patterns = PATTERNS[language()]
    pattern = f"{patterns['date']} {patterns['seconds' if seconds or milliseconds else 'time']}"
    text = str(format_datetime(kyiv(moment), pattern, tzinfo=KYIV, locale=locale()))
    if not milliseconds:
        return text
    return f"{text}{DECIMAL_SIGNS[language()]}{moment.microsecond // 1000:03}"


def time_only(moment: datetime | None) -> str:
    """``14:05`` in Kyiv time, where the day is known."""
    return ABSENT if moment is None else f"{kyiv(moment):%H:%M}"


def clock(moment: datetime | None) -> str:
    """A moment as a field for date and time holds it: what a clock in Kyiv shows."""
    return "" if moment is None else f"{kyiv(moment):%Y-%m-%dT%H:%M}"


def iso(moment: date | datetime) -> str:
    """The machine's form of a moment for ``<time datetime>``, with Kyiv's offset."""
    return (kyiv(moment) if isinstance(moment, datetime) else moment).isoformat()


FILTERS = {
    "amount": amount,
    "money": money,
    "compact_money": compact_money,
    "count_of": count,
    "percent": percent,
    "date_only": date_only,
    "date_time": date_time,
    "time_only": time_only,
    "clock": clock,
    "iso": iso,
}


def init_app(app: Flask) -> None:
    """Gives templates the formats as filters, and ``share`` and ``currency_sign`` as functions."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(share=share, currency_sign=currency_sign)
