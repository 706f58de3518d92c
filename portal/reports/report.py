"""*Stakes and winnings* as rows with names: what page, CSV and JSON are all written from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from portal import db
from portal.registry.names import Named, Names, read_objects
from portal.reports import gateway
from portal.reports.figures import MEASURES, Figures, total
from portal.reports.filters import Filters
from portal.web import formats
from portal.web.alphabet import alphabetical
from portal.web.formats import KYIV
from portal.web.i18n import gettext
from portal.web.periods import ONE_DAY, midnight

ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Line:
    """One row. ``start`` is its day or hour; ``code`` and ``owner`` tell namesakes apart.

    ``unfinished`` is the day or hour that still goes on: more will come into it.
    """

    key: str
    label: str
    figures: Figures
    start: date | datetime | None = None
    code: str = ""
    owner: Named | None = None
    unfinished: bool = False


@dataclass(frozen=True)
class Report:
    """The rows in the order asked for, their total, and the moment they are complete up to."""

    filters: Filters
    as_of: datetime
    lines: list[Line]
    total: Figures


def read(conn: db.Connection, filters: Filters, names: Names) -> Report:
    """Read the report; everything inside one transaction of the reader's."""
    as_of = gateway.watermark(conn)
    found = gateway.stakes_and_winnings(conn, filters)
    lines = ordered(_lines(conn, filters, names, found, as_of), filters)
    return Report(filters, as_of, lines, total(line.figures for line in lines))


def ordered(lines: list[Line], filters: Filters) -> list[Line]:
    """The lines as the filters sort them; nothing to compare comes last either way."""
    by_label = _label_key(filters)
    lines = sorted(lines, key=by_label, reverse=filters.descending and filters.sort == "label")
    if filters.sort == "label":
        return lines
    measure = MEASURES[filters.sort]
    sign = -1 if filters.descending else 1

    def place(line: Line) -> tuple[bool, Any]:
        value = measure.value(line.figures)
        return (True, 0) if value is None else (False, sign * value)

    return sorted(lines, key=place)


def _label_key(filters: Filters) -> Callable[[Line], Any]:
    if filters.in_time:
        return lambda line: line.key
    return lambda line: (alphabetical(line.label), line.code)


def _lines(
    conn: db.Connection,
    filters: Filters,
    names: Names,
    found: dict[str, Figures],
    as_of: datetime,
) -> list[Line]:
    if filters.by == "day":
        return _days(filters, found, as_of)
    if filters.by == "hour":
        return _hours(filters, found, as_of)
    if filters.by == "operator":
        return [_named(key, own, names.operators) for key, own in found.items()]
    if filters.by == "gambling_type":
        return [_named(key, own, names.gambling_types) for key, own in found.items()]
    ids = [int(key) for key in found]
    if filters.by == "licence":
        things = read_objects(conn, licences=ids).licences
    else:
        things = read_objects(conn, channels=ids).channels
    return [_named(key, own, things, names.operators) for key, own in found.items()]


def _named(
    key: str,
    figures: Figures,
    things: dict[int, Named],
    operators: dict[int, Named] | None = None,
) -> Line:
    thing = things.get(int(key))
    if thing is None:
        return Line(key, gettext("No longer registered (%(id)s)", id=key), figures)
    owner = operators.get(thing.operator_id) if operators and thing.operator_id else None
    code = "" if thing.code == thing.name else thing.code
    return Line(key, thing.name, figures, code=code, owner=owner)


def _days(filters: Filters, found: dict[str, Figures], as_of: datetime) -> list[Line]:
    """Every day of the period that has begun: one without transactions is told too."""
    if not found:
        return []
    last = min(filters.period.last, as_of.astimezone(KYIV).date())
    days = (last - filters.period.first).days + 1
    keys = {(filters.period.first + number * ONE_DAY).isoformat() for number in range(days)}
    return [
        Line(
            key,
            formats.date_only(day),
            found.get(key, Figures()),
            start=day,
            unfinished=midnight(day) <= as_of < midnight(day + ONE_DAY),
        )
        for key, day in ((key, date.fromisoformat(key)) for key in keys | set(found))
    ]


def _hours(filters: Filters, found: dict[str, Figures], as_of: datetime) -> list[Line]:
    """Every hour of the period that has begun, 23 or 25 on the days the clocks change."""
    if not found:
        return []
    keys = set(found)
    moment = filters.period.start
    while moment < min(filters.period.end, as_of):
        keys.add(hour_key(moment))
        moment += ONE_HOUR
    one_day = filters.period.days == 1
    return [
        Line(
            key,
            _hour_label(start, one_day),
            found.get(key, Figures()),
            start=start,
            unfinished=start <= as_of < start + ONE_HOUR,
        )
        for key, start in ((key, datetime.fromisoformat(key)) for key in keys)
    ]


def hour_key(moment: datetime) -> str:
    """An hour as api.stakes_and_winnings names it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _hour_label(start: datetime, one_day: bool) -> str:
    """The hour on a clock in Kyiv; the two that read alike in October carry their offset."""
    local = start.astimezone(KYIV)
    text = f"{local:%H:%M}" if one_day else formats.date_time(start)
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return text
    return f"{text} (UTC+{int((local.utcoffset() or timedelta()) / ONE_HOUR)})"
