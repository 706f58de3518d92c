"""How long a client may take: a connection whose every read has a deadline.

gunicorn's gevent worker waits for a request for as long as it keeps idle connections, and for a
body for ever. Here each request has so many seconds for its headers from its first byte on (the
first of a connection from when that was opened), so many for its whole body, and idle connections
have their own. Whoever takes longer loses the connection, and with it the slot it holds.
"""

from __future__ import annotations

import time
from typing import Any

from werkzeug.exceptions import ClientDisconnected

from portal.config import Settings


class PatientSocket:
    """A client's socket; everything but reading is the socket's own."""

    def __init__(self, sock: Any, settings: Settings) -> None:
        self._sock = sock
        self._settings = settings
        self._waiting = False  # for the first byte of a request
        self._in_body = False
        self._until = time.monotonic() + settings.header_seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def await_body(self) -> None:
        """The headers are there: what is read from now on is body."""
        self._waiting, self._in_body = False, True
        self._until = time.monotonic() + self._settings.body_seconds

    def await_request(self) -> None:
        """The answer is given: the next request may begin."""
        self._waiting, self._in_body = True, False
        self._until = time.monotonic() + self._settings.idle_seconds

    def recv(self, *args: Any) -> bytes:
        """What has come. Too late: the end of the stream, within a body ClientDisconnected."""
        left_s = self._until - time.monotonic()
        try:
            if left_s <= 0:  # however much there is to read: whoever drips may not go on
                raise TimeoutError
            self._sock.settimeout(left_s)
            try:
                data: bytes = self._sock.recv(*args)
            finally:
                self._sock.settimeout(None)
        except TimeoutError:
            if self._in_body:
                raise ClientDisconnected from None  # whoever answers may, with 400
            return b""
        if self._waiting and data:
            self._waiting = False
            self._until = time.monotonic() + self._settings.header_seconds
        return data
