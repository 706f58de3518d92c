"""Sign-in and sign-out."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity import login as sessions
from portal.identity.login import public
from portal.web import urls
from portal.web.alphabet import alphabetical
from portal.web.i18n import LazyString, language, lazy_gettext
from portal.web.navigation import ROLE_LABELS
from portal.web.rendering import render

LARGEST_ID = 2**31 - 1

blueprint = Blueprint("identity", __name__)

# What each kind of official does here, and the icon that stands for it.
OFFICIALS: dict[str, tuple[LazyString, str]] = {
    "regulator": (
        lazy_gettext("Sees the whole market down to a single transaction."),
        "shield",
    ),
    "tax_service": (
        lazy_gettext("Sees stakes, winnings and revenue of every taxpayer, and never a player."),
        "scale",
    ),
    "registrar": (
        lazy_gettext("Keeps the registers of operators, licences, places and keys."),
        "book",
    ),
    "auditor": (
        lazy_gettext("Checks what others see and do, and changes nothing."),
        "people",
    ),
}


@dataclass(frozen=True)
class Identity:
    """Somebody to enter as, in the language of the request."""

    id: int
    name: str
    organisation: str
    code: str = ""
    role_label: LazyString | str = ""
    about: LazyString | str = ""
    icon: str = ""


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    """Whom one may enter as. Outside demo mode nobody can enter yet, and the page says so."""
    people = sessions.demo_identities()
    officials = [_official(row) for row in people if row["role"] in OFFICIALS]
    operators = [_operator(row) for row in people if row["role"] == "operator"]
    return render(
        "identity/login.html",
        identities=people,
        officials=officials,
        operators=sorted(operators, key=lambda one: alphabetical(one.organisation)),
        next=urls.safe_next(request.args.get("next")),
    )


@blueprint.post("/login/demo/<int:person_id>")
@public
def login_demo(person_id: int) -> ResponseReturnValue:
    """Enter as a demo identity."""
    if person_id > LARGEST_ID:
        abort(403)
    sessions.sign_in_demo(person_id)
    return redirect(urls.safe_next(request.form.get("next")), 303)


@blueprint.post("/login/demo")
@public
def login_operator() -> ResponseReturnValue:
    """Enter as the demo identity chosen from a list."""
    chosen = request.form.get("person", "")
    if not (chosen.isascii() and chosen.isdecimal() and len(chosen) <= urls.LONGEST_ID):
        abort(422, str(lazy_gettext("Choose an operator from the list.")))
    return login_demo(int(chosen))


@blueprint.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """End the session."""
    sessions.sign_out()
    return redirect(urls.HOME, 303)


def _official(row: db.Row) -> Identity:
    about, icon = OFFICIALS[row["role"]]
    return Identity(
        row["id"],
        row[f"name_{language()}"],
        row[f"organisation_{language()}"],
        role_label=ROLE_LABELS[row["role"]],
        about=about,
        icon=icon,
    )


def _operator(row: db.Row) -> Identity:
    return Identity(
        row["id"],
        row[f"name_{language()}"],
        row[f"organisation_{language()}"],
        code=row["operator_code"] or "",
    )
