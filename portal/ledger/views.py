"""The pages of the ledger, put together, and their entries in the menu."""

from __future__ import annotations

import flask_login
from flask import Flask

from portal.ledger import (
    pages_batches,
    pages_log,
    pages_missing,
    pages_open_bets,
    pages_refusals,
    pages_transactions,
)
from portal.ledger.pages import READERS, blueprint
from portal.web import navigation
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.navigation import NavItem

__all__ = [
    "init_app",
    "pages_batches",
    "pages_log",
    "pages_missing",
    "pages_open_bets",
    "pages_refusals",
    "pages_transactions",
]

RECEIVED = lazy_gettext("What came in")


def batches_title() -> str:
    """The list of batches as its reader calls it."""
    if getattr(flask_login.current_user, "role", None) == "operator":
        return gettext("What we received from you")
    return gettext("Accepted batches")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.jinja_env.globals["batches_title"] = batches_title
    app.register_blueprint(blueprint)
    app.register_blueprint(pages_log.blueprint)
    readers = set(READERS)
    navigation.register(
        app,
        NavItem(
            "ledger.batches",
            LazyString(batches_title),
            "batches",
            readers,
            RECEIVED,
            30,
            frozenset({"ledger.batch", "ledger.transaction", "ledger.missing"}),
        ),
        NavItem("ledger.refusals", lazy_gettext("Refusals"), "refused", readers, RECEIVED, 31),
        NavItem("ledger.transactions", lazy_gettext("Transactions"), "rows", readers, RECEIVED, 32),
        NavItem(
            "ledger_log.index",
            lazy_gettext("The log"),
            "shield",
            readers,
            RECEIVED,
            33,
            frozenset({"ledger_log.check_document"}),
        ),
    )
