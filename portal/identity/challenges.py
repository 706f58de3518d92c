"""Texts that are given out to be signed: to one browser, for one purpose, for some minutes.

A text says in words what a signature on it does and below that, a line each, what binds it:
purpose, address of the portal, number, times. It is UTF-8 with LF; its very bytes are signed.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import request, session

from portal import db
from portal.web.i18n import gettext

LOGIN = "login"
MINUTES = {LOGIN: 10}
DECISION_MINUTES = 30
VISITOR = "visitor"
LONGEST_LINE = 2_000


@dataclass(frozen=True)
class Challenge:
    """A text to be signed; ``request_sha256`` is of the decision it is about, zeros for none."""

    id: UUID
    purpose: str
    content: str
    expires_at: datetime
    request_sha256: bytes = bytes(32)

    @property
    def data(self) -> bytes:
        """What is signed."""
        return self.content.encode()

    @property
    def base64(self) -> str:
        """What is signed, for a page's scripts."""
        return base64.b64encode(self.data).decode()

    @property
    def sha256(self) -> str:
        """Of what is signed, in hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


def visitor() -> bytes:
    """What the database knows a browser by that has not signed in; the browser holds the secret."""
    secret = session.get(VISITOR)
    if not isinstance(secret, str):
        secret = session[VISITOR] = secrets.token_urlsafe(32)
    return hashlib.sha256(f"visitor {secret}".encode()).digest()


def of_session(session_id: int) -> bytes:
    """What the database knows a session by that signs a decision, whatever its token is."""
    return hashlib.sha256(f"session {session_id}".encode()).digest()


def origin() -> str:
    """Scheme and host of this portal, as the browser asked for it."""
    return request.host_url.rstrip("/")


def issue(
    conn: db.Connection,
    purpose: str,
    browser: bytes,
    words: Sequence[str],
    request_sha256: bytes = bytes(32),
) -> Challenge:
    """A new challenge that begins with ``words``, a line each."""
    now = datetime.now(UTC).replace(microsecond=0)
    expires = now + timedelta(minutes=MINUTES.get(purpose, DECISION_MINUTES))
    id_ = uuid4()
    bound = {
        "purpose": purpose,
        "portal": origin(),
        "challenge": str(id_),
        "nonce": secrets.token_hex(16),
        "issued": now.isoformat(),
        "expires": expires.isoformat(),
    }
    if any(request_sha256):
        bound["request-sha256"] = request_sha256.hex()
    lines = [*(plain(line) for line in words), "", *(f"{k}: {v}" for k, v in bound.items())]
    made = Challenge(id_, purpose, "\n".join(lines) + "\n", expires, request_sha256)
    db.call(
        conn,
        "api.issue_challenge",
        made.id,
        browser,
        purpose,
        origin(),
        request_sha256,
        made.content,
        expires,
    )
    return made


def find(
    conn: db.Connection, id_: object, purpose: str, browser: bytes, *, trying: bool
) -> Challenge | None:
    """A challenge that was given to this browser and still counts; ``trying`` counts an answer."""
    try:
        number = UUID(str(id_))
    except ValueError:
        return None
    rows = db.call(conn, "api.challenge", number, browser, purpose, origin(), trying)
    if not rows:
        return None
    row: dict[str, Any] = rows[0]
    return Challenge(
        number, purpose, row["content"], row["expires_at"], bytes(row["request_sha256"])
    )


def login_words() -> list[str]:
    """What a signature for signing in says."""
    return [
        gettext("Dozir: signing in"),
        gettext("By signing this text I enter the portal. It does nothing else."),
    ]


def plain(line: str) -> str:
    """A line without what would break it, hide in it or turn it around."""
    kept = "".join(char if char.isprintable() else " " for char in line)
    return kept if len(kept) <= LONGEST_LINE else kept[:LONGEST_LINE] + "…"
