"""CSV as Excel in Ukraine opens it: a table, an empty line, and below it what it shows.

UTF-8 with a byte order mark, ``;`` between cells, numbers in the notation of the language without
grouping, so that they stay numbers. Text that a spreadsheet would run as a formula gets an
apostrophe in front, and so does text that would read as one that got it: taking one away again
(:func:`plain_text`) gives every text back.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from portal.exports.certificate import Header, certificate, closing_lines
from portal.exports.values import Exact, number_text, on_a_clock
from portal.web.formats import DECIMAL_SIGNS, KYIV

BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the code page of the machine
CERTIFICATE = "dozir-export"
# What a spreadsheet may take for a formula: full-width signs too, which some of them read alike.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def safe_text(text: str) -> str:
    """Text that a spreadsheet shows and does not run."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_text(cell: str) -> str:
    """What :func:`safe_text` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def moment_text(value: datetime, sign: str) -> str:
    """A moment as a clock in Kyiv shows it; with its offset where that would tell of two."""
    clock = on_a_clock(value)
    local = clock or value.astimezone(KYIV)
    fine = f"{sign}{local.microsecond // 1000:03}" if local.microsecond else ""
    text = f"{local.year:04}-{local:%m-%d %H:%M:%S}{fine}"
    return text if clock else text + local.isoformat()[19 + 7 * bool(local.microsecond) :]


def shown_by(kind: str, sign: str) -> Callable[[Exact], str]:
    """What turns an exact value of a kind into the text of a cell."""

    def number(value: Exact) -> str:
        return number_text(value, sign) if isinstance(value, int | Decimal) else str(value)

    def day(value: Exact) -> str:
        return value.isoformat() if isinstance(value, date) else ""

    def moment(value: Exact) -> str:
        return moment_text(value, sign) if isinstance(value, datetime) else ""

    shown = {"text": lambda value: safe_text(str(value)), "date": day, "moment": moment}
    return shown.get(kind, number)


class CsvWriter:
    """Writes rows as they come."""

    def __init__(self, path: Path, header: Header, address: str) -> None:
        self._header, self._address = header, address
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="")
        self._file.write(BYTE_ORDER_MARK)
        self._csv = csv.writer(self._file, delimiter=";", lineterminator="\r\n")
        sign = DECIMAL_SIGNS[header.language]
        self._shown = [shown_by(column.kind, sign) for column in header.columns]
        self._csv.writerow([safe_text(column.heading) for column in header.columns])

    def row(self, cells: Sequence[Exact]) -> None:
        """One line of the table."""
        self._csv.writerow(
            [
                "" if cell is None else shown(cell)
                for shown, cell in zip(self._shown, cells, strict=True)
            ]
        )

    def finish(self, row_count: int, sha256: str) -> None:
        """What the table shows: apart from it, so that a spreadsheet takes the table alone."""
        closing = closing_lines(self._header.words, row_count, sha256, self._address)
        self._csv.writerow([])
        for place, (what, told) in enumerate((*self._header.lines, *closing)):
            number = place in self._header.figures  # nothing that a spreadsheet could run
            self._csv.writerow([safe_text(what), told if number else safe_text(told)])
        self._csv.writerow([CERTIFICATE, certificate(self._header.document(), row_count, sha256)])
        self._file.close()

    def abandon(self) -> None:
        """Close the file."""
        self._file.close()
