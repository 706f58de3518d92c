"""A provider says up to which change it has carried the list out; with the secret it was given."""

from __future__ import annotations

import json
from hashlib import sha256

import psycopg
from flask import Response, request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import public
from portal.open_data.site import blueprint, parameters
from portal.web.shell import anonymous
from portal.web.turnstile import Turnstile

MOST_BYTES = 1_000
LARGEST = 2**63 - 1
PROBLEM = "application/problem+json"
turnstile = Turnstile(per_second=1.0, at_once=30)


@blueprint.post("/blocked/applied")
@public
@anonymous
def applied() -> ResponseReturnValue:
    """``{"sequence": N}`` with ``Authorization: Bearer SECRET``; 200 with the provider's code."""
    parameters()
    request.max_content_length = MOST_BYTES
    if not turnstile.admits(request.remote_addr):
        return _problem(429, "too_many", "Too many requests from this address.")
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not given.strip():
        return _problem(401, "no_secret", "Send the provider's secret: Authorization: Bearer …")
    sequence = _sequence(request.get_data())
    if sequence is None:
        return _problem(422, "malformed", 'The body is to be {"sequence": N}, N from 0 on.')
    try:
        with db.public() as conn:
            code = db.call_value(
                conn,
                "open_data.report_applied",
                sha256(given.strip().encode()).digest(),
                sequence,
            )
    except psycopg.Error as problem:
        if problem.sqlstate != "DZB01":
            raise
        last = problem.diag.message_detail
        return _problem(422, "sequence", f"The list has no such change; its last is {last}.")
    if code is None:
        return _problem(401, "unknown_secret", "This secret is nobody's, or was revoked.")
    body = json.dumps({"provider": code, "sequence": sequence})
    return Response(body + "\n", content_type="application/json")


def _sequence(body: bytes) -> int | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or set(document) != {"sequence"}:
        return None
    found = document["sequence"]
    return found if type(found) is int and 0 <= found <= LARGEST else None


def _problem(status: int, code: str, detail: str) -> Response:
    body = json.dumps({"title": detail, "status": status, "code": code})
    made = Response(body + "\n", status, content_type=PROBLEM)
    if status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    return made
