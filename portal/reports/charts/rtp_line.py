"""RTP from one row of time to the next (R03), below the columns of what was staked and won."""

from __future__ import annotations

from portal.reports.answering import Answer
from portal.reports.charts.picture import WIDTH, Picture, number
from portal.web import formats
from portal.web.charts import MOST_POINTS
from portal.web.i18n import gettext

LEFT, TOP, FLOOR = 70, 16, 116


def draw(answer: Answer) -> Picture | None:
    """A row without stakes has no RTP: the line breaks there."""
    lines = sorted(answer.lines, key=lambda line: line.keys[0].key)
    told = [number(one.figures["rtp_percent"]) for one in lines if one.figures["rtp_percent"]]
    if len(told) < 2 or len(lines) > MOST_POINTS:
        return None
    low, high = min(told), max(told)
    if high == low:
        low, high = low - 1, high + 1
    name = answer.asked.report.measures["rtp_percent"].name
    picture = Picture(name, gettext("RTP over time, on a scale of its own."), 150, [])
    step = (WIDTH - LEFT) / len(lines)
    before: tuple[float, float] | None = None
    for share in (high, low):
        y = TOP if share == high else FLOOR
        picture.line("guide", (LEFT, y, WIDTH, y))
        picture.text("scale", (LEFT - 8, y + 4), formats.percent(share / 100))
    every = max(1, len(lines) // 8)
    for place, one in enumerate(lines):
        x = LEFT + (place + 0.5) * step
        if place % every == 0:
            picture.text("name", (x, FLOOR + 24), one.label[:10])
        value = one.figures["rtp_percent"]
        if value is None:
            before = None
            continue
        point = (x, FLOOR - (FLOOR - TOP) * (number(value) - low) / (high - low))
        if before:
            picture.line("running", (*before, *point))
        if len(lines) <= 62:
            picture.circle(
                "running", point, f"{one.label}: {formats.percent(number(value) / 100, 2)}"
            )
        before = point
    return picture
