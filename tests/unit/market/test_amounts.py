"""Amounts are round, positive, written with two digits, and as large as the study says."""

from __future__ import annotations

import numpy as np

from portal.market.amounts import OddAmounts, RoundAmounts, decimal_texts


def test_slot_stakes_have_the_median_and_mean_of_the_study() -> None:
    stakes = RoundAmounts(6, 1.46, 0.5, 5000)
    drawn = stakes.draw(np.random.default_rng(1), 200_000) / 100
    assert np.median(drawn) == 5  # the step nearest to 6
    assert abs(drawn.mean() - 17) < 1.5
    assert abs(drawn.mean() - stakes.mean / 100) < 0.5


def test_round_amounts_are_steps_of_1_2_5() -> None:
    drawn = RoundAmounts(6, 1.46, 0.5, 5000).draw(np.random.default_rng(1), 100_000)
    assert {int(str(amount).rstrip("0")) for amount in drawn.tolist()} == {1, 2, 5}
    assert drawn.min() >= 50
    assert drawn.max() <= 500_000


def test_odd_amounts_are_never_below_one_hryvnia() -> None:
    drawn = OddAmounts(500, 1.0).draw(np.random.default_rng(1), 10_000)
    assert drawn.min() >= 100
    assert abs(np.median(drawn) - 50_000) < 2_500


def test_texts_are_exact() -> None:
    assert decimal_texts(np.array([1, 50, 100, 123456789012, 100])) == [
        "0.01", "0.50", "1.00", "1234567890.12", "1.00",
    ]  # fmt: skip
