"""Pages of saved views: save, open, rename, share, remove and bring back."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import psycopg
from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import db
from portal.errors import NotFound
from portal.identity.login import audience, current_viewer
from portal.saved import gateway
from portal.saved.targets import (
    Target,
    address,
    kept,
    link_about_this_page,
    open_to,
    target,
)
from portal.web import navigation
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.navigation import NavItem
from portal.web.rendering import render

EVERYBODY = tuple(sorted(navigation.ROLES))
MINE = lazy_gettext("My work")
LONGEST_NAME = 120
LONGEST_ADDRESS = 16 * 1024
LARGEST_ID = 2**63 - 1
TAKEN = lazy_gettext("You have a view of this name already. Choose another name.")
REFUSALS: dict[str, LazyString] = {
    "DZX04": TAKEN,
    "DZX05": lazy_gettext("You have saved a hundred views. Remove one that you do not need."),
}

blueprint = Blueprint("saved", __name__, url_prefix="/views")


@blueprint.get("")
@audience(*EVERYBODY)
def index() -> ResponseReturnValue:
    """One's own views, and those that others share."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        rows = [_shown(conn, row) for row in gateway.views(conn)]
        gone = gateway.removed(conn, viewer.person_id)
        people = gateway.people(conn, [row["person_id"] for row in rows])
    return render(
        "saved/index.html",
        own=[row for row in rows if row["person_id"] == viewer.person_id],
        others=[row for row in rows if row["person_id"] != viewer.person_id],
        gone=gone,
        people=people,
    )


def _shown(conn: db.Connection, row: db.Row) -> db.Row:
    """A view with what its page is called; '' where that page is no longer there for the viewer."""
    own = target(row["target"])
    there = own is not None and open_to(own, current_viewer().role)
    return {**row, "label": _label(own, conn, row["parameters"]) if own and there else ""}


def _label(own: Target, conn: db.Connection, parameters: dict[str, Any]) -> str:
    try:
        return str(own.label(conn, parameters.get("path", {})))
    except (NotFound, KeyError):
        return ""


@blueprint.get("/<int:view_id>")
@audience(*EVERYBODY)
def show(view_id: int) -> ResponseReturnValue:
    """Open a view: the page answers with the rights of whoever opens it."""
    with current_viewer().reading() as conn:
        row = gateway.view(conn, _possible(view_id))
        own = target(row["target"]) if row else None
        if row is None or own is None or not open_to(own, current_viewer().role):
            raise NotFound
        saved = row["parameters"]
        pairs = [(name, one) for name, values in saved["query"].items() for one in values]
        place = address(own, *kept(own, conn, saved["path"], pairs))
    if place is None:
        raise NotFound
    return redirect(place, 303)


@blueprint.get("/new")
@audience(*EVERYBODY, permission="view.save")
def new() -> ResponseReturnValue:
    """The form that names a view."""
    asked = {name: request.args.get(name, "") for name in ("target", "path", "query")}
    return _form(asked)


@blueprint.post("")
@audience(*EVERYBODY, permission="view.save")
def save() -> ResponseReturnValue:
    """Save a view and go back to its page."""
    asked = {name: request.form.get(name, "") for name in ("target", "path", "query")}
    own, path, query = _asked(asked)
    name, shared = _named()
    error = _wrong(name)
    if error:
        return _form(asked, name, shared, error)
    with current_viewer().reading() as conn:
        inside, found = kept(own, conn, path, query)
        place = address(own, inside, found)
        if place is None:
            raise NotFound
        try:
            with conn.transaction():
                gateway.save_view(
                    conn, name, own.endpoint, {"path": inside, "query": found}, shared
                )
        except psycopg.Error as problem:
            refusal = REFUSALS.get(problem.sqlstate or "")
            if refusal is None:
                raise
            return _form(asked, name, shared, refusal)
    flash(gettext("Saved as “%(name)s”.", name=name), "success")
    return redirect(place, 303)


@blueprint.get("/<int:view_id>/edit")
@audience(*EVERYBODY, permission="view.save")
def edit(view_id: int) -> ResponseReturnValue:
    """The form with its name and who sees it."""
    row = _own(view_id)
    return _edit_form(row, row["name"], row["shared"])


@blueprint.post("/<int:view_id>/edit")
@audience(*EVERYBODY, permission="view.save")
def rename(view_id: int) -> ResponseReturnValue:
    """Name it anew, share it or keep it."""
    row = _own(view_id)
    name, shared = _named()
    error = _wrong(name)
    if error:
        return _edit_form(row, name, shared, error)
    try:
        with current_viewer().reading() as conn:
            if not gateway.rename_view(conn, view_id, name, shared):
                raise NotFound
    except psycopg.Error as problem:
        if problem.sqlstate not in REFUSALS:
            raise
        return _edit_form(row, name, shared, REFUSALS[problem.sqlstate])
    return redirect(url_for("saved.index"), 303)


@blueprint.post("/<int:view_id>/remove")
@audience(*EVERYBODY, permission="view.save")
def remove(view_id: int) -> ResponseReturnValue:
    """Remove it; the list offers to bring it back."""
    with current_viewer().reading() as conn:
        if not gateway.remove_view(conn, _possible(view_id), True):
            raise NotFound
    flash(gettext("The view was removed. Below it can be brought back for 30 days."), "info")
    return redirect(url_for("saved.index"), 303)


@blueprint.post("/<int:view_id>/restore")
@audience(*EVERYBODY, permission="view.save")
def restore(view_id: int) -> ResponseReturnValue:
    """Bring a removed view back."""
    try:
        with current_viewer().reading() as conn:
            if not gateway.remove_view(conn, _possible(view_id), False):
                raise NotFound
    except psycopg.Error as problem:
        if problem.sqlstate not in REFUSALS:
            raise
        flash(str(TAKEN), "warning")
    return redirect(url_for("saved.index"), 303)


def _possible(view_id: int) -> int:
    if not 0 < view_id <= LARGEST_ID:
        raise NotFound
    return view_id


def _own(view_id: int) -> db.Row:
    """The caller's own view; NotFound for any other."""
    viewer = current_viewer()
    with viewer.reading() as conn:
        row = gateway.view(conn, _possible(view_id))
    if row is None or row["person_id"] != viewer.person_id:
        raise NotFound
    return row


def _named() -> tuple[str, bool]:
    name = " ".join(request.form.get("name", "").replace("\0", "").split())
    return name, request.form.get("shared") == "yes"


def _wrong(name: str) -> LazyString | None:
    if not name:
        return lazy_gettext("Give the view a name.")
    if len(name) > LONGEST_NAME:
        return lazy_gettext("A name has at most 120 characters.")
    return None


def _asked(asked: dict[str, str]) -> tuple[Target, dict[str, Any], list[tuple[str, str]]]:
    """The page, its path and query as a form names them; NotFound for what is no such page."""
    own = target(asked["target"])
    if own is None or not open_to(own, current_viewer().role):
        raise NotFound
    if len(asked["path"]) > LONGEST_ADDRESS or len(asked["query"]) > LONGEST_ADDRESS:
        abort(400)
    try:
        path = json.loads(asked["path"] or "{}")
    except (ValueError, RecursionError):
        abort(400)
    if not isinstance(path, dict):
        abort(400)
    return own, path, parse_qsl(asked["query"])


def _form(
    asked: dict[str, str], name: str = "", shared: bool = False, error: LazyString | None = None
) -> ResponseReturnValue:
    own, path, query = _asked(asked)
    with current_viewer().reading() as conn:
        inside, found = kept(own, conn, path, query)
        label = own.label(conn, inside)
    place = address(own, inside, found)
    if place is None:
        raise NotFound
    return render(
        "saved/form.html",
        status=422 if error else 200,
        action=url_for("saved.save"),
        asked=asked,
        label=str(label),
        back=place,
        name=name,
        shared=shared,
        error=error,
        view=None,
    )


def _edit_form(
    row: db.Row, name: str, shared: bool, error: LazyString | None = None
) -> ResponseReturnValue:
    return render(
        "saved/form.html",
        status=422 if error else 200,
        action=url_for("saved.rename", view_id=row["id"]),
        asked={},
        label="",
        back=url_for("saved.index"),
        name=name,
        shared=shared,
        error=error,
        view=row,
    )


def save_address() -> str | None:
    """The link that saves the page in view; None where that cannot be saved."""
    return link_about_this_page("saved.new")


def init_app(app: Flask) -> None:
    """Register the pages and their entry in the menu; tell templates how a page is saved."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(save_address=save_address)
    navigation.register(
        app,
        NavItem(
            "saved.index",
            lazy_gettext("Saved views"),
            "bookmark",
            navigation.ROLES,
            MINE,
            79,
            within={"saved.new", "saved.edit"},
        ),
    )
