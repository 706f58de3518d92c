"""Puts the shell around an application: ``shell.init_app(app)`` and it has pages.

Call it once, before the domains register their pages and navigation. Errors under an address
prefix that is not for people are left to that part: ``shell.render_under(app, "/api/", renderer)``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import flask_login
from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask_wtf import CSRFProtect
from itsdangerous import Signer
from werkzeug.wrappers import Response

from portal.config import ROOT, secret, settings
from portal.web import (
    assets,
    closing,
    compiled,
    errors,
    formats,
    htmx,
    i18n,
    navigation,
    periods,
    preferences,
    rendering,
    request_id,
    request_log,
    security,
    urls,
)
from portal.web.errors import render_under
from portal.web.proxies import TrustedProxies
from portal.web.sessions import PageSessions
from portal.web.urls import API_PREFIX, PUBLIC_PREFIX

__all__ = ["API_PREFIX", "init_app", "render_under"]

DEFAULTS: dict[str, Any] = {
    "SESSION_COOKIE_NAME": "dozir",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "WTF_CSRF_CHECK_DEFAULT": False,  # check_token decides by address, not by blueprint
    "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: officials keep a page open all day
}

blueprint = Blueprint("web", __name__)
P = ParamSpec("P")
VERSION = version("dozir")  # read from a file
T = TypeVar("T")


@blueprint.get("/language/<any(uk, en):code>")
def language(code: str) -> Response:
    """Remembers the language."""
    return preferences.remembered(i18n.COOKIE, code)


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for it unasked; pages name the real one."""
    return redirect(assets.asset_url("favicon.svg"), code=302)


def viewer() -> Any | None:
    """Who looks at the page; None for nobody, or where the application has no sign-in."""
    if getattr(current_app, "login_manager", None) is None:
        return None
    user = flask_login.current_user
    return user if user.is_authenticated else None


def sign_out_address() -> str | None:
    """Where the form *Sign out* goes; None where there is no such view."""
    endpoint = current_app.config["LOGOUT_ENDPOINT"]
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def frame() -> dict[str, Any]:
    """What the frame of every page shows."""
    person = viewer()
    return {
        "demo": settings().demo,
        "viewer": person,
        "role_label": navigation.ROLE_LABELS[person.role] if person else None,
        "sections": navigation.sections_for(
            person.role if person else None, person.permissions if person else frozenset()
        ),
        "sign_out": sign_out_address(),
        "portal_version": VERSION,
        "made_at": datetime.now(UTC),
    }


def signed_by_address(view: Callable[P, T]) -> Callable[P, T]:
    """A view whose address carries a signature of ours that names what is done and to what: it
    needs no token of a form, which a mail program that presses a link's button (RFC 8058) has not.
    """
    view.needs_no_token = True  # type: ignore[attr-defined]
    return view


def anonymous(view: Callable[P, T]) -> Callable[P, T]:
    """A view that acts for nobody: no session stands behind it whose rights a foreign page could
    use, so it needs no token of a form.
    """
    view.needs_no_token = True  # type: ignore[attr-defined]
    return view


def protect_forms(app: Flask) -> None:
    """Checks the CSRF token of every change asked for by a page; keys of the API need none."""
    # Flask-WTF leaves the hash of its tokens to the library, which takes SHA-1 unless told.
    Signer.default_digest_method = staticmethod(hashlib.sha256)
    protection = CSRFProtect(app)

    @app.before_request
    def check_token() -> None:
        by_page = request.endpoint and not request.path.startswith(API_PREFIX)
        view = app.view_functions.get(request.endpoint or "")
        exempt = getattr(view, "needs_no_token", False)
        if by_page and not exempt and app.config["WTF_CSRF_ENABLED"]:
            protection.protect()


def init_app(app: Flask) -> None:
    """Wires the shell into ``app``."""
    app.template_folder = str(ROOT / "templates")
    app.config.from_mapping(DEFAULTS)
    if not app.secret_key:
        app.secret_key = secret("session-key")
    app.session_interface = PageSessions(API_PREFIX, PUBLIC_PREFIX)
    app.jinja_env.globals.update(
        csp_nonce=security.csp_nonce,
        request_id=request_id.request_id,
        period_presets=periods.PRESETS,
        typed_day=periods.typed_day,
        typed_moment=periods.typed_moment,
    )
    app.wsgi_app = TrustedProxies(  # type: ignore[assignment]
        app.wsgi_app, settings().trusted_proxies
    )
    for part in (
        request_id,
        request_log,
        closing,
        htmx,
        security,
        urls,
        assets,
        i18n,
        formats,
        rendering,
        compiled,
        errors,
    ):
        part.init_app(app)
    preferences.init_app(app)
    protect_forms(app)
    app.context_processor(frame)
    app.register_blueprint(blueprint)
