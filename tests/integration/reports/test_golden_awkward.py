"""Tables that an official can check by hand, of what does not go smoothly: a record that comes late
or is refused, a moment in the past, a declaration that differs, bets open at a month's end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from psycopg.types.json import Jsonb

from portal import db
from portal.reports import catalogue
from portal.reports.commands import report
from portal.web.formats import KYIV
from tests.integration.reports.questions import connected
from tests.support.batches import BET, DEPOSIT, LATE, WIN, row, store
from tests.support.databases import Cluster, Database, become, value
from tests.support.market import Operator, document, game, licence, register, website

# NORTH, March 2026: what had come when the report was first read, and what came after.
BEFORE = [(9, BET, 1000), (9, WIN, 400), (10, BET, 600)]
AFTER = [(9, BET, 250), (10, WIN, 100)]
# What NORTH declares of two days: number and sum of bets, winnings and deposits, and the balances.
DECLARED = {
    9: {"bet": (2, 1250), "win": (1, 400), "deposit": (1, 2000), "balances": (500, 1650)},
    10: {"bet": (1, 600), "win": (1, 130), "deposit": (0, 0), "balances": (1650, 1180)},
}
# SOUTH's rounds: bets and what was won on them, by day; those of one line are one round.
ROUNDS = [
    ((date(2026, 2, 28), 200), (date(2026, 3, 3), 500)),  # open as March begins
    ((date(2026, 3, 5), 1000), (date(2026, 3, 6), 300)),
    ((date(2026, 3, 30), 400), (date(2026, 4, 2), 900)),  # open as March ends
]
MARCH = ("--from", "2026-03-09", "--to", "2026-03-10", "--by", "day")
# TODAY: since when WEST's batches came; MOMENT: when NORTH's report was first read.
TABLES = {
    # Three rows in time, one twenty minutes late; a batch of five refused, two of them known.
    ("R01", "--from", "TODAY", "--by", "operator", "--operator", "WEST"): """
Operator  Accepted rows  Refused batches  Refused, share  Rows of refused batches  Late, share
WEST      4              1                33.3333         5                        25.0000
Total     4              1                33.3333         5                        25.0000
""",
    ("R02", "--from", "TODAY", "--by", "operator", "--operator", "WEST"): """
Operator  Accepted rows  Valid rows  Rows on time  Late rows  Duplicates  Unique rows
WEST      4              44.4444     75.0000       1          2           77.7778
Total     4              44.4444     75.0000       1          2           77.7778
""",
    ("R03", *MARCH, "--operator", "NORTH", "--as-of", "MOMENT"): """
Day         Bets  Stakes   Winnings  GGR
2026-03-09  1     1000.00  400.00    600.00
2026-03-10  1     600.00   0.00      600.00
Total       2     1600.00  400.00    1200.00
""",
    ("R03", *MARCH, "--operator", "NORTH"): """
Day         Bets  Stakes   Winnings  GGR
2026-03-09  2     1250.00  400.00    850.00
2026-03-10  1     600.00   100.00    500.00
Total       3     1850.00  500.00    1350.00
""",
    # 30 more of winnings are declared of the 10th than came.
    ("R09", *MARCH, "--operator", "NORTH"): """
Day         GGR      Declared GGR  Difference of declarations
2026-03-09  850.00   850.00        0.00
2026-03-10  500.00   470.00        -30.00
Total       1350.00  1320.00       -30.00
""",
}
BRIDGE = """
Cash:       stakes 1400.00  winnings 800.00  GGR 600.00
Opening:    200.00
Closing:    400.00
Settlement: stakes 1200.00  GGR 400.00
"""


def at(day: date) -> datetime:
    """Noon of a day in Kyiv."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=KYIV).astimezone(UTC)


@pytest.fixture(scope="module")
def scene(cluster: Cluster) -> Iterator[tuple[Database, dict[str, Operator], dict[str, str]]]:
    with cluster.fresh() as database, database.as_settings():
        made: dict[str, Operator] = {}
        with database.connect() as conn:
            for name, kind in (
                ("NORTH", "online_casino"), ("SOUTH", "bookmaker"), ("WEST", "online_casino"),
            ):  # fmt: skip
                made[name] = register(
                    conn,
                    document(
                        name,
                        licences=[licence(f"{name}-L", kind)],
                        channels=[website(f"{name}-SITE")],
                        games=[game("BOOK", kind)],
                    ),
                )
        moment = _before_and_after(database, made["NORTH"])
        _declare(database, made["NORTH"])
        _play(database, made["SOUTH"])
        _send_badly(database, made["WEST"])
        db.close()
        today = datetime.now(KYIV).date() - timedelta(
            days=1
        )  # or the day before: midnight may pass
        yield database, made, {"MOMENT": moment, "TODAY": today.isoformat()}
        db.close()


def _before_and_after(database: Database, operator: Operator) -> str:
    for number, lines in enumerate((BEFORE, AFTER)):
        batch = [
            row(operator, at(date(2026, 3, day)), type=kind, amount_minor=100 * hryvnias)
            for day, kind, hryvnias in lines
        ]
        if number == 1:  # which is in nothing that is asked of these days but what is declared
            batch.append(row(operator, at(date(2026, 3, 9)), type=DEPOSIT, amount_minor=2000_00))
        store(database, operator, batch)
        if number == 0:
            with database.connect() as conn:
                moment = value(conn, "select clock_timestamp()")
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def _declare(database: Database, operator: Operator) -> None:
    with database.connect("dozir_portal") as conn:
        become(conn, "operator", operator.id)
        for day, own in DECLARED.items():
            none = (0, 0)
            figures = [
                own["bet"], own["win"], none, own["deposit"], none,
            ]  # fmt: skip
            conn.execute(
                "select api.declare_day(%s, 980::smallint, 1::smallint, %s::bigint[],"
                " %s::bigint[], %s, %s, 0)",
                (
                    date(2026, 3, day),
                    [number for number, _ in figures],
                    [100 * hryvnias for _, hryvnias in figures],
                    *(100 * hryvnias for hryvnias in own["balances"]),
                ),
            )


def _play(database: Database, operator: Operator) -> None:
    batch = []
    for number, parts in enumerate(ROUNDS, 1):
        for kind, (day, hryvnias) in zip((BET, WIN), parts, strict=True):
            batch.append(
                row(
                    operator, at(day), type=kind, amount_minor=100 * hryvnias,
                    round_id=UUID(int=number),
                )
            )  # fmt: skip
    store(database, operator, batch)
    with database.connect() as conn:
        for month in (date(2026, 3, 1), date(2026, 4, 1)):
            conn.execute("select rollup.measure_open_bets(%s, %s)", (operator.id, month))


def _send_badly(database: Database, operator: Operator) -> None:
    late = datetime.now(UTC) - timedelta(minutes=20)
    store(database, operator, [row(operator, late, breach=LATE)])
    store(database, operator, [row(operator, datetime.now(UTC)) for _ in range(3)])
    with database.connect("dozir_ingest") as conn:
        conn.execute(
            "select ledger.record_refusal"
            "(%s, null, 'direct', 9, 422::smallint, 'duplicate_id', 1, 5, 300, %s, '[]', 'one')",
            (operator.key.id, Jsonb({"duplicate_id": 2})),
        )


@pytest.mark.parametrize("arguments", TABLES, ids=lambda given: f"{given[0]} {given[-1]}")
def test_the_table_is_as_worked_out_by_hand(scene: Any, arguments: tuple[str, ...]) -> None:
    given = [scene[2].get(one, one) for one in arguments]
    found = CliRunner().invoke(report, [*given, "--as", "regulator", "--json"])
    assert found.exit_code == 0, found.output
    answer = json.loads(found.output)
    heads, *expected = [
        [cell.strip() for cell in line.split("  ") if cell.strip()]
        for line in TABLES[arguments].strip().splitlines()
    ]
    with connected(scene[0], "regulator") as conn:
        [definition] = catalogue.read(conn, arguments[0])
    codes = {one.name_en: one.code for one in definition.measures.values()}
    rows = sorted((next(iter(one["keys"].values())), one["figures"]) for one in answer["rows"])
    told = [
        [key, *(str(figures[codes[head]]) for head in heads[1:])]
        for key, figures in [*rows, ("Total", answer["totals"])]
    ]
    assert told == expected


def test_the_bridge_is_as_worked_out_by_hand(scene: Any) -> None:
    """Settled = opening + stakes − closing; settlement GGR = settled − winnings."""
    database, made, _ = scene
    with database.acting_as("regulator") as conn:
        [found] = conn.execute(
            "select stake_minor, win_minor, cash_ggr_minor, opening_proven_minor,"
            " closing_proven_minor, settled_minor, settlement_ggr_minor, refund_minor,"
            " opening_possible_minor, closing_possible_minor"
            " from api.settlement_bridge(%s, '2026-03-01', '2026-03-31')",
            (made["SOUTH"].id,),
        ).fetchall()
    stakes, won, cash, opening, closing, settled, ggr, *nothing = (
        f"{minor / 100:.2f}" for minor in found
    )
    assert set(nothing) == {"0.00"}
    table = f"""
Cash:       stakes {stakes}  winnings {won}  GGR {cash}
Opening:    {opening}
Closing:    {closing}
Settlement: stakes {settled}  GGR {ggr}
"""
    assert table == BRIDGE
