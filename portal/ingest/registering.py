"""Many new records through the operators' API: a dry run, or one change that the regulator decides.

Values are what people type into the forms and tables of the registers, so that a system needs to
know codes alone, and the rules are the same.
"""

from __future__ import annotations

from typing import Any

import msgspec
import psycopg
from flask import Blueprint, Response, request

from portal import db
from portal.errors import NotFound
from portal.ingest import allowance
from portal.ingest.acting import as_operator, caller, json_body, permit
from portal.ingest.answers import JSON
from portal.ingest.authentication import AccessKey
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.store import await_standbys
from portal.ingest.views import render_error
from portal.registry import bulk, forms, gateway
from portal.registry.catalogue import Kind, read_catalogue
from portal.web.i18n import LANGUAGES, speaking

# Where a record is said to have come from, in the place of a file's name.
SOURCE = "API"
MOST_TOLD = 1000
LARGEST_CHANGE = 2**63 - 1
WRONG = "DZR03"

# Registers that operators may send many records of, as openapi.yaml lists them.
REGISTERS = "brand,venue,website,mobile_application,equipment,game"

blueprint = Blueprint("registering", __name__, url_prefix="/api/v1/registry")
_EXACTLY = {"merge_slashes": False}
Records = list[dict[str, str]]


@blueprint.post(f"/<any({REGISTERS}):register>/records", **_EXACTLY)
def post_records(register: str) -> Response:
    """Propose new records, all of the body or none; with ``dry_run`` only say what is wrong."""
    key = caller()
    dry = _dry_run()
    allowance.check(key.id)
    permit(key, "submit")  # before its body is worked on, and again when it is stored
    data = json_body()
    allowance.take(key.id, 1, len(data))
    records = _decoded(data)

    def propose(conn: db.Connection) -> db.Row:
        kind, begun = _begun(conn, key, register, records)
        try:
            with conn.transaction():
                change = gateway.step(conn, begun["id"], "submit")
        except psycopg.Error as problem:
            if problem.sqlstate != WRONG:
                raise
            raise _NotKept(kind, gateway.facts(problem)) from problem
        if dry:
            raise _NotKept(kind, [])
        return change

    try:
        change = as_operator(key, propose, "submit")
    except _NotKept as found:
        if dry:
            return _answer({"records": len(records), "problems": found.in_words()})
        raise _refusal(found.faults) from found
    await_standbys()
    return _answer(
        {"change": change["id"], "state": change["state"], "records": len(records)}, status=201
    )


@blueprint.get("/changes/<int:change_id>", **_EXACTLY)
def get_change(change_id: int) -> Response:
    """Where one of the caller's changes stands, and why it came back."""
    key = caller()
    if change_id > LARGEST_CHANGE:
        raise Refusal("not_found")
    try:
        detail = as_operator(key, lambda conn: gateway.change(conn, change_id))
    except NotFound:
        raise Refusal("not_found") from None
    change = detail["change"]
    reasons = [event["reason"] for event in detail["events"] if event["reason"]]
    answer = {"change": change["id"], "register": change["kind"], "state": change["state"]}
    if change["action"] == "create_many":
        answer["records"] = change["proposed"]["records"]
    if reasons and change["state"] in ("returned", "refused"):
        answer["reason"] = reasons[-1]
    return _answer(answer)


class _NotKept(Exception):
    """Nothing of the body is kept: what is wrong with it; nothing where a dry run found it good."""

    def __init__(self, kind: Kind, faults: list[dict[str, Any]]) -> None:
        super().__init__(kind.kind)
        self.kind, self.faults = kind, faults

    def in_words(self) -> list[dict[str, Any]]:
        """Each problem: which record, which field, the code, and its words in each language."""
        words = {}
        for code in LANGUAGES:
            with speaking(code):
                words[code] = [one.words for one in forms.errors_in_words(self.kind, self.faults)]
        return [
            {
                "record": fault["row"] - 1,
                "field": fault["attribute"],
                "code": fault["code"],
                "words": {code: words[code][place] for code in LANGUAGES},
            }
            for place, fault in enumerate(self.faults[:MOST_TOLD])
        ]


def _begun(
    conn: db.Connection, key: AccessKey, register: str, records: Records
) -> tuple[Kind, db.Row]:
    catalogue = read_catalogue(conn, register)
    kind = catalogue.kind(register)
    rows = list(enumerate(records, 1))
    begun = gateway.begin_rows(
        conn,
        kind=register,
        operator_id=key.operator_id,
        file=SOURCE,
        rows=bulk.proposals_of(conn, catalogue, kind, key.operator_id, rows),
    )
    return kind, begun


def _refusal(faults: list[dict[str, Any]]) -> Refusal:
    """Where the faults are; fields that are none of ours are not repeated."""
    errors = [
        FieldError.at(
            (fault.get("row") or 1) - 1,
            "invalid_registration",
            (fault["attribute"] or "") if fault["code"] != "unknown" else "",
        )
        for fault in faults
    ]
    return Refusal("invalid_registration", errors)


def _dry_run() -> bool:
    given = request.args.get("dry_run", "false")
    if given not in ("true", "false"):
        raise Refusal("invalid_parameter", parameter="dry_run")
    return given == "true"


def _decoded(data: bytes) -> Records:
    try:
        found = msgspec.json.decode(data.decode(), type=list[dict[str, str]])
    except UnicodeDecodeError:
        raise Refusal("invalid_encoding") from None
    except msgspec.ValidationError:
        raise Refusal("wrong_type") from None
    except (msgspec.DecodeError, RecursionError):
        raise Refusal("malformed_json") from None
    if not found:
        raise Refusal("empty_batch")
    if len(found) > bulk.MOST_ROWS:
        raise Refusal("too_many_records")
    return found


def _answer(document: dict[str, Any], status: int = 200) -> Response:
    return Response(msgspec.json.encode(document), status, mimetype=JSON)


blueprint.register_error_handler(Exception, render_error)
