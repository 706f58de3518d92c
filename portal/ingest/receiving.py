"""A batch arrives, to be stored or to be checked only: from the request to its answer.

No framework takes part: of these requests thousands come each second, and Flask's work on each
would cost more than all of ours. ``door`` calls this in front of Flask, ``views`` within it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import gevent
from werkzeug.wsgi import get_content_length, get_input_stream

from portal import metrics
from portal.config import settings
from portal.ingest import (
    acknowledging,
    admission,
    allowance,
    answered,
    answers,
    body,
    refusals,
    validation,
    vouching,
    wire,
)
from portal.ingest.answers import Answer
from portal.ingest.authentication import AccessKey, authenticate
from portal.ingest.currencies import currencies
from portal.ingest.grouping import Queue
from portal.ingest.problems import Refusal
from portal.ingest.refusals import Attempt
from portal.ingest.store import Envelope, Submission
from portal.web.closing import close_after_answer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

DEFAULT_STREAM = "main"
_STREAM = re.compile(r"[a-z0-9_-]{1,32}")
_SEQUENCE = re.compile(r"[1-9][0-9]{0,17}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_BATCH_ID = re.compile(rb'"batch_id" ?: ?(\d+)')


@dataclass(slots=True)
class Request:
    """A request as it came, and what is known of it so far."""

    environ: WSGIEnvironment
    request_id: str
    key: AccessKey | None = None
    insists: bool = False  # its key has just been told to wait, again and again
    attempt: Attempt = field(default_factory=Attempt)


Work = Callable[[Request, AccessKey], Answer]


class _Arrived(NamedTuple):
    """A batch that may be worked on: what its headers said, its body, bytes of it taken already."""

    idempotency_key: UUID
    stream: str
    stream_sequence: int | None
    taken: int
    body: body.Fetched


def store(request: Request) -> Answer:
    """Store a batch and answer its receipt: 201, or 200 with the same bytes for a repeated one."""
    return _answer(request, _store, recorded=True)


def validate(request: Request) -> Answer:
    """Check a batch as if it were posted; nothing is stored or counted, refusals neither."""
    return _answer(request, _validate, recorded=False)


def _answer(request: Request, work: Work, *, recorded: bool) -> Answer:
    """What becomes of a request; with the limits of a known key and what is left of them."""
    try:
        request.key = key = authenticate(
            request.environ.get("HTTP_AUTHORIZATION"), request.environ.get("REMOTE_ADDR")
        )
        request.attempt.access_key_id = key.id
        answer = _admitted(request, key, work, recorded=recorded)
    except Exception as error:  # whatever it is has an answer
        answer = answers.of_error(
            error,
            request.environ,
            request.request_id,
            counted=recorded,
            patient=not request.insists,
        )
    if request.key is None:
        return answer
    return answer._replace(headers=answer.headers + allowance.headers(request.key.id))


def _admitted(request: Request, key: AccessKey, work: Work, *, recorded: bool) -> Answer:
    """The answer to a request that has a place among its key's. Raises whatever refuses it.

    ``rate_limited`` is not recorded: refusing has to stay cheaper than sending.
    """
    try:
        with admission.place(key.id):
            try:
                return work(request, key)
            except Refusal as refusal:
                limited = refusal.code == "rate_limited"
                if recorded and not limited:
                    refusals.record(request.attempt, refusal, request.request_id)
                request.insists = admission.hold(key.id, limited=limited)
                raise
    except admission.TooManyWaiting:
        close_after_answer(request.environ)
        raise Refusal("rate_limited") from None


def _store(request: Request, key: AccessKey) -> Answer:
    arrived = _fetch(request, key)
    # First whatever else has come is read as far as this. The same work many times in a row finds
    # its code and data in the processor's caches.
    gevent.sleep(0)
    with admission.work(key.id):
        submission = _decode(request, key, arrived)
        with admission.storing(key.operator_id, submission.batch.n), metrics.stage("database"):
            stored = _queue().store(submission)
    # A new one is stored and counted even where its receipt cannot be answered now.
    if stored.new:
        metrics.batch_stored(submission.batch.n, request.attempt.body_bytes or 0, new=True)
        receipt = acknowledging.acknowledge(stored.receipt)
    else:
        receipt = vouching.answered(stored.receipt)
        metrics.batch_stored(submission.batch.n, request.attempt.body_bytes or 0, new=False)
        return Answer(200, receipt, outcome=answered.REPLAYED)
    location = f"/api/v1/batches/{_batch_id(stored.receipt)}"
    return Answer(201, receipt, headers=(("Location", location),))


def _validate(request: Request, key: AccessKey) -> Answer:
    arrived = _fetch(request, key)
    with admission.work(key.id):
        submission = _decode(request, key, arrived)
        with admission.storing(key.operator_id, submission.batch.n):
            return Answer(200, validation.validate(submission, currencies()))


@cache
def _queue() -> Queue:
    """This process's way into the database."""
    return Queue(together=settings().group_commit)


def _fetch(request: Request, key: AccessKey) -> _Arrived:
    """Headers, then what the key may send at present, then the body; fills in the attempt."""
    environ, attempt = request.environ, request.attempt
    attempt.idempotency_key = idempotency_key = _idempotency_key(environ)
    attempt.stream = stream = _stream(environ)
    attempt.stream_sequence = sequence = _sequence(environ)
    allowance.check(key.id)
    announced = get_content_length(environ) or 0  # 0: in chunks
    taken = 0
    if admission.LARGE_BYTES < announced <= body.MAX_BODY_BYTES:
        taken = announced
        allowance.take(key.id, 0, taken)
    with metrics.stage("read"):
        fetched = _body(environ)
    return _Arrived(idempotency_key, stream, sequence, taken, fetched)


def _decode(request: Request, key: AccessKey, arrived: _Arrived) -> Submission:
    """All else that can be checked without the database's rules; fills in the attempt."""
    attempt, fetched = request.attempt, arrived.body
    with admission.decoding_turn(key.operator_id, len(fetched.raw) if fetched.compressed else 0):
        data = fetched.expand()
    attempt.body_bytes = len(data)
    # What is refused for its size is not decoded: that would cost as much as what counts.
    counted = wire.count(data)
    allowance.take(key.id, counted, max(0, len(data) - arrived.taken))
    with (
        admission.decoding_turn(key.operator_id, len(data)) as pause,
        metrics.stage("decode"),
    ):
        body_sha256 = body.hash_of(data, pause)
        pause()
        try:
            records = wire.decode_lazily(data, fetched.kind, currencies(), pause)
        except Refusal as refusal:
            if refusal.errors and refusal.code != "malformed_json":
                attempt.row_count = counted
            raise
    attempt.row_count = records.n
    if records.n > counted:
        allowance.take(key.id, records.n - counted, 0)
    envelope = Envelope(
        key=key,
        idempotency_key=arrived.idempotency_key,
        stream=arrived.stream,
        stream_sequence=arrived.stream_sequence,
        body_sha256=body_sha256,
    )
    return Submission(envelope, records)


def _idempotency_key(environ: WSGIEnvironment) -> UUID:
    text = environ.get("HTTP_IDEMPOTENCY_KEY")
    if text is None:
        raise Refusal("idempotency_key_missing")
    if not _UUID.fullmatch(text):  # nor are two of them, which come joined by a comma
        raise Refusal("idempotency_key_invalid")
    key = UUID(text)
    if not key.int:
        raise Refusal("idempotency_key_invalid")  # nil: a variable that nobody has filled
    return key


def _stream(environ: WSGIEnvironment) -> str:
    stream: str = environ.get("HTTP_BATCH_STREAM", DEFAULT_STREAM)
    if not _STREAM.fullmatch(stream):
        raise Refusal("stream_invalid")
    return stream


def _sequence(environ: WSGIEnvironment) -> int | None:
    text = environ.get("HTTP_BATCH_SEQUENCE")
    if text is None:
        return None
    if not _SEQUENCE.fullmatch(text):
        raise Refusal("sequence_invalid")
    return int(text)


def _body(environ: WSGIEnvironment) -> body.Fetched:
    """The body, which the worker cuts off when it takes too long (portal/server/patience.py)."""
    try:
        return body.fetch(
            get_input_stream(environ),
            content_type=environ.get("CONTENT_TYPE"),
            content_encoding=environ.get("HTTP_CONTENT_ENCODING"),
            content_length=get_content_length(environ),
        )
    except answers.BROKEN_OFF:
        raise Refusal("incomplete_body") from None


def _batch_id(receipt: bytes) -> int:
    match = _BATCH_ID.search(receipt)
    if match is None:
        raise ValueError("a receipt without a batch id")
    return int(match[1])
