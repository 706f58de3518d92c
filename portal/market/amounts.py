"""Amounts: lognormal, snapped to round sums, in kopiykas."""

from __future__ import annotations

import math
from functools import cache, cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Minors = NDArray[np.int64]

_KOPIYKAS = 100


class RoundAmounts:
    """Amounts of 1-2-5 steps, distributed as a lognormal with this median snapped to the nearest.

    The probability of each step is known, so a draw is one look-up and the mean is exact.
    """

    def __init__(self, median: float, s: float, low: float, high: float) -> None:
        """``median``, ``low`` and ``high`` in UAH; ``s``: deviation of the logarithm."""
        steps = [
            digit * 10.0**power
            for power in range(-1, 7)
            for digit in (1, 2, 5)
            if low <= digit * 10.0**power <= high
        ]
        edges = [math.sqrt(a * b) for a, b in pairwise(steps)]
        below = [_normal_cdf(math.log(edge / median) / s) for edge in edges]
        self._steps = np.array([round(step * _KOPIYKAS) for step in steps], np.int64)
        self._below = np.array(below)

    def draw(self, source: np.random.Generator, n: int) -> Minors:
        """``n`` amounts in kopiykas."""
        drawn: Minors = self._steps[np.searchsorted(self._below, source.random(n))]
        return drawn

    @cached_property
    def mean(self) -> float:
        """Expected amount in kopiykas."""
        shares = np.diff(self._below, prepend=0.0, append=1.0)
        return float(shares @ self._steps)


@cache
def round_amounts(median: float, s: float, low: float, high: float) -> RoundAmounts:
    """One object for each distribution."""
    return RoundAmounts(median, s, low, high)


class OddAmounts:
    """Any amount from 1.00 UAH: what is left on an account when its owner takes it out."""

    def __init__(self, median: float, s: float) -> None:
        """``median`` in UAH; ``s``: deviation of the logarithm."""
        self._mu, self._s = math.log(median * _KOPIYKAS), s

    def draw(self, source: np.random.Generator, n: int) -> Minors:
        """``n`` amounts in kopiykas."""
        drawn = np.exp(self._mu + self._s * source.standard_normal(n))
        return np.maximum(np.rint(drawn), _KOPIYKAS).astype(np.int64)

    @property
    def mean(self) -> float:
        """Expected amount in kopiykas (the lower bound is out of reach in practice)."""
        return math.exp(self._mu + self._s**2 / 2)


def decimal_texts(amounts: Minors) -> list[str]:
    """Decimal strings with two digits; most amounts of a batch repeat."""
    known: dict[int, str] = {}
    texts = []
    for amount in amounts.tolist():
        text = known.get(amount)
        if text is None:
            text = known[amount] = f"{amount // _KOPIYKAS}.{amount % _KOPIYKAS:02d}"
        texts.append(text)
    return texts


def _normal_cdf(x: float) -> float:
    return 0.5 * (1 + math.erf(x / math.sqrt(2)))
