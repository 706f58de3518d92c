"""The kinds of file, one module each: what an export looks like for whom.

A writer is given the header, then each row, then how it ended, and keeps no row in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.exports.certificate import Header
from portal.exports.formats import html_file
from portal.exports.formats.csv_file import CsvWriter
from portal.exports.formats.html_file import HtmlWriter
from portal.exports.formats.json_file import JsonWriter
from portal.exports.formats.parquet_file import ParquetWriter
from portal.exports.formats.writer import Writer
from portal.exports.formats.xlsx_file import XlsxWriter
from portal.web.i18n import LazyString, lazy_gettext

__all__ = ["FORMATS", "Format", "Writer"]


@dataclass(frozen=True)
class Format:
    """A kind of file: what it is for and what it is called, in words, and who writes it.

    One with a ``policy`` is shown by the browser at once, and may do there what that says. A writer
    is made with the path of the file, the header, and the address of the page that checks files.
    """

    mimetype: str
    about: LazyString
    writer: Callable[[Path, Header, str], Writer]
    label: LazyString | str
    policy: str = ""


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lazy_gettext("for Excel, with a cover sheet"),
        XlsxWriter,
        "XLSX",
    ),
    "csv": Format("text/csv", lazy_gettext("a table of plain text"), CsvWriter, "CSV"),
    "json": Format("application/json", lazy_gettext("for programs"), JsonWriter, "JSON"),
    "parquet": Format(
        "application/vnd.apache.parquet",
        lazy_gettext("for analysis of large tables"),
        ParquetWriter,
        "Parquet",
    ),
    "html": Format(
        "text/html",
        lazy_gettext("to print, or to keep as PDF; with the hash by which it is checked"),
        HtmlWriter,
        lazy_gettext("For print"),
        html_file.POLICY,
    ),
}
