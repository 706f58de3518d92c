"""What grew is told from what is noisy."""

from __future__ import annotations

import random

import pytest

from tests.campaigns.trend import trend

RNG = random.Random(20261126)


def noisy(level: float, noise: float, n: int = 60) -> list[float]:
    return [RNG.gauss(level, noise) for _ in range(n)]


def test_what_stands_still_did_not_grow() -> None:
    assert not trend([100.0] * 60, share=0, least=0.1).grew


def test_warm_up_is_not_growth() -> None:
    warm = [50.0 + 2.5 * n for n in range(20)]
    assert not trend([*warm, *[100.0] * 40], share=0, least=0.1).grew


def test_noise_is_not_growth() -> None:
    for _ in range(50):
        assert not trend(noisy(100, 10), share=0, least=0.1).grew


def test_a_steady_leak_is_growth() -> None:
    leak = [100 + 0.5 * n for n in range(60)]
    found = trend(leak, share=0.03, least=4.0)
    assert found.grew
    assert (found.second, found.last) == (114.75, 124.75)


def test_a_leak_shows_through_noise() -> None:
    leak = [sample + n for n, sample in enumerate(noisy(100, 2))]
    assert trend(leak, share=0.03, least=4.0).grew


def test_a_single_spike_is_not_growth() -> None:
    samples = [100.0] * 60
    samples[50] = 10_000
    assert not trend(samples, share=0, least=0.1).grew


def test_within_the_allowance_nothing_grew() -> None:
    samples = [100.0] * 40 + [103.0] * 20
    assert not trend(samples, share=0.05, least=0).grew
    assert not trend(samples, share=0, least=4).grew
    assert trend(samples, share=0.02, least=2).grew


def test_shrinking_is_no_growth() -> None:
    assert not trend([100.0 - n for n in range(60)], share=0, least=0).grew


def test_few_samples_are_refused() -> None:
    with pytest.raises(AssertionError, match="no trend"):
        trend([1.0] * 5, share=0, least=0)
