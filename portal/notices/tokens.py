"""Signed links in mail: they work without signing in, for what they name and for nothing else."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

# What a link may do -> how many values it names.
DEEDS = {"confirm": 2, "subscription": 1, "mail": 1}
LONGEST = 1000


def signed(deed: str, *values: Any) -> str:
    """A token for a deed on these values."""
    return str(_signer(deed).dumps(list(values)))


def values_of(deed: str, token: str) -> list[Any] | None:
    """The values that a token of ours names for this deed; None for any other token."""
    if len(token) > LONGEST:
        return None
    try:
        found = _signer(deed).loads(token)
    except BadSignature:
        return None
    return found if isinstance(found, list) and len(found) == DEEDS[deed] else None


def _signer(deed: str) -> URLSafeSerializer:
    if deed not in DEEDS:
        raise ValueError(f"no link does {deed}")
    secret = current_app.secret_key
    if not secret:
        raise LookupError("the application has no secret")
    return URLSafeSerializer(
        secret, salt=f"dozir-link-{deed}", signer_kwargs={"digest_method": hashlib.sha256}
    )
