"""The days a report is about."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.web.periods import PRESETS, Period, PeriodError, read_period

NOW = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 11, 20), NOW),
        ("yesterday", date(2026, 11, 19), date(2026, 11, 19)),
        ("7-days", date(2026, 11, 14), NOW),
        ("30-days", date(2026, 10, 22), NOW),
        ("month", date(2026, 11, 1), NOW),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("two-months", date(2026, 10, 1), NOW),
        ("quarter", date(2026, 10, 1), NOW),
        ("last-quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("year", date(2026, 1, 1), NOW),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_presets(name, first, last):
    assert read_period({"period": name}, now=NOW) == Period(first, last, name)


def test_every_preset_is_a_period_on_every_kind_of_day():
    for day in (date(2026, 1, 1), date(2024, 2, 29), date(2026, 12, 31), date(2026, 3, 31)):
        for name in PRESETS:
            assert read_period({"period": name}, now=day).days >= 1


def test_given_days_are_both_included():
    period = read_period({"period": "days", "from": "2026-10-25", "to": "2026-10-26"}, now=NOW)
    assert period == Period(date(2026, 10, 25), date(2026, 10, 26))
    assert period.days == 2
    # clocks go back on 25 October: two days of 25 and 24 hours
    assert period.start == datetime(2026, 10, 24, 21, tzinfo=UTC)
    assert period.end == datetime(2026, 10, 26, 22, tzinfo=UTC)


def test_a_preset_wins_over_the_date_fields_sent_with_it():
    query = {"period": "today", "from": "2020-01-01", "to": "2020-01-02"}
    assert read_period(query, now=NOW).preset == "today"


def test_one_day_given_is_a_period_too():
    assert read_period({"from": "2026-11-18"}, now=NOW) == Period(date(2026, 11, 18), NOW)
    one = Period(date(2026, 11, 18), date(2026, 11, 18))
    assert read_period({"to": "2026-11-18"}, now=NOW) == one


def test_nothing_is_the_default():
    assert read_period({}, now=NOW).preset == "7-days"
    assert read_period({"period": ""}, "month", NOW).preset == "month"
    assert read_period({"period": "days"}, "month", NOW).preset == "month"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "for ever"}, "period"),
        ({"from": "20.11.2026"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "1999-12-31"}, "from"),
        ({"from": "9999-12-31"}, "from"),
        ({"from": "2026-11-20", "to": "2026-11-19"}, "to"),
        ({"from": "2010-01-01", "to": "2026-11-19"}, "from"),
    ],
)
def test_what_is_no_period_says_which_field(query, field):
    with pytest.raises(PeriodError) as refused:
        read_period(query, now=NOW)
    assert refused.value.field == field
