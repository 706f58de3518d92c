"""The integration tracker: which licensee is registered, has keys, sends data, and by when."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages, their file and their entry in the menu."""
    from portal import exports  # noqa: PLC0415
    from portal.integration import deadlines, pages  # noqa: PLC0415
    from portal.integration.tracker import NAVIGATION, blueprint  # noqa: PLC0415
    from portal.web import navigation  # noqa: PLC0415
    from portal.web.i18n import lazy_gettext  # noqa: PLC0415

    del deadlines  # imported for its views
    app.register_blueprint(blueprint)
    exports.register(
        app,
        exports.Source("integration.market", lazy_gettext("Connection of licensees"), pages.build),
    )
    navigation.register(app, *NAVIGATION)
