"""When a subscription comes: read from a form, told in words; what its period means that day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from portal.web import formats, periods
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import PRESETS, Period

EVERY: dict[str, LazyString] = {
    "day": lazy_gettext("Every day"),
    "week": lazy_gettext("Every week"),
    "month": lazy_gettext("Every month"),
}
# A period that is complete when a subscription of that kind comes in the morning.
SUGGESTED = {"day": "yesterday", "week": "last-week", "month": "last-month"}
FIXED = "days"
A_MONDAY = date(2024, 1, 1)


@dataclass(frozen=True)
class Schedule:
    """``weekday`` 1 is Monday; ``month_day`` of a shorter month is its last day; Kyiv's hour."""

    every: str = "day"
    weekday: int = 1
    month_day: int = 1
    hour: int = 8

    @property
    def words(self) -> str:
        """The schedule in words."""
        hour = f"{self.hour:02}:00"
        if self.every == "day":
            return gettext("every day at %(hour)s", hour=hour)
        if self.every == "week":
            return gettext(
                "every week, %(weekday)s, at %(hour)s",
                weekday=weekday_name(self.weekday),
                hour=hour,
            )
        return gettext("every month, day %(day)s, at %(hour)s", day=self.month_day, hour=hour)


def weekday_name(weekday: int) -> str:
    """A day of the week in words, 1 is Monday."""
    day = A_MONDAY + timedelta(days=weekday - 1)
    return str(format_date(day, "EEEE", locale=formats.locale()))


def read_schedule(form: Mapping[str, str]) -> Schedule | None:
    """What a form says; None where that is none."""
    every = form.get("every", "")
    weekday = _number(form, "weekday", 1, 7)
    month_day = _number(form, "month_day", 1, 31)
    hour = _number(form, "hour", 0, 23)
    if every not in EVERY or weekday is None or month_day is None or hour is None:
        return None
    return Schedule(every, weekday, month_day, hour)


def _number(form: Mapping[str, str], name: str, least: int, most: int) -> int | None:
    text = form.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 2:
        return None
    return int(text) if least <= int(text) <= most else None


def period_of(query: Mapping[str, list[str]], day: date) -> Period | None:
    """The period that a page's query names on a day; None where it names none."""
    name = (query.get("period") or [""])[0]
    if name in PRESETS:
        return periods.preset_period(name, day)
    first, last = (query.get("from") or [""])[0], (query.get("to") or [""])[0]
    try:
        return Period(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError:
        return None


def dated(query: Mapping[str, list[str]], day: date) -> dict[str, list[str]]:
    """The query with its relative period as the days that it means on a day, so that the link of a
    delivery shows the same days next month.
    """
    name = (query.get("period") or [""])[0]
    if name not in PRESETS:
        return dict(query)
    period = periods.preset_period(name, day)
    kept = {key: values for key, values in query.items() if key != "period"}
    return kept | {"from": [period.first.isoformat()], "to": [period.last.isoformat()]}
