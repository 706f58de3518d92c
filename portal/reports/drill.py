"""What lies behind a figure: the same report one step closer, then the transactions themselves."""

from __future__ import annotations

from datetime import datetime

from flask import url_for

from portal.reports.figures import MEASURES
from portal.reports.filters import Filters
from portal.reports.report import ONE_HOUR, Line
from portal.web.formats import iso
from portal.web.urls import address, here

LONGEST_LIST = 31  # days, as api.transactions has it


def behind(filters: Filters, line: Line, alone: bool) -> dict[str, str]:
    """Addresses behind a line: ``label`` and each measure that has records; none where too coarse.

    ``alone`` says that the reader sees one operator only.
    """
    if filters.by == "hour" and isinstance(line.start, datetime):
        return _records(filters, line.start, line.start + ONE_HOUR)
    step = _closer(filters, line, alone)
    if step is None:
        return {}
    return dict.fromkeys(("label", *_with_records()), step)


def behind_total(filters: Filters) -> dict[str, str]:
    """Addresses behind the total: the transactions, where the period is short enough to list."""
    if filters.period.days > LONGEST_LIST:
        return {}
    return _records(filters, filters.period.start, filters.period.end)


def _closer(filters: Filters, line: Line, alone: bool) -> str | None:
    if filters.by == "day" and line.start is not None:
        day = line.start.isoformat()
        days = {"period": None, "from": day, "to": day}
        return here(by="hour", sort=None, dir=None, **days)
    if filters.by == "operator":
        return here(operator=line.key, by="day", sort=None, dir=None)
    if filters.by == "gambling_type":
        closer = "day" if alone or filters.operator else "operator"
        return here(type=line.code or None, by=closer, sort=None, dir=None)
    return None


def _records(filters: Filters, start: datetime, end: datetime) -> dict[str, str]:
    common = {
        "from": iso(start),
        "until": iso(end),
        "operator": filters.operator.id if filters.operator else None,
        "gambling": filters.gambling_type.code if filters.gambling_type else None,
        "currency": filters.currency.code,
    }
    path = url_for("ledger.transactions")
    every = ("bet", "refund", "win")
    return {
        name: address(path, {**common, "type": records})
        for name, records in {"label": every, **_with_records()}.items()
    }


def _with_records() -> dict[str, tuple[str, ...]]:
    return {name: measure.records for name, measure in MEASURES.items() if measure.records}
