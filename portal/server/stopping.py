"""How a worker stops: what is under way is finished, and idle connections hold nothing up.

Every answer says ``Connection: close`` from then on. A client that keeps a connection open without
a request has ``LAST_REQUEST_SECONDS`` for one more; then the connection is closed, at a moment when
nothing has come in on it.
"""

from __future__ import annotations

import select
import signal
import time
from typing import Any

import gevent
import gevent.monkey

from portal import lifecycle

# What tells a worker to stop.
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)
LAST_REQUEST_SECONDS = 3.0
_LOOK_SECONDS = 0.2


class _Stopped(BaseException):
    """A connection waited for a request that is not to come any more."""


class IdleConnections:
    """The connections of a worker that wait for their next request.

    ``with`` it around such a wait, which ends when we stop; the greenlet that waits bears the
    connection as ``client``.
    """

    def __init__(self) -> None:
        self._waiting: set[Any] = set()

    def __enter__(self) -> None:
        self._waiting.add(gevent.getcurrent())

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        self._waiting.discard(gevent.getcurrent())
        return kind is _Stopped

    def stop(self) -> None:
        """Say that this process stops, and close who waits in vain; runs until it is gone."""
        lifecycle.begin_stopping()
        patient_until = time.monotonic() + LAST_REQUEST_SECONDS
        while True:
            gevent.sleep(_LOOK_SECONDS)
            if time.monotonic() < patient_until:
                continue
            for greenlet in list(self._waiting):
                if not _readable(greenlet.client):
                    greenlet.kill(_Stopped, block=False)


def _readable(client: Any) -> bool:
    """Whether something has come in that nobody has read yet."""
    look = gevent.monkey.get_original("select", "poll")()
    look.register(client.fileno(), select.POLLIN)
    return bool(look.poll(0))
