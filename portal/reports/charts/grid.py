"""Operator by hour or day as a table that is coloured: a status each (R01), a share each (R02).

It takes the report's own function once more, narrowed to the operators that it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal import db
from portal.registry.names import Names
from portal.reports import answering
from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import MOST, link, number
from portal.web import formats
from portal.web.formats import KYIV
from portal.web.i18n import gettext

MOST_DAYS = 31
LEVELS = (99.9, 99.0, 95.0)  # completeness from which a cell is whole, nearly so, wanting


@dataclass(frozen=True)
class Cell:
    text: str
    look: str


@dataclass(frozen=True)
class Grid:
    """Columns are moments, rows are operators; ``legend`` explains each look by its sign."""

    title: str
    description: str
    columns: list[str]
    rows: list[tuple[str, str | None, list[Cell]]]
    legend: list[tuple[Cell, str]]


def read(conn: db.Connection, answer: Answer, names: Names, up: Sequence[str]) -> Grid | None:
    """The operators that need looking at first; nothing for other groupings or longer periods."""
    asked = answer.asked
    code = asked.report.code
    if code not in ("R01", "R02") or asked.by != ("operator",) or asked.period.days > MOST_DAYS:
        return None
    lines = sorted(answer.lines, key=_urgency)[:MOST]
    shown = tuple(
        names.operators[one.keys[0].id] for one in lines if one.keys[0].id in names.operators
    )
    if not shown:
        return None
    time = "hour" if code == "R01" and asked.period.days == 1 else "day"
    asked = replace(
        asked, by=("operator", time), operators=shown, against=None, sort="label", descending=False
    )
    found = answering.read(conn, asked, names)
    cells = {(one.keys[0].key, one.keys[1].key): one for one in found.lines}
    moments = list(answering.keys_of_time(asked.period, time, answer.as_of))
    rows = [
        (
            line.label,
            link(answer, line, up),
            [_cell(code, cells.get((line.keys[0].key, moment))) for moment in moments],
        )
        for line in lines
    ]
    return Grid(
        gettext("Received, late, silent") if code == "R01" else gettext("Completeness by day"),
        gettext("Operators that need looking at come first; at most %(number)s.", number=MOST),
        [_heading(time, moment) for moment in moments],
        rows,
        _legend(code),
    )


def _urgency(line: Line) -> float:
    """The least complete first, or those silent for longest."""
    if "completeness_percent" in line.figures:
        share = line.figures["completeness_percent"]
        return 101.0 if share is None else number(share)
    last = line.figures["last_at"]
    return last.timestamp() if isinstance(last, datetime) else 0.0


def _heading(time: str, key: str) -> str:
    start = answering.start_of(time, key)
    if isinstance(start, datetime):
        return f"{start.astimezone(KYIV):%H}"
    return f"{start:%d}"


def _cell(code: str, line: Line | None) -> Cell:
    if code == "R01":
        if line is None or not number(line.figures["row_count"]):
            return Cell("×", "silent")
        if number(line.figures["late_count"]):
            return Cell("◐", "late")
        return Cell("●", "received")
    share = None if line is None else line.figures["completeness_percent"]
    if share is None:
        return Cell("—", "none")
    level = sum(number(share) < one for one in LEVELS)
    return Cell(f"{int(number(share) * 10) / 10:g}", f"level-{level}")


def _legend(code: str) -> list[tuple[Cell, str]]:
    if code == "R01":
        return [
            (Cell("●", "received"), gettext("received")),
            (Cell("◐", "late"), gettext("some of it late")),
            (Cell("×", "silent"), gettext("silent")),
        ]
    return [
        (Cell("100", "level-0"), gettext("%(share)s and more", share=formats.percent(0.999, 1))),
        (Cell("99", "level-1"), gettext("%(share)s and more", share=formats.percent(0.99, 0))),
        (Cell("95", "level-2"), gettext("%(share)s and more", share=formats.percent(0.95, 0))),
        (Cell("90", "level-3"), gettext("less")),
        (Cell("—", "none"), gettext("no numbered batches yet")),
    ]
