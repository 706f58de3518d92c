"""The ledger as its readers may see it: one small function per function of ``api``.

All of them run inside the reader's transaction, so that row-level security decides what there is:
what belongs to another and what does not exist are the same empty answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from portal import db
from portal.errors import NotFound

LARGEST_ID = 2**63 - 1
LARGEST_ROW = 10_000
FIRST_WINDOW = timedelta(hours=1)
ONE_MILLISECOND = timedelta(milliseconds=1)


def batches(
    conn: db.Connection,
    *,
    operators: list[int] | None,
    occurred_from: datetime,
    occurred_until: datetime,
    before: int | None,
    limit: int,
    late: bool = False,
) -> list[db.Row]:
    """Accepted batches that hold something of a period, newest first."""
    return db.call(
        conn,
        "api.batches",
        operators,
        occurred_from,
        occurred_until,
        before,
        limit,
        p_late=late,
    )


def batches_received(
    conn: db.Connection,
    *,
    operators: list[int] | None,
    received_from: datetime,
    received_until: datetime,
    before: int | None,
    limit: int,
    late: bool = False,
) -> list[db.Row]:
    """Batches that were accepted in a period, newest first."""
    return db.call(
        conn,
        "api.batches",
        operators,
        p_before=before,
        p_limit=limit,
        p_received_from=received_from,
        p_received_until=received_until,
        p_late=late,
    )


@dataclass(frozen=True)
class Arrived:
    """What came in between two whole hours: batches, their rows and late rows, refusals."""

    batches: int
    rows: int
    late: int
    refusals: int


def arrived(
    conn: db.Connection, start: datetime, until: datetime, operator_id: int | None
) -> Arrived:
    """What came in from one operator or from all, counted by whole hours."""
    row = conn.execute(
        "select coalesce(sum(i.batch_count), 0)::bigint as batches,"
        " coalesce(sum(i.row_count), 0)::bigint as rows,"
        " coalesce(sum(i.late_count), 0)::bigint as late,"
        " coalesce(sum(i.refusal_count), 0)::bigint as refusals"
        " from api.ingest_hour as i where i.hour >= %s and i.hour < %s"
        " and (%s::integer is null or i.operator_id = %s)",
        (start, until, operator_id, operator_id),
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    return Arrived(**row)


def marked(
    conn: db.Connection,
    *,
    start: datetime,
    until: datetime,
    operator_id: int | None,
    currency: int,
    mask: int,
) -> int:
    """Records under a mark between two whole hours in one currency, less those taken back."""
    row = conn.execute(
        "select coalesce(sum(r.bet_count + r.win_count + r.refund_count + r.deposit_count"
        " + r.withdrawal_count), 0)::bigint as number from api.rollup_hour as r"
        " where r.hour >= %s and r.hour < %s and (%s::integer is null or r.operator_id = %s)"
        " and r.currency = %s and r.breach & %s::smallint <> 0 and r.breach & 7 <> 0",
        (start, until, operator_id, operator_id, currency, mask),
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    return int(row["number"])


def batch(conn: db.Connection, batch_id: int) -> db.Row:
    """One batch with its receipt; NotFound for another's and for none."""
    rows = db.call(conn, "api.batch_detail", batch_id) if batch_id <= LARGEST_ID else []
    if not rows:
        raise NotFound
    return rows[0]


def batch_transactions(
    conn: db.Connection, batch_id: int, after_row: int, limit: int
) -> list[db.Row]:
    """Transactions of a batch in the order in which they were sent."""
    return db.call(conn, "api.batch_transactions", batch_id, after_row, limit)


def batch_transaction(conn: db.Connection, batch_id: int, row_no: int) -> db.Row:
    """One transaction by its place; NotFound where there is none."""
    if not 1 <= row_no <= LARGEST_ROW or batch_id > LARGEST_ID:
        raise NotFound
    rows = batch_transactions(conn, batch_id, row_no - 1, 1)
    if not rows or rows[0]["row_no"] != row_no:
        raise NotFound
    return rows[0]


def refusals(
    conn: db.Connection,
    *,
    operators: list[int] | None,
    before: int | None,
    limit: int,
    start: datetime | None = None,
    until: datetime | None = None,
) -> list[db.Row]:
    """Refused batches, newest first; between two moments where they are given."""
    return db.call(conn, "api.refusals", operators, before, limit, start, until)


def transactions(
    conn: db.Connection,
    *,
    occurred_from: datetime,
    occurred_until: datetime,
    operators: list[int] | None,
    gambling_types: list[int] | None,
    types: list[int] | None,
    currency: int | None,
    before: UUID | None,
    limit: int,
    breach: int | None = None,
) -> list[db.Row]:
    """The newest ``limit`` transactions of a period that come before an id.

    Read backwards in windows that double: a busy hour answers from one window, a quiet month from a
    dozen, and nobody waits for a whole month to be sorted.
    """
    until = occurred_until
    if before is not None:
        until = min(until, id_time(before) + ONE_MILLISECOND)
    window, found = FIRST_WINDOW, list[db.Row]()
    while until > occurred_from and len(found) < limit:
        start = max(occurred_from, until - window)
        found += db.call(
            conn,
            "api.transactions",
            start,
            until,
            operators,
            gambling_types,
            types,
            currency,
            before,
            limit - len(found),
            breach,
        )
        until, window = start, 2 * window
    return found


def transaction_by_id(conn: db.Connection, operator_id: int, own: UUID) -> db.Row | None:
    """An operator's transaction by its id, which carries its time; None where there is none."""
    moment = id_time(own)
    rows = transactions(
        conn,
        occurred_from=moment,
        occurred_until=moment + ONE_MILLISECOND,
        operators=[operator_id],
        gambling_types=None,
        types=None,
        currency=None,
        before=None,
        limit=LARGEST_ROW,
    )
    return next((row for row in rows if row["id"] == own), None)


def taken_back_by(conn: db.Connection, operator_id: int, own: UUID) -> tuple[int, int] | None:
    """Batch and row of the record that took a transaction back, if one did."""
    row = conn.execute(
        "select c.batch_id, c.row_no from api.cancellation as c"
        " where c.operator_id = %s and c.cancelled_id = %s",
        (operator_id, own),
    ).fetchone()
    return (row["batch_id"], row["row_no"]) if row else None


def access_keys(conn: db.Connection, ids: Iterable[int]) -> dict[int, db.Row]:
    """Access keys by id, without secrets; only for roles that may see keys."""
    # Not api.access_keys(): it gives all keys, and moments such as infinity that Python has not.
    rows = conn.execute(
        "select k.id, k.key_id, k.label from api.access_key as k where k.id = any (%s)",
        (sorted(set(ids)),),
    )
    return {row["id"]: row for row in rows}


def id_time(own: UUID) -> datetime:
    """The moment in a UUID of version 7: the millisecond in its first 48 bits."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=own.int >> 80)
