"""The gevent worker: unreadable requests get an answer that gives nothing away, and it stops well.

gunicorn's own answer and its line in the log quote what they could not parse: a header that was
torn off, a request line. Either may hold a key or what else somebody put there by mistake.

Stopping: what is under way is finished, and every answer says ``Connection: close``. A client that
keeps a connection open without a request has ``LAST_REQUEST_SECONDS`` for one more; then the
connection is closed, at a moment when nothing has come in on it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any

import gevent
import gevent.monkey
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.ggevent import GeventWorker

from portal import lifecycle
from portal.web.closing import offer_closing

LAST_REQUEST_SECONDS = 3.0
_LOOK_SECONDS = 0.2
_STATUS: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gevent worker of the portal."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._waiting: dict[Any, gevent.Timeout] = {}

    def notify(self) -> None:
        """Tell the master that we live, each second, and note how our pools are."""
        super().notify()
        from portal import db, metrics  # noqa: PLC0415 - only after gevent patched the locks

        for login, seen in db.pools():
            metrics.pool_seen(
                login,
                size=seen.get("pool_size", 0),
                idle=seen.get("pool_available", 0),
                waiting=seen.get("requests_waiting", 0),
            )

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """SIGTERM: stop well."""
        super().handle_exit(sig, frame)
        gevent.spawn(self._stop_well)

    def _stop_well(self) -> None:
        lifecycle.begin_stopping()
        patient_until = time.monotonic() + LAST_REQUEST_SECONDS
        while True:
            gevent.sleep(_LOOK_SECONDS)
            if time.monotonic() >= patient_until:
                for greenlet, timeout in list(self._waiting.items()):
                    if not _readable(greenlet.client):
                        greenlet.kill(timeout, block=False)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve a connection."""
        gevent.getcurrent().client = client
        super().handle(listener, client, addr)

    @contextmanager
    def timeout_ctx(self) -> Iterator[None]:
        """Around the wait for a connection's next request: up to ``keepalive`` seconds."""
        waiting = gevent.getcurrent()
        with gevent.Timeout(self.cfg.keepalive, False) as timeout:
            self._waiting[waiting] = timeout
            try:
                yield
            finally:
                del self._waiting[waiting]

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request, whose connection the application may close with its answer."""
        from portal import metrics  # noqa: PLC0415

        offer_closing(req)
        with metrics.IN_FLIGHT.track_inprogress():
            super().handle_request(listener_name, req, sock, addr)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:  # noqa: ARG002
        """Answer ``exc`` and log its kind, never its message; the connection closes after."""
        from portal import metrics  # noqa: PLC0415

        if isinstance(exc, ParseException):
            status = _STATUS.get(type(exc), HTTPStatus.BAD_REQUEST)
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        self.log.warning("unreadable request: %s", type(exc).__name__)
        metrics.answered("unreadable", "other", status.value, None)
        body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value})
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever sent it need not be there any more
            client.sendall((head + body).encode("ascii"))


def _readable(client: Any) -> bool:
    """Whether something has come in that nobody has read yet."""
    look = gevent.monkey.get_original("select", "select")
    return client.fileno() >= 0 and bool(look([client], [], [], 0)[0])
