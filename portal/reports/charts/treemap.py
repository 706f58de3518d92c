"""The market as an area, each with its share of it (R08)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import WIDTH, Picture, largest, link, number, short
from portal.web import formats
from portal.web.i18n import gettext

HEIGHT = 300
MOST = 30
LOOKS = ("one", "two", "three", "four")
Area = tuple[float, float, float, float]


def areas(values: Sequence[float], field: Area) -> list[Area]:
    """Areas in proportion, largest first: the field is halved by value along its longer side."""
    if len(values) <= 1:
        return [field] * len(values)
    whole, half, cut = sum(values), 0.0, 0
    while cut < len(values) - 1 and (cut == 0 or half + values[cut] / 2 <= whole / 2):
        half += values[cut]
        cut += 1
    x, y, width, height = field
    share = half / whole
    if width >= height:
        parts = (x, y, width * share, height), (x + width * share, y, width * (1 - share), height)
    else:
        parts = (x, y, width, height * share), (x, y + height * share, width, height * (1 - share))
    return areas(values[:cut], parts[0]) + areas(values[cut:], parts[1])


def draw(answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """Rows with GGR above zero; what does not fit is one area."""
    lines = largest(answer, "ggr")
    if len(lines) < 2:
        return None
    shown: list[Line | None] = [*lines[:MOST]]
    values = [number(line.figures["ggr"]) for line in lines]
    rest = sum(values[MOST:])
    values = values[:MOST]
    if rest:
        shown.append(None)
        values.append(rest)
    whole = sum(values)
    picture = Picture(
        gettext("Shares of the market"),
        gettext("Areas in proportion to GGR above zero; a loss has no area."),
        HEIGHT,
    )
    for place, (line, value, area) in enumerate(
        zip(shown, values, areas(values, (0, 0, WIDTH, HEIGHT)), strict=True)
    ):
        name = line.label if line else gettext("Others (%(number)s)", number=len(lines) - MOST)
        share = formats.percent(value / whole, 1)
        x, y, width, height = area
        target = link(answer, line, up) if line else None
        picture.rect(LOOKS[place % 4], area, f"{name}: {share}", target)
        if width > 64 and height > 40:
            picture.text("inside", (x + 8, y + 20), short(name, int((width - 12) / 7.5)))
            picture.text("inside", (x + 8, y + 37), share)
    return picture
