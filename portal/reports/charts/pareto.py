"""What happens most often, and how much of everything the most frequent make up (R06)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import MOST, WIDTH, Picture, link, number, short
from portal.web import formats
from portal.web.i18n import gettext

TOP, FLOOR = 24, 216


def count(line: Line) -> float:
    """What a rule was met by: records that it marked, batches that it refused."""
    return number(line.figures["record_count"]) + number(line.figures["batch_count"])


def draw(answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """Columns, most first, and the running share above them."""
    lines = sorted((one for one in answer.lines if count(one) > 0), key=lambda one: -count(one))
    if not lines:
        return None
    whole = sum(count(one) for one in lines)
    shown = lines[:MOST]
    picture = Picture(
        gettext("What is most frequent"),
        gettext("Records and refused batches together, most first; the line is the running share."),
        250,
        [("stake", gettext("number")), ("running", gettext("running share of all"))],
    )
    step = WIDTH / len(shown)
    high = FLOOR - TOP
    picture.line("guide", (0, TOP, WIDTH, TOP))
    picture.line("axis", (0, FLOOR, WIDTH, FLOOR))
    so_far, before = 0.0, None
    for place, one in enumerate(shown):
        value = count(one)
        so_far += value
        share = so_far / whole
        told = f"{one.label}: {formats.count(int(value))}"
        x, tall = place * step + step * 0.15, high * value / whole
        picture.rect("stake", (x, FLOOR - tall, step * 0.7, tall), told, link(answer, one, up))
        point = (place * step + step / 2, FLOOR - high * share)
        if before:
            picture.line("running", (*before, *point))
        picture.circle("running", point, formats.percent(share))
        picture.text("name", (point[0], FLOOR + 16), formats.count(int(value)))
        picture.text("name", (point[0], FLOOR + 32), short(one.label, max(int(step / 7.5), 4)))
        before = point
    return picture
