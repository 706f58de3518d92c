"""Companions: started, started again ever later while they fail, and ended with the server."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator

import pytest

from portal.server import companions
from portal.server.companions import PAUSE_LONGEST_S, Companion

ENDS = (sys.executable, "-c", "pass")
STAYS = (sys.executable, "-c", "import time; time.sleep(600)")
DEAF = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True);"
    "time.sleep(600)",
)


class Clock:
    """A clock that the test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staying(clock: Clock) -> Iterator[Companion]:
    made = Companion(STAYS, clock)
    made.look()
    yield made
    made.terminate()
    made.end(clock() + 10)


def test_one_that_keeps_failing_is_started_ever_later(clock: Clock) -> None:
    companion = Companion(ENDS, clock)
    pauses = []
    for _ in range(9):
        companion.look()
        assert companion.process is not None
        companion.process.wait()
        ended = clock.now
        while companion.process is None or companion.process.poll() is not None:
            companion.look()
            clock.now += 0.5
        pauses.append(clock.now - ended)
    companion.process.wait()
    assert pauses == sorted(pauses)
    assert pauses[0] <= 2
    assert PAUSE_LONGEST_S <= pauses[-1] <= PAUSE_LONGEST_S + 1


def test_one_that_ran_long_is_started_again_soon(clock: Clock, staying: Companion) -> None:
    first = staying.process
    assert first is not None
    clock.now += 10 * PAUSE_LONGEST_S
    first.kill()
    first.wait()
    staying.look()
    clock.now += 1.0
    staying.look()
    assert staying.process is not None
    assert staying.process.pid != first.pid


def test_one_that_another_reaped_is_seen_as_ended(staying: Companion) -> None:
    """gunicorn's master waits for whatever child ends."""
    first = staying.process
    assert first is not None
    os.kill(first.pid, 9)
    os.waitpid(first.pid, 0)
    staying.look()
    assert staying.process is None


def test_one_that_does_not_listen_is_ended_all_the_same() -> None:
    import subprocess

    companion = Companion(DEAF)
    companion.look()
    companion.process.kill()
    companion.process.wait()
    companion.process = process = subprocess.Popen(DEAF, stdout=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    companion.terminate()
    companion.end(time.monotonic() + 0.2)
    assert process.returncode == -9


def test_one_that_cannot_be_started_is_tried_again_and_harms_nobody(clock: Clock) -> None:
    companion = Companion(("/no/such/program",), clock)
    companion.look()
    assert companion.process is None
    companion.command = STAYS
    companion.look()
    assert companion.process is None, "not at once"
    clock.now += companions.PAUSE_FIRST_S
    companion.look()
    assert companion.process is not None
    companion.terminate()
    companion.end(clock.now + 10)
