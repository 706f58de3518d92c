"""Operator by hour or day as a table that is coloured: a status each (R01), a share each (R02).

It takes the report's own function once more, narrowed to the operators that it shows: a page has
its outline and fetches the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from portal import db
from portal.registry.names import Named, Names
from portal.reports import answering, drill, trail
from portal.reports.answering import Answer, Line, Value
from portal.reports.asking import Asked
from portal.reports.charts.picture import link, not_shown, number
from portal.web import formats
from portal.web.formats import ABSENT, KYIV
from portal.web.i18n import gettext

MOST = 16
MOST_DAYS = 31
NOBODY = "0"  # the key of what came under no known access key
LEVELS = (99.9, 99.0, 95.0)  # from which a share is as it should be, nearly so, wanting
SHARES = ("on_time_percent", "valid_percent", "unique_percent", "matched_percent")  # of a day


@dataclass(frozen=True)
class Cell:
    """A status or a share; ``link`` is what is behind it."""

    text: str
    look: str
    link: str | None = None


@dataclass(frozen=True)
class Grid:
    """Columns are moments, rows are operators; ``legend`` explains each look by its sign. Of an
    outline ``awaited`` is how many rows there will be.
    """

    title: str
    description: str
    columns: list[str]
    legend: list[tuple[Cell, str]]
    rows: Sequence[tuple[str, str | None, list[Cell]]] = ()
    left_out: str = ""
    awaited: int = 0


def outline(answer: Answer) -> Grid | None:
    """All but the rows; nothing for other groupings or longer periods."""
    asked = answer.asked
    if asked.by != ("operator",) or asked.period.days > MOST_DAYS or not answer.lines:
        return None
    if asked.report.chart not in ("status_grid", "heat_map"):
        return None
    code, time = asked.report.code, _time(asked)
    moments = answering.keys_of_time(asked.period, time, answer.as_of)
    heads = [_heading(time, moment) for moment in moments]
    # Of silent operators no row tells; what came under no known key is nobody's.
    awaited = max(1, min(sum(one.given != [NOBODY] for one in answer.lines), MOST))
    if code == "R01":
        description = gettext(
            "By the time of arrival. Those that have been silent longest come first."
        )
        title = gettext("Received, late, silent")
        return Grid(title, description, heads, _legend(code), awaited=awaited)
    known = asked.report.measures
    description = gettext(
        "Of each day the lowest of these: %(shares)s. Before them completeness, which is told of "
        "the whole period alone. The worst come first.",
        shares=", ".join(known[one].name for one in SHARES if one in known),
    )
    heads.insert(0, known["completeness_percent"].name)
    return Grid(gettext("Quality by day"), description, heads, _legend(code), awaited=awaited)


def _time(asked: Asked) -> str:
    return "hour" if asked.report.code == "R01" and asked.period.days == 1 else "day"


def read(conn: db.Connection, answer: Answer, names: Names, up: Sequence[str]) -> Grid | None:
    """The whole: those that need looking at first."""
    empty = outline(answer)
    if empty is None:
        return None
    asked, code = answer.asked, answer.asked.report.code
    lines: list[tuple[Named, Line | None]] = [
        (names.operators[one.keys[0].id], one)
        for one in sorted(answer.lines, key=_urgency)
        if one.keys[0].id in names.operators
    ]
    if code == "R01":
        lines = [(one, None) for one in _wholly_silent(conn, answer, names)] + lines
    lines, rest = lines[:MOST], lines[MOST:]
    if not lines:
        return None
    time = _time(asked)
    shown = tuple(operator for operator, _ in lines)
    asked = replace(
        asked, by=("operator", time), operators=shown, against=None, sort="label", descending=False
    )
    found = answering.read(conn, asked, names)
    cells = {(one.keys[0].id, one.keys[1].key): one for one in found.lines}
    narrow = [*up, trail.told(answer.asked)][-trail.MOST :]
    moments = list(answering.keys_of_time(asked.period, time, answer.as_of))
    rows = []
    for operator, line in lines:
        row = [
            replace(_cell(code, own), link=_behind(asked, own, operator, moment, narrow))
            for moment, own in ((one, cells.get((operator.id, one))) for one in moments)
        ]
        if code == "R02" and line:
            behind = drill.behind(answer.asked, line, up).get("completeness_percent")
            row.insert(0, replace(_share(line.figures["completeness_percent"]), link=behind))
        # Of one that sent nothing, the days on which it did.
        target = link(answer, line, up) if line else drill.page(
            answer.asked, by="day", operator=str(operator.id), period="30-days",
            **{"from": None, "to": None})  # fmt: skip
        rows.append((operator.name, target, row))
    return replace(empty, rows=rows, left_out=not_shown(rest) if rest else "", awaited=0)


def _behind(
    asked: Asked, line: Line | None, operator: Named, moment: str, up: Sequence[str]
) -> str | None:
    """What came of an operator in the time of a cell; without lists its day in the report."""
    found = drill.behind(asked, line, up).get("label") if line else None
    start = answering.start_of(asked.by[1], moment)
    if found is None and not isinstance(start, datetime):
        by = "hour" if "hour" in asked.report.dimensions else "operator"
        day = start.isoformat()
        found = drill.page(
            asked, by=by, operator=str(operator.id), period=None, up=up, **{"from": day, "to": day}
        )
    return found


def _wholly_silent(conn: db.Connection, answer: Answer, names: Names) -> list[Named]:
    """Who held a licence within the period and sent nothing at all: no row tells of them."""
    period, chosen = answer.asked.period, {one.id for one in answer.asked.operators}
    there = {line.keys[0].id for line in answer.lines}
    licensed = conn.execute(
        "select distinct l.operator_id from api.licence as l"
        " where l.valid_from < %s and l.valid_until > %s",
        (period.end, period.start),
    )
    found = {row["operator_id"] for row in licensed} - there
    return sorted(
        (names.operators[one] for one in found if one in names.operators
         and (not chosen or one in chosen)),
        key=lambda one: one.name,
    )  # fmt: skip


def _urgency(line: Line) -> float:
    """The worst first, or those silent for longest."""
    if "completeness_percent" in line.figures:
        shares = (line.figures["completeness_percent"], _lowest(line))
        return min((number(one) for one in shares if one is not None), default=101.0)
    last = line.figures["last_at"]
    return last.timestamp() if isinstance(last, datetime) else 0.0


def _lowest(line: Line) -> Value:
    """The lowest share of a day: it is as good as what is worst of it."""
    told = [line.figures.get(one) for one in SHARES]
    return min((one for one in told if one is not None), key=number, default=None)


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
    return _share(None if line is None else _lowest(line))


def _share(share: Value) -> Cell:
    """A share as it is cut, never rounded up: 99.96 is not all."""
    if share is None:
        return Cell(ABSENT, "none")
    level = sum(number(share) < one for one in LEVELS)
    return Cell(formats.amount(int(number(share) * 10), 1), f"level-{level}")


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
        (Cell(ABSENT, "none"), gettext("nothing arrived")),
    ]
