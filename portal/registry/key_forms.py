"""Forms for access keys: their fields, and what is read of them."""

from __future__ import annotations

import ipaddress
from datetime import date, datetime, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import current_viewer
from portal.registry.forms import Field
from portal.registry.keys import is_key_id, new_key_id
from portal.registry.names import read_names
from portal.web.formats import kyiv
from portal.web.i18n import LazyString, gettext, lazy_gettext, ngettext
from portal.web.periods import ONE_DAY, midnight, today
from portal.web.rendering import render

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
NARROWED = lazy_gettext("A key is narrowed, never widened: keep the day or an earlier.")
OVERLAPS = (0, 1, 7, 14, LONGEST_OVERLAP)
Wrong = dict[str, LazyString | str]


def last_day(expires_at: datetime | None) -> str:
    """The last day on which a key is valid, as its field holds it."""
    return (kyiv(expires_at) - timedelta(microseconds=1)).date().isoformat() if expires_at else ""


def read_expiry(text: str, present: datetime | None, wrong: Wrong) -> date | None:
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


def read_networks(text: str, wrong: Wrong) -> list[str]:
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


def id_of_form() -> str | None:
    """The id that the form was given for its key."""
    text = request.form.get("key_id", "")
    return text if is_key_id(text) else None


def addresses_field(value: str) -> Field:
    """Where a key may be used from."""
    return Field(
        "addresses",
        gettext("From which addresses"),
        "area",
        value,
        gettext("Addresses or networks, one a line. Empty: from anywhere."),
    )


def new_form(conn: db.Connection, wrong: Wrong) -> ResponseReturnValue:
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
        addresses_field(form.get("addresses", "")),
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


def rotate_form(found: db.Row, wrong: Wrong) -> ResponseReturnValue:
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
    return ngettext("%(num)s day", "%(num)s days", days)


def restrict_form(found: db.Row, wrong: Wrong) -> ResponseReturnValue:
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
        addresses_field(form.get("addresses", "\n".join(found["addresses"]))),
        Field(
            "expires",
            gettext("The last day on which it is valid"),
            "date",
            form.get("expires", last_day(found["expires_at"])),
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
