"""The operators' API, version 1: parse, call, answer; ``openapi.yaml`` is the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec
import psycopg
import structlog
from flask import Blueprint, Response, g, request

from portal import db
from portal.ingest import answers, receiving
from portal.ingest.answers import JSON, Answer
from portal.ingest.authentication import AccessKey, authenticate
from portal.ingest.problems import Refusal
from portal.ingest.store import SQLSTATES, await_standbys
from portal.web.request_id import request_id

T = TypeVar("T")

blueprint = Blueprint("ingest", __name__, url_prefix="/api/v1")

# An address with a slash too many is unknown, not redirected: keys and bodies are not sent twice.
_EXACTLY = {"merge_slashes": False}
MAX_LISTED = 1_000
VALIDATE = "ingest.validate_batch"
SPECIFICATION = Path(__file__).with_name("openapi.yaml")
# What is answered in front of Flask: path, what answers a POST there, endpoint.
SHORT_WAYS = {
    "/api/v1/batches": (receiving.store, "ingest.post_batch"),
    "/api/v1/validate": (receiving.validate, VALIDATE),
}


@blueprint.post("/batches", **_EXACTLY)
def post_batch() -> Response:
    """Store a batch and answer its receipt; ``door`` mostly does so before Flask is asked."""
    return _received(receiving.store)


@blueprint.post("/validate", **_EXACTLY)
def validate_batch() -> Response:
    """Check a batch as if it were posted; ``door`` mostly does so before Flask is asked."""
    return _received(receiving.validate)


@blueprint.get("/batches", **_EXACTLY)
def list_batches() -> Response:
    """What has been received from the caller after one of its sequence numbers."""
    key = _caller()
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
        mimetype=JSON,
    )


@blueprint.get("/batches/<int:batch_id>", **_EXACTLY)
def get_batch(batch_id: int) -> Response:
    """The receipt of one of the caller's batches, byte for byte as it was answered."""
    key = _caller()
    if batch_id > 2**63 - 1:
        raise Refusal("not_found")
    rows = _as_operator(key, lambda conn: db.call(conn, "api.batch_detail", batch_id))
    if not rows:
        raise Refusal("not_found")
    await_standbys()
    return Response(bytes(rows[0]["receipt"]), mimetype=JSON)


@blueprint.get("/registry", **_EXACTLY)
def get_registry() -> Response:
    """The caller's own registered codes."""
    key = _caller()
    document = _as_operator(key, lambda conn: db.call_value(conn, "api.registry_codes"))
    return Response(msgspec.json.encode(document), mimetype=JSON)


@blueprint.get("/openapi.yaml", **_EXACTLY)
def get_specification() -> Response:
    """The specification of this API."""
    return Response(SPECIFICATION.read_bytes(), mimetype="application/yaml")


def render_error(error: Exception) -> Response:
    """Whatever went wrong under /api/, as a problem document; what /validate says is not counted.

    ``door`` has its own; this is for all other addresses.
    """
    counted = request.endpoint != VALIDATE
    return _response(answers.of_error(error, request.environ, request_id(), counted=counted))


def _received(receive: Callable[[receiving.Request], Answer]) -> Response:
    arrived = receiving.Request(request.environ, request_id())
    answer = receive(arrived)
    if arrived.key:
        _note(arrived.key)
    return _response(answer)


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, content_type=answer.media_type)
    response.headers.extend(answer.headers)
    return response


def _caller() -> AccessKey:
    """Whose request it is. Raises Refusal."""
    key = authenticate(request.headers.get("Authorization"), request.remote_addr)
    _note(key)
    return key


def _note(key: AccessKey) -> None:
    """For the log."""
    g.access_key_id = key.id
    structlog.contextvars.bind_contextvars(key=key.id)


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
            db.call(conn, "api.access_key_operator", key.id, "read", key.address)
    except psycopg.Error as problem:
        if code := SQLSTATES.get(problem.sqlstate or ""):
            raise Refusal(code) from problem
        raise
    with db.acting_as("operator", operator_id=key.operator_id, actor=f"key {key.id}") as conn:
        return read(conn)


blueprint.register_error_handler(Exception, render_error)
