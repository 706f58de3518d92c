"""Who comes next: each operator in turn, bounded numbers, nothing kept of whoever is gone."""

from __future__ import annotations

import gevent
import pytest

from portal.ingest import admission
from portal.ingest.admission import TooManyWaiting, Turns
from portal.ingest.fields import MAX_ROWS


def test_operators_take_turns_however_many_one_sends() -> None:
    turns, order = Turns(), []

    def work(operator: int) -> None:
        with turns.of(operator, 100):
            order.append(operator)
            gevent.sleep(0)

    gevent.joinall([gevent.spawn(work, operator) for operator in [1] * 6 + [2, 3, 2]], timeout=5)
    assert order[:6] == [1, 2, 3, 1, 2, 1]
    assert len(order) == 9


def test_small_ones_of_another_pass_a_large_one_that_pauses() -> None:
    """As many as fit into the large one; in the end it has its own turn again."""
    turns, order = Turns(), []

    def large() -> None:
        with turns.of(1, 1_000) as pause:
            for part in range(3):
                order.append(f"large {part}")
                pause()

    def small(number: int) -> None:
        with turns.of(2, 400):
            order.append(f"small {number}")

    jobs = [gevent.spawn(large), *(gevent.spawn(small, number) for number in range(3))]
    gevent.joinall(jobs, timeout=5)
    assert order == ["large 0", "small 0", "small 1", "large 1", "large 2", "small 2"]
    assert (turns._waiting, turns._had, turns._taken) == ([], {}, False)


def test_one_has_the_turn_at_a_time() -> None:
    turns, inside, most = Turns(), 0, 0

    def work(operator: int) -> None:
        nonlocal inside, most
        with turns.of(operator, 10 + operator):
            inside += 1
            most = max(most, inside)
            gevent.sleep(0.001)
            inside -= 1

    gevent.joinall([gevent.spawn(work, number % 3) for number in range(12)], timeout=5)
    assert (most, inside) == (1, 0)


def test_whoever_is_cut_off_while_waiting_blocks_nobody() -> None:
    turns, done = Turns(), []

    def work(name: str) -> None:
        with turns.of(1, 100):
            gevent.sleep(0.01)
            done.append(name)

    first, second, third = (gevent.spawn(work, name) for name in ("first", "second", "third"))
    gevent.sleep(0.001)
    second.kill()
    gevent.joinall([first, third], timeout=5)
    assert done == ["first", "third"]
    fourth = gevent.spawn(work, "fourth")
    fourth.join(5)
    assert done[-1] == "fourth"


def test_an_operator_has_one_full_batch_with_the_database_and_others_are_not_concerned() -> None:
    rows = {1: 0, 2: 0}
    most = {1: 0, 2: 0}

    def store(operator: int, n: int) -> None:
        with admission.storing(operator, n):
            rows[operator] += n
            most[operator] = max(most[operator], rows[operator])
            gevent.sleep(0.002)
            rows[operator] -= n

    jobs = [gevent.spawn(store, 1, n) for n in (MAX_ROWS, 3_000, 3_000, 5_000, MAX_ROWS, 1)]
    jobs.append(gevent.spawn(store, 2, 10))
    jobs[1].kill()  # gives up while it waits, or before it began
    gevent.sleep(0.001)
    assert most[2] == 10, "waited for another operator"
    gevent.joinall(jobs, timeout=5)
    assert all(job.ready() for job in jobs)
    assert 0 < most[1] <= MAX_ROWS
    assert admission._storing == {}


def test_a_key_has_so_many_places_and_no_more() -> None:
    leave = gevent.event.Event()

    def stay(key: int) -> None:
        with admission.place(key):
            leave.wait()

    jobs = [gevent.spawn(stay, 1) for _ in range(admission.PRESENT)]
    gevent.sleep(0)
    with pytest.raises(TooManyWaiting), admission.place(1):
        pass
    with admission.place(2):
        pass
    leave.set()
    gevent.joinall(jobs, timeout=5)
    with admission.place(1):
        assert list(admission._places) == [1]
    assert admission._places == {}


def test_whoever_insists_on_being_told_to_wait_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "HELD_S", 0)
    told = [admission.hold(-1, limited=True) for _ in range(admission.TOLD_A_SECOND + 2)]
    assert told == [False] * admission.TOLD_A_SECOND + [True] * 2
    assert not admission.hold(-1, limited=False), "a fault of its records is another matter"
    assert not admission.hold(-2, limited=True)
