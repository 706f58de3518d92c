"""Transactions of one operator: valid, tied together, repeatable, and counted exactly."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from portal.ingest import wire
from portal.ingest.fields import TYPES
from portal.market.batch import TypeTotal, totals_of
from portal.market.model import Operator
from tests.unit.market.support import (
    EVERY_KIND,
    HOUR,
    MINUTE,
    NOON,
    decoded,
    documents,
    source,
)

EQUIPMENT_REQUIRED = {"slot_hall", "land_casino"}
every_kind = pytest.mark.parametrize("operator", EVERY_KIND, ids=lambda one: one.type)


@every_kind
def test_every_record_is_valid_and_refers_to_what_is_registered(operator: Operator) -> None:
    columns, _ = source(operator).window(NOON, NOON + HOUR, 2000)
    records = decoded(columns)
    assert records.n == len(columns) > 2000
    wire.check_references(
        records,
        licence={one.number for one in operator.licences},
        channel={one.code for one in operator.channels},
        equipment={one.code for one in operator.equipment},
        game={one.code for one in operator.games},
    )


@every_kind
def test_totals_are_those_of_the_records(operator: Operator) -> None:
    made = source(operator, cancelled=0.05)
    columns, wrong = made.window(NOON, NOON + HOUR, 2000)
    columns.extend(made.corrections(wrong, NOON + HOUR))
    records = decoded(columns)
    back = records.cancel_reason > 0
    expected = {
        name: TypeTotal(
            int((of_type & ~back).sum()), int(records.amount_minor[of_type & ~back].sum()),
            int((of_type & back).sum()), int(records.amount_minor[of_type & back].sum()),
        )
        for name, number in TYPES.items()
        if (of_type := records.type == number).any()
    }  # fmt: skip
    assert totals_of(columns) == expected
    assert sum(total.cancelled_records for total in expected.values()) == len(wrong) > 0


@every_kind
def test_what_came_of_a_round_follows_its_stake(operator: Operator) -> None:
    columns, _ = source(operator).window(NOON, NOON + HOUR, 1000)
    rounds = defaultdict(list)
    for record in documents(columns.texts):
        if "round_id" in record:
            rounds[record["round_id"]].append(record)
    for records in rounds.values():
        bet, *rest = records
        assert bet["type"] == "bet"
        assert len(rest) <= 1
        for result in rest:
            assert result["type"] in {"win", "refund"}
            assert result["occurred_at"] >= bet["occurred_at"]
            for field in ("player", "game", "channel", "licence"):
                assert result[field] == bet[field]
            assert result.get("equipment") == bet.get("equipment")
            if result["type"] == "refund":
                assert result["amount"] == bet["amount"]


@every_kind
def test_equipment_is_named_where_it_must_be(operator: Operator) -> None:
    columns, _ = source(operator).window(NOON, NOON + HOUR, 500)
    records = documents(columns.texts)
    if operator.type in EQUIPMENT_REQUIRED:
        of = {item.code: item.channel for item in operator.equipment}
        assert all(
            of[record["equipment"]] == record["channel"]
            for record in records
            if record["type"] in {"bet", "win", "refund"}
        )
    tables = {game.code: game.table for game in operator.games}
    kinds = {item.code: item.kind for item in operator.equipment}
    for record in records:
        if kinds.get(record.get("equipment", "")) == "gaming_table" and "game" in record:
            assert not tables[record["game"]].startswith("slot")


def test_the_same_window_is_the_same_to_the_byte() -> None:
    first, again = source(), source()
    first.window(NOON - HOUR, NOON, 100)  # what was made before does not matter
    assert first.window(NOON, NOON + MINUTE, 300) == again.window(NOON, NOON + MINUTE, 300)
    assert first.window(NOON, NOON + MINUTE, 300) != source(seed=2).window(NOON, NOON + MINUTE, 300)


def test_another_run_has_other_ids() -> None:
    one, _ = source(run="one").window(NOON, NOON + MINUTE, 500)
    two, _ = source(run="two").window(NOON, NOON + MINUTE, 500)
    ids = [record["id"] for record in documents(one.texts + two.texts)]
    assert len(set(ids)) == len(ids)


def test_a_player_keeps_the_pseudonym_and_operators_share_none() -> None:
    first, second = source(), source()
    assert first.accounts.pseudonym(7) == second.accounts.pseudonym(7)
    other = source(EVERY_KIND[1])
    assert other.accounts.pseudonym(7) != first.accounts.pseudonym(7)


def test_players_differ_much_in_how_often_they_play() -> None:
    made = source()
    counts: Counter[str] = Counter()
    for hour in range(60):
        columns, _ = made.window(NOON + hour * HOUR, NOON + (hour + 1) * HOUR, 200)
        counts.update(r["player"] for r in documents(columns.texts) if r["type"] == "bet")
    ordered = sorted(counts.values(), reverse=True)
    top_tenth = sum(ordered[: made.accounts.count // 10])
    assert top_tenth / sum(ordered) > 0.6


def test_late_records_are_16_minutes_back_or_more() -> None:
    columns, _ = source(late=0.2).window(NOON, NOON + 1000, 2000)
    moments = decoded(columns).occurred_us // 1000 + 946_684_800_000
    late = moments < NOON
    assert 0.15 < late.mean() < 0.25
    assert (moments[late] < NOON - 15 * MINUTE).all()
    assert (moments < NOON + 1000).all()


def test_corrections_repeat_the_facts_and_take_back_whole_rounds() -> None:
    made = source(cancelled=0.1)
    columns, wrong = made.window(NOON, NOON + HOUR, 1000)
    corrections = documents(made.corrections(wrong, NOON + HOUR).texts)
    originals = {record["id"]: record for record in documents(columns.texts)}
    assert 0.05 < len(wrong) / len(columns) < 0.15
    for place, record in zip((one.place for one in wrong), corrections, strict=True):
        target = record.pop("cancels")["id"]
        original = originals[target]
        assert list(originals).index(target) == place
        assert record.pop("id") != original["id"]
        assert record.pop("occurred_at") >= original["occurred_at"]
        assert (
            record.items()
            == {k: v for k, v in original.items() if k not in {"id", "occurred_at"}}.items()
        )
    taken = {record.get("round_id") for record in corrections} - {None}
    of_taken = [one for one in originals.values() if one.get("round_id") in taken]
    assert len(of_taken) == sum("round_id" in record for record in corrections)


def test_bonus_stakes_are_stakes_only() -> None:
    columns, _ = source().window(NOON, NOON + HOUR, 3000)
    bonus = [record["type"] for record in documents(columns.texts) if "bonus" in record]
    assert set(bonus) == {"bet"}
    assert 40 < len(bonus) < 160


def test_a_window_without_rounds_is_empty() -> None:
    columns, wrong = source().window(NOON, NOON + MINUTE, 0)
    assert len(columns) == 0
    assert wrong == []
