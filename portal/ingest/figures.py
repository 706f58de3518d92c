"""Figures of a batch for its receipt and for the statistics of arrival; all exact integers."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np

from portal.ingest.decoded import Decoded, Int64s, Mask
from portal.ingest.single import Single


@dataclass(frozen=True, slots=True)
class Total:
    """What a batch holds of one type in one currency; the records that cancel stand apart.

    ``currency`` is the ISO number, ``type`` the number of ``fields.TYPES``, sums are in the
    currency's smallest units (a full batch of largest amounts sums to 10**18, below 2**63).
    """

    currency: int
    type: int
    count: int
    sum: int
    cancelled_count: int
    cancelled_sum: int


# Below so many rows numbers are added up one by one: numpy's fixed cost is higher.
_FEW = 16


def totals(decoded: Decoded | Single) -> list[Total]:
    """Totals by currency and type, in the order of their numbers; only pairs that occur."""
    if isinstance(decoded, Single):
        row = decoded.row
        own, other = (1, row.amount_minor), (0, 0)
        counts = (*other, *own) if decoded.takes_back else (*own, *other)
        return [Total(row.currency, row.type, *counts)]
    return _totals_of_few(decoded) if decoded.n < _FEW else _totals_of_many(decoded)


def _totals_of_few(decoded: Decoded) -> list[Total]:
    sums: dict[tuple[int, int], list[int]] = {}
    for currency, type_, amount, reason in zip(
        decoded.currency.tolist(),
        decoded.type.tolist(),
        decoded.amount_minor.tolist(),
        decoded.cancel_reason.tolist(),
        strict=True,
    ):
        own = sums.setdefault((currency, type_), [0, 0, 0, 0])
        place = 2 if reason else 0
        own[place] += 1
        own[place + 1] += amount
    return [Total(*key, *sums[key]) for key in sorted(sums)]


def _totals_of_many(decoded: Decoded) -> list[Total]:
    keys = decoded.currency.astype(np.int32) * 8 + decoded.type
    cancelling = decoded.cancel_reason != 0
    found = []
    for key in np.flatnonzero(np.bincount(keys)).tolist():
        of_key = keys == key
        count, amount = _count_and_sum(decoded.amount_minor, of_key & ~cancelling)
        taken, amount_taken = _count_and_sum(decoded.amount_minor, of_key & cancelling)
        found.append(Total(key // 8, key % 8, count, amount, taken, amount_taken))
    return found


def _count_and_sum(amounts: Int64s, rows: Mask) -> tuple[int, int]:
    # Not bincount with weights: it adds floating-point numbers, exact only up to 2**53.
    return int(np.count_nonzero(rows)), int(amounts[rows].sum())


def _bucket_starts() -> list[int]:
    """Smallest lag in ms of each bucket: the least m with m**4 >= 2**bucket, in integers."""
    starts = []
    for bucket in range(4 * 48):
        start = round(2 ** (bucket / 4))
        while start**4 < 2**bucket:
            start += 1
        while (start - 1) ** 4 >= 2**bucket:
            start -= 1
        starts.append(start)
    return starts


_BUCKET_STARTS = _bucket_starts()
LAG_STARTS = np.array(_BUCKET_STARTS, np.int64)


def lag_histogram(decoded: Decoded | Single, received_us: int) -> list[int]:
    """Count of records by lag; bucket floor(4 * log2(max(lag in ms, 1))), trimmed at the end.

    ``received_us``: microseconds since 2000. A record from the future counts as without lag.
    """
    if isinstance(decoded, Single) or decoded.n == 1:
        lag = max((received_us - decoded.occurred_min_us) // 1000, 1)
        return [0] * (bisect_right(_BUCKET_STARTS, lag) - 1) + [1]
    lag_ms = np.maximum((received_us - decoded.occurred_us) // 1000, 1)
    buckets = np.searchsorted(LAG_STARTS, lag_ms, side="right") - 1
    counts: list[int] = np.bincount(buckets).tolist()
    return counts
