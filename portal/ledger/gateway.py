"""The ledger as its readers may see it: one small function per function of ``api``.

All of them run inside the reader's transaction, so that row-level security decides what there is:
what belongs to another and what does not exist are the same empty answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from portal import db
from portal.errors import NotFound

LARGEST_ID = 2**63 - 1
LARGEST_ROW = 10_000
FIRST_WINDOW = timedelta(hours=1)
ONE_MILLISECOND = timedelta(milliseconds=1)
ONE_MICROSECOND = timedelta(microseconds=1)
MOST_NAMES = 32  # the days of the longest list


def batches(
    conn: db.Connection,
    *,
    operators: list[int] | None,
    occurred_from: datetime,
    occurred_until: datetime,
    before: int | None,
    limit: int,
    late: bool = False,
    key: int | None = None,
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
        p_keys=[key] if key else None,
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
    key: int | None = None,
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
        p_keys=[key] if key else None,
    )


@dataclass(frozen=True)
class Arrived:
    """What came in between two whole hours: batches, their rows and late rows, refusals."""

    batches: int
    rows: int
    late: int
    refusals: int


def arrived(
    conn: db.Connection,
    start: datetime,
    until: datetime,
    operator_id: int | None,
    key: int | None = None,
) -> Arrived:
    """What came in from one operator or from all, by one key or any, counted by whole hours."""
    row = conn.execute(
        "select coalesce(sum(i.batch_count), 0)::bigint as batches,"
        " coalesce(sum(i.row_count), 0)::bigint as rows,"
        " coalesce(sum(i.late_count), 0)::bigint as late,"
        " coalesce(sum(i.refusal_count), 0)::bigint as refusals"
        " from api.ingest_hour as i where i.hour >= %s and i.hour < %s"
        " and (%s::integer is null or i.operator_id = %s)"
        " and (%s::integer is null or i.access_key_id = %s)",
        (start, until, operator_id, operator_id, key, key),
    ).fetchone()
    if row is None:
        raise LookupError("an aggregate gives one row")
    return Arrived(**row)


def refused(
    conn: db.Connection,
    start: datetime,
    until: datetime,
    *,
    operator_id: int | None,
    key: int | None,
    code: str,
) -> int:
    """How many batches were refused with this code between two moments."""
    row = conn.execute(
        "select count(*) as number from api.refusal as r"
        " where r.refused_at >= %(start)s and r.refused_at < %(until)s and r.code = %(code)s"
        " and (%(operator)s::integer is null or r.operator_id = %(operator)s)"
        " and (%(key)s::integer is null or r.access_key_id = %(key)s)",
        {"start": start, "until": until, "code": code, "operator": operator_id, "key": key},
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
    key: int | None = None,
    code: str | None = None,
) -> list[db.Row]:
    """Refused batches, newest first; between two moments where they are given."""
    keys = [key] if key else None
    return db.call(conn, "api.refusals", operators, before, limit, start, until, keys, code)


def missing_numbers(
    conn: db.Connection,
    operator_id: int,
    *,
    before: int | None,
    limit: int,
    start: datetime | None,
    until: datetime | None,
) -> list[db.Row]:
    """Ranges missing in an operator's streams, those noticed last first."""
    return db.call(conn, "api.missing_numbers", operator_id, before, limit, start, until)


@dataclass(frozen=True)
class Numbers:
    """How many numbers an operator's streams span, and how many of those batches are here."""

    expected: int
    received: int

    @property
    def missing(self) -> int:
        return self.expected - self.received


def numbers(conn: db.Connection, operator_id: int) -> Numbers | None:
    """Up to now; None where nothing is numbered, or in too many streams."""
    rows = db.call(conn, "api.report_completeness", [operator_id])
    return Numbers(rows[0]["expected"], rows[0]["received"]) if rows else None


@dataclass(frozen=True)
class Wanted:
    """Which transactions, besides their time and type: ids, None where any.

    ``seldom``: some hours of a period may hold none of them.
    """

    operator: int | None = None
    gambling_type: int | None = None
    currency: int | None = None
    breach: int | None = None
    licence: int | None = None
    channel: int | None = None
    game: int | None = None
    equipment: int | None = None
    payment: int | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    round: UUID | None = None

    @property
    def seldom(self) -> bool:
        return any(
            (self.breach, self.licence, self.channel, self.game, self.equipment, self.payment)
        )

    def listed(self) -> dict[str, object]:
        """As the functions of ``api`` take them."""
        several = {
            "p_operators": self.operator,
            "p_gambling_types": self.gambling_type,
            "p_licences": self.licence,
            "p_channels": self.channel,
            "p_games": self.game,
            "p_equipment": self.equipment,
        }
        return {
            **{name: None if one is None else [one] for name, one in several.items()},
            "p_currency": self.currency,
            "p_breach": self.breach,
            "p_payment": self.payment,
        }

    def besides(self) -> dict[str, object]:
        """The smallest and largest amount, the round: of these rollups of hours know nothing."""
        return {
            "p_amount_from": self.amount_from,
            "p_amount_to": self.amount_to,
            "p_round": self.round,
        }


EVERYTHING = Wanted()


def transactions(
    conn: db.Connection,
    *,
    occurred_from: datetime,
    occurred_until: datetime,
    wanted: Wanted = EVERYTHING,
    types: list[int] | None = None,
    before: UUID | None = None,
    limit: int,
) -> list[db.Row]:
    """The newest ``limit`` transactions of a period that come before an id.

    Read backwards, in windows that double, or hour by hour where rollups tell which hours hold any:
    nobody waits for a whole month to be sorted or searched.
    """
    until = occurred_until
    if before is not None:
        until = min(until, id_time(before) + ONE_MILLISECOND)
    found: list[db.Row] = []
    for start, end in _windows(conn, occurred_from, until, wanted, limit):
        found += db.call(
            conn,
            "api.transactions",
            max(start, occurred_from),
            min(end, until),
            p_types=types,
            p_before=before,
            p_limit=limit - len(found),
            **wanted.listed(),
            **wanted.besides(),
        )
        if len(found) >= limit:
            break
    return found


def _windows(
    conn: db.Connection, since: datetime, until: datetime, wanted: Wanted, limit: int
) -> Iterator[tuple[datetime, datetime]]:
    window = FIRST_WINDOW
    while until > since:
        if wanted.seldom:
            hours = db.call(
                conn,
                "api.transaction_hours",
                since,
                until,
                **wanted.listed(),
                p_limit=limit,
            )
            for row in hours:
                yield row["hour"], row["hour"] + FIRST_WINDOW
            if len(hours) < limit:
                return
            until = hours[-1]["hour"]
        else:
            yield until - window, until
            until, window = until - window, 2 * window


def sums(
    conn: db.Connection, start: datetime, until: datetime, wanted: Wanted
) -> list[db.Row] | None:
    """What transactions of a period add up to: ``currency``, ``type``, ``number`` and
    ``amount_minor``, less what was taken back; None where no rollup tells it.
    """
    found = db.call(
        conn, "api.transaction_sums", start, until, **wanted.listed(), **wanted.besides()
    )
    return None if any(row["type"] is None for row in found) else found


def transaction_by_id(conn: db.Connection, operator_id: int, own: UUID) -> db.Row | None:
    """An operator's transaction by its id, which carries its time; None where there is none."""
    moment = id_time(own)
    rows = transactions(
        conn,
        occurred_from=moment,
        occurred_until=moment + ONE_MILLISECOND,
        wanted=Wanted(operator=operator_id),
        limit=LARGEST_ROW,
    )
    return next((row for row in rows if row["id"] == own), None)


@dataclass(frozen=True)
class Dropped:
    """Days (UTC) of a period whose rows are no longer here, and where these are.

    ``archives`` are names, at most ``MOST_NAMES``, oldest day first; ``unarchived`` counts days
    that no archive holds.
    """

    first: date
    last: date
    archives: list[str]
    archived: int
    unarchived: int


def dropped(conn: db.Connection, start: datetime, until: datetime) -> Dropped | None:
    """What is no longer here of the time from ``start`` up to ``until``; None where all is."""
    row = conn.execute(
        "select min(d.day) as first, max(d.day) as last, count(d.archive) as archived,"
        " count(*) - count(d.archive) as unarchived,"
        " coalesce((array_agg(d.archive order by d.day) filter (where d.archive is not null))[:%s],"
        " '{}') as archives"
        " from api.dropped_day as d where d.day >= %s and d.day <= %s",
        (
            MOST_NAMES,
            start.astimezone(UTC).date(),
            (until.astimezone(UTC) - ONE_MICROSECOND).date(),
        ),
    ).fetchone()
    return None if row is None or row["first"] is None else Dropped(**row)


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


def open_bets(
    conn: db.Connection, operator_id: int, month: date, gambling_type: int, currency: int
) -> db.Row | None:
    """What was measured of bets without a result as a month began; None where it was not."""
    return conn.execute(
        "select o.* from api.open_bets as o where o.operator_id = %s and o.month = %s"
        " and o.gambling_type_id = %s and o.currency = %s",
        (operator_id, month, gambling_type, currency),
    ).fetchone()


def open_bet_rows(
    conn: db.Connection,
    operator_id: int,
    month: date,
    gambling_type: int,
    *,
    currency: int,
    told: str,
    before: UUID | None,
    limit: int,
) -> list[db.Row]:
    """Bets without a result as a month began, or what became of them, the newest record first;
    ``told`` is that of ``api.open_bet_records``.
    """
    return db.call(
        conn,
        "api.open_bet_rows",
        operator_id,
        month,
        gambling_type,
        currency,
        told,
        before,
        limit,
    )
