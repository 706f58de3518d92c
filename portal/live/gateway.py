"""What the page *Live* reads: one small function per function of ``api``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from portal import db

LARGEST_XID = 2**63 - 1
MOST_OPEN = 1000  # transactions open at once that a position may name
_POSITION = re.compile(r"(\d{1,13})-(\d{1,19}):(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)", re.ASCII)


@dataclass(frozen=True)
class Position:
    """How far a reader has seen: a moment, and the transactions visible then.

    Batches become visible in another order than that of their ids and times: a snapshot alone says
    exactly which ones were. Written out it is the id of an event.
    """

    as_of: datetime
    snapshot: str

    def __str__(self) -> str:
        return f"{int(self.as_of.timestamp() * 1000)}-{self.snapshot}"

    @classmethod
    def read(cls, text: str) -> Position | None:
        """The position that an address or a header names; None when we did not write it."""
        match = _POSITION.fullmatch(text)
        if match is None:
            return None
        lowest, next_ = int(match[2]), int(match[3])
        open_ = [int(part) for part in match[4].split(",")] if match[4] else []
        in_order = open_ == sorted(set(open_)) and all(lowest <= one < next_ for one in open_)
        if not (in_order and 0 < lowest <= next_ <= LARGEST_XID and len(open_) <= MOST_OPEN):
            return None
        as_of = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=int(match[1]))
        return cls(as_of, f"{match[2]}:{match[3]}:{match[4]}")


@dataclass(frozen=True)
class Arrivals:
    """What came in: how much is new, transactions by second of Unix, the last of each kind."""

    position: Position
    batch_count: int
    refusal_count: int
    seconds: dict[int, int]
    batches: list[db.Row]
    refusals: list[db.Row]


def arrivals(
    conn: db.Connection,
    operator: int | None,
    since: datetime,
    *,
    after: Position | None = None,
    until: Position | None = None,
    limit: int = 20,
) -> Arrivals:
    """What became visible after a position; without one, what there is."""
    row = db.call(
        conn,
        "api.live_arrivals",
        operator,
        since,
        after.snapshot if after else None,
        until.snapshot if until else None,
        limit,
    )[0]
    return Arrivals(
        Position(row["as_of"], row["snapshot"]),
        row["batch_count"],
        row["refusal_count"],
        {int(second): rows for second, rows in row["seconds"].items()},
        [_with_moment(one, "received_at") for one in row["batches"]],
        [_with_moment(one, "refused_at") for one in row["refusals"]],
    )


def money(conn: db.Connection, day: date, operator: int | None) -> list[db.Row]:
    """Counts and sums by type, one row for each currency."""
    return db.call(conn, "api.live_money", day, operator)


def now(conn: db.Connection) -> datetime:
    """The database's clock, which stamps what arrives."""
    moment: datetime = db.call_value(conn, "api.watermark")
    return moment


def _with_moment(row: db.Row, name: str) -> db.Row:
    return row | {name: datetime.fromisoformat(row[name])}
