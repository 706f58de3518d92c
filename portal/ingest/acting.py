"""An operator's system at the API: whose key it is, and what it does as that operator."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import psycopg
import structlog
from flask import g, request
from werkzeug.wsgi import get_content_length, get_input_stream

from portal import db
from portal.ingest import answers, body
from portal.ingest.authentication import AccessKey, authenticate
from portal.ingest.problems import Refusal
from portal.ingest.store import SQLSTATES
from portal.ingest.wire import ContentKind

T = TypeVar("T")


def caller() -> AccessKey:
    """Whose request it is. Raises Refusal."""
    key = authenticate(request.headers.get("Authorization"), request.remote_addr)
    note(key)
    return key


def note(key: AccessKey) -> None:
    """For the log, and for what is counted."""
    g.access_key_id = key.id
    g.access_key_operator = key.operator_id
    structlog.contextvars.bind_contextvars(key=key.id)


def permit(key: AccessKey, scope: str) -> None:
    """Let a key pass that has the scope now, from where it comes. Raises Refusal."""
    try:
        with db.portal() as conn:
            db.call(conn, "api.access_key_operator", key.id, scope, key.address)
    except psycopg.Error as problem:
        if code := SQLSTATES.get(problem.sqlstate or ""):
            raise Refusal(code) from problem
        raise


def as_operator(key: AccessKey, work: Callable[[db.Connection], T], scope: str = "read") -> T:
    """Work in one transaction as the operator whose key this is, if the key has the scope now."""
    permit(key, scope)
    with db.acting_as("operator", operator_id=key.operator_id, actor=f"key {key.id}") as conn:
        return work(conn)


def json_body() -> bytes:
    """A body of JSON, within the limits of all bodies. Raises Refusal."""
    try:
        fetched = body.fetch(
            get_input_stream(request.environ),
            content_type=request.headers.get("Content-Type"),
            content_encoding=request.headers.get("Content-Encoding"),
            content_length=get_content_length(request.environ),
        )
    except answers.BROKEN_OFF:
        raise Refusal("incomplete_body") from None
    if fetched.kind is not ContentKind.JSON:
        raise Refusal("unsupported_content_type")
    return fetched.expand()
