"""The short way for batches: a WSGI middleware that answers them in front of Flask.

What comes out is what the same request would get through Flask (``views``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog

from portal import lifecycle
from portal.ingest import receiving
from portal.ingest.answers import Answer
from portal.web import request_id, request_log, security
from portal.web.closing import close_after_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    Receive = Callable[[receiving.Request], Answer]

_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


class Door:
    """``ways``: for each path what answers a POST there, and the endpoint's name in the metrics."""

    def __init__(self, app: WSGIApplication, ways: Mapping[str, tuple[Receive, str]]) -> None:
        self._app = app
        self._ways = ways

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        way = self._ways.get(environ["PATH_INFO"])
        if way is None or environ["REQUEST_METHOD"] != "POST":
            return self._app(environ, start)
        receive, endpoint = way
        structlog.contextvars.clear_contextvars()  # of the connection's request before
        request = receiving.Request(environ, request_id.of(environ))
        answer = receive(request)
        request_log.leave(
            environ,
            request_log.Facts(
                endpoint,
                environ["PATH_INFO"],
                request_id=request.request_id,
                key=request.key.id if request.key else None,
                operator=request.key.operator_id if request.key else None,
                outcome=answer.outcome,
            ),
        )
        if lifecycle.stopping():
            close_after_answer(environ)
        start(
            _STATUS[answer.status],
            [
                ("Content-Type", answer.media_type),
                ("Content-Length", str(len(answer.body))),
                (request_id.HEADER, request.request_id),
                *answer.headers,
                *security.for_machines(secure=environ["wsgi.url_scheme"] == "https"),
            ],
        )
        return [answer.body]
