"""A flag that a signal's handler raises."""

from __future__ import annotations

import random
import signal
import threading

from portal.lifecycle import Flag


def test_a_handler_raises_it_at_any_moment_of_the_wait():
    """With threading.Event in its place this hangs: the handler waits for itself."""
    rng = random.Random(1)
    before = signal.getsignal(signal.SIGALRM)
    try:
        for _ in range(300):
            flag = Flag()
            signal.signal(signal.SIGALRM, lambda *_, flag=flag: flag.set())
            signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-6, 40e-6))
            assert flag.wait(20)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_all_who_wait_go_on_and_whoever_comes_later():
    flag = Flag()
    assert not flag.wait(0.001)
    assert not flag.is_set()
    threads = [threading.Thread(target=flag.wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    flag.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert flag.wait()
    assert flag.is_set()
