"""A run's share of a long list: never empty, by its seed, and all of it within six runs."""

from __future__ import annotations

from itertools import chain

import pytest

from tests.support.sample import LEAST, PARTS, SEED, WHOLE, one_of, some, told


@pytest.fixture(autouse=True)
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WHOLE, raising=False)
    monkeypatch.setenv(SEED, "739947")


@pytest.mark.parametrize("size", [4, 13, 38, 85])
def test_what_asks_by_turns_takes_all(size: int) -> None:
    parts = [some(range(size), turn) for turn in range(PARTS)]
    assert set(chain(*parts)) == set(range(size))
    assert all(len(part) <= max(LEAST, -(-size // PARTS)) for part in parts)
    assert all(part == sorted(part) for part in parts)


def test_seeds_that_follow_each_other_take_all(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[int] = set()
    for seed in range(PARTS * 7, PARTS * 8):
        monkeypatch.setenv(SEED, str(seed))
        seen.update(some(range(50)))
    assert seen == set(range(50))


def test_a_seed_takes_the_same_again_and_another_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = some(range(50))
    assert some(range(50)) == first
    monkeypatch.setenv(SEED, "739948")
    assert some(range(50)) != first
    assert "DOZIR_SEED=739948" in told()


@pytest.mark.parametrize("size", [1, 2, 3])
def test_of_few_all_are_taken(size: int) -> None:
    assert some(range(size)) == list(range(size))


def test_one_of_two_by_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    first = one_of([True, False])
    assert len(first) == 1
    monkeypatch.setenv(SEED, "739948")
    assert [*first, *one_of([True, False])] in ([True, False], [False, True])


def test_of_nothing_there_is_no_sample() -> None:
    with pytest.raises(AssertionError):
        some([])


def test_everything_where_that_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WHOLE, "1")
    assert some(range(50), 2) == list(range(50))
    assert "everything" in told()
