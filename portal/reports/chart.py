"""The picture of *Stakes and winnings*: columns over time, bars for what is compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portal.reports import drill
from portal.reports.figures import Figures, total
from portal.reports.report import Line, Report
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
    figures: Figures
    stake_length: int
    win_length: int
    link: str | None


def over_time(report: Report) -> Chart:
    """Stakes upwards, what went back downwards, GGR below on a scale of its own."""
    currency = report.filters.currency
    points = _points(report)
    figures = [own for _, own, _ in points]
    return Chart(
        id="flows",
        title=gettext("Stakes, winnings and refunds over time"),
        description=gettext(
            "Columns upwards are stakes, downwards winnings and refunds; the line below them is "
            "the gross gaming revenue."
        ),
        heading=gettext("Time"),
        labels=[label for label, _, _ in points],
        links=[link for _, _, link in points if link],
        series=[
            Series(gettext("Stakes"), [one.stake for one in figures], stack="flow", term="stake"),
            Series(
                gettext("Winnings"),
                [one.win for one in figures],
                below=True,
                stack="flow",
                term="win",
            ),
            Series(
                gettext("Refunds"),
                [one.refund for one in figures],
                below=True,
                stack="flow",
                term="refund",
            ),
            Series(gettext("GGR"), [one.ggr for one in figures], kind="line", lane=1, term="ggr"),
        ],
        currency=currency.code,
        digits=currency.digits,
        unfinished=_unfinished(report, len(points)),
    )


def _unfinished(report: Report, points: int) -> int | None:
    """The point that still goes on; days or months joined of others end with theirs."""
    lines = sorted(report.lines, key=lambda line: line.key)
    going_on = [number for number, line in enumerate(lines) if line.unfinished]
    if not going_on:
        return None
    return going_on[0] if points == len(lines) else points - 1


def _points(report: Report) -> list[tuple[str, Figures, str]]:
    """Label, figures and link of each point; too many hours become days, too many days months."""
    lines = sorted(report.lines, key=lambda line: line.key)
    if len(lines) > MOST_POINTS and report.filters.by == "hour":
        return _joined((_day(line), line.figures) for line in lines)
    if len(lines) > MOST_POINTS:
        return _joined((f"{line.start:%m.%Y}", line.figures) for line in lines)
    return [
        (_short(line), line.figures, drill.behind(report.filters, line, alone=False)["label"])
        for line in lines
    ]


def _joined(parts: Iterable[tuple[str, Figures]]) -> list[tuple[str, Figures, str]]:
    return [
        (label, total(own for _, own in group), "")
        for label, group in groupby(parts, key=lambda part: part[0])
    ]


def _day(line: Line) -> str:
    return date_only(line.start)


def _short(line: Line) -> str:
    """The label on the axis: a day without its year, an hour as the table has it."""
    if line.start is None or "T" in line.key:
        return line.label
    return f"{line.start:%d.%m}" if language() == "uk" else f"{line.start:%-d %b}"


def compared(report: Report, alone: bool) -> list[Bar]:
    """The largest by stakes, then all others in figures only, if there is anything to compare.

    The others get no bar: beside it every single one would look small.
    """
    lines = sorted(report.lines, key=lambda line: -line.figures.stake)
    shown, rest = lines[:MOST_BARS], lines[MOST_BARS:]
    longest = max((max(line.figures.stake, line.figures.win) for line in shown), default=0)
    if longest <= 0:
        return []
    bars = [
        Bar(
            line.label,
            line.owner.name if line.owner and not alone else "",
            line.figures,
            _length(line.figures.stake, longest),
            _length(line.figures.win, longest),
            drill.behind(report.filters, line, alone).get("label"),
        )
        for line in shown
    ]
    if rest:
        others = gettext("Others (%(number)s)", number=len(rest))
        bars.append(Bar(others, "", total(line.figures for line in rest), 0, 0, None))
    return bars


def _length(value: int, longest: int) -> int:
    return max(value, 0) * FULL_LENGTH // longest
