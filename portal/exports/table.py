"""A table with typed columns: what every export is made from, whatever page it belongs to.

A page hands over a :class:`Table`; files, hash, record and job follow from it. ``rows`` is read
once, row by row, so that a table may be longer than memory.

| kind      | a cell is                                                        |
|-----------|------------------------------------------------------------------|
| text      | ``str``                                                          |
| count     | ``int``                                                          |
| money     | ``int``, minor units of the column's currency (``digits`` of them) |
| decimal   | ``Decimal`` (``int`` too), in ``unit``; rounded to ``digits``     |
| percent   | ``Fraction`` or ``Decimal``: 0.1234 is 12.34 %; ``digits`` of per cent |
| date      | ``date``                                                         |
| moment    | ``datetime`` with its zone; cut to ``precision``                  |

None is an empty cell of any kind: nothing to divide by, an open end, no value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Kind = Literal["text", "count", "money", "decimal", "percent", "date", "moment"]
Precision = Literal["second", "millisecond"]
Value = str | int | Decimal | Fraction | date | datetime | None
KINDS = ("text", "count", "money", "decimal", "percent", "date", "moment")
NUMBERS = frozenset({"count", "money", "decimal", "percent"})


@dataclass(frozen=True)
class Column:
    """A column: ``name`` for programs (JSON, Parquet), ``label`` for people (CSV, XLSX).

    ``digits`` are decimals of money, decimal and percent; ``currency`` is the ISO code of money;
    ``unit`` is what a decimal counts. ``label`` is without unit and currency: files add them.
    """

    name: str
    label: str
    kind: Kind = "text"
    digits: int = 0
    currency: str = ""
    unit: str = ""
    precision: Precision = "second"

    @property
    def heading(self) -> str:
        """The label with what its figures are in."""
        told = {"money": self.currency, "percent": "%"}.get(self.kind, self.unit)
        return f"{self.label}, {told}" if told else self.label


@dataclass(frozen=True)
class Table:
    """What a page shows, as an export.

    ``name`` is the thing's constant name (``register-venue``, ``R09``); ``title`` its words.
    ``facts`` say in words what the file shows: period, filters, grouping (label, value), in the
    language of the request. ``parameters`` are the same for programs, as the address has them.
    ``as_of`` is the moment that the rows are complete up to.
    ``file_parts`` are joined into the file's name: ASCII letters, digits and hyphens.
    ``totals``: one more row, told apart from the rows; None where there is none.
    """

    name: str
    title: str
    facts: Sequence[tuple[str, str]]
    parameters: Mapping[str, object]
    as_of: datetime
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]
    file_parts: Sequence[str] = field(default_factory=tuple)
    totals: Sequence[Value] | None = None
