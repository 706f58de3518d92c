"""The way down to a page of a report, and back up: ``up`` in its address, the highest page first.

Each value is a page above: ``operator.day~month``, its grouping and named period, or
``operator~2026-11-01_2026-11-30``; a further part is a filter that the way down replaced
(``~operator.5.6``). Filters that the way down added are known from the groupings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from portal.reports import narrowing
from portal.reports.asking import Asked
from portal.web import periods
from portal.web.formats import date_only
from portal.web.i18n import gettext
from portal.web.periods import Period, PeriodError

MOST = 6
LONGEST = 1_200  # with a hundred things to narrow by
# Dimension -> parameter of the report that narrows to a row of it.
NARROWED_BY = {
    "operator": "operator",
    "gambling_type": "type",
    "licence": "licence",
    "channel": "channel",
    "object_kind": "channel_kind",
    "game": "game",
    "provider": "provider",
    "version": "version",
    "rule": "rule",
    "tax_class": "tax_class",
}


@dataclass(frozen=True)
class Level:
    """A page above this one: how it was grouped, its period, filters of its own."""

    text: str
    by: tuple[str, ...]
    period: Period
    kept: dict[str, str]


def told(asked: Asked) -> str:
    """This page, as the pages below it name it."""
    period = asked.period
    days = period.preset or f"{period.first.isoformat()}_{period.last.isoformat()}"
    narrowed = asked.narrowed
    kept = [
        ".".join((name, *narrowing.ids(name, narrowed[name])))
        for name in (NARROWED_BY.get(one, "") for one in asked.by)
        if name in narrowed
    ]
    return "~".join((".".join(asked.by) or "total", days, *kept))


def read(asked: Asked, texts: Iterable[str]) -> list[Level]:
    """The pages above, as the address names them; none at all where one of them makes no sense."""
    found = []
    for text in list(texts)[:MOST]:
        level = _level(asked, text)
        if level is None:
            return []
        found.append(level)
    return found


def _level(asked: Asked, text: str) -> Level | None:
    grouping, _, rest = text.partition("~")
    days, *kept = rest.split("~")
    by = () if grouping == "total" else tuple(grouping.split("."))
    first, _, last = days.partition("_")
    query = {"from": first, "to": last} if last else {"period": first}
    try:
        period = periods.read_period(query, asked.report.default_period)
    except PeriodError:
        return None
    filters = {name: ids.split(".") for name, _, ids in (one.partition(".") for one in kept)}
    known = set(by) <= set(asked.report.dimensions) and set(filters) <= set(NARROWED_BY.values())
    sensible = all(
        one.isalnum() or {"_", ":"} & set(one) for ids in filters.values() for one in ids
    )
    if not known or not sensible or len(text) > LONGEST:
        return None
    return Level(text, by, period, {name: ",".join(ids) for name, ids in filters.items()})


def above(asked: Asked, levels: Sequence[Level]) -> list[tuple[dict[str, Any], str]]:
    """For each page above, the highest first: what its address asks, and what it is called."""
    narrowed = asked.narrowed
    filters = {name: ",".join(narrowing.ids(name, things)) for name, things in narrowed.items()}
    added: dict[str, str | None] = dict.fromkeys(filters)
    found: list[tuple[dict[str, Any], str]] = []
    for place in reversed(range(len(levels))):
        level = levels[place]
        for name in (NARROWED_BY.get(one) for one in level.by):
            if name in filters:
                added[name] = None
                filters.pop(name)
        filters |= level.kept
        query = {
            **added,
            **filters,
            **_days(level.period),
            "by": ",".join(level.by) or "total",
            "up": [one.text for one in levels[:place]],
        }
        found.insert(0, (query, _name(asked, levels, place)))
    return found


def current(asked: Asked, levels: Sequence[Level]) -> str:
    """What this page is called in the row of those above it."""
    return _named(asked, asked.by, levels[-1] if levels else None, asked.period)


def _days(period: Period) -> dict[str, Any]:
    if period.preset:
        return {"period": period.preset, "from": None, "to": None}
    return {"period": None, "from": period.first.isoformat(), "to": period.last.isoformat()}


def _name(asked: Asked, levels: Sequence[Level], place: int) -> str:
    before = levels[place - 1] if place else None
    return _named(asked, levels[place].by, before, levels[place].period)


def _named(asked: Asked, by: tuple[str, ...], before: Level | None, period: Period) -> str:
    """What a page was narrowed to by the step that led to it, then what it is grouped by."""
    dimensions = asked.report.dimensions
    grouped = " · ".join(dimensions[one].name for one in by) or gettext("Total")
    if before is None:
        return grouped
    narrowed = asked.narrowed
    names = [NARROWED_BY.get(one, "") for one in before.by]
    parts = [", ".join(one.name for one in narrowed[name]) for name in names if name in narrowed]
    if before.period != period:
        days = {date_only(period.first): None, date_only(period.last): None}
        parts.append(" – ".join(days))
    return f"{' · '.join(parts)}: {grouped}" if parts else grouped
