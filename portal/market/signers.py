"""Keys and certificates for the demo identities: one of each algorithm for each role."""

from __future__ import annotations

from portal import db
from portal.config import settings
from portal.identity import demo_signers
from portal.identity.signatures import demo_authority
from portal.identity.signatures.demo_authority import Holder


def make_signers() -> bool:
    """Make the demo authority, or renew its lists where it is there already; True: it is new."""
    return demo_authority.make(settings().demo_authority_dir, _holders())


def _holders() -> list[Holder]:
    """The first demo identity of each role, of the operators' people one with an operator."""
    with db.portal() as conn:
        people = db.call(conn, "api.demo_identities")
    found: dict[str, Holder] = {}
    for row in people:
        if row["role"] == "operator" and row["operator_id"] is None:
            continue  # who applies acts for nobody yet
        found.setdefault(row["role"], demo_signers.holder(row))
    return list(found.values())
