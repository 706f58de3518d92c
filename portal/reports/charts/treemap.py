"""The market as an area, each with its share of it and how it has changed (R08)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import (
    WIDTH,
    Entry,
    Picture,
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

HEIGHT = 340
MOST = 24
LETTER = 8  # room for one
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


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """Rows with GGR above zero; what does not fit is one area, losses are told in words."""
    ggr = answer.asked.report.measures["ggr"]
    lines = [one for one in answer.lines if number(one.figures["ggr"]) > 0]
    lines.sort(key=lambda one: -number(one.figures["ggr"]))
    if len(lines) < 2:
        return []
    shown, rest = lines[:MOST], lines[MOST:]
    answer.know(shown)
    cells = [
        (one.label, number(one.figures["ggr"]), *_change(one), link(answer, one, up), owner(one))
        for one in shown
    ]
    if rest:
        cells.append((others(rest), summed(rest, "ggr"), "rest", formats.ABSENT, None, ""))
    whole = sum(cell[1] for cell in cells)
    picture = Picture(
        gettext("Shares of the market"),
        gettext("Areas in proportion to GGR above zero; with its change from the period before."),
        HEIGHT,
        [("up", gettext("grew")), ("down", gettext("fell")), ("rest", gettext("not compared"))],
        head=[ggr.name, gettext("Share"), gettext("Change")],
    )
    fields = areas([cell[1] for cell in cells], (0, 0, WIDTH, HEIGHT))
    for (name, value, look, change, target, whose), field in zip(cells, fields, strict=True):
        share = formats.percent(value / whole)
        x, y, width, height = field
        told_change = "" if change == formats.ABSENT else f", {change}"
        picture.rect(look, field, f"{name}: {share}{told_change}", target)
        room = int((width - 16) / LETTER)
        if room >= 6 and height > 44:
            picture.text("inside", (x + 8, y + 20), short(name, room))
            picture.text("inside", (x + 8, y + 37), share)
            if told_change and height > 60 and room >= len(change):
                picture.text("inside", (x + 8, y + 54), change)
        picture.entries.append(
            Entry(name, [told(answer, ggr, value), share, change], target, whose)
        )
    losses = [one for one in answer.lines if number(one.figures["ggr"]) < 0]
    if losses:
        picture.left_out = gettext(
            "A loss has no area: %(number)s with %(sum)s together are not drawn.",
            number=formats.count(len(losses)),
            sum=told(answer, ggr, summed(losses, "ggr")),
        )
    return [picture]


def _change(line: Line) -> tuple[str, str]:
    """How a row has changed: its look and its words."""
    change = line.figures.get("previous_change_percent")
    if change is None:
        return "rest", formats.ABSENT
    by = number(change)
    sign = "▲ +" if by > 0 else "▼ " if by < 0 else ""
    return "down" if by < 0 else "up", f"{sign}{formats.percent(by / 100)}"
