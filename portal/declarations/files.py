"""Declared days and months beside what was received, as tables that can be taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from portal import db
from portal.declarations import gateway
from portal.declarations.pages import (
    ALL,
    BASES,
    CHOICES,
    DEFAULT_MONTHS,
    STATES,
    TYPES,
    Filters,
    bound,
    bound_months,
    read_filters,
)
from portal.exports import Column, NotExportable, Source, Table
from portal.exports.sources import Query
from portal.identity.login import Viewer
from portal.registry.names import Names, read_names
from portal.web.formats import date_only
from portal.web.i18n import gettext, lazy_gettext

AT_ONCE = 1000


def days(conn: db.Connection, viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """The days that the address asks for, the newest first. Raises NotExportable."""
    names = read_names(conn)
    filters = read_filters(query, names, viewer)
    bound(filters)
    state = query.get("state", "")
    if state not in ("", ALL, *CHOICES):
        filters.errors["state"] = lazy_gettext("Choose from the list.")
    if filters.errors:
        raise NotExportable(filters.errors)
    if not state:  # as the page does it
        counts = gateway.states(
            conn,
            filters.period.first,
            filters.period.last,
            operators=filters.operators,
            currency=filters.currency.id,
        )
        state = next((one for one in CHOICES if counts.get(one)), ALL)
    told = gettext("In any state") if state == ALL else str(STATES[state][0])
    return Table(
        "declared-days",
        gettext("Declared and received"),
        [*_facts(filters), (gettext("State"), told)],
        {**_parameters(filters), "state": state},
        datetime.now(UTC),
        [
            Column("day", gettext("Day"), "date"),
            Column("operator", gettext("Operator")),
            Column("state", gettext("State")),
            Column("differing_types", gettext("Differing types")),
            *_money(
                filters,
                declared_ggr=gettext("Declared GGR"),
                observed_ggr=gettext("GGR of the records"),
                difference=gettext("Difference"),
                identity_error=gettext("Error of balances"),
                open_bets=gettext("Open bets"),
            ),
        ],
        _days(conn, filters, names, None if state == ALL else state),
        _file_parts(filters),
    )


def _days(
    conn: db.Connection, filters: Filters, names: Names, state: str | None
) -> Iterator[list[Any]]:
    after = None
    while rows := gateway.compared(
        conn,
        filters.period.first,
        filters.period.last,
        operators=filters.operators,
        currency=filters.currency.id,
        state=state,
        after=after,
        limit=AT_ONCE,
    ):
        for row in rows:
            declared, observed = row["declared_ggr_minor"], row["observed_ggr_minor"]
            yield [
                row["day"],
                names.operators[row["operator_id"]].name,
                ", ".join(_states(row)),
                ", ".join(str(TYPES[number][0]) for number in row["differing_types"] or []),
                declared,
                observed,
                None if declared is None else declared - observed,
                row["identity_error_minor"],
                row["open_bets_minor"],
            ]
        after = rows[-1]["day"], rows[-1]["operator_id"]


def _states(row: db.Row) -> Iterator[str]:
    """The state of a day, and what else is to be said of it."""
    yield str(STATES[row["state"]][0])
    if row["late"]:
        yield str(STATES["late"][0])
    if row["balanced"] is False:
        yield str(STATES["unbalanced"][0])


def months(conn: db.Connection, viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """The months that the address asks for. Raises NotExportable."""
    names = read_names(conn)
    filters = read_filters(query, names, viewer, DEFAULT_MONTHS)
    bound_months(filters)
    if filters.errors:
        raise NotExportable(filters.errors)
    rows = gateway.compared_months(
        conn,
        filters.period.first,
        filters.period.last,
        operators=filters.operators,
        currency=filters.currency.id,
    )
    return Table(
        "declared-months",
        gettext("Declared GGR"),
        _facts(filters),
        _parameters(filters),
        datetime.now(UTC),
        [
            Column("month", gettext("Month"), "date"),
            Column("operator", gettext("Operator")),
            Column("gambling_type", gettext("Kind of gambling")),
            Column("state", gettext("State")),
            Column("basis", gettext("Basis")),
            *_money(
                filters,
                declared_ggr=gettext("Declared GGR"),
                observed_ggr=gettext("GGR of the records"),
                difference=gettext("Difference"),
            ),
            Column("declared_at", gettext("Declared at"), "moment"),
            Column("version", gettext("Version"), "count"),
        ],
        (_month(row, names) for row in rows),
        _file_parts(filters),
    )


def _month(row: db.Row, names: Names) -> list[Any]:
    states = [row["state"], *(["late"] if row["late"] else [])]
    return [
        row["month"],
        names.operators[row["operator_id"]].name,
        names.gambling_types[row["gambling_type_id"]].name,
        ", ".join(str(STATES[one][0]) for one in states),
        str(BASES[row["basis"]]) if row["basis"] else None,
        row["declared_ggr_minor"],
        row["observed_ggr_minor"],
        row["difference_minor"],
        row["declared_at"] if row["version"] else None,
        row["version"],
    ]


def _money(filters: Filters, **labels: str) -> list[Column]:
    currency = filters.currency
    return [
        Column(name, label, "money", currency.digits, currency.code)
        for name, label in labels.items()
    ]


def _facts(filters: Filters) -> list[tuple[str, str]]:
    period = filters.period
    facts = [(gettext("Period"), f"{date_only(period.first)} – {date_only(period.last)}")]
    if filters.operator:
        facts.append((gettext("Operator"), filters.operator.name))
    return [*facts, (gettext("Currency"), filters.currency.code)]


def _parameters(filters: Filters) -> dict[str, object]:
    """What decides the rows, as the address has it."""
    return {
        "from": filters.period.first.isoformat(),
        "to": filters.period.last.isoformat(),
        **({"operator": filters.operator.id} if filters.operator else {}),
        "currency": filters.currency.code,
    }


def _file_parts(filters: Filters) -> list[str]:
    own = [filters.operator.code] if filters.operator else []
    period = filters.period
    return [period.first.isoformat(), period.last.isoformat(), *own, filters.currency.code]


SOURCES = (
    Source("declarations.index", lazy_gettext("Declared and received"), days),
    Source("declarations.months", lazy_gettext("Declared GGR"), months),
)
