"""Rounds of closed days: each payout finds the bet that it belongs to, however late it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from portal.web.formats import KYIV
from tests.support.batches import BET, REFUND, WIN, Row, cancellation, row, store
from tests.support.databases import Cluster, Database, become, rows, value
from tests.support.market import Operator, register_alone, register_market

TODAY = datetime.now(KYIV).date()
DAY = TODAY - timedelta(days=3)
UNKNOWN, UNDER_ONE, ONE_TO_FIVE, FROM_5000 = 0, 1, 2, 11


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=KYIV).astimezone(UTC)


def count(database: Database, again: str = "0") -> list[int]:
    """Count what is due, as the job does; how many rows each day gave."""
    counted: list[int] = []
    with database.connect("dozir_jobs", autocommit=True) as conn:
        over = datetime.now(UTC)
        while (one := value(
            conn, "select maintenance.count_some_rounds(%s, %s::interval)", (over, again)
        )) is not None:  # fmt: skip
            counted.append(one)
    return counted


@dataclass
class Scene:
    database: Database
    casino: Operator
    bookmaker: Operator

    def send(self, operator: Operator, *batch: Row) -> None:
        store(self.database, operator, list(batch))

    def bands(self, operator: Operator, day: date = DAY) -> dict[int, tuple[int, ...]]:
        """Band -> bets, their sum, wins, their sum, refunds, their sum."""
        with self.database.connect() as conn:
            return {
                band: tuple(map(int, figures))
                for band, *figures in rows(
                    conn,
                    "select stake_band, sum(bet_count), sum(bet_minor), sum(win_count),"
                    " sum(win_minor), sum(refund_count), sum(refund_minor)"
                    " from rollup.round_day where operator_id = %s and day = %s group by 1",
                    (operator.id, day),
                )
            }

    def paid(self, operator: Operator, day: date = DAY) -> tuple[int, ...]:
        """Paid rounds, those that won, their multiples in millionths and the squares of those."""
        told = "sum(round_count), sum(hit_count), sum(multiple_micro), sum(square_micro)"
        with self.database.connect() as conn:
            by_place, by_game = (
                rows(
                    conn,
                    f"select {told} from rollup.{table} where operator_id = %s and day = %s",
                    (operator.id, day),
                )[0]
                for table in ("round_day", "return_day")
            )
        assert [one or 0 for one in by_place] == [one or 0 for one in by_game]
        return tuple(int(one or 0) for one in by_place)

    def matched(self, operator: Operator, day: date = DAY) -> list[tuple[object, ...]]:
        with self.database.connect() as conn:
            return rows(
                conn,
                "select known_count, unknown_count from rollup.matched_day"
                " where operator_id = %s and day = %s",
                (operator.id, day),
            )

    def differences(self) -> list[tuple[object, ...]]:
        with self.database.connect() as conn:
            return rows(conn, "select * from report.check_rounds()")


@pytest.fixture
def scene(fresh_database: Database) -> Scene:
    market = register_market(fresh_database)
    return Scene(fresh_database, market.beta, register_alone(fresh_database))


def of(operator: Operator, moment: datetime, kind: int, minor: int, played: UUID) -> Row:
    licence = next(
        (one for number, one in operator.licence.items() if "CASINO" in number.upper()),
        min(operator.licence.values()),
    )
    return row(operator, moment, type=kind, amount_minor=minor, round_id=played, licence_id=licence)


def test_a_payout_stands_in_the_band_of_its_rounds_stake(scene: Scene) -> None:
    """A round's bets of a day are one stake; over midnight it is that of the day before."""
    one, two, three, none = (uuid4() for _ in range(4))
    casino = scene.casino
    taken = of(casino, at(DAY, 15), BET, 99, uuid4())
    scene.send(
        casino,
        of(casino, at(DAY, 10), BET, 60, one), of(casino, at(DAY, 11), BET, 60, one),
        of(casino, at(DAY, 12), WIN, 9_000, one),
        of(casino, at(DAY - timedelta(days=1), 23, 59), BET, 500_000, two),
        of(casino, at(DAY, 0, 1), WIN, 7, two),
        of(casino, at(DAY - timedelta(days=2), 1), BET, 5, three),
        of(casino, at(DAY, 1), REFUND, 5, three), of(casino, at(DAY, 2), WIN, 3, none),
        taken, cancellation(taken, at(DAY, 16)),
    )  # fmt: skip
    assert count(scene.database)
    assert scene.bands(casino) == {
        ONE_TO_FIVE: (2, 120, 1, 9_000, 0, 0),
        FROM_5000: (0, 0, 1, 7, 0, 0),
        # Of a casino the bet is looked for one day back, not two.
        UNKNOWN: (0, 0, 1, 3, 1, 5),
        UNDER_ONE: (0, 0, 0, 0, 0, 0),
    }
    assert scene.matched(casino) == [(2, 2)]
    assert scene.differences() == []


def test_what_takes_a_record_back_stands_where_that_one_stands(scene: Scene) -> None:
    """So that a band is what is left of it, however late the correction; who was paid was paid."""
    casino, played, old = scene.casino, uuid4(), uuid4()
    bet = of(casino, at(DAY - timedelta(days=6)), BET, 300, played)
    win = of(casino, at(DAY - timedelta(days=5), 0, 5), WIN, 9, played)
    older = of(casino, at(DAY - timedelta(days=40)), BET, 300, old)
    scene.send(casino, bet, win, older)
    scene.send(
        casino, cancellation(bet, at(DAY, 9)), cancellation(win, at(DAY, 10)),
        cancellation(older, at(DAY, 11)),
    )  # fmt: skip
    count(scene.database)
    assert scene.bands(casino) == {
        ONE_TO_FIVE: (-1, -300, -1, -9, 0, 0),
        UNKNOWN: (-1, -300, 0, 0, 0, 0),
    }
    assert scene.matched(casino) == [(0, 0)]
    assert scene.matched(casino, DAY - timedelta(days=5)) == [(1, 0)]


def test_a_paid_round_returns_a_multiple_of_its_stake(scene: Scene) -> None:
    """Bets of a round are one stake; what was refunded or bet for nothing is not paid for."""
    casino = scene.casino
    won, lost, back, third = (uuid4() for _ in range(4))
    gone = of(casino, at(DAY, 15), BET, 99, uuid4())
    scene.send(
        casino,
        of(casino, at(DAY, 10), BET, 60, won), of(casino, at(DAY, 11), BET, 60, won),
        of(casino, at(DAY, 12), WIN, 9_000, won), of(casino, at(DAY, 12), WIN, 120, won),
        of(casino, at(DAY, 10), BET, 500, lost),
        of(casino, at(DAY, 10), BET, 500, back), of(casino, at(DAY, 11), WIN, 100, back),
        of(casino, at(DAY, 12), REFUND, 500, back),
        of(casino, at(DAY, 10), BET, 3, third), of(casino, at(DAY, 11), WIN, 2, third),
        of(casino, at(DAY, 11), WIN, 7, uuid4()),
        gone, cancellation(gone, at(DAY, 16)),
    )  # fmt: skip
    count(scene.database)
    assert scene.paid(casino) == (3, 2, 76_666_667, 76_000_000**2 + 666_667**2)
    assert scene.differences() == []


def test_what_changes_a_round_later_is_told_on_the_day_of_the_change(scene: Scene) -> None:
    """Days add up to what is known of all rounds: a bet that is taken back is a negative round."""
    casino = scene.casino
    before, after = DAY - timedelta(days=1), DAY + timedelta(days=1)
    night, both, kept = (uuid4() for _ in range(3))
    bet = of(casino, at(before, 22), BET, 200, both)
    win = of(casino, at(before, 23), WIN, 400, kept)
    scene.send(
        casino,
        of(casino, at(before, 23, 59), BET, 100, night), of(casino, at(DAY, 0, 1), WIN, 150, night),
        bet, of(casino, at(before, 23), WIN, 400, both), of(casino, at(DAY, 0, 2), WIN, 600, both),
        of(casino, at(before, 22), BET, 200, kept), win,
    )  # fmt: skip
    scene.send(casino, cancellation(bet, at(after, 9)), cancellation(win, at(after, 9)))
    count(scene.database)
    million, squared = 1_000_000, 10**12
    assert scene.paid(casino, before) == (3, 2, 4 * million, 8 * squared)
    assert scene.paid(casino) == (0, 1, 4_500_000, int((1.5**2 + 5**2 - 2**2) * squared))
    assert scene.paid(casino, after) == (-1, -2, -7 * million, -(5**2 + 2**2) * squared)
    assert scene.differences() == []
    scene.send(casino, of(casino, at(before, 23), REFUND, 100, night))
    count(scene.database)
    assert scene.paid(casino, before) == (2, 2, 4 * million, 8 * squared)
    assert scene.paid(casino) == (0, 0, 3 * million, (5**2 - 2**2) * squared)
    assert scene.differences() == []


def test_changes_that_cancel_each_other_out_are_told_by_their_squares(scene: Scene) -> None:
    casino, before = scene.casino, DAY - timedelta(days=1)
    more, less = uuid4(), uuid4()
    third, second = (of(casino, at(before, 23), WIN, minor, less) for minor in (100, 200))
    scene.send(
        casino,
        of(casino, at(before, 22), BET, 100, more), of(casino, at(DAY, 0, 1), WIN, 200, more),
        of(casino, at(before, 22), BET, 100, less), third, second,
    )  # fmt: skip
    scene.send(casino, cancellation(second, at(DAY, 9)))
    count(scene.database)
    assert scene.paid(casino, before) == (2, 1, 3_000_000, 9 * 10**12)
    assert scene.paid(casino) == (0, 1, 0, (2**2 + 1**2 - 3**2) * 10**12)
    assert scene.differences() == []


def test_bookmakers_pay_out_weeks_later_and_the_newest_days_stake_counts(scene: Scene) -> None:
    maker, played, long_ago = scene.bookmaker, uuid4(), uuid4()
    scene.send(
        maker,
        of(maker, at(DAY - timedelta(days=31)), BET, 700_000, played),
        of(maker, at(DAY - timedelta(days=20)), BET, 60, played),
        of(maker, at(DAY), WIN, 100, played),
        of(maker, at(DAY - timedelta(days=32)), BET, 60, long_ago),
        of(maker, at(DAY), WIN, 200, long_ago),
        # Another operator's round of the same name is another round.
        of(maker, at(DAY), WIN, 300, shared := uuid4()),
    )
    scene.send(scene.casino, of(scene.casino, at(DAY), BET, 60, shared))
    count(scene.database)
    assert scene.bands(maker) == {
        UNDER_ONE: (0, 0, 1, 100, 0, 0),
        UNKNOWN: (0, 0, 2, 500, 0, 0),
    }
    assert scene.matched(maker) == [(1, 2)]


def test_what_comes_late_has_its_day_and_those_after_it_counted_again(scene: Scene) -> None:
    maker, played = scene.bookmaker, uuid4()
    scene.send(maker, of(maker, at(DAY), WIN, 100, played))
    count(scene.database)
    assert scene.matched(maker) == [(0, 1)]
    scene.send(
        maker,
        of(maker, at(DAY - timedelta(days=9)), BET, 60, played),
        of(maker, at(DAY), REFUND, 5, uuid4()),
    )
    assert scene.differences() == [], "what is due is no difference"
    assert count(scene.database, "1 hour") == [1], "counted within the hour: it waits"
    assert scene.matched(maker) == [(0, 1)]
    assert scene.differences() == []
    count(scene.database)
    assert scene.matched(maker) == [(1, 1)]
    assert count(scene.database) == []
    assert scene.differences() == []


def test_a_bet_that_comes_late_moves_what_took_records_back_since(scene: Scene) -> None:
    casino, played = scene.casino, uuid4()
    first = of(casino, at(DAY - timedelta(days=9), 11), BET, 300, played)
    scene.send(casino, first)
    scene.send(casino, cancellation(first, at(DAY)))
    count(scene.database)
    assert scene.bands(casino) == {ONE_TO_FIVE: (-1, -300, 0, 0, 0, 0)}
    scene.send(casino, of(casino, at(DAY - timedelta(days=9), 12), BET, 700_000, played))
    count(scene.database)
    assert scene.bands(casino) == {FROM_5000: (-1, -300, 0, 0, 0, 0)}
    assert scene.differences() == []


def test_a_day_that_goes_on_is_not_counted(scene: Scene) -> None:
    now = datetime.now(UTC) - timedelta(minutes=1)
    scene.send(scene.casino, of(scene.casino, now, WIN, 100, uuid4()))
    assert count(scene.database) == []
    assert scene.matched(scene.casino, now.astimezone(KYIV).date()) == []


def test_a_day_whose_bets_may_be_archived_stays_as_it_was_counted(scene: Scene) -> None:
    casino, played = scene.casino, uuid4()
    scene.send(casino, of(casino, at(DAY), BET, 300, played), of(casino, at(DAY), WIN, 9, played))
    count(scene.database)
    scene.send(casino, of(casino, at(DAY), WIN, 9, uuid4()))
    with scene.database.connect() as conn:
        conn.execute("insert into rollup.round_due values (%s, %s)", (DAY, casino.id))
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "insert into ledger.archive (archived_until) values (%s)",
            (at(DAY - timedelta(days=20)),),
        )
    assert count(scene.database) == []
    assert scene.matched(casino) == [(1, 0)]
    assert scene.differences() == []


TAMPERING = (
    "update rollup.round_day set win_minor = win_minor + 1 where stake_band = 2",
    "delete from rollup.round_day where stake_band = 2",
    "update rollup.matched_day set known_count = known_count + 1",
    "update rollup.round_day set square_micro = square_micro + 1 where stake_band = 2",
    "update rollup.return_day set multiple_micro = multiple_micro + 1",
    "delete from rollup.return_day",
    "update rollup.return_month set square_micro = square_micro + 1",
)


def test_what_was_altered_is_named_and_mended(scene: Scene) -> None:
    played = uuid4()
    scene.send(
        scene.casino,
        of(scene.casino, at(DAY), BET, 300, played), of(scene.casino, at(DAY), WIN, 9, played),
    )  # fmt: skip
    count(scene.database)
    for statement in TAMPERING:
        with scene.database.rolled_back() as conn:
            conn.execute(statement.encode())
            assert rows(conn, "select * from report.check_rounds()") != [], statement
    with scene.database.connect() as conn:
        conn.execute(TAMPERING[1].encode())
        conn.execute(TAMPERING[2].encode())
        conn.execute(TAMPERING[5].encode())
        conn.execute(TAMPERING[6].encode())
    with scene.database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("call rollup.rebuild_rounds('-infinity', 'infinity')")
    assert scene.differences() == []
    assert scene.matched(scene.casino) == [(1, 0)]


@pytest.fixture(scope="module")
def readers(cluster: Cluster) -> Iterator[Scene]:
    with cluster.fresh() as database:
        market = register_market(database)
        scene = Scene(database, market.beta, register_alone(database))
        for one in (scene.casino, scene.bookmaker):
            scene.send(one, of(one, at(DAY), BET, 100, played := uuid4()))
            scene.send(one, of(one, at(DAY), WIN, 100, played), of(one, at(DAY), WIN, 9, uuid4()))
        count(database)
        yield scene


def test_an_operator_finds_its_own_rounds_alone(readers: Scene) -> None:
    with readers.database.rolled_back() as conn:
        for view in ("api.round_day", "api.return_day", "api.return_month", "api.matched_day"):
            become(conn, "operator", readers.casino.id)
            found = rows(conn, f"select distinct operator_id from {view}")
            assert found == [(readers.casino.id,)]
            become(conn, "operator")
            assert rows(conn, f"select 1 from {view}") == []
