"""The gevent worker, with answers to what is not even HTTP that give nothing away.

gunicorn's own answer and its line in the log quote what they could not parse: a header that was
torn off, a request line. Either may hold a key or what else somebody put there by mistake.
"""

from __future__ import annotations

import json
import signal
import socket
from contextlib import suppress
from http import HTTPStatus
from time import perf_counter
from typing import Any

import gevent
from gevent.baseserver import BaseServer
from gunicorn.http import wsgi
from gunicorn.http.errors import (
    ExpectationFailed,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.ggevent import GeventWorker

from portal.config import settings
from portal.server.patience import Patience, PatientSocket
from portal.server.response import Response
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


class _Settled:
    """gunicorn's settings, each looked up once: it asks for a dozen with every request."""

    def __init__(self, cfg: Any) -> None:
        self._cfg = cfg

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._cfg, name)
        setattr(self, name, value)
        return value


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """A gevent worker of the portal: it waits for nobody too long, and stops politely."""

    cfg: Any

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._idle = IdleConnections()
        self._patience = Patience()
        self.cfg = _Settled(self.cfg)

    def notify(self) -> None:
        """Tell the master that we live, each second, and put our counts where all can see them."""
        super().notify()
        from portal import db, metrics  # noqa: PLC0415 - only after gevent patched the locks

        metrics.settle()
        for login, seen in db.pools():
            metrics.pool_seen(
                login,
                size=seen.get("pool_size", 0),
                idle=seen.get("pool_available", 0),
                waiting=seen.get("requests_waiting", 0),
            )

    def run(self) -> None:
        """Serve until told to stop."""
        gevent.spawn(self._patience.watch)
        gevent.spawn(self._hand_over)
        super().run()

    def _hand_over(self) -> None:
        """Hand over what was counted of the API, every few seconds; the rest as the worker ends."""
        from portal.ingest import answered  # noqa: PLC0415

        while True:
            gevent.sleep(answered.EVERY_S)
            answered.flush()

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
        super().handle(listener, PatientSocket(client, settings(), self._patience), addr)

    def timeout_ctx(self) -> IdleConnections:
        """Around the wait for a connection's next request, which has its own deadline."""
        return self._idle

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Serve one request, whose connection the application may close with its answer."""
        from portal import metrics  # noqa: PLC0415

        offer_closing(req)
        sock.await_body()
        started = perf_counter()
        response, environ = wsgi.create(
            req, sock, addr, listener_name, self.cfg, response_class=Response
        )
        environ["wsgi.multithread"] = True
        if not self.alive:
            response.force_close()
        metrics.began()
        try:
            self._answer(response, environ)
        except OSError:
            raise  # the client is gone: gunicorn knows what that means
        except (gevent.GreenletExit, SystemExit):
            raise StopIteration from None
        except Exception:
            if not response.headers_sent:
                raise
            # Another answer would be taken for the rest of this one.
            self.log.exception("broken off")
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            raise StopIteration from None
        finally:
            metrics.ended()
            if response.status:
                self.log.access(response, req, environ, perf_counter() - started)
        if response.should_close():
            raise StopIteration
        sock.await_request()

    def _answer(self, response: Response, environ: dict[str, Any]) -> None:
        parts = self.wsgi(environ, response.start_response)
        try:
            if isinstance(parts, environ["wsgi.file_wrapper"]):
                response.write_file(parts)
            else:
                for part in parts:
                    response.write(part)
            response.close()
        finally:
            if hasattr(parts, "close"):
                parts.close()

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
