"""Access keys: made, replaced, narrowed, revoked; last use, last refusal, and what each one sent.

A secret is in one answer alone: that to the form that made it. The form carries the public id of
the key to be, so that a form sent twice makes one key.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import psycopg
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import gateway, key_reading
from portal.registry.forms import Field
from portal.registry.keys import NewKey, is_key_id, new_key, new_key_id
from portal.registry.names import Named, read_names
from portal.registry.pages import blueprint
from portal.web.formats import kyiv
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.periods import ONE_DAY, midnight, today
from portal.web.rendering import render

READERS = ("operator", "regulator", "registrar", "auditor")
KEEPERS = ("operator", "registrar")
LONGEST_NAME = 100
LONGEST_OVERLAP = 30  # days
MOST_NETWORKS = 50
SCOPES = {
    "submit": lazy_gettext("Send batches"),
    "read": lazy_gettext("Ask what was received"),
}
MODES = {
    "live": lazy_gettext("Live: real data"),
    "test": lazy_gettext("Test: batches are checked and nothing is stored"),
}
STATES = {
    "valid": (lazy_gettext("Valid"), "ok"),
    "expired": (lazy_gettext("Expired"), "quiet"),
    "revoked": (lazy_gettext("Revoked"), "quiet"),
}
NARROWED = lazy_gettext("A key is narrowed, never widened: keep the day or an earlier.")
OVERLAPS = (0, 1, 7, 14, LONGEST_OVERLAP)
Wrong = dict[str, LazyString | str]


# Looking


@blueprint.get("/keys")
@audience(*READERS)
def keys() -> ResponseReturnValue:
    """The keys of an operator; an official chooses of which."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        names = read_names(conn)
        owner = _owner(viewer, request.args.get("operator", ""), names.operators)
        rows = key_reading.keys_of(conn, owner.id) if owner else []
        use = key_reading.use(conn) if owner and _sees_traffic(viewer) else {}
    return render(
        "registry/keys.html",
        "list",
        names=names,
        owner=owner,
        keys=rows,
        use=use,
        keeper=viewer.role in KEEPERS,
        scopes=SCOPES,
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
        used = key_reading.use(conn).get(key_id) if traffic else None
        log = key_reading.log(conn, found) if traffic else []
    return render(
        "registry/keys_key.html",
        key=found,
        owner=owner,
        used=used,
        log=log,
        traffic=traffic,
        keeper=viewer.role in KEEPERS,
        scopes=SCOPES,
        modes=MODES,
        states=STATES,
        through=key_reading.LOOKED_THROUGH,
    )


# Making


@blueprint.get("/keys/new")
@audience(*KEEPERS)
def new_access_key() -> ResponseReturnValue:
    """The form for a new key."""
    with current_viewer().reading() as conn:
        return _new_form(conn, {})


@blueprint.post("/keys/new")
@audience(*KEEPERS)
def make_access_key() -> ResponseReturnValue:
    """Make a key and show its secret, this once."""
    viewer = current_viewer()
    form = request.form
    label = form.get("label", "").strip()
    scopes = [scope for scope in SCOPES if scope in form.getlist("scopes")]
    mode = form.get("mode", "")
    wrong: Wrong = {}
    if not label or len(label) > LONGEST_NAME or not label.isprintable():
        wrong["label"] = gettext("Give a name of 1 to %(count)s characters.", count=LONGEST_NAME)
    if mode not in MODES:
        wrong["mode"] = gettext("Choose from the list.")
    if not scopes:
        wrong["scopes"] = gettext("Choose at least one.")
    elif mode == "test" and "submit" not in scopes:
        wrong["scopes"] = gettext("A test key can do nothing but try batches: let it send them.")
    expires = _expiry(form.get("expires", ""), None, wrong)
    with viewer.reading() as conn:
        owner = _owner(viewer, form.get("operator", ""), read_names(conn).operators)
        if owner is None:
            wrong["operator"] = gettext("Choose an operator from the list.")
        if wrong or owner is None:
            return _new_form(conn, wrong)
    made = new_key(mode, _id_of_form())
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
            )
    except psycopg.errors.UniqueViolation:
        return _made_already()
    return _made(made, id_, mode, scopes)


@blueprint.get("/keys/<int:key_id>/rotate")
@audience(*KEEPERS)
def ask_to_rotate(key_id: int) -> ResponseReturnValue:
    """How long the old key works on beside the new one."""
    with current_viewer().reading() as conn:
        return _rotate_form(_valid(conn, key_id), {})


@blueprint.post("/keys/<int:key_id>/rotate")
@audience(*KEEPERS)
def rotate_access_key(key_id: int) -> ResponseReturnValue:
    """Replace a key and show the new secret, this once."""
    viewer = current_viewer()
    days = request.form.get("overlap", "")
    with viewer.reading() as conn:
        found = _valid(conn, key_id)
        if days not in map(str, OVERLAPS):
            return _rotate_form(found, {"overlap": gettext("Choose from the list.")})
    made = new_key(found["mode"], _id_of_form())
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
    except psycopg.errors.UniqueViolation:
        return _made_already()
    return _made(made, id_, found["mode"], found["scopes"], old=found)


# Narrowing and revoking


@blueprint.get("/keys/<int:key_id>/restrict")
@audience(*KEEPERS)
def ask_to_restrict(key_id: int) -> ResponseReturnValue:
    """The form with what the key may do, from where and until when."""
    with current_viewer().reading() as conn:
        return _restrict_form(_valid(conn, key_id), {})


@blueprint.post("/keys/<int:key_id>/restrict")
@audience(*KEEPERS)
def restrict_access_key(key_id: int) -> ResponseReturnValue:
    """Narrow a key."""
    form = request.form
    wrong: Wrong = {}
    with current_viewer().reading() as conn:
        found = _valid(conn, key_id)
        scopes = [scope for scope in found["scopes"] if scope in form.getlist("scopes")]
        if not scopes:
            wrong["scopes"] = gettext("Choose at least one.")
        networks = _networks(form.get("addresses", ""), wrong)
        text = form.get("expires", "")
        unchanged = text == _last_day(found["expires_at"])
        expires = None if unchanged else _expiry(text, found["expires_at"], wrong)
        if not text and found["expires_at"]:
            wrong["expires"] = gettext(
                "A key is narrowed, never widened: keep the day or an earlier."
            )
        if wrong:
            return _restrict_form(found, wrong)
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
@audience(*KEEPERS)
def ask_to_revoke(key_id: int) -> ResponseReturnValue:
    """Ask before a key is revoked, for that is for good."""
    with current_viewer().reading() as conn:
        found = _valid(conn, key_id)
    return render("registry/keys_revoke.html", key=found)


@blueprint.post("/keys/<int:key_id>/revoke")
@audience(*KEEPERS)
def revoke_access_key(key_id: int) -> ResponseReturnValue:
    """Revoke a key: no batch of it is accepted once this is answered."""
    with current_viewer().reading() as conn:
        found = key_reading.key(conn, key_id)
        gateway.revoke_key(conn, found["id"])
    flash(gettext("The key is revoked. Nothing is accepted with it any more."), "success")
    return redirect(url_for("registry.key", key_id=key_id), 303)


# Shared


def _sees_traffic(viewer: Viewer) -> bool:
    """Whether the role may see what was sent: who keeps registers sees no transactions."""
    return viewer.role != "registrar"


def _owner(viewer: Viewer, text: str, operators: dict[int, Named]) -> Named | None:
    """Whose keys: an operator's people have their own alone."""
    if viewer.role == "operator":
        return operators.get(viewer.operator_id or 0)
    fits = text.isascii() and text.isdecimal() and len(text) <= 10
    return operators.get(int(text)) if fits else None


def _valid(conn: db.Connection, key_id: int) -> db.Row:
    """A key that still works; one that does not is no more to be changed than one there is not."""
    found = key_reading.key(conn, key_id)
    if found["state"] != "valid":
        raise NotFound
    return found


def _last_day(expires_at: datetime | None) -> str:
    """The last day on which a key is valid, as its field holds it."""
    return (kyiv(expires_at) - timedelta(microseconds=1)).date().isoformat() if expires_at else ""


def _expiry(text: str, present: datetime | None, wrong: Wrong) -> date | None:
    """The last day on which the key is to be valid."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong["expires"] = gettext("Give the date as day, month and year.")
        return None
    if not today() <= day <= date(2199, 12, 30):
        wrong["expires"] = gettext("Give a day from today on.")
    elif present and midnight(day + ONE_DAY) > present:
        wrong["expires"] = str(NARROWED)
    return day


def _networks(text: str, wrong: Wrong) -> list[str]:
    """Networks, one a line, in canonical form."""
    found: list[str] = []
    for line in text.replace(",", "\n").split():
        try:
            found.append(str(ipaddress.ip_network(line)))
        except ValueError:
            wrong["addresses"] = gettext(
                "“%(text)s” is no address or network, such as 203.0.113.7 or 203.0.113.0/24.",
                text=line[:50],
            )
            return []
    if len(found) > MOST_NETWORKS:
        wrong["addresses"] = gettext("At most %(count)s networks.", count=MOST_NETWORKS)
    return found


def _id_of_form() -> str | None:
    """The id that the form was given for its key."""
    text = request.form.get("key_id", "")
    return text if is_key_id(text) else None


def _new_form(conn: db.Connection, wrong: Wrong) -> ResponseReturnValue:
    viewer = current_viewer()
    form = request.form
    fields = [
        Field(
            "label",
            gettext("Name of the key"),
            "text",
            form.get("label", ""),
            gettext("For people: which system sends with it."),
            required=True,
        ),
        Field(
            "mode",
            gettext("What for"),
            "select",
            form.get("mode", "live"),
            required=True,
            options=tuple(MODES.items()),
        ),
        Field(
            "scopes",
            gettext("What it may do"),
            "checks",
            tuple(form.getlist("scopes")) if form else tuple(SCOPES),
            required=True,
            options=tuple(SCOPES.items()),
        ),
        Field(
            "manual",
            gettext("How batches are sent"),
            "checks",
            tuple(form.getlist("manual")),
            options=(("manual", gettext("By hand: batches carry no sequence number")),),
        ),
        Field(
            "expires",
            gettext("The last day on which it is valid"),
            "date",
            form.get("expires", ""),
            gettext("Empty: until it is revoked."),
        ),
    ]
    if viewer.role != "operator":
        choices = read_names(conn).operator_choices()
        fields.insert(
            0,
            Field(
                "operator",
                gettext("Operator"),
                "select",
                form.get("operator", request.args.get("operator", "")),
                required=True,
                options=tuple((str(id_), name) for id_, name in choices),
            ),
        )
    elif viewer.operator_id is None:
        raise NotFound
    return _key_form(
        fields,
        wrong,
        title=gettext("A new access key"),
        lead=gettext("The secret is shown once, right after the key is made."),
        button=gettext("Make the key"),
        key_id=new_key_id(),
        back=url_for("registry.keys"),
    )


def _rotate_form(found: db.Row, wrong: Wrong) -> ResponseReturnValue:
    overlap = Field(
        "overlap",
        gettext("The old key works on for"),
        "select",
        request.form.get("overlap", "7"),
        gettext("Change your systems over in this time; then the old key is refused."),
        required=True,
        options=tuple((str(days), _days(days)) for days in OVERLAPS),
    )
    return _key_form(
        [overlap],
        wrong,
        title=gettext("Replace the key “%(name)s”", name=found["label"]),
        lead=gettext("The new key may do what the old one may. Its secret is shown once."),
        button=gettext("Make the new key"),
        key_id=new_key_id(),
        back=url_for("registry.key", key_id=found["id"]),
    )


def _days(days: int) -> str:
    if not days:
        return gettext("not at all: it ends now")
    return gettext("%(count)s d", count=days)


def _restrict_form(found: db.Row, wrong: Wrong) -> ResponseReturnValue:
    form = request.form
    fields = [
        Field(
            "scopes",
            gettext("What it may do"),
            "checks",
            tuple(form.getlist("scopes")) if form else tuple(found["scopes"]),
            required=True,
            options=tuple((scope, SCOPES[scope]) for scope in SCOPES if scope in found["scopes"]),
        ),
        Field(
            "addresses",
            gettext("From which addresses"),
            "area",
            form.get("addresses", "\n".join(found["addresses"])),
            gettext("Addresses or networks, one a line. Empty: from anywhere."),
        ),
        Field(
            "expires",
            gettext("The last day on which it is valid"),
            "date",
            form.get("expires", _last_day(found["expires_at"])),
            gettext("It can only be brought forward."),
        ),
    ]
    return _key_form(
        fields,
        wrong,
        title=gettext("Restrict the key “%(name)s”", name=found["label"]),
        lead=gettext("A key is narrowed, never widened: for more, make another."),
        button=gettext("Restrict"),
        key_id=None,
        back=url_for("registry.key", key_id=found["id"]),
    )


def _key_form(
    fields: list[Field], wrong: Wrong, *, title: str, lead: str, button: str, key_id: str | None,
    back: str,
) -> ResponseReturnValue:  # fmt: skip
    told = [Field(**(vars(one) | {"error": wrong.get(one.name)})) for one in fields]
    return render(
        "registry/keys_form.html",
        status=422 if wrong else 200,
        title=title,
        lead=lead,
        fields=told,
        summary=[(one.id, f"{one.label}: {one.error}") for one in told if one.error],
        button=button,
        key_id=key_id,
        back=back,
    )


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
