"""The pages of taxes and their entry in the menu."""

from __future__ import annotations

from flask import Flask

from portal import exports
from portal.taxes import pages_payments, payments_files
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
        NavItem(
            "taxes.payments",
            lazy_gettext("Paid taxes"),
            "check",
            set(pages_payments.READERS),
            lazy_gettext("Taxes"),
            27,
            frozenset({"taxes.payment", "taxes.new_payment", "taxes.payments_table"}),
        ),
    )
    exports.register(app, payments_files.SOURCE)
