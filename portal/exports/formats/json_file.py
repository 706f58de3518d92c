"""JSON for programs: the header's members, then rows by name of column, then count and hash.

Money, decimals and per cent are decimal strings, exact; moments are UTC.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.exports.certificate import Header
from portal.exports.values import Exact, utc_text


def _shown(value: Exact) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return utc_text(value)
    return value.isoformat() if isinstance(value, date) else value


class JsonWriter:
    """Writes one document, a row to a line."""

    def __init__(self, path: Path, header: Header, address: str) -> None:  # noqa: ARG002
        self._names = [column.name for column in header.columns]
        self._file = path.open("w", encoding="utf-8", errors="replace", newline="\n")
        self._encode: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False).encode
        self._between = "\n"
        self._file.write(self._encode(header.document())[:-1] + ', "rows": [')

    def row(self, cells: Sequence[Exact]) -> None:
        """One object."""
        record = {name: _shown(cell) for name, cell in zip(self._names, cells, strict=True)}
        self._file.write(self._between + self._encode(record))
        self._between = ",\n"

    def finish(self, row_count: int, sha256: str) -> None:
        """The end of the document."""
        closing = self._encode({"row_count": row_count, "sha256": sha256})
        self._file.write(f"\n], {closing[1:]}\n")
        self._file.close()

    def abandon(self) -> None:
        """Close the file."""
        self._file.close()
