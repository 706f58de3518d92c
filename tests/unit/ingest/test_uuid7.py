"""Identifiers without state."""

from __future__ import annotations

import uuid
from hashlib import sha256

import pytest

from portal.ingest.uuid7 import make_id


def test_the_same_event_always_has_the_same_id() -> None:
    assert make_id(1_790_000_000_123, "own-1") == make_id(1_790_000_000_123, b"own-1")
    assert make_id(1_790_000_000_123, "own-1") != make_id(1_790_000_000_123, "own-2")


def test_bits_are_where_rfc_9562_puts_them() -> None:
    made = make_id(1_790_000_000_123, "own-1")
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == 1_790_000_000_123
    hashed = int.from_bytes(sha256(b"own-1").digest(), "big") >> (256 - 74)
    assert (made.int >> 64 & 0xFFF) << 62 | made.int & (1 << 62) - 1 == hashed


@pytest.mark.parametrize("ms", [0, 2**48 - 1])
def test_every_time_of_48_bits_fits(ms: int) -> None:
    assert make_id(ms, "x").int >> 80 == ms


@pytest.mark.parametrize("ms", [-1, 2**48])
def test_no_other_time_does(ms: int) -> None:
    with pytest.raises(ValueError, match="occurred_ms"):
        make_id(ms, "x")
