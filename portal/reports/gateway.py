"""Where the figures come from: one small function per function of ``api``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

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


@dataclass(frozen=True)
class TaskRow:
    """A row of ``api.tasks_today``, as that function tells it."""

    kind: str
    severity: int
    operator_id: int
    subject: str
    quantity: int
    since: datetime | None
    facts: dict[str, Any]

    @property
    def age(self) -> timedelta:
        """How long it has been so."""
        return datetime.now(UTC) - self.since if self.since else timedelta()


def tasks_today(conn: db.Connection) -> list[TaskRow]:
    """What waits for the reader, by role."""
    return [TaskRow(**row) for row in db.call(conn, "api.tasks_today")]


def registry_changes(
    conn: db.Connection,
    since: datetime,
    limit: int,
    *,
    before: int | None,
    operator_id: int | None,
    register: str | None,
) -> list[db.Row]:
    """What was changed in the registry, the newest first; for those who may read its history."""
    return conn.execute(
        "select h.id, h.changed_at, h.actor, h.table_name, h.record_id, h.operator_id, h.operation"
        " from api.registry_history as h where h.changed_at >= %(since)s"
        " and (%(before)s::bigint is null or h.id < %(before)s)"
        " and (%(operator)s::integer is null or h.operator_id = %(operator)s)"
        " and (%(register)s::text is null or h.table_name = %(register)s)"
        " order by h.id desc limit %(limit)s",
        {
            "since": since,
            "limit": limit,
            "before": before,
            "operator": operator_id,
            "register": register,
        },
    ).fetchall()


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
