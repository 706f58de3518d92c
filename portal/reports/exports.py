"""Every report as a table that can be taken away: the rows of its page with all figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal import db
from portal.errors import NotFound
from portal.exports import Column, NotExportable, Source, Table
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.registry.names import read_names
from portal.reports import answering, catalogue, market, narrowing, words
from portal.reports.answering import Answer, State
from portal.reports.asking import Asked, Reader
from portal.web import formats
from portal.web.formats import date_only
from portal.web.i18n import gettext, lazy_gettext

DIGITS = 4  # as the functions of reports round per cent and numbers
# Numbers that have no decimals: days, and places among others.
WHOLE = frozenset({"days_left", "market_rank", "previous_rank", "rank_change"})


def build(conn: db.Connection, viewer: Viewer, path: Mapping[str, Any], query: Query) -> Table:
    """The report that the address asks for. Raises NotExportable, NotFound, TooSlow."""
    found = catalogue.read(conn, str(path.get("code", "")))
    if not found:
        raise NotFound
    names = read_names(conn)
    reading = Reader(conn, names, found[0], query).read()
    if reading.errors:
        raise NotExportable(reading.errors)
    answer = answering.read(conn, reading.asked, names, spooled=True)
    months = market.read(conn, reading.asked, names, viewer.role)
    return table(answer, alone=viewer.role == "operator", months=months)


def table(answer: Answer, *, alone: bool, months: Sequence[market.Month] | None = None) -> Table:
    """The answer as a table; ``alone``: for an operator, who needs not be told of which;
    ``months``: what it is told of the market, on the cover.
    """
    asked = answer.asked
    columns = answer.columns()
    kinds = [column.kind for column in columns]
    total = answer.figures(None)
    keys = len(columns) - len(total)
    return Table(
        asked.report.code,
        f"{asked.report.code} {asked.report.name}",
        _facts(answer, alone) + ([] if months is None else market.facts(months, asked.currency)),
        _parameters(asked),
        answer.as_of,
        [_column(column, asked) for column in columns],
        ([_cell(*pair) for pair in zip(cells, kinds, strict=True)] for cells in answer.cells()),
        _file_parts(asked),
        [
            *(None for _ in range(keys)),
            *(_cell(*pair) for pair in zip(total, kinds[keys:], strict=True)),
        ],
    )


def _facts(answer: Answer, alone: bool) -> list[tuple[str, str]]:
    asked, state = answer.asked, answer.state
    period = asked.period
    dimensions = [asked.report.dimensions[one].name for one in asked.by]
    facts = [
        (gettext("Period"), f"{date_only(period.first)} – {date_only(period.last)}"),
        (gettext("Grouped by"), " · ".join(dimensions) or gettext("The total alone")),
    ]
    if "currency" in asked.report.filters:
        facts.append((gettext("Currency"), asked.currency.code))
    facts += [
        (label, told) for field, label, told in words.narrowing(asked, alone) if field != "currency"
    ]
    facts.append(
        (gettext("State"), gettext("provisional") if state.provisional else gettext("closed"))
    )
    facts.append((gettext("Completeness"), _completeness(state)))
    return [*facts, *((one.name, one.words) for one in answer.remarks)]


def _completeness(state: State) -> str:
    """How much of what operators numbered is here."""
    if state.completeness_percent is None:
        return gettext("no numbered batches yet")
    share = formats.percent(state.completeness_percent / 100, 2)
    return f"{share} ({formats.count(state.received)} / {formats.count(state.expected)})"


def _parameters(asked: Asked) -> dict[str, object]:
    """What decides the rows, as the address has it."""
    narrowed = {field: narrowing.ids(field, things) for field, things in asked.narrowed.items()}
    return {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "by": ",".join(asked.by) or "total",
        **{field: ",".join(ids) for field, ids in narrowed.items()},
        "currency": asked.currency.code,
        **({"as_of": formats.iso(asked.as_of)} if asked.as_of else {}),
        **(
            {"against": f"{asked.against.first.isoformat()}_{asked.against.last.isoformat()}"}
            if asked.against
            else {}
        ),
        "sort": asked.sort,
        "dir": "desc" if asked.descending else "asc",
    }


def _file_parts(asked: Asked) -> list[str]:
    parts = [asked.period.first.isoformat(), asked.period.last.isoformat()]
    parts.append("by-" + "-".join(asked.by or ("total",)))
    parts += [one.code for things in asked.narrowed.values() for one in things[:3]]
    return [*parts, asked.currency.code] if "currency" in asked.report.filters else parts


def _column(column: answering.Column, asked: Asked) -> Column:
    name, label, kind = column.code, column.name, column.kind
    if kind == "money":
        return Column(name, label, "money", asked.currency.digits, asked.currency.code)
    if kind == "percent":
        return Column(name, label, "percent", DIGITS)
    if kind == "milliseconds":
        return Column(name, label, "count", unit="ms")
    if kind == "number" and name not in WHOLE:
        return Column(name, label, "decimal", DIGITS)
    if kind in ("text", "date", "moment", "status"):
        return Column(name, label, "text" if kind == "status" else kind)  # type: ignore[arg-type]
    return Column(name, label, "count")


def _cell(value: Any, kind: str) -> Any:
    """A figure as tables hold it: per cent are ratios, a status is a word."""
    if kind == "status" and value is not None:
        return answering.status_name(value)
    return Fraction(Decimal(value)) / 100 if kind == "percent" and value is not None else value


SOURCE = Source("reports.report", lazy_gettext("Reports"), build)
