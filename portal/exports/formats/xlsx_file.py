"""XLSX: a cover sheet that says what the rows are, and the rows with their types.

Text is written as text, so that none of it is a formula. A number that Excel could not keep (it
holds 15 digits) is written as text, exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from portal.exports.certificate import Header, certificate, closing_lines
from portal.exports.formats.csv_file import CERTIFICATE, moment_text
from portal.exports.table import NUMBERS, Column
from portal.exports.values import LONGEST_TEXT, Exact, number_text, on_a_clock
from portal.web.formats import DECIMAL_SIGNS
from portal.web.i18n import gettext

WIDTH = 22
LONGEST_SHEET = 1_048_576 - 1  # rows of Excel below the headings
MOST_DIGITS = 15
FIRST_YEAR = 1901  # Excel counts days from 1900, with one that there never was


def number_format(digits: int) -> str:
    """How Excel shows numbers of so many decimals."""
    return "#,##0" + ("." + "0" * digits if digits else "")


def kept_by_excel(value: int | Decimal) -> bool:
    """Whether a number has no more digits than Excel keeps."""
    return len(Decimal(value).normalize().as_tuple().digits) <= MOST_DIGITS


class XlsxWriter:
    """Writes row after row; of a sheet only the row that is being written is in memory."""

    def __init__(self, path: Path, header: Header, address: str) -> None:
        self._header, self._address = header, address
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.set_properties({"title": header.title, "author": header.taken_by.name})
        bold = self._book.add_format({"bold": True})
        self._cover = self._book.add_worksheet(gettext("Cover sheet"))
        self._sheet = self._book.add_worksheet(gettext("Rows"))
        self._sheet.freeze_panes(1, 1)
        self._sign = DECIMAL_SIGNS[header.language]
        self._formats = [self._format(column) for column in header.columns]
        for place, column in enumerate(header.columns):
            self._sheet.set_column(place, place, WIDTH, self._formats[place])
            self._sheet.write_string(0, place, column.heading, bold)
        self._next = 1

    def _format(self, column: Column) -> Any:
        shown = {"date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss"}
        if column.kind == "moment" and column.precision == "millisecond":
            return self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        if column.kind in NUMBERS:
            return self._book.add_format({"num_format": number_format(column.digits)})
        return self._book.add_format({"num_format": shown.get(column.kind, "@")})

    def _number(self, value: int | Decimal) -> Any:
        """How a number of the cover sheet is shown: with its own digits, under the others."""
        digits = -int(value.as_tuple().exponent) if isinstance(value, Decimal) else 0
        shown = number_format(digits)
        return self._book.add_format({"num_format": shown, "align": "left", "valign": "top"})

    def row(self, cells: Sequence[Exact]) -> None:
        """One row."""
        for place, cell in enumerate(cells):
            if cell is not None:
                self._write(place, cell)
        if cells[0] is None:  # else a row of nothing would be no row
            self._sheet.write_blank(self._next, 0, None, self._formats[0])
        self._next += 1

    def _write(self, place: int, cell: str | int | Decimal | date | datetime) -> None:
        sheet, row, shown = self._sheet, self._next, self._formats[place]
        if isinstance(cell, str):
            sheet.write_string(row, place, cell, shown)
        elif isinstance(cell, datetime):
            clock = on_a_clock(cell)
            if clock and clock.year >= FIRST_YEAR:
                sheet.write_datetime(row, place, clock, shown)
            else:
                sheet.write_string(row, place, moment_text(cell, "."), shown)
        elif isinstance(cell, date):
            if cell.year >= FIRST_YEAR:
                sheet.write_datetime(row, place, cell, shown)
            else:
                sheet.write_string(row, place, cell.isoformat(), shown)
        elif kept_by_excel(cell):
            sheet.write_number(row, place, cell, shown)
        else:
            sheet.write_string(row, place, number_text(cell, self._sign), shown)

    def finish(self, row_count: int, sha256: str) -> None:
        """The cover sheet, and the book is bound."""
        bold = self._book.add_format({"bold": True, "valign": "top"})
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        small = self._book.add_format({"font_size": 6, "font_color": "#666666", "num_format": "@"})
        self._cover.set_column(0, 0, WIDTH + 8)
        self._cover.set_column(1, 1, 4 * WIDTH)
        closing = closing_lines(self._header.words, row_count, sha256, self._address)
        line = 0
        for line, (what, told) in enumerate((*self._header.lines, *closing)):
            self._cover.write_string(line, 0, what, bold)
            number = self._header.figures.get(line)
            if number is not None and kept_by_excel(number):
                self._cover.write_number(line, 1, number, self._number(number))
            else:
                self._cover.write_string(line, 1, told, wrapped)
        told = certificate(self._header.document(), row_count, sha256)
        parts = [told[at : at + LONGEST_TEXT] for at in range(0, len(told), LONGEST_TEXT)]
        self._cover.write_string(line + 2, 0, CERTIFICATE, small)
        for place, part in enumerate(parts, 1):
            self._cover.write_string(line + 2, place, part, small)
        self._book.close()

    def abandon(self) -> None:
        """Bind what there is: the writer has no other way to let go of its files."""
        self._book.close()
