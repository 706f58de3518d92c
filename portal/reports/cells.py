"""The cells of a report's table.

Written here and not in a template: a page has a thousand of them, which a template takes several
times as long to write.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from portal.reports.answering import Answer, Line
from portal.reports.catalogue import Measure

Written = Callable[[Measure, Any, int], str]
Changed = Callable[[Answer, Line | None, Measure], tuple[str, str, str]]


def cells(
    answer: Answer, columns: Sequence[Measure], written: Written, changed: Changed
) -> Callable[[Line | None, Mapping[str, str]], Markup]:
    """What writes the cells of a row, or of the total without one, with the ways behind figures."""
    digits = answer.asked.currency.digits
    known: dict[tuple[str, Any], Markup] = {}

    def text(measure: Measure, value: Any) -> Markup:
        found = known.get((measure.kind, value))
        if found is None:
            found = known[measure.kind, value] = escape(written(measure, value, digits))
        return found

    def row(line: Line | None, behind: Mapping[str, str]) -> Markup:
        figures = answer.total if line is None else line.figures
        # Where the row's own name leads, nobody need go from each cell by keyboard.
        own = behind.get("label") if line else None
        # A row has few ways, each of them behind several figures.
        ways = {link: escape(link) for link in set(behind.values())}
        parts: list[str] = []
        for one in columns:
            told: str = text(one, figures[one.code])
            if link := behind.get(one.code):
                twin = ' tabindex="-1"' if link == own else ""
                told = f'<a href="{ways[link]}"{twin}>{told}</a>'
            parts.append(f'<td class="num">{told}{then(line, one)}</td>')
        return Markup("".join(parts))  # noqa: S704 - every text in it is escaped

    def then(line: Line | None, measure: Measure) -> str:
        if answer.before is None:
            return ""
        before, change, way = changed(answer, line, measure)
        shown = f" change-{way}" if way else ""
        how = f' <span class="change{shown}">{escape(change)}</span>' if change else ""
        return f'<span class="cell-before">{escape(before)}{how}</span>'

    return row
