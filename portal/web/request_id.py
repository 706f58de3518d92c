"""The request's id: shown on error pages, sent in ``X-Request-Id``, written in log lines."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
# Plainly random, as proxies and tracing make them: the id is stored and written to logs, where a
# name, a number or a secret must not get to.
RANDOM = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def of(environ: Mapping[str, Any]) -> str:
    """The id that the caller gave a request if it is random, else 16 random hex digits."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if RANDOM.fullmatch(given) else secrets.token_hex(8)


def request_id() -> str:
    """The id of the current request."""
    if "request_id" not in g:
        g.request_id = of(request.environ)
    current: str = g.request_id
    return current


def init_app(app: Flask) -> None:
    """Gives each request an id, binds it to its log lines and returns it in the answer."""

    @app.before_request
    def bind_to_log() -> None:
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id())

    @app.after_request
    def send_back(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        return response
