"""As an operator's owner: who of the own people works here, and as what."""

from __future__ import annotations

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.officials import forms, gateway, words
from portal.officials.pages import blueprint, possible
from portal.registry.acts import Act
from portal.web.i18n import gettext
from portal.web.rendering import render

PERMISSION = "representative.manage"
ACTION = "<any(change, suspend, resume):action>"
# Whoever was given no role works by the registered powers.
BY_POWERS = "operator_representative"


@blueprint.get("/own")
@audience("operator", permission=PERMISSION)
def own() -> ResponseReturnValue:
    """The operator's people and the role in which each works here."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        people = gateway.own_people(conn, viewer.operator_id)
        roles = gateway.roles(conn)
    return render(
        "officials/own.html",
        people=[_shown(one) for one in people],
        names=words.role_names(roles),
        words=words,
        me=viewer.person_id,
    )


@blueprint.get(f"/own/<int:person_id>/{ACTION}")
@audience("operator", permission=PERMISSION)
def own_form(person_id: int, action: str) -> ResponseReturnValue:
    """The form on which the owner says it."""
    return _form(person_id, action, Act({}))


@blueprint.post(f"/own/<int:person_id>/{ACTION}")
@audience("operator", permission=PERMISSION)
def set_own(person_id: int, action: str) -> ResponseReturnValue:
    """Give a role, suspend or resume: it holds at once."""
    act = Act(request.form)
    reason = act.text("reason")
    role = act.text("role", longest=40) if action == "change" else None
    if act.errors:
        return _form(person_id, action, act)
    try:
        with current_viewer().reading() as conn:
            gateway.set_portal_role(conn, possible(person_id), action, role, reason)
    except psycopg.Error as problem:
        match problem.sqlstate:
            case "DZW01":
                abort(409)
            case "DZW05":
                abort(403, str(words.REFUSED["self"]))
        raise
    flash(gettext("The decision is entered and holds at once."), "success")
    return redirect(url_for("officials.own"), 303)


def _shown(row: db.Row) -> db.Row:
    given = row["state"] in ("in_force", "suspended")
    role = row["role"] if given else BY_POWERS
    state = row["state"] if given else "in_force"
    acts = ("resume",) if state == "suspended" else ("change", "suspend")
    return row | {"role": role, "state": state, "acts": acts}


def _form(person_id: int, action: str, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        people = {row["id"]: _shown(row) for row in gateway.own_people(conn, viewer.operator_id)}
        roles = gateway.roles(conn)
    found = people.get(person_id)
    if found is None:
        raise NotFound
    if person_id == viewer.person_id:
        abort(403, str(words.REFUSED["self"]))
    if action not in found["acts"]:
        abort(409)
    fields = [forms.reason_field()]
    if action == "change":
        offered = [
            one for one in roles if one["authority"] == "operator" and one["code"] != found["role"]
        ]
        fields.insert(0, forms.role_field(offered))
    return render(
        "officials/own_act.html",
        status=422 if act.errors else 200,
        found=found,
        action=action,
        names=words.role_names(roles),
        words=words,
        act=act,
        fields=act.filled(fields),
    )
