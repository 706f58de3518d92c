"""Domains as they are kept: canonical ASCII, whatever way a person writes one (IDNA 2008).

The database refuses everything else, decodes it again, and compares what looks alike.
"""

from __future__ import annotations

import idna


def canonical(text: str) -> str:
    """The ASCII form of a domain; what is none comes back as it is, for the database to refuse."""
    given = text.strip().rstrip("./").lower()
    _, _, host = given.rpartition("://")
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        return host


def readable(domain: str) -> str:
    """A canonical domain in the letters that people read."""
    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain
