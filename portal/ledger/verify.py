"""Verification of the live ledger: raw rows against rollups, totals and receipts.

Every function recomputes from what is stored and compares; a mismatch keeps both values. This finds
damage and mistakes. Against someone who rewrites rows, totals and receipts together it takes the
log, whose proofs rest on keys outside the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portal import db

CHECKS = {
    "rollups and totals against raw rows": "select * from report.check_rollups()",
    "receipts and sequence numbers": "select * from report.check_receipts()",
    "ids, row numbers and cancellations": "select * from report.check_records()",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that does not hold: which object, its key, what is stored, what it must be."""

    object: str
    key: dict[str, Any]
    stored: Any
    recomputed: Any


@dataclass(frozen=True, slots=True)
class Figures:
    """How much there was to verify."""

    batches: int
    transactions: int
    operators: int


def figures(conn: db.Connection) -> Figures:
    """Counts of the ledger, from its batches."""
    row = conn.execute(
        "select count(*) as batches, coalesce(sum(row_count), 0)::bigint as transactions,"
        " count(distinct operator_id) as operators from ledger.batch"
    ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate without GROUP BY always gives a row
    return Figures(**row)


def differences(conn: db.Connection, check: str) -> Iterator[Difference]:
    """Run one of ``CHECKS``; ``conn`` must be the owner's."""
    with conn.cursor() as cursor:
        for row in cursor.stream(CHECKS[check]):
            yield Difference(**row)
