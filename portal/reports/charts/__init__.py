"""The charts of reports, a module each by what it draws; the catalogue says whose it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from portal.reports.answering import Answer
from portal.reports.charts import funnel, lorenz, mirrored, pareto, taxes, treemap, waterfall
from portal.reports.charts.picture import Picture

Drawer = Callable[[Answer, Sequence[str]], list[Picture]]
DRAWERS: dict[str, Drawer] = {
    "funnel": funnel.draw,
    "pareto": pareto.draw,
    "lorenz": lambda answer, _: lorenz.draw(answer),
    "treemap": treemap.draw,
    "waterfall": lambda answer, _: waterfall.draw(answer),
    "mirrored": mirrored.draw,
    "taxes": taxes.draw,
}
# These show every row's figures, so that bars beside them would say them twice.
OF_ROWS = frozenset({"funnel", "pareto", "treemap", "mirrored", "taxes"})


def own(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """The report's own chart, made of its rows alone; rows of time are drawn over time."""
    draw = DRAWERS.get(answer.asked.report.chart)
    if draw is None or answer.asked.time_dimension or not answer.lines:
        return []
    return draw(answer, up)
