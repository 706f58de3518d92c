"""Access keys: made, replaced, narrowed, revoked; last use, last refusal, and what each one sent.

A secret is in one answer alone: that to the form that made it. The form carries the public id of
the key to be, so that a form sent twice makes one key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity import step_up
from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import desk, gateway, key_forms, key_reading
from portal.registry.keys import NewKey, new_key
from portal.registry.names import Named, Names, read_names
from portal.registry.pages import blueprint
from portal.web.formats import date_only
from portal.web.i18n import gettext, lazy_gettext
from portal.web.periods import ONE_DAY, midnight
from portal.web.rendering import render

READERS = ("operator", "regulator", "registrar", "auditor")
KEEPERS = ("operator", "registrar")
LONGEST_NAME = 100
STATES = {
    "valid": (lazy_gettext("Valid"), "ok"),
    "expired": (lazy_gettext("Expired"), "quiet"),
    "revoked": (lazy_gettext("Revoked"), "quiet"),
}

# Looking


@blueprint.get("/keys")
@audience(*READERS)
def keys() -> ResponseReturnValue:
    """The keys of an operator; an official chooses of which."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        owner = _owner(viewer, request.args.get("operator", ""), names)
        rows = key_reading.keys_of(conn, owner.id) if owner else []
        use = key_reading.use(conn, owner.id) if owner and _sees_traffic(viewer) else {}
    return render(
        "registry/keys.html",
        "list",
        names=names,
        owner=owner,
        keys=rows,
        use=use,
        keeper=viewer.may("key.manage"),
        scopes=key_forms.SCOPES,
        states=STATES,
    )


@blueprint.get("/keys/<int:key_id>")
@audience(*READERS)
def key(key_id: int) -> ResponseReturnValue:
    """One key: what it may do, and the last requests with it."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        found = key_reading.key(conn, key_id)
        owner = read_names(conn).operators.get(found["operator_id"])
        traffic = _sees_traffic(viewer)
        used = key_reading.use(conn, found["operator_id"], key_id).get(key_id) if traffic else None
        log = key_reading.log(conn, found) if traffic else []
        events = key_reading.events(conn, key_id)
        people = desk.People(conn, (event.actor for event in events))
    return render(
        "registry/keys_key.html",
        key=found,
        owner=owner,
        used=used,
        log=log,
        events=events,
        people=people,
        traffic=traffic,
        keeper=viewer.may("key.manage"),
        scopes=key_forms.SCOPES,
        modes=key_forms.MODES,
        states=STATES,
        through=key_reading.LOOKED_THROUGH,
    )


# Making


@blueprint.get("/keys/new")
@audience(*KEEPERS, permission="key.manage")
def new_access_key() -> ResponseReturnValue:
    """The form for a new key."""
    with current_viewer().reading() as conn:
        return key_forms.new_form(conn, {})


@blueprint.post("/keys/new")
@audience(*KEEPERS, permission="key.manage")
def make_access_key() -> ResponseReturnValue:
    """Make a key and show its secret, this once."""
    viewer = current_viewer()
    form = request.form
    label = form.get("label", "").strip()
    scopes = [scope for scope in key_forms.SCOPES if scope in form.getlist("scopes")]
    mode = form.get("mode", "")
    wrong: key_forms.Wrong = {}
    if not label or len(label) > LONGEST_NAME or not label.isprintable():
        wrong["label"] = gettext("Give a name of 1 to %(count)s characters.", count=LONGEST_NAME)
    if mode not in key_forms.MODES:
        wrong["mode"] = gettext("Choose from the list.")
    if not scopes:
        wrong["scopes"] = gettext("Choose at least one.")
    elif mode == "test" and "submit" not in scopes:
        wrong["scopes"] = gettext("A test key can do nothing but try batches: let it send them.")
    networks = key_forms.read_networks(form.get("addresses", ""), wrong)
    expires = key_forms.read_expiry(form.get("expires", ""), None, wrong)
    with viewer.reading() as conn:
        owner = _owner(viewer, form.get("operator", ""), read_names(conn))
        if owner is None:
            wrong["operator"] = gettext("Choose an operator from the list.")
        if wrong or owner is None:
            return key_forms.new_form(conn, wrong)
    facts = [
        (gettext("Operator"), f"{owner.name}, {owner.code}"),
        (gettext("Name"), label),
        (gettext("Kind"), str(key_forms.MODES[mode])),
        (gettext("Rights"), ", ".join(str(key_forms.SCOPES[scope]) for scope in scopes)),
        *([(gettext("Addresses"), ", ".join(map(str, networks)))] if networks else []),
        *([(gettext("Valid until"), date_only(expires))] if expires else []),
    ]
    if not _known(owner.id) and (page := step_up.ask("key_issue", facts)) is not None:
        return page
    made = new_key(mode, key_forms.id_of_form())
    try:
        with viewer.reading() as conn:
            id_ = gateway.create_key(
                conn,
                operator_id=owner.id,
                key_id=made.key_id,
                secret_hmac=made.secret_hmac,
                label=label,
                mode=mode,
                scopes=scopes,
                manual="manual" in form.getlist("manual"),
                expires_at=midnight(expires + ONE_DAY) if expires else None,
                addresses=networks,
            )
            step_up.keep(conn, "access_key", id_, owner.id)
    except psycopg.errors.UniqueViolation:
        return _made_already()
    return _made(made, id_, mode, scopes)


@blueprint.get("/keys/<int:key_id>/rotate")
@audience(*KEEPERS, permission="key.manage")
def ask_to_rotate(key_id: int) -> ResponseReturnValue:
    """How long the old key works on beside the new one."""
    with current_viewer().reading() as conn:
        return key_forms.rotate_form(_valid(conn, key_id), {})


@blueprint.post("/keys/<int:key_id>/rotate")
@audience(*KEEPERS, permission="key.manage")
def rotate_access_key(key_id: int) -> ResponseReturnValue:
    """Replace a key and show the new secret, this once."""
    viewer = current_viewer()
    days = request.form.get("overlap", "")
    with viewer.reading() as conn:
        found = _valid(conn, key_id)
        if days not in map(str, key_forms.OVERLAPS):
            return key_forms.rotate_form(found, {"overlap": gettext("Choose from the list.")})
    facts = [*_facts(found), (gettext("The old key works on, days"), days)]
    known = _known(found["operator_id"])
    if not known and (page := step_up.ask("key_rotate", facts)) is not None:
        return page
    made = new_key(found["mode"], key_forms.id_of_form())
    try:
        with viewer.reading() as conn:
            moment = conn.execute("select transaction_timestamp() as now").fetchone()
            old_until = (moment or {})["now"] + timedelta(days=int(days))
            id_ = gateway.rotate_key(
                conn,
                key_id,
                key_id=made.key_id,
                secret_hmac=made.secret_hmac,
                old_until=old_until,
            )
            step_up.keep(conn, "access_key", id_, found["operator_id"])
    except psycopg.errors.UniqueViolation:
        return _made_already()
    return _made(made, id_, found["mode"], found["scopes"], old=found)


# Narrowing and revoking


@blueprint.get("/keys/<int:key_id>/restrict")
@audience(*KEEPERS, permission="key.manage")
def ask_to_restrict(key_id: int) -> ResponseReturnValue:
    """The form with what the key may do, from where and until when."""
    with current_viewer().reading() as conn:
        return key_forms.restrict_form(_valid(conn, key_id), {})


@blueprint.post("/keys/<int:key_id>/restrict")
@audience(*KEEPERS, permission="key.manage")
def restrict_access_key(key_id: int) -> ResponseReturnValue:
    """Narrow a key."""
    form = request.form
    wrong: key_forms.Wrong = {}
    with current_viewer().reading() as conn:
        found = _valid(conn, key_id)
        scopes = [scope for scope in found["scopes"] if scope in form.getlist("scopes")]
        if not scopes:
            wrong["scopes"] = gettext("Choose at least one.")
        networks = key_forms.read_networks(form.get("addresses", ""), wrong)
        text = form.get("expires", "")
        unchanged = text == key_forms.last_day(found["expires_at"])
        expires = None if unchanged else key_forms.read_expiry(text, found["expires_at"], wrong)
        if not text and found["expires_at"]:
            wrong["expires"] = str(key_forms.NARROWED)
        if wrong:
            return key_forms.restrict_form(found, wrong)
        gateway.restrict_key(
            conn,
            key_id,
            scopes=scopes,
            addresses=networks,
            expires_at=midnight(expires + ONE_DAY) if expires else None,
        )
    flash(gettext("The key is restricted from now on."), "success")
    return redirect(url_for("registry.key", key_id=key_id), 303)


@blueprint.get("/keys/<int:key_id>/revoke")
@audience(*KEEPERS, permission="key.manage")
def ask_to_revoke(key_id: int) -> ResponseReturnValue:
    """Ask before a key is revoked, for that is for good."""
    with current_viewer().reading() as conn:
        found = _valid(conn, key_id)
    return render("registry/keys_revoke.html", key=found)


@blueprint.post("/keys/<int:key_id>/revoke")
@audience(*KEEPERS, permission="key.manage")
def revoke_access_key(key_id: int) -> ResponseReturnValue:
    """Revoke a key: no batch of it is accepted once this is answered."""
    with current_viewer().reading() as conn:
        found = key_reading.key(conn, key_id)
    if (page := step_up.ask("key_revoke", _facts(found))) is not None:
        return page
    with current_viewer().reading() as conn:
        gateway.revoke_key(conn, found["id"])
        step_up.keep(conn, "access_key", found["id"], found["operator_id"])
    flash(gettext("The key is revoked. Nothing is accepted with it any more."), "success")
    return redirect(url_for("registry.key", key_id=key_id), 303)


# Shared


def _facts(found: db.Row) -> list[tuple[str, str]]:
    """What is signed of a key that is there."""
    with current_viewer().reading() as conn:
        owner = read_names(conn).operators.get(found["operator_id"])
    of = [(gettext("Operator"), f"{owner.name}, {owner.code}")] if owner else []
    return [*of, (gettext("Key"), f"{found['key_id']}, {found['label']}")]


def _known(operator_id: int) -> bool:
    """Whether the key that the form is to make is there already: it was sent a second time."""
    with current_viewer().reading() as conn:
        keys = key_reading.keys_of(conn, operator_id)
    return any(key["key_id"] == request.form.get("key_id") for key in keys)


def _sees_traffic(viewer: Viewer) -> bool:
    """Whether the role may see what was sent: who keeps registers sees no transactions."""
    return viewer.role != "registrar"


def _owner(viewer: Viewer, text: str, names: Names) -> Named | None:
    """Whose keys: an operator's people have their own alone."""
    if viewer.role == "operator":
        return names.operators.get(viewer.operator_id or 0)
    return names.operator(text)


def _valid(conn: db.Connection, key_id: int) -> db.Row:
    """A key that still works; one that does not is no more to be changed than one there is not."""
    found = key_reading.key(conn, key_id)
    if found["state"] != "valid":
        raise NotFound
    return found


@dataclass(frozen=True)
class Trial:
    """A command line to try a key with, and what it is to answer."""

    command: str
    expected: str


def _made(
    made: NewKey, id_: int, mode: str, scopes: list[str], old: db.Row | None = None
) -> ResponseReturnValue:
    return render(
        "registry/keys_made.html",
        status=201,
        secret=made.text,
        id=id_,
        trial=_trial(mode, scopes),
        old=old,
    )


def _trial(mode: str, scopes: list[str]) -> Trial:
    """The key itself stays out of the command, for a shell keeps a history."""
    curl = 'read -rs DOZIR_KEY && curl -i -H "Authorization: Bearer $DOZIR_KEY"'
    root = request.url_root
    if mode == "live" and "read" in scopes:
        return Trial(
            f"{curl} {root}api/v1/registry",
            gettext("Answers 200 with your registered codes."),
        )
    return Trial(
        f"{curl} -H 'Content-Type: application/json' --data '[]' {root}api/v1/validate",
        gettext("Answers that the batch is empty: the key itself was accepted."),
    )


def _made_already() -> ResponseReturnValue:
    """The form was sent twice: one key was made, and its secret was in the first answer."""
    return render("registry/keys_twice.html", status=409)
