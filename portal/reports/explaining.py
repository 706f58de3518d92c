"""What stands behind one row: its figures, how far they can be trusted, as of when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from portal import db
from portal.reports.answering import Answer, Line, State, Value, last_of
from portal.web.formats import KYIV

TOTAL = "total"


@dataclass(frozen=True)
class Explained:
    """A row, or the total where ``line`` is None; ``state`` is of its own days and operator."""

    line: Line | None
    figures: dict[str, Value]
    state: State


def name(line: Line | None) -> str:
    """How an address names a row."""
    return TOTAL if line is None else "~".join(line.given)


def read(conn: db.Connection, answer: Answer, asked_for: str) -> Explained | None:
    """The row that is asked for; None where there is none of that name."""
    if not asked_for:
        return None
    if asked_for == TOTAL:
        return Explained(None, answer.total, answer.state)
    line = next((one for one in answer.lines if name(one) == asked_for), None)
    if line is None:
        return None
    asked = answer.asked
    operators = [one.id for one in asked.operators]
    for key in line.keys:
        if key.dimension.code == "operator" and key.id:
            operators = [key.id]
        elif key.owner:
            operators = [key.owner.id]
    last = min(_last(line) or asked.period.last, asked.period.last)
    state = db.call(conn, "api.report_state", last, operators or None, asked.as_of)
    return Explained(line, line.figures, State(**state[0]))


def _last(line: Line) -> date | None:
    """The last day of a row of time."""
    for key in line.keys:
        if isinstance(key.start, datetime):
            return key.start.astimezone(KYIV).date()
        if key.start is not None:
            return last_of(key.dimension.code, key.start)
    return None
