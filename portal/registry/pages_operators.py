"""Operators at a glance: licences, objects, how their systems do, what of them waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal import db
from portal.identity.login import audience, current_viewer
from portal.registry import gateway
from portal.registry.catalogue import read_catalogue
from portal.registry.differences import record_address
from portal.registry.pages import blueprint, read_search
from portal.web.alphabet import alphabetical
from portal.web.i18n import LazyString, gettext, language, lazy_gettext
from portal.web.paging import Page, cursor, read_cursor
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


def fitting(rows: Sequence[db.Row], wanted: str) -> list[db.Row]:
    """Rows in whose name or code each of the words is."""
    words = folded(wanted).split()
    return [
        row
        for row in rows
        if all(
            word in folded(f"{row['title_uk']} {row['title_en']} {row['code']}"
                           f" {row.get('taxpayer_code', '')}")
            for word in words
        )
    ]  # fmt: skip


def folded(text: str) -> str:
    """Without case, apostrophes and the difference of ґ and г."""
    kept = (char for char in text.casefold().replace("ґ", "г") if char not in "'’ʼ`")
    return "".join(kept)


def page_of(rows: list[db.Row], size: int, key: str) -> Page[db.Row]:
    """A page of rows that are all at hand; a cursor is the key of the row before it."""
    after = read_cursor(request.args, int)
    start = 0
    if after is not None:
        start = next((n for n, row in enumerate(rows, 1) if row[key] == after), 0)
    before = None
    if start:
        back = max(0, start - size)
        before = here(cursor=cursor(rows[back - 1][key])) if back else here()
    following = (
        here(cursor=cursor(rows[start + size - 1][key])) if start + size < len(rows) else None
    )
    return Page(rows[start : start + size], before, following)


@blueprint.get("/operators")
@audience(*READERS)
def operators() -> ResponseReturnValue:
    """All operators on one line each."""
    wanted = read_search(request.args)
    errors: dict[str, LazyString] = {}
    integration = request.args.get("integration", "")
    if integration and integration not in INTEGRATION:
        errors["integration"] = lazy_gettext("Choose from the list.")
    with current_viewer().reading() as conn:
        rows = [
            row | {"title_uk": row["name_uk"], "title_en": row["name_en"]}
            for row in gateway.operators_at_a_glance(conn)
        ]
        catalogue = read_catalogue(conn)
    counts = {state: sum(row["integration"] == state for row in rows) for state in INTEGRATION}
    shown = fitting(rows, wanted)
    if integration:
        shown = [row for row in shown if row["integration"] == integration]
    sort, descending = _order(request.args)
    shown.sort(key=lambda row: _place(row, sort), reverse=descending)
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
        page=page_of(shown, OPERATORS, "operator_id"),
        total=len(shown),
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


def _place(row: db.Row, sort: str) -> tuple[Any, ...]:
    name = alphabetical(row[f"title_{language()}"])
    if sort == "name":
        return (name, row["operator_id"])
    if sort == "last_data_at":
        last = row["last_data_at"]
        return (last.timestamp() if last else 0.0, name)
    return (row[sort], name)
