"""The log as it runs: sequencer, signer, what is served under ``/log/``, restoration."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register what is served under ``/log/``."""
    from portal.sequencing import views  # noqa: PLC0415 - the sequencer needs no web framework

    app.register_blueprint(views.blueprint)
