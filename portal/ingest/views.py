"""The operators' API, version 1: parse, call, answer; ``openapi.yaml`` is the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypeVar
from uuid import UUID

import gevent
import msgspec
import psycopg
import structlog
from flask import Blueprint, Response, g, request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import ClientDisconnected, HTTPException

from portal import db, logs, metrics
from portal.config import settings
from portal.errors import DatabaseUnavailable
from portal.ingest import admission, allowance, body, refusals, validation, wire
from portal.ingest.authentication import AccessKey, authenticate
from portal.ingest.currencies import currencies
from portal.ingest.grouping import Queue
from portal.ingest.problems import MEDIA_TYPE, Refusal
from portal.ingest.refusals import Attempt
from portal.ingest.store import SQLSTATES, Envelope, Submission, await_standbys
from portal.web.closing import close_after_answer
from portal.web.request_id import request_id

log = structlog.get_logger(__name__)

T = TypeVar("T")

blueprint = Blueprint("ingest", __name__, url_prefix="/api/v1")

# An address with a slash too many is unknown, not redirected: keys and bodies are not sent twice.
_EXACTLY = {"merge_slashes": False}
DEFAULT_STREAM = "main"
_STREAM = re.compile(r"[a-z0-9_-]{1,32}")
_SEQUENCE = re.compile(r"[1-9][0-9]{0,17}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
MAX_LISTED = 1_000
VALIDATE = "ingest.validate_batch"
# How a body can break off: the client is gone or too slow, or its chunks are damaged.
_BROKEN_OFF = (ClientDisconnected, OSError, ParseException)
# Of a body that is not wanted, this much is read so that the answer still arrives.
_DISCARD_BYTES = 4 * body.MAX_BODY_BYTES
_DISCARD_SECONDS = 2
# Classes of SQLSTATE that tell of the server's state and not of the request: connection, read-only
# or idle transaction, resources, locks, cancellation and shutdown, system.
_PASSING = {"08", "25", "53", "55", "57", "58"}
SPECIFICATION = Path(__file__).with_name("openapi.yaml")


class _Arrived(NamedTuple):
    """A batch that may be worked on: what its headers said, and its body."""

    idempotency_key: UUID
    stream: str
    stream_sequence: int | None
    body: body.Fetched


@blueprint.after_request
def tell_limits(response: Response) -> Response:
    """The key's limits and what is left of them, on answers to whoever sends batches."""
    if (key := g.get("limited_key")) is not None:
        for name, value in allowance.headers(key.id).items():
            response.headers[name] = value
    return response


@blueprint.post("/batches", **_EXACTLY)
def post_batch() -> Response:
    """Store a batch and answer its receipt: 201, or 200 with the same bytes for a repeated one."""
    attempt = Attempt()
    key = _sender(attempt)
    with _admitted(key, attempt, recorded=True) as arrived, admission.work(key.id):
        submission = _decode(key, attempt, arrived)
        with admission.storing(key.operator_id, submission.batch.n), metrics.stage("database"):
            stored = _queue().store(submission)
    metrics.batch_stored(submission.batch.n, attempt.body_bytes or 0, new=stored.new)
    response = Response(stored.receipt, 201 if stored.new else 200, mimetype="application/json")
    if stored.new:
        response.headers["Location"] = f"/api/v1/batches/{_batch_id(stored.receipt)}"
    return response


@blueprint.post("/validate", **_EXACTLY)
def validate_batch() -> Response:
    """Check a batch as if it were posted; nothing is stored or counted, refusals neither."""
    attempt = Attempt()
    key = _sender(attempt)
    with _admitted(key, attempt, recorded=False) as arrived, admission.work(key.id):
        submission = _decode(key, attempt, arrived)
        with admission.storing(key.operator_id, submission.batch.n):
            document = validation.validate(submission, currencies())
    return Response(document, mimetype="application/json")


@blueprint.get("/batches", **_EXACTLY)
def list_batches() -> Response:
    """What has been received from the caller after one of its sequence numbers."""
    key = authenticate(request.headers.get("Authorization"))
    after = _parameter("after", 0, 2**63 - 1, default=0)
    limit = _parameter("limit", 1, MAX_LISTED, default=100)
    rows = _as_operator(key, lambda conn: db.call(conn, "api.batches_after", after, limit + 1))
    await_standbys()
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1]["operator_sequence"] if rows else after
    listed = b",".join(bytes(row["receipt"]) for row in rows)
    return Response(
        b'{"batches":[%b],"next_after":%d,"more":%b}'
        % (listed, last, b"true" if more else b"false"),
        mimetype="application/json",
    )


@blueprint.get("/batches/<int:batch_id>", **_EXACTLY)
def get_batch(batch_id: int) -> Response:
    """The receipt of one of the caller's batches, byte for byte as it was answered."""
    key = authenticate(request.headers.get("Authorization"))
    if batch_id > 2**63 - 1:
        raise Refusal("not_found")
    rows = _as_operator(key, lambda conn: db.call(conn, "api.batch_detail", batch_id))
    if not rows:
        raise Refusal("not_found")
    await_standbys()
    return Response(bytes(rows[0]["receipt"]), mimetype="application/json")


@blueprint.get("/registry", **_EXACTLY)
def get_registry() -> Response:
    """The caller's own registered codes."""
    key = authenticate(request.headers.get("Authorization"))
    document = _as_operator(key, lambda conn: db.call_value(conn, "api.registry_codes"))
    return Response(msgspec.json.encode(document), mimetype="application/json")


@blueprint.get("/openapi.yaml", **_EXACTLY)
def get_specification() -> Response:
    """The specification of this API."""
    return Response(SPECIFICATION.read_bytes(), mimetype="application/yaml")


@cache
def _queue() -> Queue:
    """This process's way into the database."""
    return Queue(together=settings().group_commit)


def _sender(attempt: Attempt) -> AccessKey:
    """Whose request it is; what is refused from here on is refused to a known key."""
    key: AccessKey = authenticate(request.headers.get("Authorization"))
    attempt.access_key_id = key.id
    g.limited_key = key
    return key


@contextmanager
def _admitted(key: AccessKey, attempt: Attempt, *, recorded: bool) -> Iterator[_Arrived]:
    """A batch that may be worked on, and what becomes of a refusal from here on.

    ``rate_limited`` is not recorded: refusing has to stay cheaper than sending.
    """
    try:
        with admission.place(key.id):
            try:
                yield _fetch(key, attempt)
            except Refusal as refusal:
                limited = refusal.code == "rate_limited"
                if recorded and not limited:
                    refusals.record(attempt, refusal, request_id())
                admission.hold(key.id, limited=limited)
                raise
    except admission.TooManyWaiting:
        close_after_answer(request.environ)
        raise Refusal("rate_limited") from None


def _fetch(key: AccessKey, attempt: Attempt) -> _Arrived:
    """Headers, then what the key may send at present, then the body; fills in the attempt."""
    attempt.idempotency_key = idempotency_key = _idempotency_key()
    attempt.stream = stream = _stream()
    attempt.stream_sequence = _sequence()
    allowance.check(key.id)
    if (announced := _announced()) <= body.MAX_BODY_BYTES:
        allowance.take(key.id, 0, announced)
    with metrics.stage("read"):
        fetched = _body()
    return _Arrived(idempotency_key, stream, attempt.stream_sequence, fetched)


def _decode(key: AccessKey, attempt: Attempt, arrived: _Arrived) -> Submission:
    """All else that can be checked without the database's rules; fills in the attempt."""
    with (
        admission.decoding_turn(key.operator_id, len(arrived.body.raw)) as pause,
        metrics.stage("decode"),
    ):
        received = arrived.body.open()
        attempt.body_bytes = len(received.data)
        pause()
        records = wire.decode(received.data, received.kind, currencies(), pause)
    attempt.row_count = records.n
    allowance.take(key.id, records.n, max(0, len(received.data) - _announced()))
    envelope = Envelope(
        key=key,
        idempotency_key=arrived.idempotency_key,
        stream=arrived.stream,
        stream_sequence=arrived.stream_sequence,
        body_sha256=received.sha256,
    )
    return Submission(envelope, records)


def _announced() -> int:
    """The length of the body as it was announced; 0 for one in chunks."""
    return request.content_length or 0


def _idempotency_key() -> UUID:
    values = request.headers.getlist("Idempotency-Key")
    if not values:
        raise Refusal("idempotency_key_missing")
    if len(values) > 1 or not _UUID.fullmatch(values[0]):
        raise Refusal("idempotency_key_invalid")
    key = UUID(values[0])
    if not key.int:
        raise Refusal("idempotency_key_invalid")  # nil: a variable that nobody has filled
    return key


def _stream() -> str:
    stream = request.headers.get("Batch-Stream", DEFAULT_STREAM)
    if not _STREAM.fullmatch(stream):
        raise Refusal("stream_invalid")
    return stream


def _sequence() -> int | None:
    text = request.headers.get("Batch-Sequence")
    if text is None:
        return None
    if not _SEQUENCE.fullmatch(text):
        raise Refusal("sequence_invalid")
    return int(text)


def _body() -> body.Fetched:
    """The body, which the worker cuts off when it takes too long (portal/server/patience.py)."""
    try:
        return body.fetch(
            request.stream,
            content_type=request.headers.get("Content-Type"),
            content_encoding=request.headers.get("Content-Encoding"),
            content_length=request.content_length,
        )
    except _BROKEN_OFF:
        raise Refusal("incomplete_body") from None


def _discard_rest() -> None:
    """Read what is left of a refused body, within limits, before it is answered.

    A connection that is closed with bytes unread is reset, and the client never sees the answer.
    If more is left than the limits allow, the connection closes with the answer all the same.
    """
    left = _DISCARD_BYTES
    with gevent.Timeout(_DISCARD_SECONDS, False):
        try:
            while left > 0:
                chunk = request.stream.read(65_536)
                if not chunk:
                    return
                left -= len(chunk)
        except _BROKEN_OFF:
            return  # nobody is there to read the answer either
    close_after_answer(request.environ)


def _parameter(name: str, low: int, high: int, *, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,19}", text) or not low <= int(text) <= high:
        raise Refusal("invalid_parameter", parameter=name)
    return int(text)


def _as_operator(key: AccessKey, read: Callable[[db.Connection], T]) -> T:
    """Read as the operator whose key this is, if the key may read now."""
    try:
        with db.portal() as conn:
            db.call(conn, "api.access_key_operator", key.id, "read")
    except psycopg.Error as problem:
        if code := SQLSTATES.get(problem.sqlstate or ""):
            raise Refusal(code) from problem
        raise
    with db.acting_as("operator", operator_id=key.operator_id, actor=f"key {key.id}") as conn:
        return read(conn)


def _batch_id(receipt: bytes) -> int:
    match = re.search(rb'"batch_id" ?: ?(\d+)', receipt)
    if match is None:
        raise ValueError("a receipt without a batch id")
    return int(match[1])


def render_problem(refusal: Refusal) -> Response:
    """A refusal as RFC 9457 says it; what ``/validate`` foretells is not counted."""
    if request.endpoint != VALIDATE:
        metrics.refused(refusal.code)
    _discard_rest()
    response = Response(refusal.to_problem(request_id()), refusal.status, content_type=MEDIA_TYPE)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="dozir"'
    return response


def render_error(error: Exception) -> Response:
    """Whatever went wrong under /api/, as a problem document; the client learns no detail."""
    if isinstance(error, Refusal):
        return render_problem(error)
    if isinstance(error, HTTPException):
        return _render_http(error)
    if isinstance(error, DatabaseUnavailable) or _will_pass(error):
        _log("unavailable", error)
        return render_problem(Refusal("service_unavailable"))
    _log("unexpected", error)
    return render_problem(Refusal("internal_error"))


def _will_pass(error: Exception) -> bool:
    """Whether the same request may succeed later, e.g. a statement that was cancelled."""
    return isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in _PASSING


def _log(event: str, error: Exception) -> None:
    """What failed and where, without messages: those of the database quote values."""
    log.error(event, error=logs.describe(error), where=logs.places(error.__traceback__))


def _render_http(error: HTTPException) -> Response:
    codes = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
    status = error.code or 500
    code = codes.get(status, "invalid_parameter" if status < 500 else "internal_error")
    response = render_problem(Refusal(code))
    if allowed := getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


blueprint.register_error_handler(Exception, render_error)
