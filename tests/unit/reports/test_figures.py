"""Figures that follow from sums, and how they leave the house in a file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from portal.reports.figures import Figures, total
from portal.web.spreadsheets import safe_text


def test_the_definitions():
    figures = Figures(bet_count=5, stake=1000, win_count=2, win=600, refund_count=1, refund=200)
    assert figures.net_stake == 800
    assert figures.ggr == 200
    assert figures.rtp_percent == Decimal("75.0000")
    assert figures.hold_percent == Decimal("25.0000")
    assert figures.average_stake == 200


def test_nothing_to_divide_by_is_nothing_and_not_zero():
    for figures in (Figures(), Figures(bet_count=1, stake=5, refund_count=1, refund=5)):
        assert figures.rtp_percent is None
        assert figures.hold_percent is None
        assert figures.average_stake is None


def test_figures_may_be_negative_and_larger_than_a_float_can_tell():
    figures = Figures(bet_count=1, stake=10**17 + 1, win_count=1, win=2 * 10**17)
    assert figures.ggr == 1 - 10**17
    assert total([figures, figures]).stake == 2 * 10**17 + 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_is_quoted(start):
    assert safe_text(f"{start}1+1") == f"'{start}1+1"
    assert safe_text(f"a{start}b") == f"a{start}b"
