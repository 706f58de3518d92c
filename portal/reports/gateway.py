"""Where the figures come from: one small function per function of ``api``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from portal import db


def watermark(conn: db.Connection) -> datetime:
    """The moment up to which everything read from now on is complete."""
    moment: datetime = db.call_value(conn, "api.watermark")
    return moment


@dataclass(frozen=True)
class MarketMonth:
    """A kind of gambling in a month, of at least three operators; amounts in minor units."""

    month: date
    gambling_type_id: int
    operator_count: int
    net_stake_minor: int
    ggr_minor: int


def market_months(
    conn: db.Connection, first: date, last: date, currency_id: int
) -> list[MarketMonth]:
    """What every operator may know of the market: whole months of the period that have ended."""
    rows = db.call(conn, "api.market_months", first, last, currency_id)
    return [MarketMonth(**row) for row in rows]


def accounts_until(
    conn: db.Connection, first: date, last: date
) -> tuple[datetime | None, date | None]:
    """Up to which arrival accounts are counted, and the last day of these whose spread is made."""
    row = conn.execute(
        "select nullif(p.counted_until, '-infinity') as counted, ("
        " select max(s.until_day) from api.account_spread as s"
        " where s.grain = 'day' and s.period_start between %s and %s) as closed"
        " from api.player_progress as p",
        (first, last),
    ).fetchone()
    if row is None:
        raise LookupError("there is always one row")
    return row["counted"], row["closed"]


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


@dataclass(frozen=True)
class Taken:
    """Sums of a day in Kyiv, in minor units, of all that the reader sees."""

    day: date
    bet_count: int
    stake_minor: int
    refund_minor: int
    win_minor: int


def morning_money(conn: db.Connection, first: date, last: date, currency_id: int) -> list[Taken]:
    """Each of these days, also those without a record."""
    return [Taken(**row) for row in db.call(conn, "api.morning_money", first, last, currency_id)]


@dataclass(frozen=True)
class Arrived:
    """What came in on a day in Kyiv, of all that the reader sees."""

    day: date
    batch_count: int
    row_count: int
    refusal_count: int
    late_count: int


def morning_arrivals(conn: db.Connection, first: date, last: date) -> list[Arrived]:
    """Each of these days, also those on which nothing came."""
    return [Arrived(**row) for row in db.call(conn, "api.morning_arrivals", first, last)]


def completeness(conn: db.Connection) -> Decimal | None:
    """How many per cent of the numbered batches are here, now; None where none is numbered."""
    rows = db.call(conn, "api.report_completeness")
    expected = sum(row["expected"] for row in rows)
    return 100 * Decimal(sum(row["received"] for row in rows)) / expected if expected else None


@dataclass(frozen=True)
class Taxes:
    """Estimated taxes of a period in minor units, on either reading of the players' tax base, and
    whether every rate was verified by two officials.
    """

    of_win: int | None
    of_withdrawal: int | None
    verified: bool


def tax_of(conn: db.Connection, first: date, last: date, currency_id: int) -> Taxes:
    """Estimated taxes of all that the reader sees: the total of R11."""
    rows = conn.execute(
        "select r.estimated_of_win_minor, r.estimated_of_withdrawal_minor, r.unverified_rate_count"
        " from api.report_r11(%s, %s, '{}', p_currency => %s::smallint) as r where r.is_total",
        (first, last, currency_id),
    ).fetchall()
    [row] = rows
    return Taxes(
        row["estimated_of_win_minor"],
        row["estimated_of_withdrawal_minor"],
        not row["unverified_rate_count"],
    )


def dashboard(conn: db.Connection) -> db.Row | None:
    """How the caller arranged the start page of this role; None where nothing was arranged."""
    return conn.execute("select cards, hidden from api.dashboard").fetchone()


def arrange_dashboard(conn: db.Connection, cards: list[str] | None, hidden: list[str]) -> None:
    """Arrange the caller's start page; None puts it back."""
    db.call(conn, "api.arrange_dashboard", cards, hidden)
