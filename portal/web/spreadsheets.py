"""What every file for spreadsheets holds to: CSV that Excel reads, and text that does not run."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from urllib.parse import quote

from flask import Response

from portal.web.i18n import language

BYTE_ORDER_MARK = "\ufeff"  # else Excel takes UTF-8 for the code page of the machine
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV: ``;`` between cells, as Excel in Ukraine expects."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return BYTE_ORDER_MARK + text.getvalue()


def number(value: Decimal | int) -> str:
    """Digits and one decimal sign, no grouping: a number to a spreadsheet in this language."""
    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text.replace(".", ",") if language() == "uk" else text


def safe_text(text: str) -> str:
    """Text that a spreadsheet shows and does not run: a formula is quoted."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def attached(response: Response, filename: str, author: str) -> Response:
    """The answer as a file of that name in letters that every system can store; whoever knows
    letters of all languages also stores who took it.
    """
    stem, _, ending = filename.rpartition(".")
    person = re.sub(r"[^\w-]+", "-", author).strip("-")
    whole = quote(f"{stem}_{person}.{ending}", safe="")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{filename}\"; filename*=UTF-8''{whole}"
    )
    return response
