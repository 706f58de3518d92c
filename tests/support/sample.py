"""A share of what each run of the tests looks at, when all of it together takes too long.

Some tests go through a long list of pages, which one run need not see whole; of whole files see
:mod:`tests.support.turns`. Each run takes a sixth by a seed, and six runs with seeds that follow
each other, as those of six days do, take all. ``DOZIR_SEED`` plays a run again; with
``DOZIR_WHOLE=1`` everything is taken, as ``scripts/campaign accessibility`` does.
"""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypeVar

SEED = "DOZIR_SEED"
WHOLE = "DOZIR_WHOLE"
PARTS = 6
LEAST = 3

Item = TypeVar("Item")


def seed() -> int:
    """The seed of this run, for all its processes: the day's, unless one is given."""
    return int(os.environ.setdefault(SEED, str(datetime.now(UTC).toordinal())))


def whole() -> bool:
    """Whether everything is wanted."""
    return os.environ.get(WHOLE) == "1"


def told() -> str:
    """For the head of a run: what is taken, and how the same is taken again."""
    return f"samples: {WHOLE}=1, everything" if whole() else f"samples: {SEED}={seed()}"


def one_of(every: Sequence[Item]) -> list[Item]:
    """The next one with each seed: whether with scripts or without, in which language."""
    return some(every, parts=len(every), least=1)


def some(
    every: Sequence[Item], turn: int = 0, *, parts: int = PARTS, least: int = LEAST
) -> list[Item]:
    """One of so many parts, in the order given; each item is in one of the parts.

    Those who ask with another ``turn`` get another part; each seed moves all on by one. Of a short
    list a part is filled up to ``least`` from those that come after it.
    """
    assert every, "there is nothing to take a sample of"
    if whole():
        return list(every)
    places = list(range(len(every)))
    random.Random(seed() // parts).shuffle(places)
    first = (seed() + turn) % parts
    in_turn = [place for n in range(parts) for place in places[(first + n) % parts :: parts]]
    size = max(len(places[first::parts]), min(least, len(places)))
    return [every[place] for place in sorted(in_turn[:size])]
