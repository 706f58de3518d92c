"""The gevent worker, with answers to what is not even HTTP that give nothing away.

gunicorn's own answer and its line in the log quote what they could not parse: a header that was
torn off, a request line. Either may hold a key or what else somebody put there by mistake.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext, suppress
from http import HTTPStatus
from typing import Any

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
from portal.web.closing import offer_closing

_STATUS: dict[type[Exception], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
    ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
}


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gevent worker that waits for nobody too long, and answers unreadable requests briefly."""

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve a connection, whose every read has a deadline."""
        super().handle(listener, PatientSocket(client, settings()), addr)

    def timeout_ctx(self) -> AbstractContextManager[None]:
        """No deadline beside those of the connection."""
        return nullcontext()

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request, whose connection the application may close with its answer."""
        offer_closing(req)
        sock.await_body()
        super().handle_request(listener_name, req, sock, addr)
        sock.await_request()

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
