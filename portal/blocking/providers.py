"""How far each provider has carried the list of blocked addresses out, and what was found of it."""

from __future__ import annotations

import secrets
from hashlib import sha256

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.blocking.desk import DECIDE, KEEPERS, LARGEST_ID, blocked_site, blueprint
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import domains
from portal.registry.acts import Act
from portal.registry.desk import PERSON, People
from portal.registry.forms import Field
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render

MOST = 200
FINDINGS: dict[str, LazyString] = {
    "found_open": lazy_gettext("The address opens: it is not blocked"),
    "found_blocked": lazy_gettext("The address is blocked"),
}


@blueprint.get("/providers")
@audience(*KEEPERS, "auditor")
def providers() -> ResponseReturnValue:
    """All of them, those farthest behind first."""
    with current_viewer().reading() as conn:
        rows = conn.execute(
            "select * from api.provider_standing where active"
            " order by behind desc, behind_since, code"
        ).fetchall()
        last = conn.execute(
            "select coalesce(max(sequence), 0) as n from api.blocked_change"
        ).fetchone()
    return render("blocking/providers.html", rows=rows, last=last["n"] if last else 0)


@blueprint.get("/providers/<int:provider_id>")
@audience(*KEEPERS, "auditor")
def provider(provider_id: int) -> ResponseReturnValue:
    """One provider: its reports, findings, secret."""
    return _page(provider_id, Act({}))


@blueprint.post("/providers/<int:provider_id>/findings")
@audience(*KEEPERS, permission=DECIDE)
def note_finding(provider_id: int) -> ResponseReturnValue:
    """Note what was found when looking at an address through this provider."""
    act = Act(request.form)
    what = act.form.get("what", "")
    if what not in FINDINGS:
        act.errors["what"] = lazy_gettext("Choose from the list.")
    address = domains.canonical_address(act.text("address"))
    note = act.text("note")
    with current_viewer().reading() as conn:
        site_id = blocked_site(conn, address)
    if site_id is None and "address" not in act.errors:
        act.errors["address"] = lazy_gettext("This address is not in the register of blocked ones.")
    if act.errors:
        return _page(provider_id, act)
    with current_viewer().reading() as conn:
        db.call(conn, "api.note_compliance", _known(provider_id), what, site_id, note)
    flash(gettext("The finding is noted."), "success")
    return redirect(url_for("blocking.provider", provider_id=provider_id), 303)


@blueprint.post("/providers/<int:provider_id>/key")
@audience(*KEEPERS, permission=DECIDE)
def make_key(provider_id: int) -> ResponseReturnValue:
    """A new secret, shown once; the one before is revoked."""
    made = secrets.token_urlsafe(32)
    with current_viewer().reading() as conn:
        db.call(conn, "api.make_provider_key", _known(provider_id), sha256(made.encode()).digest())
        row = _standing(conn, provider_id)
    response = render("blocking/key.html", row=row, secret=made)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/providers/<int:provider_id>/key/revoke")
@audience(*KEEPERS, permission=DECIDE)
def revoke_key(provider_id: int) -> ResponseReturnValue:
    """What was given out says nothing any more."""
    with current_viewer().reading() as conn:
        revoked = db.call_value(conn, "api.revoke_provider_key", _known(provider_id))
    flash(
        gettext("The secret is revoked.") if revoked else gettext("There is no secret to revoke."),
        "success",
    )
    return redirect(url_for("blocking.provider", provider_id=provider_id), 303)


def _known(provider_id: int) -> int:
    if not 0 < provider_id <= LARGEST_ID:
        raise NotFound
    return provider_id


def _standing(conn: db.Connection, provider_id: int) -> db.Row:
    row = conn.execute(
        "select * from api.provider_standing where provider_id = %s", (_known(provider_id),)
    ).fetchone()
    if row is None:
        raise NotFound
    return row


def _page(provider_id: int, act: Act) -> ResponseReturnValue:
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = _standing(conn, provider_id)
        log = conn.execute(
            "select c.what, c.sequence, c.note, c.person_id, c.noted_at, e.code as address"
            " from api.compliance as c left join api.entry as e on e.kind = 'blocked_site'"
            " and e.record_id = c.site_id and e.recorded_until = 'infinity'"
            " where c.provider_id = %s order by c.id desc limit %s",
            (provider_id, MOST),
        ).fetchall()
        people = People(conn, (f"{PERSON}{one['person_id']}" for one in log if one["person_id"]))
    fields = [
        Field(
            "what", gettext("What was found"), "select", required=True,
            options=tuple(FINDINGS.items()),
        ),
        Field("address", gettext("Blocked address"), required=True),
        Field(
            "note", gettext("What shows it"), "area", required=True,
            hint=gettext("When, from which connection, what opened."),
        ),
    ]  # fmt: skip
    return render(
        "blocking/provider.html",
        status=422 if act.errors else 200,
        row=row,
        log=log,
        people=people,
        person=PERSON,
        findings=FINDINGS,
        act=act,
        fields=act.filled(fields),
        may=viewer.may(DECIDE),
    )
