"""Operators at a glance: licences, objects, how their systems do, what of them waits."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry import gateway
from portal.registry.catalogue import read_catalogue
from portal.registry.differences import record_address
from portal.registry.pages import blueprint, own_links, read_search
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.paging import Page, both_ways
from portal.web.rendering import render
from portal.web.urls import here, page_address

READERS = ("regulator", "auditor")
OPERATORS = 50
# How an operator's systems do: words, and how they look.
INTEGRATION: dict[str, tuple[LazyString, str]] = {
    "working": (lazy_gettext("Working"), "ok"),
    "silent": (lazy_gettext("Silent"), "bad"),
    "waiting": (lazy_gettext("Waiting for data"), "attention"),
    "none": (lazy_gettext("No live key"), "quiet"),
}
# Columns with numbers: heading, entry in the glossary, and the register behind them with its state.
NUMBERS: dict[str, tuple[LazyString, str, tuple[str, str] | None]] = {
    "licences_active": (lazy_gettext("Licences in force"), "licence", ("licence", "active")),
    "venues": (lazy_gettext("Venues"), "channel", ("venue", "active")),
    "websites": (lazy_gettext("Websites"), "channel", ("website", "active")),
    "mobile_applications": (
        lazy_gettext("Applications"),
        "channel",
        ("mobile_application", "active"),
    ),
    "equipment": (lazy_gettext("Equipment installed"), "equipment", ("equipment", "installed")),
    "games": (lazy_gettext("Games"), "game", ("game", "active")),
    "changes_open": (lazy_gettext("Open changes"), "change_request", None),
}
SORTS = ("name", "last_data_at", *NUMBERS)


@blueprint.get("/operators")
@audience(*READERS)
def operators() -> ResponseReturnValue:
    """Operators on one line each, a page at a time."""
    wanted = read_search(request.args)
    errors: dict[str, LazyString] = {}
    integration = request.args.get("integration", "")
    if integration and integration not in INTEGRATION:
        errors["integration"] = lazy_gettext("Choose from the list.")
    sort, descending = _order(request.args)
    page, counts, more = Page[db.Row]([], None, None), dict.fromkeys(INTEGRATION, 0), False
    with current_viewer().reading() as conn:
        catalogue = read_catalogue(conn)
        if not errors:
            page = _page(conn, wanted, integration, sort, descending=descending)
            for row in gateway.operators_by_integration(conn, wanted):
                counts[row["integration"]] = row["operator_count"]
                more = row["more"]
    chips = []
    if wanted:
        chips.append((gettext("Search"), wanted, here(q=None)))
    if integration in INTEGRATION:
        chips.append(
            (gettext("Integration"), str(INTEGRATION[integration][0]), here(integration=None))
        )
    return render(
        "registry/operators.html",
        "list",
        status=422 if errors else 200,
        page=page,
        total=counts.get(integration, sum(counts.values())),
        more=more,
        counts=counts,
        catalogue=catalogue,
        words=INTEGRATION,
        integrations=[(state, word) for state, (word, _) in INTEGRATION.items()],
        numbers=NUMBERS,
        wanted=wanted,
        integration=integration,
        sort=sort,
        descending=descending,
        chips=chips,
        errors=errors,
        summary=[(f"filter-{name}", text) for name, text in errors.items()],
        record_address=record_address,
        behind=_behind,
    )


def _page(
    conn: db.Connection, wanted: str, integration: str, sort: str, *, descending: bool
) -> Page[db.Row]:
    """The operators after the cursor of the address or, ``back``, those before it."""
    cursor = request.args.get("cursor", "") or None
    backward = bool(cursor and request.args.get("back"))
    with own_links():
        rows = gateway.operators_at_a_glance(
            conn,
            search=wanted,
            integration=integration or None,
            sort=f"title_{language()}" if sort == "name" else sort,
            descending=descending,
            cursor=cursor,
            backward=backward,
            limit=OPERATORS + 1,
        )
    return both_ways(
        rows, OPERATORS, lambda row: str(row["cursor"]), continued=bool(cursor), backward=backward
    )


def _behind(operator_id: int, name: str) -> str | None:
    """The records that a number counts."""
    _, _, register = NUMBERS[name]
    if register is None:
        return page_address("registry.queue", operator=operator_id, state="any")
    kind, state = register
    return page_address("registry.records", kind=kind, operator=operator_id, state=state)


def _order(query: Mapping[str, str]) -> tuple[str, bool]:
    sort = query.get("sort", "")
    if sort not in SORTS:
        return "name", False
    return sort, query.get("dir", "asc" if sort == "name" else "desc") == "desc"
