"""How the application asks the worker to close a connection with the answer.

gunicorn drops a ``Connection`` header that an application sets, so the request's own switch is
handed over beside its body: weakly, as the request owns the body, and a ring of both would outlive
the request until the collector of garbage comes by, which in a worker is seldom.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from weakref import WeakMethod

from flask import Flask, Response, request

from portal import lifecycle

_SWITCH = "close_after_answer"


def offer_closing(req: Any) -> None:
    """Let the application close the connection of gunicorn's request ``req`` with its answer."""
    setattr(req.body, _SWITCH, WeakMethod(req.force_close))


def close_after_answer(environ: Mapping[str, Any]) -> None:
    """Close with this answer and say so in its headers; without our worker, do nothing."""
    switch = getattr(environ.get("wsgi.input"), _SWITCH, None)
    if switch is not None and (close := switch()):
        close()


def init_app(app: Flask) -> None:
    """Close each connection with its next answer when this process stops."""

    @app.after_request
    def close_when_stopping(response: Response) -> Response:
        if lifecycle.stopping():
            close_after_answer(request.environ)
        return response
