"""What reports tell of closed days alone: deposits and withdrawals by amount, play by cohort."""

from __future__ import annotations

import html
import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import psycopg
import pytest

from tests.integration.reports import oracle
from tests.integration.reports.conftest import Pages
from tests.integration.reports.oracle import KYIV, Query
from tests.integration.reports.questions import answer, compare, connected
from tests.integration.reports.worlds import TODAY, world_in
from tests.support.batches import BET, DEPOSIT, WITHDRAWAL, cancellation, random_rows, store
from tests.support.databases import Cluster, Database, rows, value
from tests.support.market import register_alone
from tests.support.players import close_cash, count_players
from tests.support.tables import Table

PERIODS = [
    (date(2026, 10, 1), date(2026, 10, 31)),
    (date(2026, 3, 1), date(2026, 3, 31)),
    (date(2025, 12, 31), date(2026, 1, 31)),
    (TODAY - timedelta(days=40), TODAY + timedelta(days=1)),
    (TODAY - timedelta(days=70), TODAY - timedelta(days=9)),
]


@pytest.fixture(scope="module")
def scene(cluster: Cluster) -> Iterator[Any]:
    with cluster.fresh() as database:
        yield database, *world_in(database, 77)


@pytest.mark.parametrize(("code", "dimension"), [("R10", "amount_band"), ("R07", "cohort")])
def test_rows_are_what_a_slow_recomputation_says_and_add_up(
    scene: Any, code: str, dimension: str
) -> None:
    database, world, operators = scene
    told = set()
    with connected(database, "regulator") as conn:
        for beside in ((), ("operator",), ("month",), ("operator", "month")):
            for by in itertools.permutations((*beside, dimension)):
                for first, last in PERIODS:
                    query = Query(first, last, by)
                    if "operator" not in by:
                        query = replace(query, operators=(operators[0].id,))
                    rows = answer(conn, code, query)
                    compare(rows, oracle.REPORTS[code](world, query), query)
                    total = rows.pop(None)
                    for name in ("deposit_minor", "withdrawal_count", "net_stake_minor"):
                        if name in total:
                            assert sum(row[name] for row in rows.values()) == total[name]
                    told |= {key[by.index(dimension)] for key in rows}
    assert {"none", "101", "107"} <= told or {"none", "2026-10"} <= told


def test_large_deposits_and_accounts_that_money_passed_through_are_counted_apart(
    scene: Any,
) -> None:
    database, world, _ = scene
    seen: dict[str, set[bool]] = {}
    with connected(database, "regulator") as conn:
        for by in ((), ("operator",), ("day",), ("month", "operator"), ("gambling_type",)):
            for first, last in PERIODS:
                query = Query(first, last, by)
                rows = answer(conn, "R10", query)
                compare(rows, oracle.r10(world, query), query)
                for name in ("large_deposit_count", "unverified_limit_count"):
                    seen.setdefault(name, set()).update(bool(row[name]) for row in rows.values())
    assert all(one == {True, False} for one in seen.values()), seen


def test_bounds_of_what_is_counted_apart_are_exact_and_a_new_limit_counts_anew(
    fresh_database: Database,
) -> None:
    operator = register_alone(fresh_database)
    day = datetime.now(KYIV).date() - timedelta(days=3)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=KYIV)
    accounts = [
        # Deposits, stake, withdrawal; through the first two the money passed.
        ((20_000_00,), 5_999_99, 16_000_01),
        ((12_000_00, 18_000_00), 1, 30_000_00),
        ((20_000_00,), 6_000_00, 16_000_01),
        ((20_000_00,), 5_999_99, 16_000_00),
        ((19_999_99,), 1, 19_999_99),
    ]
    wanted = [
        (UUID(int=number), kind, amount)
        for number, (paid_in, stake, drawn) in enumerate(accounts, 1)
        for kind, amounts in ((DEPOSIT, paid_in), (BET, (stake,)), (WITHDRAWAL, (drawn,)))
        for amount in amounts
    ]
    made = random_rows(operator, len(wanted), random.Random(11), [moment])
    batch = [
        replace(one, player=player, type=kind, amount_minor=amount, currency=980)
        for one, (player, kind, amount) in zip(made, wanted, strict=True)
    ]
    store(fresh_database, operator, batch)
    count_players(fresh_database)

    def told() -> tuple[Any, ...]:
        assert close_cash(fresh_database) == 1
        with connected(fresh_database, "regulator") as conn:
            row = answer(conn, "R10", Query(day, day))[None]
        return (row["large_deposit_count"], row["large_deposit_minor"], row["pass_through_count"],
                row["unverified_limit_count"])  # fmt: skip

    def limit(kind: str, value: int | None) -> None:
        with fresh_database.connect() as conn:
            conn.execute(
                "update registry.cash_limit set replaced_at = now()"
                " where kind = %s and replaced_at is null",
                (kind,),
            )
            conn.execute(
                "insert into registry.cash_limit (kind, valid_from, value, act, set_by)"
                " values (%s, '2000-01-01', %s, 'act', 'first')",
                (kind, value),
            )

    assert told() == (None, None, 2, 3)
    limit("large_deposit", 20_000_00)
    assert told() == (3, 60_000_00, 2, 4)
    limit("pass_deposit", 19_999_99)
    assert told() == (3, 60_000_00, 3, 4)
    limit("large_deposit", None)
    assert told() == (None, None, 3, 3)


def test_financial_monitoring_and_an_operator_find_amounts_within_their_rights(scene: Any) -> None:
    database, world, operators = scene
    query = Query(*PERIODS[0], ("operator", "amount_band"))
    with connected(database, "financial_monitoring") as conn:
        compare(answer(conn, "R10", query), oracle.r10(world, query), query)
    own = operators[0].id
    with connected(database, "operator", own) as conn:
        rows = answer(conn, "R10", query)
        assert {key[0] for key in rows if key} == {str(own)}
        foreign = answer(conn, "R10", replace(query, operators=(operators[1].id,)))
        assert set(foreign) == {None}
        assert foreign[None]["deposit_count"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        "r10('2026-10-01', '2026-10-31', '{amount_band,gambling_type}')",
        "r10('2026-10-01', '2026-10-31', '{amount_band,hour}')",
        "r10('2026-10-01', '2026-10-31', '{amount_band}', p_licences => '{1}')",
        "r10('2026-10-01', '2026-10-31', '{amount_band}', p_channels => '{1}')",
        "r10('2026-10-01', '2026-10-31', '{amount_band}', p_as_of => now() - interval '1 day')",
        "r07('2026-10-01', '2026-10-31', '{cohort,day}')",
        "r07('2026-10-01', '2026-10-31', '{cohort}', p_gambling_types => '{1,2}')",
        "r07('2026-10-01', '2026-10-31', '{cohort}', p_as_of => now() - interval '1 day')",
    ],
)
def test_what_is_not_counted_together_is_refused(scene: Any, arguments: str) -> None:
    with connected(scene[0], "regulator") as conn:
        with pytest.raises(psycopg.Error) as refused:
            conn.execute(f"select from api.report_{arguments}")
        assert refused.value.sqlstate == "DZV03"


def test_what_comes_late_is_told_apart_until_its_day_is_counted_anew(
    fresh_database: Database,
) -> None:
    operator = register_alone(fresh_database)
    day = datetime.now(KYIV).date() - timedelta(days=3)
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=KYIV)

    def deposits(*amounts: int) -> list[Any]:
        made = random_rows(operator, len(amounts), random.Random(sum(amounts)), [moment])
        return [
            replace(one, type=DEPOSIT, amount_minor=amount, currency=980)
            for one, amount in zip(made, amounts, strict=True)
        ]

    def told() -> dict[str, tuple[int, int]]:
        with connected(fresh_database, "regulator") as conn:
            rows = answer(conn, "R10", Query(day, day, ("amount_band",)))
        rows.pop(None)
        return {key[0]: (row["deposit_count"], row["deposit_minor"]) for key, row in rows.items()}

    def summed(first: int, last: int) -> list[Any]:
        bounds = (moment.replace(hour=0), moment.replace(hour=0) + timedelta(days=1))
        with connected(fresh_database, "regulator") as conn:
            found = conn.execute(
                "select type, number, amount_minor from api.transaction_sums(%s, %s,"
                " p_amount_from => %s::bigint, p_amount_to => %s::bigint) as s"
                " where number is distinct from 0 order by 1",
                (*bounds, first, last),
            )
            return [tuple(row.values()) for row in found]

    first = deposits(99_99, 100_00, 50_000_00)
    store(fresh_database, operator, first)
    assert told() == {"none": (3, 50_199_99)}
    count_players(fresh_database)
    assert close_cash(fresh_database) == 1
    assert close_cash(fresh_database) == 0, "each once for a closed day"
    expected = {"101": (1, 99_99), "102": (1, 100_00), "107": (1, 50_000_00)}
    assert told() == expected
    assert summed(0, 499_99) == [(4, 2, 199_99)]
    assert summed(1, 499_99) == [(None, None, None)], "no whole band"
    later = moment + timedelta(minutes=1)
    # Of a day that was counted this morning, one more and one that is taken back.
    store(fresh_database, operator, [*deposits(700_00), cancellation(first[1], later)])
    assert told() == {**expected, "none": (0, 600_00)}
    assert summed(0, 499_99) == [(None, None, None)], "not all of the list is counted"
    count_players(fresh_database)
    assert close_cash(fresh_database) == 0, "again when the next day has closed"
    with fresh_database.connect() as conn:
        conn.execute("update rollup.cash_progress set made_at = made_at - interval '1 day'")
    assert close_cash(fresh_database) == 1
    assert told() == {"101": (1, 99_99), "102": (0, 0), "103": (1, 700_00), "107": (1, 50_000_00)}
    # Other bands that held on that day count it anew, under ids of their own.
    with fresh_database.connect() as conn:
        conn.execute(
            "insert into report.amount_band values (201, %s, 0, 5000000), (202, %s, 5000000, null)",
            (day, day),
        )
    assert close_cash(fresh_database) == 1
    assert told() == {"201": (2, 799_99), "202": (1, 50_000_00)}


def test_days_before_the_setting_are_not_counted_by_themselves(fresh_database: Database) -> None:
    operator = register_alone(fresh_database)
    moment = datetime.now(KYIV) - timedelta(days=40)
    store(fresh_database, operator, random_rows(operator, 5, random.Random(3), [moment]))
    count_players(fresh_database)
    assert close_cash(fresh_database) == 0
    with fresh_database.connect() as conn:
        conn.execute("update maintenance.setting set cash_from = current_date - 60")
    assert close_cash(fresh_database) == 1
    with fresh_database.connect() as conn:
        assert value(conn, "select count(*) from rollup.cash_progress") == 1


def test_the_way_down_from_a_day_leads_by_amount_to_the_records(pages: Pages) -> None:
    """Operator, day, amount, transactions: each list adds up to its row, for whom reads them."""
    day, operator = max(
        (fact.day, fact.operator)
        for fact in pages.world.facts
        if fact.type == "deposit" and fact.currency == 980 and fact.sign > 0
        if fact.day in pages.world.counted_days
    )
    address = f"/reports/R10?from={day}&to={day}&by=day&operator={operator}"
    for role in ("regulator", "financial_monitoring"):
        client = pages.visit(role)
        links = Table(client.get(address)).links[0]
        assert "by=amount_band" in links[0]
        below = client.get(f"{links[0]}&column=deposit_count,deposit")
        followed = 0
        table = Table(below)
        for row, found in zip(table.body, table.links, strict=False):
            assert found, row
            query = parse_qs(urlsplit(found[0]).query)
            assert set(query["type"]) == {"deposit", "withdrawal"}
            listed = client.get(found[-1]).text
            figures = re.findall(r'figure-value">([^<]*)<', listed)
            if row[2] != "0.00":
                assert row[2] in html.unescape(figures[0]), (row, found)
                followed += 1
        assert followed
    text = pages.visit("regulator", language="uk").get(links[0]).text
    assert "Сума операції" in text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("amount_from=5", "Choose the currency of the amounts."),
        ("currency=UAH&amount_from=a", "Give an amount"),
        ("currency=UAH&amount_from=-1", "Give an amount"),
        ("currency=UAH&amount_from=0.001", "At most 2 digits"),
        ("currency=UAH&amount_to=99999999999999999999", "The sum is too large."),
        ("currency=UAH&amount_from=5&amount_to=4", "The largest amount is below the smallest."),
    ],
)
def test_amounts_that_make_no_sense_are_errors_of_their_field(
    pages: Pages, query: str, message: str
) -> None:
    answer = pages.visit("regulator").get(f"/ledger/transactions?{query}")
    assert answer.status_code == 422
    assert message in answer.text


def test_a_list_narrowed_by_amount_holds_just_those(pages: Pages) -> None:
    fact = next(one for one in pages.world.facts if one.currency == 980 and one.amount > 1000)
    start = fact.occurred_at.astimezone(KYIV).replace(minute=0, second=0, microsecond=0)
    amount = f"{Decimal(fact.amount).scaleb(-2)}"
    listed = pages.visit("regulator").get(
        "/ledger/transactions",
        query_string={
            "from": start.isoformat(),
            "until": (start + timedelta(hours=1)).isoformat(),
            "currency": "UAH",
            "amount_from": amount.replace(".", ","),
            "amount_to": amount,
        },
    )
    table = Table(listed, "transactions")
    assert table.body
    assert all(f"{Decimal(amount):,.2f}" in row[3] for row in table.body)


def test_what_was_damaged_is_found_and_mended(scene: Any) -> None:
    database, world, _ = scene
    day = max(world.counted_days)
    moments = f"'{oracle.midnight(day)}', '{oracle.midnight(day + timedelta(days=1))}'"
    # Batches of this world were given other moments of arrival: accounts themselves differ.
    check = f"select object from report.check_players({moments}) where object like 'rollup.cash%'"
    with database.connect() as conn:
        assert rows(conn, check) == []
        for table, column in (("cash_band_day", "deposit_minor"), ("cash_day", "large_count")):
            conn.execute(
                f"update rollup.{table} set {column} = {column} + 1 where day = %s", (day,)
            )
        found = {one[0] for one in rows(conn, check)}
    assert found == {"rollup.cash_band_day", "rollup.cash_day"}
    with database.connect(autocommit=True) as conn:
        conn.execute(f"call rollup.rebuild_players({moments})")
    assert close_cash(database) == 1
    with database.connect() as conn:
        assert rows(conn, check) == []


def test_amounts_and_cohorts_can_be_compared_and_taken_away(pages: Pages) -> None:
    client = pages.visit("auditor")
    for code, by, name in (("R10", "amount_band", "deposit"), ("R07", "cohort", "net_stake")):
        period = "from=2026-10-01&to=2026-10-31"
        address = f"/reports/{code}?{period}&by={by}"
        assert client.get(f"{address}&against=previous").status_code == 200
        document = json.loads(client.get(f"{address}&format=json").text)
        shown = Table(client.get(f"{address}&column={name}"))
        assert len(document["rows"]) == len(shown.body) > 0
        assert all(row[by] for row in document["rows"])
        wrong = client.get(f"{address},hour")
        assert wrong.status_code == 422
        assert "are counted by operator" in wrong.text
