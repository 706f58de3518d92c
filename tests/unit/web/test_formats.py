"""Figures and moments as people read them; money is exact."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web import formats


@pytest.fixture
def ukrainian(app):
    with app.test_request_context():
        yield


@pytest.fixture
def english(app):
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        yield


@pytest.mark.usefixtures("ukrainian")
@pytest.mark.parametrize(
    ("minor", "currency", "digits", "text"),
    [
        (123456789, "UAH", 2, "1 234 567,89 ₴"),
        (0, "UAH", 2, "0,00 ₴"),
        (-5, "UAH", 2, "−0,05 ₴"),
        (9_223_372_036_854_775_807, "UAH", 2, "92 233 720 368 547 758,07 ₴"),
        (1234567, "JPY", 0, "1 234 567 JPY"),
        (1234567, "BHD", 3, "1 234,567 BHD"),
        (100, "USD", 2, "1,00 USD"),
        (None, "UAH", 2, "—"),
    ],
)
def test_money_in_ukrainian(minor, currency, digits, text):
    assert formats.money(minor, currency, digits) == text.replace(" ", "\u00a0")


@pytest.mark.usefixtures("english")
def test_english():
    assert formats.money(123456789) == "1,234,567.89\u00a0UAH"
    assert formats.compact_money(123_456_789_012) == "1.23B\u00a0UAH"
    assert formats.percent(Decimal("0.1234")) == "12.3%"
    assert formats.date_only(date(2026, 11, 20)) == "20 Nov 2026"
    assert formats.date_time(datetime(2026, 11, 20, 12, 5, tzinfo=UTC)) == "20 Nov 2026 14:05"
    assert formats.time_only(datetime(2026, 11, 20, 22, 5, tzinfo=UTC)) == "00:05"


@pytest.mark.usefixtures("ukrainian")
def test_ukrainian():
    assert formats.compact_money(123_456_789_012) == "1,23\u00a0млрд\u00a0₴"
    assert formats.compact_money(999_99) == "999,99\u00a0₴"
    assert formats.count(1234567) == "1\u00a0234\u00a0567"
    assert formats.percent(0.1234) == "12,3%"
    assert formats.percent(0.91504, 2) == "91,50%"
    assert formats.percent(None) == "—"
    assert formats.date_only(date(2026, 11, 20)) == "20.11.2026"
    assert formats.share(1, 0) is None
    assert formats.compact_money(-123_456_789) == "\u22121,23\u00a0млн\u00a0₴"
    last = datetime(2026, 11, 20, 13, 9, 29, 999_999, UTC)
    assert formats.date_time(last, milliseconds=True) == "20.11.2026 15:09:29,999"


@pytest.mark.usefixtures("ukrainian")
@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 11, 20, 12, 5, 31, tzinfo=UTC), "20.11.2026 14:05:31"),  # winter
        (datetime(2026, 7, 1, 21, 30, tzinfo=UTC), "02.07.2026 00:30:00"),  # summer
        (datetime(2026, 11, 20, 12, 5, 31), "20.11.2026 14:05:31"),  # UTC when unsaid
        (None, "—"),
    ],
)
def test_moments_are_those_of_kyiv(moment, text):
    assert formats.date_time(moment, seconds=True) == text


def test_a_machine_reads_the_offset(app):
    moment = datetime(2026, 11, 20, 12, 5, tzinfo=UTC)
    assert formats.iso(moment) == "2026-11-20T14:05:00+02:00"


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 4))
def test_no_figure_loses_a_minor_unit(minor, digits):
    digits_shown = "".join(char for char in formats.amount(minor, digits) if char.isdigit())
    assert int(digits_shown) == abs(minor)
