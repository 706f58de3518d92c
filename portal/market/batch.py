"""Batches: the bytes that are posted, and the exact totals they must be answered with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from portal.ingest.fields import TYPE_NAMES
from portal.market.columns import Columns


class TypeTotal(NamedTuple):
    """Of one type: ordinary records and, apart, cancelling ones; sums in kopiykas."""

    records: int = 0
    sum_minor: int = 0
    cancelled_records: int = 0
    cancelled_sum_minor: int = 0

    def __add__(self, other: tuple[object, ...]) -> TypeTotal:
        """Add up field by field (and not as tuples are joined)."""
        return TypeTotal(*(a + b for a, b in zip(self, TypeTotal(*other), strict=True)))  # type: ignore[arg-type]


Totals = Mapping[str, TypeTotal]  # by the type's name on the wire; only types that occur


def totals_of(columns: Columns) -> dict[str, TypeTotal]:
    """Exact totals of these records."""
    types = np.array(columns.types, np.int8)
    amounts = np.array(columns.amounts, np.int64)
    cancels = np.array(columns.cancels, np.bool_)
    found = {}
    for number, name in TYPE_NAMES.items():
        of_type = types == number
        if of_type.any():
            plain, back = of_type & ~cancels, of_type & cancels
            found[name] = TypeTotal(
                int(plain.sum()), int(amounts[plain].sum()),
                int(back.sum()), int(amounts[back].sum()),
            )  # fmt: skip
    return found


@dataclass(slots=True)
class Tally:
    """Totals that add up."""

    types: dict[str, TypeTotal] = field(default_factory=dict)

    def add(self, totals: Totals) -> None:
        """Count these as well."""
        for name, total in totals.items():
            self.types[name] = self.types.get(name, TypeTotal()) + total

    @property
    def records(self) -> int:
        """Number of records of all types, cancelling ones included."""
        return sum(total.records + total.cancelled_records for total in self.types.values())


def json_body(columns: Columns) -> bytes:
    """The records as one JSON array."""
    return ("[" + ",\n".join(columns.texts) + "]").encode()


def ndjson_body(columns: Columns) -> bytes:
    """The records one to a line."""
    return ("\n".join(columns.texts) + "\n").encode()
