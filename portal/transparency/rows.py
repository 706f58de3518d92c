"""Leaves of rows and roots of batches: the exact bytes that COPY carries are what is hashed.

A row's leaf hash is that of RFC 6962 over its binary COPY tuple: the count of fields, then each
field's length and value, as PostgreSQL takes it in and gives it out. A batch's root is the tree
over its rows in the order of their numbers.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

from portal.transparency import merkle

NO_PLAYER = bytes(16)

# Rows between two pauses: about a millisecond of hashing.
_PART_ROWS = 2_000


def leaf_hashes(tuples: bytes | bytearray | memoryview, width: int) -> list[bytes]:
    """The leaf hash of each tuple; all have ``width`` bytes. Raises ValueError on half a tuple."""
    whole = bytes(tuples)
    if len(whole) % width:
        raise ValueError("not a whole number of tuples")
    hashed, prefix = sha256, b"\0"
    return [
        hashed(prefix + whole[place : place + width]).digest()
        for place in range(0, len(whole), width)
    ]


def batch_root(
    tuples: bytes | bytearray | memoryview, width: int, pause: Callable[[], None] | None = None
) -> bytes:
    """The root over a batch's tuples; ``pause`` is called now and then during large ones."""
    view = memoryview(tuples)
    part = _PART_ROWS * width
    hashes: list[bytes] = []
    for place in range(0, len(view), part):
        if place and pause:
            pause()
        hashes += leaf_hashes(view[place : place + part], width)
    return merkle.root(hashes)


class TupleInvalid(ValueError):
    """Bytes that are no tuple of schema version 1; the message says why."""


class Row(NamedTuple):
    """A tuple's values; moments in microseconds since 2000-01-01 UTC, UUIDs as 16 bytes."""

    occurred_at: int
    operator_id: int
    id: bytes
    batch_id: int
    row_no: int
    type: int
    amount_minor: int
    currency: int
    licence_id: int
    channel_id: int
    equipment_id: int
    game_id: int
    round_id: bytes
    player: bytes
    payment: int
    flags: int
    breach: int
    cancels: bytes
    cancel_reason: int
    exclusion_receipt: bytes


_FORMATS = re.findall(r"\w+", "q i 16s q i h q h i i i i 16s 16s h h h 16s h 16s")
_LENGTHS = [struct.calcsize(f">{one}") for one in _FORMATS]
_TUPLE = struct.Struct(">h" + "".join(f"i{one}" for one in _FORMATS))
TUPLE_BYTES = _TUPLE.size
_before_player = Row._fields.index("player")
_PLAYER_AT = 2 + sum(4 + one for one in _LENGTHS[:_before_player]) + 4


def read(one: bytes) -> Row:
    """The values of a tuple. Raises TupleInvalid."""
    if len(one) != TUPLE_BYTES:
        raise TupleInvalid(f"a tuple has {TUPLE_BYTES} bytes")
    count, *parts = _TUPLE.unpack(one)
    if count != len(_LENGTHS) or parts[::2] != _LENGTHS:
        raise TupleInvalid("the lengths of a tuple's fields are others")
    return Row(*parts[1::2])


def write(row: Row) -> bytes:
    """The tuple of values."""
    parts = [part for pair in zip(_LENGTHS, row, strict=True) for part in pair]
    return _TUPLE.pack(len(_LENGTHS), *parts)


def with_player(one: bytes, player: bytes) -> bytes:
    """The tuple with another player. Raises TupleInvalid."""
    if len(player) != len(NO_PLAYER):
        raise TupleInvalid("a player has 16 bytes")
    return one[:_PLAYER_AT] + player + one[_PLAYER_AT + len(player) :]
