"""A picture drawn by the server: shapes on a field, which a template writes as SVG.

It needs no script and prints as it is shown. It is left out for screen readers: the table of the
report says the same figures and holds the same links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.reports import drill
from portal.reports.answering import Answer, Line, Value

WIDTH = 720
MOST = 12
LONGEST_NAME = 22


@dataclass(frozen=True)
class Shape:
    """``kind`` is the element: rect, line, circle or text; ``look`` its class in pages.css."""

    kind: str
    look: str
    at: tuple[float, ...]
    text: str = ""
    link: str | None = None


@dataclass
class Picture:
    """``title`` heads it, ``description`` says what is seen, ``legend`` has (look, words)."""

    title: str
    description: str
    height: int
    legend: list[tuple[str, str]] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)

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


def number(value: Value) -> float:
    """A figure as a length is reckoned from it; nothing is no length."""
    return 0.0 if value is None or not hasattr(value, "__float__") else float(value)


def short(name: str, longest: int = LONGEST_NAME) -> str:
    """A name that fits beside a shape."""
    return name if len(name) <= longest else name[: longest - 1] + "…"


def link(answer: Answer, line: Line, up: Sequence[str]) -> str | None:
    """What is behind a row, as the table has it."""
    return drill.behind(answer.asked, line, up).get("label")


def largest(answer: Answer, measure: str) -> list[Line]:
    """The rows with something of a figure, largest first."""
    found = [line for line in answer.lines if number(line.figures[measure]) > 0]
    return sorted(found, key=lambda line: -number(line.figures[measure]))
