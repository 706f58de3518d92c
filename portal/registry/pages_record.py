"""One record: what it consists of now or said then, what belongs to it, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.registry import counts, desk, gateway
from portal.registry.actions import actions_for
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Reference,
    Word,
    document_references,
    parts,
    read_catalogue,
    read_titles,
    references,
)
from portal.registry.names import read_names
from portal.registry.pages import KIND, READERS, Errors, blueprint, possible, read_as_of
from portal.web.i18n import gettext
from portal.web.paging import Page, cursor, read_cursor
from portal.web.rendering import render
from portal.web.urls import here

VERSIONS = 20
ORGANISER = "organiser"
PRODUCT = "product"
# Where software runs: register, states in which it does, attributes with its name and version.
USES = (
    ("equipment", ("registered", "installed", "blocked"), "model", "software_version"),
    ("game", ("upcoming", "active"), "title", "version"),
)


@dataclass(frozen=True)
class Related:
    """Records that belong to this one: what they are, how many, and the list of them."""

    label: str
    number: int
    address: str


@dataclass(frozen=True)
class Difference:
    """What a version changed in one attribute."""

    attribute: Attribute
    old: Any
    new: Any


@dataclass(frozen=True)
class Version:
    """A version of a record: when, by whom and why it was recorded, and what it changed."""

    number: int
    recorded_from: datetime
    actor: str
    change_id: int | None
    reason: str | None
    state: Word
    old_state: Word | None
    differences: list[Difference]


@blueprint.get(f"/{KIND}/<int:record_id>")
@audience(*READERS)
def record(kind: str, record_id: int) -> ResponseReturnValue:
    """One record, now or as of a moment; another's and none are answered alike."""
    errors: Errors = {}
    as_of = read_as_of(request.args, errors)
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn, kind)
        own = catalogue.kind(kind)
        now = gateway.record(conn, kind, possible(record_id))
        shown = _then(conn, now, kind, as_of)
        names = read_names(conn)
        titles = read_titles(conn, document_references(own, shown["document"])) if shown else {}
        belongs = related(conn, catalogue, own, now)
        actions = actions_for(conn, current_viewer(), kind, now)
        people = desk.People(conn, [shown["actor"]] if shown else [])
    return render(
        "registry/record.html",
        status=422 if errors else 200,
        catalogue=catalogue,
        kind=own,
        now=now,
        record=shown,
        as_of=as_of,
        errors=errors,
        summary=[("filter-as_of", text) for text in errors.values()],
        names=names,
        titles=titles,
        related=belongs,
        actions=actions,
        people=people,
        parts=parts,
    )


@blueprint.get(f"/{KIND}/<int:record_id>/history")
@audience(*READERS)
def history(kind: str, record_id: int) -> ResponseReturnValue:
    """Every version of a record with what it changed, the newest first."""
    before = read_cursor(request.args, int)
    if before is not None:
        possible(before)
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn, kind)
        own = catalogue.kind(kind)
        now = gateway.record(conn, kind, possible(record_id))
        rows = gateway.history(conn, kind, record_id, before=before, limit=VERSIONS + 1)
        made = versions(catalogue, own, rows)
        people = desk.People(conn, (version.actor for version in made))
        titles = read_titles(
            conn,
            (
                one
                for version in made
                for difference in version.differences
                for value in (difference.old, difference.new)
                for one in references(difference.attribute, value)
            ),
        )
    shown = made[:VERSIONS]
    older = here(cursor=cursor(shown[-1].number)) if len(made) > VERSIONS else None
    return render(
        "registry/history.html",
        catalogue=catalogue,
        kind=own,
        record=now,
        page=Page(shown, here() if before is not None else None, older),
        titles=titles,
        people=people,
        parts=parts,
    )


def versions(catalogue: Catalogue, kind: Kind, rows: list[db.Row]) -> list[Version]:
    """The rows of the history by version."""
    made = []
    for _, group in groupby(rows, key=lambda row: row["version"]):
        own = list(group)
        first = own[0]
        known = ((kind.attribute(row["attribute"] or ""), row) for row in own)
        made.append(
            Version(
                first["version"],
                first["recorded_from"],
                first["actor"],
                first["change_id"],
                first["reason"],
                catalogue.state(kind, first["new_state"]),
                catalogue.state(kind, first["old_state"]) if first["old_state"] else None,
                [
                    Difference(attribute, row["old_value"], row["new_value"])
                    for attribute, row in known
                    if attribute and attribute.name != "state"  # told beside the version, in words
                ],
            )
        )
    return made


def related(conn: db.Connection, catalogue: Catalogue, kind: Kind, row: db.Row) -> list[Related]:
    """What belongs to a record: an organiser's registers, or what refers to anything else."""
    owner = row["operator_id"]
    if kind.kind == ORGANISER:
        numbers = counts.by_state(conn, owner)
        return [
            Related(
                other.plural,
                sum(numbers.get(other.kind, {}).values()),
                url_for("registry.records", kind=other.kind, operator=owner),
            )
            for other in catalogue.kinds.values()
            if other.kind != ORGANISER and other.of_operators
        ]
    if kind.kind == PRODUCT:
        return _used(conn, catalogue, row) + _referring(conn, catalogue, kind, row)
    return _referring(conn, catalogue, kind, row)


def _used(conn: db.Connection, catalogue: Catalogue, row: db.Row) -> list[Related]:
    """What runs a product's software today, by its checksum; by name and version without one."""
    document = row["document"]
    made = []
    for kind, states, named, version in USES:
        filters: dict[str, list[str]] = {"state": list(states)}
        if checksum := document.get("software_sha256"):
            filters["software_sha256"] = [checksum]
        else:
            filters |= {named: [document["name"]], version: [document["version"]]}
        found = gateway.facets(conn, kind, filters=filters, search="", as_of=None)
        made.append(
            Related(
                gettext("Used today: %(register)s", register=catalogue.kind(kind).plural),
                next((one["record_count"] for one in found if one["facet"] == "total"), 0),
                url_for("registry.records", kind=kind, **filters),  # type: ignore[arg-type]
            )
        )
    return made


def _referring(conn: db.Connection, catalogue: Catalogue, kind: Kind, row: db.Row) -> list[Related]:
    owner = row["operator_id"]
    target = Reference(kind.kind, row["record_id"])
    return [
        Related(
            catalogue.kind(one.kind).plural,
            one.number,
            url_for(
                "registry.records",
                kind=one.kind,
                operator=owner or None,
                **{one.attribute: row["record_id"]},
            ),
        )
        for one in counts.referring(conn, target, owner)
        if one.number
    ]


def _then(conn: db.Connection, now: db.Row, kind: str, as_of: datetime | None) -> db.Row | None:
    """What the registry said at a moment; None where it had no such record yet."""
    if as_of is None:
        return now
    try:
        return gateway.record(conn, kind, now["record_id"], as_of)
    except NotFound:
        return None
