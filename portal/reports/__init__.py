"""Reports: what officials decide by."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the reports' pages."""
    from portal.reports import machine, views  # noqa: PLC0415 - `dozir report` needs no pages

    views.init_app(app)
    app.register_blueprint(machine.blueprint)
