"""The proof of one event of the audit trail, which can be checked away from the log.

An event's leaf hash stands beside its number in the entry of its minute; docs/ledger.md, "Events",
pins tuple and document. Checking needs nothing but the log's public keys.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec

from portal.transparency import entries
from portal.transparency.checkpoints import Signed
from portal.transparency.entries import Entry
from portal.transparency.merkle import ProofInvalid
from portal.transparency.notes import PublicKey
from portal.transparency.proofs import LogProof

FORMAT = "dozir-event-proof/v1"
AUDIT = 5  # the kind of entry
ACT = "events"
NAMES = (
    "id", "at", "person_id", "role", "operator_id", "concerns", "kind", "object", "object_id",
    "facts", "request_id", "address", "told", "salt",
)  # fmt: skip
EPOCH_2000_US = 946_684_800_000_000
_NUMBERS = frozenset({"id", "at", "person_id", "operator_id", "concerns"})


class EventProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One event and all that binds it to the log; bytes are base 64."""

    format: str
    tuple: bytes
    entry: bytes
    proof: str

    def json(self) -> bytes:
        """The document's bytes, laid out for reading."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2)


@dataclass(frozen=True, slots=True)
class ProvenEvent:
    """What a proof shows: the event's fields by ``NAMES``, ``at`` in microseconds since 1970."""

    event: dict[str, object]
    entry: Entry
    index: int
    signed: Signed


def make_proof(own: bytes, entry: bytes, place: LogProof) -> EventProof:
    """The proof of an event from its tuple. Raises ProofInvalid where the entry has another."""
    _held(own, entry)
    return EventProof(format=FORMAT, tuple=own, entry=entry, proof=place.text())


def verify_event(document: bytes, keys: Sequence[PublicKey], origin: str) -> ProvenEvent:
    """What a proof shows, where it holds. Raises what ``proofs.INVALID`` names."""
    try:
        found = msgspec.json.decode(document, type=EventProof)
    except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
        raise ProofInvalid("not a proof of an event") from problem
    if found.format != FORMAT:
        raise ProofInvalid("a proof of an event in another form than version 1")
    event, entry = _held(found.tuple, found.entry)
    if entry.origin != origin:
        raise ProofInvalid("an entry of another log")
    place = LogProof.parse(found.proof)
    signed = place.verify(entries.hash_of(found.entry), keys, origin)
    return ProvenEvent(event, entry, place.index, signed)


def _held(own: bytes, raw: bytes) -> tuple[dict[str, object], Entry]:
    """The event, whose hash stands in the entry."""
    event, entry = read(own), Entry.unpack(raw)
    try:
        told = json.loads(entry.body) if int(entry.kind) == AUDIT else {}
        leaves = dict(told["events"]) if told.get("act") == ACT else {}
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ProofInvalid("an entry of no events") from problem
    if leaves.get(event["id"]) != sha256(b"\0" + own).hexdigest():
        raise ProofInvalid("the entry has the event otherwise, or not")
    return event, entry


def read(own: bytes) -> dict[str, object]:
    """The fields of an event's tuple. Raises ProofInvalid."""
    if own[:2] != len(NAMES).to_bytes(2):
        raise ProofInvalid("not the tuple of an event")
    place, event = 2, dict[str, object]()
    for name in NAMES:
        length = int.from_bytes(own[place : place + 4], signed=True)
        raw = own[place + 4 : place + 4 + max(length, 0)]
        if length < -1 or len(raw) != max(length, 0) or place + 4 > len(own):
            raise ProofInvalid("the tuple of an event ends too early")
        place += 4 + max(length, 0)
        event[name] = None if length < 0 else _value(name, raw)
    if place != len(own):
        raise ProofInvalid("bytes too many in the tuple of an event")
    return event


def _value(name: str, raw: bytes) -> object:
    if name in _NUMBERS:
        number = int.from_bytes(raw, signed=True)
        return number + EPOCH_2000_US if name == "at" else number
    if name == "told":
        return raw == b"\1"
    if name == "salt":
        return raw.hex()
    try:
        return raw.decode()
    except UnicodeDecodeError as problem:
        raise ProofInvalid("a text that is not UTF-8") from problem
