"""Reports for machines: ``GET /api/v1/reports`` with an operator's key, its own rows alone."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, Response, request

from portal import db
from portal.ingest.acting import as_operator, caller
from portal.ingest.answers import JSON
from portal.ingest.problems import Refusal
from portal.ingest.views import render_error
from portal.registry.names import read_names
from portal.reports import answering, catalogue, market, stopping, wire
from portal.reports.asking import Reader
from portal.reports.catalogue import CODES

CODE = "<any({}):code>".format(", ".join(CODES))
MAX_ROWS = 10_000
DEFAULT_ROWS = 1_000

blueprint = Blueprint("reports_api", __name__, url_prefix="/api/v1")
_EXACTLY = {"merge_slashes": False}


@blueprint.get("/reports", **_EXACTLY)
def list_reports() -> Response:
    """The reports that the caller may read."""
    key = caller()
    found = as_operator(key, catalogue.read)
    return _json({"reports": [wire.definition(one) for one in found]})


@blueprint.get(f"/reports/{CODE}", **_EXACTLY)
def get_report(code: str) -> Response:
    """One report of the caller's own figures."""
    key = caller()
    limit = _limit()
    return _json(as_operator(key, lambda conn: _document(conn, code, limit)))


def _document(conn: db.Connection, code: str, limit: int) -> dict[str, Any]:
    found = catalogue.read(conn, code)
    if not found:
        raise Refusal("not_found")
    names = read_names(conn)
    reading = Reader(conn, names, found[0], request.args, by_code=True).read()
    if reading.errors:
        if "from" in reading.too_long:
            raise Refusal("report_period_too_long")
        field = next(iter(reading.errors))
        raise Refusal("invalid_parameter", parameter="from" if field == "period" else field)
    try:
        with stopping.when_left(conn, request.environ):
            answer = answering.read(conn, reading.asked, names)
    except answering.TooSlow:
        raise Refusal("report_too_slow") from None
    return wire.document(answer, limit, market.read(conn, answer.asked, names, market.ROLE))


def _limit() -> int:
    text = request.args.get("limit")
    if text is None:
        return DEFAULT_ROWS
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_ROWS:
        raise Refusal("invalid_parameter", parameter="limit")
    return int(text)


def _json(document: dict[str, Any]) -> Response:
    return Response(msgspec.json.encode(document), mimetype=JSON)


blueprint.register_error_handler(Exception, render_error)
