"""The pages of the trail, put together, and their entry in the menu."""

from __future__ import annotations

import flask_login
from flask import Flask

from portal import exports
from portal.audit import sheet
from portal.audit.pages import blueprint
from portal.web import navigation
from portal.web.i18n import LazyString, gettext, lazy_gettext
from portal.web.navigation import NavItem

MINE = lazy_gettext("My work")


def trail_title() -> str:
    """The trail as its reader calls it."""
    role = getattr(flask_login.current_user, "role", None)
    if role == "auditor":
        return gettext("Audit trail")
    return gettext("Who saw our data") if role == "operator" else gettext("What I saw and did")


def init_app(app: Flask) -> None:
    """Register the pages."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals["trail_title"] = trail_title
    exports.register(app, exports.Source("audit.index", lazy_gettext("Audit trail"), sheet.build))
    navigation.register(
        app,
        NavItem(
            "audit.index",
            LazyString(trail_title),
            "clock",
            navigation.MARKET,
            MINE,
            85,
            within={"audit.event", "audit.of"},
        ),
    )
