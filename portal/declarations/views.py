"""The pages of declarations, put together, and their entries in the menu."""

from __future__ import annotations

from flask import Flask

from portal import exports, saved
from portal.declarations import files, pages_compared, pages_forms, pages_months
from portal.declarations.pages import READERS, blueprint
from portal.web import navigation
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

__all__ = ["init_app", "pages_compared", "pages_forms", "pages_months"]

SECTION = lazy_gettext("Declarations")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem(
            "declarations.index",
            lazy_gettext("Declared and received"),
            "check",
            set(READERS),
            SECTION,
            28,
            frozenset({"declarations.day", "declarations.new_day"}),
        ),
        NavItem(
            "declarations.months",
            lazy_gettext("Declared GGR"),
            "calendar",
            set(READERS),
            SECTION,
            29,
            frozenset({"declarations.new_month"}),
        ),
        NavItem(
            "declarations.bridge",
            lazy_gettext("Cash and settlement GGR"),
            "scale",
            set(READERS),
            SECTION,
            30,
            frozenset({"ledger.open_bets"}),
        ),
    )
    exports.register(app, *files.SOURCES)
    filters = {"period", "from", "to", "operator", "currency"}
    saved.register(
        app,
        saved.Target(
            "declarations.index",
            lambda _conn, _path: lazy_gettext("Declared and received"),
            lambda _conn, _path: filters | {"state"},
        ),
        saved.Target(
            "declarations.months",
            lambda _conn, _path: lazy_gettext("Declared GGR"),
            lambda _conn, _path: filters,
        ),
    )
