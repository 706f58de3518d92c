"""What officials do with a licence: suspend it, resume it, revoke it."""

from __future__ import annotations

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import Act
from portal.registry.catalogue import moment, read_catalogue
from portal.registry.differences import record_address
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages import blueprint, possible
from portal.registry.pages_queue import DECIDERS
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render

ACTING = "<any(suspend, resume, revoke):action>"
TITLES: dict[str, LazyString] = {
    "suspend": lazy_gettext("Suspend the licence"),
    "resume": lazy_gettext("Resume the licence"),
    "revoke": lazy_gettext("Revoke the licence"),
}
CONSEQUENCES: dict[str, LazyString] = {
    "suspend": lazy_gettext(
        "While a licence is suspended nobody may take bets under it. Transactions that still come"
        " are accepted and marked as a breach."
    ),
    "resume": lazy_gettext("From now on bets may be taken under the licence again."),
    "revoke": lazy_gettext(
        "The licence ends now, for good. Transactions that still come are accepted and marked as a"
        " breach. A revoked licence cannot be restored; there can only be a new one."
    ),
}
DONE: dict[str, LazyString] = {
    "suspend": lazy_gettext("The suspension is entered."),
    "resume": lazy_gettext("The licence is in force again."),
    "revoke": lazy_gettext("The licence is revoked."),
}


@blueprint.get(f"/licence/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS))
def licence_act(record_id: int, action: str) -> ResponseReturnValue:
    """What the act does, and the form for it."""
    return _act_page(possible(record_id), action, Act({}))


@blueprint.post(f"/licence/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS))
def licence_do(record_id: int, action: str) -> ResponseReturnValue:
    """Suspend, resume or revoke."""
    act = Act(request.form)
    grounds = act.text("grounds")
    since, until = (act.moment(name) if action == "suspend" else None for name in ("from", "until"))
    if action == "revoke":
        act.agreed("confirm")
    if act.errors:
        return _act_page(possible(record_id), action, act)
    try:
        with current_viewer().reading() as conn:
            if action == "suspend":
                gateway.suspend_licence(
                    conn, possible(record_id), since=since, until=until, grounds=grounds
                )
            elif action == "resume":
                gateway.resume_licence(conn, possible(record_id), grounds)
            else:
                gateway.revoke_licence(conn, possible(record_id), grounds)
    except psycopg.Error as problem:
        return _not_done(record_id, action, act, problem)
    flash(str(DONE[action]), "success")
    return redirect(_way_back(record_id, action), 303)


def _not_done(record_id: int, action: str, act: Act, problem: psycopg.Error) -> ResponseReturnValue:
    match problem.sqlstate:
        case "DZR01":
            abort(404)
        case "DZR03":
            act.errors["until"] = lazy_gettext("The end is not after the beginning.")
        case "DZW04":
            act.errors["grounds"] = lazy_gettext("Say why.")
        case "DZW01":
            return _act_page(record_id, action, act, status=409)
        case _:
            raise problem
    return _act_page(record_id, action, act)


def _act_page(record_id: int, action: str, act: Act, status: int = 200) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        record = gateway.record(conn, "licence", record_id)
        catalogue = read_catalogue(conn, "licence")
        kind = catalogue.kind("licence")
        steps = desk.steps(conn, "licence", record["state"], current_viewer().role)
        names = read_names(conn)
        log = desk.suspensions(conn, record_id)
    document = record["document"]
    return render(
        "registry/licence_act.html",
        status=422 if act.errors else status,
        record=record,
        valid_from=moment(document["valid_from"]),
        valid_until=moment(document["valid_until"]),
        state=catalogue.state(kind, record["state"]),
        licence_kind=catalogue.choice("licence_kind", document["licence_kind_id"]),
        record_page=record_address("licence", record_id),
        names=names,
        log=log,
        action=action,
        possible=action in steps,
        overtaken=status == 409,
        title=str(TITLES[action]),
        consequence=CONSEQUENCES[action],
        act=act,
        fields=act.filled(_fields(action)),
    )


def _fields(action: str) -> list[Field]:
    fields = [Field("grounds", gettext("Grounds"), "area", hint=_hint(), required=True)]
    if action == "suspend":
        now, end = gettext("Empty: from now on"), gettext("Empty: until it is resumed")
        fields = [
            Field("from", gettext("Suspended from (Kyiv time)"), "moment", hint=now),
            Field("until", gettext("Suspended until (Kyiv time)"), "moment", hint=end),
            *fields,
        ]
    if action == "revoke":
        sure = gettext("I know that a revoked licence cannot be restored")
        fields.append(
            Field(
                "confirm",
                gettext("Confirmation"),
                "checks",
                required=True,
                options=(("yes", sure),),
            )
        )
    return fields


def _hint() -> str:
    return gettext(
        "The decision, its number and date, and why; everyone who sees the licence reads it."
    )


def _way_back(record_id: int, action: str) -> str:
    here = url_for("registry.licence_act", record_id=record_id, action=action)
    return record_address("licence", record_id) or here
