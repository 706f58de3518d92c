"""Access keys as they look on the wire, and what is kept of them.

``dz_{live|test}_{12 base62: public id}_{43 base62: secret}{6 base62: CRC-32 of all before}``. The
checksum tells a slip of the hand from an attack; the secret (256 bits) is kept nowhere: the
database holds HMAC-SHA-256(pepper, key), and the pepper is not in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
import zlib
from functools import cache
from typing import NamedTuple

from portal import config

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_PATTERN = re.compile(r"dz_(live|test)_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})")


class MalformedKey(ValueError):
    """Not written as a key is, or its checksum does not match."""


class ParsedKey(NamedTuple):
    """The parts of a key as it was sent."""

    mode: str
    key_id: str
    secret: str

    @property
    def body(self) -> str:
        """The key without its checksum: what the stored HMAC is of."""
        return _body(*self)


class NewKey(NamedTuple):
    """A fresh key: ``text`` is shown once, the rest is stored."""

    text: str
    key_id: str
    secret_hmac: bytes


def new_key_id() -> str:
    """A fresh public id of a key."""
    return "".join(secrets.choice(_DIGITS) for _ in range(12))


def is_key_id(text: str) -> bool:
    """Whether a text is written as the public id of a key."""
    return re.fullmatch("[0-9A-Za-z]{12}", text) is not None


def new_key(mode: str, key_id: str | None = None) -> NewKey:
    """Make a key of mode ``live`` or ``test``, with an id that was made before or a fresh one."""
    key_id = key_id or new_key_id()
    secret = "".join(secrets.choice(_DIGITS) for _ in range(43))
    body = _body(mode, key_id, secret)
    return NewKey(body + _checksum(body), key_id, key_hmac(body))


def parse_key(text: str) -> ParsedKey:
    """The parts of a key; raises MalformedKey."""
    match = _PATTERN.fullmatch(text)
    if not match or _checksum(text[:-6]) != match[4]:
        raise MalformedKey
    return ParsedKey(match[1], match[2], match[3])


def key_hmac(body: str) -> bytes:
    """HMAC-SHA-256 of a key without its checksum, under this installation's pepper: 32 bytes.

    It covers mode and id as well, so that neither can be rewritten around a known secret.
    """
    return hmac.digest(_pepper(), body.encode(), hashlib.sha256)


def _body(mode: str, key_id: str, secret: str) -> str:
    return f"dz_{mode}_{key_id}_{secret}"


@cache
def _pepper() -> bytes:
    return config.secret("key-pepper").encode()


def _checksum(text: str) -> str:
    value = zlib.crc32(text.encode())
    digits = []
    for _ in range(6):
        value, digit = divmod(value, 62)
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))
