"""The trail: a list to search, one event with its proof, and who saw or changed one thing."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.audit import gateway, proving, sheet
from portal.audit.filters import LONGEST_OBJECT, Filters, place_of, read_filters, read_place
from portal.audit.gateway import Asked
from portal.audit.words import ROLES, Words, read_words
from portal.errors import NotFound
from portal.exports import NotExportable
from portal.identity.login import audience, current_viewer
from portal.web import navigation
from portal.web.alphabet import alphabetical
from portal.web.i18n import gettext, language
from portal.web.paging import Listing
from portal.web.rendering import render
from portal.web.urls import here

EVERYBODY = tuple(sorted(navigation.MARKET))
ROWS = 50
FIELDS = {"number": "filter-number", "from": "period-from", "to": "period-to"}

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@audience(*EVERYBODY)
def index() -> ResponseReturnValue:
    """The trail, the newest first: the auditor's whole, an operator's what it is told of, others'
    what they saw and did themselves.
    """
    viewer = current_viewer()
    errors: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("audit.index")
        except NotExportable as problem:
            errors = problem.errors
    before = read_place(request.args)
    with viewer.reading() as conn:
        words = read_words(conn, [])
        filters = read_filters(request.args, words)
        filters.errors.update(errors)
        rows = [] if filters.errors else gateway.events(conn, filters.asked, before, ROWS + 1)
        words = read_words(conn, [*rows, {"person_id": filters.asked.person}])
        officials = _officials(conn) if viewer.role == "auditor" else {}
    return render(
        "audit/index.html",
        "list",
        status=422 if filters.errors else 200,
        filters=filters,
        summary=[
            (FIELDS.get(name, f"filter-{name}"), said) for name, said in filters.errors.items()
        ],
        listing=listing(rows, continued=before is not None),
        words=words,
        roles=[(code, label) for code, label in ROLES.items()],
        kinds=[(one, row[f"name_{language()}"]) for one, row in words.kinds.items()],
        objects=sorted(words.object_kinds().items(), key=lambda one: alphabetical(one[1])),
        operators=_named(words.operators),
        people=_named(officials | words.people),
        chips=chips(filters, words),
        whole=viewer.role == "auditor",
    )


def _officials(conn: db.Connection) -> dict[int, db.Row]:
    rows = conn.execute("select * from api.person where operator_id is null order by id limit 500")
    return {row["id"]: row for row in rows}


def _named(rows: dict[int, db.Row]) -> list[tuple[int, str]]:
    named = [(number, str(row[f"name_{language()}"])) for number, row in rows.items()]
    return sorted(named, key=lambda one: alphabetical(one[1]))


def listing(rows: list[db.Row], *, continued: bool) -> Listing[db.Row]:
    """Up to ``ROWS + 1`` events as a page."""
    older = here(cursor=place_of(rows[ROWS - 1])) if len(rows) > ROWS else None
    return Listing(rows[:ROWS], here() if continued else None, older)


def chips(filters: Filters, words: Words) -> list[tuple[str, str, str]]:
    """What narrows the list, each with the address without it."""
    return [
        (label, told, here(**dict.fromkeys(fields)))
        for label, told, fields in sheet.narrowed(filters, words)
    ]


@blueprint.get("/events/<int:event_id>")
@audience(*EVERYBODY)
def event(event_id: int) -> ResponseReturnValue:
    """One event, and how it stands to the log."""
    found, words = _read(event_id)
    return render("audit/event.html", event=found, words=words, standing=proving.standing(event_id))


@blueprint.get("/events/<int:event_id>/proof")
@audience(*EVERYBODY)
def event_proof(event_id: int) -> ResponseReturnValue:
    """The proof that it is in the log; 404 while there is none."""
    _read(event_id)
    proof = proving.proof(event_id)
    if proof is None:
        raise NotFound
    response = Response(proof, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="event-{event_id}-proof.json"'
    return response


def _read(event_id: int) -> tuple[db.Row, Words]:
    if event_id >= 2**63:
        raise NotFound
    with current_viewer().reading() as conn:
        found = gateway.event(conn, event_id)
        if found is None:
            raise NotFound
        return found, read_words(conn, [found])


@blueprint.get("/of/<path:subject>")
@audience(*EVERYBODY)
def of(subject: str) -> ResponseReturnValue:
    """Who saw or changed one thing (``batch/12``), as far as the reader is told; of what is absent,
    nobody.
    """
    what, _, number = subject.replace("\0", "").partition("/")
    before = read_place(request.args)
    asked = Asked(object=what[:LONGEST_OBJECT], object_id=number[:LONGEST_OBJECT])
    with current_viewer().reading() as conn:
        rows = gateway.events(conn, asked, before, ROWS + 1)
        words = read_words(conn, rows)
    if asked.object not in words.object_kinds():
        raise NotFound
    shown = {"object": asked.object, "object_id": asked.object_id}
    return render(
        "audit/of.html",
        "list",
        listing=listing(rows, continued=before is not None),
        words=words,
        subject=words.subject(shown) or gettext("Record"),
        address=words.address(shown),
    )
