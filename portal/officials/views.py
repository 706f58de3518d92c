"""The pages of officials and permissions, put together, and their entries in the menu."""

from __future__ import annotations

from flask import Flask

from portal import exports
from portal.officials import files, pages, pages_own, pages_permissions
from portal.web import navigation
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem

__all__ = ["init_app", "pages_own"]

SECTION = lazy_gettext("People and roles")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(pages_permissions.blueprint)
    exports.register(app, files.SOURCE)
    navigation.register(
        app,
        NavItem(
            "officials.index",
            lazy_gettext("Officials and roles"),
            "people",
            set(pages.READERS),
            SECTION,
            60,
            frozenset(
                {
                    "officials.person",
                    "officials.change",
                    "officials.invitation",
                    "officials.act_on",
                }
            ),
            "officials.read",
        ),
        NavItem(
            "officials.own",
            lazy_gettext("Who works here"),
            "people",
            {"operator"},
            SECTION,
            60,
            frozenset({"officials.own_form"}),
            pages_own.PERMISSION,
        ),
        NavItem(
            "permissions.index",
            lazy_gettext("Roles and permissions"),
            "shield",
            navigation.ROLES,
            SECTION,
            61,
        ),
    )
