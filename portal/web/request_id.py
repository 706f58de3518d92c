"""The request's id: shown on error pages, sent in ``X-Request-Id``, written in log lines."""

from __future__ import annotations

import re
import secrets

import structlog
from flask import Flask, Response, g, request

HEADER = "X-Request-Id"
SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)


def request_id() -> str:
    """The id of the current request: the caller's if it is sane, else 16 random hex digits."""
    if "request_id" not in g:
        given = request.headers.get(HEADER, "")
        g.request_id = given if SANE.fullmatch(given) else secrets.token_hex(8)
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
