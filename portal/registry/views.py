"""The pages of the registers, put together, and their entries in the menu.

Each module of pages registers its own addresses on the one blueprint.
"""

from __future__ import annotations

from flask import Flask

from portal.registry import (
    menu_operator,
    pages_lists,
    pages_record,
    pages_search,
    workspaces,
)
from portal.registry.catalogue import moment
from portal.registry.pages import READERS, blueprint
from portal.web import navigation
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

__all__ = ["init_app", "pages_lists", "pages_record", "pages_search"]

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
