"""The gevent worker, with answers to what is not even HTTP that give nothing away.

gunicorn's own answer and its line in the log quote what they could not parse: a header that was
torn off, a request line. Either may hold a key or what else somebody put there by mistake.
"""

from __future__ import annotations

import json
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import gevent
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.ggevent import GeventWorker

from portal.web.closing import offer_closing

_STATUS: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gevent worker that answers unreadable requests with a bare problem document."""

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """Stop when what is under way is done; streams are never done, so they end now."""
        super().handle_exit(sig, frame)
        gevent.spawn(_end_streams)  # a signal handler must not wait for a lock

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request, whose connection the application may close with its answer."""
        offer_closing(req)
        super().handle_request(listener_name, req, sock, addr)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:  # noqa: ARG002
        """Answer ``exc`` and log its kind, never its message; the connection closes after."""
        if isinstance(exc, ParseException):
            status = _STATUS.get(type(exc), HTTPStatus.BAD_REQUEST)
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
        self.log.warning("unreadable request: %s", type(exc).__name__)
        body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value})
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
            f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with suppress(OSError):  # whoever sent it need not be there any more
            client.sendall((head + body).encode("ascii"))


def _end_streams() -> None:
    # Not on top: this file is read before gevent patches the locks that streams wait on.
    from portal.live import stream  # noqa: PLC0415

    stream.stop()
