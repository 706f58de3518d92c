"""Declarations through the operators' API; ``portal/ingest/openapi.yaml`` is the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from typing import Any

import msgspec
import psycopg
from flask import Blueprint, Response, g, request

from portal import db
from portal.declarations import gateway, wire
from portal.declarations.gateway import Day, Month
from portal.ingest import allowance, answered
from portal.ingest.acting import as_operator, caller, json_body, permit
from portal.ingest.answers import JSON
from portal.ingest.authentication import AccessKey
from portal.ingest.currencies import currencies
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.store import await_standbys
from portal.ingest.views import render_error
from portal.web import periods
from portal.web.periods import ONE_DAY

LONGEST_DAYS = 366
LONGEST_MONTHS = 24
# What the database refuses -> code and field of the declaration.
FAULTS = {
    "DZD01": ("period_not_over", ""),
    "DZD02": ("period_before_licence", ""),
    "DZD03": ("version_left_out", "version"),
    "DZD04": ("declared_otherwise", "version"),
    "DZD05": ("reason_missing", "reason"),
    "DZD07": ("invalid_version", "version"),
    "DZD08": ("unknown_gambling_type", "gambling_type"),
}

blueprint = Blueprint("declarations_api", __name__, url_prefix="/api/v1/declarations")
# An address with a slash too many is unknown, not redirected: keys and bodies are not sent twice.
_EXACTLY = {"merge_slashes": False}


@blueprint.post("/days", **_EXACTLY)
def post_days() -> Response:
    """Declare or correct days, all of the body or none."""
    return _declared(wire.decode_days, gateway.declare_day, "day", _read_day)


@blueprint.post("/months", **_EXACTLY)
def post_months() -> Response:
    """Declare or correct the GGR of months, all of the body or none."""
    return _declared(wire.decode_months, gateway.declare_month, "month", _read_month)


@blueprint.get("/days", **_EXACTLY)
def list_days() -> Response:
    """Every version that the caller declared of a period's days."""
    key = caller()
    yesterday = periods.today() - ONE_DAY
    last = _day("to", yesterday)
    first = _day("from", last - 30 * ONE_DAY)
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise Refusal("invalid_parameter", parameter="from")
    return _listed(
        key,
        lambda conn: [
            wire.day_document(row, _known())
            for row in gateway.days(conn, first, last, key.operator_id)
        ],
    )


@blueprint.get("/months", **_EXACTLY)
def list_months() -> Response:
    """Every version that the caller declared of a period's months."""
    key = caller()
    last = _month("to", periods.month_before(periods.today()))
    first = _month("from", last.replace(year=last.year - 1))
    months = 12 * (last.year - first.year) + last.month - first.month
    if not 0 <= months < LONGEST_MONTHS:
        raise Refusal("invalid_parameter", parameter="from")
    return _listed(
        key,
        lambda conn: [
            wire.month_document(row, _known())
            for row in gateway.months(conn, first, last, key.operator_id)
        ],
    )


def _declared(
    decode: Callable[[bytes, wire.Known], Sequence[Any]],
    declare: Callable[[db.Connection, Any], bool],
    period: str,
    read: Callable[[db.Connection, AccessKey, Any], dict[str, Any]],
) -> Response:
    key = caller()
    allowance.check(key.id)
    permit(key, "submit")  # before its body is worked on, and again when it is stored
    data = json_body()
    allowance.take(key.id, 1, len(data))
    made = decode(data, _known())

    def store(conn: db.Connection) -> tuple[bool, list[dict[str, Any]]]:
        new = False
        for index, one in enumerate(made):
            try:
                new = declare(conn, one) or new
            except psycopg.Error as problem:
                if fault := FAULTS.get(problem.sqlstate or ""):
                    code, field = fault
                    error = FieldError.at(index, code, field or period)
                    raise Refusal(code, [error]) from problem
                raise
        return new, [read(conn, key, one) for one in made]

    new, stored = as_operator(key, store, "submit")
    await_standbys()
    document = msgspec.json.encode({"declarations": stored})
    if not new:
        g.api_outcome = answered.REPLAYED
    return Response(document, 201 if new else 200, mimetype=JSON)


def _read_day(conn: db.Connection, key: AccessKey, made: Day) -> dict[str, Any]:
    rows = gateway.days(conn, made.day, made.day, key.operator_id, made.currency)
    [row] = [row for row in rows if row["version"] == made.version]
    return wire.day_document(row, _known())


def _read_month(conn: db.Connection, key: AccessKey, made: Month) -> dict[str, Any]:
    rows = gateway.months(conn, made.month, made.month, key.operator_id, made.currency)
    named = (made.gambling_type, made.version)
    [row] = [row for row in rows if (row["gambling_type_id"], row["version"]) == named]
    return wire.month_document(row, _known())


def _listed(key: AccessKey, read: Callable[[db.Connection], list[dict[str, Any]]]) -> Response:
    found = as_operator(key, read)
    await_standbys()
    return Response(msgspec.json.encode({"declarations": found}), mimetype=JSON)


@cache
def _known() -> wire.Known:
    """Reference data, read once per worker."""
    with db.acting_as("regulator", actor="ingest") as conn:
        rows = conn.execute("select code, id from api.gambling_type").fetchall()
    return wire.Known(currencies(), {row["code"]: row["id"] for row in rows})


def _day(name: str, default: date) -> date:
    return _date(name, default, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "")


def _month(name: str, default: date) -> date:
    return _date(name, default, r"[0-9]{4}-[0-9]{2}", "-01")


def _date(name: str, default: date, shape: str, added: str) -> date:
    text = request.args.get(name)
    if text is None:
        return default
    try:
        if not re.fullmatch(shape, text) or not 2000 <= int(text[:4]) <= 2199:
            raise ValueError("no such day")
        return date.fromisoformat(text + added)
    except ValueError:
        raise Refusal("invalid_parameter", parameter=name) from None


blueprint.register_error_handler(Exception, render_error)
