"""What the page *Live* shows at one moment, and how the next moment follows from it.

A state is never changed: the poller makes the next one, streams and pages read whichever is there.
The batches and refusals counted since the first state are kept as running totals, so that what is
new to a reader is the difference between two states: nothing is queued for anybody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal import db
from portal.live import gateway
from portal.live.gateway import Arrivals, Position
from portal.registry.names import Names, read_names
from portal.web.formats import KYIV

LISTED = 20  # batches and refusals on the page
COLUMN_SECONDS = 10
COLUMNS = 30
SHOWN = timedelta(seconds=COLUMNS * COLUMN_SECONDS)
NOW_SECONDS = 10
# No transaction that stores a batch is open as long as this: its statements and its pauses are
# limited to a minute each (sql/roles.sql).
LONGEST_OPEN = timedelta(minutes=15)
# An older position is answered with the whole page.
RESUMABLE = timedelta(minutes=10)
NAMES_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class Scope:
    """Who looks, and at whose batches: a role, whose rows that role sees, the operator chosen."""

    role: str
    operator_id: int | None = None
    chosen: int | None = None

    @property
    def operator(self) -> int | None:
        """The one operator this is about, if it is about one."""
        return self.chosen if self.operator_id is None else self.operator_id


@dataclass(frozen=True)
class State:
    """One moment of a scope; ``number`` is that of the poll that read it.

    ``seconds`` are transactions by second of arrival; ``batches`` and ``refusals`` are the last
    ones, newest first; the totals count from the first state of the feed.
    """

    position: Position
    seconds: dict[int, int]
    money: list[db.Row]
    batches: list[db.Row]
    refusals: list[db.Row]
    names: Names
    names_at: datetime
    batch_total: int = 0
    refusal_total: int = 0
    number: int = 0

    @property
    def as_of(self) -> datetime:
        """The moment up to which everything is counted."""
        return self.position.as_of

    @property
    def last_at(self) -> datetime | None:
        """When the last batch came."""
        return max((batch["received_at"] for batch in self.batches), default=None)

    @property
    def now_rows(self) -> int:
        """Transactions accepted in the last ten whole seconds: tenths of those a second."""
        until = int(self.as_of.timestamp())
        return sum(self.seconds.get(until - n, 0) for n in range(1, NOW_SECONDS + 1))

    @property
    def shown_rows(self) -> int:
        """Transactions in all columns."""
        return sum(column.rows for column in self.columns())

    def columns(self) -> list[Column]:
        """The last minutes in columns, oldest first; the last column still goes on."""
        last = int(self.as_of.timestamp()) // COLUMN_SECONDS * COLUMN_SECONDS
        starts = range(last - (COLUMNS - 1) * COLUMN_SECONDS, last + 1, COLUMN_SECONDS)
        return [
            Column(
                datetime.fromtimestamp(start, KYIV),
                sum(self.seconds.get(start + n, 0) for n in range(COLUMN_SECONDS)),
            )
            for start in starts
        ]


@dataclass(frozen=True)
class Column:
    """Transactions accepted in the ten seconds from ``start``: tenths of those a second."""

    start: datetime
    rows: int

    @property
    def clock(self) -> str:
        """Its beginning as a clock in Kyiv shows it."""
        return f"{self.start:%H:%M:%S}"


def first(conn: db.Connection, scope: Scope) -> State:
    """The state of a scope, read from nothing."""
    now = gateway.now(conn)
    found = gateway.arrivals(conn, scope.operator, now - SHOWN, limit=LISTED)
    return State(
        found.position,
        found.seconds,
        _money(conn, scope, found.position.as_of),
        found.batches,
        found.refusals,
        read_names(conn),
        found.position.as_of,
    )


def following(conn: db.Connection, scope: Scope, state: State) -> State:
    """The state that follows ``state``; it reads only what has become visible since."""
    found = gateway.arrivals(
        conn,
        scope.operator,
        state.as_of - LONGEST_OPEN,
        after=state.position,
        limit=LISTED,
    )
    as_of = found.position.as_of
    another_day = as_of.astimezone(KYIV).date() != state.as_of.astimezone(KYIV).date()
    read_again = as_of - state.names_at > NAMES_FOR or _strangers(found, state.names)
    return replace(
        state,
        position=found.position,
        seconds=_seconds(state.seconds, found),
        money=_money(conn, scope, as_of) if found.batch_count or another_day else state.money,
        batches=(found.batches + state.batches)[:LISTED],
        refusals=(found.refusals + state.refusals)[:LISTED],
        names=read_names(conn) if read_again else state.names,
        names_at=as_of if read_again else state.names_at,
        batch_total=state.batch_total + found.batch_count,
        refusal_total=state.refusal_total + found.refusal_count,
    )


def between(conn: db.Connection, scope: Scope, after: Position, state: State) -> Arrivals:
    """What ``state`` shows that a reader who stopped at ``after`` has not seen."""
    return gateway.arrivals(
        conn,
        scope.operator,
        after.as_of - LONGEST_OPEN,
        after=after,
        until=state.position,
        limit=LISTED,
    )


def _money(conn: db.Connection, scope: Scope, as_of: datetime) -> list[db.Row]:
    return gateway.money(conn, as_of.astimezone(KYIV).date(), scope.operator)


def _seconds(before: dict[int, int], found: Arrivals) -> dict[int, int]:
    """Transactions by second with those found, without what the columns no longer show."""
    oldest = int((found.position.as_of - SHOWN).timestamp()) - COLUMN_SECONDS
    seconds = {second: rows for second, rows in before.items() if second >= oldest}
    for second, rows in found.seconds.items():
        if second >= oldest:
            seconds[second] = seconds.get(second, 0) + rows
    return seconds


def _strangers(found: Arrivals, names: Names) -> bool:
    """Whether something came from an operator registered since the names were read."""
    return any(row["operator_id"] not in names.operators for row in found.batches + found.refusals)
