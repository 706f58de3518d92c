"""How far RTP lies from what is declared, against how much was played (R05)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
RIGHT = 55  # half of the longest number below the last mark
MOST = 60
NAMED = 12
LONGEST = 18
MOST_REACH = 100.0  # points; few bets may return many times as much, which is drawn at the edge


@dataclass(frozen=True)
class Basis:
    """What is drawn of a row: how much was played, what returned, and how far off that is."""

    size: str
    returned: str
    off: Callable[[Line], float]
    drawable: Callable[[Line], bool]

    def much(self, line: Line) -> float:
        return number(line.figures[self.size])


STANDARD_ERRORS = 2.576  # of the band

ROUNDS = Basis(
    "round_count",
    "unit_rtp_percent",
    lambda line: number(line.figures["z_score"]) * _band(line) / STANDARD_ERRORS,
    lambda line: line.figures["band_points"] is not None and line.figures["z_score"] is not None,
)
MONEY = Basis(
    "bet_count",
    "rtp_percent",
    lambda line: number(line.figures["rtp_difference"]),
    lambda line: line.figures["rtp_difference"] is not None,
)


def draw(answer: Answer, up: Sequence[str] = ()) -> list[Picture]:
    """A point for each of the most played: the more rounds, the nearer to the line it belongs.

    Of paid rounds, each with its band of chance, where any row has one; else of bets and money,
    without.
    """
    basis = ROUNDS if any(ROUNDS.drawable(line) for line in answer.lines) else MONEY
    sized = ((basis.much(line), line) for line in answer.lines if basis.drawable(line))
    played = sorted((one for one in sized if one[0] > 0), key=itemgetter(0), reverse=True)
    if not played:
        return []
    found = [line for _, line in played]
    shown, rest = found[:MOST], found[MOST:]
    answer.know(shown)
    reach = min(max(abs(basis.off(one)) for one in shown), MOST_REACH)
    scale = Scale((reach, -reach), FLOOR, TOP)
    beyond = [one for one in shown if abs(basis.off(one)) > scale.ticks[-1]]
    first = floor(log10(basis.much(shown[-1])))
    last = max(ceil(log10(basis.much(shown[0]))), first + 1)

    def along(much: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * (log10(much) - first) / (last - first)

    measures = answer.asked.report.measures
    picture = _by_rounds() if basis is ROUNDS else _by_money()
    picture.head = [
        *(measures[code].name for code in (basis.size, basis.returned, "rtp_difference")),
        *([measures["band_points"].name] if basis is ROUNDS else []),
    ]
    for tick in scale.ticks:
        y = scale.at(tick)
        picture.line("axis" if tick == 0 else "grid", (LEFT, y, WIDTH, y))
        picture.text("scale", (LEFT - 8, y + 4), _points(tick, 0 if scale.ticks[-1] >= 4 else 1))
    for power in range(first, last + 1):
        x = along(10**power)
        picture.line("grid", (x, TOP, x, FLOOR))
        picture.text("name", (x, FLOOR + 18), formats.count(10**power))
    picture.text("scale", (WIDTH, FLOOR + 38), measures[basis.size].name)
    for one in shown:
        much, off = basis.much(one), basis.off(one)
        point = (along(much), scale.at(off))
        words = f"{one.label}: {_points(off, 2)}; {formats.count(int(much))}"
        figures = [
            formats.count(int(much)),
            formats.percent(number(one.figures[basis.returned]) / 100, 2),
            _points(off, 2),
        ]
        if basis is ROUNDS:
            band = _band(one)
            picture.line("guide", (point[0], scale.at(band), point[0], scale.at(-band)))
            figures.append(f"± {formats.amount(round(band * 100), 2)}")
        target = link(answer, one, up)
        if off < 0:  # a square for less, a circle for more: not by colour alone
            picture.rect("below", (point[0] - 4, point[1] - 4, 8, 8), words, target)
        else:
            picture.circle("one", point, words, target)
        picture.entries.append(Entry(one.label, figures, target, owner(one)))
    places = [(one.label, along(basis.much(one)), scale.at(basis.off(one)), basis.much(one))
              for one in shown]  # fmt: skip
    _name(picture, places, scale.at(0))
    told = []
    if rest:
        told.append(
            gettext(
                "Drawn are the %(number)s most played. %(rest)s more are played less: too little "
                "to tell much.",
                number=formats.count(MOST),
                rest=formats.count(len(rest)),
            )
        )
    if basis is ROUNDS and (lacking := _without_band(answer.lines)):
        told.append(
            gettext(
                "Not drawn, as their games declare no spread or closed days hold no rounds of "
                "theirs: %(number)s.",
                number=formats.count(lacking),
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


def _without_band(lines: Sequence[Line]) -> int:
    """Rows that were played and have no band."""
    return sum(1 for line in lines if line.figures["bet_count"] and not ROUNDS.drawable(line))


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


def _by_rounds() -> Picture:
    return Picture(
        gettext("Difference of RTP by number of rounds"),
        gettext(
            "To the right more paid rounds, each mark ten times as many; upwards more returned "
            "than declared. The line through each point's place is the band in which 99 of 100 "
            "fair games stand: it narrows to the right. Outside of it among many, or looked at "
            "often, a fair game stands, too: the verdict takes account of that."
        ),
        FLOOR + 44,
        [*_sides(), ("even", gettext("99 % band"))],
    )


def _by_money() -> Picture:
    return Picture(
        gettext("Difference of RTP by number of bets"),
        gettext(
            "To the right more bets, each mark ten times as many; upwards more returned than "
            "declared. A fair game comes nearer to the line with every bet: far to the right, "
            "even a small distance tells. No band of chance is drawn: it is of paid rounds, of "
            "closed days and of games that declare their spread."
        ),
        FLOOR + 44,
        _sides(),
    )


def _sides() -> list[tuple[str, str]]:
    return [("point", gettext("more than declared")), ("below", gettext("less than declared"))]


def _band(line: Line) -> float:
    return number(line.figures["band_points"])


def _points(size: float, digits: int) -> str:
    text = formats.amount(round(size * 10**digits), digits)
    sign = "+" if size > 0 else ""
    return gettext("%(number)s pp", number=sign + text)
