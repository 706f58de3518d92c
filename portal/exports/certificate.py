"""What makes an export checkable: one hash over everything that it says.

SHA-256 over lines of UTF-8 JSON: first the header (all that the export says besides its rows, its
member names sorted), then each row as an array of canonical texts. Spaces stand nowhere between
members, letters are not escaped. docs/exports.md describes it for whoever recomputes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from portal.exports.table import Column, Table
from portal.exports.values import Exact, canonical_of, exact_of, number_text, storable
from portal.web.formats import DECIMAL_SIGNS, date_only, date_time
from portal.web.i18n import gettext, language

FORMAT = "dozir-export/v1"
# Members of a certificate that are not in the header: they are known once all rows are written.
CLOSING = ("row_count", "sha256")
Line = tuple[str, str]


@dataclass(frozen=True)
class Taker:
    """Who takes an export."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class Header:
    """All that an export says besides its rows.

    ``lines`` are what people read of it: pairs of a name and a text, as they stand in the file;
    ``words`` are what the closing lines are called: rows, hash, where to check it. ``figures`` are
    the numbers among the lines, by place, for files that hold numbers as such.
    """

    name: str
    title: str
    parameters: Mapping[str, Any]
    as_of: str
    language: str
    taken_by: Taker
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    words: tuple[str, str, str]
    totals: Mapping[str, str] | None
    figures: Mapping[int, int | Decimal] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Its members, as they are hashed and as certificates hold them."""
        return {
            "format": FORMAT,
            "name": self.name,
            "title": self.title,
            "filters": dict(self.parameters),
            "as_of": self.as_of,
            "language": self.language,
            "author": asdict(self.taken_by),
            "columns": [asdict(one) | {"heading": one.heading} for one in self.columns],
            "lines": [list(line) for line in self.lines],
            "words": list(self.words),
            "totals": None if self.totals is None else dict(self.totals),
        }


def header_of(table: Table, taker: Taker) -> Header:
    """The header of a table, in the language of the request."""
    columns = tuple(
        Column(**(asdict(one) | {"label": storable(str(one.label))})) for one in table.columns
    )
    names = [one.name for one in columns]
    if len(set(names)) < len(names):
        raise ValueError(f"{table.name}: two columns of one name among {names}")
    totals = None
    figures: dict[int, int | Decimal] = {}
    lines = [
        (gettext("What"), table.title),
        *table.facts,
        (gettext("As of"), date_time(table.as_of, True)),
    ]
    if table.totals is not None:
        totals = {}
        for column, value in zip(columns, table.totals, strict=True):
            exact = exact_of(column)(value)
            if exact is None:
                continue
            totals[column.name] = canonical_of(column)(exact)
            if isinstance(exact, int | Decimal):
                figures[len(lines)] = exact
            lines.append((gettext("Total: %(column)s", column=column.heading), _told(exact)))
    lines += [
        (gettext("Taken by"), f"{taker.name}, {taker.organisation}"),
        (gettext("Times"), gettext("Times are those of Kyiv")),
    ]
    return Header(
        table.name,
        storable(str(table.title)),
        table.parameters,
        f"{table.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        language(),
        taker,
        columns,
        tuple((storable(str(label)), storable(str(told))) for label, told in lines),
        (gettext("Rows"), gettext("Hash (SHA-256)"), gettext("Check this file at")),
        totals,
        figures,
    )


def _told(value: Exact) -> str:
    """A total as people read it: numbers as in a CSV, moments on a clock in Kyiv."""
    if isinstance(value, int | Decimal):
        return number_text(value, DECIMAL_SIGNS[language()])
    if isinstance(value, datetime):
        return date_time(value, True)
    return date_only(value) if isinstance(value, date) else str(value)


def dumped(value: object) -> str:
    """JSON as it is hashed: sorted members, no spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class Hasher:
    """The hash of an export while its rows go by."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.rows = 0
        self._sha256 = hashlib.sha256((dumped(document) + "\n").encode("utf-8", "replace"))

    def row(self, texts: Iterable[str]) -> None:
        """One more row, as canonical texts."""
        line = json.dumps(list(texts), ensure_ascii=False, separators=(",", ":"))
        self._sha256.update((line + "\n").encode("utf-8", "replace"))
        self.rows += 1

    def digest(self) -> bytes:
        """The hash of all rows so far."""
        return self._sha256.digest()


def closing_lines(
    words: Sequence[str], row_count: int, sha256: str, address: str
) -> tuple[Line, ...]:
    """What people read after the lines of the header."""
    return (words[0], str(row_count)), (words[1], sha256), (words[2], address)


def certificate(document: Mapping[str, Any], row_count: int, sha256: str) -> str:
    """The header with its hash, as one text that stands in the file."""
    return dumped({**document, "row_count": row_count, "sha256": sha256})
