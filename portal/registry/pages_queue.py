"""The queue of applications and changes, for officials: what waits longest comes first."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import request
from flask.typing import ResponseReturnValue

from portal.identity.login import Viewer, audience, current_viewer
from portal.registry import desk, gateway
from portal.registry.catalogue import Catalogue, read_catalogue
from portal.registry.deeds import deed
from portal.registry.names import Names, read_names
from portal.registry.pages import blueprint
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.paging import both_ways, cursor, read_cursor
from portal.web.rendering import render
from portal.web.urls import here

OFFICIALS = ("regulator", "registrar", "auditor")
DECIDERS = frozenset({"regulator", "registrar"})
CHANGES = 50
ANY = "any"


def actor_of(viewer: Viewer) -> str:
    """What the database writes of this person into logs."""
    return f"{desk.PERSON}{viewer.person_id}"


@blueprint.get("/queue")
@audience(*OFFICIALS)
def queue() -> ResponseReturnValue:
    """Applications and changes by state, register, operator and official."""
    viewer = current_viewer()
    after = read_cursor(request.args, int)
    backward = after is not None and bool(request.args.get("back"))
    errors: dict[str, LazyString] = {}
    with viewer.reading() as conn:
        catalogue = read_catalogue(conn)
        names = read_names(conn)
        counts = desk.waiting_by_state(conn)
        state, kind, mine = _narrowing(catalogue, errors)
        wanted = request.args.get("operator", "")
        operator = names.operator(wanted) if wanted else None
        if wanted and not operator:
            errors["operator"] = lazy_gettext("There is no such operator.")
        rows = []
        if not errors:
            rows = gateway.changes(
                conn,
                states=list(desk.WAITING) if not state else None if state == ANY else [state],
                kind=kind,
                operator_id=operator.id if operator else None,
                assignee=actor_of(viewer) if mine else None,
                after=after,
                limit=CHANGES + 1,
                backward=backward,
            )
        people = desk.People(conn, (row["assignee"] for row in rows))
    return render(
        "registry/queue.html",
        "list",
        status=422 if errors else 200,
        page=both_ways(
            rows,
            CHANGES,
            lambda row: cursor(row["id"]),
            continued=after is not None,
            backward=backward,
        ),
        errors=errors,
        summary=[(f"filter-{field}", text) for field, text in errors.items()],
        catalogue=catalogue,
        names=names,
        people=people,
        counts=counts,
        states=_states(catalogue, counts),
        kinds=[(one.kind, one.plural) for one in catalogue.kinds.values() if one.proposable],
        state=state,
        kind=kind,
        operator=operator,
        mine=mine,
        chips=_chips(catalogue, names, state, kind, mine),
        deed=deed,
        now=datetime.now(UTC),
    )


def _narrowing(
    catalogue: Catalogue, errors: dict[str, LazyString]
) -> tuple[str | None, str | None, bool]:
    """State, register and whether only one's own; what there is not is said in ``errors``."""
    state, kind, whose = (request.args.get(name) or None for name in ("state", "kind", "whose"))
    if state and state != ANY and (state == "draft" or state not in catalogue.states["change"]):
        errors["state"] = lazy_gettext("There is no such state.")
    if kind and kind not in catalogue.kinds:
        errors["kind"] = lazy_gettext("There is no such register.")
    if whose not in (None, "mine"):
        errors["whose"] = lazy_gettext("Choose from the list.")
    return state, kind, whose == "mine"


def _states(catalogue: Catalogue, counts: dict[str, int]) -> list[tuple[str, str]]:
    """States to choose from, those that are not final with their numbers."""
    known = [word for word in catalogue.states["change"].values() if word.value != "draft"]
    told = [
        (word.value, word.name if word.final else f"{word.name} ({counts.get(word.value, 0)})")
        for word in known
    ]
    return [*told, (ANY, gettext("In any state"))]


def _chips(
    catalogue: Catalogue, names: Names, state: str | None, kind: str | None, mine: bool
) -> list[tuple[str, str, str]]:
    chips = []
    if state:
        told = gettext("In any state") if state == ANY else catalogue.state(None, state).name
        chips.append((gettext("State"), told, here(state=None)))
    if kind in catalogue.kinds:
        chips.append((gettext("Register"), catalogue.kinds[kind].plural, here(kind=None)))
    operator = names.operator(request.args.get("operator", ""))
    if operator:
        chips.append((gettext("Operator"), operator.name, here(operator=None)))
    if mine:
        chips.append((gettext("Official"), gettext("mine"), here(whose=None)))
    return chips
