"""Accounts are counted exactly, once, whatever comes in which order and whoever is killed."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.integration.players import reference
from tests.integration.players.reference import Sent
from tests.support.batches import Row, cancellation, row, store
from tests.support.databases import Cluster, Connection, Database, column, rows, value
from tests.support.market import Operator, alpha, beta, register
from tests.support.players import (
    close_players,
    count_players,
    count_step,
    players_rows,
    sequence,
)

NOW = datetime.now(UTC).replace(microsecond=0)
MOMENTS = [
    *(NOW - timedelta(hours=n) for n in (0, 1, 3, 9, 24, 30, 50, 24 * 9, 24 * 31, 24 * 70)),
    # Kyiv's clocks went back on 25 October (25 hours), forward on 29 March (23 hours).
    datetime(2026, 10, 24, 20, 59, tzinfo=UTC),
    datetime(2026, 10, 24, 21, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 3, 59, tzinfo=UTC),
    datetime(2026, 10, 25, 21, 59, tzinfo=UTC),
    datetime(2026, 3, 28, 21, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 2, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 20, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 21, 0, tzinfo=UTC),
    datetime(2026, 1, 1, 12, tzinfo=UTC),
]


class Ledger:
    """Two operators with few players, and all that was stored for them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.connect() as conn:
            self.operators: list[Operator] = [register(conn, alpha()), register(conn, beta())]
            self._kinds: dict[int, int] = dict(
                rows(conn, "select id, gambling_type_id from registry.licence")  # type: ignore[arg-type]
            )
        self.sent: list[Sent] = []

    def store(self, operator: Operator, batch: list[Row], conn: Connection | None = None) -> None:
        receipt = store(conn or self.database, operator, batch)
        received = datetime.fromisoformat(receipt["received_at"])
        self.sent += [
            Sent(operator.id, self._kinds[one.licence_id], one, received) for one in batch
        ]

    def play(self, rng: random.Random, batches: int = 4, n: int = 60) -> None:
        """Batches of both operators, and cancellations of some of what is there."""
        for _ in range(batches):
            operator = rng.choice(self.operators)
            self.store(operator, players_rows(operator, rng.randint(1, n), rng, MOMENTS))
        for operator in self.operators:
            taken = {one.row.cancels for one in self.sent}
            own = [
                one.row
                for one in self.sent
                if one.operator_id == operator.id
                and not one.row.cancel_reason
                and one.row.id not in taken
            ]
            targets = rng.sample(own, min(len(own), 8))
            self.store(
                operator, [cancellation(one, max(one.occurred_at, NOW)) for one in targets] or [own]
            )

    def check(self) -> None:
        """Whatever was counted equals a plain count of what was sent."""
        with self.database.rolled_back() as conn:
            assert reference.stored_days(conn) == reference.player_days(self.sent)
            assert reference.stored_counts(conn) == reference.account_counts(self.sent)
            assert rows(conn, "select * from report.check_players()") == []


@pytest.fixture(scope="module")
def ledger(cluster: Cluster) -> Iterator[Ledger]:
    with cluster.fresh() as database:
        yield Ledger(database)


def test_accounts_equal_a_plain_count_of_what_was_sent(ledger: Ledger) -> None:
    rng = random.Random(20261129)
    for rows_in_a_step in (200_000, 1, 40):
        ledger.play(rng)
        assert count_players(ledger.database, rows_in_a_step) > 0
        ledger.check()
        assert count_players(ledger.database) == 0, "counted once"
        ledger.check()


def test_a_batch_that_commits_late_is_not_passed_over(ledger: Ledger) -> None:
    rng = random.Random(2)
    first, second = ledger.operators
    with ledger.database.connect("dozir_ingest") as slow:
        with slow.transaction():
            ledger.store(first, players_rows(first, 20, rng, MOMENTS), slow)
            ledger.store(second, players_rows(second, 20, rng, MOMENTS))
            assert count_players(ledger.database) == 20, "the one that has committed"
        assert count_players(ledger.database) == 20
    ledger.check()


def test_the_moment_told_waits_for_what_is_being_stored(ledger: Ledger) -> None:
    until = "select counted_until from rollup.player_progress"
    operator = ledger.operators[0]
    with ledger.database.connect("dozir_ingest") as slow, slow.transaction():
        begun = value(slow, "select transaction_timestamp()")
        ledger.store(operator, players_rows(operator, 3, random.Random(3), MOMENTS), slow)
        time.sleep(1.2)
        count_players(ledger.database)
        with ledger.database.rolled_back() as conn:
            assert value(conn, until) <= begun
    with ledger.database.connect("dozir_jobs", autocommit=True) as conn:
        assert count_step(conn, 10) is None
    with ledger.database.rolled_back() as conn:
        assert value(conn, until) <= begun, "committed, but without a place in the log yet"
    time.sleep(1.1)
    count_players(ledger.database)
    with ledger.database.rolled_back() as conn:
        assert value(conn, until) > begun
    ledger.check()


def test_killed_at_random_instants_it_counts_each_batch_once(ledger: Ledger) -> None:
    rng = random.Random(4)
    ledger.play(rng, batches=3, n=40)
    sequence(ledger.database)
    killed = 0
    with ledger.database.connect(autocommit=True) as killer:
        while True:
            with ledger.database.connect("dozir_jobs", autocommit=True) as conn:
                # Later and later, so that it comes to an end on a busy machine too.
                after = rng.random() * 0.02 * (1 + killed)
                kill = ("select pg_terminate_backend(%s)", (conn.info.backend_pid,))
                timer = threading.Timer(after, killer.execute, kill)
                timer.start()
                try:
                    while count_step(conn, 25) is not None:
                        pass
                except psycopg.OperationalError:
                    killed += 1
                    continue
                finally:
                    timer.cancel()
                    timer.join()
                break
    assert killed > 0
    ledger.check()


def test_two_at_once_while_batches_come_in(ledger: Ledger) -> None:
    done = threading.Event()
    failures: list[BaseException] = []

    def count() -> None:
        try:
            with ledger.database.connect("dozir_jobs", autocommit=True) as conn:
                while not done.is_set():
                    count_step(conn, 20)
        except BaseException as problem:
            failures.append(problem)

    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    rng = random.Random(5)
    for _ in range(4):
        ledger.play(rng, batches=2, n=20)
        sequence(ledger.database)
    done.set()
    for thread in threads:
        thread.join()
    assert failures == []
    count_players(ledger.database)
    ledger.check()


def test_spreads_and_cohorts_equal_a_plain_count(ledger: Ledger) -> None:
    rng = random.Random(6)
    for operator in ledger.operators:
        ledger.store(operator, players_rows(operator, 200, rng, MOMENTS[4:], players=40))
    count_players(ledger.database)
    assert close_players(ledger.database) > 10
    assert close_players(ledger.database) == 0, "each once for a closed day"
    with ledger.database.rolled_back() as conn:
        closed = value(conn, "select rollup.last_closed_day()")
        periods = rows(conn, "select grain, period_start from rollup.player_period")
        compared = 0
        for grain, start in periods:
            if start > closed:
                assert reference.stored_spread(conn, grain, start) == {}
                continue
            found = reference.stored_spread(conn, grain, start)
            assert found == reference.spread(ledger.sent, grain, start, closed), (grain, start)
            compared += len(found)
        stored = rows(
            conn,
            "select operator_id, month, gambling_type_id, cohort, account_count"
            " from rollup.account_cohort",
        )
        assert {one[:4]: one[4] for one in stored} == reference.cohorts(ledger.sent, closed)
    assert compared > 100
    assert len(stored) > 20


OF_DAY = (
    " where ctid = (select ctid from rollup.player_day where day = '{day}' and bets > 0 limit 1)"
)
OF_COUNT = (
    " where ctid = (select ctid from rollup.account_count where grain = '{grain}' and"
    " period_start = date_trunc('{grain}', '{{day}}'::timestamp) and active_count > 0 limit 1)"
)
TAMPERING = {
    "a sum raised": "update rollup.player_day set win_minor = win_minor + 1" + OF_DAY,
    "an account left out": "delete from rollup.player_day" + OF_DAY,
    "an account invented": "insert into rollup.player_day select operator_id, shard,"
    " gen_random_uuid(), day, gambling_type_id, currency, 1, 0, 0, 0, 0, 0, 0"
    " from rollup.player_day" + OF_DAY,
    "a count raised": "update rollup.account_count set active_count = active_count + 1"
    + OF_COUNT.format(grain="quarter"),
    "a day of play lost": "update rollup.account_count set active_days = active_days - 1"
    + OF_COUNT.format(grain="month"),
    "new ones lowered": "update rollup.account_count set new_count = new_count - 1"
    + OF_COUNT.format(grain="month"),
    "a count left out": "delete from rollup.account_count" + OF_COUNT.format(grain="week"),
}


def test_what_was_altered_is_named_and_mended(ledger: Ledger) -> None:
    count_players(ledger.database)
    with ledger.database.rolled_back() as conn:
        players = {
            str(one) for one in column(conn, "select distinct player from rollup.player_day")
        }
        day = value(
            conn, "select max(day) from rollup.player_day where bets > 0 and day < current_date - 3"
        )
    bounds = (day, day + timedelta(days=1))
    check = "select * from report.check_players(%s, %s)"
    for what, statement in TAMPERING.items():
        with ledger.database.rolled_back() as conn:
            assert conn.execute(statement.format(day=day).encode()).rowcount == 1
            found = rows(conn, check, bounds)
        assert {one[0] for one in found} & {"rollup.player_day", "rollup.account_count"}, what
        assert not any(player in str(found) for player in players), "no account is named"
    with ledger.database.connect() as conn:
        for statement in TAMPERING.values():
            conn.execute(statement.format(day=day).encode())
    with ledger.database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("call rollup.rebuild_players(%s, %s)", bounds)
    ledger.check()


def test_what_is_taken_back_before_the_day_closed_was_never_active(
    fresh_database: Database,
) -> None:
    made = Ledger(fresh_database)
    operator = made.operators[0]
    today, long_ago = row(operator, NOW), row(operator, NOW - timedelta(days=8))
    made.store(operator, [today, long_ago])
    count_players(fresh_database)
    with fresh_database.rolled_back() as conn:
        before = reference.stored_counts(conn)
    made.store(operator, [cancellation(today), cancellation(long_ago)])
    count_players(fresh_database)
    made.check()
    with fresh_database.rolled_back() as conn:
        after = reference.stored_counts(conn)
    day, old = (one.occurred_at.astimezone(reference.KYIV).date() for one in (today, long_ago))
    assert before[operator.id, "day", day, 0] == (1, 1, 1)
    assert (operator.id, "day", day, 0) not in after
    assert after[operator.id, "day", old, 0] == (1, 1, 1), "that day was closed"


def test_an_earlier_first_day_that_comes_late_moves_who_is_new(fresh_database: Database) -> None:
    made = Ledger(fresh_database)
    operator = made.operators[0]
    later = row(operator, NOW - timedelta(days=3))
    made.store(operator, [later])
    count_players(fresh_database)
    made.store(operator, [row(operator, NOW - timedelta(days=140), player=later.player)])
    count_players(fresh_database)
    made.check()
    day = later.occurred_at.astimezone(reference.KYIV).date()
    with fresh_database.rolled_back() as conn:
        assert reference.stored_counts(conn)[operator.id, "day", day, 0] == (1, 0, 1)


def test_a_late_record_is_in_the_spread_of_the_next_morning(fresh_database: Database) -> None:
    made = Ledger(fresh_database)
    operator = made.operators[0]
    moment = NOW - timedelta(days=5)
    made.store(operator, [row(operator, moment)])
    count_players(fresh_database)
    close_players(fresh_database)
    made.store(operator, [row(operator, moment)])
    count_players(fresh_database)
    assert close_players(fresh_database) == 0
    with fresh_database.connect() as conn:  # as if it had been made the morning before
        conn.execute("update rollup.player_period set made_at = made_at - interval '1 day'")
    assert close_players(fresh_database) > 0
    day = moment.astimezone(reference.KYIV).date()
    with fresh_database.rolled_back() as conn:
        found = reference.stored_spread(conn, "day", day)
    assert found[operator.id, 0, 980][0] == 2


def test_old_accounts_go_and_their_counts_stay(fresh_database: Database) -> None:
    made = Ledger(fresh_database)
    operator = made.operators[0]
    kept, gone = NOW - timedelta(days=100), NOW - timedelta(days=140)
    made.store(operator, [row(operator, kept), row(operator, gone)])
    count_players(fresh_database)
    with fresh_database.connect("dozir_migrator") as conn:
        conn.execute("update maintenance.setting set keep_player_months = 4")
    with fresh_database.rolled_back() as conn:
        counts = reference.stored_counts(conn)
    drop = "select maintenance.drop_some_players()"
    with fresh_database.connect("dozir_jobs", autocommit=True) as conn:
        assert [value(conn, drop), value(conn, drop)] == [1, 0]
    # What comes for a day that is dropped is not counted: nobody could say whether it is new.
    made.store(operator, [row(operator, gone), row(operator, kept)])
    count_players(fresh_database)
    with fresh_database.rolled_back() as conn:
        days = column(conn, "select day from rollup.player_day")
        assert days == [kept.astimezone(reference.KYIV).date()] * 2
        after = reference.stored_counts(conn)
        assert {key for key in counts if after[key] != counts[key]} == {
            key for key in counts if key[2] == reference.GRAINS[key[1]](days[0])
        }
        assert rows(conn, "select * from report.check_players()") == []


def test_batches_from_before_the_log_are_counted_too(fresh_database: Database) -> None:
    made = Ledger(fresh_database)
    made.play(random.Random(7), batches=2, n=20)
    with fresh_database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("insert into ledger.earlier_batch select id, entry_id from ledger.batch")
        conn.execute("update ledger.batch set entry_id = null")
    assert count_players(fresh_database) == len(made.sent)
    made.check()
