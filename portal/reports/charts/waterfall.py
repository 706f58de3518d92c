"""From stakes to GGR: what is given back and won is taken off step by step (R09)."""

from __future__ import annotations

from portal.reports.answering import Answer
from portal.reports.charts.picture import WIDTH, Entry, Picture, Scale, number, told
from portal.web import formats
from portal.web.i18n import gettext

STEPS = (("stake", 1), ("refund", -1), ("win", -1), ("ggr", 0))
TOP, FLOOR = 44, 250


def draw(answer: Answer) -> list[Picture]:
    """The total of the period; what falls below zero hangs under the line."""
    figures = {code: number(answer.total[code]) for code, _ in STEPS}
    if not any(figures.values()):
        return []
    measures = answer.asked.report.measures
    spans, level = [], 0.0
    for code, sign in STEPS:
        start, end = (level, level + sign * figures[code]) if sign else (0.0, figures[code])
        spans.append((start, end))
        level = end
    scale = Scale((value for span in spans for value in span), FLOOR, TOP, parts=40)
    picture = Picture(
        gettext("From stakes to GGR"),
        gettext("All rows together: stakes, less refunds, less winnings, give GGR."),
        FLOOR + 34,
        [("one", gettext("sum")), ("two", gettext("taken off"))],
        head=[gettext("Sum"), gettext("Share of stakes")],
    )
    picture.line("axis", (0, scale.at(0), WIDTH, scale.at(0)))
    step = WIDTH / len(STEPS)
    for place, ((code, sign), (start, end)) in enumerate(zip(STEPS, spans, strict=True)):
        name = f"{'− ' if sign < 0 else ''}{measures[code].name}"
        words = told(answer, measures[code], figures[code])
        share = figures[code] / figures["stake"] if figures["stake"] > 0 else None
        part = formats.percent(share, 2)
        x, ends = place * step + 35, sorted((scale.at(start), scale.at(end)))
        box = (x, ends[0], step - 70, max(ends[1] - ends[0], 1))
        picture.rect("two" if sign < 0 else "one", box, f"{name}: {words}")
        middle = place * step + step / 2
        picture.text("figure", (middle, ends[0] - 22), words)
        picture.text("name", (middle, ends[0] - 7), part)
        picture.text("name", (middle, FLOOR + 26), name)
        picture.entries.append(Entry(name, [words, part]))
        if place < len(STEPS) - 1:
            picture.line("guide", (x + step - 70, scale.at(end), x + step, scale.at(end)))
    return [picture]
