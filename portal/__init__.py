"""Dozir: the open system a state uses to watch its legal gambling market.

``create_app`` wires the parts together and knows nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> Flask:
    """The portal and the operators' API as one WSGI application."""
    # Imported here: `dozir db` must not pay for a web framework.
    from portal import (  # noqa: PLC0415
        audit,
        blocking,
        config,
        declarations,
        docs,
        exports,
        guide,
        health,
        identity,
        ingest,
        integration,
        ledger,
        live,
        notices,
        officials,
        open_data,
        registry,
        reports,
        saved,
        sequencing,
        subscriptions,
        taxes,
    )
    from portal.web import shell  # noqa: PLC0415
    from portal.web.application import Application  # noqa: PLC0415

    app = Application(__name__, static_folder=str(config.ROOT / "static"))
    shell.init_app(app)
    for domain in (
        audit,
        health,
        identity,
        ingest,
        ledger,
        registry,
        live,
        reports,
        declarations,
        taxes,
        exports,
        saved,
        officials,
        notices,
        subscriptions,
        docs,
        guide,
        sequencing,
        open_data,
        blocking,
        integration,
    ):
        domain.init_app(app)
    return app
