"""The witness on a socket: gevent's WSGI server, and what a client may cost.

One process and one event loop: a request is checked, kept and signed without a pause in which
another could be, and thousands of idle connections cost no thread.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable
from http import HTTPStatus
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import Any

import gevent
import structlog
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

from portal import logs
from portal.transparency import witnessing
from portal.witness.cosigning import Answer, Witness

REQUEST_SECONDS = 30.0  # from the end of one request to the end of the next: idle, headers and all
BODY_SECONDS = 10.0
MAX_CONNECTIONS = 256
MAX_OF_ONE_ADDRESS = 16  # not of this machine's own, where a proxy may stand
TOO_LONG = (
    b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Connection: close\r\nContent-Length: 16\r\n\r\na body too long\n"
)
HEADERS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]

log = structlog.get_logger(__name__)
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Application:
    """WSGI: ``POST /add-checkpoint``, and what monitors read."""

    def __init__(self, witness: Witness, keys: str, body_seconds: float = BODY_SECONDS) -> None:
        """``keys`` is what ``state.vkeys`` gives."""
        self._witness = witness
        self._keys = keys
        self._body_seconds = body_seconds

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        try:
            answer = self._answer(environ)
        except Exception as problem:
            log.exception("cannot cosign", error=logs.describe(problem))
            answer = Answer(500, b"the checkpoint cannot be kept\n")
        headers = [
            ("Content-Type", answer.content_type), ("Content-Length", str(len(answer.body))),
            *HEADERS,
        ]  # fmt: skip
        if answer.status == 405:
            headers.append(("Allow", "POST" if _path(environ) == witnessing.PATH else "GET, HEAD"))
        if answer.status in {408, 413}:  # what is left of the body is not waited for
            headers.append(("Connection", "close"))
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path, method = _path(environ), environ["REQUEST_METHOD"]
        if path == witnessing.PATH:
            return self._add(environ) if method == "POST" else Answer(405, b"use POST\n")
        found = self._page(path)
        if found is None:
            return Answer(404, b"no such page\n")
        return found if method in {"GET", "HEAD"} else Answer(405, b"use GET\n")

    def _add(self, environ: dict[str, Any]) -> Answer:
        limit, body = witnessing.MAX_REQUEST_BYTES, None
        with gevent.Timeout(self._body_seconds, False):
            body = environ["wsgi.input"].read(limit + 1)
        if body is None:
            return Answer(408, b"a body too slow\n")
        if len(body) > limit:
            return Answer(413, b"a body too long\n")
        return self._witness.add_checkpoint(body)

    def _page(self, path: str) -> Answer | None:
        origins = self._witness.origins
        if path == "/":
            lines = [
                f"{origin}\n{self._witness.last(origin).checkpoint.size}\n" for origin in origins
            ]
            return Answer(200, "\n".join((self._keys, *lines)).encode())
        if path == "/keys":
            return Answer(200, self._keys.encode())
        origin = path.removeprefix("/checkpoint/")
        if path == "/checkpoint" and len(origins) == 1:
            origin = origins[0]
        if origin not in origins:
            return None
        note = self._witness.last(origin).note
        return Answer(200, note.encode()) if note else None


def _path(environ: dict[str, Any]) -> str:
    """The path, which WSGI gives as latin-1."""
    path: str = environ.get("PATH_INFO") or "/"
    return path.encode("latin-1").decode("utf-8", "replace")


class _TooLong(ValueError):
    """A body that is not worth reading."""


class _Handler(WSGIHandler):  # type: ignore[misc]
    """A connection: one of few, and each of its requests in time."""

    def handle(self) -> None:
        address = self.client_address[0] if self.client_address else ""
        counted = self.server.connections
        own = not address or ipaddress.ip_address(address.partition("%")[0]).is_loopback
        if not own and counted[address] >= MAX_OF_ONE_ADDRESS:
            self.socket.close()
            return
        counted[address] += 1
        # Head and body of an answer are sent one after the other: the second one is not to wait for
        # the client to acknowledge the first, which takes it 40 ms.
        self.socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        try:
            super().handle()
        finally:
            counted[address] -= 1
            if not counted[address]:
                del counted[address]

    def handle_one_request(self) -> Any:
        """Also where the library takes our deadline for an error of the application: then what is
        left of the request must not be read as the next one."""
        deadline = gevent.Timeout.start_new(self.server.request_seconds)
        try:
            result = super().handle_one_request()
            return result if deadline.pending else None
        except gevent.Timeout as timeout:
            if timeout is not deadline:
                raise
            return None
        finally:
            deadline.close()
            deadline.__traceback__ = None  # it would hold this frame, and with it the socket

    def handle_error(self, t: Any, v: Any, tb: Any) -> None:
        """Who is too slow is no error of ours."""
        if isinstance(v, gevent.Timeout):
            self.close_connection = True
        else:
            super().handle_error(t, v, tb)

    def read_request(self, raw_requestline: str) -> Any:
        read = super().read_request(raw_requestline)
        if (self.content_length or 0) > witnessing.MAX_REQUEST_BYTES:
            raise _TooLong
        return read

    def _handle_client_error(self, ex: Exception) -> Any:
        if isinstance(ex, _TooLong):
            return "413", TOO_LONG
        return super()._handle_client_error(ex)


class Server(WSGIServer):  # type: ignore[misc]
    """The server for one witness on ``(host, port)``; port 0 takes a free one."""

    def __init__(
        self,
        listen: tuple[str, int],
        witness: Witness,
        keys: str,
        *,
        request_seconds: float = REQUEST_SECONDS,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self.connections: Counter[str] = Counter()
        self.request_seconds = request_seconds
        super().__init__(
            listen,
            Application(witness, keys, body_seconds),
            log=None,
            error_log=None,
            handler_class=_Handler,
            spawn=Pool(MAX_CONNECTIONS),
        )
