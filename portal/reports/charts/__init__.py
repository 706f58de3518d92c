"""The charts of reports, one module each by what it draws; which report has which is said here."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer
from portal.reports.charts import funnel, lorenz, mirrored, pareto, rtp_line, treemap, waterfall
from portal.reports.charts.picture import Picture


def own(answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """The report's own chart, where its grouping has one; other groupings have bars or columns."""
    code = answer.asked.report.code
    if not answer.lines:
        return None
    if answer.asked.time_dimension:
        return rtp_line.draw(answer) if code == "R03" and len(answer.asked.by) == 1 else None
    if code == "R07":
        return lorenz.draw(answer)
    if code == "R09":
        return waterfall.draw(answer)
    drawers = {"R05": funnel, "R06": pareto, "R08": treemap, "R10": mirrored}
    return drawers[code].draw(answer, up) if code in drawers else None
