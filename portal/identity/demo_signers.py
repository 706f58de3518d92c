"""A demonstration signs for its own identities, by its own authority and in every algorithm.

The keys live in the memory of the process and are certified when they are first needed; what they
sign is verified like any other signature.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from portal import db
from portal.config import settings
from portal.identity import evidence
from portal.identity.signatures import (
    certificates,
    demo_authority,
    signing,
    software_keys,
    standing,
)
from portal.identity.signatures.certificates import Certificate
from portal.identity.signatures.demo_authority import Holder, Issuer
from portal.identity.signatures.software_keys import SoftwareKey
from portal.identity.signatures.trust import INTERMEDIATES

# In the order of a list; the first is the quickest.
ALGORITHMS = {"ecdsa": "ECDSA P-256", "rsa": "RSA-2048", "dstu": "ДСТУ 4145-2002"}
DEFAULT = "ecdsa"


def identities(conn: db.Connection) -> list[db.Row]:
    """Whom a visitor may enter as; none outside of a demonstration. Raises Unready."""
    if not settings().demo:
        return []
    evidence.trusted()
    return conn.execute(
        "select d.*, r.code as functional_role, r.name_uk as role_uk, r.name_en as role_en,"
        " r.about_uk, r.about_en, r.position from api.demo_identities() as d"
        " cross join api.person_rights(d.id) as h"
        " join api.role as r on r.code = h.functional_role"
        " where d.tax_number is not null"  # by which a certificate finds its person
        " order by r.position, d.id"
    ).fetchall()


def identity(conn: db.Connection, person_id: int) -> db.Row | None:
    """One of them."""
    return next((row for row in identities(conn) if row["id"] == person_id), None)


def sign(row: db.Row, algorithm: str, content: bytes) -> bytes:
    """The signature of a demo identity (a row of :func:`identities`)."""
    return sign_as(holder(row), algorithm if algorithm in ALGORITHMS else DEFAULT, content)


def sign_as(holder: Holder, algorithm: str, content: bytes, *, detached: bool = False) -> bytes:
    """The signature of anybody whom the demo authority certifies."""
    key, certificate = _signer(_authority(), holder, algorithm)
    return signing.sign(content, key, certificate, detached=detached)


def holder(row: db.Row, label: str = "") -> Holder:
    """For whom a demo identity's certificate is."""
    return Holder(
        label=label or row["role"],
        common_name=_surname_first(row),
        rnokpp=row["tax_number"],
        organisation=row["organisation_uk"],
        edrpou=_organisation(row["taxpayer_code"]),
    )


def _authority() -> Path:
    """The folder of the demo authority, which is made where there is none."""
    standing.current()
    return settings().demo_authority_dir


@lru_cache(maxsize=2_000)
def _signer(folder: Path, holder: Holder, kind: str) -> tuple[SoftwareKey, Certificate]:
    below = _issuer(folder, kind)
    key = software_keys.generate(kind)
    name = demo_authority.person_name(holder)
    extensions = demo_authority.of_person(holder, key.spki, below.key)
    return key, below.issue(name, key.spki, extensions, datetime.now(UTC))


@lru_cache(maxsize=8)
def _issuer(folder: Path, kind: str) -> Issuer:
    return Issuer(
        software_keys.load((folder / "authority" / f"{kind}.pem").read_bytes()),
        certificates.load((folder / "trust" / INTERMEDIATES / f"{kind}.cer").read_bytes()),
    )


def _surname_first(row: db.Row) -> str:
    """As certificates have it; the operators' people of a demonstration have no surname."""
    words: list[str] = row["name_uk"].split()
    return " ".join(words if row["role"] == "operator" else reversed(words))


def _organisation(code: str | None) -> str:
    return code if code and len(code) == 8 and code.isascii() and code.isdecimal() else ""
