"""One application or change: what it would alter, who did what with it, and the decision on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import step_up
from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import Act, read_version
from portal.registry.catalogue import Catalogue, Kind, read_catalogue
from portal.registry.deeds import deed, signed_facts
from portal.registry.differences import read_differences, record_address
from portal.registry.forms import Field, errors_in_words
from portal.registry.names import read_names
from portal.registry.pages import LARGEST_CHANGE, blueprint, possible
from portal.registry.pages_bulk import read_after, shown_rows
from portal.registry.pages_queue import DECIDERS, actor_of
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.rendering import render
from portal.web.urls import page_address

READERS = ("operator", "regulator", "registrar", "auditor")
HANDLING = "<any(take, release):action>"
DECISION = "<any(approve, return, refuse):action>"
MANY_SHOWN = 50
SIGNED = ("approve", "refuse")  # what is final
OVERVIEWS = {"operator": "registry.changes"}
MOMENTS = ("created_at", "submitted_at", "decided_at")
# Steps as a log tells them.
EVENTS: dict[str, LazyString] = {
    "save": lazy_gettext("saved"),
    "submit": lazy_gettext("submitted"),
    "withdraw": lazy_gettext("withdrawn"),
    "take": lazy_gettext("taken for review"),
    "release": lazy_gettext("put back into the queue"),
    "give": lazy_gettext("given to a colleague"),
    "approve": lazy_gettext("approved"),
    "return": lazy_gettext("returned"),
    "refuse": lazy_gettext("refused"),
    "enter": lazy_gettext("entered by an official"),
    "register": lazy_gettext("entered without approval"),
}
# What each decision does, said before it is taken.
CONSEQUENCES: dict[str, LazyString] = {
    "approve": lazy_gettext(
        "The registry takes over what is proposed at once; the next batch is checked by it."
        " A mistake is mended by another change, not by taking this one back."
    ),
    "return": lazy_gettext(
        "The change goes back to whoever proposed it, with your reason, to be mended and submitted"
        " again. The registry stays as it is."
    ),
    "refuse": lazy_gettext(
        "The change ends here and cannot be submitted again; whoever proposed it reads your reason."
        " The registry stays as it is."
    ),
}
DONE: dict[str, LazyString] = {
    "take": lazy_gettext("You have taken this change for review."),
    "release": lazy_gettext("The change is back in the queue."),
    "approve": lazy_gettext("The change is approved, and the registry has it."),
    "return": lazy_gettext("The change is returned with your reason."),
    "refuse": lazy_gettext("The change is refused."),
}


@blueprint.get("/changes/<int:change_id>")
@audience(*READERS)
def change(change_id: int) -> ResponseReturnValue:
    """A change with its differences and its log."""
    return change_page("registry/change.html", possible(change_id, LARGEST_CHANGE))


@blueprint.post(f"/changes/<int:change_id>/{HANDLING}")
@audience(*sorted(DECIDERS), permission="registry.decide")
def handle(change_id: int, action: str) -> ResponseReturnValue:
    """Take a change for review, or put it back."""
    return _step(possible(change_id, LARGEST_CHANGE), action, Act(request.form), None)


@blueprint.get(f"/changes/<int:change_id>/{DECISION}")
@audience(*sorted(DECIDERS), permission="registry.decide")
def decision(change_id: int, action: str) -> ResponseReturnValue:
    """What a decision does, and the place for its reason."""
    return _decision(possible(change_id, LARGEST_CHANGE), action, Act({}))


@blueprint.post(f"/changes/<int:change_id>/{DECISION}")
@audience(*sorted(DECIDERS), permission="registry.decide")
def decide(change_id: int, action: str) -> ResponseReturnValue:
    """Approve, return or refuse."""
    act = Act(request.form)
    reason = act.text("reason", required=action != "approve")
    number = possible(change_id, LARGEST_CHANGE)
    if act.errors:
        return _decision(number, action, act)
    if action in SIGNED:
        facts = _signed_facts(number, action, reason)
        if facts and (page := step_up.ask(f"change_{action}", facts)) is not None:
            return page
    return _step(number, action, act, reason or None)


def _step(change_id: int, action: str, act: Act, reason: str | None) -> ResponseReturnValue:
    viewer = current_viewer()
    try:
        with viewer.reading() as conn:
            owner = gateway.change(conn, change_id)["change"]["operator_id"]
            gateway.step(conn, change_id, action, reason=reason, version=read_version(request.form))
            if action in SIGNED:
                step_up.keep(conn, "change", change_id, owner)
    except psycopg.Error as problem:
        return not_taken(change_id, action, act, problem)
    flash(str(DONE[action]), "success")
    return redirect(url_for("registry.change", change_id=change_id), 303)


def _signed_facts(change_id: int, action: str, reason: str) -> step_up.Facts:
    """What is signed with a decision; nothing where it cannot be taken as things stand."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        detail = gateway.change(conn, change_id)
        found = detail["change"]
        kind = read_catalogue(conn, found["kind"]).kind(found["kind"])
        steps = _steps(conn, viewer, found)
    if action not in steps or found["version"] != read_version(request.form):
        return []
    about = _subject(kind, detail)
    what = deed(found["kind"], found["action"])
    return signed_facts(
        change_id, what, about, found["version"], proposed=found["proposed"], reason=reason
    )


def not_taken(
    change_id: int, action: str, act: Act, problem: psycopg.Error, **context: Any
) -> ResponseReturnValue:
    """Why a step was not taken: at the field, or as a page that shows both sides."""
    match problem.sqlstate:
        case "DZR01":
            abort(404)
        case "DZR02":
            abort(403)
        case "DZW04":
            act.errors["reason"] = lazy_gettext("Say why.")
            return _decision(change_id, action, act)
        case "DZR03":
            faults = gateway.facts(problem)
            return change_page("registry/change.html", change_id, status=422, faults=faults)
        case "DZW01" | "DZW02" | "DZW03":
            return change_page(
                "registry/overtaken.html",
                change_id,
                status=409,
                action=action,
                reason=act.form.get("reason", "").strip(),
                **context,
            )
    raise problem


def _decision(change_id: int, action: str, act: Act) -> ResponseReturnValue:
    return change_page(
        "registry/decide.html",
        change_id,
        status=422 if act.errors else 200,
        action=action,
        act=act,
        consequence=CONSEQUENCES[action],
        field=Field(
            "reason",
            gettext("Reason"),
            "area",
            act.form.get("reason", ""),
            gettext("Whoever proposed the change reads it, and it stays in the log."),
            action != "approve",
            error=act.errors.get("reason"),
        ),
    )


def change_page(
    template: str,
    change_id: int,
    *,
    status: int = 200,
    faults: list[dict[str, Any]] | None = None,
    **context: Any,
) -> ResponseReturnValue:
    """A page about a change, with what it would alter and what the viewer may do with it."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        detail = gateway.change(conn, change_id)
        found = detail["change"]
        catalogue = read_catalogue(conn, found["kind"])
        differences = read_differences(conn, catalogue, detail)
        many = _many(conn, catalogue, found)
        names = read_names(conn)
        people = desk.People(
            conn,
            [
                found["assignee"],
                context.get("recipient"),
                *(one[who] for one in detail["events"] for who in ("actor", "recipient")),
            ],
        )
        steps = _steps(conn, viewer, found)
        following = desk.next_waiting(conn, change_id) if viewer.role != "operator" else None
    return render(
        template,
        status=status,
        change=found | {name: _moment(found[name]) for name in MOMENTS},
        subject=_subject(differences.kind, detail),
        record_page=record_address(found["kind"], found["record_id"]),
        differences=differences,
        many=many,
        catalogue=catalogue,
        names=names,
        people=people,
        events=[one | {"happened_at": _moment(one["happened_at"])} for one in detail["events"]],
        event_words=EVENTS,
        steps=steps,
        following=following,
        faults=_faults(differences.kind, found["errors"] if faults is None else faults),
        what=deed(found["kind"], found["action"]),
        own=actor_of(viewer) == found["assignee"],
        mending=_mending(viewer, found),
        overview=page_address(OVERVIEWS.get(viewer.role, "registry.queue")),
        **context,
    )


def _steps(conn: db.Connection, viewer: Viewer, found: dict[str, Any]) -> dict[str, str]:
    """What the viewer may do with a change now, and its name: who decides has taken it first."""
    if viewer.role not in DECIDERS:
        return {}
    own = found["assignee"] == actor_of(viewer)
    shown = ["take", "give"]
    if found["state"] == "in_review" and own:
        shown = [*CONSEQUENCES, "release", "give"]
    known = desk.steps(conn, "change", found["state"], viewer.role)
    return {action: known[action][f"name_{language()}"] for action in shown if action in known}


def _many(
    conn: db.Connection, catalogue: Catalogue, found: dict[str, Any]
) -> dict[str, Any] | None:
    """A page of the rows of a change that proposes many records."""
    if found["action"] != "create_many":
        return None
    after = read_after(request.args)
    rows = gateway.rows(conn, found["id"], after=after, limit=MANY_SHOWN + 1)
    shown = shown_rows(conn, catalogue, catalogue.kind(found["kind"]), rows[:MANY_SHOWN])
    return {
        "records": shown,
        "state": gateway.rows_state(conn, found["id"]),
        "next": rows[MANY_SHOWN - 1]["row_number"] if len(rows) > MANY_SHOWN else None,
        "after": after,
    }


def _mending(viewer: Viewer, found: dict[str, Any]) -> dict[str, str | None]:
    """Where whoever proposed a change goes on with it or withdraws it."""
    if viewer.role != "operator":
        return {}
    own = {"change_id": found["id"]}
    ways = {}
    if found["state"] in ("draft", "returned"):
        ways[gettext("Go on")] = page_address("registry.check_change", **own)
    if found["state"] in ("draft", "returned", "submitted"):
        ways[gettext("Withdraw")] = page_address("registry.ask_to_withdraw", **own)
    return ways


def _faults(kind: Kind, found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What is wrong with what is proposed: the attribute's name, and the fault."""
    made = []
    for error in errors_in_words(kind, found):
        attribute = kind.attribute(error.attribute or "")
        label = attribute.label if attribute else ""
        if error.row:
            label = gettext("Row %(row)s", row=error.row) + (f", {label}" if label else "")
        made.append((label, error.words))
    return made


def _subject(kind: Kind, detail: dict[str, Any]) -> str:
    """What the change is about: the record's name, or the one that is proposed."""
    name = kind.title_uk_attribute if language() == "uk" else kind.title_en_attribute
    documents = (detail["present"], detail["change"]["proposed"])
    said = (
        document.get(one)
        for document in documents
        if document
        for one in (name, kind.code_attribute, "file")
    )
    return str(next(filter(None, said), gettext("without a name")))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
