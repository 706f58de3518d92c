"""Long files take turns: all of them within four runs, and whoever is named runs in any case."""

from __future__ import annotations

from itertools import chain

import pytest

from portal import config
from tests.support.sample import SEED, WHOLE
from tests.support.turns import IN_TURNS, PARTS, waiting, waiting_now


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(WHOLE, raising=False)
    monkeypatch.setenv(SEED, "739947")


def test_every_file_is_there_once() -> None:
    assert len(set(IN_TURNS)) == len(IN_TURNS)
    assert [name for name in IN_TURNS if not (config.ROOT / name).is_file()] == []


@pytest.mark.usefixtures("seeded")
def test_seeds_that_follow_each_other_have_all(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = []
    for seed in range(739947, 739947 + PARTS):
        monkeypatch.setenv(SEED, str(seed))
        runs.append(set(IN_TURNS) - set(waiting()))
    assert set(chain(*runs)) == set(IN_TURNS)
    assert sum(map(len, runs)) == len(IN_TURNS)
    assert max(map(len, runs)) - min(map(len, runs)) <= 1


@pytest.mark.usefixtures("seeded")
def test_a_file_that_is_named_does_not_wait() -> None:
    late = waiting()[0]
    assert late not in waiting([late])
    assert late not in waiting([f"{late}::test_one", "tests/unit"])
    assert late in waiting(["tests"])


@pytest.mark.usefixtures("seeded")
def test_nothing_waits_where_everything_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(WHOLE, "1")
    assert waiting() == []


def test_a_run_leaves_out_what_waits(request: pytest.FixtureRequest) -> None:
    late = waiting_now(request.config)  # with the seed of the run itself
    assert not late & {item.path for item in request.session.items}
