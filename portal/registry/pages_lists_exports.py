"""A register as a file: CSV and XLSX for people, JSON for programs, of the records on the page.

All of them hold every attribute that is not private, and no more than LONGEST records: whoever
needs a whole large register reads the views of ``api``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from flask import Response

from portal import db
from portal.identity.login import Viewer, current_viewer
from portal.registry import gateway
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Titles,
    document_references,
    moment,
    read_titles,
)
from portal.registry.names import Names
from portal.registry.pages import Errors
from portal.registry.pages_lists_filters import ListFilters
from portal.web.formats import KYIV, date_time
from portal.web.i18n import gettext, lazy_gettext
from portal.web.request_id import request_id
from portal.web.spreadsheets import attached, csv_text, number, safe_text

LONGEST = 50_000
AT_ONCE = 1000
ROW_OF_HEADINGS = 0
WIDTH = 22
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal | datetime | None
Scope = list[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """What a file is made from; ``scope`` tells in words what narrows it."""

    catalogue: Catalogue
    filters: ListFilters
    names: Names
    scope: Scope
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def attributes(self) -> list[Attribute]:
        """The columns of the kind; what a record has several of is in JSON alone."""
        named = {self.filters.kind.code_attribute, "state"}
        return [
            one
            for one in self.filters.kind.attributes
            if not one.private and one.data_type != "parts" and one.name not in named
        ]


def check(wanted: str, total: int, errors: Errors) -> None:
    """Note as an error what cannot be given as a file."""
    if wanted not in FORMATS:
        errors["format"] = lazy_gettext("The list is given as csv, xlsx or json.")
    elif total > LONGEST:
        errors["format"] = lazy_gettext(
            "A file holds at most 50,000 records. Narrow the list by filters."
        )


def answer(conn: db.Connection, wanted: str, sheet: Sheet) -> Response:
    """The file, named after the register, its moment and who took it."""
    viewer = current_viewer()
    response = FORMATS[wanted](conn, sheet, viewer)
    moment_of = f"{(sheet.filters.as_of or sheet.read_at).astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
    narrowed = "_narrowed" if sheet.scope else ""
    kind = sheet.filters.kind.kind.replace("_", "-")
    name = f"register-{kind}{narrowed}_as-of-{moment_of}.{wanted}"
    return attached(response, name, viewer.display_name)


def _as_csv(conn: db.Connection, sheet: Sheet, _: Viewer) -> Response:
    rows = ([_plain(cell) for cell in row] for row in _rows(conn, sheet))
    return Response(csv_text([_headings(sheet), *rows]), mimetype="text/csv")


def _as_xlsx(conn: db.Connection, sheet: Sheet, author: Viewer) -> Response:
    """A cover sheet and the records. Text is written as text, so that none of it is a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        dated = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        cover = book.add_worksheet(gettext("Cover sheet"))
        cover.set_column(0, 0, WIDTH, bold)
        cover.set_column(1, 1, 3 * WIDTH, wrapped)
        leaf = book.add_worksheet(gettext("Records"))
        leaf.freeze_panes(ROW_OF_HEADINGS + 1, 1)
        headings = _headings(sheet)
        leaf.set_column(0, len(headings) - 1, WIDTH)
        for place, heading in enumerate(headings):
            leaf.write_string(ROW_OF_HEADINGS, place, heading, bold)
        written = ROW_OF_HEADINGS
        for written, row in enumerate(_rows(conn, sheet), ROW_OF_HEADINGS + 1):
            for place, cell in enumerate(row):
                if isinstance(cell, datetime):
                    leaf.write_datetime(written, place, cell.replace(tzinfo=None), dated)
                elif isinstance(cell, int | Decimal):
                    leaf.write_number(written, place, cell)
                elif cell:
                    leaf.write_string(written, place, cell)
        for line, (what, told) in enumerate(_cover(sheet, author, written - ROW_OF_HEADINGS)):
            cover.write_string(line, 0, what, bold)
            cover.write_string(line, 1, told, wrapped)
    return Response(file.getvalue(), mimetype=XLSX)


def _as_json(conn: db.Connection, sheet: Sheet, author: Viewer) -> Response:
    """Who took it, filters, moment, and the documents as the registry has them."""
    filters = sheet.filters
    operators = sheet.names.operators
    document = {
        "register": filters.kind.kind,
        "author": {
            "name": author.display_name,
            "role": author.role,
            "organisation": author.organisation_name,
        },
        "filters": filters.conditions | ({"search": filters.search} if filters.search else {}),
        "as_of": _iso(filters.as_of) if filters.as_of else None,
        "read_at": _iso(sheet.read_at),
        "records": [
            {
                "id": row["record_id"],
                "version": row["version"],
                "operator": operators[row["operator_id"]].code
                if row["operator_id"] in operators
                else None,
                "code": row["code"],
                "title_uk": row["title_uk"],
                "title_en": row["title_en"],
                "state": row["state"],
                "recorded_from": _iso(row["recorded_from"]),
                "document": row["document"],
            }
            for rows in _read(conn, filters)
            for row in rows
        ],
    }
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")


FORMATS: dict[str, Callable[[db.Connection, Sheet, Viewer], Response]] = {
    "csv": _as_csv,
    "xlsx": _as_xlsx,
    "json": _as_json,
}


def _cover(sheet: Sheet, author: Viewer, written: int) -> Scope:
    """What the file shows, of when, for whom and by which request."""
    filters = sheet.filters
    return [
        (gettext("Register"), filters.kind.plural),
        *(sheet.scope or [(gettext("Filters"), gettext("none"))]),
        (gettext("As of"), date_time(filters.as_of or sheet.read_at, True)),
        (gettext("Records"), str(written)),
        (gettext("Taken by"), f"{author.display_name}, {author.organisation_name}"),
        (gettext("File made"), date_time(sheet.read_at, True)),
        (gettext("Request id"), request_id()),
        (gettext("Times"), gettext("Times are those of Kyiv")),
    ]


def _headings(sheet: Sheet) -> list[str]:
    code = sheet.filters.kind.attribute(sheet.filters.kind.code_attribute)
    units = {"ppm": ", %", None: ""}
    return [
        code.label if code else gettext("Code"),
        gettext("Operator"),
        gettext("Name of the operator"),
        *(f"{one.label}{units.get(one.unit, f', {one.unit}')}" for one in sheet.attributes),
        gettext("State"),
        gettext("Recorded"),
    ]


def _rows(conn: db.Connection, sheet: Sheet) -> Iterator[list[Cell]]:
    kind, attributes = sheet.filters.kind, sheet.attributes
    for rows in _read(conn, sheet.filters):
        titles = read_titles(
            conn, (one for row in rows for one in document_references(kind, row["document"]))
        )
        for row in rows:
            owner = sheet.names.operators.get(row["operator_id"])
            yield [
                row["code"],
                owner.code if owner else "",
                owner.name if owner else "",
                *(
                    _cell(sheet.catalogue, one, row["document"].get(one.name), titles)
                    for one in attributes
                ),
                sheet.catalogue.state(kind, row["state"]).name,
                row["recorded_from"].astimezone(KYIV),
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


def _cell(catalogue: Catalogue, attribute: Attribute, value: Any, titles: Titles) -> Cell:
    """A value as a spreadsheet computes with it; an open end is an empty cell."""
    if value is None:
        return None
    if attribute.data_type == "moment":
        when = moment(value)
        return when.astimezone(KYIV) if when else None
    if attribute.data_type in ("integer", "decimal"):
        exact = Decimal(str(value))
        return exact.scaleb(-4) if attribute.unit == "ppm" else exact
    return catalogue.text(attribute, value, titles)


def _plain(cell: Cell) -> str:
    """A cell of CSV: ISO moments, numbers in the language's notation, text that does not run."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return safe_text(cell) if isinstance(cell, str) else number(cell)


def _iso(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
