"""gunicorn's logger: our form of log, and for each request one line and one count."""

from __future__ import annotations

import logging
from typing import Any

from gunicorn import glogging

from portal import logs
from portal.config import settings

LONGEST_LENGTH = 8  # digits


class Logger(glogging.Logger):  # type: ignore[misc]  # gunicorn has no types
    """What gunicorn says goes the way of all our logs."""

    def setup(self, cfg: Any) -> None:
        """Replace gunicorn's own handler by the one that all share."""
        super().setup(cfg)
        logs.configure()
        self.error_log.handlers[:] = []
        self.error_log.propagate = True
        self._lines = settings().access_log and settings().log_level in {"debug", "info"}

    def access(self, resp: Any, req: Any, environ: Any, request_time: float) -> None:
        """One line: what was asked by template and answered, never with which values.

        ``request_time`` in seconds.
        """
        # Not on top: the master reads this file and must import nothing that counts.
        from portal import metrics  # noqa: PLC0415
        from portal.ingest import answered  # noqa: PLC0415
        from portal.web.request_log import facts_of  # noqa: PLC0415

        facts = facts_of(environ)
        metrics.answered(
            facts.endpoint, req.method, resp.status_code, None if facts.stream else request_time
        )
        answered.count(facts.endpoint, resp.status_code, facts.outcome, facts.operator, facts.key)
        if self._lines:
            logs.request(
                req.method if req.method in metrics.METHODS else "other",
                facts.route,
                resp.status_code,
                round(request_time * 1000, 1),
                _length(environ),
                resp.sent,
                facts.request_id,
                facts.role,
                facts.key,
            )


def _length(environ: Any) -> int | None:
    """Bytes of the body as announced; None for what no body of ours has: any number may be sent."""
    text = environ.get("CONTENT_LENGTH") or ""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_LENGTH else None


logging.raiseExceptions = False  # a full disk or a closed terminal must not fail a request
