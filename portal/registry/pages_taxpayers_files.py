"""Taxpayers with their sums as a file: CSV and XLSX for people, JSON for programs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import xlsxwriter  # type: ignore[import-untyped]
from flask import Response

from portal import db
from portal.identity.login import Viewer, current_viewer
from portal.registry.catalogue import Catalogue
from portal.registry.names import Currency
from portal.web.formats import date_only, date_time
from portal.web.i18n import LazyString, gettext, language
from portal.web.periods import Period
from portal.web.request_id import request_id
from portal.web.spreadsheets import attached, csv_text, number, safe_text

WIDTH = 22
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | Decimal
Columns = Mapping[str, tuple[LazyString, str]]


@dataclass(frozen=True)
class Sheet:
    """What a file is made from; ``scope`` tells in words what narrows it."""

    catalogue: Catalogue
    rows: list[db.Row]
    period: Period
    currency: Currency
    scope: list[tuple[str, str]]
    read_at: datetime
    sums: Columns

    def headings(self) -> list[str]:
        """The heads of the columns, sums with their currency."""
        return [
            gettext("Taxpayer code"),
            gettext("Organiser"),
            gettext("Code"),
            gettext("State"),
            gettext("Licences in force"),
            *(f"{label}, {self.currency.code}" for label, _ in self.sums.values()),
        ]

    def lines(self) -> list[list[Cell]]:
        """The rows, sums exact in major units."""
        organiser = self.catalogue.kind("organiser")
        return [
            [
                row["taxpayer_code"],
                row[f"title_{language()}"],
                row["code"],
                self.catalogue.state(organiser, row["state"]).name,
                row["licences_active"],
                *(self.major(row[column]) for _, column in self.sums.values()),
            ]
            for row in self.rows
        ]

    def major(self, minor: int) -> Decimal:
        """A sum in major units."""
        return Decimal(minor).scaleb(-self.currency.digits)

    def cover(self, author: Viewer) -> list[tuple[str, str]]:
        """What the file shows, of when, for whom and by which request."""
        return [
            (gettext("Report"), gettext("Organisers as taxpayers")),
            (
                gettext("Period"),
                f"{date_only(self.period.first)} – {date_only(self.period.last)}",
            ),
            (gettext("Currency"), self.currency.code),
            *self.scope,
            (gettext("As of"), date_time(self.read_at, True)),
            (gettext("Rows"), str(len(self.rows))),
            (gettext("Taken by"), f"{author.display_name}, {author.organisation_name}"),
            (gettext("Request id"), request_id()),
            (gettext("Times"), gettext("Times are those of Kyiv")),
        ]


def answer(form: str, sheet: Sheet) -> Response:
    """The file, named after what it shows, its period and moment, and who took it."""
    viewer = current_viewer()
    name = "_".join(
        (
            "taxpayers",
            sheet.period.first.isoformat(),
            sheet.period.last.isoformat(),
            sheet.currency.code,
            f"as-of-{sheet.read_at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.{form}",
        )
    )
    return attached(FORMATS[form](sheet, viewer), name, viewer.display_name)


def _as_csv(sheet: Sheet, _: Viewer) -> Response:
    rows = [
        [safe_text(cell) if isinstance(cell, str) else number(cell) for cell in line]
        for line in sheet.lines()
    ]
    return Response(csv_text([sheet.headings(), *rows]), mimetype="text/csv")


def _as_xlsx(sheet: Sheet, author: Viewer) -> Response:
    """A cover sheet and the rows. Text is written as text, so that none of it is a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        money = book.add_format({"num_format": "#,##0." + "0" * sheet.currency.digits})
        cover = book.add_worksheet(gettext("Cover sheet"))
        cover.set_column(0, 0, WIDTH, bold)
        cover.set_column(1, 1, 3 * WIDTH, wrapped)
        for line, (what, told) in enumerate(sheet.cover(author)):
            cover.write_string(line, 0, what, bold)
            cover.write_string(line, 1, told, wrapped)
        leaf = book.add_worksheet(gettext("Rows"))
        leaf.freeze_panes(1, 2)
        leaf.set_column(0, len(sheet.headings()) - 1, WIDTH)
        for place, heading in enumerate(sheet.headings()):
            leaf.write_string(0, place, heading, bold)
        for written, row in enumerate(sheet.lines(), 1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    leaf.write_string(written, place, cell)
                elif isinstance(cell, Decimal):
                    leaf.write_number(written, place, cell, money)
                else:
                    leaf.write_number(written, place, cell)
    return Response(file.getvalue(), mimetype=XLSX)


def _as_json(sheet: Sheet, author: Viewer) -> Response:
    """Who took it, period, moment and rows; sums as decimal strings, exact."""
    document = {
        "report": "taxpayers",
        "author": {
            "name": author.display_name,
            "role": author.role,
            "organisation": author.organisation_name,
        },
        "filters": {
            "from": sheet.period.first.isoformat(),
            "to": sheet.period.last.isoformat(),
            "currency": sheet.currency.code,
            "search": dict(sheet.scope).get(gettext("Search")),
        },
        "as_of": f"{sheet.read_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "rows": [
            {
                "taxpayer_code": row["taxpayer_code"],
                "operator": row["code"],
                "name_uk": row["title_uk"],
                "name_en": row["title_en"],
                "state": row["state"],
                "licences_active": row["licences_active"],
                **{
                    name: f"{sheet.major(row[column]):f}"
                    for name, (_, column) in sheet.sums.items()
                },
            }
            for row in sheet.rows
        ],
    }
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")


FORMATS: dict[str, Callable[[Sheet, Viewer], Response]] = {
    "csv": _as_csv,
    "xlsx": _as_xlsx,
    "json": _as_json,
}
