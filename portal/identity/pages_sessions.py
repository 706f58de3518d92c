"""One's own: the sessions that are open, and for which organisation one acts."""

from __future__ import annotations

import psycopg
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import UnprocessableEntity

from portal import db
from portal.identity import login
from portal.identity.login import audience, current_viewer
from portal.identity.views import number_of
from portal.web import urls
from portal.web.i18n import gettext, language, ngettext
from portal.web.navigation import ROLE_LABELS
from portal.web.rendering import render

EVERYBODY = tuple(sorted(db.ROLES))
LARGEST_SESSION = 2**63 - 1

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/sessions")
@audience(*EVERYBODY)
def sessions() -> ResponseReturnValue:
    """The sessions of whoever asks, this one first."""
    with db.portal() as conn:
        rows = db.call(conn, "api.own_sessions", login.session_digest(), login.IDLE_MINUTES)
        people = db.call(conn, "api.own_people", login.session_digest())
    return render(
        "identity/sessions.html",
        sessions=[
            row
            | {
                "organisation": row[f"organisation_{language()}"],
                "name": device(row["device"]),
            }
            for row in rows
        ],
        several=len(people) > 1,
        idle=login.IDLE_MINUTES,
        hours=login.SESSION_HOURS,
    )


@blueprint.post("/sessions/<int:session_id>/end")
@audience(*EVERYBODY, permission=login.OWN)
def end(session_id: int) -> ResponseReturnValue:
    """End another of one's own sessions; a foreign one and none answer alike."""
    if session_id <= LARGEST_SESSION and _end(session_id) is None:
        return _sign_once_more()
    flash(gettext("The session is ended, on that device too."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.post("/sessions/end-others")
@audience(*EVERYBODY, permission=login.OWN)
def end_others() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    ended = _end(None)
    if ended is None:
        return _sign_once_more()
    flash(ngettext("%(num)s session is ended.", "%(num)s sessions are ended.", ended), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.get("/act-for")
@audience(*EVERYBODY)
def act_for() -> ResponseReturnValue:
    """For whom one may act."""
    with db.portal() as conn:
        rows = db.call(conn, "api.own_people", login.session_digest())
    people = [
        row
        | {
            "organisation": row[f"organisation_{language()}"],
            "role_label": ROLE_LABELS[row["role"]],
            "current": row["id"] == current_viewer().person_id,
        }
        for row in rows
    ]
    return render("identity/switch.html", people=people)


@blueprint.post("/act-for")
@audience(*EVERYBODY, permission=login.OWN)
def switch() -> ResponseReturnValue:
    """Go on for another organisation, in a session with a new token."""
    chosen = number_of(request.form.get("person", ""))
    if chosen is None:
        raise UnprocessableEntity(gettext("Choose for whom you act."))
    login.switch(chosen)
    return redirect(urls.HOME, 303)


def device(agent: str) -> str:
    """A browser's name and its system, as far as it says them; else all that it says."""
    browsers = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome"}
    systems = ("Windows", "Android", "iPhone", "iPad", "Macintosh", "Linux")
    browser = next((name for token, name in browsers.items() if f"{token}/" in agent), "")
    browser = browser or ("Safari" if "Safari/" in agent else "")
    system = next((name for name in systems if name in agent), "")
    return f"{browser}, {system}" if browser and system else agent


def _end(session_id: int | None) -> int | None:
    """How many were ended; None where the viewer is to sign in anew before."""
    try:
        with db.portal(noted=True) as conn:
            ended: int = db.call_value(
                conn, "api.end_own_sessions", login.session_digest(), session_id
            )
    except psycopg.Error as problem:
        if problem.sqlstate == "DZP06":
            return None
        raise
    return ended


def _sign_once_more() -> ResponseReturnValue:
    flash(
        gettext(
            "Sign in once more: other sessions are ended by whoever has signed in within the last"
            " 15 minutes. Nothing is ended yet."
        ),
        "info",
    )
    back = url_for("account.sessions")
    return redirect(urls.address(url_for("identity.login"), {"next": back}), 303)
