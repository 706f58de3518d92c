"""How a worker stops: what is under way is finished, and idle connections hold nothing up.

Every answer says ``Connection: close`` from then on. A client that keeps a connection open without
a request has ``LAST_REQUEST_SECONDS`` for one more; then the connection is closed, at a moment when
nothing has come in on it.
"""

from __future__ import annotations

import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import gevent.monkey

from portal import lifecycle

# What tells a worker to stop.
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
LAST_REQUEST_SECONDS = 3.0
_LOOK_SECONDS = 0.2


class IdleConnections:
    """The connections of a worker that wait for their next request."""

    def __init__(self) -> None:
        self._waits: dict[Any, gevent.Timeout] = {}

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Around the wait for a request, which ends when we stop.

        The greenlet that waits bears the connection as ``client``.
        """
        greenlet = gevent.getcurrent()
        with gevent.Timeout(None, False) as wait:
            self._waits[greenlet] = wait
            try:
                yield
            finally:
                del self._waits[greenlet]

    def stop(self) -> None:
        """Say that this process stops, and close who waits in vain; runs until it is gone."""
        lifecycle.begin_stopping()
        patient_until = time.monotonic() + LAST_REQUEST_SECONDS
        while True:
            gevent.sleep(_LOOK_SECONDS)
            if time.monotonic() < patient_until:
                continue
            for greenlet, wait in list(self._waits.items()):
                if not _readable(greenlet.client):
                    greenlet.kill(wait, block=False)


def _readable(client: Any) -> bool:
    """Whether something has come in that nobody has read yet."""
    look = gevent.monkey.get_original("select", "poll")()
    look.register(client.fileno(), select.POLLIN)
    return bool(look.poll(0))
