"""Complaints of the public: about an illegal site, or about a provider that does not block one.

Whoever complains is nobody to us: there is no session, and of the address there is a keyed hash
under a key of the day, which tells floods and nothing else. What was typed is kept in the form.
"""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.config import secret
from portal.errors import NotFound
from portal.identity.login import public
from portal.open_data.site import LANGUAGE, blueprint, parameters, version
from portal.registry import domains
from portal.registry.forms import Field
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.rendering import render
from portal.web.shell import anonymous
from portal.web.turnstile import Turnstile, network

DAY_KEY = "complaint-key"
MOST_BYTES = 32 << 10
LONGEST = {"address": 1000, "provider": 200, "comment": 2000, "contact": 200}
ABOUT: dict[str, LazyString] = {
    "site": lazy_gettext("An illegal site, application, account or advertisement"),
    "provider": lazy_gettext("A provider that does not block a blocked site"),
}
PROBLEMS: dict[str, tuple[str, LazyString]] = {
    "about": ("about", lazy_gettext("Choose what you complain of.")),
    "too_long": ("comment", lazy_gettext("This is too long.")),
    "address": (
        "address",
        lazy_gettext("Give a domain or a whole address, for example example.com."),
    ),
    "licensed": ("address", lazy_gettext("This site is registered: its operator is licensed.")),
    "not_blocked": (
        "address",
        lazy_gettext("This address is not blocked. Complain of the site itself first."),
    ),
    "provider": ("provider", lazy_gettext("Name the provider.")),
    "flood": (
        "address",
        lazy_gettext("Too many complaints came from here within an hour. Try again later."),
    ),
}
STATES: dict[str, tuple[LazyString, str]] = {
    "new": (lazy_gettext("received, waits to be looked at"), "info"),
    "taken": (lazy_gettext("is being looked at"), "info"),
    "blocked": (lazy_gettext("confirmed: measures were taken"), "ok"),
    "rejected": (lazy_gettext("not confirmed"), "quiet"),
}
# Before the database is asked at all: so many at once from one address, and one more every two s.
turnstile = Turnstile(per_second=0.5, at_once=20)


@blueprint.get(f"/{LANGUAGE}/complain")
@public
def complain(lang: str) -> ResponseReturnValue:
    """The form; ``site`` fills the address in."""
    given = parameters("site", "about", longest=LONGEST["address"])
    about = given["about"] if given["about"] in ABOUT else "site"
    return _form(lang, {"address": given["site"], "about": about}, {})


@blueprint.post(f"/{LANGUAGE}/complain")
@public
@anonymous
def send(lang: str) -> ResponseReturnValue:
    """Take a complaint in: its number, or what is wrong at the field, with all that was typed."""
    parameters()
    request.max_content_length = MOST_BYTES
    typed = {
        name: request.form.get(name, "").replace("\0", "").strip() for name in ("about", *LONGEST)
    }
    errors = {
        name: gettext("At most %(count)s characters.", count=most)
        for name, most in LONGEST.items()
        if len(typed[name]) > most
    }
    if errors:
        return _form(lang, typed, errors, status=422)
    # No person sees the field of that name.
    if request.form.get("website") or not turnstile.admits(request.remote_addr):
        return _form(lang, typed, {"address": str(PROBLEMS["flood"][1])}, status=429)
    with db.public() as conn:
        made = db.call(
            conn,
            "open_data.complain",
            typed["about"],
            domains.canonical_address(typed["address"]),
            typed["address"],
            typed["provider"],
            typed["comment"],
            typed["contact"],
            lang,
            origin(request.remote_addr),
        )[0]
    if made["problem"] is not None:
        field, words = PROBLEMS[made["problem"]]
        status = 429 if made["problem"] == "flood" else 422
        return _form(lang, typed, {field: str(words)}, status=status)
    return redirect(url_for("open_data.complaint", lang=lang, number=made["number"]), 303)


@blueprint.get(f"/{LANGUAGE}/complaints")
@public
def find_complaint(lang: str) -> ResponseReturnValue:
    """Ask by a number."""
    wanted = parameters("number", longest=32)["number"].strip()
    if wanted:
        return redirect(url_for("open_data.complaint", lang=lang, number=wanted), 302)
    return _complaint_page(lang, "", None, 200)


@blueprint.get(f"/{LANGUAGE}/complaints/<string:number>")
@public
def complaint(lang: str, number: str) -> ResponseReturnValue:
    """How a complaint stands, for whoever has its number."""
    parameters()
    if len(number) > 32 or "\0" in number:
        raise NotFound
    with db.public() as conn:
        found = db.call(conn, "open_data.complaint_state", number)
    return _complaint_page(lang, number, found[0] if found else None, 200 if found else 404)


def origin(address: str | None) -> bytes:
    """Where a complaint comes from, as a hash that only this day and this instance can make."""
    day = datetime.now(UTC).date().isoformat()
    return hmac.new(secret(DAY_KEY).encode(), f"{day} {network(address)}".encode(), sha256).digest()


def _form(lang: str, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
    made = [
        Field(
            "about", gettext("What you complain of"), "select", typed.get("about", "site"),
            required=True, options=tuple(ABOUT.items()),
        ),
        Field(
            "address", gettext("Address of the site"), value=typed.get("address", ""),
            hint=gettext("A domain or a whole address, as you see it."), required=True,
        ),
        Field(
            "provider", gettext("Provider"), value=typed.get("provider", ""),
            hint=gettext("Only where you complain of a provider."),
        ),
        Field(
            "comment", gettext("What you saw"), "area", typed.get("comment", ""),
            hint=gettext("It is read by officials and published nowhere."),
        ),
        Field(
            "contact", gettext("How to reach you"), value=typed.get("contact", ""),
            hint=gettext("If you like: a complaint may be made by anyone."),
        ),
    ]  # fmt: skip
    fields = [replace(one, error=errors.get(one.name)) for one in made]
    summary = [(one.id, one.error) for one in fields if one.error]
    return _private("open_data/complain.html", status, lang=lang, fields=fields, summary=summary)


def _complaint_page(lang: str, number: str, found: db.Row | None, status: int) -> Response:
    return _private(
        "open_data/complaint.html", status, lang=lang, number=number, found=found, states=STATES
    )


def _private(template: str, status: int, **context: Any) -> Response:
    """A page of what one person typed or asked for: no cache keeps it."""
    with db.public() as conn:
        now = version(conn)
    made = render(template, status=status, made_at=datetime.now(UTC), version=now, **context)
    made.headers["Cache-Control"] = "private, no-store"
    return made
