"""The Flask application, which logs what failed without quoting it."""

from __future__ import annotations

from types import TracebackType

import structlog
from flask import Flask

from portal import logs

log = structlog.get_logger(__name__)


class Application(Flask):
    """Flask, but for its log of failures: that quotes the address and the error's message."""

    def log_exception(
        self,
        exc_info: (tuple[type, BaseException, TracebackType] | tuple[None, None, None]),
    ) -> None:
        """Log where it failed and with what kind of error."""
        _, error, trace = exc_info
        if error is not None:
            log.error("unexpected", error=logs.describe(error), where=logs.places(trace))
