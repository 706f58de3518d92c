"""What an operator's declared days of a month come to is kept as they are declared, and mended."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest

from portal.web.formats import KYIV
from tests.support.batches import random_rows, store
from tests.support.databases import Cluster, Connection, Database, become, rows, value
from tests.support.market import Operator, alpha, beta, register

TODAY = datetime.now(KYIV).date()
ONE_DAY = timedelta(days=1)
LAST_OF_MONTH = TODAY.replace(day=1) - ONE_DAY
FIRST_OF_MONTH = LAST_OF_MONTH.replace(day=1)
COLUMNS = (
    "operator_id, month, days, ggr_minor, balance_change_minor, last_day, closing_balance_minor,"
    " open_bets_minor"
)


def declare(
    conn: Connection,
    operator: Operator,
    day: date,
    figures: list[int],
    *,
    version: int = 1,
    currency: int = 980,
) -> None:
    """A day's stakes, winnings and refunds, opening and closing balance, open bets."""
    bet, win, refund, opening, closing, opened = figures
    become(conn, "operator", operator.id)
    conn.execute(
        "select api.declare_day(%s, %s::smallint, %s::smallint, '{1,1,1,0,0}', %s::bigint[],"
        " %s, %s, %s, %s)",
        (
            day,
            currency,
            version,
            [bet, win, refund, 0, 0],
            opening,
            closing,
            opened,
            None if version == 1 else "counted anew",
        ),
    )


@dataclass
class World:
    database: Database
    operators: list[Operator]
    # (operator, day) -> figures of the newest version, in hryvnias.
    newest: dict[tuple[int, date], list[int]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> Iterator[World]:
    """Two operators that declare most days of two months, correct some, and send records."""
    rng = random.Random(43)
    with cluster.fresh() as database:
        with database.connect() as conn:
            made = World(database, [register(conn, one()) for one in (alpha, beta)])
        for operator in made.operators:
            moments = [
                datetime.combine(TODAY - n * ONE_DAY, time(12), tzinfo=KYIV).astimezone(UTC)
                for n in range(1, 65)
            ]
            store(database, operator, random_rows(operator, 400, rng, moments))
            for n in range(1, 65):
                day = TODAY - n * ONE_DAY
                if rng.random() < 0.2:
                    continue
                for version in range(1, rng.choice((2, 2, 2, 3, 4))):
                    figures = [rng.randrange(10**9) for _ in range(6)]
                    with database.connect("dozir_portal") as conn:
                        declare(conn, operator, day, figures, version=version)
                    made.newest[operator.id, day] = figures
            with database.connect("dozir_portal") as conn:
                declare(conn, operator, LAST_OF_MONTH, [7] * 6, currency=840)
        yield made


def test_months_come_to_what_their_days_do(world: World) -> None:
    by_month: dict[tuple[int, date], dict[date, list[int]]] = defaultdict(dict)
    for (operator, day), figures in world.newest.items():
        by_month[operator, day.replace(day=1)][day] = figures
    expected = [
        (
            operator,
            month,
            sum(1 << (day.day - 1) for day in days),
            sum(bet - win - refund for bet, win, refund, *_ in days.values()),
            sum(closing - opening for _, _, _, opening, closing, _ in days.values()),
            max(days),
            *days[max(days)][4:],
        )
        for (operator, month), days in sorted(by_month.items())
    ]
    with world.database.acting_as("regulator") as conn:
        told = f"select {COLUMNS} from api.declared_days where currency = 980 order by 1, 2"
        assert rows(conn, told) == expected
    own = world.operators[0].id
    with world.database.acting_as("operator", own) as conn:
        assert {one[0] for one in rows(conn, f"select {COLUMNS} from api.declared_days")} == {own}


@pytest.mark.parametrize("by", ["{operator}", "{}", "{month}", "{operator,month}", "{quarter}"])
@pytest.mark.parametrize(
    "first",
    [FIRST_OF_MONTH, FIRST_OF_MONTH + 9 * ONE_DAY, (FIRST_OF_MONTH - ONE_DAY).replace(day=1)],
    ids=["month", "part", "months"],
)
@pytest.mark.parametrize("last", [LAST_OF_MONTH, TODAY], ids=["ended", "until-today"])
def test_a_report_over_months_is_that_over_their_days(
    world: World, by: str, first: date, last: date
) -> None:
    """Read by month or by day, everything that adds up is the same; days that are missing, too."""
    sums = "day_count, declared_ggr, observed_ggr, balance_change, identity_error"
    asked = f"select {sums} from api.report_declared(%s, %s, %s, null, 980::smallint, null)"
    with world.database.acting_as("regulator") as conn:
        by_days = rows(conn, f"{asked} where not is_total", (first, last, "{operator,day}"))
        total = rows(conn, f"{asked} where is_total", (first, last, by))
        parts = rows(conn, f"{asked} where not is_total", (first, last, by))
    whole = tuple(sum(column) for column in zip(*by_days, strict=True))
    assert total == [whole]
    assert whole[2] != 0, "nothing was received: it would prove nothing"
    if by != "{}":
        assert tuple(sum(column) for column in zip(*parts, strict=True)) == whole


def test_balances_are_those_of_the_last_declared_day(world: World) -> None:
    asked = (
        "select key_1, closing_balance, open_bets from api.report_declared(%s, %s, %s, null,"
        " 980::smallint, null) where not is_total order by 1"
    )
    expected = []
    for operator in world.operators:
        days = [
            day
            for of, day in world.newest
            if of == operator.id and FIRST_OF_MONTH <= day <= LAST_OF_MONTH
        ]
        expected.append((operator.id, *world.newest[operator.id, max(days)][4:]))
    with world.database.acting_as("regulator") as conn:
        assert rows(conn, asked, (FIRST_OF_MONTH, LAST_OF_MONTH, "{operator}")) == expected
        ((_, closing, opened),) = rows(conn, asked, (FIRST_OF_MONTH, LAST_OF_MONTH, "{month}"))
    assert (closing, opened) == tuple(sum(one[n] for one in expected) for n in (1, 2))


def test_damage_is_found_and_mended(world: World) -> None:
    with world.database.connect() as conn:
        assert not rows(conn, "select * from report.check_rollups()")
        conn.execute(
            "update report.declared_days set ggr_minor = ggr_minor + 1 where operator_id = %s",
            (world.operators[0].id,),
        )
        found = rows(conn, "select object, key ->> 'operator_id' from report.check_rollups()")
        assert {*found} == {("report.declared_days", str(world.operators[0].id))}
    with world.database.connect(autocommit=True) as conn:
        conn.execute("call rollup.rebuild('-infinity', 'infinity')")
        assert not rows(conn, "select * from report.check_rollups()")


def test_two_days_declared_at_once_are_both_counted(cluster: Cluster) -> None:
    """The second waits for the first and counts it, too."""
    with cluster.fresh() as database:
        with database.connect() as conn:
            operator = register(conn, alpha())
        earlier, later = LAST_OF_MONTH - ONE_DAY, LAST_OF_MONTH

        def second() -> None:
            with database.connect("dozir_portal") as other:
                declare(other, operator, later, [20, 0, 0, 0, 5, 1])

        with ThreadPoolExecutor(1) as pool:
            with database.connect("dozir_portal") as first:
                declare(first, operator, earlier, [100, 0, 0, 0, 7, 2])
                running = pool.submit(second)
                with database.connect(autocommit=True) as conn:
                    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                    while not value(conn, waiting):
                        assert not running.done()
            running.result(60)
        with database.connect() as conn:
            found = rows(conn, f"select {COLUMNS} from report.declared_days")
        days = 1 << (earlier.day - 1) | 1 << (later.day - 1)
        assert found == [(operator.id, FIRST_OF_MONTH, days, 120, 12, later, 5, 1)]
