"""What players paid in to the right, what they took out to the left, the difference on it (R10)."""

from __future__ import annotations

from collections.abc import Sequence

from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import MOST, WIDTH, Picture, link, number, short
from portal.web import formats
from portal.web.i18n import gettext

LEFT, ROW = 180, 26


def draw(answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """The largest by what flowed either way."""

    def flowed(code: str, line: Line) -> float:
        return max(number(line.figures[code]), 0.0)

    lines = sorted(
        answer.lines,
        key=lambda one: -(number(one.figures["deposit"]) + number(one.figures["withdrawal"])),
    )[:MOST]
    reach = max(
        (flowed(code, one) for one in lines for code in ("deposit", "withdrawal")),
        default=0.0,
    )
    if reach <= 0:
        return None
    measures, currency = answer.asked.report.measures, answer.asked.currency
    picture = Picture(
        gettext("Paid in and taken out"),
        gettext("To the right deposits, to the left withdrawals; the circle is the net flow."),
        len(lines) * ROW + 10,
        [
            ("win", measures["withdrawal"].name),
            ("stake", measures["deposit"].name),
            ("running", measures["net_flow"].name),
        ],
    )
    half = (WIDTH - LEFT) / 2 - 10
    middle = LEFT + half + 5
    for place, one in enumerate(lines):
        y, target = place * ROW + 5, link(answer, one, up)
        picture.text("beside", (0, y + 15), short(one.label))
        for code, look, left in (("withdrawal", "win", True), ("deposit", "stake", False)):
            length = half * flowed(code, one) / reach
            told = formats.money(int(number(one.figures[code])), currency.code, currency.digits)
            x = middle - length if left else middle
            words = f"{one.label}, {measures[code].name}: {told}"
            picture.rect(look, (x, y, length, ROW - 8), words, target)
        net = max(min(number(one.figures["net_flow"]) / reach, 1.0), -1.0)
        told = formats.money(int(number(one.figures["net_flow"])), currency.code, currency.digits)
        point = (middle + half * net, y + (ROW - 8) / 2)
        picture.circle("running", point, f"{measures['net_flow'].name}: {told}")
    picture.line("axis", (middle, 0, middle, len(lines) * ROW + 6))
    return picture
