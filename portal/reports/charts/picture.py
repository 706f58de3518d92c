"""A picture drawn by the server: shapes on a field, which a template writes as SVG.

It needs no script and prints as it is shown. Screen readers and keyboards have its table instead:
the same figures in words, with the same links.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from portal.reports import drill
from portal.reports.answering import Answer, Line, Value
from portal.reports.catalogue import Measure
from portal.web import formats
from portal.web.i18n import gettext

WIDTH = 880
NAMES = 230  # room at the left for the names of rows
ROW = 28
MOST = 12
LONGEST_NAME = 28


@dataclass(frozen=True)
class Shape:
    """``kind`` is the element: rect, line, circle or text; ``look`` its class in pages.css."""

    kind: str
    look: str
    at: tuple[float, ...]
    text: str = ""
    link: str | None = None


@dataclass(frozen=True)
class Entry:
    """A row of the picture's table."""

    label: str
    cells: Sequence[str]
    link: str | None = None
    note: str = ""


@dataclass
class Picture:
    """``title`` heads it, ``description`` says what is seen, ``legend`` has (look, words).

    ``head`` and ``entries`` are its table; ``left_out`` says what is not drawn.
    """

    title: str
    description: str
    height: int
    legend: list[tuple[str, str]] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    left_out: str = ""

    def rect(
        self,
        look: str,
        at: tuple[float, float, float, float],
        text: str = "",
        link: str | None = None,
    ) -> None:
        """At x, y, so wide and so high; the text is told under the pointer."""
        x, y, width, height = at
        size = (round(max(width, 0), 1), round(max(height, 0), 1))
        self.shapes.append(Shape("rect", look, (round(x, 1), round(y, 1), *size), text, link))

    def line(self, look: str, at: tuple[float, float, float, float]) -> None:
        self.shapes.append(Shape("line", look, tuple(round(one, 1) for one in at)))

    def circle(
        self, look: str, at: tuple[float, float], text: str = "", link: str | None = None
    ) -> None:
        self.shapes.append(Shape("circle", look, (round(at[0], 1), round(at[1], 1)), text, link))

    def text(self, look: str, at: tuple[float, float], text: str) -> None:
        self.shapes.append(Shape("text", look, (round(at[0], 1), round(at[1], 1)), text))

    def bar(
        self,
        look: str,
        scale: Scale,
        value: float,
        row: tuple[float, float],
        *,
        text: str = "",
        link: str | None = None,
    ) -> None:
        """A bar from nothing to a figure, to the left where it is below; ``row`` is y and height.

        What is anything at all is seen.
        """
        ends = sorted((scale.at(0), scale.at(value)))
        wide = max(ends[1] - ends[0], 1.0 if value else 0.0)
        left = ends[1] - wide if value < 0 else min(ends[0], scale.end - wide)
        self.rect(look, (left, row[0], wide, row[1]), text, link)


class Scale:
    """Figures along an axis that ends at round ones and holds nothing (0), too."""

    def __init__(self, values: Iterable[float], start: float, end: float, parts: int = 4) -> None:
        known = [0.0, *values]
        step = _round_step((max(known) - min(known)) / parts)
        first, last = floor(min(known) / step), ceil(max(known) / step)
        last = max(last, first + 1)
        self.ticks = [step * one for one in range(first, last + 1)]
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        """Where a figure is; what lies beyond the axis stands at its end."""
        low, high = self.ticks[0], self.ticks[-1]
        share = (min(max(value, low), high) - low) / (high - low)
        return self.start + (self.end - self.start) * share


def _round_step(size: float) -> float:
    """1, 2 or 5 with as many noughts as it takes to be no smaller."""
    if size <= 0:
        return 1.0
    power = 10.0 ** floor(log10(size))
    return next((power * one for one in (1, 2, 5) if power * one >= size * 0.999), power * 10)


def number(value: Value) -> float:
    """A figure as a length is reckoned from it; nothing is no length."""
    return 0.0 if value is None or not hasattr(value, "__float__") else float(value)


def short(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that fits beside a shape."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def link(answer: Answer, line: Line, up: Sequence[str]) -> str | None:
    """What is behind a row, as the table has it."""
    return drill.behind(answer.asked, line, up).get("label")


def owner(line: Line) -> str:
    """Whose the thing of a row is."""
    return " · ".join(key.owner.name for key in line.keys if key.owner)


def told(answer: Answer, measure: Measure, value: float) -> str:
    """A sum or a count, exact."""
    currency = answer.asked.currency
    if measure.kind == "money":
        return formats.money(int(value), currency.code, currency.digits)
    return formats.count(int(value))


def ranked(answer: Answer, codes: Sequence[str]) -> list[Line]:
    """Rows with anything of some figures, those with most of them first."""

    def size(line: Line) -> float:
        return sum(abs(number(line.figures[code])) for code in codes)

    sized = ((size(line), line) for line in answer.lines)
    found = sorted((one for one in sized if one[0]), key=lambda one: -one[0])
    return [line for _, line in found]


def summed(lines: Iterable[Line], code: str) -> float:
    """The sum of a figure over rows, exact where it is of whole numbers."""
    return sum(one for one in (line.figures[code] for line in lines) if isinstance(one, int))


def others(lines: Sequence[object]) -> str:
    """How many are not shown one by one."""
    return gettext("Others (%(number)s)", number=formats.count(len(lines)))


def not_shown(lines: Sequence[object]) -> str:
    """That there are more."""
    return gettext("%(number)s more are not shown.", number=formats.count(len(lines)))


def axis(picture: Picture, scale: Scale, answer: Answer, measure: Measure, floor_at: float) -> None:
    """The figures of a scale from left to right, a line for each, their words at its foot."""
    currency = answer.asked.currency
    for tick in scale.ticks:
        x = scale.at(tick)
        picture.line("axis" if tick == 0 else "grid", (x, 0, x, floor_at))
        if measure.kind != "money":
            words = formats.count(round(tick))
        elif abs(tick) < 10_000 * 10**currency.digits:
            whole = formats.amount(round(tick / 10**currency.digits), 0)
            words = f"{whole}{formats.NO_BREAK_SPACE}{formats.currency_sign(currency.code)}"
        else:
            words = formats.compact_money(round(tick), currency.code, currency.digits)
        place = "name" if x < WIDTH - 40 else "scale"
        picture.text(place, (x, floor_at + 18), words)
