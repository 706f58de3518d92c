"""psycopg's waits as gevent itself waits.

Where gevent has patched ``select``, psycopg waits with ``poll`` as patched, which makes a poll
object, its watchers and a time-out anew for each of the dozen waits of a transaction.
"""

from __future__ import annotations

from typing import TypeVar

import gevent
from gevent import monkey
from gevent.hub import Waiter
from psycopg import errors, waiting
from psycopg.abc import PQGen

T = TypeVar("T")


def install() -> None:
    """Have psycopg wait like this from now on, if gevent has patched this process."""
    if monkey.is_module_patched("select"):
        waiting.wait = wait


def wait(
    gen: PQGen[T],
    fileno: int,
    interval: float = 0.0,  # noqa: ARG001 - how often to look for Ctrl-C: gevent does
    timeout: float | None = None,
) -> T:
    """Run a generator, which yields what it waits for, to its result.

    Raises psycopg's own error after ``timeout`` seconds.
    """
    if timeout is None:
        return _run(gen, fileno)
    with gevent.Timeout(timeout, errors._WaitTimeout("wait timeout expired")):
        return _run(gen, fileno)


def _run(gen: PQGen[T], fileno: int) -> T:
    """psycopg and libev use the same bits: 1 to read, 2 to write."""
    hub = gevent.get_hub()
    try:
        awaited = next(gen)
        while True:
            watcher = hub.loop.io(fileno, awaited)
            waiter = Waiter(hub)
            watcher.start(waiter.switch, pass_events=True)
            try:
                ready = waiter.get() & awaited
            finally:
                watcher.close()
            awaited = gen.send(ready)
    except StopIteration as done:
        result: T = done.value
        return result
