"""Ingest: batches of transactions from operators' systems, checked whole and stored whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from portal.web.application import Application


def init_app(app: Application) -> None:
    """Register the operators' API; every error under it is a problem document."""
    # Not on top: the market and the bench use only the codec.
    from portal.ingest import registering, views  # noqa: PLC0415
    from portal.ingest.door import Door  # noqa: PLC0415
    from portal.web import shell  # noqa: PLC0415

    app.register_blueprint(views.blueprint)
    app.register_blueprint(registering.blueprint)
    app.front = Door(app.front, views.SHORT_WAYS)
    shell.render_under(app, shell.API_PREFIX, views.render_error)
