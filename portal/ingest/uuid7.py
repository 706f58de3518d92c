"""Identifiers of records without state: the same event always gets the same UUID version 7.

Operators' systems may do likewise (the API guide shows it): a retry after a lost answer or a
restart needs no table of identifiers already given.
"""

from __future__ import annotations

import uuid
from hashlib import sha256

_MAX_MS = (1 << 48) - 1


def make_id(occurred_ms: int, own_id: str | bytes) -> uuid.UUID:
    """UUID version 7 (RFC 9562 §5.7) of an event, with hashed bits in place of random ones.

    ``occurred_ms``: milliseconds since 1970-01-01 UTC, exactly those of ``occurred_at``.
    ``own_id``: whatever identifies the event in the sender's system; 74 bits of its SHA-256
    fill the rest, so two events of one millisecond collide with probability 2**-74.
    Raises ValueError when the time does not fit into 48 bits.
    """
    if not 0 <= occurred_ms <= _MAX_MS:
        raise ValueError("occurred_ms must be within 0 and 2**48 - 1")
    digest = sha256(own_id.encode() if isinstance(own_id, str) else own_id).digest()
    hashed = int.from_bytes(digest[:10], "big") >> 6  # the digest's first 74 bits
    return uuid.UUID(
        int=occurred_ms << 80
        | 0x7 << 76
        | (hashed >> 62) << 64
        | 0b10 << 62
        | (hashed & ((1 << 62) - 1))
    )
