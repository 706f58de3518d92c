"""Comparison, bridge and estimated taxes against slow recounts of raw rows, to the kopiyka."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from portal.web.formats import KYIV
from tests.support import market
from tests.support.batches import (
    BET,
    DEPOSIT,
    EUR,
    REFUND,
    UAH,
    WIN,
    WITHDRAWAL,
    Row,
    cancellation,
    row,
    store,
)
from tests.support.databases import Cluster, Database, become, rows, value
from tests.support.market import Operator, register

SEED = 20261127
ONE_DAY = timedelta(days=1)
TYPES = {BET: "bet", WIN: "win", REFUND: "refund", DEPOSIT: "deposit", WITHDRAWAL: "withdrawal"}
TODAY = datetime.now(KYIV).date()
THIS_MONTH = TODAY.replace(day=1)
LAST_MONTH = (THIS_MONTH - ONE_DAY).replace(day=1)
MONTH_BEFORE = (LAST_MONTH - ONE_DAY).replace(day=1)
WINDOWS = {"bookmaker": (45, True), "lottery": (45, True), "slot_hall": (1, False)}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=KYIV).astimezone(UTC)


def day_of(one: Row) -> date:
    return one.occurred_at.astimezone(KYIV).date()


@dataclass
class World:
    """Two operators and every row that came in of them."""

    database: Database
    operators: list[Operator]
    rows: dict[int, list[Row]]
    types: dict[int, str]

    def signed(self, operator_id: int, currency: int = UAH) -> Iterator[tuple[date, Row, int]]:
        """Each row with its day and the sign with which it counts."""
        for one in self.rows[operator_id]:
            if one.currency == currency:
                yield day_of(one), one, -1 if one.cancel_reason else 1


def played(operator: Operator, rng: random.Random, licences: dict[int, str]) -> list[Row]:
    """Rounds, cash and corrections of about three months, many of them round the ends of months."""
    made: list[Row] = []
    ends = [midnight(day) for day in (LAST_MONTH, THIS_MONTH)]
    start = midnight(MONTH_BEFORE)
    last = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(220):
        near = rng.random() < 0.6
        moment = (
            rng.choice(ends) + timedelta(minutes=rng.randint(-3000, 3000))
            if near
            else start + (last - start) * rng.random()
        )
        licence = rng.choice(list(licences))
        common: dict[str, Any] = {
            "licence_id": licence,
            "round_id": UUID(bytes=rng.randbytes(16)),
            "currency": EUR if rng.random() < 0.1 else UAH,
        }
        stakes = [
            row(operator, moment + timedelta(minutes=number), type=BET,
                amount_minor=rng.randint(1, 10**6), **common)
            for number in range(rng.choice((1, 1, 2)))
        ]  # fmt: skip
        results = []
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            after = moment + timedelta(minutes=rng.choice((1, 30, 600, 4000, 30_000)))
            results.append(
                row(operator, after, type=rng.choice((WIN, WIN, REFUND)),
                    amount_minor=rng.randint(1, 2 * 10**6), **common)
            )  # fmt: skip
        made += [one for one in (*stakes, *results) if one.occurred_at < last]
    for _ in range(60):
        moment = start + (last - start) * rng.random()
        made.append(
            row(operator, moment, type=rng.choice((DEPOSIT, WITHDRAWAL)),
                amount_minor=rng.randint(1, 10**7), licence_id=rng.choice(list(licences)))
        )  # fmt: skip
    for target in rng.sample(made, 30):
        later = target.occurred_at + timedelta(minutes=rng.choice((1, 60, 3000, 20_000)))
        if later < last:
            made.append(cancellation(target, later))
    return made


@pytest.fixture(scope="module")
def world(cluster: Cluster) -> Iterator[World]:
    rng = random.Random(SEED)
    with cluster.fresh() as database:
        operators, types = [], {}
        with database.connect() as conn:
            for name, kinds in (("RECK-A", ("bookmaker", "slot_hall")), ("RECK-B", ("lottery",))):
                made = register(
                    conn,
                    market.document(
                        name,
                        licences=[market.licence(f"{name}-{kind}", kind) for kind in kinds],
                        channels=[market.website("SITE"), market.venue("HALL")],
                        games=[market.game("GAME", kinds[0])],
                    ),
                )
                types |= {made.licence[f"{name}-{kind}"]: kind for kind in kinds}
                operators.append(made)
        kept = {}
        for operator in operators:
            own = {i: kind for i, kind in types.items() if i in operator.licence.values()}
            kept[operator.id] = played(operator, rng, own)
            plain = [one for one in kept[operator.id] if not one.cancel_reason]
            taking = [one for one in kept[operator.id] if one.cancel_reason]
            for part in (plain[::2], plain[1::2], taking):
                store(database, operator, part)
        with database.connect() as conn:
            conn.execute("select identity.start_demo()")
            for operator in operators:
                for month in (LAST_MONTH, THIS_MONTH):
                    conn.execute("select rollup.measure_open_bets(%s, %s)", (operator.id, month))
        yield World(database, operators, kept, types)


def declare(world: World, operator: Operator, day: date, changes: dict[str, int]) -> dict[str, int]:
    """Declare what the raw rows of a day say, with some changes; what was declared."""
    told: Counter[str] = Counter()
    for when, one, sign in world.signed(operator.id):
        if when == day:
            told[f"{TYPES[one.type]}_count"] += sign
            told[f"{TYPES[one.type]}_minor"] += sign * one.amount_minor
    flow = told["deposit_minor"] - told["withdrawal_minor"]
    ggr = told["bet_minor"] - told["refund_minor"] - told["win_minor"]
    true = dict(told) | {"opening": 1000, "closing": 1000 + flow - ggr, "open_bets": 7}
    declared = dict(true)
    for name, change in changes.items():
        declared[name] = declared.get(name, 0) + change
    names = TYPES.values()
    with world.database.connect("dozir_portal") as conn:
        become(conn, "operator", operator.id)
        conn.execute(
            "select api.declare_day(%s, 980::smallint, 1::smallint, %s::bigint[], %s::bigint[],"
            " %s, %s, %s)",
            (
                day,
                [declared.get(f"{name}_count", 0) for name in names],
                [declared.get(f"{name}_minor", 0) for name in names],
                declared["opening"],
                declared["closing"],
                declared["open_bets"],
            ),
        )
    return true


def compared(
    world: World, role: str, operator: int | None, *arguments: Any
) -> list[dict[str, Any]]:
    with world.database.acting_as(role, operator) as conn:
        marks = ", ".join(["%s"] * len(arguments))
        cursor = conn.execute(
            f"select * from api.declared_and_observed({marks})",  # type: ignore[arg-type]
            arguments,
        )
        assert cursor.description
        return [dict(zip([c.name for c in cursor.description], r, strict=True)) for r in cursor]


def test_declared_and_observed_agree_and_differ_to_the_kopiyka(world: World) -> None:
    operator, other = world.operators
    changes: dict[int, dict[str, int]] = {
        3: {},
        4: {"win_minor": 1},
        5: {"deposit_count": -1},
        6: {"closing": -2},
        7: {"opening": 5, "closing": 5},
    }
    truth = {}
    for ago, change in changes.items():
        truth[TODAY - ago * ONE_DAY] = declare(world, operator, TODAY - ago * ONE_DAY, change)
    first, last = TODAY - 8 * ONE_DAY, TODAY
    found = {
        one["day"]: one for one in compared(world, "regulator", None, first, last, [operator.id])
    }
    for ago, change in changes.items():
        day = TODAY - ago * ONE_DAY
        one, true = found[day], truth[day]
        for name in TYPES.values():
            for what in ("count", "minor"):
                observed = true.get(f"{name}_{what}", 0)
                assert one[f"observed_{name}_{what}"] == observed
                told = observed + change.get(f"{name}_{what}", 0)
                assert one[f"declared_{name}_{what}"] == told
        ggr = sum(
            true.get(f"{n}_minor", 0) * s for n, s in (("bet", 1), ("refund", -1), ("win", -1))
        )
        assert one["observed_ggr_minor"] == ggr
        assert one["declared_ggr_minor"] == ggr - change.get("win_minor", 0)
        assert one["identity_error_minor"] == change.get("closing", 0) - change.get("opening", 0)
        touched = {"win_minor": [2], "deposit_count": [4]}.get(next(iter(change), ""), [])
        assert one["differing_types"] == touched
        assert one["state"] == ("differs" if touched else "matches")
        before = truth.get(day - ONE_DAY)
        if before:
            closed = before["closing"] + changes[ago + 1].get("closing", 0)
            assert one["previous_closing_minor"] == closed
            assert one["opening_error_minor"] == one["opening_balance_minor"] - closed
    missing = TODAY - 8 * ONE_DAY
    assert (found[missing]["state"], found[missing]["balanced"]) == ("missing", None)
    assert found[TODAY - ONE_DAY]["state"] == "awaited"  # due at the end of today
    assert TODAY not in found
    # Each state is a filter; a list goes on after its last row.
    for state in ("missing", "differs", "matches", "awaited", "unbalanced", "late"):
        chosen = compared(world, "auditor", None, first, last, [operator.id], 980, state)
        expected = [
            one
            for one in found.values()
            if one["state"] == state
            or (state == "unbalanced" and one["balanced"] is False)
            or (state == "late" and one["late"])
        ]
        assert [one["day"] for one in chosen] == [one["day"] for one in expected]
    everything = compared(world, "tax_service", None, first, last)
    read: list[tuple[date, int]] = []
    while True:
        after = read[-1] if read else (None, None)
        part = compared(world, "tax_service", None, first, last, None, 980, None, *after, 3)
        if not part:
            break
        read += [(one["day"], one["operator_id"]) for one in part]
    assert read == [(one["day"], one["operator_id"]) for one in everything]
    # An operator sees its own, whatever it asks for.
    assert compared(world, "operator", operator.id, first, last, [other.id]) == []
    own = compared(world, "operator", operator.id, first, last)
    assert {one["operator_id"] for one in own} == {operator.id}
    with world.database.acting_as("regulator") as conn:
        counted = dict(
            rows(conn, "select state, days from api.declaration_states(%s, %s)", (first, last))
        )
    states = Counter(one["state"] for one in everything)
    states["late"] = sum(one["late"] for one in everything)
    states["unbalanced"] = sum(one["balanced"] is False for one in everything)
    assert counted == {name: number for name, number in states.items() if number}


def test_a_declaration_after_its_day_is_late_and_stays_so(world: World) -> None:
    operator = world.operators[1]
    day = TODAY - 10 * ONE_DAY
    declare(world, operator, day, {})
    [one] = compared(world, "regulator", None, day, day, [operator.id])
    assert one["late"]
    assert one["due_at"].astimezone(KYIV) == datetime.combine(day + 2 * ONE_DAY, time(), KYIV)


@pytest.mark.parametrize(
    ("first", "last", "sqlstate"),
    [
        ("2026-02-02", "2026-02-01", "DZV01"),
        ("2026-01-01", "2026-12-31", "DZV01"),
        ("9999-01-01", "9999-01-02", "DZV01"),
        ("0001-01-01", "0001-01-02", "DZV01"),
    ],
)
def test_absurd_periods_are_refused(world: World, first: str, last: str, sqlstate: str) -> None:
    from tests.support.databases import refusal

    with world.database.acting_as("regulator") as conn:
        asked = (first, last)
        for function in ("declared_and_observed", "declaration_states"):
            call = f"select from api.{function}(%s, %s)"
            assert refusal(conn, call, asked) == sqlstate
        if first > last or first[0] in "09":
            for call in (
                "select from api.tax_estimate(%s, %s)",
                "select from api.declared_months(%s, %s)",
                "select from api.settlement_bridge(1, %s, %s)",
            ):
                assert refusal(conn, call, asked) == sqlstate
        for call, asked in (
            ("select from api.tax_estimate(%s, %s)", ("2000-01-01", "2026-01-01")),
            ("select from api.declared_months(%s, %s)", ("2020-01-01", "2026-01-01")),
            ("select from api.settlement_bridge(1, %s, %s)", ("2020-01-01", "2026-01-01")),
            ("select from api.declared_and_observed(%s, %s, p_state => 'x')", ("2026-01-01",) * 2),
        ):
            assert refusal(conn, call, asked).startswith("DZV0")


# The bridge


def open_by_hand(
    world: World, operator: Operator, kind: str, month: date, currency: int
) -> Counter:
    """What stood open as a month began, bet by bet."""
    began = midnight(month)
    days, unresolved_counts = WINDOWS[kind]
    own = [
        one
        for one in world.rows[operator.id]
        if world.types[one.licence_id] == kind
        and began - days * ONE_DAY <= one.occurred_at < began + days * ONE_DAY
        and one.type in (BET, WIN, REFUND)
    ]
    taken_back = {one.cancels: one.occurred_at for one in own if one.cancel_reason}
    plain = [one for one in own if not one.cancel_reason and one.currency == currency]
    found: Counter[str] = Counter()
    rounds = set()
    for bet in (one for one in plain if one.type == BET and one.occurred_at < began):
        back = taken_back.get(bet.id)
        if back and back < began:
            continue
        results = [
            one for one in plain if one.round_id == bet.round_id and one.type in (WIN, REFUND)
        ]
        if any(
            bet.occurred_at <= one.occurred_at < began
            and not (one.id in taken_back and taken_back[one.id] < began)
            for one in results
        ):
            continue
        after = [one for one in results if one.occurred_at >= began and one.id not in taken_back]
        if back:
            found["voided"] += bet.amount_minor
        if after and bet.round_id not in rounds:
            rounds.add(bet.round_id)
            for one in after:
                found["won" if one.type == WIN else "voided"] += one.amount_minor
        if after or back:
            found["proven"] += bet.amount_minor
            found["proven_count"] += 1
        elif unresolved_counts:
            found["possible"] += bet.amount_minor
    return found


def test_the_bridge_is_what_a_recount_bet_by_bet_gives(world: World) -> None:
    some = 0
    for operator in world.operators:
        for currency in (UAH, EUR):
            with world.database.acting_as("regulator") as conn:
                cursor = conn.execute(
                    "select * from api.settlement_bridge(%s, %s, %s, %s::smallint)",
                    (operator.id, LAST_MONTH, LAST_MONTH, currency),
                )
                assert cursor.description
                names = [c.name for c in cursor.description]
                found = [dict(zip(names, one, strict=True)) for one in cursor]
                kinds = dict(rows(conn, "select id, code from api.gambling_type"))
            assert found
            for one in found:
                kind = kinds[one["gambling_type_id"]]
                opened = open_by_hand(world, operator, kind, LAST_MONTH, currency)
                closed = open_by_hand(world, operator, kind, THIS_MONTH, currency)
                some += opened["proven_count"] + closed["proven_count"]
                assert one["opening_proven_minor"] == opened["proven"]
                assert one["opening_count"] == opened["proven_count"]
                assert one["opening_possible_minor"] == opened["possible"]
                assert one["opening_voided_minor"] == opened["voided"]
                assert one["opening_won_minor"] == opened["won"]
                assert one["closing_proven_minor"] == closed["proven"]
                assert one["closing_possible_minor"] == closed["possible"]
                cash: Counter[int] = Counter()
                for when, raw, sign in world.signed(operator.id, currency):
                    if world.types[raw.licence_id] == kind and LAST_MONTH <= when < THIS_MONTH:
                        cash[raw.type] += sign * raw.amount_minor
                assert one["stake_minor"] == cash[BET]
                assert one["cash_ggr_minor"] == cash[BET] - cash[REFUND] - cash[WIN]
                settled = opened["proven"] + cash[BET] - closed["proven"]
                assert one["settled_minor"] == settled
                assert one["settlement_ggr_minor"] == settled - cash[REFUND] - cash[WIN]
                assert one["settlement_least_minor"] == (
                    one["settlement_ggr_minor"] - closed["possible"]
                )
                assert one["settlement_most_minor"] == (
                    one["settlement_ggr_minor"] + opened["possible"]
                )
    assert some > 20, "nothing stood open: the test would prove nothing"


def test_what_is_not_measured_has_no_bridge(world: World) -> None:
    with world.database.acting_as("regulator") as conn:
        [(cash, bridged, final)] = rows(
            conn,
            "select sum(cash_ggr_minor) is not null, bool_or(settlement_ggr_minor is not null),"
            " bool_or(final) from api.settlement_bridge(%s, %s, %s)",
            (world.operators[0].id, MONTH_BEFORE, MONTH_BEFORE),
        )
    assert (cash, bridged, final) == (True, False, False)


def test_records_behind_open_bets_add_up_to_what_was_measured(world: World) -> None:
    columns = {
        "proven": ("proven_count", "proven_minor"),
        "voided": ("voided_count", "voided_minor"),
        "won": ("won_count", "won_minor"),
    }
    told = 0
    with world.database.connect() as conn:
        become(conn, "regulator")
        cursor = conn.execute("select * from api.open_bets")
        names = [one.name for one in cursor.description or ()]
        for measured in [dict(zip(names, one, strict=True)) for one in cursor.fetchall()]:
            for kind, (count, minor) in columns.items():
                found: list[tuple[Any, ...]] = []
                while True:  # page by page, as the list is read
                    part = rows(
                        conn,
                        "select id, amount_minor, type from"
                        " api.open_bet_rows(%s, %s, %s, %s, %s, %s, 3)",
                        (
                            measured["operator_id"],
                            measured["month"],
                            measured["gambling_type_id"],
                            measured["currency"],
                            kind,
                            found[-1][0] if found else None,
                        ),
                    )
                    found += part
                    if not part:
                        break
                assert len(found) == len({one[0] for one in found}) == measured[count]
                assert sum(one[1] for one in found) == measured[minor]
                assert [one[0] for one in found] == sorted((one[0] for one in found), reverse=True)
                types = {"voided": {BET, REFUND}, "won": {WIN}}.get(kind, {BET})
                assert {one[2] for one in found} <= types
                told += len(found)
    assert told > 20


def test_open_bets_of_another_operator_are_nobodys(world: World) -> None:
    first, second = world.operators
    with world.database.connect() as conn:
        kinds = rows(conn, "select id from registry.gambling_type")
        become(conn, "operator", second.id)
        for (kind,) in kinds:
            for told in ("proven", "voided", "won"):
                asked = (first.id, THIS_MONTH, kind, UAH, told)
                query = "select * from api.open_bet_rows(%s, %s, %s, %s, %s)"
                assert rows(conn, query, asked) == []


def test_measuring_goes_on_where_it_was_cut_off_and_ends(world: World) -> None:
    """The job measures each boundary once, and another time what is not final a week later."""
    with world.database.rolled_back() as conn:
        count = "select count(*) from rollup.open_bets"
        before = value(conn, count)
        conn.execute("delete from rollup.open_bets where month = %s", (LAST_MONTH,))
        steps = 0
        while value(conn, "select maintenance.measure_next_open_bets()") is not None:
            steps += 1
        assert steps > 0
        assert value(conn, count) >= before
        conn.execute("update rollup.open_bets set measured_at = now() - interval '8 days'")
        assert value(conn, "select maintenance.measure_next_open_bets()") is not None


# Months


def test_a_declared_month_is_held_to_the_records(world: World) -> None:
    operator = world.operators[1]
    kind = 6
    ggr = sum(
        sign * raw.amount_minor * {BET: 1, WIN: -1, REFUND: -1}.get(raw.type, 0)
        for when, raw, sign in world.signed(operator.id)
        if LAST_MONTH <= when < THIS_MONTH
    )

    def told() -> tuple[Any, ...]:
        with world.database.acting_as("tax_service") as conn:
            [found] = rows(
                conn,
                "select state, declared_ggr_minor, observed_ggr_minor, difference_minor"
                " from api.declared_months(%s, %s, array[%s])",
                (LAST_MONTH, LAST_MONTH, operator.id),
            )
            return found

    assert told()[1:] == (None, ggr, None)
    for version, (basis, given, state) in enumerate(
        (("cash", ggr + 1, "differs"), ("cash", ggr, "matches"), ("settlement", 5, "settlement")), 1
    ):
        with world.database.connect("dozir_portal") as conn:
            become(conn, "operator", operator.id)
            conn.execute(
                "select api.declare_month(%s, 980::smallint, %s::smallint, %s::smallint, %s, %s,"
                " 'a reason')",
                (LAST_MONTH, kind, version, basis, given),
            )
        assert told() == (state, given, ggr, given - ggr)


# Taxes


def confirmed(world: World, *proposal: Any) -> None:
    """A rate that one official proposes and the other confirms; a superuser signs nothing."""
    with world.database.connect() as conn:
        officials = [
            id_
            for (id_,) in rows(
                conn, "select id from api.demo_identities() where role = 'tax_service' order by id"
            )
        ]
        become(conn, "tax_service")
        conn.execute("select set_config('dozir.person_id', %s, true)", (str(officials[0]),))
        marks = ", ".join(["%s"] * len(proposal))
        number = value(conn, f"select api.propose_tax_rate({marks})", proposal)
        conn.execute("select set_config('dozir.person_id', %s, true)", (str(officials[1]),))
        conn.execute(
            "select api.decide_tax_rate(%s, 'confirm', null, (select max(id) from api.tax_rate"
            " where kind = %s and tax_class = %s))",
            (number, proposal[1], proposal[2]),
        )


def rounded(tax: Fraction) -> int:
    exact = Decimal(tax.numerator) / Decimal(tax.denominator)
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_estimated_taxes_are_those_of_a_recount_by_rows(world: World) -> None:
    middle = LAST_MONTH + 14 * ONE_DAY
    rest = ("act", "source", "reason")
    confirmed(world, "set", "ggr_tax", "lotteries", 123_457, "ggr", "floor", middle, None, *rest)
    confirmed(
        world, "set", "ggr_tax", "casino_betting_poker", 180_000, "ggr", "carry_year",
        date(2000, 1, 1), None, *rest,
    )  # fmt: skip
    first, last = MONTH_BEFORE, TODAY
    rules = {
        "bookmaker": ("casino_betting_poker", [(date.min, 180_000, True)], "carry_year"),
        "slot_hall": ("slot_machines", [(date.min, 100_000, False)], "floor"),
        "lottery": ("lotteries", [(date.min, 300_000, False), (middle, 123_457, True)], "floor"),
    }
    expected: dict[tuple[Any, ...], tuple[int, int, int, bool]] = {}
    for operator in world.operators:
        by_kind: dict[str, dict[date, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for when, raw, sign in world.signed(operator.id):
            by_kind[world.types[raw.licence_id]][when][raw.type] += sign * raw.amount_minor
        winnings: dict[date, Counter[str]] = defaultdict(Counter)
        for kind, days in by_kind.items():
            tax_class, steps, rule = rules[kind]
            parts: dict[date, list[tuple[date, int, bool, int]]] = defaultdict(list)
            for when, sums in sorted(days.items()):
                begin, ppm, sure = [one for one in steps if one[0] <= when][-1]
                ggr = sums[BET] - sums[REFUND] - sums[WIN]
                parts[max(when.replace(day=1), begin)].append((when, ppm, sure, ggr))
                if kind != "lottery":
                    winnings[when.replace(day=1)]["win"] += sums[WIN]
                    winnings[when.replace(day=1)]["withdrawal"] += sums[WITHDRAWAL]
            gained: Counter[int] = Counter()
            taxed: Counter[int] = Counter()
            for begin, days_of in sorted(parts.items()):
                base = sum(one[3] for one in days_of)
                _, ppm, sure, _ = days_of[0]
                taxable = max(base, 0)
                if rule == "carry_year":
                    gained[begin.year] += base
                    taxable = max(0, gained[begin.year] - taxed[begin.year])
                    taxed[begin.year] += taxable
                key = (operator.id, "ggr_tax", tax_class, "ggr", begin)
                tax = rounded(Fraction(taxable * ppm, 1_000_000))
                expected[key] = (base, taxable, tax, sure)
        for month, sums_of in winnings.items():
            for base_name in ("win", "withdrawal"):
                for kind_name, ppm in (("pit", 180_000), ("military_levy", 50_000)):
                    base = sums_of[base_name]
                    key = (operator.id, kind_name, "winnings", base_name, month)
                    expected[key] = (base, base, rounded(Fraction(base * ppm, 1_000_000)), False)
    with world.database.acting_as("tax_service") as conn:
        found = {
            (operator, kind, tax_class, base, begin): (amount, taxable, tax, verified)
            for operator, kind, tax_class, base, begin, amount, taxable, tax, verified in rows(
                conn,
                "select operator_id, kind, tax_class, base, first_day, base_minor, taxable_minor,"
                " tax_minor, verified from api.tax_estimate(%s, %s)",
                (first, last),
            )
        }
    assert found == expected
    assert any(one[0] < 0 for one in found.values()), "no loss: the floor would prove nothing"
    with world.database.acting_as("operator", world.operators[1].id) as conn:
        whose = rows(
            conn, "select distinct operator_id from api.tax_estimate(%s, %s)", (first, last)
        )
    assert whose == [(world.operators[1].id,)]


def test_a_part_of_a_year_knows_the_losses_before_it(world: World) -> None:
    """The sum of months asked one by one is that of all at once, also where losses are carried."""
    months = [
        (month, (month.replace(day=28) + 4 * ONE_DAY).replace(day=1) - ONE_DAY)
        for month in (MONTH_BEFORE, LAST_MONTH, THIS_MONTH)
    ]
    asked = "select operator_id, kind, base, first_day, tax_minor from api.tax_estimate(%s, %s)"
    with world.database.acting_as("auditor") as conn:
        whole = rows(conn, asked, (months[0][0], months[-1][1]))
        parts = [one for month in months for one in rows(conn, asked, month)]
    if months[0][0].year == months[-1][0].year:
        assert sorted(whole) == sorted(parts)
