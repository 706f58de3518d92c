"""HTML for print: one document that needs nothing else and runs nothing, laid out for A4.

Each part stands on a line of its own, exactly as :func:`head`, :func:`pair` and :func:`row` write
it, so that a check reads it back line by line and takes nothing else for an export of ours. A style
that is changed stays in ``STYLES``, or files of before are unreadable.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from portal.exports.certificate import Header, certificate, closing_lines
from portal.exports.formats.csv_file import CERTIFICATE, shown_by
from portal.exports.table import NUMBERS, Column
from portal.exports.values import Exact
from portal.web.formats import DECIMAL_SIGNS

START = "<!DOCTYPE html>"
GROUP = {"uk": "\u00a0", "en": ","}
# How small a table is written for so many columns to fit beside each other.
SIZES = ((7, "wide"), (12, "fine"), (10**6, "finest"))
# The present one first; then those of earlier versions.
STYLES = (
    "@page{size:A4 landscape;margin:12mm}"
    # Without ligatures: what is copied from paper or PDF are the letters that are compared.
    "body{margin:1rem;color:#111;background:#fff;font:9pt/1.35 sans-serif;"
    "font-variant-ligatures:none}"
    "h1{margin:0 0 .6em;font-size:14pt}"
    "dl{margin:0 0 1em;columns:2}"
    "dl div{break-inside:avoid;display:flex;gap:.6em;margin:0 0 .15em}"
    "dt{flex:0 0 12em;color:#555}"
    "dd{margin:0;overflow-wrap:anywhere;white-space:pre-line}"
    "dl.end{columns:1;break-inside:avoid}"
    "table{width:100%;border-collapse:collapse;margin:0 0 1em}"
    "table.fine{font-size:7pt}table.finest{font-size:5.5pt}"
    "thead{display:table-header-group}"
    "tr{break-inside:avoid}"
    "th,td{padding:.2em .4em;border:.5pt solid #999;text-align:left;vertical-align:top;"
    "overflow-wrap:anywhere;white-space:pre-line}"
    "th{background:#eee}"
    "td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "@media print{body{margin:0}}",
)
MIDDLE = '</tbody></table><dl class="end">'
END = "</body></html>"


def policy(style: str) -> str:
    """What a browser may do with the document: show it in this style, nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


POLICY = policy(STYLES[0]) + "; frame-ancestors 'none'"


def escaped(text: str) -> str:
    """Text on one line, of which nothing is markup."""
    return html.escape(text).replace("\n", "&#10;")


def head(language: str, title: str, style: str) -> list[str]:
    """All lines before the first pair."""
    return [
        START,
        f'<html lang="{language}"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">',
        f"<title>{escaped(title)}</title>",
        f"<style>{style}</style></head>",
        f"<body><h1>{escaped(title)}</h1>",
        "<dl>",
    ]


def pair(what: str, told: str) -> str:
    """One of the lines that say what the table is."""
    return f"<div><dt>{escaped(what)}</dt><dd>{escaped(told)}</dd></div>"


def headings(columns: Sequence[Column]) -> str:
    """The heading of the table, which each sheet repeats."""
    size = next(name for most, name in SIZES if len(columns) <= most)
    cells = "".join(f'<th scope="col">{escaped(column.heading)}</th>' for column in columns)
    return f'</dl><table class="{size}"><thead><tr>{cells}</tr></thead><tbody>'


def row(columns: Sequence[Column], texts: Sequence[str]) -> str:
    """A row of the table."""
    cells = (
        f'<td class="n">{text}</td>' if column.kind in NUMBERS else f"<td>{escaped(text)}</td>"
        for column, text in zip(columns, texts, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>"


def shown(column: Column, language: str) -> Callable[[Exact], str]:
    """What turns an exact value of a column into the text of its cell; numbers are grouped."""
    sign = DECIMAL_SIGNS[language]
    signs = {ord(","): GROUP[language], ord("."): sign}
    other = shown_by(column.kind, sign)

    def cell(value: Exact) -> str:
        if value is None:
            return ""
        if isinstance(value, int | Decimal):
            text = f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"
            return text.translate(signs)
        return str(value) if column.kind == "text" else other(value)

    return cell


def told(certified: str) -> str:
    """The certificate: for whoever checks the file, not for the eye."""
    return f'</dl><pre hidden id="{CERTIFICATE}">{escaped(certified)}</pre>'


class HtmlWriter:
    """Writes rows as they come."""

    def __init__(self, path: Path, header: Header, address: str) -> None:
        self._header, self._address = header, address
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._shown = [shown(column, header.language) for column in header.columns]
        self._lines(head(header.language, header.title, STYLES[0]))
        self._lines(pair(*line) for line in header.lines)
        self._lines([headings(header.columns)])

    def _lines(self, lines: Iterable[str]) -> None:
        self._file.writelines(f"{line}\n" for line in lines)

    def row(self, cells: Sequence[Exact]) -> None:
        """One row of the table."""
        texts = [turn(cell) for turn, cell in zip(self._shown, cells, strict=True)]
        self._file.write(row(self._header.columns, texts) + "\n")

    def finish(self, row_count: int, sha256: str) -> None:
        """How many rows there are, their hash, where it is checked, and the certificate."""
        closing = closing_lines(self._header.words, row_count, sha256, self._address)
        certified = certificate(self._header.document(), row_count, sha256)
        lines = [MIDDLE, *(pair(*line) for line in closing), told(certified)]
        self._lines([*lines, END])
        self._file.close()

    def abandon(self) -> None:
        """Close the file."""
        self._file.close()
