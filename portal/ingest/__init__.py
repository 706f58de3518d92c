"""Ingest: batches of transactions from operators' systems, checked whole and stored whole."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the operators' API; every error under it is a problem document."""
    from portal.ingest import views  # noqa: PLC0415 - the market and the bench use only the codec
    from portal.web import shell  # noqa: PLC0415

    app.register_blueprint(views.blueprint)
    shell.render_under(app, shell.API_PREFIX, views.render_error)
