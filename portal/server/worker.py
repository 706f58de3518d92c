"""The gevent worker, with answers to what is not even HTTP that give nothing away.

gunicorn's own answer and its line in the log quote what they could not parse: a header that was
torn off, a request line. Either may hold a key or what else somebody put there by mistake.
"""

from __future__ import annotations

import json
import signal
from contextlib import AbstractContextManager, suppress
from http import HTTPStatus
from typing import Any

import gevent
from gevent.baseserver import BaseServer
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.ggevent import GeventWorker

from portal.config import settings
from portal.server.patience import PatientSocket
from portal.server.stopping import STOPPING, IdleConnections
from portal.web.closing import offer_closing

_STATUS: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


# One connection at a time: a worker that woke up first would take all that came together, and the
# others none.
BaseServer.max_accept = 1


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gevent worker of the portal: it waits for nobody too long, and stops politely."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._idle = IdleConnections()

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

    def init_signals(self) -> None:
        """Take signals ourselves, those too that came while we were being made."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """SIGTERM: stop when what is under way is done."""
        super().handle_exit(sig, frame)
        gevent.spawn(self._idle.stop)  # a signal handler must not wait

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve a connection, whose every read has a deadline."""
        gevent.getcurrent().client = client
        super().handle(listener, PatientSocket(client, settings()), addr)

    def timeout_ctx(self) -> AbstractContextManager[None]:
        """Around the wait for a connection's next request, which has its own deadline."""
        return self._idle.waiting()

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request, whose connection the application may close with its answer."""
        from portal import metrics  # noqa: PLC0415

        offer_closing(req)
        sock.await_body()
        with metrics.IN_FLIGHT.track_inprogress():
            super().handle_request(listener_name, req, sock, addr)
        sock.await_request()

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
