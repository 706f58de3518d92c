"""Sessions on the server: flask-login over ``identity.session``.

The browser holds a random token in Flask's signed cookie, the database its SHA-256; ending a
session in the database ends it everywhere at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

import flask_login
import psycopg
from flask import Flask, Request, abort, g, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin

from portal import db
from portal.config import settings
from portal.web.i18n import language

TOKEN = "token"  # noqa: S105 - the name of the cookie's field
SESSION_HOURS = 12
IDLE_MINUTES = 60
P = ParamSpec("P")


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]
    """Whoever is signed in: one person, one role, for an operator's people one operator."""

    person_id: int
    role: str
    operator_id: int | None
    name_uk: str
    name_en: str
    organisation_uk: str
    organisation_en: str

    def get_id(self) -> str:
        return str(self.person_id)

    @property
    def display_name(self) -> str:
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def organisation_name(self) -> str:
        return self.organisation_uk if language() == "uk" else self.organisation_en

    @contextmanager
    def reading(self) -> Iterator[db.Connection]:
        """One transaction with this person's rights, and no others."""
        with db.acting_as(
            self.role,
            operator_id=self.operator_id,
            actor=f"person {self.person_id}",
            person_id=self.person_id,
        ) as conn:
            yield conn


def current_viewer() -> Viewer:
    """The person who asks; only inside a view with :func:`audience`."""
    viewer: Viewer = g.viewer
    return viewer


def audience(
    *roles: str,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Open a view to these roles; others get 403, nobody is sent to sign in."""
    unknown = set(roles) - db.ROLES
    if unknown:
        raise ValueError(f"unknown roles {sorted(unknown)}")

    def guard(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
            user = flask_login.current_user
            if not user.is_authenticated:
                abort(401)
            if user.role not in roles:
                abort(403)
            g.viewer = user
            return view(*args, **kwargs)

        guarded.audience = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Open a view to everyone, said on purpose: every view must say who may see it."""
    view.audience = frozenset({"public"})  # type: ignore[attr-defined]
    return view


def demo_identities() -> list[db.Row]:
    """Whom a visitor may enter as; none outside demo mode."""
    if not settings().demo:
        return []
    with db.portal() as conn:
        return db.call(conn, "api.demo_identities")


def sign_in_demo(person_id: int) -> None:
    """Open a fresh session for a demo identity; 403 where that is not possible."""
    if not settings().demo:
        abort(403)
    token = secrets.token_urlsafe(32)
    try:
        with db.portal() as conn:
            db.call(conn, "api.start_demo_session", person_id, _digest(token), SESSION_HOURS)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZP01":
            abort(403)
        raise
    session.clear()  # a session that existed before sign-in must not survive it
    session[TOKEN] = token


def sign_out() -> None:
    """End the session here and in the database."""
    token = session.get(TOKEN)
    if token:
        with db.portal() as conn:
            db.call(conn, "api.end_session", _digest(token))
    session.clear()


def session_digest() -> bytes:
    """What the database knows the session of the current request by; only for a signed-in one."""
    return _digest(session[TOKEN])


def living(digests: Iterable[bytes]) -> dict[bytes, tuple[int, str, int | None]]:
    """Person, role and operator behind each of these sessions that still lives; prolongs none."""
    with db.portal() as conn:
        rows = conn.execute(
            "select t.digest, p.person_id, p.role, p.operator_id"
            " from unnest(%s::bytea[]) as t (digest),"
            " api.session_person(t.digest, %s, false) as p",
            (sorted(digests), IDLE_MINUTES),
        )
        return {row["digest"]: (row["person_id"], row["role"], row["operator_id"]) for row in rows}


def _by_itself(request: Request) -> bool:
    """Whether a page asks without its reader: that does not keep a session alive."""
    return "text/event-stream" in request.accept_mimetypes.values() or "refresh" in request.args


def init_app(app: Flask) -> None:
    """Tell flask-login how to find the person behind a request."""
    manager = LoginManager()
    manager.session_protection = None  # the session lives in the database, not in the cookie
    manager.request_loader(_load)
    manager.init_app(app)


def _load(request: Request) -> Viewer | None:
    token = session.get(TOKEN)
    if not isinstance(token, str) or request.path.startswith("/static/"):
        return None
    with db.portal() as conn:
        prolong = not _by_itself(request)
        rows = db.call(conn, "api.session_person", _digest(token), IDLE_MINUTES, prolong)
    if not rows:
        return None
    row = rows[0]
    del row["expires_at"]
    return Viewer(**row)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
