"""What states, acts and steps of appointments are called."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from portal import db
from portal.web.formats import ABSENT, date_time
from portal.web.i18n import LazyString, gettext, language, lazy_gettext

# Of an appointment: its word and its tone.
STATES: dict[str, tuple[LazyString, str]] = {
    "proposed": (lazy_gettext("waits for a second official"), "info"),
    "in_force": (lazy_gettext("holds"), "ok"),
    "planned": (lazy_gettext("begins later"), "info"),
    "suspended": (lazy_gettext("suspended"), "attention"),
    "ended": (lazy_gettext("ended"), "quiet"),
    "refused": (lazy_gettext("not appointed"), "quiet"),
    "by_powers": (lazy_gettext("by the registered powers"), "quiet"),
}
# Of a proposal.
PROPOSALS: dict[str, tuple[LazyString, str]] = {
    "proposed": (lazy_gettext("waits for a second official"), "info"),
    "confirmed": (lazy_gettext("confirmed"), "ok"),
    "refused": (lazy_gettext("refused"), "bad"),
    "withdrawn": (lazy_gettext("withdrawn"), "quiet"),
}
ACTIONS: dict[str, LazyString] = {
    "appoint": lazy_gettext("Appoint"),
    "change": lazy_gettext("Change the role"),
    "suspend": lazy_gettext("Suspend the role"),
    "resume": lazy_gettext("Resume the role"),
    "end": lazy_gettext("End the role"),
}
# What follows when it is confirmed.
CONSEQUENCES: dict[str, LazyString] = {
    "appoint": lazy_gettext("Once confirmed, the person enters and works in this role."),
    "change": lazy_gettext(
        "Once confirmed, the role held now ends and the new one holds from the next request."
    ),
    "suspend": lazy_gettext(
        "Once confirmed, the person is out with the next request until the role is resumed."
    ),
    "resume": lazy_gettext("Once confirmed, the person works in the role again."),
    "end": lazy_gettext("Once confirmed, the person is out with the next request."),
}
DEEDS: dict[str, LazyString] = {
    "proposed": lazy_gettext("proposed"),
    "confirmed": lazy_gettext("confirmed"),
    "refused": lazy_gettext("refused"),
    "withdrawn": lazy_gettext("withdrawn"),
    "appointed_first": lazy_gettext("appointed at the command line"),
    "set_by_owner": lazy_gettext("decided by the operator's owner"),
}
AREAS: dict[str, LazyString] = {
    "sight": lazy_gettext("What the database lets it see"),
    "report": lazy_gettext("Reports"),
    "registry": lazy_gettext("Registers"),
    "money": lazy_gettext("Taxes, fees, declarations"),
    "access": lazy_gettext("Keys and access"),
    "people": lazy_gettext("People and roles"),
    "own": lazy_gettext("Own work"),
}
# As what the database enforces a role's sight.
AUTHORITIES: dict[str, LazyString] = {
    "regulator": lazy_gettext("appointed by the regulator's supervisors"),
    "tax_service": lazy_gettext("appointed by the tax service's supervisors"),
    "operator": lazy_gettext("of an operator"),
}
WRONG: dict[str, LazyString] = {
    "required": lazy_gettext("Fill this in."),
    "choice": lazy_gettext("Choose from the list a role that is not held already."),
    "past": lazy_gettext("A decision holds from now on or from later on, never from before."),
    "moment": lazy_gettext("At most a year from now."),
    "reversed": lazy_gettext("The end is not after the beginning."),
    "number": lazy_gettext("The check digit of this taxpayer number is wrong."),
    "taken": lazy_gettext("There is an official with this number already."),
    "too_long": lazy_gettext("This is too long."),
}
# Why a decision was not carried out.
REFUSED: dict[str, LazyString] = {
    "own": lazy_gettext("Another official decides than the one who proposed, who alone withdraws."),
    "self": lazy_gettext("Nobody decides of themselves."),
    "last": lazy_gettext(
        "Fewer than two would be left who appoint. Appoint somebody to this role first."
    ),
}


def name_of(row: db.Row) -> str:
    """A name in the language of the request."""
    return str(row[f"name_{language()}"])


def role_names(rows: list[db.Row]) -> dict[str, str]:
    """Roles by code, in the language of the request."""
    return {row["code"]: name_of(row) for row in rows}


def facts(document: dict[str, Any] | None, names: dict[str, str]) -> dict[str, str]:
    """An appointment as history keeps it, in words: label -> value."""
    if document is None:
        return {}
    until = document.get("until")
    return {
        gettext("Role"): names.get(document["role"], document["role"]),
        gettext("State"): str(STATES[document["state"]][0]),
        gettext("From"): date_time(datetime.fromisoformat(document["from"])),
        gettext("Until"): (
            date_time(datetime.fromisoformat(until)) if until else gettext("no end")
        ),
    }


def differences(event: db.Row, names: dict[str, str]) -> list[tuple[str, str, str]]:
    """What a step made different: label, before, after."""
    before, after = facts(event["before"], names), facts(event["after"], names)
    return [
        (label, before.get(label, ABSENT), after.get(label, ABSENT))
        for label in after or before
        if before.get(label) != after.get(label)
    ]
