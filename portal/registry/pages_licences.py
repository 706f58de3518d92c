"""What officials do with a licence: suspend it, resume it, revoke it."""

from __future__ import annotations

from typing import Any

import psycopg
from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.identity import step_up
from portal.identity.login import audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.acts import Act
from portal.registry.catalogue import FOREVER, moment, moment_text, read_catalogue
from portal.registry.differences import record_address
from portal.registry.forms import Field
from portal.registry.names import read_names
from portal.registry.pages import blueprint, possible
from portal.registry.pages_queue import DECIDERS
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render

WITHDRAWAL = "withdraw"  # of a suspension that has not begun; what the workflow calls it
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
PERMISSIONS = {
    "suspend": "licence.suspend",
    "resume": "licence.suspend",
    "revoke": "licence.revoke",
}
# What the database finds wrong with the time of a suspension.
WRONG: dict[str, LazyString] = {
    "past": lazy_gettext("A decision holds from now on or from later on, never from before."),
    "term": lazy_gettext("The licence is not in force at that time."),
    "reversed": lazy_gettext("The end is not after the beginning."),
}


@blueprint.get(f"/licence/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS), permission="licence.suspend")
def licence_act(record_id: int, action: str) -> ResponseReturnValue:
    """What the act does, and the form for it."""
    _check(action)
    return _page(possible(record_id), action, Act({}))


@blueprint.post(f"/licence/<int:record_id>/{ACTING}")
@audience(*sorted(DECIDERS), permission="licence.suspend")
def licence_do(record_id: int, action: str) -> ResponseReturnValue:
    """Suspend, resume or revoke."""
    _check(action)
    act = Act(request.form)
    grounds = act.text("grounds")
    since, until = (act.moment(name) if action == "suspend" else None for name in ("from", "until"))
    if action == "revoke":
        act.agreed("confirm")
    if act.errors:
        return _page(possible(record_id), action, act)
    facts = _signed_facts(possible(record_id), action, act)
    if facts and (page := step_up.ask(f"licence_{action}", facts)) is not None:
        return page
    try:
        with current_viewer().reading() as conn:
            owner = gateway.record(conn, "licence", record_id)["operator_id"]
            if action == "suspend":
                gateway.suspend_licence(
                    conn, possible(record_id), since=since, until=until, grounds=grounds
                )
            elif action == "resume":
                gateway.resume_licence(conn, possible(record_id), grounds)
            else:
                gateway.revoke_licence(conn, possible(record_id), grounds)
            step_up.keep(conn, "licence", record_id, owner)
    except psycopg.Error as problem:
        return _not_done(record_id, action, act, problem)
    flash(str(DONE[action]), "success")
    return redirect(_way_back(record_id, action), 303)


def _check(action: str) -> None:
    """The address names the act: each asks for a permission of its own."""
    if not current_viewer().may(PERMISSIONS[action]):
        abort(403)


def _signed_facts(record_id: int, action: str, act: Act) -> step_up.Facts:
    """What is signed with the act; nothing where it is not possible as things stand."""
    with current_viewer().reading() as conn:
        record = gateway.record(conn, "licence", record_id)
        steps = desk.steps(conn, "licence", record["state"], current_viewer().role)
        owner = read_names(conn).operators[record["operator_id"]]
    if action not in steps:
        return []
    typed = [(field.label, act.form.get(field.name, "")) for field in _fields(action)]
    return [
        (gettext("Licence"), record["code"]),
        (gettext("Operator"), f"{owner.name}, {owner.code}"),
        *((label, value) for label, value in typed if value),
    ]


def _not_done(record_id: int, action: str, act: Act, problem: psycopg.Error) -> ResponseReturnValue:
    match problem.sqlstate:
        case "DZR01":
            abort(404)
        case "DZR03":
            for error in gateway.facts(problem) or []:
                act.errors[error["attribute"]] = _wrong(error)
        case "DZW04":
            act.errors["grounds"] = lazy_gettext("Say why.")
        case "DZW01":
            return _page(record_id, action, act, status=409)
        case _:
            raise problem
    return _page(record_id, action, act)


def _wrong(error: dict[str, Any]) -> str:
    """What is wrong with the time of a suspension."""
    held = error.get("detail")
    if held is None:
        return str(WRONG[error["code"]])
    return gettext(
        "The licence is suspended then already: %(begin)s – %(end)s.",
        begin=moment_text(held["from"]),
        end=moment_text(held["until"] or FOREVER),
    )


def _page(record_id: int, action: str, act: Act, status: int = 200) -> ResponseReturnValue:
    return act_page(
        record_id,
        action,
        act,
        status=status,
        title=str(TITLES[action]),
        consequence=CONSEQUENCES[action],
        address=url_for("registry.licence_do", record_id=record_id, action=action),
        fields=act.filled(_fields(action)),
    )


def act_page(
    record_id: int,
    action: str,
    act: Act,
    *,
    status: int,
    title: str,
    consequence: LazyString | str,
    address: str,
    fields: list[Field],
    allowed: bool = True,
) -> ResponseReturnValue:
    """The licence, what the act does, its form where the state allows it, and all suspensions.

    ``action``: what the workflow calls it; ``allowed``: whether it is possible beside the licence's
    state; ``status`` 409: somebody was faster.
    """
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
        possible=allowed and action in steps,
        overtaken=status == 409,
        withdrawal=WITHDRAWAL in steps,
        title=title,
        consequence=consequence,
        address=address,
        act=act,
        fields=fields,
    )


def _fields(action: str) -> list[Field]:
    fields = [grounds_field()]
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


def grounds_field() -> Field:
    """Why an official acts on a licence."""
    hint = gettext(
        "The decision, its number and date, and why; everyone who sees the licence reads it."
    )
    return Field("grounds", gettext("Grounds"), "area", hint=hint, required=True)


def _way_back(record_id: int, action: str) -> str:
    here = url_for("registry.licence_act", record_id=record_id, action=action)
    return record_address("licence", record_id) or here
