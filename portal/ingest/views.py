"""The operators' API, version 1: parse, call, answer; ``openapi.yaml`` is the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import msgspec
from flask import Blueprint, Response, g, request

from portal import db
from portal.errors import NotFound, Unconfirmed
from portal.ingest import answers, checking, proving, receiving, vouching
from portal.ingest.acting import as_operator, caller, note
from portal.ingest.answers import JSON, Answer
from portal.ingest.problems import Refusal
from portal.ingest.store import await_standbys
from portal.transparency.published import LogUnavailable
from portal.web.request_id import request_id

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
    key = caller()
    after = _parameter("after", 0, 2**63 - 1, default=0)
    limit = _parameter("limit", 1, MAX_LISTED, default=100)
    rows = as_operator(key, lambda conn: db.call(conn, "api.batches_after", after, limit + 1))
    await_standbys()
    more = len(rows) > limit
    rows = rows[:limit]
    last = rows[-1]["operator_sequence"] if rows else after
    listed = b",".join(vouching.all_answered([(row["id"], bytes(row["receipt"])) for row in rows]))
    return Response(
        b'{"batches":[%b],"next_after":%d,"more":%b}'
        % (listed, last, b"true" if more else b"false"),
        mimetype=JSON,
    )


@blueprint.get("/batches/<int:batch_id>", **_EXACTLY)
def get_batch(batch_id: int) -> Response:
    """The receipt of one of the caller's batches as it was answered, and once it has one its proof.

    The proof is one more member after those that were answered.
    """
    key = caller()
    if batch_id > 2**63 - 1:
        raise Refusal("not_found")
    rows = as_operator(key, lambda conn: db.call(conn, "api.batch_detail", batch_id))
    if not rows:
        raise Refusal("not_found")
    await_standbys()
    stored = bytes(rows[0]["receipt"])
    receipt = vouching.answered(stored, batch_id)
    if proven := vouching.proof_of(stored, batch_id):
        receipt = proven.added_to(receipt)
    return Response(receipt, mimetype=JSON)


@blueprint.get("/batches/<int:batch_id>/transactions/<int:row_no>/proof", **_EXACTLY)
def get_row_proof(batch_id: int, row_no: int) -> Response:
    """The proof of one of the caller's transactions, to be checked anywhere."""
    key = caller()
    try:
        proof = as_operator(key, lambda conn: proving.row_proof(conn, "operator", batch_id, row_no))
    except NotFound:
        raise Refusal("not_found") from None
    await_standbys()
    if proof is None:
        raise Unconfirmed
    return Response(proof, mimetype=JSON)


@blueprint.get("/log/consistency", **_EXACTLY)
def get_consistency() -> Response:
    """That the log of one size begins the log of another: for everyone who kept a checkpoint."""
    _admit()
    log = vouching.the_log()
    try:
        newest = log.newest()
        size = _parameter("to", 0, newest.checkpoint.size, default=newest.checkpoint.size)
        old = _parameter("from", 0, size, default=0)
        old_root, root, proof = log.consistency(old, size)
    except LogUnavailable as problem:
        raise Unconfirmed from problem
    return Response(
        msgspec.json.encode(
            {
                "origin": newest.checkpoint.origin,
                "from": {"size": old, "root": old_root},
                "to": {"size": size, "root": root},
                "proof": proof,
                "checkpoint": newest.note,
            }
        ),
        mimetype=JSON,
    )


@blueprint.post("/check", **_EXACTLY)
def post_check() -> Response:
    """Check a receipt or the proof of a row: for everyone who holds one."""
    _admit()
    body = b""
    try:
        while len(body) <= checking.MAX_BYTES and (part := request.stream.read(65_536)):
            body += part
    except answers.BROKEN_OFF:
        raise Refusal("incomplete_body") from None
    if len(body) < min(request.content_length or 0, checking.MAX_BYTES):
        raise Refusal("incomplete_body")
    return Response(msgspec.json.encode(checking.check(body).document()), mimetype=JSON)


@blueprint.get("/registry", **_EXACTLY)
def get_registry() -> Response:
    """The caller's own registered codes."""
    key = caller()
    document = as_operator(key, lambda conn: db.call_value(conn, "api.registry_codes"))
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
        note(arrived.key)
    return _response(answer)


def _response(answer: Answer) -> Response:
    g.api_outcome = answer.outcome
    response = Response(answer.body, answer.status, content_type=answer.media_type)
    response.headers.extend(answer.headers)
    return response


def _admit() -> None:
    """Bound what one address may ask without a key. Raises Refusal."""
    if not checking.turnstile.admits(request.remote_addr):
        raise Refusal("too_many_checks")


def _parameter(name: str, low: int, high: int, *, default: int) -> int:
    text = request.args.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,19}", text) or not low <= int(text) <= high:
        raise Refusal("invalid_parameter", parameter=name)
    return int(text)


blueprint.register_error_handler(Exception, render_error)
