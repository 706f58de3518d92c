"""Pay tables return what they are scaled to; their deviation is known."""

from __future__ import annotations

import numpy as np
import pytest

from portal.market.market import KINDS, make_operator
from portal.market.outcomes import Outcomes
from portal.market.paytables import pay_table
from tests.unit.market.test_market import ANCHOR


def test_reference_table_has_the_figures_of_the_study() -> None:
    table = pay_table("slot", 0.96)
    assert table.rtp == pytest.approx(0.96)
    assert round(table.sigma, 3) == 5.983
    assert round(table.hit_rate, 4) == 0.3261


def test_roulette_and_baccarat_deviate_as_known() -> None:
    assert 1.0 < pay_table("roulette", 0.973).sigma < 5.84
    assert 0.92 < pay_table("baccarat", 0.988).sigma < 0.96


def test_a_return_beyond_the_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot return"):
        pay_table("baccarat", 1.9)


def test_draws_return_what_is_declared() -> None:
    games = make_operator(KINDS[0], 0, anchor=ANCHOR).games
    n = 400_000
    stakes = np.full(n, 1000, np.int64)
    for index in (0, 2, 5):
        payouts = Outcomes(games).draw(np.random.default_rng(1), np.full(n, index, np.intp), stakes)
        error = games[index].sigma / np.sqrt(n)
        assert abs(payouts.sum() / stakes.sum() - games[index].rtp) < 4 * error
