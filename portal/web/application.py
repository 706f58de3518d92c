"""The Flask application: what stands in front of it, and a log of failures that quotes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any

import structlog
from flask import Flask

from portal import logs

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = structlog.get_logger(__name__)


class Application(Flask):
    """Flask; ``front`` may be replaced by a middleware that answers what needs no framework."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.front: WSGIApplication = super().wsgi_app

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, whose address and scheme are those that count (``proxies``)."""
        return self.front(environ, start_response)

    def log_exception(
        self,
        exc_info: (tuple[type, BaseException, TracebackType] | tuple[None, None, None]),
    ) -> None:
        """Log where it failed and with what kind of error: Flask's own line quotes its message."""
        _, error, trace = exc_info
        if error is not None:
            log.error("unexpected", error=logs.describe(error), where=logs.places(trace))
