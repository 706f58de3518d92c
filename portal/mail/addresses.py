"""Addresses for mail, as they are typed and as they are written into an envelope."""

from __future__ import annotations

import re

import idna

LONGEST = 254  # RFC 5321
LONGEST_LOCAL = 64
# A dot-atom of RFC 5322 and nothing else: no quotes, comments, lists, or names beside the address.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def clean_address(text: str) -> str | None:
    """One address with its domain in ASCII (RFC 5891); None where the text is anything else."""
    local, at, domain = text.strip().rpartition("@")
    if not at or len(local) > LONGEST_LOCAL or not LOCAL.fullmatch(local):
        return None
    try:
        host = idna.encode(domain, uts46=True, std3_rules=True).decode().lower()
    except idna.IDNAError:
        return None
    address = f"{local}@{host}"
    return address if "." in host and len(address) <= LONGEST else None
