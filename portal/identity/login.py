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
from flask import Flask, Request, abort, g, has_request_context, request, session
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin

from portal import db
from portal.identity import stopping
from portal.web.i18n import language

OWN = "own"  # what needs no permission of anybody, see audience()
TOKEN = "token"  # noqa: S105 - the name of the cookie's field
SESSION_HOURS = 12
IDLE_MINUTES = 60
P = ParamSpec("P")


@dataclass(frozen=True)
class Viewer(UserMixin):  # type: ignore[misc]
    """Whoever is signed in: one person, one role, for an operator's people one operator.

    ``role`` is the database role that a request takes on; ``functional_role`` what the person is
    appointed to, and ``permissions`` what that gives, both as of this request.
    """

    person_id: int
    role: str
    operator_id: int | None
    name_uk: str
    name_en: str
    organisation_uk: str
    organisation_en: str
    functional_role: str = ""
    permissions: frozenset[str] = frozenset()
    session_id: int = 0

    def may(self, permission: str) -> bool:
        """Whether the role held now, and the registered powers, give this permission."""
        return permission in self.permissions

    def get_id(self) -> str:
        return str(self.person_id)

    @property
    def display_name(self) -> str:
        return self.name_uk if language() == "uk" else self.name_en

    @property
    def organisation_name(self) -> str:
        return self.organisation_uk if language() == "uk" else self.organisation_en

    @contextmanager
    def reading(self, snapshot: bool = False) -> Iterator[db.Connection]:
        """One transaction with this person's rights, and no others; with ``snapshot`` all its
        statements see one state. In a request that only reads, what runs is stopped when the
        person leaves; what was sent to be done is done, whoever waits for it.
        """
        with db.acting_as(
            self.role,
            operator_id=self.operator_id,
            actor=f"person {self.person_id}",
            person_id=self.person_id,
            snapshot=snapshot,
        ) as conn:
            if not has_request_context() or request.method not in ("GET", "HEAD"):
                yield conn
                return
            with stopping.when_left(conn, request.environ):
                yield conn


def current_viewer() -> Viewer:
    """The person who asks; only inside a view with :func:`audience`."""
    viewer: Viewer = g.viewer
    return viewer


def signed_in_as(*roles: str) -> Viewer | None:
    """Whoever is signed in with one of these roles, if somebody is; for views open to everyone."""
    user = flask_login.current_user
    return user if user.is_authenticated and user.role in roles else None


def audience(
    *roles: str,
    permission: str | None = None,
) -> Callable[[Callable[P, ResponseReturnValue]], Callable[P, ResponseReturnValue]]:
    """Open a view to these roles; others get 403, nobody is sent to sign in.

    With ``permission``, which every view that changes something names, only to those among them
    whose appointment gives it now. The database asks the same once more. ``OWN`` is what
    everybody may do with what is nobody else's: sessions, notices, the start page.
    """
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
            if permission not in (None, OWN) and not user.may(permission):
                abort(403)
            g.viewer = user
            return view(*args, **kwargs)

        guarded.audience = frozenset(roles)  # type: ignore[attr-defined]
        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return guard


def public(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Open a view to everyone, said on purpose: every view must say who may see it."""
    view.audience = frozenset({"public"})  # type: ignore[attr-defined]
    return view


def begin(conn: db.Connection, signature_id: int, browser: bytes, person_id: int) -> None:
    """Open a session for whoever made a signature that :mod:`evidence` found valid and the database
    keeps; the one way in. Raises psycopg.Error: DZP01, DZP02 and DZP04 say why not.
    """
    token = secrets.token_urlsafe(32)
    db.call(
        conn,
        "api.start_session",
        signature_id,
        browser,
        person_id,
        _digest(token),
        SESSION_HOURS,
        request.user_agent.string,
        request.remote_addr,
    )
    earlier = session.get(TOKEN)
    if isinstance(earlier, str):
        db.call(conn, "api.end_session", _digest(earlier))
    session.clear()  # a session that existed before sign-in must not survive it
    session[TOKEN] = token


def switch(person_id: int) -> None:
    """Go on as another of the same human's people, under a new token; 403 where it is none."""
    token = secrets.token_urlsafe(32)
    try:
        with db.portal(noted=True) as conn:
            db.call(conn, "api.switch_session", session_digest(), _digest(token), person_id)
    except psycopg.Error as problem:
        if problem.sqlstate == "DZP01":
            abort(403)
        raise
    session.clear()
    session[TOKEN] = token


def new_token() -> tuple[str, bytes]:
    """A token for a session that goes on, and what the database is to know it by."""
    token = secrets.token_urlsafe(32)
    return token, _digest(token)


def go_on(token: str) -> None:
    """The browser's session goes on under a new token, which the database has already."""
    session[TOKEN] = token


def sign_out() -> None:
    """End the session here and in the database."""
    token = session.get(TOKEN)
    if token:
        with db.portal(noted=True) as conn:
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
            " api.session_person(t.digest, %s, false) as p, api.person_rights(p.person_id)",
            (sorted(digests), IDLE_MINUTES),
        )
        return {row["digest"]: (row["person_id"], row["role"], row["operator_id"]) for row in rows}


def _by_itself(asked: Request) -> bool:
    """Whether a page asks without its reader: that does not keep a session alive."""
    return "text/event-stream" in asked.accept_mimetypes.values() or "refresh" in asked.args


def init_app(app: Flask) -> None:
    """Tell flask-login how to find the person behind a request."""
    manager = LoginManager()
    manager.session_protection = None  # the session lives in the database, not in the cookie
    manager.request_loader(_load)
    manager.init_app(app)


def _load(asked: Request) -> Viewer | None:
    token = session.get(TOKEN)
    if not isinstance(token, str) or asked.path.startswith("/static/"):
        return None
    with db.portal() as conn:
        prolong = not _by_itself(asked)
        # Whoever holds no role now is nobody, whatever the session says.
        row = conn.execute(
            "select p.*, r.* from api.session_person(%s, %s, %s) as p,"
            " api.person_rights(p.person_id) as r",
            (_digest(token), IDLE_MINUTES, prolong),
        ).fetchone()
    if row is None:
        return None
    del row["expires_at"]
    return Viewer(**row | {"permissions": frozenset(row["permissions"])})


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
