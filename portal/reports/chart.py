"""The picture of a report: columns over time, bars for what is compared, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from portal.reports import drill
from portal.reports.answering import Answer, Line
from portal.reports.catalogue import Measure
from portal.web.charts import MOST_POINTS, Chart, Series
from portal.web.formats import date_only
from portal.web.i18n import gettext, language

MOST_BARS = 12
FULL_LENGTH = 1000


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


def over_time(answer: Answer, up: Sequence[str] = ()) -> Chart | None:
    """Rows of one time: upwards what comes, downwards what goes, a line on a scale of its own."""
    asked = answer.asked
    if len(asked.by) != 1 or not asked.time_dimension or not answer.lines:
        return None
    points = _points(answer, up)
    currency = asked.currency
    measures = drawn(answer)
    return Chart(
        id="over-time-chart",
        title=asked.report.name,
        description=gettext(
            "Columns upwards and downwards: %(columns)s. Lines below them: %(lines)s.",
            columns=", ".join(one.name for one in measures if one.series != "line"),
            lines=", ".join(one.name for one in measures if one.series == "line") or "—",
        ),
        heading=asked.report.dimensions[asked.by[0]].one,
        labels=[label for label, _, _ in points],
        links=[link for _, _, link in points] if all(link for _, _, link in points) else [],
        series=[_series(one, [figures[one.code] for _, figures, _ in points]) for one in measures],
        unit="money" if measures[0].kind == "money" else "count",
        currency=currency.code,
        digits=currency.digits,
        unfinished=_unfinished(answer, len(points)),
    )


def _series(measure: Measure, values: list[int]) -> Series:
    return Series(
        measure.name,
        list(values),
        kind="line" if measure.series == "line" else "bar",
        below=measure.series == "down",
        stack=None if measure.series == "line" else "flow",
        lane=1 if measure.series == "line" else 0,
        term=measure.term,
    )


def _in_order(answer: Answer) -> list[Line]:
    return sorted(answer.lines, key=lambda line: line.keys[0].key)


def _unfinished(answer: Answer, points: int) -> int | None:
    """The point that still goes on; days or months joined of others end with theirs."""
    lines = _in_order(answer)
    going_on = [number for number, line in enumerate(lines) if line.unfinished]
    if not going_on:
        return None
    return going_on[0] if points == len(lines) else points - 1


def _points(answer: Answer, up: Sequence[str]) -> list[tuple[str, dict[str, int], str]]:
    """Label, figures and link of each point; too many hours become days, too many days months."""
    lines = _in_order(answer)
    names = [one.code for one in drawn(answer)]
    rows = [(line, {name: _whole(line, name) for name in names}) for line in lines]
    if len(lines) <= MOST_POINTS:
        return [
            (_short(line), figures, drill.behind(answer.asked, line, up).get("label", ""))
            for line, figures in rows
        ]
    if answer.asked.by == ("hour",):
        return _joined((date_only(line.start), figures) for line, figures in rows)
    return _joined((f"{line.start:%m.%Y}", figures) for line, figures in rows)


def _whole(line: Line, name: str) -> int:
    found = line.figures[name]
    return found if isinstance(found, int) else 0


def _joined(parts: Iterable[tuple[str, dict[str, int]]]) -> list[tuple[str, dict[str, int], str]]:
    joined = []
    for label, group in groupby(parts, key=lambda part: part[0]):
        rows = [figures for _, figures in group]
        joined.append((label, {name: sum(row[name] for row in rows) for name in rows[0]}, ""))
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
