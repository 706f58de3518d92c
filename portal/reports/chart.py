"""The picture of a report: columns over time, bars for what is compared, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from portal.reports import drill
from portal.reports.answering import Answer, Line
from portal.reports.catalogue import Measure
from portal.web.charts import MOST_POINTS, Chart, Series, Unit
from portal.web.formats import date_only
from portal.web.i18n import gettext, language

MOST_BARS = 12
FULL_LENGTH = 1000
MOST_DAYS = 93  # drawn by day, longer periods by month
WITH_TREND = frozenset({"status_grid", "pareto", "lorenz", "treemap", "mirrored"})
RATIOS = frozenset({"percent", "number"})
UNITS: dict[str, Unit] = {
    "money": "money",
    "count": "count",
    "percent": "percent",
    "number": "number",
    "milliseconds": "milliseconds",
}


@dataclass(frozen=True)
class Bar:
    """One compared thing; ``note`` tells namesakes apart, lengths are in thousandths."""

    label: str
    note: str
    line: Line | None
    lengths: tuple[int, ...]
    link: str | None


def drawn(answer: Answer) -> list[Measure]:
    """The figures that a chart draws."""
    return [one for one in answer.measures() if one.series]


def over_time(answer: Answer, up: Sequence[str] = (), bare: bool = False) -> Chart | None:
    """Rows of one time: columns up and down or curves, below them a line on a scale of its own.

    Of several such lines the last that tells anything is drawn. A ratio of what still goes on is
    none: it may be anything. ``bare`` leaves out what names explain.
    """
    asked = answer.asked
    if len(asked.by) != 1 or not asked.time_dimension or not answer.lines:
        return None
    points = _points(answer, up)
    unfinished = _unfinished(answer, len(points))
    measures = [one for one in drawn(answer) if one.series != "line"]
    stacked = any(one.series == "down" for one in measures)
    lower = [one for one in drawn(answer) if one.series == "line"]
    series = []
    for one in (*measures, *lower):
        values = [figures[one.code] for _, figures, _ in points]
        if unfinished is not None and one.kind in RATIOS:
            values[unfinished] = None
        series.append(_series(one, values, stacked))
    told = [one for one in series if one.lane and any(value is not None for value in one.values)]
    series = [one for one in series if not one.lane] + told[-1:]
    if bare:
        series = [replace(one, term="") for one in series]
    currency = asked.currency
    return Chart(
        id="over-time-chart",
        title=asked.report.name,
        description=_description(measures, told[-1:]),
        heading=asked.report.dimensions[_grain(answer, len(points))].one,
        labels=[label for label, _, _ in points],
        links=[link for _, _, link in points] if all(link for _, _, link in points) else [],
        series=series,
        unit="money" if measures[0].kind == "money" else "count",
        currency=currency.code,
        digits=currency.digits,
        unfinished=unfinished,
    )


def _description(measures: list[Measure], lower: list[Series]) -> str:
    columns = ", ".join(one.name for one in measures if one.series in ("up", "down"))
    curves = ", ".join(one.name for one in measures if one.series in ("curve", "area"))
    told = []
    if columns:
        told.append(gettext("Columns: %(names)s.", names=columns))
    if curves:
        told.append(gettext("Lines: %(names)s.", names=curves))
    if lower:
        told.append(gettext("Below, on a scale of its own: %(names)s.", names=lower[0].name))
    return " ".join(told)


def _series(measure: Measure, values: list[int | None], stacked: bool) -> Series:
    column = measure.series in ("up", "down")
    return Series(
        measure.name,
        values,
        kind="bar" if column else "line",
        below=measure.series == "down",
        stack="flow" if column and stacked else None,
        lane=1 if measure.series == "line" else 0,
        term=measure.term,
        filled=measure.series == "area",
        unit=UNITS[measure.kind],
    )


def trend(answer: Answer) -> tuple[str, str] | None:
    """The same over time, for reports whose chart has such a part beside rows of other things: the
    name of its rows and its address.
    """
    asked = answer.asked
    report = asked.report
    if asked.time_dimension or not asked.by or report.chart not in WITH_TREND or not answer.lines:
        return None
    by = "hour" if asked.period.days == 1 else "day" if asked.period.days <= MOST_DAYS else "month"
    if by not in report.dimensions:
        return None
    return report.dimensions[by].name, drill.page(asked, by=by)


def _in_order(answer: Answer) -> list[Line]:
    return sorted(answer.lines, key=lambda line: line.keys[0].key)


def _unfinished(answer: Answer, points: int) -> int | None:
    """The point that still goes on; days or months joined of others end with theirs."""
    lines = _in_order(answer)
    going_on = [number for number, line in enumerate(lines) if line.unfinished]
    if not going_on:
        return None
    return going_on[0] if points == len(lines) else points - 1


def _points(answer: Answer, up: Sequence[str]) -> list[tuple[str, dict[str, int | None], str]]:
    """Label, figures and link of each point; too many hours become days, too many days months."""
    lines = _in_order(answer)
    measures = drawn(answer)
    rows = [(line, {one.code: _exact(line, one) for one in measures}) for line in lines]
    if len(lines) <= MOST_POINTS:
        return [
            (_short(line), figures, drill.behind(answer.asked, line, up).get("label", ""))
            for line, figures in rows
        ]
    if answer.asked.by == ("hour",):
        return _joined(((date_only(line.start), figures) for line, figures in rows), measures)
    return _joined(((f"{line.start:%m.%Y}", figures) for line, figures in rows), measures)


def _grain(answer: Answer, points: int) -> str:
    """What a point stands for: a row, or the day or the month that rows are joined into."""
    [by] = answer.asked.by
    joined = {"hour": "day"}.get(by, "month") if points < len(answer.lines) else by
    return joined if joined in answer.asked.report.dimensions else by


def _exact(line: Line, measure: Measure) -> int | None:
    """A figure as charts have it; of ratios hundredths."""
    found = line.figures[measure.code]
    if found is None or isinstance(found, datetime | str):
        return None
    return round(found * 100) if measure.kind in RATIOS else int(found)


def _whole(line: Line, name: str) -> int:
    found = line.figures[name]
    return found if isinstance(found, int) else 0


def _joined(
    parts: Iterable[tuple[str, dict[str, int | None]]], measures: list[Measure]
) -> list[tuple[str, dict[str, int | None], str]]:
    """Rows under one label summed up; what cannot be summed up is not told."""
    joined = []
    for label, group in groupby(parts, key=lambda part: part[0]):
        rows = [figures for _, figures in group]
        sums = {
            one.code: sum(row[one.code] or 0 for row in rows) if one.additive else None
            for one in measures
        }
        joined.append((label, sums, ""))
    return joined


def _short(line: Line) -> str:
    """The label on the axis: a day without its year, all else as the table has it."""
    if line.keys[0].dimension.code != "day" or line.start is None:
        return line.label
    return f"{line.start:%d.%m}" if language() == "uk" else f"{line.start:%-d %b}"


def compared(answer: Answer, alone: bool, up: Sequence[str] = ()) -> list[Bar]:
    """The largest by what the chart draws first, if there is anything to compare.

    ``alone`` says that the reader sees one operator only. All others are told by their number and
    get no bar: beside it every single one would look small.
    """
    asked = answer.asked
    if asked.time_dimension or not asked.by:
        return []
    names = [one.code for one in bars_of(answer)]
    lines = sorted(answer.lines, key=lambda line: -_whole(line, names[0]))
    shown, rest = lines[:MOST_BARS], lines[MOST_BARS:]
    answer.know(shown)
    longest = max((_whole(line, name) for line in shown for name in names), default=0)
    if longest <= 0 or len(lines) < 2:
        return []
    bars = [
        Bar(
            line.label,
            " · ".join(one.owner.name for one in line.keys if one.owner and not alone),
            line,
            tuple(max(_whole(line, name), 0) * FULL_LENGTH // longest for name in names),
            drill.behind(asked, line, up).get("label"),
        )
        for line in shown
    ]
    if rest:
        bars.append(Bar(gettext("Others (%(number)s)", number=len(rest)), "", None, (), None))
    return bars


def bars_of(answer: Answer) -> list[Measure]:
    """The one or two figures that bars compare."""
    told = [one for one in answer.measures() if answer.total[one.code] is not None]
    columns = [one for one in told if one.series in ("up", "down")]
    # What a grouping does not tell of the figure that is drawn else, it tells of another.
    up = next(
        (one for one in columns if one.series == "up"),
        next((one for one in told if one.additive), answer.measures()[0]),
    )
    down = [one for one in columns if one.series == "down"]
    return list(dict.fromkeys([up, *down[-1:]]))
