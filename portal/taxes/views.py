"""The pages of taxes and their entry in the menu."""

from __future__ import annotations

from flask import Flask

from portal.taxes.pages import READERS, blueprint
from portal.web import navigation
from portal.web.i18n import lazy_gettext
from portal.web.navigation import NavItem


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    navigation.register(
        app,
        NavItem(
            "taxes.rates",
            lazy_gettext("Tax rates"),
            "scale",
            set(READERS),
            lazy_gettext("Taxes"),
            26,
            frozenset({"taxes.history", "taxes.new_rate", "taxes.change"}),
        ),
    )
