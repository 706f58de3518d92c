"""How far RTP lies from what is declared, against how much was played (R05)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log10, sqrt
from operator import itemgetter

from portal.reports.answering import Answer, Line
from portal.reports.charts.picture import (
    WIDTH,
    Entry,
    Picture,
    Scale,
    link,
    number,
    owner,
    short,
)
from portal.web import formats
from portal.web.i18n import gettext

LEFT, TOP, FLOOR = 90, 14, 294
MOST = 60
NAMED = 12
LONGEST = 18
MOST_REACH = 100.0  # points; few bets may return many times as much, which is drawn at the edge


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """A point for each of the most played: the more bets, the nearer to the line it belongs.

    It is of money; what may be chance is told of rounds, in the columns of the table.
    """
    sized = (
        (_bets(line), line) for line in answer.lines if line.figures["rtp_difference"] is not None
    )
    played = sorted((one for one in sized if one[0] > 0), key=itemgetter(0), reverse=True)
    if not played:
        return []
    found = [line for _, line in played]
    shown, rest = found[:MOST], found[MOST:]
    answer.know(shown)
    reach = min(max(abs(_off(one)) for one in shown), MOST_REACH)
    scale = Scale((reach, -reach), FLOOR, TOP)
    beyond = [one for one in shown if abs(_off(one)) > scale.ticks[-1]]
    first = floor(log10(_bets(shown[-1])))
    last = max(ceil(log10(_bets(shown[0]))), first + 1)

    def along(bets: float) -> float:
        return LEFT + (WIDTH - LEFT - 30) * (log10(bets) - first) / (last - first)

    measures = answer.asked.report.measures
    picture = Picture(
        gettext("Difference of RTP by number of bets"),
        gettext(
            "To the right more bets, each mark ten times as many; upwards more returned than "
            "declared. A fair game comes nearer to the line with every bet: far to the right, "
            "even a small distance tells. It is of money; what may be chance is told of paid "
            "rounds, in the columns Verdict, z and 99 % band."
        ),
        FLOOR + 44,
        [("point", gettext("more than declared")), ("below", gettext("less than declared"))],
        head=[measures[code].name for code in ("bet_count", "rtp_percent", "rtp_difference")],
    )
    for tick in scale.ticks:
        y = scale.at(tick)
        picture.line("axis" if tick == 0 else "grid", (LEFT, y, WIDTH, y))
        picture.text("scale", (LEFT - 8, y + 4), _points(tick, 0 if scale.ticks[-1] >= 4 else 1))
    for power in range(first, last + 1):
        x = along(10**power)
        picture.line("grid", (x, TOP, x, FLOOR))
        picture.text("name", (x, FLOOR + 18), formats.count(10**power))
    picture.text("scale", (WIDTH, FLOOR + 38), measures["bet_count"].name)
    for one in shown:
        point = (along(_bets(one)), scale.at(_off(one)))
        words = f"{one.label}: {_points(_off(one), 2)}; {formats.count(int(_bets(one)))}"
        target = link(answer, one, up)
        if _off(one) < 0:  # a square for less, a circle for more: not by colour alone
            picture.rect("below", (point[0] - 4, point[1] - 4, 8, 8), words, target)
        else:
            picture.circle("one", point, words, target)
        figures = [formats.count(int(_bets(one))), _percent(one), _points(_off(one), 2)]
        picture.entries.append(Entry(one.label, figures, target, owner(one)))
    _name(picture, [(one.label, along(_bets(one)), scale.at(_off(one)), _bets(one))
                    for one in shown], scale.at(0))  # fmt: skip
    told = []
    if rest:
        told.append(
            gettext(
                "Drawn are the %(number)s with most bets. %(rest)s more have fewer: too few to "
                "tell much.",
                number=formats.count(MOST),
                rest=formats.count(len(rest)),
            )
        )
    if beyond:
        told.append(
            gettext(
                "At the edge, because they lie beyond it: %(number)s.",
                number=formats.count(len(beyond)),
            )
        )
    picture.left_out = " ".join(told)
    return [picture]


def _name(
    picture: Picture, points: Sequence[tuple[str, float, float, float]], middle: float
) -> None:
    """Name what weighs most, as the same distance tells more the more was played; where there is
    room for the name.
    """
    weighty = sorted(points, key=lambda one: -abs(one[2] - middle) * sqrt(one[3]))
    taken = [(x - 5, x + 5, y) for _, x, y, _ in points]
    for label, x, y, _ in weighty[:NAMED]:
        words = short(label, LONGEST)
        room = 7.5 * len(words)
        left = x + room + 9 > WIDTH
        start = x - room - 9 if left else x + 9
        if any(start < end and begin < start + room and abs(at - y) < 12
               for begin, end, at in taken):  # fmt: skip
            continue
        taken.append((start, start + room, y))
        picture.text("scale" if left else "after", (x + (-9 if left else 9), y + 4), words)


def _bets(line: Line) -> float:
    return number(line.figures["bet_count"])


def _off(line: Line) -> float:
    return number(line.figures["rtp_difference"])


def _percent(line: Line) -> str:
    return formats.percent(number(line.figures["rtp_percent"]) / 100, 2)


def _points(size: float, digits: int) -> str:
    text = formats.amount(round(size * 10**digits), digits)
    sign = "+" if size > 0 else ""
    return gettext("%(number)s pp", number=sign + text)
