"""Refused requests of people who have entered: others' records, absent ones, other roles'."""

from __future__ import annotations

import logging

import flask_login
import psycopg
from flask import Flask, Response, current_app, request

from portal import db
from portal.audit.noting import note
from portal.errors import DatabaseUnavailable
from portal.web.request_id import request_id

REFUSED = frozenset({403, 404})
LONGEST_PATH = 200
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Note each refusal; tell the database of which request it is, and from where."""

    @app.before_request
    def tell() -> None:
        db.asked_by.set((request_id(), request.remote_addr or ""))

    @app.after_request
    def noted(response: Response) -> Response:
        if response.status_code in REFUSED and request.url_rule and not _public():
            _note(response.status_code)
        return response


def _public() -> bool:
    """Whether the view is open to everyone: what is absent there was nobody's secret."""
    view = current_app.view_functions.get(request.endpoint or "")
    return "public" in getattr(view, "audience", frozenset({"public"}))


def _note(status: int) -> None:
    viewer = flask_login.current_user
    if not viewer.is_authenticated:
        return
    facts = {"status": status, "method": request.method, "path": request.path[:LONGEST_PATH]}
    try:
        with viewer.reading() as conn:
            note(conn, "refused", "page", (request.endpoint or "")[:LONGEST_PATH], facts)
    except (DatabaseUnavailable, psycopg.Error):
        log.exception("a refusal was not noted")
