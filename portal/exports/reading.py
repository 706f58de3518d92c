"""Reads an export back and recomputes its hash from what the file says, whatever kind it is.

What people see counts: headings and lines are taken from where they stand in the file, not from
the certificate, so that whoever alters them alters the hash. A cell that does not read as its
column's kind is taken as it is, which no hash of ours can be of.

``python -m portal.exports.reading FILE`` prints what :func:`read` finds as JSON. Files come from
strangers, so pages only ever read them in that process, which is bounded (checking.py).
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import resource
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from portal.exports.certificate import CLOSING, FORMAT, Hasher
from portal.exports.formats import html_file
from portal.exports.formats.csv_file import BYTE_ORDER_MARK, CERTIFICATE, plain_text
from portal.exports.table import KINDS, NUMBERS, Column
from portal.exports.values import Exact, canonical_of, from_clock
from portal.web.formats import DECIMAL_SIGNS

LARGEST_CELL = 16 * 1024 * 1024
SHEETS = 2
# Bytes of memory, seconds, bytes of a file that is written.
LIMITS = {
    resource.RLIMIT_AS: 2 * 1024**3,
    resource.RLIMIT_CPU: 60,
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
Rows = Iterator[Sequence[str]]


class Unreadable(Exception):
    """The file is no export of ours, or not any more."""


@dataclass(frozen=True)
class Found:
    """What a file says: the hash that it claims, and the one that its content has.

    ``stated`` is '' where the file claims none that could be read.
    """

    kind: str
    stated: str
    computed: str
    name: str
    row_count: int


@dataclass(frozen=True)
class _Told:
    """A certificate, taken apart."""

    document: dict[str, Any]
    columns: list[Column]
    row_count: int
    sha256: str


def read(path: Path) -> Found:
    """Read a file of any kind. Raises Unreadable."""
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK"):
        kind, reader = "xlsx", _read_xlsx
    elif start.startswith(b"PAR1"):
        kind, reader = "parquet", _read_parquet
    elif html_file.START.encode().startswith(start) and start:
        kind, reader = "html", _read_html
    elif start.lstrip().startswith(b"{"):
        kind, reader = "json", _read_json
    else:
        kind, reader = "csv", _read_csv
    try:
        told, document, rows = reader(path)
        hasher = Hasher(document)
        for row in rows:
            hasher.row(row)
    except Unreadable:
        raise
    except Exception as problem:  # whatever a broken file does to a library
        raise Unreadable(f"{type(problem).__name__}") from problem
    return Found(kind, told.sha256, hasher.digest().hex(), str(document["name"]), hasher.rows)


def _certificate(text: str | bytes) -> _Told:
    try:
        found = json.loads(text, object_pairs_hook=_no_twins)
    except ValueError as problem:
        raise Unreadable("certificate") from problem
    return _told(found)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice would say one thing to us and another to someone else."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _told(found: Any) -> _Told:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise Unreadable("no certificate")
    document = {name: value for name, value in found.items() if name not in CLOSING}
    columns = []
    for one in document["columns"]:
        heading = one["heading"]
        column = Column(**{name: value for name, value in one.items() if name != "heading"})
        if column.kind not in KINDS or column.heading != heading:
            raise Unreadable("columns")
        columns.append(column)
    return _Told(document, columns, int(found["row_count"]), str(found["sha256"]))


def _shown(told: _Told, headings: Sequence[str], lines: Sequence[Sequence[str]]) -> dict[str, Any]:
    """The certificate's header with what people see in its place.

    What closes the lines (rows, hash) must be what the certificate says; the address where a file
    is checked is not of its content.
    """
    words = told.document["words"]
    seen = [list(line) for line in lines]
    closing = [[words[0], str(told.row_count)], [words[1], told.sha256]]
    as_told = (
        len(seen) >= len(CLOSING) + 1 and seen[-3:-1] == closing and seen[-1][:1] == [words[2]]
    )
    kept = seen[:-3] if as_told else [*seen, ["", ""]]
    columns = [
        {**one, "heading": heading}
        for one, heading in zip(told.document["columns"], headings, strict=True)
    ]
    return {**told.document, "lines": kept, "columns": columns}


def _counted(rows: Rows, told: _Told) -> Rows:
    """The rows; one more where there are not as many as the certificate says."""
    number = 0
    for row in rows:
        number += 1
        yield row
    if number != told.row_count:
        yield ["another number of rows"]


def _texts(columns: Sequence[Column], read: Callable[[Column, Any], Exact]) -> Any:
    """What turns the cells of a row into canonical texts."""
    canonical = [canonical_of(column) for column in columns]

    def texts(cells: Sequence[Any]) -> list[str]:
        beyond = [str(one) for one in cells[len(columns) :] if one not in (None, "")]
        own = [*cells[: len(columns)], *([None] * (len(columns) - len(cells)))]
        return [
            *(
                _text(column, turn, read, cell)
                for column, turn, cell in zip(columns, canonical, own, strict=True)
            ),
            *beyond,
        ]

    return texts


def _text(
    column: Column,
    canonical: Callable[[Exact], str],
    read: Callable[[Column, Any], Exact],
    cell: Any,
) -> str:
    if cell is None or cell == "":
        return ""
    try:
        return canonical(read(column, cell))
    except (ValueError, TypeError, InvalidOperation, AttributeError, OverflowError):
        return f"\ufffd{cell!r}"


def _plain_number(text: str) -> Decimal:
    if not re.fullmatch(r"-?[0-9]+([.][0-9]+)?", text):
        raise ValueError("no number")
    return Decimal(text)


# CSV


def _read_csv(path: Path) -> tuple[_Told, dict[str, Any], Rows]:
    told, lines = _csv_end(path)
    sign = DECIMAL_SIGNS[told.document["language"]]

    def value(column: Column, cell: str) -> Exact:
        if column.kind in NUMBERS:
            other = "." if sign == "," else ","
            if other in cell:
                raise ValueError("another decimal sign")
            return _plain_number(cell.replace(sign, "."))
        if column.kind == "moment":
            return from_clock(datetime.fromisoformat(cell.replace(sign, ".")))
        return date.fromisoformat(cell) if column.kind == "date" else plain_text(cell)

    texts = _texts(told.columns, value)
    table = _csv_table(path)
    headings = [plain_text(one) for one in next(table, [])]
    return (
        told,
        _shown(told, headings, lines),
        _counted((texts(cells) for cells in table), told),
    )


def _csv_lines(path: Path) -> Iterator[list[str]]:
    csv.field_size_limit(LARGEST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        if file.read(1) != BYTE_ORDER_MARK:
            file.seek(0)
        yield from csv.reader(file, delimiter=";", strict=True)


def _csv_table(path: Path) -> Iterator[list[str]]:
    """Headings and rows: up to the empty line."""
    for cells in _csv_lines(path):
        if not cells:
            return
        yield cells


def _csv_end(path: Path) -> tuple[_Told, list[list[str]]]:
    """The certificate and the lines before it: what stands below the empty line."""
    below = False
    lines: list[list[str]] = []
    told = None
    for cells in _csv_lines(path):
        if not below:
            below = not cells
        elif told is None and cells[:1] == [CERTIFICATE] and len(cells) == 2:
            told = _certificate(cells[1])
        elif cells:
            lines.append([plain_text(one) for one in cells])
    if told is None:
        raise Unreadable("no certificate")
    return told, lines


# HTML

_PAIR = re.compile("<div><dt>([^<]*)</dt><dd>([^<]*)</dd></div>")
_NUMBER_CELL = re.compile('<td class="n">([^<]*)</td>')
_TEXT_CELL = re.compile("<td>([^<]*)</td>")


def _read_html(path: Path) -> tuple[_Told, dict[str, Any], Rows]:
    """Line by line: whatever stands in no place where we write it makes the file unreadable."""
    lines = _html_lines(path)
    head = [next(lines, "") for _ in html_file.head("", "", "")]
    pairs: list[list[str]] = []
    headings = _html_pairs(lines, pairs)
    for line in lines:
        if line == html_file.MIDDLE:
            break
    line = _html_pairs(lines, pairs)
    before, _, after = html_file.told("\0").partition("\0")
    framed = line.startswith(before) and line.endswith(after)
    if not framed or list(lines) != [html_file.END]:
        raise Unreadable("no certificate")
    told = _certificate(_unescaped(line.removeprefix(before).removesuffix(after)))
    language, title = told.document["language"], told.document["title"]
    if head not in [html_file.head(language, title, one) for one in html_file.STYLES]:
        raise Unreadable("head")
    if headings != html_file.headings(told.columns):
        raise Unreadable("columns")
    shown = {column.name: html_file.shown(column, language) for column in told.columns}
    sign = DECIMAL_SIGNS[language]

    def value(column: Column, cell: str) -> Exact:
        if column.kind in NUMBERS:
            plain = cell.replace(html_file.GROUP[language], "").replace(sign, ".")
            number = _plain_number(plain)
            digits = 0 if column.kind == "count" else column.digits
            if shown[column.name](number.quantize(Decimal(1).scaleb(-digits))) != cell:
                raise ValueError("written otherwise")
            return number
        if column.kind == "moment":
            return from_clock(datetime.fromisoformat(cell.replace(sign, ".")))
        return date.fromisoformat(cell) if column.kind == "date" else cell

    texts = _texts(told.columns, value)
    rows = (texts(cells) for cells in _html_rows(path, told.columns))
    return (
        told,
        _shown(told, [column.heading for column in told.columns], pairs),
        _counted(rows, told),
    )


def _html_lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.removesuffix("\n")


def _html_pairs(lines: Iterator[str], pairs: list[list[str]]) -> str:
    """Gather the pairs that come next; the line after them."""
    for line in lines:
        found = _PAIR.fullmatch(line)
        if not found:
            return line
        pairs.append([_unescaped(found[1]), _unescaped(found[2])])
    return ""


def _html_rows(path: Path, columns: Sequence[Column]) -> Iterator[list[str]]:
    cells = [_NUMBER_CELL if column.kind in NUMBERS else _TEXT_CELL for column in columns]
    lines = _html_lines(path)
    next(line for line in lines if line == html_file.headings(columns))
    for line in lines:
        if line == html_file.MIDDLE:
            return
        yield [_unescaped(one) for one in _html_cells(line, cells)]


def _html_cells(line: str, cells: Sequence[re.Pattern[str]]) -> Iterator[str]:
    """The texts of a row that has these cells and nothing else."""
    end = len(line) - len("</tr>")
    if not (line.startswith("<tr>") and line.endswith("</tr>")):
        raise Unreadable("row")
    place = len("<tr>")
    for cell in cells:
        found = cell.match(line, place, end)
        if not found:
            raise Unreadable("row")
        place = found.end()
        yield found[1]
    if place != end:
        raise Unreadable("row")


def _unescaped(text: str) -> str:
    """Text as it is shown; only what we would write so."""
    plain = html.unescape(text)
    if html_file.escaped(plain) != text:
        raise Unreadable("text")
    return plain


# JSON


def _read_json(path: Path) -> tuple[_Told, dict[str, Any], Rows]:
    with path.open(encoding="utf-8") as file:
        found = json.load(
            file, object_pairs_hook=_no_twins, parse_float=Decimal, parse_constant=str
        )
    rows = found.pop("rows", None)
    if not isinstance(rows, list):
        raise Unreadable("no rows")
    told = _told(found)

    def value(column: Column, cell: Any) -> Exact:
        if column.kind == "count":
            if type(cell) is not int:
                raise ValueError("no count")
            return cell
        if not isinstance(cell, str):
            raise ValueError("no text")
        if column.kind in NUMBERS:
            return _plain_number(cell)
        if column.kind == "moment":
            if not cell.endswith("Z"):
                raise ValueError("not UTC")
            return datetime.fromisoformat(cell)
        return date.fromisoformat(cell) if column.kind == "date" else cell

    texts = _texts(told.columns, value)
    names = [column.name for column in told.columns]

    def cells(row: Mapping[str, Any]) -> list[Any]:
        beyond = [f"{name}={cell!r}" for name, cell in row.items() if name not in names]
        absent = ["absent" for name in names if name not in row]
        return [*(row.get(name) for name in names), *beyond, *absent]

    return told, told.document, _counted((texts(cells(row)) for row in rows), told)


# Parquet


def _read_parquet(path: Path) -> tuple[_Told, dict[str, Any], Rows]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - large, and most files are of other kinds

    from portal.exports.formats.parquet_file import METADATA, type_of  # noqa: PLC0415

    file = pq.ParquetFile(path)
    told = _certificate((file.metadata.metadata or {}).get(METADATA, b""))
    schema = file.schema_arrow
    if schema.names != [column.name for column in told.columns] or list(schema.types) != [
        type_of(column) for column in told.columns
    ]:
        raise Unreadable("columns")
    headings = [(field.metadata or {}).get(b"label", b"").decode() for field in schema]

    def value(column: Column, cell: Any) -> Exact:
        return cell.astimezone(UTC) if column.kind == "moment" else cell  # type: ignore[no-any-return]

    texts = _texts(told.columns, value)

    def rows() -> Rows:
        for batch in file.iter_batches(batch_size=8192):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                yield texts(cells)

    document = {
        **told.document,
        "columns": [
            {**one, "heading": heading}
            for one, heading in zip(told.document["columns"], headings, strict=True)
        ],
    }
    return told, document, _counted(rows(), told)


# XLSX


def _read_xlsx(path: Path) -> tuple[_Told, dict[str, Any], Rows]:
    from openpyxl import load_workbook  # noqa: PLC0415

    # By its bytes: of a path openpyxl wants an ending that a stranger's file need not have.
    book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=False)
    if len(book.worksheets) != SHEETS or len(book.sheetnames) != SHEETS:
        raise Unreadable("sheets")
    cover, sheet = book.worksheets
    found, told = _xlsx_cover(cover.iter_rows())
    lines = [_xlsx_line(place, line, told) for place, line in enumerate(found)]

    def value(column: Column, cell: Any) -> Exact:
        if column.kind in NUMBERS:
            return _xlsx_number(cell)
        if column.kind == "moment":
            if isinstance(cell, str):
                return from_clock(datetime.fromisoformat(cell))
            return from_clock(cell.replace(tzinfo=None))
        if column.kind == "date":
            return date.fromisoformat(cell) if isinstance(cell, str) else cell.date()
        if not isinstance(cell, str):
            raise ValueError("no text")
        return unescaped(cell)

    texts = _texts(told.columns, value)
    table = sheet.iter_rows()
    headings = _trimmed(cell.value for cell in next(table, ()))
    rows = (texts([_unformulated(cell) for cell in cells]) for cells in table)
    return told, _shown(told, headings, lines), _counted(rows, told)


def _unformulated(cell: Any) -> Any:
    """A cell's value; a formula is told apart from text that reads alike."""
    return ("formula", cell.value) if cell.data_type == "f" else cell.value


def _xlsx_number(cell: Any) -> Decimal:
    """A number as Excel keeps it: 15 digits, which is what was written."""
    if isinstance(cell, bool):
        raise ValueError("no number")
    if isinstance(cell, str):
        return _plain_number(cell.replace(",", "."))
    return Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")


def unescaped(text: str) -> str:
    """Text with what XLSX writes for characters that XML lacks."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _trimmed(cells: Iterable[Any]) -> list[str]:
    texts = ["" if cell is None else unescaped(str(cell)) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _xlsx_line(place: int, line: list[Any], told: _Told) -> list[str]:
    """A line of the cover sheet as texts: a number as the certificate writes that same number."""
    own = told.document["lines"][place : place + 1]
    if len(line) != 2 or not isinstance(line[1], Decimal):
        return [str(one) for one in line]
    sign = DECIMAL_SIGNS[told.document["language"]]
    with suppress(ValueError, IndexError):
        if _plain_number(own[0][1].replace(sign, ".")) == line[1]:
            return [line[0], own[0][1]]
    return [line[0], f"\ufffd{line[1]}"]


def _xlsx_cover(rows: Iterable[Sequence[Any]]) -> tuple[list[list[Any]], _Told]:
    lines: list[list[Any]] = []
    told = None
    for cells in rows:
        values = [_unformulated(cell) for cell in cells]
        texts = _trimmed(values)
        if not texts:
            continue
        if texts[0] == CERTIFICATE and told is None:
            told = _certificate("".join(texts[1:]))
        else:
            line: list[Any] = [*texts, *([""] * (2 - len(texts)))]
            if len(line) == 2 and len(values) > 1 and isinstance(values[1], int | float):
                line[1] = _xlsx_number(values[1])
            lines.append(line)
    if told is None:
        raise Unreadable("no certificate")
    return lines, told


def _bound() -> None:
    """Take from this process what a file that means harm could use up.

    Where a service may set no limits, its own are left, and the time that whoever asks waits.
    """
    for which, most in LIMITS.items():
        with suppress(OSError, ValueError):
            resource.setrlimit(which, (most, most))


def main() -> int:
    """Print what the file named on the command line says."""
    _bound()
    try:
        found = read(Path(sys.argv[1]))
    except Unreadable as problem:
        sys.stdout.write(json.dumps({"problem": str(problem)}))
        return 0
    sys.stdout.write(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
