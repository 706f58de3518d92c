"""However many ask at once, the database is asked once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from portal import lifecycle
from portal.health import readiness
from portal.health.cached import Cached
from portal.health.readiness import Readiness


def test_many_at_once_cost_one() -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    kept = Cached(make, 60)
    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(lambda _: kept.get(), range(200))) == {1}
    assert len(made) == 1


def test_an_answer_grows_old() -> None:
    made: list[int] = []
    kept = Cached(lambda: made.append(1), 0)
    kept.get()
    kept.get()
    assert len(made) == 2


def test_whoever_stops_says_so_at_once(monkeypatch) -> None:
    look = readiness.cached(lambda: Readiness({"database": "ok"}))
    assert look().ready
    monkeypatch.setattr(lifecycle, "_stopping", True)
    assert not look().ready


def test_a_full_disk_is_not_ready(monkeypatch) -> None:
    monkeypatch.setattr("portal.runtime.machine.free_disk", lambda _: 1)
    assert readiness._disk() == "full"


def test_a_failed_look_lets_the_next_one_try() -> None:
    turn = iter([RuntimeError(), None])

    def make() -> None:
        problem = next(turn)
        if problem:
            raise problem

    kept = Cached(make, 60)
    done: list[str] = []
    for _ in range(2):
        try:
            kept.get()
            done.append("ok")
        except RuntimeError:
            done.append("failed")
    assert done == ["failed", "ok"]
    assert threading.active_count() < 50
