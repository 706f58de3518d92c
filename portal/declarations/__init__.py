"""What operators declare of days and months, and how it compares with what was received."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the pages and the addresses of the API."""
    from portal.declarations import api, views  # noqa: PLC0415

    views.init_app(app)
    app.register_blueprint(api.blueprint)
