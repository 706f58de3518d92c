"""Charts without drawing: figures, labels and links that a template turns into chart and table.

Values are integers (minor units of money, hundredths, counts): the browser only scales what it
draws, the table beside is written from the same integers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from portal.web import formats
from portal.web.i18n import gettext

MOST_POINTS = 400
Unit = Literal["money", "count", "percent", "number", "milliseconds"]


@dataclass(frozen=True)
class Series:
    """One line or set of columns; ``values`` has None where there is nothing (a gap, not zero).

    ``below`` draws positive values downwards, for what flows the other way; series of columns
    with the same ``stack`` stand on each other. Lane 1 lies under lane 0 with the same axis of time
    and its own scale: what is small beside the rest is read there. ``filled`` fills what lies under
    a line. ``unit`` is that of the chart unless it is told. ``term`` is the series' entry in the
    glossary.
    """

    name: str
    values: list[int | None]
    kind: Literal["bar", "line"] = "bar"
    below: bool = False
    stack: str | None = None
    lane: Literal[0, 1] = 0
    term: str = ""
    filled: bool = False
    unit: Unit | None = None


@dataclass(frozen=True)
class Chart:
    """A chart: ``labels`` along its axis, ``links`` to what is behind each point, or none.

    ``unit`` says how values are written: money in ``currency`` with ``digits`` minor digits, per
    cents and other numbers in hundredths, counts. ``heading`` names the axis in the table.
    ``unfinished`` is the point whose time still goes on, by its number from 0.
    """

    id: str
    title: str
    description: str
    heading: str
    labels: list[str]
    series: list[Series]
    links: list[str] = field(default_factory=list)
    unit: Unit = "money"
    currency: str = "UAH"
    digits: int = 2
    unfinished: int | None = None

    def __post_init__(self) -> None:
        points = len(self.labels)
        if points > MOST_POINTS:
            raise ValueError(f"{points} points do not fit into a chart: group them in SQL")
        if any(len(series.values) != points for series in self.series):
            raise ValueError("each series has one value for each label")
        if self.links and len(self.links) != points:
            raise ValueError("links are for every point or for none")

    @property
    def lanes(self) -> int:
        """How many lanes the series use."""
        return 1 + max((series.lane for series in self.series), default=0)

    def text(self, series: Series, point: int) -> str:
        """A value as the table shows it."""
        value = series.values[point]
        unit = series.unit or self.unit
        if value is None or unit == "count":
            return formats.count(value)
        if unit == "money":
            return formats.money(value, self.currency, self.digits)
        if unit == "percent":
            return formats.percent(Decimal(value) / 10_000, 2)
        if unit == "milliseconds":
            return gettext("%(number)s ms", number=formats.count(value))
        return formats.amount(value, 2)

    def _written(self, series: Series) -> dict[str, Any]:
        """How the browser writes the values of a series."""
        unit = series.unit or self.unit
        if unit == "money":
            sign = formats.currency_sign(self.currency)
            return {"scale": 10**self.digits, "digits": self.digits, "sign": sign}
        if unit == "milliseconds":
            longest = max((abs(value) for value in series.values if value is not None), default=0)
            if longest < 600_000:
                return {"scale": 1_000, "digits": 3, "sign": gettext("s")}
            if longest < 36_000_000:
                return {"scale": 60_000, "digits": 1, "sign": gettext("min")}
            return {"scale": 3_600_000, "digits": 1, "sign": gettext("h")}
        if unit == "count":
            return {"scale": 1, "digits": 0, "sign": ""}
        return {"scale": 100, "digits": 2, "sign": "%" if unit == "percent" else ""}

    def for_browser(self, language: str) -> dict[str, Any]:
        """What static/chart.js reads."""
        return {
            "title": self.title,
            "description": self.description,
            "language": language,
            "labels": self.labels,
            "links": self.links,
            "unfinished": self.unfinished,
            "unfinishedNote": gettext("still going on"),
            "lanes": self.lanes,
            "series": [
                {
                    "name": series.name,
                    "kind": series.kind,
                    "below": series.below,
                    "stack": series.stack,
                    "lane": series.lane,
                    "filled": series.filled,
                    "values": series.values,
                    **self._written(series),
                }
                for series in self.series
            ],
        }
