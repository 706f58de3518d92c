"""A report beside the same report of another period: which rows correspond, and what changed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.web.periods import ONE_DAY, Period

if TYPE_CHECKING:
    from portal.reports.answering import Line, Value

RELATED = ("previous", "week", "year")
FOUR_DIGITS = Decimal("0.0001")


def related(name: str, period: Period) -> Period:
    """The equal period just before (of whole months so many months), the same days a week before,
    or the same dates a year before (29 February under 28 February).
    """
    after = period.last + ONE_DAY
    if name == "year":
        return Period(_months_before(period.first, 12), _months_before(period.last, 12))
    if name == "week":
        return Period(period.first - 7 * ONE_DAY, period.last - 7 * ONE_DAY)
    if period.first.day == 1 and after.day == 1:
        months = 12 * (after.year - period.first.year) + after.month - period.first.month
        return Period(_months_before(period.first, months), period.first - ONE_DAY)
    return Period(period.first - period.days * ONE_DAY, period.first - ONE_DAY)


def _months_before(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 - months
    first = date(whole // 12, whole % 12 + 1, 1)
    last = (first + 31 * ONE_DAY).replace(day=1) - ONE_DAY
    return last.replace(day=min(day.day, last.day))


def place(line: Line, period: Period) -> tuple[str, ...]:
    """What a row corresponds by: its keys, and of time how far it lies into its period."""
    return tuple(
        one.key if one.start is None else f"+{_distance(one.dimension.code, one.start, period)}"
        for one in line.keys
    )


def _distance(dimension: str, start: date | datetime, period: Period) -> int:
    if isinstance(start, datetime):
        return (start - period.start) // timedelta(hours=1)
    first = period.first
    if dimension == "day":
        return (start - first).days
    if dimension == "week":
        return (start - (first - first.weekday() * ONE_DAY)).days // 7
    months = 12 * (start.year - first.year) + start.month - first.month
    if dimension == "quarter":
        months += (first.month - 1) % 3
    elif dimension == "year":
        months += first.month - 1
    return months // {"month": 1, "quarter": 3, "year": 12}[dimension]


def change(kind: str, now: Value, before: Value, days: tuple[int, int]) -> Decimal | None:
    """How a figure changed: of amounts and counts per cent of their daily means over ``days``
    (now, before), of per cent their difference in points; None where nothing can be compared.
    """
    if not isinstance(now, int | Decimal) or not isinstance(before, int | Decimal):
        return None
    if kind == "percent":
        return (Decimal(now) - Decimal(before)).quantize(FOUR_DIGITS)
    if kind not in ("money", "count") or before <= 0:
        return None
    mean, earlier = Decimal(now) / days[0], Decimal(before) / days[1]
    return (100 * (mean / earlier - 1)).quantize(FOUR_DIGITS)
