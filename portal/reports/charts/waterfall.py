"""From stakes to GGR: what is given back and won is taken off step by step (R09)."""

from __future__ import annotations

from portal.reports.answering import Answer
from portal.reports.charts.picture import WIDTH, Picture, number
from portal.web import formats
from portal.web.i18n import gettext

STEPS = (("stake", 0), ("refund", -1), ("win", -1), ("ggr", 0))
TOP, FLOOR = 30, 230


def draw(answer: Answer) -> Picture | None:
    """The total of the period; a GGR below zero hangs under the line."""
    figures = {code: number(answer.total[code]) for code, _ in STEPS}
    high = max(figures["stake"], 1.0)
    low = min(figures["ggr"], 0.0)
    if figures["stake"] <= 0:
        return None
    measures = answer.asked.report.measures
    currency = answer.asked.currency
    picture = Picture(
        gettext("From stakes to GGR"),
        gettext("Stakes, less refunds, less winnings, give GGR."),
        270,
        [("stake", gettext("sum")), ("win", gettext("taken off"))],
    )
    scale = (FLOOR - TOP) / (high - low)

    def height(value: float) -> float:
        return TOP + (high - value) * scale

    picture.line("axis", (0, height(0), WIDTH, height(0)))
    level, step = 0.0, WIDTH / len(STEPS)
    for place, (code, sign) in enumerate(STEPS):
        value = figures[code]
        start, end = (level, level - value) if sign else (0.0, value)
        top, bottom = height(max(start, end)), height(min(start, end))
        told = formats.money(int(figures[code]), currency.code, currency.digits)
        x = place * step + 25
        name = f"{'− ' if sign else ''}{measures[code].name}"
        picture.rect(
            "win" if sign else "stake",
            (x, top, step - 50, max(bottom - top, 1)),
            f"{name}: {told}",
        )
        picture.text("figure", (x + step / 2 - 25, top - 8), told)
        picture.text("name", (x + step / 2 - 25, 262), name)
        if place < len(STEPS) - 1:
            picture.line("guide", (x + step - 50, height(end), x + step, height(end)))
        level = end
    return picture
