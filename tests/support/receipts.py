"""Receipts as they are answered and as they are stored."""

from __future__ import annotations


def stored_part(answered: bytes) -> bytes:
    """What the database keeps of an answered receipt: all but the promise at its end."""
    facts, promise, _ = answered.rpartition(b', "promise"')
    assert promise, "a receipt without a promise"
    return facts + b"}"
