"""Figures for the receipt, against counting one by one."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given

from portal.ingest import figures, wire
from portal.ingest.figures import Total

from . import strategies
from .building import CURRENCIES, JSON, body, expected_row, record
from .test_wire import bounded


@bounded
@given(strategies.valid_batches())
def test_totals_are_those_of_counting_one_by_one(batch: list[dict[str, Any]]) -> None:
    count: Counter[tuple[int, int, bool]] = Counter()
    amount: Counter[tuple[int, int, bool]] = Counter()
    for row in map(expected_row, batch):
        key = row["currency"], row["type"], row["cancel_reason"] > 0
        count[key] += 1
        amount[key] += row["amount_minor"]
    assert figures.totals(wire.decode(body(batch), JSON, CURRENCIES)) == [
        Total(
            *pair,
            count[*pair, False],
            amount[*pair, False],
            count[*pair, True],
            amount[*pair, True],
        )
        for pair in sorted({key[:2] for key in count})
    ]


def test_sums_of_largest_amounts_are_exact() -> None:
    rows = [record(number, amount="999999999999.99") for number in range(1, 10_001)]
    (total,) = figures.totals(wire.decode(body(rows), JSON, CURRENCIES))
    assert (total.count, total.sum) == (10_000, 10_000 * (10**14 - 1))


def test_lags_fall_into_their_buckets() -> None:
    decoded = wire.decode(body([record(number) for number in range(1, 4001)]), JSON, CURRENCIES)
    received_us = int(decoded.occurred_us[1999])
    expected: Counter[int] = Counter()
    for occurred_us in decoded.occurred_us.tolist():
        lag_ms = max((received_us - occurred_us) // 1000, 1)
        expected[math.floor(4 * math.log2(lag_ms))] += 1
    histogram = figures.lag_histogram(decoded, received_us)
    assert histogram == [expected[bucket] for bucket in range(max(expected) + 1)]


def test_bucket_starts_are_exact() -> None:
    for bucket, start in enumerate(figures._BUCKET_STARTS):
        assert start**4 >= 2**bucket > (start - 1) ** 4
    assert np.all(np.diff(figures._BUCKET_STARTS) >= 0)


@bounded
@given(strategies.valid_batches())
def test_few_rows_and_many_are_added_up_alike(batch: list[dict[str, Any]]) -> None:
    decoded = wire.decode(body(batch), JSON, CURRENCIES)
    assert figures._totals_of_few(decoded) == figures._totals_of_many(decoded)
