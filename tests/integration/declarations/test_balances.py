"""Δbalances = net flow − GGR, against balances that an operator's own book keeps, player by player.

The book knows nothing of what was sent. Where the two part, by a record that was withheld, comes
late, or takes back what the book has not, the error is exactly that record, on its day alone.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.web.formats import KYIV
from tests.support import market
from tests.support.batches import (
    BET,
    DEPOSIT,
    REFUND,
    WIN,
    WITHDRAWAL,
    Row,
    cancellation,
    row,
    store,
)
from tests.support.databases import Cluster, Database, become
from tests.support.market import Operator, register

ONE_DAY = timedelta(days=1)
TODAY = datetime.now(KYIV).date()
FIRST, DAYS = TODAY - 12 * ONE_DAY, 8
# What a record does to its player's balance.
EFFECT = {BET: -1, WIN: 1, REFUND: 1, DEPOSIT: 1, WITHDRAWAL: -1}
# The days, from the first, on which the book and what was sent part.
WITHHELD_WIN, WITHHELD_DEPOSIT, LATE_BET, TAKEN_BACK = 1, 2, 4, 6


def moment(day: date, rng: random.Random) -> datetime:
    begin = datetime.combine(day, time(), tzinfo=KYIV).astimezone(UTC)
    return begin + timedelta(seconds=rng.randrange(3600, 80_000))


@dataclass
class Book:
    """Balances of one operator's players, and what all of them came to as each day ended."""

    operator: Operator
    rng: random.Random
    balances: dict[int, int] = field(default_factory=lambda: dict.fromkeys(range(1, 8), 5_000_00))
    closings: dict[date, int] = field(default_factory=dict)
    played: dict[date, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def play(self, day: date) -> None:
        """A day of every player: nobody spends what is not there."""
        moments = sorted(moment(day, self.rng) for _ in range(40))
        kinds = [BET, WIN, REFUND, DEPOSIT, WITHDRAWAL]  # each comes on each day
        for when in moments:
            kind = kinds.pop() if kinds else self.rng.choice((BET, BET, *EFFECT))
            player = self.rng.choice(list(self.balances))
            amount = self.rng.randint(1, 900_00)
            if self.balances[player] + EFFECT[kind] * amount < 0:
                kind = DEPOSIT
            self.balances[player] += EFFECT[kind] * amount
            self.played[day].append(row(self.operator, when, type=kind, amount_minor=amount))
        self.closings[day] = sum(self.balances.values())

    def opening(self, day: date) -> int:
        return self.closings.get(day - ONE_DAY, 7 * 5_000_00)

    def of(self, day: date, kind: int) -> Row:
        """The first record of its kind on a day."""
        return next(one for one in self.played[day] if one.type == kind)


@dataclass
class World:
    database: Database
    books: list[Book]
    late: Row

    def declare(self, book: Book) -> None:
        """Each day as the book has it, balances and turnover."""
        with self.database.connect("dozir_portal") as conn:
            become(conn, "operator", book.operator.id)
            for day, own in book.played.items():
                counts = Counter(one.type for one in own)
                sums: Counter[int] = Counter()
                for one in own:
                    sums[one.type] += one.amount_minor
                conn.execute(
                    "select api.declare_day(%s, 980::smallint, 1::smallint, %s::bigint[],"
                    " %s::bigint[], %s, %s, 0)",
                    (
                        day,
                        [counts[kind] for kind in EFFECT],
                        [sums[kind] for kind in EFFECT],
                        book.opening(day),
                        book.closings[day],
                    ),
                )

    def errors(self) -> dict[tuple[int, date], int]:
        """The errors that the comparison tells, other than 0; R10 says the same."""
        last = FIRST + (DAYS - 1) * ONE_DAY
        compared: dict[tuple[int, date], Any] = {}
        reported: dict[tuple[int, date], Any] = {}
        with self.database.acting_as("regulator") as conn:
            for operator, day, error, opening in conn.execute(
                "select operator_id, day, identity_error_minor, opening_error_minor"
                " from api.declared_and_observed(%s, %s)",
                (FIRST, last),
            ):
                compared[operator, day] = error
                assert not opening, "each day opens as the one before closed"
            for keys, grown, expected, error in conn.execute(
                "select keys, declared_balance_change_minor, balance_change_minor,"
                " identity_error_minor from api.report_r10(%s, %s, '{operator,day}')"
                " where not is_total",
                (FIRST, last),
            ):
                reported[int(keys[0]), date.fromisoformat(keys[1])] = error
                assert error == grown - expected
            [total] = conn.execute(
                "select identity_error_minor from api.report_r10(%s, %s) where is_total",
                (FIRST, last),
            ).fetchall()
        assert reported == compared
        assert len(compared) == DAYS * len(self.books)
        assert total == (sum(compared.values()),)
        return {key: error for key, error in compared.items() if error}


@pytest.fixture
def world(cluster: Cluster) -> Any:
    """Two operators, one of which sends all that is in its book and nothing else."""
    rng = random.Random(20261128)
    with cluster.fresh() as database:
        books = []
        for code in ("BOOK-TRUE", "BOOK-NOT"):
            with database.connect() as conn:
                made = register(
                    conn,
                    market.document(
                        code,
                        licences=[market.licence(f"{code}-L", "online_casino")],
                        channels=[market.website("SITE")],
                        games=[market.game("GAME", "online_casino")],
                    ),
                )
            books.append(Book(made, rng))
            for number in range(DAYS):
                books[-1].play(FIRST + number * ONE_DAY)
        true, other = books
        store(database, true.operator, [one for own in true.played.values() for one in own])
        late = other.of(FIRST + LATE_BET * ONE_DAY, BET)
        kept = {
            late.id,
            other.of(FIRST + WITHHELD_WIN * ONE_DAY, WIN).id,
            other.of(FIRST + WITHHELD_DEPOSIT * ONE_DAY, DEPOSIT).id,
        }
        sent = [one for own in other.played.values() for one in own if one.id not in kept]
        store(database, other.operator, sent)
        made_world = World(database, books, late)
        for book in books:
            made_world.declare(book)
        yield made_world


def test_the_error_is_the_record_that_the_book_and_the_log_do_not_share(world: World) -> None:
    other = world.books[1]
    whose = other.operator.id
    win_day, deposit_day, late_day, back_day = (
        FIRST + number * ONE_DAY
        for number in (WITHHELD_WIN, WITHHELD_DEPOSIT, LATE_BET, TAKEN_BACK)
    )
    withheld = {
        (whose, win_day): other.of(win_day, WIN).amount_minor,
        (whose, deposit_day): other.of(deposit_day, DEPOSIT).amount_minor,
    }
    assert world.errors() == withheld | {(whose, late_day): -world.late.amount_minor}
    store(world.database, other.operator, [world.late])
    assert world.errors() == withheld, "what comes late is as if it had come in time"
    # A bet is taken back on the next day, which the book has not: no stake comes back to anybody.
    bet = other.of(back_day - ONE_DAY, BET)
    store(world.database, other.operator, [cancellation(bet, moment(back_day, other.rng))])
    assert world.errors() == withheld | {(whose, back_day): -bet.amount_minor}
