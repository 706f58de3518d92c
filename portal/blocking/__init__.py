"""What officials do about illegal sites beside their register: complaints and providers."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and their entries in the menu."""
    from portal.blocking import complaints, providers  # noqa: PLC0415
    from portal.blocking.desk import NAVIGATION, blueprint  # noqa: PLC0415
    from portal.web import navigation  # noqa: PLC0415

    del complaints, providers  # imported for their views
    app.register_blueprint(blueprint)
    navigation.register(app, *NAVIGATION)
