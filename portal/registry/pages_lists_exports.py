"""A register as a table that can be taken away: the records of the list in its order.

It has every attribute that is not private; at the end what programs go by: codes of what people
read as words, the number of the record and its version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from portal import db
from portal.exports import Column, NotExportable, Source, Table
from portal.exports.sources import Query
from portal.exports.table import Value
from portal.identity.login import Viewer
from portal.registry import gateway
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Reference,
    Titles,
    document_references,
    moment,
    read_catalogue,
    read_titles,
    scaled,
)
from portal.registry.names import Names, read_names
from portal.registry.pages_lists_filters import ListFilters, read_filters
from portal.registry.pages_lists_words import chips, chosen_references
from portal.web.i18n import gettext, lazy_gettext

AT_ONCE = 1000
# Numbers in a register have no more decimals.
DIGITS = 6
CODED = frozenset({"choice", "choices", "reference"})


@dataclass(frozen=True)
class Sheet:
    """What the rows are made from."""

    catalogue: Catalogue
    filters: ListFilters
    names: Names

    @property
    def attributes(self) -> list[Attribute]:
        """The columns of the kind."""
        named = {self.filters.kind.code_attribute, "state"}
        return [
            one for one in self.filters.kind.attributes if not one.private and one.name not in named
        ]

    @property
    def owned(self) -> bool:
        """Whether a record is an operator's; organisers are the operators themselves."""
        kind = self.filters.kind
        return kind.of_operators and kind.kind != "organiser"

    @property
    def coded(self) -> list[Attribute]:
        """Those whose values people read as words."""
        return [one for one in self.attributes if one.data_type in CODED]


def build(conn: db.Connection, viewer: Viewer, path: Mapping[str, Any], query: Query) -> Table:
    """The register that the address asks for. Raises NotExportable, NotFound."""
    name = str(path.get("kind", ""))
    catalogue = read_catalogue(conn, name)
    names = read_names(conn)
    filters = read_filters(query, catalogue, catalogue.kind(name), names)
    if filters.errors:
        raise NotExportable(filters.errors)
    sheet = Sheet(catalogue, filters, names)
    titles = read_titles(conn, chosen_references(filters.kind, filters))
    scope = [
        (what, told)
        for what, told, _ in chips(catalogue, filters, titles, viewer.role == "operator")
    ]
    return Table(
        f"register-{name.replace('_', '-')}",
        filters.kind.plural,
        scope or [(gettext("Filters"), gettext("none"))],
        _parameters(filters),
        filters.as_of or datetime.now(UTC),
        _columns(sheet),
        _rows(conn, sheet),
        ("narrowed",) if scope else (),
    )


def _parameters(filters: ListFilters) -> dict[str, object]:
    order = {"sort": filters.sort, "dir": "desc" if filters.descending else "asc"}
    search = {"q": filters.search} if filters.search else {}
    as_of = {"as_of": filters.as_of.astimezone(UTC).isoformat()} if filters.as_of else {}
    return {"register": filters.kind.kind, **filters.conditions, **search, **as_of, **order}


def _columns(sheet: Sheet) -> list[Column]:
    kind = sheet.filters.kind
    code = kind.attribute(kind.code_attribute)
    return [
        Column("code", code.label if code else gettext("Code")),
        *(
            [
                Column("operator", gettext("Operator")),
                Column("operator_name", gettext("Name of the operator")),
            ]
            if sheet.owned
            else []
        ),
        *(_column(one) for one in sheet.attributes),
        Column("state", gettext("State")),
        Column("recorded_from", gettext("Recorded"), "moment"),
        *(
            Column(f"{one.name}_code", gettext("%(what)s (code)", what=one.label))
            for one in sheet.coded
        ),
        Column("state_code", gettext("%(what)s (code)", what=gettext("State"))),
        Column("record_id", gettext("Number of the record"), "count"),
        Column("record_version", gettext("Version of the record"), "count"),
    ]


def _column(attribute: Attribute) -> Column:
    if attribute.data_type == "moment":
        return Column(attribute.name, attribute.label, "moment")
    if attribute.data_type not in ("integer", "decimal"):
        return Column(attribute.name, attribute.label)
    if attribute.unit == "ppm":
        return Column(attribute.name, attribute.label, "percent", 4)
    # Stakes, multiples of the stake, are millionths in documents and stand in the label.
    unit = "" if attribute.unit == "stakes" else attribute.unit or ""
    if attribute.data_type == "integer" and attribute.unit != "stakes":
        return Column(attribute.name, attribute.label, "count", unit=unit)
    return Column(attribute.name, attribute.label, "decimal", DIGITS, unit=unit)


def _rows(conn: db.Connection, sheet: Sheet) -> Iterator[list[Value]]:
    kind, attributes, coded = sheet.filters.kind, sheet.attributes, sheet.coded
    for rows in _read(conn, sheet.filters):
        titles = read_titles(
            conn, (one for row in rows for one in document_references(kind, row["document"]))
        )
        for row in rows:
            owner = sheet.names.operators.get(row["operator_id"])
            document = row["document"]
            yield [
                row["code"],
                *((owner.code if owner else None, owner.name if owner else None) * sheet.owned),
                *(
                    _cell(sheet.catalogue, one, document.get(one.name), titles)
                    for one in attributes
                ),
                sheet.catalogue.state(kind, row["state"]).name,
                row["recorded_from"],
                *(_code(one, document.get(one.name), titles) for one in coded),
                row["state"],
                row["record_id"],
                row["version"],
            ]


def _read(conn: db.Connection, filters: ListFilters) -> Iterator[list[db.Row]]:
    """The rows of the list in its order, some at a time."""
    cursor = None
    while True:
        rows = gateway.records(
            conn,
            filters.kind.kind,
            filters=filters.conditions,
            search=filters.search,
            sort=filters.column,
            descending=filters.descending,
            cursor=cursor,
            backward=False,
            limit=AT_ONCE,
            as_of=filters.as_of,
        )
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        cursor = rows[-1]["cursor"]


def _cell(catalogue: Catalogue, attribute: Attribute, value: Any, titles: Titles) -> Value:
    """A value as a file holds it; an open end is an empty cell."""
    if value is None:
        return None
    if attribute.data_type == "moment":
        return moment(value)
    if attribute.data_type in ("integer", "decimal"):
        exact = scaled(value, attribute.unit)
        return Fraction(exact) / 100 if attribute.unit == "ppm" else exact
    return catalogue.text(attribute, value, titles)


def _code(attribute: Attribute, value: Any, titles: Titles) -> str | None:
    """What programs know a value by."""
    if value is None:
        return None
    if attribute.data_type == "choices":
        return ", ".join(str(one) for one in value)
    if attribute.data_type == "reference":
        found = titles.get(Reference(attribute.reference_kind or "", int(value)))
        return found.code if found else None
    return str(value)


SOURCE = Source("registry.records", lazy_gettext("Registers"), build)
