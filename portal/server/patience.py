"""How long a client may take: a connection whose every read has a deadline.

gunicorn's gevent worker waits for a request for as long as it keeps idle connections, and for a
body for ever. Here each request has so many seconds for its headers from its first byte on (the
first of a connection from when that was opened), so many for its whole body, and idle connections
have their own. Whoever takes longer loses the connection, and with it the slot it holds.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

import gevent
from werkzeug.exceptions import ClientDisconnected

from portal.config import Settings

_LOOK_SECONDS = 0.1


class Patience:
    """The connections of a worker that are being read from; one look at all, not a timer each."""

    def __init__(self) -> None:
        self.reading: set[PatientSocket] = set()

    def watch(self) -> None:
        """End the reading of whoever takes too long; runs until the process is gone."""
        while True:
            gevent.sleep(_LOOK_SECONDS)
            now = time.monotonic()
            for client in list(self.reading):
                if client.until <= now:
                    client.end_reading()


class PatientSocket:
    """A client's socket; everything but reading is the socket's own."""

    def __init__(self, sock: Any, settings: Settings, patience: Patience) -> None:
        self._sock = sock
        self._settings = settings
        self._reading = patience.reading
        self._waiting = False  # for the first byte of a request
        self._in_body = False
        self.until = time.monotonic() + settings.header_seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def await_body(self) -> None:
        """The headers are there: what is read from now on is body."""
        self._waiting, self._in_body = False, True
        self.until = time.monotonic() + self._settings.body_seconds

    def await_request(self) -> None:
        """The answer is given: the next request may begin."""
        self._waiting, self._in_body = True, False
        self.until = time.monotonic() + self._settings.idle_seconds

    def end_reading(self) -> None:
        """Let whoever waits for more find the end of the stream."""
        with suppress(OSError):  # the client is gone already
            self._sock.shutdown(socket.SHUT_RD)

    def recv(self, *args: Any) -> bytes:
        """What has come. Too late: the end of the stream, within a body ClientDisconnected."""
        self._reading.add(self)
        try:
            data: bytes = self._sock.recv(*args)
        except OSError:
            if time.monotonic() < self.until:
                raise
            data = b""  # so it is when ``end_reading`` woke us
        finally:
            self._reading.discard(self)
        if time.monotonic() >= self.until:  # however much came: whoever drips may not go on
            if self._in_body:
                raise ClientDisconnected  # whoever answers may, with 400
            return b""
        if self._waiting and data:
            self._waiting = False
            self.until = time.monotonic() + self._settings.header_seconds
        return data
