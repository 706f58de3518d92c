"""The registers: all of them with their numbers, and each as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal import db, exports
from portal.identity.login import audience, current_viewer
from portal.registry import counts, gateway
from portal.registry.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Reference,
    document_references,
    read_catalogue,
    read_titles,
)
from portal.registry.names import read_names
from portal.registry.pages import KIND, READERS, blueprint, own_links
from portal.registry.pages_lists_filters import ListFilters, narrowed, read_filters
from portal.registry.pages_lists_words import chips, chosen_references, worded
from portal.web.i18n import gettext
from portal.web.paging import Page, both_ways
from portal.web.rendering import render

ROWS = 50
SHOWN_CHOICES = 10
SORTED_BY = {"since": "since_attribute", "until": "until_attribute"}
FIELDS = {"as_of": "filter-as_of", "operator": "filter-operator"}


@dataclass(frozen=True)
class Choice:
    """What a facet offers: a value, how many records it would show, and the address that does."""

    label: str
    count: int
    chosen: bool
    address: str


@dataclass(frozen=True)
class Facet:
    """Choices of one facet, the most frequent first; ``left`` are not shown."""

    label: str
    choices: list[Choice]
    left: int


@dataclass(frozen=True)
class Column:
    """A heading of the list and, where the list can be sorted by it, by what name."""

    attribute: Attribute
    sort: str | None


@blueprint.get("")
@audience(*READERS)
def index() -> ResponseReturnValue:
    """All registers, with how many records they hold and in which states."""
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn)
        numbers = counts.by_state(conn)
    return render("registry/index.html", catalogue=catalogue, numbers=numbers)


@blueprint.get(f"/{KIND}")
@audience(*READERS)
def records(kind: str) -> ResponseReturnValue:
    """One register as page or as a file of any kind: forms of the same filters."""
    viewer = current_viewer()
    wrong: exports.Errors = {}
    if exports.wanted():
        try:
            return exports.answer("registry.records")
        except exports.NotExportable as problem:
            wrong = problem.errors
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn, kind)
        own = catalogue.kind(kind)
        names = read_names(conn)
        filters = read_filters(request.args, catalogue, own, names)
        filters.errors.update(wrong)
        place = _place()
        numbers = _numbers(conn, filters, place)
        page = Page[db.Row]([], None, None)
        if not filters.errors:
            page = _page(conn, filters, place, numbers.page)
        titles = _titles(conn, own, filters, page.rows)
    return render(
        "registry/list.html",
        "list",
        status=422 if filters.errors else 200,
        catalogue=catalogue,
        kind=own,
        names=names,
        filters=filters,
        summary=[(FIELDS.get(name, "main"), text) for name, text in filters.errors.items()],
        page=page,
        titles=titles,
        columns=columns(own),
        chips=chips(catalogue, filters, titles, viewer.role == "operator"),
        clear=url_for("registry.records", kind=kind),
        total=numbers.total,
        more=numbers.more,
        facets=facets(catalogue, filters, numbers.rows),
        first=narrowed() if request.args.get("cursor") else None,
        read_at=datetime.now(UTC),
    )


def columns(kind: Kind) -> list[Column]:
    """What a list shows of each record, besides its name, code, owner and state."""
    named = {kind.code_attribute, kind.title_uk_attribute, kind.title_en_attribute}
    by_name = {getattr(kind, attribute): sort for sort, attribute in SORTED_BY.items()}
    return [
        Column(attribute, by_name.get(attribute.name))
        for attribute in kind.attributes
        if attribute.listed and not attribute.private and attribute.name not in named
    ]


@dataclass(frozen=True)
class Numbers:
    """How many records there are under the filters, ``more``: at least; and by facet."""

    rows: list[db.Row]
    total: int
    more: bool
    page: str | None = None  # the ids of the page, where the records had to be looked for


@dataclass(frozen=True)
class Place:
    """From where the page is read: after a row of the list or, backward, before it."""

    cursor: str | None
    backward: bool


def _place() -> Place:
    cursor = request.args.get("cursor", "") or None
    return Place(cursor, bool(cursor and request.args.get("back")))


def _numbers(conn: db.Connection, filters: ListFilters, place: Place) -> Numbers:
    if filters.errors:
        return Numbers([], 0, False)
    with own_links():
        rows = gateway.facets(
            conn,
            filters.kind.kind,
            filters=filters.conditions,
            search=filters.search,
            as_of=filters.as_of,
            sort=filters.column,
            descending=filters.descending,
            cursor=place.cursor,
            backward=place.backward,
            limit=ROWS + 1,
        )
    by_facet = {row["facet"]: row for row in rows}
    total, page = by_facet.get("total"), by_facet.get("page")
    return Numbers(
        rows,
        total["record_count"] if total else 0,
        bool(total and total["more"]),
        page["value"] if page else None,
    )


def facets(catalogue: Catalogue, filters: ListFilters, rows: list[db.Row]) -> list[Facet]:
    """Choices by facet: states in their order, others by how frequent they are."""
    kind = filters.kind
    places = {state: place for place, state in enumerate(catalogue.states.get(kind.state_by, {}))}
    made = []
    for name in ("state", *kind.facets):
        chosen = filters.chosen.get(name, [])
        own = [row for row in rows if row["facet"] == name and row["value"]]
        if name == "state":
            own.sort(key=lambda row: places.get(row["value"], len(places)))
        frequent = {row["value"] for row in own[:SHOWN_CHOICES]}
        picked = [row for row in own if row["value"] in frequent or row["value"] in chosen]
        choices = [
            Choice(
                worded(catalogue, kind, name, row["value"], {})[1],
                row["record_count"],
                row["value"] in chosen,
                _toggled(name, row["value"], chosen),
            )
            for row in picked
        ]
        attribute = kind.attribute(name)
        label = gettext("State") if name == "state" or not attribute else attribute.label
        if choices:
            made.append(Facet(label, choices, len(own) - len(picked)))
    return made


def _toggled(name: str, value: str, chosen: list[str]) -> str:
    others = [one for one in chosen if one != value]
    return narrowed(**{name: (others if value in chosen else [*others, value]) or None})


def _page(
    conn: db.Connection, filters: ListFilters, place: Place, among: str | None
) -> Page[db.Row]:
    """The rows after the cursor of the address or, ``back``, those before it."""
    with own_links():
        rows = gateway.records(
            conn,
            filters.kind.kind,
            filters=filters.conditions,
            search=filters.search,
            sort=filters.column,
            descending=filters.descending,
            cursor=place.cursor,
            backward=place.backward,
            limit=ROWS + 1,
            as_of=filters.as_of,
            among=among,
        )
    return both_ways(
        rows,
        ROWS,
        lambda row: str(row["cursor"]),
        continued=bool(place.cursor),
        backward=place.backward,
    )


def _titles(
    conn: db.Connection, kind: Kind, filters: ListFilters, rows: list[db.Row]
) -> dict[Reference, Any]:
    """What the rows and the filters refer to."""
    wanted = [one for row in rows for one in document_references(kind, row["document"])]
    return read_titles(conn, [*wanted, *chosen_references(kind, filters)])
