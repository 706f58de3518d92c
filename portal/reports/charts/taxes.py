"""What is estimated beside what is declared and paid, by taxpayer or class (R11)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports import chart
from portal.reports.answering import Answer
from portal.reports.charts.picture import (
    MOST,
    NAMES,
    WIDTH,
    Entry,
    Picture,
    Scale,
    axis,
    link,
    number,
    others,
    owner,
    ranked,
    short,
    summed,
    told,
)
from portal.web import formats
from portal.web.formats import ABSENT
from portal.web.i18n import gettext

LOOKS = ("one", "two", "three", "four")
THICK = 11


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """A bar for each figure that the report draws, under one another, largest rows first."""
    measures = [one for one in chart.drawn(answer) if one.series == "up"][: len(LOOKS)]
    codes = [one.code for one in measures]
    every = ranked(answer, codes)
    if not every:
        return []
    lines, rest = every[:MOST], every[MOST:]
    answer.know(lines)
    step = len(measures) * THICK + 12
    floor = len(lines) * step + 4
    scale = Scale((number(one.figures[code]) for one in lines for code in codes), NAMES + 20, WIDTH)
    picture = Picture(
        gettext("What is estimated, what is declared, what is paid"),
        gettext("Largest first. A dash instead of a bar: not declared, or not told of such rows."),
        floor + 26,
        [(look, one.name) for look, one in zip(LOOKS, measures, strict=False)],
        head=[one.name for one in measures],
    )
    axis(picture, scale, answer, measures[0], floor)
    for place, one in enumerate(lines):
        y, target = place * step + 8, link(answer, one, up)
        picture.text("beside", (0, y + len(measures) * THICK / 2 + 4), short(one.label))
        figures = []
        for at, measure in enumerate(measures):
            value = one.figures[measure.code]
            if value is None:
                figures.append(ABSENT)
                picture.text("after", (scale.at(0) + 6, y + at * THICK + 9), ABSENT)
                continue
            figures.append(told(answer, measure, number(value)))
            row = (y + at * THICK, THICK - 2)
            words = f"{one.label}, {measure.name}: {figures[-1]}"
            picture.bar(LOOKS[at], scale, number(value), row, text=words, link=target)
        picture.entries.append(Entry(one.label, figures, target, owner(one)))
    if rest:
        sums = [told(answer, m, summed(rest, m.code)) for m in measures]
        picture.entries.append(Entry(others(rest), sums))
        picture.left_out = gettext(
            "%(number)s more are not drawn: their sum stands in the table.",
            number=formats.count(len(rest)),
        )
    return [picture]
