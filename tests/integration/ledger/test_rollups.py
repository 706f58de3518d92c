"""Rollups are exact at commit, whatever came, and what is not exact is found and mended."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.integration.ledger import reference
from tests.support.batches import Row, cancellation, lag_histogram, random_rows, row, store
from tests.support.databases import Cluster, Connection, Database, column, rows, value
from tests.support.market import Operator, alpha, beta, register, register_alone, register_market

NOW = datetime.now(UTC).replace(microsecond=0)
# Kyiv's clocks went back at 01:00 UTC that day (its 25th hour) and forward in March (23 hours).
CLOCK_CHANGES = [
    datetime(2026, 10, 24, 20, 59, tzinfo=UTC),
    datetime(2026, 10, 24, 21, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 21, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 22, 0, tzinfo=UTC),
    datetime(2026, 3, 28, 21, 59, tzinfo=UTC),
    datetime(2026, 3, 28, 22, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
    datetime(2026, 3, 29, 20, 59, tzinfo=UTC),
    datetime(2026, 3, 29, 21, 0, tzinfo=UTC),
]
RECENT = [NOW - timedelta(hours=n) for n in (0, 1, 5, 24, 50, 24 * 30)]


class Ledger:
    """Operators that nobody else uses, and all that was stored for the first of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.connect() as conn:
            self.operator: Operator = register(conn, alpha())
            self.other: Operator = register(conn, beta())
        self.rows: list[Row] = []

    def store(self, batch: list[Row]) -> dict[str, Any]:
        receipt = store(self.database, self.operator, batch)
        self.rows += batch
        return receipt


@pytest.fixture(scope="module")
def ledger(cluster: Cluster) -> Iterator[Ledger]:
    """Random batches: several days, clock changes, late records, cancellations."""
    rng = random.Random(20261025)
    with cluster.fresh() as database:
        made = Ledger(database)
        for _ in range(6):
            made.store(random_rows(made.operator, rng.randint(1, 120), rng, RECENT + CLOCK_CHANGES))
        targets = rng.sample(made.rows, 25)
        made.store(
            [cancellation(one, max(one.occurred_at, rng.choice(RECENT))) for one in targets[:15]]
        )
        mixed = [cancellation(one) for one in targets[15:]]
        made.store(random_rows(made.operator, 20, rng, RECENT) + mixed)
        store(database, made.other, random_rows(made.other, 30, rng, RECENT))
        yield made


def differences(conn: Connection, *bounds: Any) -> list[tuple[Any, ...]]:
    marks = ", ".join(["%s"] * len(bounds))
    return rows(conn, f"select * from report.check_rollups({marks})", bounds)


def test_rollups_equal_a_plain_count_of_what_was_sent(ledger: Ledger) -> None:
    cases: list[tuple[str, str, Any]] = [
        (
            "hour",
            "hour, licence_id, channel_id, currency, payment, flags, breach",
            reference.by_hour,
        ),
        ("game_hour", "hour, game_id, equipment_id, currency", reference.by_game_hour),
        ("day", "day, licence_id, currency", reference.by_day),
        ("month", "month, licence_id, currency", reference.by_month),
        ("game_day", "day, game_id, equipment_id, currency", reference.by_game_day),
    ]
    with ledger.database.rolled_back() as conn:
        for table, columns, key in cases:
            found = reference.stored(conn, table, columns, ledger.operator.id)
            assert found == reference.expected(ledger.rows, key), table


def end_hour(conn: Connection) -> int | None:
    """Make the days of games as if this hour were over; how many rows of hours that were."""
    counted: int | None = value(
        conn, "select maintenance.count_some_games(date_trunc('hour', now()) + interval '1 hour')"
    )
    return counted


def test_days_of_games_are_the_same_before_and_after_their_hour_is_over(ledger: Ledger) -> None:
    columns = "day, game_id, equipment_id, currency"
    with ledger.database.rolled_back() as conn:
        before = reference.stored(conn, "game_day", columns, ledger.operator.id)
        made = "select coalesce(sum(bet_count + win_count), 0) from rollup.game_day"
        assert value(conn, made) == 0, "the hour goes on"
        assert end_hour(conn) == value(conn, "select count(*) from rollup.game_hour")
        assert value(conn, made) > 0
        assert reference.stored(conn, "game_day", columns, ledger.operator.id) == before
        assert differences(conn) == []
        assert end_hour(conn) is None, "each hour once"


def test_what_is_made_when_an_hour_is_over_equals_a_plain_count(ledger: Ledger) -> None:
    operator, sent = ledger.operator.id, ledger.rows
    with ledger.database.rolled_back() as conn:
        assert value(conn, "select count(*) from rollup.mark_day") == 0, "the hour goes on"
        end_hour(conn)
        for table, columns, key in (
            ("play_day", "day, game_id, on_equipment, currency", reference.by_play_day),
            ("play_month", "month, game_id, on_equipment, currency", reference.by_play_month),
        ):
            found = reference.stored(conn, table, columns, operator)
            assert found == reference.expected(sent, key), table
        columns = "day, licence_id, channel_id, currency, breach"
        marked = [one for one in sent if one.breach]
        found = reference.stored(conn, "mark_day", columns, operator)
        assert found == reference.expected(marked, reference.by_mark_day)
        months = reference.expected(marked, reference.by_mark_month)
        asked = "select month, licence_id, channel_id, currency, breach, record_count, bet_count,"
        asked += " bet_minor from api.rollup_mark_month where operator_id = %s"
        assert {row[:5]: row[5:] for row in rows(conn, asked, (operator,))} == {
            key: (sum(figures[::2]), *figures[:2]) for key, figures in months.items()
        }
        in_sets = "select day, currency, breach from api.rollup_market_mark_day"
        in_sets += " where block = api.operator_block(%s)"
        in_sets += " and operators & api.operator_bit(%s) = api.operator_bit(%s)"
        assert sorted(rows(conn, in_sets, (operator,) * 3)) == sorted(
            {reference.by_market_mark_day(one) for one in marked}
        )
        assert rows(
            conn, "select sum(record_count), sum(bet_minor) from api.rollup_market_mark_day"
        ) == rows(conn, "select sum(record_count), sum(bet_minor) from api.rollup_mark_month")
        played = {
            (one.equipment_id, one.occurred_at.astimezone(reference.KYIV).date())
            for one in sent
            if one.equipment_id
        }
        days = "select equipment_id, month + n from rollup.equipment_month,"
        days += " generate_series(0, 30) as n where operator_id = %s and days & (1 << n) <> 0"
        assert set(rows(conn, days, (operator,))) == played
        for equipment, day in sorted(played)[:5]:
            asked = "select count(*) from api.equipment_played(%s, %s) where equipment_id = %s"
            assert value(conn, asked, (day, day, equipment)) == 1
            before, after = day - timedelta(days=1), day + timedelta(days=1)
            for other in (before, after):
                told = value(conn, asked, (other, other, equipment))
                assert told == ((equipment, other) in played)


def test_an_hour_in_which_something_may_still_arrive_is_not_over(ledger: Ledger) -> None:
    job = "select maintenance.count_some_games()"
    with ledger.database.rolled_back() as conn:
        conn.execute(
            "update rollup.game_progress"
            " set counted_until = date_trunc('hour', now()) - interval '1 day'"
        )
        assert value(conn, job) == 0, "nothing arrived in the hours before"
        assert value(conn, job) is None
        until = value(conn, "select counted_until from rollup.game_progress")
        assert until == value(conn, "select date_trunc('hour', api.report_watermark())")
        assert value(conn, "select count(*) from rollup.game_day") == 0


def test_a_day_of_kyiv_has_25_hours_when_clocks_go_back(ledger: Ledger) -> None:
    with ledger.database.rolled_back() as conn:
        for day in (date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26), date(2026, 3, 29)):
            sent = [
                one
                for one in ledger.rows
                if one.occurred_at.astimezone(reference.KYIV).date() == day
            ]
            assert sent
            turnover = sum(
                one.amount_minor for one in sent if one.type == 1 and one.currency == 980
            )
            found = value(
                conn,
                "select coalesce(sum(bet_minor), 0) from rollup.day"
                " where day = %s and operator_id = %s and currency = 980",
                (day, ledger.operator.id),
            )
            assert found == turnover, day


def test_the_check_finds_nothing_where_nothing_is_wrong(ledger: Ledger) -> None:
    with ledger.database.rolled_back() as conn:
        assert differences(conn) == []
        assert differences(conn, "-infinity", "infinity") == []
        assert differences(conn, "-infinity", NOW) == []
        assert differences(conn, NOW - timedelta(days=3), "infinity") == []
        assert differences(conn, NOW, NOW) == []
        assert differences(conn, NOW, NOW - timedelta(days=3)) == []
        for moment in CLOCK_CHANGES:
            assert differences(conn, moment, moment + timedelta(minutes=1)) == []


def test_the_owner_can_check_too(ledger: Ledger) -> None:
    with ledger.database.rolled_back("dozir_migrator") as conn:
        assert differences(conn) == []


# What is counted from raw rows; months are counted from days, which do not change with those.
COUNTED = {"rollup.hour", "rollup.game_hour", "rollup.day", "rollup.game_day"}
TAMPERING = {
    "a sum in rollup.hour raised": (
        "update rollup.hour set bet_minor = bet_minor + 1 where ctid ="
        " (select ctid from rollup.hour where breach = 0 order by hour desc limit 1)",
        {"rollup.hour"},
    ),
    "a count in rollup.game_hour lowered": (
        "update rollup.game_hour set win_count = win_count - 1"
        " where ctid = (select ctid from rollup.game_hour order by hour limit 1)",
        {"rollup.game_hour"},
    ),
    "a row of rollup.day deleted": (
        "delete from rollup.day where ctid = (select ctid from rollup.day order by day limit 1)",
        {"rollup.day", "rollup.month"},
    ),
    "a sum in rollup.month raised": (
        "update rollup.month set night_bet_minor = night_bet_minor + 1"
        " where ctid = (select ctid from rollup.month limit 1)",
        {"rollup.month"},
    ),
    "a row of rollup.game_day deleted": (
        "delete from rollup.game_day where ctid ="
        " (select ctid from rollup.game_day where equipment_id = 0 limit 1)",
        {"rollup.game_day", "rollup.play_day"},
    ),
    "a sum in rollup.play_day raised": (
        "update rollup.play_day set win_minor = win_minor + 1"
        " where ctid = (select ctid from rollup.play_day limit 1)",
        {"rollup.play_day", "rollup.play_month"},
    ),
    "a row of rollup.play_month deleted": (
        "delete from rollup.play_month where ctid = (select ctid from rollup.play_month limit 1)",
        {"rollup.play_month"},
    ),
    "a day of a machine taken away": (
        "update rollup.equipment_month set days = days & (days - 1)"
        " where ctid = (select ctid from rollup.equipment_month limit 1)",
        {"rollup.equipment_month"},
    ),
    "a sum in rollup.mark_day raised": (
        "update rollup.mark_day set bet_minor = bet_minor + 1"
        " where ctid = (select ctid from rollup.mark_day limit 1)",
        {"rollup.mark_day", "rollup.mark_month", "rollup.market_mark_day"},
    ),
    "an operator put into a set of rollup.market_mark_day": (
        "update rollup.market_mark_day set operators = set_bit(operators, 0, 1)"
        " where ctid = (select ctid from rollup.market_mark_day limit 1)",
        {"rollup.market_mark_day"},
    ),
    "a sum in rollup.mark_month raised": (
        "update rollup.mark_month set record_count = record_count + 1"
        " where ctid = (select ctid from rollup.mark_month limit 1)",
        {"rollup.mark_month"},
    ),
    "a mark put on in rollup.hour": (
        "update rollup.hour set breach = breach | 8 where ctid ="
        " (select ctid from rollup.hour where breach <> 0 limit 1)",
        {"rollup.hour", "rollup.mark_day"},
    ),
    "a row of rollup.hour deleted": (
        "delete from rollup.hour"
        " where ctid = (select ctid from rollup.hour where breach = 0 limit 1)",
        {"rollup.hour"},
    ),
    "a row of rollup.day invented": (
        "insert into rollup.day select operator_id, shard, day - 7, gambling_type_id, licence_id,"
        " currency, received_day, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 from rollup.day limit 1",
        {"rollup.day", "rollup.month"},
    ),
    "a figure moved to another hour of arrival": (
        "update rollup.hour set received_hour = received_hour - interval '5 hours'"
        " where ctid = (select ctid from rollup.hour where breach = 0 limit 1)",
        {"rollup.hour"},
    ),
    "a raw row added": (
        "insert into ledger.transaction select occurred_at, operator_id, gen_random_uuid(),"
        " batch_id, 9999, type, amount_minor, currency, licence_id, channel_id, equipment_id,"
        " game_id, round_id, player, payment, flags, breach, cancels, cancel_reason,"
        " exclusion_receipt"
        " from ledger.transaction limit 1",
        COUNTED | {"ledger.batch"},
    ),
    "a raw row of a batch that never was": (
        "insert into ledger.transaction select occurred_at, operator_id, gen_random_uuid(),"
        " 0, 1, type, amount_minor, currency, licence_id, channel_id, equipment_id, game_id,"
        " round_id, player, payment, flags, breach, cancels, cancel_reason, exclusion_receipt"
        " from ledger.transaction limit 1",
        {"ledger.batch"},
    ),
    "an amount changed": (
        "update ledger.transaction set amount_minor = amount_minor + 1 where (id, occurred_at) ="
        " (select id, occurred_at from ledger.transaction order by id limit 1)",
        COUNTED | {"ledger.batch"},
    ),
    "a raw row taken away": (
        "delete from ledger.transaction where (id, occurred_at) ="
        " (select id, occurred_at from ledger.transaction order by id desc limit 1)",
        COUNTED | {"ledger.batch"},
    ),
    "all rows of a batch taken away": (
        "delete from ledger.transaction where batch_id = (select min(id) from ledger.batch)",
        COUNTED | {"ledger.batch"},
    ),
    "a cancellation made an ordinary record": (
        "update ledger.transaction set cancel_reason = 0 where (id, occurred_at) ="
        " (select id, occurred_at from ledger.transaction where cancel_reason <> 0 limit 1)",
        COUNTED | {"ledger.batch"},
    ),
    "a batch's row count changed": (
        "update ledger.batch set row_count = row_count + 1"
        " where id = (select min(id) from ledger.batch)",
        {"ledger.batch"},
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_tampering_is_named(ledger: Ledger, what: str) -> None:
    """A superuser can mute triggers; the check then names each figure that no longer holds."""
    statement, objects = TAMPERING[what]
    with ledger.database.rolled_back() as conn:
        end_hour(conn)
        conn.execute("set local session_replication_role = replica")
        assert conn.execute(statement).rowcount > 0
        found = differences(conn)
        assert {found_in for found_in, *_ in found} == objects
        assert all(before != after for *_, before, after in found)
        for name, key, *_ in found:
            assert key.get("operator_id", ledger.operator.id) or name == "ledger.batch"


def test_a_difference_outside_the_period_is_not_named(ledger: Ledger) -> None:
    with ledger.database.rolled_back() as conn:
        conn.execute("update rollup.day set bet_count = bet_count + 1 where day = '2026-10-25'")
        day = datetime(2026, 10, 25, 12, tzinfo=UTC)
        found = differences(conn, day, day + timedelta(hours=1))
        assert {key["day"] for name, key, *_ in found if name == "rollup.day"} == {"2026-10-25"}
        assert {name for name, *_ in found} == {"rollup.day", "rollup.month"}
        # A month is compared whole; of another day of it nothing else is named.
        later = day + timedelta(days=1)
        found = differences(conn, later, later + timedelta(hours=1))
        assert {name for name, *_ in found} == {"rollup.month"}
        earlier = datetime(2026, 3, 29, 12, tzinfo=UTC)
        assert differences(conn, earlier, earlier + timedelta(hours=1)) == []


@pytest.fixture
def spoilt(ledger: Ledger) -> Iterator[set[date]]:
    """Wrong figures on many days, committed; whoever asks must mend them."""
    with ledger.database.connect() as conn:
        conn.execute(
            "update rollup.hour set bet_minor = bet_minor + 7 where hour < %s",
            (NOW - timedelta(days=20),),
        )
        conn.execute("delete from rollup.day where day < %s", (NOW - timedelta(days=40),))
        conn.execute(
            "update rollup.game_hour set game_id = -1 - game_id where hour < %s",
            (NOW - timedelta(days=40),),
        )
    with ledger.database.connect() as conn:
        assert differences(conn)
        days = column(
            conn,
            "select distinct (hour at time zone 'Europe/Kyiv')::date from rollup.hour"
            " where hour < %s",
            (NOW - timedelta(days=20),),
        )
    yield set(days)
    with ledger.database.connect() as conn:
        assert differences(conn) == []


def _rebuild(database: Database, since: Any = "-infinity", until: Any = "infinity") -> None:
    with database.connect("dozir_migrator", autocommit=True) as conn:
        conn.execute("call rollup.rebuild(%s, %s)", (since, until))


def test_rebuild_mends_day_by_day(ledger: Ledger, spoilt: set[date]) -> None:
    _rebuild(ledger.database)
    with ledger.database.rolled_back() as conn:
        writers = column(
            conn, "select distinct xmin::text from rollup.day where day = any (%s)", (list(spoilt),)
        )
    assert len(writers) == len(spoilt) > 3, "one transaction for each day"


def test_rebuild_leaves_alone_what_is_right(ledger: Ledger) -> None:
    with ledger.database.rolled_back() as conn:
        before = rows(conn, "select xmin::text, ctid::text from rollup.hour")
    _rebuild(ledger.database)
    with ledger.database.rolled_back() as conn:
        assert rows(conn, "select xmin::text, ctid::text from rollup.hour") == before


def test_rebuild_of_a_period_mends_that_period(ledger: Ledger, spoilt: set[date]) -> None:
    one = max(spoilt)
    start = datetime(one.year, one.month, one.day, 12, tzinfo=UTC)
    _rebuild(ledger.database, start, start + timedelta(minutes=1))
    with ledger.database.rolled_back() as conn:
        left = differences(conn)
        assert left
        assert one.isoformat() not in {d[1].get("day") for d in left}
    _rebuild(ledger.database)


def test_rebuild_mends_while_batches_come_in(ledger: Ledger, spoilt: set[date]) -> None:
    """Ingest waits for a day at most and loses nothing; two rebuilds at once do no harm either."""
    done = threading.Event()
    failures: list[BaseException] = []

    def ingest() -> None:
        rng = random.Random(9)
        try:
            while not done.is_set():
                ledger.store(random_rows(ledger.operator, 20, rng, RECENT + CLOCK_CHANGES))
        except BaseException as problem:
            failures.append(problem)

    def rebuild() -> None:
        try:
            _rebuild(ledger.database)
        except BaseException as problem:
            failures.append(problem)

    threads = [threading.Thread(target=work) for work in (ingest, rebuild, rebuild)]
    before = len(ledger.rows)
    for thread in threads:
        thread.start()
    for thread in threads[1:]:
        thread.join()
    done.set()
    threads[0].join()
    assert failures == []
    assert len(ledger.rows) > before
    test_rollups_equal_a_plain_count_of_what_was_sent(ledger)


def test_a_cancellation_counts_negative_in_its_own_hour(database: Database) -> None:
    operator = register_alone(database)
    then, now = NOW - timedelta(days=2), NOW
    target = row(operator, then, amount_minor=12_345)
    store(database, operator, [target])
    store(database, operator, [cancellation(target, now)])
    with database.rolled_back() as conn:
        found = rows(
            conn,
            "select hour, sum(bet_count), sum(bet_minor) from rollup.hour"
            " where operator_id = %s and hour = any (%s) group by 1 order by 1",
            (operator.id, [reference.hour(then), reference.hour(now)]),
        )
    assert found == [(reference.hour(then), 1, 12_345), (reference.hour(now), -1, -12_345)]


def test_arrivals_are_counted_by_hour_and_key(fresh_database: Database) -> None:
    operator = register_market(fresh_database).alpha
    batches = [
        random_rows(operator, n, random.Random(n), [datetime.now(UTC) - timedelta(minutes=n)])
        for n in (3, 40, 5)
    ]
    receipts = [store(fresh_database, operator, batch) for batch in batches]
    with fresh_database.connect("dozir_ingest") as conn:
        conn.execute(
            "select ledger.record_refusal(%s, null, null, null, 400::smallint, 'not_json', 1, null,"
            " 5, '{}', '[]', 'r')",
            (operator.key.id,),
        )
    expected = [0] * 128
    for batch, receipt in zip(batches, receipts, strict=True):
        received = datetime.fromisoformat(receipt["received_at"])
        for bucket, counted in enumerate(lag_histogram(batch, received)):
            expected[bucket] += counted
    with fresh_database.rolled_back() as conn:
        found = rows(
            conn,
            "select batch_count, row_count, refusal_count, late_count, lag_histogram, last_at"
            " from rollup.ingest_hour where operator_id = %s",
            (operator.id,),
        )
        late = value(conn, "select sum(late_count) from ledger.batch")
        by_minute = rows(
            conn,
            "select hour, place - 1, many from rollup.ingest_hour,"
            " unnest(minute_rows) with ordinality as u (many, place)"
            " where operator_id = %s and many <> 0 order by 1, 2",
            (operator.id,),
        )
    arrived: Counter[tuple[datetime, int]] = Counter()
    for batch, receipt in zip(batches, receipts, strict=True):
        received = datetime.fromisoformat(receipt["received_at"])
        hour = received.replace(minute=0, second=0, microsecond=0)
        arrived[hour, received.minute] += len(batch)
    assert by_minute == [(*when, many) for when, many in sorted(arrived.items())]
    assert sum(line[0] for line in found) == 3
    assert sum(line[1] for line in found) == 48
    assert sum(line[2] for line in found) == 1
    assert sum(line[3] for line in found) == late == 40
    summed = [
        sum(parts)
        for parts in zip(*(line[4] + [0] * (128 - len(line[4])) for line in found), strict=True)
    ]
    assert summed == expected
