"""The promise in a receipt: this entry will be in the log by that moment; docs/ledger.md pins it.

The database stores a receipt without its promise; who answers it signs. Ed25519 always gives the
same signature for the same words, so the same receipt always has the same bytes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from portal.transparency import checkpoints, entries, notes
from portal.transparency.checkpoints import PrivateKey
from portal.transparency.entries import Batch, Entry
from portal.transparency.notes import NoteInvalid, PublicKey

VERSION = "dozir-receipt/v1"
KEY_NAME = "{origin}/receipts"
MERGE_SECONDS = 10
# Members that a receipt from before the log does not have.
OF_THE_LOG = ("origin", "batch_root", "entry_hash", "merge_by")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES = ("bet", "win", "refund", "deposit", "withdrawal")


class Receipt(msgspec.Struct, frozen=True):
    """What a receipt of version 1 says of its entry; its other members are for people."""

    receipt_version: int
    operator_sequence: int
    rows: int
    received_at: str
    origin: str = ""
    batch_root: str = ""
    entry_hash: str = ""
    entry: str = ""
    merge_by: str = ""
    promise: str = ""

    @property
    def entry_bytes(self) -> bytes:
        return base64.b64decode(self.entry)


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised."""

    origin: str
    entry_hash: bytes
    operator_sequence: int
    row_count: int
    batch_root: bytes
    received_at: str
    merge_by: str

    def text(self) -> str:
        """The lines that are signed."""
        return (
            f"{VERSION}\n{self.origin}\n{_base64(self.entry_hash)}\n{self.operator_sequence}\n"
            f"{self.row_count}\n{_base64(self.batch_root)}\n{self.received_at}\n{self.merge_by}\n"
        )


_DECODER = msgspec.json.Decoder(Receipt)


def read(receipt: bytes) -> Receipt:
    """What a receipt says. Raises msgspec.DecodeError."""
    return _DECODER.decode(receipt)


def of(receipt: Receipt) -> Promise:
    """What is promised by a receipt of version 1."""
    return Promise(
        receipt.origin,
        bytes.fromhex(receipt.entry_hash),
        receipt.operator_sequence,
        receipt.rows,
        bytes.fromhex(receipt.batch_root),
        receipt.received_at,
        receipt.merge_by,
    )


def complete(stored: bytes, receipt: Receipt, *keys: PrivateKey) -> bytes:
    """The receipt as it is answered: the stored bytes and, as the last member, the promise."""
    text = of(receipt).text()
    note = notes.write(text, [key.sign(text) for key in keys])
    return with_member(stored, "promise", note)


def with_member(document: bytes, name: str, value: str) -> bytes:
    """A JSON object with one more member at its end."""
    added = json.dumps({name: value}, ensure_ascii=False)[1:]
    return document[: document.rindex(b"}")] + b", " + added.encode()


def verify(receipt: Receipt, *keys: PublicKey) -> Promise:
    """Hold a receipt's promise to its keys and its facts. Raises NoteInvalid.

    The promise must say what the receipt says, and the entry must be the one that it names.
    """
    promised = verify_signature(receipt, *keys)
    if entries.hash_of(receipt.entry_bytes) != promised.entry_hash:
        raise NoteInvalid("the entry is not the one that was promised")
    return promised


def verify_signature(receipt: Receipt, *keys: PublicKey) -> Promise:
    """The same, without looking at the entry: one of the keys signed, and whatever is said to be
    signed by one of them is. Raises NoteInvalid, ValueError.
    """
    if receipt.receipt_version != 1 or not receipt.promise:
        raise NoteInvalid("a receipt without a promise")
    text, signatures = notes.read(receipt.promise)
    found = [(key, one) for key in keys if (one := notes.find(signatures, key))]
    if not found:
        raise NoteInvalid("the promise is not signed by a key that is known")
    for key, signature in found:
        checkpoints.verify_signature(text, signature, key)
    promised = of(receipt)
    if text != promised.text():
        raise NoteInvalid("the promise is of another batch")
    return promised


def facts_of(entry: bytes, currencies: Mapping[str, tuple[int, int]]) -> dict[str, Any]:
    """What a receipt must say in words of the batch that an entry tells of.

    ``currencies`` are those known: code -> (ISO number, minor digits). Raises EntryInvalid.
    """
    read_ = Entry.unpack(entry)
    batch = read_.batch()
    return {
        "batch_id": batch.batch_id,
        "operator": read_.operator,
        "operator_sequence": batch.operator_sequence,
        "stream": batch.stream,
        "stream_sequence": batch.stream_sequence or None,
        "idempotency_key": str(UUID(bytes=batch.idempotency_key)),
        "rows": batch.row_count,
        "totals": _totals(batch, {number: (code, n) for code, (number, n) in currencies.items()}),
        "occurred_from": rfc3339(batch.occurred_from_us),
        "occurred_until": rfc3339(batch.occurred_until_us),
        "received_at": rfc3339(batch.received_at_us),
        "body_sha256": batch.body_sha256.hex(),
        "origin": read_.origin,
        "batch_root": batch.batch_root.hex(),
        "entry_hash": entries.hash_of(entry).hex(),
        "merge_by": rfc3339(batch.received_at_us + MERGE_SECONDS * 1_000_000),
    }


def contradictions(
    receipt: Mapping[str, Any], entry: bytes, currencies: Mapping[str, tuple[int, int]]
) -> list[str]:
    """The members of a receipt of version 1 that say something else than its entry.

    The promise covers the entry; without this a receipt could have a good promise and false words.
    Raises EntryInvalid.
    """
    facts = facts_of(entry, currencies)
    return [name for name, fact in facts.items() if receipt.get(name, ...) != fact]


def rfc3339(moment_us: int) -> str:
    """A moment, microseconds since 1970, as receipts write it."""
    moment = _EPOCH + timedelta(microseconds=moment_us)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _totals(batch: Batch, known: Mapping[int, tuple[str, int]]) -> list[dict[str, Any]]:
    totals = []
    for one in batch.totals:
        code, digits = known.get(one.currency, ("", 0))
        totals.append(
            {
                "type": _TYPES[one.type - 1] if 1 <= one.type <= len(_TYPES) else "",
                "currency": code,
                "count": one.count,
                "sum": _decimal(one.amount_minor, digits),
                "cancelled_count": one.cancelled_count,
                "cancelled_sum": _decimal(one.cancelled_minor, digits),
            }
        )
    return totals


def _decimal(minor: int, digits: int) -> str:
    whole, rest = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{rest:0{digits}}" if digits else f"{sign}{whole}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
