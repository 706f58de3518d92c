"""How far RTP lies from what is declared, against how much was played (R05)."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from portal.reports.answering import Answer
from portal.reports.charts.picture import WIDTH, Picture, link, number
from portal.web import formats
from portal.web.i18n import gettext

LEFT, TOP, FLOOR = 90, 16, 236
MOST = 100
LEAST_REACH = 1.0
MOST_REACH = 100.0  # points; few bets may return many times as much, drawn at the edge


def draw(answer: Answer, up: Sequence[str] = ()) -> Picture | None:
    """A point for each of the most played: the more bets, the nearer to the line it belongs.

    No spread of a game is registered, so no band of chance can be drawn; the page says so.
    """
    found = [
        line
        for line in answer.lines
        if line.figures["rtp_difference"] is not None and number(line.figures["bet_count"]) > 0
    ]
    if not found:
        return None
    found = sorted(found, key=lambda one: -number(one.figures["bet_count"]))[:MOST]
    farthest = max(abs(number(one.figures["rtp_difference"])) for one in found)
    reach = min(max(LEAST_REACH, farthest), MOST_REACH)
    most = max(log10(number(one.figures["bet_count"])) for one in found) or 1.0
    picture = Picture(
        gettext("Difference of RTP by number of bets"),
        gettext(
            "To the right: more bets; upwards: more returned than declared. A fair game comes "
            "nearer to the line with every bet. The band of chance is absent: the register holds "
            "no spread of the games."
        ),
        270,
        [("one", gettext("more than declared")), ("below", gettext("less than declared"))],
    )
    middle = (TOP + FLOOR) / 2
    for share in (1, 0, -1):
        y = middle - share * (FLOOR - TOP) / 2
        picture.line("axis" if share == 0 else "guide", (LEFT, y, WIDTH, y))
        sign = "+" if share > 0 else "−" if share < 0 else ""
        size = sign + formats.amount(round(reach * abs(share) * 10), 1)
        told = gettext("%(number)s pp", number=size)
        picture.text("scale", (LEFT - 8, y + 4), told)
    for power in range(int(most) + 1):
        x = LEFT + (WIDTH - LEFT - 20) * power / most
        picture.text("name", (x, 258), formats.count(10**power))
    for one in found:
        off = number(one.figures["rtp_difference"])
        bets = number(one.figures["bet_count"])
        point = (
            LEFT + (WIDTH - LEFT - 20) * log10(bets) / most,
            middle - max(min(off / reach, 1.0), -1.0) * (FLOOR - TOP) / 2,
        )
        told = f"{one.label}: {formats.amount(round(off * 100), 2)}; {formats.count(int(bets))}"
        target = link(answer, one, up)
        if off < 0:  # a square for less, a circle for more: not by colour alone
            picture.rect("below", (point[0] - 4, point[1] - 4, 8, 8), told, target)
        else:
            picture.circle("one", point, told, target)
    return picture
