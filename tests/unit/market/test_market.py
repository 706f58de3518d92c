"""The invented market: always the same, in proportion, and nothing of it real."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from portal.market.market import (
    KINDS,
    counts,
    make_market,
    make_operator,
    name_of_code,
)
from portal.market.model import Operator
from portal.market.paytables import pay_table

ANCHOR = date(2026, 3, 1)
DEFAULT = {
    "online_casino": 20,
    "bookmaker": 4,
    "online_poker": 2,
    "slot_hall": 12,
    "land_casino": 4,
    "lottery": 3,
}


@pytest.fixture(scope="module")
def market() -> list[Operator]:
    return make_market(45, anchor=ANCHOR)


@pytest.fixture(scope="module")
def large_market() -> list[Operator]:
    return make_market(1000, anchor=ANCHOR)


def test_the_same_seed_makes_the_same_market(market: list[Operator]) -> None:
    assert make_market(45, anchor=ANCHOR) == market
    assert make_market(45, anchor=ANCHOR, seed=2) != market


def test_a_larger_market_contains_the_smaller_one(
    market: list[Operator], large_market: list[Operator]
) -> None:
    by_code = {operator.code: operator for operator in large_market}
    assert all(by_code[operator.code] == operator for operator in market)


def test_default_market_has_the_proportions_of_the_study(market: list[Operator]) -> None:
    assert Counter(operator.type for operator in market) == DEFAULT


@pytest.mark.parametrize("operators", [1, 2, 6, 44, 45, 46, 100, 1000])
def test_any_size_keeps_the_proportions(operators: int) -> None:
    sizes = counts(operators)
    assert sum(sizes.values()) == operators
    for gambling_type, size in sizes.items():
        assert abs(size - operators * DEFAULT[gambling_type] / 45) < 1


def test_every_type_comes_first(market: list[Operator]) -> None:
    assert {operator.type for operator in market[:6]} == DEFAULT.keys()


def test_what_must_be_unique_is_unique(large_market: list[Operator]) -> None:
    def of(*names: str) -> list[tuple[str, ...]]:
        return [tuple(getattr(operator, name) for name in names) for operator in large_market]

    for column in (
        of("code"), of("taxpayer_code"), of("name_uk"), of("name_en"),
        [(licence.number,) for operator in large_market for licence in operator.licences],
        [
            (channel.details["domain"],)
            for operator in large_market
            for channel in operator.channels
            if channel.kind == "website"
        ],
    ):  # fmt: skip
        assert len(set(column)) == len(column)
    for operator in large_market:
        for objects in (operator.channels, operator.equipment, operator.games):
            codes = [thing.code for thing in objects]
            assert len(set(codes)) == len(codes)


def test_taxpayer_codes_have_a_right_check_digit_and_belong_to_nobody(
    large_market: list[Operator],
) -> None:
    for operator in large_market:
        digits = [int(digit) for digit in operator.taxpayer_code]
        assert len(digits) == 8
        assert digits[0] == 9  # given codes are below 50 000 000
        check = sum(d * w for d, w in zip(digits, range(1, 8), strict=False)) % 11
        if check == 10:
            check = sum(d * w for d, w in zip(digits, range(3, 10), strict=False)) % 11 % 10
        assert digits[7] == check


def test_codes_fit_the_registry(market: list[Operator]) -> None:
    for operator in market:
        assert re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,31}", operator.code)
        for thing in (*operator.channels, *operator.equipment, *operator.games):
            assert re.fullmatch(r"[!-~]{1,64}", thing.code)
        for channel in operator.channels:
            if channel.kind == "website":
                assert re.fullmatch(r"[a-z0-9-]{1,63}\.example", channel.details["domain"])
            if channel.kind == "venue":
                assert 44 < channel.details["latitude"] < 53
                assert 22 < channel.details["longitude"] < 41


def test_halls_and_casinos_are_furnished_as_the_study_says(market: list[Operator]) -> None:
    halls = [operator for operator in market if operator.type == "slot_hall"]
    machines = Counter(
        (operator.code, item.channel) for operator in halls for item in operator.equipment
    )
    assert len(machines) == 60
    assert all(40 <= count <= 60 for count in machines.values())
    for operator in market:
        if operator.type == "land_casino":
            kinds = Counter(item.kind for item in operator.equipment)
            assert kinds["slot_machine"] >= 50
            assert kinds["gaming_table"] == 10


def test_licences_last_five_years_and_a_few_need_attention(market: list[Operator]) -> None:
    licences = [licence for operator in market for licence in operator.licences]
    for licence in licences:
        assert abs((licence.valid_until - licence.valid_from).days - 5 * 365.25) < 2
        assert licence.valid_from.date() < ANCHOR - timedelta(days=365)
    ended = [one for one in licences if one.valid_until.date() <= ANCHOR]
    ending = [
        one for one in licences if ANCHOR < one.valid_until.date() <= ANCHOR + timedelta(days=30)
    ]
    suspended = [
        one for one in licences if any(suspension.until is None for suspension in one.suspensions)
    ]
    assert [len(ended), len(ending), len(suspended)] == [2, 2, 2]


def test_games_declare_what_their_tables_pay(market: list[Operator]) -> None:
    for operator in market:
        assert operator.games
        for game in operator.games:
            table = pay_table(game.table, game.rtp)
            assert table.rtp == pytest.approx(game.rtp)
            assert table.sigma == pytest.approx(game.sigma)
            if game.table.startswith("slot"):
                low, high = (0.90, 0.94) if operator.type == "slot_hall" else (0.93, 0.97)
                assert low <= game.rtp <= high
                assert 3.5 < game.sigma < 12


def test_codes_tell_whose_demo_they_are() -> None:
    operator = make_operator(KINDS[0], 7, anchor=ANCHOR)
    assert name_of_code(operator.code) == operator.name_en
    for foreign in ("OC-8", "OC-0000", "OC", "XX-0001", "REAL", ""):
        assert name_of_code(foreign) is None
