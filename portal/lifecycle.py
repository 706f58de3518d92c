"""Whether this process is on its way out, and what must end before it can go."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue


class Flag:
    """What ``threading.Event`` is, for signal handlers too.

    An Event's lock is not reentrant: a handler that sets it while its own thread is about to wait
    for it waits for ever; a SimpleQueue is made for handlers. And a signal that comes in the very
    moment before a wait is handled after it, so a wait is one of short ones.
    """

    SLICE_SECONDS = 0.5

    def __init__(self) -> None:
        self._set = False
        self._told: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        """Raise it; whoever waits goes on."""
        self._set = True
        self._told.put(None)

    def is_set(self) -> bool:
        """Whether it was raised."""
        return self._set

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is raised, so many seconds at most; whether it is."""
        until = math.inf if timeout is None else time.monotonic() + timeout
        while not self._set and (left := until - time.monotonic()) > 0:
            with suppress(Empty):
                self._told.get(timeout=min(left, self.SLICE_SECONDS))
                self._told.put(None)  # for the next who waits
        return self._set


_stopping = False
_endings: list[Callable[[], None]] = []


def stopping() -> bool:
    """Whether this process finishes what it has and takes nothing new."""
    return _stopping


def on_stop(end: Callable[[], None]) -> None:
    """Have ``end`` called once when the process begins to stop: long answers end here."""
    _endings.append(end)


def begin_stopping() -> None:
    """Say that the process stops; a second call does nothing."""
    global _stopping  # noqa: PLW0603 - one process has one life
    if _stopping:
        return
    _stopping = True
    for end in _endings:
        end()
