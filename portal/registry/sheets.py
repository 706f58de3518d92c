"""Reads a table that somebody sends, CSV or XLSX, into rows of text; it may mean harm.

``python -m portal.registry.sheets FILE`` prints what :func:`read` finds as JSON. Libraries that
read spreadsheets were not made for strangers' files, so pages only ever run it in a process of its
own with little memory and time (:mod:`portal.registry.sheet_reading`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

LARGEST_BYTES = 8 * 1024 * 1024
LARGEST_INSIDE = 96 * 1024 * 1024  # what an XLSX unpacks to
MOST_ROWS = 5000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
MOST_TOLD = 20
DELIMITERS = (";", ",", "\t")
# A number that Excel kept longer than this has lost its last digits.
LARGEST_EXACT = 10**15
OLD_BINARY = b"\xd0\xcf\x11\xe0"
LIMITS = {
    resource.RLIMIT_AS: 2 * 1024**3,
    resource.RLIMIT_CPU: 30,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
# Letters, digits and marks of a text in Ukrainian or English: what else comes out of a decoding
# was written in another encoding.
_WORDS = re.compile("[\\s!-~А-ЯҐЄІЇа-яґєіїЁёЫыЭэЪъ№«»“”„‘’–—…°•§©®€\u00a0]*")

Row = tuple[int, list[str]]


class Problem(Exception):
    """Why the file is not read: a word of ours, and where."""

    def __init__(self, code: str, places: Iterable[str] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.places = list(places)


def read(data: bytes) -> dict[str, Any]:
    """What kind of file it is, how it was read, and its rows: (number, cells). Raises Problem."""
    if len(data) > LARGEST_BYTES:
        raise Problem("too_large")
    if data.startswith(OLD_BINARY):
        raise Problem("old_or_locked")
    if data.startswith(b"PK"):
        told, rows = _read_book(data)
    else:
        told, rows = _read_text(data)
    return {"read_as": told, "rows": _bounded(rows)}


def _bounded(rows: Iterable[Row]) -> list[Row]:
    """Rows that hold something, the headings first."""
    kept: list[Row] = []
    for number, cells in rows:
        texts = [text.strip() for text in cells]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            continue
        if len(texts) > MOST_COLUMNS:
            raise Problem("too_many_columns")
        if any(len(text) > LONGEST_CELL for text in texts):
            raise Problem("too_long", [str(number)])
        kept.append((number, texts))
        if len(kept) > MOST_ROWS + 1:
            raise Problem("too_many_rows")
    if len(kept) < 2:
        raise Problem("empty")
    wide = len(kept[0][1])
    beyond = [str(number) for number, texts in kept[1:] if len(texts) > wide]
    if beyond:
        raise Problem("extra_cells", beyond[:MOST_TOLD])
    return kept


# CSV


def _read_text(data: bytes) -> tuple[str, Iterator[Row]]:
    text, encoding = _decoded(data)
    first = text.split("\n", 1)[0]
    counts = {sign: first.count(sign) for sign in DELIMITERS}
    sign = max(DELIMITERS, key=lambda one: counts[one])
    if not counts[sign]:
        # One column may be all there is; with another sign between them the headings are unknown.
        sign = ";"
        if "|" in first:
            raise Problem("delimiter")
    return encoding, _lines(text, sign)


def _lines(text: str, sign: str) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL + 1)
    formulas: list[str] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            formulas += [str(number) for cell in cells if cell.lstrip().startswith("=")]
            yield number, cells
    except csv.Error as problem:
        raise Problem("broken_csv", [str(number + 1)]) from problem
    if formulas:
        raise Problem("formula", formulas[:MOST_TOLD])


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and what it was read as."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding.removesuffix("-sig").upper()
            except UnicodeDecodeError as problem:
                raise Problem("encoding") from problem
    if b"\0" in data:
        raise Problem("encoding" if data.count(b"\0") > len(data) // 4 else "no_table")
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8"), "UTF-8"
    with suppress(UnicodeDecodeError):
        text = data.decode("cp1251")
        if _WORDS.fullmatch(text):
            return text, "Windows-1251"
    raise Problem("encoding")


# XLSX


def _read_book(data: bytes) -> tuple[str, Iterator[Row]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as problem:
        raise Problem("broken_xlsx") from problem
    names = {one.filename for one in members}
    if sum(one.file_size for one in members) > LARGEST_INSIDE:
        raise Problem("too_large")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Problem("macros")
    if "xl/workbook.xml" not in names:
        raise Problem("no_table")
    from openpyxl import load_workbook  # noqa: PLC0415

    try:
        book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        sheet = book.worksheets[0]
    except MemoryError as problem:
        raise Problem("too_large") from problem
    except Exception as problem:  # whatever a broken file does to a library
        raise Problem("broken_xlsx") from problem
    if sheet.merged_cells.ranges:
        places = [str(one) for one in sheet.merged_cells.ranges]
        raise Problem("merged", sorted(places)[:MOST_TOLD])
    return sheet.title, _cells(sheet)


def _cells(sheet: Any) -> Iterator[Row]:
    formulas: list[str] = []
    numbers: list[str] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = []
        for cell in cells:
            if cell.data_type in ("f", "e"):
                formulas.append(cell.coordinate)
            elif _inexact(cell.value):
                numbers.append(cell.coordinate)
            texts.append(_cell_text(cell))
        yield number, texts
    if formulas:
        raise Problem("formula", formulas[:MOST_TOLD])
    if numbers:
        raise Problem("long_number", numbers[:MOST_TOLD])


def _inexact(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) >= LARGEST_EXACT


def _cell_text(cell: Any) -> str:
    """A cell as people would type what they see in it."""
    value = cell.value
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = str(value).upper()
    elif isinstance(value, datetime):
        whole = value.time() == time()
        text = value.date().isoformat() if whole else value.isoformat(timespec="seconds")
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, int | float):
        shown = value * 100 if str(cell.number_format).endswith("%") else value
        text = f"{shown:.15g}" if isinstance(shown, float) else str(shown)
    else:
        text = str(value)
    return text


def _bound() -> None:
    """Take from this process what a file that means harm could use up."""
    for which, most in LIMITS.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))


def main(arguments: Sequence[str]) -> int:
    """Print what the file that is named says."""
    _bound()
    try:
        found = read(Path(arguments[0]).read_bytes())
    except Problem as problem:
        found = {"problem": problem.code, "places": problem.places}
    except MemoryError:
        found = {"problem": "too_large", "places": []}
    sys.stdout.write(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
