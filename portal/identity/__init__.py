"""Identity: who has entered, by whose signature, as what, and what they have signed.

People enter with their qualified electronic signature. In a demonstration its own authority signs
for the demo identities: the environment (``DOZIR_DEMO=1``) and the database must both say so, and
nothing else may be trusted.
"""

from __future__ import annotations

from flask import Flask, Response, request


def init_app(app: Flask) -> None:
    """Register sign-in, the loading of whoever is signed in, and what is signed."""
    from portal.identity import (  # noqa: PLC0415
        login,
        pages_locks,
        pages_sessions,
        pages_signatures,
        step_up,
        views,
        widget,
    )
    from portal.web import navigation  # noqa: PLC0415

    login.init_app(app)
    for part in (views, pages_sessions, pages_locks, pages_signatures, widget):
        app.register_blueprint(part.blueprint)
    navigation.register(app, pages_locks.NAVIGATION)
    app.jinja_env.globals.update(
        signed_by=pages_signatures.signed_by, signing_widget=widget.address
    )

    @app.url_value_preprocessor
    def bound(_endpoint: str | None, _values: dict[str, object] | None) -> None:
        """A form with a signature is the largest that a page takes, unless a part says more."""
        if request.method == "POST" and not request.path.startswith("/api/"):
            request.max_content_length = views.MOST_BYTES
            request.max_form_memory_size = views.MOST_BYTES

    @app.after_request
    def go_on(response: Response) -> Response:
        """A session whose decision was signed and done goes on under its new token."""
        if response.status_code < 400:
            step_up.go_on()
        return response
