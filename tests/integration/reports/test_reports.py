"""Every figure of every report equals a slow recomputation from what was sent, to the digit."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from portal.reports import catalogue
from tests.integration.reports import oracle
from tests.integration.reports.oracle import Query, World
from tests.integration.reports.questions import answer, compare, connected, queries
from tests.integration.reports.worlds import NOW, TODAY, world_in
from tests.support.batches import random_rows, store
from tests.support.databases import Cluster, Database, become
from tests.support.market import register_alone

WORLDS = {20261025: 9, 7: 40}  # seeds, and of how many players
QUERIES = 20  # of each report and world
PERIODS = [
    (date(2026, 10, 25), date(2026, 10, 25)),
    (date(2026, 3, 28), date(2026, 3, 29)),
    (date(2024, 2, 1), date(2024, 2, 29)),
    (date(2025, 2, 1), date(2025, 2, 28)),
    (date(2025, 2, 27), date(2025, 3, 1)),
    (date(2025, 12, 31), date(2026, 1, 1)),
    (date(2026, 1, 1), date(2026, 1, 31)),
    (TODAY - timedelta(days=6), TODAY + timedelta(days=1)),
    (TODAY - timedelta(days=30), TODAY),
    (TODAY - timedelta(days=1), TODAY - timedelta(days=1)),
    (TODAY - timedelta(days=90), TODAY),
]
LONG = [(date(2024, 1, 1), date(2026, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31))]


@pytest.fixture(scope="module", params=WORLDS)
def scene(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[Any]:
    with cluster.fresh() as database:
        yield database, *world_in(database, request.param, players=WORLDS[request.param])


@pytest.fixture(scope="module")
def definitions(scene: Any) -> dict[str, catalogue.Definition]:
    with connected(scene[0], "regulator") as conn:
        return {one.code: one for one in catalogue.read(conn)}


@pytest.mark.parametrize("code", oracle.REPORTS)
def test_every_figure_is_what_a_slow_recomputation_says(
    scene: Any, definitions: dict[str, catalogue.Definition], code: str
) -> None:
    database, world, operators = scene
    rng = random.Random(code)
    with connected(database, "regulator") as conn:
        asked = queries(definitions[code], world, operators, rng, PERIODS, LONG)
        for query in itertools.islice(asked, QUERIES):
            compare(answer(conn, code, query), oracle.REPORTS[code](world, query), query)


@pytest.mark.parametrize("code", oracle.REPORTS)
def test_an_operator_finds_its_own_figures_and_no_others(
    scene: Any, definitions: dict[str, catalogue.Definition], code: str
) -> None:
    """The same recomputation over a world in which there is nobody else."""
    database, world, operators = scene
    rng = random.Random(f"own {code}")
    own = operators[0]
    alone = World(
        [one for one in world.facts if one.operator == own.id],
        [one for one in world.batches if one.operator == own.id],
        [one for one in world.refusals if one.operator == own.id],
        {key: one for key, one in world.licences.items() if one[0] == own.id},
        {game: world.games[game] for game in own.game.values()},
        world.unrated_types,
        [one for one in world.declared_days if one.operator == own.id],
        [one for one in world.declared_months if one.operator == own.id],
        world.rates,
        world.tax_classes,
        {key: one for key, one in world.channels.items() if one.operator == own.id},
        {key: one for key, one in world.equipment.items() if one.operator == own.id},
        world.accounts_from,
        [one for one in world.requests if one.operator == own.id],
        world.register.of(own.id),
        world.counted_days,
        world.closed_day,
        world.limits,
        counted_at=world.counted_at,
        matched_at=world.matched_at,
        windows=world.windows,
        closed_at=world.closed_at,
        makers=world.makers,
        payments=[one for one in world.payments if one.operator == own.id],
        regions=world.regions,
        spread_until=world.spread_until,
    )
    with connected(database, "operator", own.id) as conn:
        asked = queries(definitions[code], alone, [own], rng, PERIODS, LONG)
        for query in itertools.islice(asked, 12):
            expected = (
                oracle.r08(alone, query, own=True)
                if code == "R08"
                else oracle.REPORTS[code](alone, query)
            )
            compare(answer(conn, code, query), expected, query)


def test_rows_of_what_adds_up_add_up_to_the_total_and_to_what_they_came_from(
    scene: Any, definitions: dict[str, catalogue.Definition]
) -> None:
    """Totals equal the sums of rows, and a row equals the total of the report narrowed to it."""
    database, _, _ = scene
    with connected(database, "regulator") as conn:
        for code in ("R03", "R07", "R09", "R10"):
            additive = [one.column for one in definitions[code].measures.values() if one.additive]
            for by in (("operator",), ("gambling_type",), ("month",), ("operator", "day")):
                query = Query(date(2026, 10, 1), TODAY, by)
                rows = answer(conn, code, query)
                total = rows.pop(None)
                for name in additive:
                    assert sum(row[name] for row in rows.values()) == total[name]
                if by == ("operator",):
                    for (operator,), row in rows.items():
                        inner = answer(
                            conn,
                            code,
                            Query(query.first, query.last, ("day",), operators=(int(operator),)),
                        )
                        assert {name: inner[None][name] for name in additive} == {
                            name: row[name] for name in additive
                        }


def test_an_operator_learns_of_the_market_where_three_make_it(scene: Any) -> None:
    """Whole months that have ended, of three operators or more; not this one, no part of one."""
    database, world, operators = scene
    cells: dict[tuple[date, int], list[oracle.Fact]] = {}
    for one in world.facts:
        if one.currency == 980 and (one.day.year, one.day.month) < (NOW.year, NOW.month):
            cells.setdefault((one.day.replace(day=1), one.gambling_type), []).append(one)
    expected = {}
    for key, facts in cells.items():
        # An operator counts with what a day holds of bets, as the rollup has it row by row.
        days: dict[Any, list[oracle.Fact]] = {}
        for one in facts:
            received = one.received_at.astimezone(oracle.KYIV).date()
            days.setdefault((one.operator, one.day, one.licence, received), []).append(one)
        active = {parts[0] for parts, own in days.items() if oracle.count(own, "bet") > 0}
        if len(active) >= 3:
            expected[key] = (len(active), oracle.net_stake(facts), oracle.ggr(facts))
    assert expected, "nothing to tell: the test would prove nothing"
    with connected(database, "operator", operators[0].id) as conn:
        found = conn.execute("select * from api.market_months('2024-01-01', %s)", (TODAY,))
        told = {
            (row["month"], row["gambling_type_id"]): (
                row["operator_count"],
                row["net_stake_minor"],
                row["ggr_minor"],
            )
            for row in found
        }
        assert told == expected
        part = conn.execute("select from api.market_months('2026-03-02', '2026-03-31')").fetchall()
        assert part == []


def test_as_of_a_moment_leaves_out_what_came_later_and_stays_as_it_was(scene: Any) -> None:
    """All that had arrived, no more; the same whichever rollup answers."""
    database, world, _ = scene
    moment = NOW - timedelta(minutes=50)
    expected = {
        kind: oracle.money(
            [one for one in world.facts if one.received_at <= moment and one.currency == 980], kind
        )
        for kind in ("bet", "deposit")
    }
    with connected(database, "regulator") as conn:
        rows = answer(conn, "R03", Query(date(2024, 1, 1), date(2026, 12, 31), as_of=moment))
        assert rows[None]["stake_minor"] == expected["bet"]
        rows = answer(conn, "R10", Query(date(2024, 1, 1), date(2026, 12, 31), as_of=moment))
        assert rows[None]["deposit_minor"] == expected["deposit"]


def test_keys_and_ratios_are_inlined_into_the_queries_that_use_them(scene: Any) -> None:
    """Called for each row of a year they would take twenty times as long."""
    database, _, _ = scene
    keys = [
        f"api.report_key('{one}', r.day, r.day::timestamp at time zone 'UTC', r.operator_id,"
        " r.gambling_type_id, r.licence_id, 0, 0::smallint, 0::smallint, 0, 0)"
        for one in ("hour", "day", "week", "month", "quarter", "year", "operator")
    ]
    ratios = ["api.ggr(r.bet_minor, 0, 1)", "api.rtp_percent(r.bet_minor, 0, 1)"]
    with connected(database, "regulator") as conn:
        query = f"explain verbose select {', '.join(keys + ratios)} from api.rollup_day as r"
        plan = "\n".join(next(iter(row.values())) for row in conn.execute(query))
    assert "report_key" not in plan
    assert "rtp_percent" not in plan
    assert "ggr" not in plan


def test_numbers_as_large_as_operators_may_send_leave_reports_readable(
    fresh_database: Database,
) -> None:
    for _ in range(12):
        operator = register_alone(fresh_database)
        batch = random_rows(operator, 1, random.Random(1), [NOW])
        for sequence in (1, 10**18 - 1):
            store(fresh_database, operator, batch, stream="main", sequence=sequence)
            batch = random_rows(operator, 1, random.Random(2), [NOW])
    with connected(fresh_database, "regulator") as conn:
        state = conn.execute("select * from api.report_state(%s)", (TODAY,)).fetchone()
        assert state is not None
        assert (state["expected"], state["received"]) == (12 * 10**15, 24)
        assert state["provisional"]
        found = answer(conn, "R02", Query(TODAY, TODAY, ("operator",)))
        assert found[None]["missing"] == 12 * 10**15 - 24


def test_the_mean_rate_is_over_the_time_that_has_passed(scene: Any) -> None:
    """Of so many rows that a second more or less would show."""
    database, _, operators = scene
    own = operators[0]
    for days, last in ((7, TODAY - timedelta(days=4)), (3, TODAY - timedelta(days=1))):
        first = last - timedelta(days=days - 1)
        noon = datetime(first.year, first.month, first.day, 12, tzinfo=UTC)
        query = Query(first, last, operators=(own.id,))
        with database.rolled_back() as conn:
            conn.execute(
                "insert into rollup.ingest_hour (operator_id, shard, access_key_id, hour,"
                " batch_count, row_count, refusal_count, late_count, lag_histogram, last_at)"
                " values (%s, 2, %s, %s, 1, %s, 0, 0, '{}', %s)",
                (own.id, own.key.id, noon, 10**9, noon),
            )
            conn.row_factory = dict_row
            become(conn, "regulator")
            row = answer(conn, "R01", query)[None]
        assert row["row_count"] >= 10**9
        assert row["rows_per_s"] == oracle.rounded(
            Fraction(row["row_count"], days * 86_400), "0.01"
        )


def test_how_play_is_spread_is_told_of_ten_accounts_and_more(scene: Any) -> None:
    """The world of nine players an operator tells of all operators together alone."""
    database, world, operators = scene
    quarter = (date(2026, 10, 1), date(2026, 12, 31))
    month = (date(2026, 10, 1), date(2026, 10, 31))
    told: dict[str, set[Any]] = {name: set() for name in oracle.SPREAD}
    of_operators = 0
    with connected(database, "regulator") as conn:
        for period, by in itertools.product(
            (quarter, month), ((), ("operator",), ("gambling_type",), ("week",), ("quarter",))
        ):
            query = Query(*period, by)
            found = answer(conn, "R07", query)
            compare(found, oracle.r07(world, query), query)
            for key, row in found.items():
                for name, values in told.items():
                    values.add(row[name])
                of_operators += (
                    by == ("operator",) and bool(key) and row["top1_share_percent"] is not None
                )
        query = Query(*quarter, operators=(operators[0].id,))
        compare(answer(conn, "R07", query), oracle.r07(world, query), query)
    assert all(values - {None, 0} for name, values in told.items() if name != "loss_100000_count")
    assert bool(of_operators) == (len({one.player for one in world.facts}) > 9)


def test_days_on_which_clocks_change_have_all_their_hours(scene: Any) -> None:
    """Hours of the day add up to the day, from both rollups, in October and in March."""
    database, _, _ = scene
    with connected(database, "regulator") as conn:
        for day in (date(2026, 10, 25), date(2026, 3, 29)):
            hours = answer(conn, "R03", Query(day, day, ("hour",)))
            days = answer(conn, "R03", Query(day, day, ("day",)))
            assert hours[None]["bet_count"] == days[None]["bet_count"]
            assert (
                sum(row["stake_minor"] for key, row in hours.items() if key)
                == (days[None]["stake_minor"])
            )


REFUSED = [
    ("DZV01", "'2026-02-02', '2026-02-01'"),
    ("DZV01", "'0001-01-01', '2026-02-01'"),
    ("DZV01", "'2026-01-01', '9999-12-31'"),
    ("DZV01", "'2001-01-01', '2026-12-31'"),
    ("DZV01", "'2026-01-01', '2026-12-31', '{hour}'"),
    ("DZV01", "'2026-01-01', '2026-12-31', '{channel}'"),
    ("DZV01", "'2026-01-01', '2026-12-31', p_channels => '{1}'"),
    ("DZV01", "'2026-01-01', '2026-01-02', p_as_of => now() + interval '1 hour'"),
    ("DZV01", "null, '2026-01-02'"),
    ("DZV02", "'2026-01-01', '2026-01-02', '{player}'"),
    ("DZV02", "'2026-01-01', '2026-01-02', '{day,day}'"),
    ("DZV02", "'2026-01-01', '2026-01-02', '{day,month}'"),
    ("DZV02", "'2026-01-01', '2026-01-02', '{operator,gambling_type,licence,day}'"),
    ("DZV02", "'2026-01-01', '2026-01-02', array['day; drop table x']"),
    ("DZV02", "'2026-01-01', '2026-01-02', array[null]::text[]"),
    ("DZV02", "'2026-01-01', '2026-01-02', null::text[]"),
    ("DZV03", "'2026-01-01', '2026-01-02', '{game,licence}'"),
    ("DZV03", "'2026-01-01', '2026-01-02', '{game}', p_gambling_types => '{2}'"),
    ("DZV03", "'2026-01-01', '2026-01-02', '{day}', p_games => '{1}', p_licences => '{1}'"),
]


@pytest.mark.parametrize(("code", "arguments"), REFUSED)
def test_what_makes_no_sense_is_refused(scene: Any, code: str, arguments: str) -> None:
    database, _, _ = scene
    with connected(database, "regulator") as conn:
        with pytest.raises(psycopg.Error) as refused:
            conn.execute(f"select from api.report_r03({arguments})")
        assert refused.value.sqlstate == code


@pytest.mark.parametrize(
    "beside",
    ["'{operator,gambling_type}'", "'{operator}', p_gambling_types => '{2}'",
     "'{month}', p_licences => '{1}'"],
)  # fmt: skip
def test_classes_of_taxes_are_not_told_by_kind_or_licence(scene: Any, beside: str) -> None:
    database, _, _ = scene
    with connected(database, "tax_service") as conn:
        with pytest.raises(psycopg.Error) as refused:
            conn.execute(
                f"select from api.report_r11('2026-01-01', '2026-01-31', {beside},"
                " p_tax_classes => '{lotteries}')"
            )
        assert refused.value.sqlstate == "DZV03"


BY_MAKERS_AND_ROUNDS = (
    ("provider",), ("version",), ("version", "operator", "month"), ("stake_band",),
    ("channel", "stake_band", "day"), ("provider", "stake_band"), ("game", "equipment", "day"),
)  # fmt: skip


@pytest.mark.parametrize("by", BY_MAKERS_AND_ROUNDS, ids=".".join)
def test_games_are_told_by_who_made_them_and_by_the_stake_of_their_rounds(
    scene: Any, by: tuple[str, ...]
) -> None:
    database, world, operators = scene
    with connected(database, "regulator") as conn:
        for period in (PERIODS[0], PERIODS[1], (date(2026, 9, 20), date(2026, 10, 31))):
            query = Query(*period, by)
            found = answer(conn, "R05", query)
            compare(found, oracle.r05(world, query), query)
    assert len(found) > 1
    with connected(database, "fairness") as conn:
        query = Query(*period, by, operators=(operators[0].id,))
        compare(answer(conn, "R05", query), oracle.r05(world, query), query)


def test_what_fell_short_is_told_by_rule(scene: Any) -> None:
    database, world, _ = scene
    with connected(database, "regulator") as conn:
        for by in (("rule",), ("operator", "rule"), ("rule", "day")):
            query = Query(TODAY - timedelta(days=30), TODAY, by)
            found = answer(conn, "R02", query)
            assert len(found) > 1
            compare(found, oracle.r02(world, query), query)
