"""An operator's system talking to the API: keep-alive, retries under the same idempotency key."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_TIMEOUT_S = 60.0
_PATIENCE_S = 90.0  # how long one batch is tried
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5.0


class NoAnswer(Exception):
    """The server could not be reached, or asked to come back later until patience ended.

    Whether the last attempt was stored is not known; the same idempotency key will tell.
    ``code``: that of the last answer, or ``no_connection``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """``body``: the JSON document; ``seconds``: from sending to the last byte of this attempt."""

    status: int
    body: dict[str, Any]
    seconds: float
    retries: int = 0

    @property
    def code(self) -> str:
        """The code of a problem document."""
        return str(self.body.get("code", self.status))


@dataclass(slots=True)
class Client:
    """One connection to the API at ``url``; not to be shared between threads."""

    url: str
    stop: threading.Event
    _connection: http.client.HTTPConnection | None = field(default=None, init=False)

    def post(self, body: bytes, headers: dict[str, str]) -> Answer:
        """Send a batch until it is answered for good. Raises NoAnswer."""
        return self._until_answered("POST", "/api/v1/batches", body, headers)

    def get(self, path: str, headers: dict[str, str]) -> Answer:
        """Read something. Raises NoAnswer."""
        return self._until_answered("GET", path, None, headers)

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _until_answered(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> Answer:
        deadline = time.monotonic() + _PATIENCE_S
        pause = _FIRST_PAUSE_S
        retries = 0
        while True:
            answer, wait = self._try(method, path, body, headers, retries)
            if answer is not None and not _again(answer):
                return answer
            pause = max(pause, wait)
            # Ctrl-C ends the waiting, not the attempt.
            if time.monotonic() + pause > deadline or self.stop.wait(pause):
                raise NoAnswer(answer.code if answer else "no_connection")
            pause = min(pause * 2, _LONGEST_PAUSE_S)
            retries += 1

    def _try(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], retries: int
    ) -> tuple[Answer | None, float]:
        """An answer or None, and how many seconds the server asked to wait (0: not said)."""
        started = time.perf_counter()
        try:
            connection = self._connected()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return None, 0.0
        if response.will_close:
            self.close()
        seconds = time.perf_counter() - started
        try:
            document = json.loads(content)
        except ValueError:
            document = {}
        after = response.headers.get("Retry-After", "")
        wait = float(after) if after.isdecimal() else 0.0
        return Answer(response.status, document, seconds, retries), wait

    def _connected(self) -> http.client.HTTPConnection:
        if self._connection is None:
            parts = urlsplit(self.url)
            secure = parts.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            self._connection = kind(parts.netloc, timeout=_TIMEOUT_S)
        return self._connection


def _again(answer: Answer) -> bool:
    """Whether the same request may succeed later."""
    return answer.status >= 500 or answer.code in {"in_flight", "rate_limited"}
