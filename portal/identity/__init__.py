"""Identity: who has entered, and as what.

Until login by electronic signature is there, only the identities of a demonstration can enter, and
only in demo mode: the environment (``DOZIR_DEMO=1``) and the database must both say so.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register sign-in and the loading of whoever is signed in."""
    from portal.identity import login, views  # noqa: PLC0415

    login.init_app(app)
    app.register_blueprint(views.blueprint)
