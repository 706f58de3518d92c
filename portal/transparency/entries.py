"""Entries of the log in their one binary form; docs/ledger.md specifies it, the database builds it.

``ledger.entry_head``, ``ledger.batch_entry`` and this module say the same thing in two languages; a
test holds them to each other. Integers are big-endian, a text is one byte of length and its UTF-8,
a moment is a signed count of microseconds since 1970-01-01 UTC.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, fields
from enum import IntEnum
from hashlib import sha256
from typing import Any

from portal.transparency.merkle import HASH_BYTES, hash_leaf

MAGIC = b"dozir-entry/v1\n"
NO_HASH = bytes(HASH_BYTES)


class EntryInvalid(ValueError):
    """Bytes that are no entry; the message says where they leave the form."""


class Kind(IntEnum):
    """What an entry tells of. All but the first two hold a JSON document."""

    BATCH = 1
    EARLIER_BATCH = 2  # accepted before there was a log, entered by its migration
    REFUSAL = 3
    REGISTRY = 4
    AUDIT = 5
    RETENTION = 6
    RESTORATION = 7


@dataclass(frozen=True, slots=True)
class Total:
    """What a batch holds of one type in one currency; amounts in minor units."""

    currency: int
    type: int
    count: int
    amount_minor: int
    cancelled_count: int
    cancelled_minor: int


_TOTAL = struct.Struct(">hhiqiq")


@dataclass(frozen=True, slots=True)
class Batch:
    """The body of a batch's entry. ``stream_sequence`` 0: none was sent."""

    schema_version: int
    batch_id: int
    operator_sequence: int
    operator_id: int
    stream: str
    stream_sequence: int
    idempotency_key: bytes
    access_key_id: int
    body_sha256: bytes
    row_count: int
    batch_root: bytes
    occurred_from_us: int
    occurred_until_us: int
    received_at_us: int
    late_count: int
    totals: tuple[Total, ...]
    operator_signature: bytes

    def pack(self) -> bytes:
        """The bytes of the body."""
        return b"".join(
            (
                struct.pack(
                    ">hqqi",
                    self.schema_version,
                    self.batch_id,
                    self.operator_sequence,
                    self.operator_id,
                ),
                _short(self.stream),
                struct.pack(
                    ">q16si32si32sqqqih",
                    self.stream_sequence,
                    self.idempotency_key,
                    self.access_key_id,
                    self.body_sha256,
                    self.row_count,
                    self.batch_root,
                    self.occurred_from_us,
                    self.occurred_until_us,
                    self.received_at_us,
                    self.late_count,
                    len(self.totals),
                ),
                *(_TOTAL.pack(*(getattr(one, f.name) for f in fields(one))) for one in self.totals),
                struct.pack(">h", len(self.operator_signature)),
                self.operator_signature,
            )
        )

    @classmethod
    def unpack(cls, body: bytes) -> Batch:
        """Read a body. Raises EntryInvalid."""
        reader = _Reader(body)
        head = reader.take(">hqqi")
        stream = reader.text()
        *rest, total_count = reader.take(">q16si32si32sqqqih")
        totals = tuple(Total(*reader.take(_TOTAL.format)) for _ in range(total_count))
        (signature_bytes,) = reader.take(">h")
        signature = reader.octets(signature_bytes)
        reader.end()
        return cls(*(*head, stream, *rest, totals, signature))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. ``operator`` is the registered code, empty where none is concerned.

    ``previous`` is the hash of the operator's previous batch entry; 32 zero bytes for its first
    one and for all entries that are not of batches.
    """

    kind: Kind
    origin: str
    entered_at_us: int
    operator: str
    previous: bytes
    body: bytes

    def pack(self) -> bytes:
        """The bytes that are hashed."""
        return b"".join(
            (
                MAGIC,
                bytes([self.kind]),
                _short(self.origin),
                struct.pack(">q", self.entered_at_us),
                _short(self.operator),
                self.previous,
                self.body,
            )
        )

    @classmethod
    def unpack(cls, raw: bytes) -> Entry:
        """Read an entry. Raises EntryInvalid."""
        reader = _Reader(raw)
        if reader.octets(len(MAGIC)) != MAGIC:
            raise EntryInvalid("an entry of another version")
        (number,) = reader.octets(1)
        try:
            kind = Kind(number)
        except ValueError:
            raise EntryInvalid("an entry of a kind that is not known") from None
        origin = reader.text()
        (entered_at_us,) = reader.take(">q")
        operator, previous = reader.text(), reader.octets(HASH_BYTES)
        return cls(kind, origin, entered_at_us, operator, previous, reader.rest())

    def batch(self) -> Batch:
        """What it tells of a batch. Raises EntryInvalid where it is none's."""
        if self.kind not in (Kind.BATCH, Kind.EARLIER_BATCH):
            raise EntryInvalid("not an entry of a batch")
        return Batch.unpack(self.body)


def hash_of(entry: bytes) -> bytes:
    """The hash of an entry's bytes: what the log's leaf consists of."""
    return sha256(entry).digest()


def leaf_of(entry_hash: bytes) -> bytes:
    """The leaf hash in the log's tree of an entry with this hash."""
    return hash_leaf(entry_hash)


def _short(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > 255:
        raise EntryInvalid("a text of more than 255 bytes")
    return bytes([len(raw)]) + raw


class _Reader:
    """Takes bytes from the front; what is missing or left over is an error."""

    def __init__(self, raw: bytes) -> None:
        self._raw, self._place = raw, 0

    def octets(self, count: int) -> bytes:
        end = self._place + count
        if count < 0 or end > len(self._raw):
            raise EntryInvalid(f"it ends at byte {len(self._raw)}, in the middle of a field")
        taken = self._raw[self._place : end]
        self._place = end
        return taken

    def take(self, layout: str) -> tuple[Any, ...]:
        found: tuple[Any, ...] = struct.unpack(layout, self.octets(struct.calcsize(layout)))
        return found

    def text(self) -> str:
        (length,) = self.octets(1)
        try:
            return self.octets(length).decode()
        except UnicodeDecodeError:
            raise EntryInvalid("a text that is not UTF-8") from None

    def rest(self) -> bytes:
        return self.octets(len(self._raw) - self._place)

    def end(self) -> None:
        if self._place != len(self._raw):
            raise EntryInvalid(f"{len(self._raw) - self._place} bytes too many")
