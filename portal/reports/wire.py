"""A report as programs read it: amounts as decimal strings, moments in UTC, nothing rounded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from portal.reports.answering import Answer, Line, Value
from portal.reports.asking import Asked
from portal.reports.catalogue import Definition, Measure
from portal.reports.market import Month
from portal.web.periods import Period

# Filters that parameters call otherwise than the catalogue.
FILTERS = {"gambling_type": "type"}


def definition(report: Definition) -> dict[str, Any]:
    """A report's entry in the list of reports."""
    return {
        "code": report.code,
        "category": report.category,
        "name": report.name,
        "question": report.question,
        "purpose": report.purpose,
        "reading": report.reading,
        "reader": report.reader,
        "readers": sorted(report.readers),
        "chart": report.chart,
        "filters": sorted(FILTERS.get(one, one) for one in report.filters),
        "default_by": list(report.default_by),
        "longest_days": report.longest_days,
        "groupings": [
            {
                "code": one.code,
                "name": one.name,
                "longest_days": report.longest((one.code,)),
                "leads_to": one.leads_to,
            }
            for one in report.dimensions.values()
        ],
        "columns": columns(report),
    }


def columns(report: Definition) -> list[dict[str, str]]:
    """The figures of a report, each with its formula and where it is stored."""
    return [
        {
            "code": one.code,
            "kind": one.kind,
            "name": one.name,
            "formula": one.formula,
            "source": one.source,
            "past": one.past,
        }
        for one in report.measures.values()
    ]


def document(
    answer: Answer, limit: int | None = None, months: Sequence[Month] | None = None
) -> dict[str, Any]:
    """The answer as ``openapi.yaml`` has it; ``limit`` is how many rows at most, ``months`` what an
    operator is told of the market.
    """
    asked = answer.asked
    state = answer.state
    return {
        "report": asked.report.code,
        "filters": filters(asked),
        "as_of": moment(state.as_of),
        "provisional": state.provisional,
        "completeness_percent": value(state.completeness_percent, "percent", 0),
        "remarks": [
            {"code": one.code, "warns": one.warns, "text": f"{one.name}: {one.words}"}
            for one in answer.remarks
        ],
        "columns": columns(asked.report),
        "rows": [_row(line, answer) for line in answer.lines[:limit]],
        "totals": _figures(answer.total, asked),
        **({"totals_before": _before(None, answer)} if answer.before else {}),
        **({} if months is None else {"market": [_month(one, asked) for one in months]}),
        "row_count": len(answer.lines),
        "more": limit is not None and len(answer.lines) > limit,
    }


def filters(asked: Asked) -> dict[str, Any]:
    """What decides which rows there are, by code."""
    narrowed = asked.narrowed
    return {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "by": list(asked.by),
        **{
            name: [one.code for one in narrowed.get(name, ())]
            for name in ("operator", "type", "licence", "channel", "game")
        },
        **{
            name: [one.code for one in narrowed[name]]
            for name in ("channel_kind", "provider", "version", "rule", "tax_class")
            if name in narrowed
        },
        "currency": asked.currency.code,
        "as_of": moment(asked.as_of) if asked.as_of else None,
        **({"against": _days(asked.against)} if asked.against else {}),
    }


def _days(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _before(line: Line | None, answer: Answer) -> dict[str, Any]:
    """The figures of the period compared with, null where the row was not there."""
    digits = answer.asked.currency.digits
    return {
        one.code: value(answer.compared(line, one)[0], one.kind, digits)
        for one in answer.measures()
    }


def _month(one: Month, asked: Asked) -> dict[str, Any]:
    digits = asked.currency.digits
    return {
        "month": f"{one.month:%Y-%m}",
        "type": one.kind.code,
        "operator_count": one.operator_count,
        "net_stake": value(one.net_stake_minor, "money", digits),
        "ggr": value(one.ggr_minor, "money", digits),
    }


def _row(line: Line, answer: Answer) -> dict[str, Any]:
    return {
        "keys": {one.dimension.code: one.code for one in line.keys},
        "names": {one.dimension.code: one.label for one in line.keys},
        "figures": _figures(line.figures, answer.asked),
        **({"before": _before(line, answer)} if answer.before else {}),
    }


def _figures(figures: dict[str, Value], asked: Asked) -> dict[str, Any]:
    measures: dict[str, Measure] = asked.report.measures
    digits = asked.currency.digits
    return {name: value(figures[name], one.kind, digits) for name, one in measures.items()}


def value(found: Value, kind: str, digits: int) -> str | int | None:
    """A figure: whole numbers as numbers, all else as text; ``digits`` are the currency's."""
    if found is None:
        return None
    if isinstance(found, str):
        return found
    if isinstance(found, datetime):
        return moment(found)
    if kind == "money":
        return f"{Decimal(found).scaleb(-digits):f}"
    return f"{found:f}" if isinstance(found, Decimal) else found


def moment(when: datetime) -> str:
    """A moment in UTC, to the microsecond."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
