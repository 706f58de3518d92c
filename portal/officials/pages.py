"""Pages of officials: the list, one official with history, proposals and their decision."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.errors import NotFound
from portal.identity.login import Viewer, audience, current_viewer
from portal.officials import forms, gateway, words
from portal.registry import desk
from portal.registry.acts import Act
from portal.web.i18n import gettext
from portal.web.paging import listing, read_cursor
from portal.web.rendering import render
from portal.web.urls import here

READERS = ("regulator", "tax_service", "auditor", "administrator")
APPOINTING = ("regulator", "tax_service")
ACTION = "<any(appoint, change, suspend, resume, end):action>"
DECISION = "<any(confirm, refuse, withdraw):decision>"
SHOWN = 100
LARGEST_ID = 2**31 - 1
LARGEST_CHANGE = 2**63 - 1
LONGEST_SEARCH = 100
# What is possible from a state of an appointment.
POSSIBLE = {
    "in_force": ("change", "suspend", "end"),
    "planned": ("change", "suspend", "end"),
    "suspended": ("resume", "end"),
    "ended": ("appoint",),
    "refused": ("appoint",),
    "by_powers": ("appoint",),
}
NEW_ROLE = ("appoint", "change")
OWNER = "operator_owner"

blueprint = Blueprint("officials", __name__, url_prefix="/officials")


@blueprint.get("/")
@audience(*READERS, permission="officials.read")
def index() -> ResponseReturnValue:
    """Who holds which role, and the proposals that wait; as page or as a file."""
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("officials.index")
        except exports.NotExportable as problem:
            wrong = problem.errors
    viewer = current_viewer()
    role, state, search = read_filters(request.args)
    with viewer.reading() as conn:
        roles = gateway.roles(conn)
        after = read_cursor(request.args, int)
        rows = gateway.officials(
            conn, role=role, state=state, search=search, after=after, limit=SHOWN + 1
        )
        waiting = gateway.changes(conn)
        people = desk.People(conn, [one["proposed_by"] for one in waiting])
    names = words.role_names(roles)
    chips = [
        *([(gettext("Role"), names.get(role, role), here(role=None))] if role else []),
        *([(gettext("State"), words.STATES[state][0], here(state=None))] if state else []),
        *([(gettext("Search"), search, here(q=None))] if search else []),
    ]
    return render(
        "officials/index.html",
        "list",
        status=422 if wrong else 200,
        listing=listing(rows, SHOWN, "id", after is not None),
        waiting=waiting,
        people=people,
        names=names,
        role=role,
        state=state,
        search=search,
        chips=chips,
        words=words,
        may_propose=viewer.may("official.propose"),
    )


def read_filters(query: Any) -> tuple[str, str, str]:
    """Role, state and search of an address; what there is not is '' for any."""
    state = query.get("state", "")
    return (
        query.get("role", "")[:40].replace("\0", ""),
        state if state in words.STATES else "",
        query.get("q", "").replace("\0", "")[:LONGEST_SEARCH].strip(),
    )


@blueprint.get("/operators/<int:operator_id>")
@audience("regulator", permission="official.propose")
def operator_people(operator_id: int) -> ResponseReturnValue:
    """The people of an operator, one of whom may be appointed its owner here."""
    with current_viewer().reading() as conn:
        people = gateway.own_people(conn, possible(operator_id))
        roles = gateway.roles(conn)
    if not people:
        raise NotFound
    return render(
        "officials/operator.html",
        people=people,
        names=words.role_names(roles),
        words=words,
        organisation=people[0],
    )


@blueprint.get("/invite")
@audience(*APPOINTING, permission="official.propose")
def invitation() -> ResponseReturnValue:
    """The form that invites somebody new to a role."""
    return _invitation(Act({}))


@blueprint.post("/invite")
@audience(*APPOINTING, permission="official.propose")
def invite() -> ResponseReturnValue:
    """Propose somebody new for a role; a second official decides."""
    act = Act(request.form)
    person = {name: act.text(name, longest=200) for name in forms.PERSON}
    number = _propose(act, "appoint", None, person)
    return _invitation(act) if number is None else _proposed(number)


@blueprint.get("/<int:person_id>")
@audience(*READERS, permission="officials.read")
def person(person_id: int) -> ResponseReturnValue:
    """One official: the role, what may be proposed, and everything that happened to it."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.official(conn, possible(person_id))
        roles = gateway.roles(conn)
        held = gateway.appointments(conn, person_id)
        waiting = gateway.changes(conn, person_id)
        events = gateway.events(conn, person_id)
        actors = [one["actor"] for one in events] + [one["proposed_by"] for one in waiting]
        people = desk.People(conn, actors)
    names = words.role_names(roles)
    acts = POSSIBLE.get(found["state"], ()) if not waiting else ()
    if found["role"] == OWNER:
        acts = tuple(act for act in acts if act != "change")  # there is no other to appoint to
    return render(
        "officials/person.html",
        found=found,
        names=names,
        held=held,
        waiting=waiting,
        events=[one | {"differences": words.differences(one, names)} for one in events],
        people=people,
        words=words,
        acts=acts if _manages(viewer, roles, found) else (),
    )


@blueprint.get(f"/<int:person_id>/{ACTION}")
@audience(*APPOINTING, permission="official.propose")
def act_on(person_id: int, action: str) -> ResponseReturnValue:
    """The form on which a change of a role is proposed."""
    return _form(person_id, action, Act({}))


@blueprint.post(f"/<int:person_id>/{ACTION}")
@audience(*APPOINTING, permission="official.propose")
def propose(person_id: int, action: str) -> ResponseReturnValue:
    """Propose it; a second official decides."""
    act = Act(request.form)
    number = _propose(act, action, possible(person_id), None)
    return _form(person_id, action, act) if number is None else _proposed(number)


@blueprint.get("/changes/<int:number>")
@audience(*READERS, permission="officials.read")
def change(number: int) -> ResponseReturnValue:
    """A proposal, and the decision where the reader may take it."""
    return _change(number, Act({}))


@blueprint.post(f"/changes/<int:number>/{DECISION}")
@audience(*APPOINTING, permission="official.decide")
def decide(number: int, decision: str) -> ResponseReturnValue:
    """Confirm or refuse another's proposal, or withdraw one's own."""
    act = Act(request.form)
    reason = act.text("reason", required=decision == "refuse")
    if act.errors:
        return _change(number, act)
    try:
        with current_viewer().reading() as conn:
            gateway.decide(conn, possible(number, LARGEST_CHANGE), decision, reason or None)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZW01":
                return _change(number, act, status=409, fault=gettext("It is decided already."))
            case "DZW05":
                code = gateway.stands(problem)["code"]
                return _change(number, act, status=403, fault=str(words.REFUSED[code]))
        raise
    flash(gettext("The decision is entered and holds at once."), "success")
    return redirect(url_for("officials.change", number=number), 303)


def _change(
    number: int, act: Act, status: int = 200, fault: str | None = None
) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.change(conn, possible(number, LARGEST_CHANGE))
        roles = gateway.roles(conn)
        subject = gateway.official(conn, found["person_id"])
        people = desk.People(conn, [found["proposed_by"], found["decided_by"]])
    open_still = found["state"] == "proposed" and _manages(viewer, roles, subject)
    own = viewer.person_id == found["proposed_person"]
    of_self = viewer.person_id == found["person_id"]
    return render(
        "officials/change.html",
        status=422 if act.errors else status,
        change=found,
        subject=subject,
        names=words.role_names(roles),
        people=people,
        words=words,
        act=act,
        fault=fault,
        may_decide=open_still and viewer.may("official.decide") and not own and not of_self,
        may_withdraw=open_still and own,
        field=act.filled([forms.reason_field(required=False)])[0],
    )


def _propose(
    act: Act, action: str, person_id: int | None, person: dict[str, str] | None
) -> int | None:
    """The number of the proposal; None where it has errors, which are then at their fields."""
    new_role = action in NEW_ROLE
    reason = act.text("reason")
    since, until = (act.moment(name) if new_role else None for name in ("from", "until"))
    role = act.text("role", longest=40) if new_role else None
    if act.errors:
        return None
    try:
        with current_viewer().reading() as conn:
            return gateway.propose(
                conn,
                action,
                person_id=person_id,
                role=role,
                since=since,
                until=until,
                reason=reason,
                person=person,
            )
    except psycopg.Error as problem:
        if problem.sqlstate == "DZW01":
            abort(409)
        if problem.sqlstate != "DZR03":
            raise
        for fault in gateway.faults(problem):
            act.errors.setdefault(fault["attribute"], words.WRONG[fault["code"]])
    return None


def _proposed(number: int) -> ResponseReturnValue:
    flash(gettext("The proposal is entered. A second official decides on it."))
    return redirect(url_for("officials.change", number=number), 303)


def _invitation(act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        roles = _appointable(viewer, gateway.roles(conn))
    fields = [
        *forms.person_fields(),
        forms.role_field(roles),
        *forms.term_fields(),
        forms.reason_field(),
    ]
    return render(
        "officials/invite.html",
        status=422 if act.errors else 200,
        act=act,
        fields=act.filled(fields),
    )


def _form(person_id: int, action: str, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        find = gateway.appointable if viewer.role == "regulator" else gateway.official
        found = find(conn, possible(person_id))
        roles = gateway.roles(conn)
        waiting = gateway.changes(conn, person_id)
    if not _manages(viewer, roles, found):
        raise NotFound
    if waiting or action not in POSSIBLE.get(found["state"], ()):
        abort(409)
    fields = [forms.reason_field()]
    if action in NEW_ROLE:
        held = found["role"] if action == "change" else None
        offered = [one for one in _appointable(viewer, roles, found) if one["code"] != held]
        fields = [forms.role_field(offered), *forms.term_fields(), *fields]
    return render(
        "officials/act.html",
        status=422 if act.errors else 200,
        found=found,
        action=action,
        names=words.role_names(roles),
        words=words,
        act=act,
        fields=act.filled(fields),
    )


def _authority(viewer: Viewer, roles: list[db.Row]) -> str | None:
    """The authority for which the viewer appoints; None for whoever does not."""
    own = next((one for one in roles if one["code"] == viewer.functional_role), None)
    return own["authority"] if own and own["appoints"] else None


def _appointable(viewer: Viewer, roles: list[db.Row], whom: db.Row | None = None) -> list[db.Row]:
    """What the viewer appoints to, as identity.appointable has it."""
    if whom and whom["database_role"] == "operator":
        return [one for one in roles if one["code"] == OWNER]
    authority = _authority(viewer, roles)
    return [one for one in roles if one["authority"] == authority]


def _manages(viewer: Viewer, roles: list[db.Row], found: db.Row) -> bool:
    """Whether the viewer's authority appoints this person, as identity.managed_person has it."""
    authority = _authority(viewer, roles)
    return authority is not None and (authority == "tax_service") == (
        found["database_role"] == "tax_service"
    )


def possible(number: int, largest: int = LARGEST_ID) -> int:
    """A number that a table can hold; NotFound for any other, as for one that no row has."""
    if not 0 < number <= largest:
        raise NotFound
    return number
