"""Sessions of people whom a benchmark makes up."""

from __future__ import annotations

import secrets
from hashlib import sha256

from flask import Flask

from portal import db
from portal.bench.instance import BenchmarkFailed
from portal.identity.login import TOKEN


def person(owner: db.Connection, role: str, operator: int | None) -> int:
    """Make somebody of a role; an operator's people are of that operator."""
    row = owner.execute(
        "with who as (insert into identity.person"
        " (role, operator_id, name_uk, name_en, organisation_uk, organisation_en)"
        " values (%s, %s, 'B', 'B', 'B', 'B') returning id),"
        # In the first role that acts through this one; people of operators need no appointment.
        " held as (insert into identity.appointment (person_id, role, state, active_from)"
        " select who.id, (select r.code from identity.role as r where r.database_role = %s"
        " order by r.position limit 1), 'in_force', now() from who where %s <> 'operator')"
        " select id from who",
        (role, operator, role, role),
    ).fetchone()
    if row is None:
        raise BenchmarkFailed("nobody was registered")
    return int(row["id"])


def cookie(app: Flask, owner: db.Connection, person_id: int) -> str:
    """The cookie of a fresh session of somebody."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token = secrets.token_urlsafe(32)
    owner.execute(
        "insert into identity.session (token_sha256, person_id, expires_at)"
        " values (%s, %s, now() + interval '12 hours')",
        (sha256(token.encode()).digest(), person_id),
    )
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({TOKEN: token})}"
