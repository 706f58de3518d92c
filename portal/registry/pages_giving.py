"""Giving a change that waits for a decision to a colleague."""

from __future__ import annotations

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import NEEDED, Act, read_version
from portal.registry.forms import Field
from portal.registry.pages import LARGEST_CHANGE, LARGEST_ID, blueprint, possible
from portal.registry.pages_decisions import change_page, not_taken
from portal.registry.pages_queue import DECIDERS
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.urls import LONGEST_ID

# Why a change is not given to somebody, by what the database says.
NOT_GIVEN: dict[str, LazyString] = {
    "nobody": lazy_gettext("This person does not decide on changes now. Choose from the list."),
    "self": lazy_gettext("This is you: take the change for review instead."),
    "has_it": lazy_gettext("This colleague has the change already."),
}


@blueprint.get("/changes/<int:change_id>/give")
@audience(*sorted(DECIDERS), permission="registry.decide")
def giving(change_id: int) -> ResponseReturnValue:
    """To whom a change is given, and with which word."""
    return _form(possible(change_id, LARGEST_CHANGE), Act({}))


@blueprint.post("/changes/<int:change_id>/give")
@audience(*sorted(DECIDERS), permission="registry.decide")
def give(change_id: int) -> ResponseReturnValue:
    """Give a change to a colleague."""
    possible(change_id, LARGEST_CHANGE)
    act = Act(request.form)
    word = act.text("reason", required=False)
    person = _person(act)
    if act.errors:
        return _form(change_id, act)
    try:
        with current_viewer().reading() as conn:
            gateway.give(
                conn, change_id, person, word=word or None, version=read_version(request.form)
            )
    except psycopg.Error as problem:
        if problem.sqlstate == "DZW05":
            act.errors["person"] = NOT_GIVEN[gateway.facts(problem)["code"]]
            return _form(change_id, act)
        return not_taken(change_id, "give", act, problem, recipient=f"{desk.PERSON}{person}")
    flash(gettext("The change is given to the colleague."), "success")
    return redirect(url_for("registry.change", change_id=change_id), 303)


def _person(act: Act) -> int:
    """The number of the person who was chosen; 0, which is an error, where there is none."""
    given = act.form.get("person", "")
    if not given:
        act.errors["person"] = NEEDED
    elif given.isascii() and given.isdecimal() and len(given) <= LONGEST_ID:
        number = int(given)
        if 0 < number <= LARGEST_ID:
            return number
    act.errors.setdefault("person", NOT_GIVEN["nobody"])
    return 0


def _form(change_id: int, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = gateway.change(conn, change_id)["change"]
        options = _colleagues(conn, viewer, found["assignee"])
    fields = [
        Field(
            "person", gettext("Colleague"), "select",
            hint=gettext("Those of the regulator who may decide on changes now."),
            required=True, options=options,
        ),
        Field(
            "reason", gettext("A word to the colleague"), "area",
            hint=gettext("Officials read it in the log; whoever proposed the change does not."),
        ),
    ]  # fmt: skip
    return change_page(
        "registry/give.html",
        change_id,
        status=422 if act.errors else 200,
        act=act,
        fields=act.filled(fields),
        alone=not options,
    )


def _colleagues(
    conn: db.Connection, viewer: Viewer, assignee: str | None
) -> tuple[tuple[str, str], ...]:
    """Whom the change can be given to: neither the viewer nor whoever has it."""
    word = language()
    return tuple(
        (str(one["id"]), f"{one[f'name_{word}']} ({one[f'organisation_{word}']})")
        for one in gateway.deciders(conn)
        if one["id"] != viewer.person_id and f"{desk.PERSON}{one['id']}" != assignee
    )
