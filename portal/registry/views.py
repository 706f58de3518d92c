"""The pages of the registers, put together, and their entries in the menu.

Each module of pages registers its own addresses on the one blueprint.
"""

from __future__ import annotations

from flask import Flask

from portal import db, exports, saved
from portal.registry import (
    choices,
    menu_operator,
    pages_bulk,
    pages_lists,
    pages_lists_exports,
    pages_record,
    pages_search,
    pages_taxpayers_files,
    workspaces,
)
from portal.registry.catalogue import moment, read_catalogue
from portal.registry.pages import READERS, blueprint
from portal.registry.pages_lists_filters import filterable
from portal.web import navigation
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

__all__ = ["choices", "init_app", "pages_bulk", "pages_lists", "pages_record", "pages_search"]

REGISTERS = lazy_gettext("Registers")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.filters["document_moment"] = moment
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem(
            "registry.index",
            lazy_gettext("All registers"),
            "book",
            set(READERS),
            REGISTERS,
            40,
            frozenset({"registry.records", "registry.record", "registry.history"}),
        ),
        *workspaces.ENTRIES,
    )
    navigation.register(app, *menu_operator.ITEMS)
    exports.register(app, pages_lists_exports.SOURCE, pages_taxpayers_files.SOURCE)
    saved.register(
        app,
        saved.Target("registry.records", _register_name, _register_filters, frozenset({"kind"})),
        saved.Target(
            "registry.taxpayers",
            lambda _conn, _path: lazy_gettext("Organisers as taxpayers"),
            lambda _conn, _path: {"q", "currency", "period", "from", "to"},
        ),
    )


def _register_name(conn: db.Connection, path: saved.Path) -> str:
    """What a register is called; NotFound for none."""
    return read_catalogue(conn).kind(str(path.get("kind"))).plural


def _register_filters(conn: db.Connection, path: saved.Path) -> set[str]:
    """What narrows and orders a register; NotFound for none."""
    name = str(path.get("kind"))
    kind = read_catalogue(conn, name).kind(name)
    attributes = {attribute.name for attribute in filterable(kind)}
    return attributes | {"q", "operator", "as_of", "sort", "dir", "state"}
