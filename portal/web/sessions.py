"""The signed session cookie of pages. Interfaces for machines and
public pages neither read nor set one.
"""

from __future__ import annotations

import hashlib

from flask import Flask, Request, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

HOST_ONLY = "__Host-"


class PageSessions(SecureCookieSessionInterface):
    """Flask's own sessions, but none under addresses that know nobody."""

    digest_method = staticmethod(hashlib.sha256)  # Flask's own is SHA-1

    def __init__(self, *without: str) -> None:
        self._without = without

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:  # type: ignore[override]
        """The session of a page; under those prefixes one that is empty and is never saved."""
        if request.path.startswith(self._without):
            return self.make_null_session(app)
        return super().open_session(app, request)

    def get_cookie_name(self, app: Flask) -> str:
        """Over TLS with the prefix by which browsers refuse one that another host or path set."""
        name = super().get_cookie_name(app)
        return f"{HOST_ONLY}{name}" if request.is_secure else name

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Whether the cookie goes over TLS alone: where it was given over TLS."""
        return request.is_secure
