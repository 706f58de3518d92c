"""Tables that an official can check by hand: one small market, what was sent, what reports say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from portal import db
from portal.reports.commands import report
from portal.web.formats import KYIV
from tests.support.batches import BET, DEPOSIT, REFUND, WIN, WITHDRAWAL, cancellation, row, store
from tests.support.databases import Cluster
from tests.support.market import document, game, licence, register, website
from tests.support.players import close_cash, close_players, count_players

# Operator, day and hour of Kyiv, type, hryvnias; "taken back" takes back the line before it.
SENT = [
    ("EAST", "2026-03-02T12", BET, 1000),
    ("EAST", "2026-03-02T12", WIN, 900),
    ("EAST", "2026-03-02T12", BET, 500),
    ("EAST", "2026-03-02T13", REFUND, 500),
    ("EAST", "2026-03-09T12", BET, 2000),
    ("EAST", "2026-03-09T12", WIN, 1500),
    ("EAST", "2026-03-09T14", DEPOSIT, 3000),
    ("EAST", "2026-03-09T15", WITHDRAWAL, 1000),
    ("WEST", "2026-03-09T02", BET, 400),
    ("WEST", "2026-03-09T23", BET, 300),
    ("WEST", "taken back", BET, 0),  # at 00:30 of 10 March in Kyiv
    ("WEST", "2026-03-29T04", BET, 250),  # the hour after clocks went forward
    ("WEST", "2026-03-29T04", WIN, 300),
]
OUTSIDE_LICENCE = ("WEST", "2026-03-09T02")  # marked so when it was accepted
ARRIVED = (datetime.now(KYIV).date() - timedelta(days=1)).isoformat()
# Operator, tax, hryvnias paid for March.
PAID = [
    ("EAST", "ggr_tax", 100),
    ("EAST", "pit", 432),
    ("WEST", "ggr_tax", 63),
    ("WEST", "pit", 54),
    ("WEST", "military_levy", 15),
]
TABLES = {
    ("R03", "--from", "2026-03-09", "--to", "2026-03-10", "--by", "day"): """
Day         Bets  Stakes   Refunds  Net stakes  Winnings  GGR
2026-03-09  3     2700.00  0.00     2700.00     1500.00   1200.00
2026-03-10  -1    -300.00  0.00     -300.00     0.00      -300.00
Total       2     2400.00  0.00     2400.00     1500.00   900.00
""",
    ("R09", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator"): """
Operator  Stakes   Refunds  Net stakes  Winnings  GGR      Hold
EAST      3500.00  500.00   3000.00     2400.00   600.00   20.0000
WEST      650.00   0.00     650.00      300.00    350.00   53.8462
Total     4150.00  500.00   3650.00     2700.00   950.00   26.0274
""",
    ("R10", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator"): """
Operator  Deposits  Withdrawals  Net flow  GGR     Expected change of balances
EAST      3000.00   1000.00      2000.00   600.00  1400.00
WEST      0.00      0.00         0.00      350.00  -350.00
Total     3000.00   1000.00      2000.00   950.00  1050.00
""",
    ("R03", "--from", "2026-03-29", "--to", "2026-03-29", "--by", "hour,operator"): """
Hour                  Bets  Stakes  Winnings  GGR
2026-03-29T01:00:00Z  1     250.00  300.00    -50.00
Total                 1     250.00  300.00    -50.00
""",
    # What came in, and how whole it is: by the day of receipt, which is that of the test.
    ("R01", "--from", ARRIVED, "--by", "operator"): """
Operator  Accepted rows  Batches  Refused batches  Refused, share  Rows of refused batches
EAST      8              1        0                0.0000          0
WEST      5              2        0                0.0000          0
Total     13             3        0                0.0000          0
""",
    ("R02", "--from", ARRIVED, "--by", "operator"): """
Operator  Accepted rows  Refused batches  Valid rows  Duplicates  Unique rows  Corrections
EAST      8              0                100.0000    0           100.0000     0
WEST      5              0                100.0000    0           100.0000     1
Total     13             0                100.0000    0           100.0000     1
""",
    ("R04", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "licence"): """
Licence  Bets  Stakes   Bets outside the licence  Stakes outside the licence
EAST-L   3     3500.00  0                         0.00
WEST-L   2     650.00   1                         400.00
Total    5     4150.00  1                         400.00
""",
    ("R05", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator"): """
Operator  Net stakes  Winnings  Declared RTP  RTP      Difference, pp
EAST      3000.00     2400.00   96.0000       80.0000  -16.0000
WEST      650.00      300.00    96.0000       46.1538  -49.8462
Total     3650.00     2700.00   96.0000       73.9726  -22.0274
""",
    ("R06", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "rule"): """
Rule      Records  Critical records  Batches  Stakes concerned  Organisers
breach:1  1        1                 0        400.00            1
Total     1        1                 0        400.00            1
""",
    ("R07", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "gambling_type"): """
Kind of gambling  Bets  Net stakes  GGR     Bets at night  Net stakes at night
online_casino     5     3650.00     950.00  1              350.00
Total             5     3650.00     950.00  1              350.00
""",
    # Of days that have closed: by amount in kopiykas, by the month of the first bet.
    ("R10", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "amount_band"): """
Amount         Deposits, number  Deposits  Withdrawals, number  Withdrawals  Net flow
100000-499999  1                 3000.00   1                    1000.00      2000.00
Total          1                 3000.00   1                    1000.00      2000.00
""",
    ("R07", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "cohort"): """
Cohort   Active accounts  Net stakes  GGR
2026-03  2                3650.00     950.00
Total    2                3650.00     950.00
""",
    ("R11", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator"): """
Operator  GGR     Winnings  Withdrawals
EAST      600.00  2400.00   1000.00
WEST      350.00  300.00    0.00
Total     950.00  2700.00   1000.00
""",
    # 18 % of positive GGR, 18 % and 5 % of winnings or of withdrawals; paid as PAID has it.
    ("R11", "--from", "2026-02-20", "--to", "2026-03-31", "--by", "tax_kind"): """
Tax            All taxes on withdrawals (estimated)  Paid    Gap on winnings (estimated)
ggr_tax        171.00                                163.00  8.00
military_levy  50.00                                 15.00   120.00
pit            180.00                                486.00  0.00
Total          401.00                                664.00  128.00
""",
    ("R11", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator,month"): """
Operator  Paid    Gap on winnings (estimated)  Gap on winnings, % (estimated)
EAST      532.00  128.00                       19.3939
WEST      132.00  0.00                         0.0000
Total     664.00  128.00                       16.1616
""",
    ("R11", "--from", "2026-01-01", "--to", "2026-03-31", "--by", "quarter"): """
Quarter  All taxes on winnings (estimated)  Gap on withdrawals (estimated)
2026-Q1  792.00                             -263.00
Total    792.00                             -263.00
""",
    ("R08", "--from", "2026-03-01", "--to", "2026-03-31", "--by", "operator"): """
Operator  GGR     Market share  Rank  HHI        CR4
EAST      600.00  63.1579       1     -          -
WEST      350.00  36.8421       2     -          -
Total     950.00  -             -     5346.2604  100.0000
""",
}


@pytest.fixture(scope="module")
def market(cluster: Cluster) -> Iterator[None]:
    with cluster.fresh() as database, database.as_settings():
        made: dict[str, Any] = {}
        with database.connect() as conn:
            for name in ("EAST", "WEST"):
                made[name] = register(
                    conn,
                    document(
                        name,
                        licences=[licence(f"{name}-L", "online_casino")],
                        channels=[website(f"{name}-SITE")],
                        games=[game("BOOK", "online_casino")],
                    ),
                )
            for name, kind, hryvnias in PAID:
                conn.execute(
                    "insert into registry.tax_payment (operator_id, kind, month, paid_on,"
                    " amount_minor, document, recorded_by)"
                    " values (%s, %s, '2026-03-01', '2026-05-08', %s, %s, 'test')",
                    (made[name].id, kind, 100 * hryvnias, kind),
                )
        for name, operator in made.items():
            batch: list[Any] = []
            for whose, when, kind, hryvnias in SENT:
                if whose != name:
                    continue
                if when == "taken back":
                    batch.append(cancellation(batch[-1], datetime(2026, 3, 9, 22, 30, tzinfo=UTC)))
                    continue
                hours = 3 if when.startswith("2026-03-29") else 2
                moment = datetime.fromisoformat(f"{when}:10:00+0{hours}:00").astimezone(UTC)
                breach = 1 if (whose, when) == OUTSIDE_LICENCE else 0
                made_row = row(
                    operator, moment, type=kind, amount_minor=100 * hryvnias, breach=breach
                )
                batch.append(replace(made_row, player=UUID(int=operator.id)))
            held = [one for one in batch if one.cancel_reason]
            store(database, operator, [one for one in batch if not one.cancel_reason])
            if held:
                store(database, operator, held)
        with database.connect() as conn:
            conn.execute("update maintenance.setting set cash_from = '2026-01-01'")
        count_players(database)
        close_players(database)
        close_cash(database)
        db.close()
        yield
        db.close()


@pytest.mark.parametrize("arguments", TABLES, ids=lambda given: f"{given[0]} by {given[-1]}")
def test_the_table_is_as_worked_out_by_hand(market: None, arguments: tuple[str, ...]) -> None:
    found = CliRunner().invoke(report, [*arguments, "--as", "regulator", "--json"])
    assert found.exit_code == 0, found.output
    answer = json.loads(found.output)
    lines = CliRunner().invoke(report, [*arguments, "--as", "regulator"]).output.splitlines()
    english = lines[lines.index("") + 1]
    expected = [line.split("  ") for line in TABLES[arguments].strip().splitlines()]
    heads, *rows = [[cell.strip() for cell in line if cell.strip()] for line in expected]
    codes = {one["code"]: one for one in answer["columns"]}
    keys = [""] * (len(_heads(english)) - len(codes))
    named = dict(zip(_heads(english), [*keys, *codes], strict=True))
    told = [
        [next(iter(one["keys"].values())), *(_cell(one["figures"][named[h]]) for h in heads[1:])]
        for one in answer["rows"]
    ]
    told.sort()
    told.append(["Total", *(_cell(answer["totals"][named[h]]) for h in heads[1:])])
    assert told == rows


def _heads(line: str) -> list[str]:
    return [part.strip() for part in line.split("  ") if part.strip()]


def _cell(value: Any) -> str:
    return "-" if value is None else str(value)
