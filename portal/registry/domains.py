"""Domains as they are kept: canonical ASCII, whatever way a person writes one (IDNA 2008).

The database refuses everything else, decodes it again, and compares what looks alike.
"""

from __future__ import annotations

from urllib.parse import quote

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


def canonical_address(text: str) -> str:
    """An address that is complained of or blocked: a domain, or ``https://domain/path`` where there
    is a path. Letters of every script are encoded, whether a register would take them or not.
    """
    given = text.strip()
    scheme, separator, rest = given.partition("://")
    if separator and scheme.lower() not in ("http", "https"):
        return given
    host, _, path = (rest if separator else given).partition("/")
    host, colon, port = host.partition(":")
    domain = _encoded(host.rstrip(".").lower())
    if colon and port not in ("80", "443"):
        return f"https://{domain}:{port}/{quote(path, safe=_PATH)}"
    if path:
        return f"https://{domain}/{quote(path, safe=_PATH)}"
    return domain


def host_of(address: str) -> str:
    """The domain of a canonical address."""
    return address.removeprefix("https://").partition("/")[0].partition(":")[0]


def _encoded(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        try:
            return ".".join(
                label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")
                for label in host.split(".")
            )
        except UnicodeError:
            return host


# What a path may hold as it is; all else is percent-encoded.
_PATH = "%/?#[]@!$&'()*+,;=:-._~"
