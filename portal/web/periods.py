"""The period of a report: days in Kyiv, inclusive, named or given, held in the address.

``?period=month`` names a preset relative to today; ``?from=2026-11-01&to=2026-11-20`` gives days,
and so does ``?period=days`` with them: a form always sends its days, and a
preset overrules them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from portal.web.formats import KYIV
from portal.web.i18n import LazyString, lazy_gettext

ONE_DAY = timedelta(days=1)
LONGEST_DAYS = 3660
DAYS = "days"  # what the form calls days of one's own choice


class PeriodError(ValueError):
    """The address names no period; ``field`` is the one at fault, ``message`` says why.

    ``too_long``: it is one, and only longer than any page shows.
    """

    def __init__(self, field: str, message: LazyString, *, too_long: bool = False) -> None:
        super().__init__(field)
        self.field = field
        self.message = message
        self.too_long = too_long


@dataclass(frozen=True)
class Period:
    """Whole days ``first`` to ``last`` in Kyiv, both included; ``preset`` if named."""

    first: date
    last: date
    preset: str | None = None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """The first moment, UTC."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """The moment after the last one, UTC."""
        return midnight(self.last + ONE_DAY)


def midnight(day: date) -> datetime:
    """The moment a Kyiv day begins, in UTC."""
    return datetime.combine(day, time(), tzinfo=KYIV).astimezone(UTC)


def month_before(day: date) -> date:
    """The first day of the month before ``day``'s."""
    return (day.replace(day=1) - ONE_DAY).replace(day=1)


def month_end(month: date) -> date:
    """The last day of the month that begins with ``month``."""
    return (month + 31 * ONE_DAY).replace(day=1) - ONE_DAY


def quarter_start(day: date) -> date:
    """The first day of ``day``'s quarter."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


@dataclass(frozen=True)
class Preset:
    """A named period: its label and its days given today."""

    label: LazyString
    days: Callable[[date], tuple[date, date]]


PRESETS: dict[str, Preset] = {
    "today": Preset(lazy_gettext("Today"), lambda now: (now, now)),
    "yesterday": Preset(lazy_gettext("Yesterday"), lambda now: (now - ONE_DAY, now - ONE_DAY)),
    "7-days": Preset(lazy_gettext("7 days"), lambda now: (now - 6 * ONE_DAY, now)),
    "last-week": Preset(
        lazy_gettext("Last week"),
        lambda now: (
            now - (now.weekday() + 7) * ONE_DAY,
            now - (now.weekday() + 1) * ONE_DAY,
        ),
    ),
    "30-days": Preset(lazy_gettext("30 days"), lambda now: (now - 29 * ONE_DAY, now)),
    "month": Preset(lazy_gettext("This month"), lambda now: (now.replace(day=1), now)),
    "last-month": Preset(
        lazy_gettext("Last month"),
        lambda now: (month_before(now), now.replace(day=1) - ONE_DAY),
    ),
    "two-months": Preset(lazy_gettext("This and last month"), lambda now: (month_before(now), now)),
    "quarter": Preset(lazy_gettext("This quarter"), lambda now: (quarter_start(now), now)),
    "last-quarter": Preset(
        lazy_gettext("Last quarter"),
        lambda now: (quarter_start(quarter_start(now) - ONE_DAY), quarter_start(now) - ONE_DAY),
    ),
    "year": Preset(lazy_gettext("This year"), lambda now: (now.replace(month=1, day=1), now)),
    "last-year": Preset(
        lazy_gettext("Last year"),
        lambda now: (date(now.year - 1, 1, 1), date(now.year - 1, 12, 31)),
    ),
}


def today() -> date:
    """The current day in Kyiv."""
    return datetime.now(KYIV).date()


def read_day(query: Mapping[str, str], field: str) -> date | None:
    """The day in ``query[field]``; None when absent; PeriodError when it is no day."""
    text = query.get(field, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise PeriodError(field, lazy_gettext("Give the date as day, month and year.")) from error
    if not 2000 <= day.year <= 2199:
        raise PeriodError(field, lazy_gettext("The year is out of range."))
    return day


def typed_day(text: str) -> str:
    """What was given as a day, as a field for days takes it; nothing where it is no day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def typed_moment(text: str) -> str:
    """What was given as a moment, as a field for moments takes it; nothing where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec="minutes")
    except ValueError:
        return ""


def preset_period(name: str, now: date) -> Period:
    """The named period as of ``now``."""
    return Period(*PRESETS[name].days(now), preset=name)


def read_period(
    query: Mapping[str, str], default: str = "7-days", now: date | None = None
) -> Period:
    """The period an address names; a preset wins over the date fields sent along with it.

    With one of ``from`` and ``to`` missing the period is that day alone up to today, or that day.
    Raises PeriodError for an unknown name, no day, a reversed period, or more than ten years.
    """
    current = now or today()
    name = query.get("period", "")
    if name in PRESETS:
        return preset_period(name, current)
    if name not in ("", DAYS):
        raise PeriodError("period", lazy_gettext("Choose a period from the list."))
    first, last = read_day(query, "from"), read_day(query, "to")
    if first is None and last is None:
        return preset_period(default, current)
    last = last or max(current, first or current)
    first = first or last
    if first > last:
        raise PeriodError("to", lazy_gettext("The period ends before it begins."))
    if (last - first).days >= LONGEST_DAYS:
        message = lazy_gettext("The period is longer than ten years.")
        raise PeriodError("from", message, too_long=True)
    return Period(first, last)
