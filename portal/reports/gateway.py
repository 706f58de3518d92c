"""Where the figures come from: one small function per function of ``api``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal import db
from portal.reports.figures import Figures
from portal.reports.filters import Filters


def watermark(conn: db.Connection) -> datetime:
    """The moment up to which everything read from now on is complete."""
    moment: datetime = db.call_value(conn, "api.watermark")
    return moment


def stakes_and_winnings(
    conn: db.Connection, filters: Filters, by: str | None = None
) -> dict[str, Figures]:
    """Figures by key of the grouping: ISO day, ISO hour in UTC, or id as text."""
    rows = db.call(
        conn,
        "api.stakes_and_winnings",
        filters.period.first,
        filters.period.last,
        by or filters.by,
        [filters.operator.id] if filters.operator else None,
        [filters.gambling_type.id] if filters.gambling_type else None,
        filters.currency.id,
    )
    return {row["key"]: Figures.of(row) for row in rows}


@dataclass(frozen=True)
class Arrivals:
    """What came in from a moment on: accepted batches and their rows, refusals, the last of all."""

    batches: int
    rows: int
    late: int
    refusals: int
    last_at: datetime | None


def arrivals(conn: db.Connection, since: datetime) -> Arrivals:
    """Arrivals counted by whole hours from ``since`` (the start of an hour)."""
    row = conn.execute(
        "select coalesce(sum(i.batch_count), 0)::bigint as batches,"
        " coalesce(sum(i.row_count), 0)::bigint as rows,"
        " coalesce(sum(i.late_count), 0)::bigint as late,"
        " coalesce(sum(i.refusal_count), 0)::bigint as refusals, max(i.last_at) as last_at"
        " from api.ingest_hour as i where i.hour >= %s",
        (since,),
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    return Arrivals(**row)
