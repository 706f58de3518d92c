"""Rows that tell the same are in the order of their names, wherever a page begins."""

from __future__ import annotations

import random
from itertools import chain

import pytest

from portal.reports.answering import _seen

SIZE = 50


@pytest.mark.parametrize("seed", range(12))
def test_pages_together_are_all_rows_in_one_order(seed: int) -> None:
    rng = random.Random(seed)
    groups = [
        [f"{place:03}-{rng.random()}" for _ in range(rng.choice((0, 1, 1, 2, 30, 120)))]
        for place in range(rng.randint(1, 9))
    ]
    whole = [*chain.from_iterable(sorted(same) for same in groups)]
    pages = []
    for start in range(0, len(whole), SIZE):
        own = [[*same] for same in groups]
        for same in _seen(own, range(start, start + SIZE)):
            same.sort()
        pages += [*chain.from_iterable(own)][start : start + SIZE]
    assert pages == whole


def test_only_what_is_shown_is_put_in_order() -> None:
    groups = [["b", "a"], ["d", "c"], ["f", "e"]]
    assert _seen(groups, range(1)) == [["b", "a"]]
    assert _seen(groups, range(1, 3)) == [["b", "a"], ["d", "c"]]
    assert _seen(groups, range(4, 9)) == [["f", "e"]]


def test_all_are_where_no_page_was_asked_for_or_one_beyond_the_last() -> None:
    groups = [["b", "a"], ["d", "c"]]
    assert _seen(groups, None) == groups
    assert _seen(groups, range(4, 54)) == groups
