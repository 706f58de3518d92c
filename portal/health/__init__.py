"""How the portal is, for whoever runs it: alive, ready, and in figures."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register ``/healthz``, ``/readyz`` and ``/metrics``."""
    from portal.health import views  # noqa: PLC0415

    app.register_blueprint(views.blueprint)
