"""What the operators' API answers, before any framework: a receipt, a document, a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import gevent
import psycopg
import structlog
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException
from werkzeug.wsgi import get_input_stream

from portal import logs, metrics
from portal.errors import DatabaseUnavailable, Unconfirmed
from portal.ingest import body
from portal.ingest.problems import MEDIA_TYPE, Refusal
from portal.web.closing import close_after_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = structlog.get_logger(__name__)

JSON = "application/json"
# How a body can break off: the client is gone or too slow, or its chunks are damaged.
BROKEN_OFF = (ClientDisconnected, OSError, ParseException)
# Of a body that is not wanted, this much is read so that the answer still arrives.
_DISCARD_BYTES = 4 * body.MAX_BODY_BYTES
_DISCARD_SECONDS = 2
# Classes of SQLSTATE that tell of the server's state and not of the request: connection, read-only
# or idle transaction, resources, locks, cancellation and shutdown, system.
_PASSING = {"08", "25", "53", "55", "57", "58"}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}


class Answer(NamedTuple):
    """An answer; ``headers`` are those that only this answer has; ``outcome`` as ``answered``
    counts it, where the status does not say it.
    """

    status: int
    body: bytes
    media_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    outcome: str = ""


def of_error(
    error: Exception,
    environ: WSGIEnvironment,
    request_id: str,
    *,
    counted: bool,
    patient: bool = True,
) -> Answer:
    """Whatever went wrong under /api/, as a problem document; the client learns no detail.

    ``counted``: among the refusals of the metrics. Without being ``patient`` the body is not read:
    the connection ends with the answer, which who goes on sending may not see.
    """
    headers: list[tuple[str, str]] = []
    if isinstance(error, Refusal):
        refusal = error
    elif isinstance(error, HTTPException):
        refusal = Refusal(_code_of(error.code or 500))
        if allowed := getattr(error, "valid_methods", None):
            headers.append(("Allow", ", ".join(sorted(allowed))))
    elif isinstance(error, Unconfirmed):
        refusal = Refusal("log_unconfirmed")  # why has been logged where it was found
    elif isinstance(error, DatabaseUnavailable) or _will_pass(error):
        _log("unavailable", error, request_id)
        refusal = Refusal("service_unavailable")
    else:
        _log("unexpected", error, request_id)
        refusal = Refusal("internal_error")
    if counted:
        metrics.refused(refusal.code)
    if patient:
        _discard_rest(environ)
    else:
        close_after_answer(environ)
    if refusal.retry_after is not None:
        headers.append(("Retry-After", str(refusal.retry_after)))
    if refusal.status == 401:
        headers.append(("WWW-Authenticate", 'Bearer realm="dozir"'))
    document = refusal.to_problem(request_id)
    return Answer(refusal.status, document, MEDIA_TYPE, tuple(headers), refusal.code)


def _code_of(status: int) -> str:
    return _HTTP_CODES.get(status, "invalid_parameter" if status < 500 else "internal_error")


def _will_pass(error: Exception) -> bool:
    """Whether the same request may succeed later, e.g. a statement that was cancelled."""
    return isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in _PASSING


def _log(event: str, error: Exception, request_id: str) -> None:
    """What failed and where, without messages: those of the database quote values."""
    log.error(
        event,
        request_id=request_id,
        error=logs.describe(error),
        where=logs.places(error.__traceback__),
    )


def _discard_rest(environ: WSGIEnvironment) -> None:
    """Read what is left of a refused body, within limits, before it is answered.

    A connection that is closed with bytes unread is reset, and the client never sees the answer.
    If more is left than the limits allow, the connection closes with the answer all the same.
    """
    left = _DISCARD_BYTES
    stream = get_input_stream(environ)
    with gevent.Timeout(_DISCARD_SECONDS, False):
        try:
            while left > 0:
                chunk = stream.read(65_536)
                if not chunk:
                    return
                left -= len(chunk)
        except BROKEN_OFF:
            return  # nobody is there to read the answer either
    close_after_answer(environ)
