"""What happens most often, and how much of everything the most frequent make up (R06)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer
from portal.reports.catalogue import Measure
from portal.reports.charts.picture import (
    MOST,
    NAMES,
    ROW,
    WIDTH,
    Entry,
    Picture,
    Scale,
    link,
    number,
    others,
    owner,
    short,
    summed,
    told,
)
from portal.web import formats
from portal.web.i18n import gettext

CODES = ("record_count", "batch_count")


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """Records under a mark, then refused batches: two things, which are not added up."""
    measures = answer.asked.report.measures
    found = (_of(answer, measures[code], up) for code in CODES)
    return [one for one in found if one]


def _of(answer: Answer, measure: Measure, up: Sequence[str]) -> Picture | None:
    """Bars, most first, as a share of all, and the running share; the rest is one bar."""

    def count(line: object) -> float:
        return number(line.figures[measure.code])  # type: ignore[attr-defined]

    lines = sorted((one for one in answer.lines if count(one) > 0), key=lambda one: -count(one))
    if not lines:
        return None
    whole = summed(lines, measure.code)
    shown, rest = lines[:MOST], lines[MOST:]
    answer.know(shown)
    bars = [(one.label, count(one), link(answer, one, up), "one", owner(one)) for one in shown]
    if rest:
        bars.append((others(rest), summed(rest, measure.code), None, "rest", ""))
    floor = len(bars) * ROW + 6
    scale = Scale((100,), NAMES + 20, WIDTH - 130)
    picture = Picture(
        gettext("What is most frequent: %(what)s", what=measure.name.lower()),
        gettext("Most first, as a share of all; the circles add the shares up from above."),
        floor + 26,
        [("one", measure.name), ("mark", gettext("running share"))],
        head=[measure.name, gettext("Share"), gettext("Running share")],
    )
    for tick in scale.ticks:
        x = scale.at(tick)
        picture.line("axis" if tick == 0 else "grid", (x, 0, x, floor))
        picture.text("name", (x, floor + 18), formats.percent(tick / 100, 0))
    so_far, before = 0.0, None
    for place, (label, value, target, look, whose) in enumerate(bars):
        so_far += value
        figures = [told(answer, measure, value), formats.percent(value / whole),
                   formats.percent(so_far / whole)]  # fmt: skip
        y = place * ROW + 6
        picture.text("beside", (0, y + 14), short(label))
        words = f"{label}: {figures[0]}, {figures[1]}"
        picture.bar(look, scale, 100 * value / whole, (y, ROW - 10), text=words, link=target)
        point = (scale.at(100 * so_far / whole), y + (ROW - 10) / 2)
        if before:
            picture.line("mark", (*before, *point))
        picture.circle("mark", point, figures[2])
        picture.text("scale", (WIDTH, y + 14), figures[0])
        picture.entries.append(Entry(label, figures, target, whose))
        before = point
    return picture
