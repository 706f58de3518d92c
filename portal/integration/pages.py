"""The tracker as the regulator sees it, and as each operator sees its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from portal import db, exports
from portal.errors import NotFound
from portal.exports import Column, NotExportable, Table
from portal.exports.sources import Query
from portal.exports.table import Value
from portal.identity.login import Viewer, audience, current_viewer
from portal.integration import tracker
from portal.integration.tracker import LARGEST_ID, OFFICIALS, STEPS, blueprint
from portal.web.i18n import gettext, language
from portal.web.rendering import render

SHOWS = ("", "overdue", "unfinished", *STEPS)


@blueprint.get("")
@audience(*OFFICIALS)
def market() -> ResponseReturnValue:
    """All licensees and their steps, as page or file; ``show`` narrows them."""
    if exports.wanted():
        try:
            return exports.answer("integration.market")
        except NotExportable as problem:
            raise BadRequest(next(iter(problem.errors.values()))) from problem
    show = _show(request.args)
    with current_viewer().reading() as conn:
        rows = tracker.read(conn)
        present = [one for one in tracker.deadlines(conn) if one["replaced_at"] is None]
    return render(
        "integration/market.html",
        rows=_narrowed(rows, show),
        everybody=len(rows),
        lacking=Counter(one["undone"][0] for one in rows if one["undone"]),
        overdue=sum(bool(one["overdue"]) for one in rows),
        finished=sum(not one["undone"] for one in rows),
        show=show,
        steps=STEPS,
        deadlines=present,
    )


@blueprint.get("/<int:operator_id>")
@audience(*OFFICIALS)
def licensee(operator_id: int) -> ResponseReturnValue:
    """One licensee's steps and what shows each."""
    if not 0 < operator_id <= LARGEST_ID:
        raise NotFound
    return _one(operator_id, own=False)


@blueprint.get("/own")
@audience("operator")
def own() -> ResponseReturnValue:
    """An operator's own steps, what is missing and where it is done."""
    operator_id = current_viewer().operator_id
    if operator_id is None:
        raise NotFound
    return _one(operator_id, own=True)


def _one(operator_id: int, *, own: bool) -> ResponseReturnValue:
    with current_viewer().reading() as conn:
        found = tracker.read(conn, operator_id)
        present = [one for one in tracker.deadlines(conn) if one["replaced_at"] is None]
    if not found:
        raise NotFound
    return render(
        "integration/licensee.html",
        row=found[0],
        steps=tracker.steps_of(found[0], own=own),
        own=own,
        deadlines={one["step"]: one for one in present},
    )


def _show(query: Mapping[str, str]) -> str:
    show = query.get("show", "")
    if show not in SHOWS:
        raise BadRequest
    return show


def _narrowed(rows: list[db.Row], show: str) -> list[db.Row]:
    if show == "overdue":
        return [one for one in rows if one["overdue"]]
    if show == "unfinished":
        return [one for one in rows if one["undone"]]
    return [one for one in rows if show in ("", *one["undone"])]


def build(conn: db.Connection, _viewer: Viewer, _path: Mapping[str, Any], query: Query) -> Table:
    """The tracker as a file."""
    show = _show(query)
    rows = _narrowed(tracker.read(conn), show)
    words = str(STEPS[show]) if show in STEPS else show or gettext("none")
    return Table(
        "integration",
        gettext("Connection of licensees"),
        [(gettext("Filters"), words)],
        {"show": show} if show else {},
        datetime.now(UTC),
        [
            Column("code", gettext("Code")),
            Column("name", gettext("Operator")),
            Column("done", gettext("Steps done"), "count"),
            Column("undone", gettext("Not done")),
            Column("licensed_from", gettext("First licence from"), "moment"),
            Column("people", gettext("People who may enter"), "count"),
            Column("places", gettext("Venues, sites, applications"), "count"),
            Column("games", gettext("Games"), "count"),
            Column("keys", gettext("Access keys"), "count"),
            Column("first_batch_at", gettext("First data"), "moment"),
            Column("last_batch_at", gettext("Last data"), "moment"),
            Column("declared_until", gettext("Declared until"), "date"),
            Column("equipment", gettext("Equipment"), "count"),
            Column("equipment_seen", gettext("Equipment that sends"), "count"),
            Column("data_due", gettext("Data due"), "date"),
            Column("overdue", gettext("Overdue")),
        ],
        _cells(rows),
    )


def _cells(rows: list[db.Row]) -> Iterator[list[Value]]:
    name = f"name_{language()}"
    for one in rows:
        yield [
            one["code"], one[name], len(STEPS) - len(one["undone"]),
            ", ".join(str(STEPS[step]) for step in one["undone"]),
            one["licensed_from"], one["people"], one["places"], one["games"], one["keys"],
            one["first_batch_at"], one["last_batch_at"], one["declared_until"], one["equipment"],
            one["equipment_seen"], one["data_due"],
            ", ".join(str(STEPS[step]) for step in one["overdue"]),
        ]  # fmt: skip
