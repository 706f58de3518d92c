"""Shares of the market: revenue by type and rank, records as asked for."""

from __future__ import annotations

from collections import defaultdict

import pytest

from portal.market.economy import Economy
from portal.market.market import make_market
from portal.market.pace import Pace
from portal.market.profiles import PROFILES
from tests.unit.market.test_market import ANCHOR

OPERATORS = make_market(45, anchor=ANCHOR)


def test_one_record_of_the_market_is_shared_out_whole() -> None:
    pace = Pace(OPERATORS)
    records = [
        pace.rounds(place) * Economy(operator).records_per_round
        for place, operator in enumerate(OPERATORS)
    ]
    assert sum(records) == pytest.approx(1)


def test_revenue_is_shared_as_the_study_says() -> None:
    pace = Pace(OPERATORS)
    revenue: defaultdict[str, float] = defaultdict(float)
    for place, operator in enumerate(OPERATORS):
        revenue[operator.type] += pace.rounds(place) * Economy(operator).revenue_per_round
    for gambling_type, profile in PROFILES.items():
        share = revenue[gambling_type] / sum(revenue.values())
        assert share == pytest.approx(profile.ggr_share)


def test_the_first_of_twenty_casinos_makes_28_percent() -> None:
    pace = Pace(OPERATORS)
    revenue = [
        pace.rounds(place) * Economy(operator).revenue_per_round
        for place, operator in enumerate(OPERATORS)
        if operator.type == "online_casino"
    ]
    shares = [one / sum(revenue) for one in revenue]
    assert shares[0] == pytest.approx(0.28, abs=0.005)
    assert sum((100 * share) ** 2 for share in shares) == pytest.approx(1233, abs=5)
