"""Records against the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from portal.ingest import times, wire
from portal.ingest.decoded import Decoded
from portal.ingest.problems import FieldError, Refusal

from .building import CURRENCIES, JSON, START_MS, body, identifier, moment, record

NOW_US = START_MS * 1000 - times.UNIX_TO_PG_MS * 1000
MINUTE_MS = 60_000
DAY_MS = 86_400_000


def batch(*lags_ms: int) -> Decoded:
    """Records that happened so long before now."""
    rows = [
        record(n, id=identifier(START_MS - lag, str(n)), occurred_at=moment(START_MS - lag))
        for n, lag in enumerate(lags_ms)
    ]
    return wire.decode(body(rows), JSON, CURRENCIES)


def test_beyond_15_minutes_is_late_and_to_the_millisecond() -> None:
    lags = (0, 15 * MINUTE_MS, 15 * MINUTE_MS + 1, DAY_MS, -5 * MINUTE_MS)
    late = times.check_times(batch(*lags), NOW_US, NOW_US - DAY_MS * 1000)
    assert late.tolist() == [False, False, True, True, False]


def test_the_future_beyond_5_minutes_and_the_past_beyond_the_horizon_are_refused() -> None:
    with pytest.raises(Refusal) as caught:
        times.check_times(
            batch(0, -5 * MINUTE_MS - 1, DAY_MS, DAY_MS + 1), NOW_US, NOW_US - DAY_MS * 1000
        )
    assert caught.value.errors == [
        FieldError.at(1, "occurred_at_in_future", "occurred_at"),
        FieldError.at(3, "occurred_at_too_old", "occurred_at"),
    ]


def test_100_of_many_are_listed() -> None:
    with pytest.raises(Refusal) as caught:
        times.check_times(batch(*range(1, 202)), NOW_US, NOW_US)
    assert (caught.value.code, len(caught.value.errors), caught.value.total) == (
        "occurred_at_too_old",
        100,
        201,
    )


def test_40_days_pass_and_41_do_not() -> None:
    lags = [day * DAY_MS for day in range(41)]
    times.check_times(batch(*lags[:40], *lags[:40:7]), NOW_US, 0)
    times.check_times(batch(0, 1000 * DAY_MS), NOW_US, 0)
    with pytest.raises(Refusal) as caught:
        times.check_times(batch(*lags), NOW_US, 0)
    assert (caught.value.code, caught.value.status, caught.value.errors) == (
        "too_many_days",
        422,
        [],
    )


def test_10_000_days_are_too_many() -> None:
    with pytest.raises(Refusal, match="too_many_days"):
        times.check_times(batch(*(day * DAY_MS for day in range(10_000))), NOW_US, -(10**17))


def test_moments_convert_both_ways() -> None:
    at = datetime(2026, 9, 21, 17, 13, 20, 123456, tzinfo=timezone(timedelta(hours=3)))
    assert times.from_pg_us(times.to_pg_us(at)) == at
    assert times.to_pg_us(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert times.to_pg_us(datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)) == -1


def test_a_single_record_is_in_time_where_columns_are_neither_late_nor_refused() -> None:
    oldest_us = NOW_US - times.LATE_US - 5_000
    for lag_ms in (-5 * MINUTE_MS - 1, -5 * MINUTE_MS, 0, 15 * MINUTE_MS, 15 * MINUTE_MS + 1):
        decoded = batch(lag_ms)
        try:
            plain = not times.check_times(decoded, NOW_US, oldest_us).any()
        except Refusal:
            plain = False
        assert times.in_time(decoded.occurred_min_us, NOW_US, oldest_us) is plain
    assert not times.in_time(NOW_US, NOW_US, NOW_US + 1)
