"""A receipt that is answered again: signed anew, so held to the log before.

Ed25519 gives the same signature for the same words, so a receipt is stored without its promise and
signed whenever it is answered. Whoever rewrites the database must not get a forgery signed by that:
its words have to be those of its entry, and once the entry had to be in the log it has to be there,
in the published tree under a checkpoint that the log's key signed. Only in the ten seconds before
is it signed without, as the very first answer was.
"""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

import gevent
import msgspec
import structlog

from portal import db
from portal.config import settings
from portal.errors import DatabaseUnavailable, Unconfirmed
from portal.ingest import acknowledging
from portal.ingest.currencies import currencies
from portal.transparency import entries, promises
from portal.transparency.entries import Entry
from portal.transparency.merkle import ProofInvalid
from portal.transparency.promises import Receipt, with_member
from portal.transparency.proofs import LogProof
from portal.transparency.published import LogUnavailable, Published

log = structlog.get_logger(__name__)

# How far the database's clock may be ahead of this machine's.
_CLOCKS_S = 5
_PAUSE_AFTER = 50
# Fresh entries that this worker has put into the journal, the newest.
_MOST_JOURNALED = 50_000
_journaled: dict[bytes, None] = {}


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a stored receipt claims. Its words were held to its entry."""

    stored: bytes
    receipt: Receipt
    entry: bytes
    entry_hash: bytes
    batch_id: int
    received_s: float

    def is_fresh(self, now: float) -> bool:
        """Whether its entry need not be in the log yet."""
        return self.received_s - _CLOCKS_S < now < self.received_s + promises.MERGE_SECONDS


@cache
def the_log() -> Published:
    """The log as this instance publishes it."""
    return Published(settings().tiles_dir)


def answered(stored: bytes, batch_id: int | None = None) -> bytes:
    """A stored receipt as it was answered; of this batch, where it is known which one is asked for.

    Raises Unconfirmed.
    """
    return all_answered([(batch_id, stored)])[0]


def all_answered(
    stored: Sequence[tuple[int | None, bytes]], now: float | None = None
) -> list[bytes]:
    """Stored receipts, each of a batch, as they were answered, byte for byte. Raises Unconfirmed.

    One from before the log has no promise and is answered as it is stored. ``now``: seconds since
    1970, else the clock's.
    """
    claims = []
    for number, (batch_id, one) in enumerate(stored, 1):
        claims.append(_claim(one, batch_id))
        if number % _PAUSE_AFTER == 0:
            gevent.sleep(0)
    _confirm([one for one in claims if one], time.time() if now is None else now)
    found = []
    for number, ((_, one), claim) in enumerate(zip(stored, claims, strict=True), 1):
        found.append(acknowledging.with_promise(one) if claim else one)
        if number % _PAUSE_AFTER == 0:
            gevent.sleep(0)
    return found


@dataclass(frozen=True, slots=True)
class Proven:
    """The proof of a receipt's entry; ``entry`` where the receipt itself does not hold it."""

    proof: LogProof
    entry: bytes = b""

    def added_to(self, receipt: bytes) -> bytes:
        """The receipt with what it was not answered with."""
        if self.entry:
            receipt = with_member(receipt, "entry", base64.b64encode(self.entry).decode())
        return with_member(receipt, "proof", self.proof.text())


def proof_of(stored: bytes, batch_id: int) -> Proven | None:
    """The proof of a stored receipt's entry; None while no checkpoint covers it.

    A receipt from before the log has an entry that was made when the log began. Raises Unconfirmed.
    """
    claim = _claim(stored, batch_id)
    entered = entry_of(batch_id)
    if claim is None:
        return _proof_of_earlier(stored, batch_id, entered) if entered else None
    place = entered[1] if entered else None
    try:
        proof = the_log().proof(claim.entry_hash, place, claim.receipt.origin)
    except (LogUnavailable, ProofInvalid) as problem:
        if claim.is_fresh(time.time()):
            return None
        raise _unconfirmed([claim], problem) from problem
    return Proven(proof) if proof else None


def _proof_of_earlier(
    stored: bytes, batch_id: int, entered: tuple[bytes, int | None]
) -> Proven | None:
    entry, place = entered
    try:
        differing = promises.contradictions(msgspec.json.decode(stored), entry, currencies())
        if {*differing} - {*promises.OF_THE_LOG} or Entry.unpack(
            entry
        ).batch().batch_id != batch_id:
            raise _unconfirmed([], f"batch {batch_id} has other words than its entry")
        proof = the_log().proof(entries.hash_of(entry), place, Entry.unpack(entry).origin)
    except (LogUnavailable, msgspec.MsgspecError, ValueError, OverflowError) as problem:
        raise _unconfirmed([], problem) from problem
    return Proven(proof, entry) if proof else None


class Standing(StrEnum):
    """How a stored receipt stands to the log."""

    LOGGED = "logged"
    PROMISED = "promised"  # its time is still to come
    BEFORE = "before"  # from before there was a log; entered when it began
    UNCONFIRMED = "unconfirmed"  # the log does not confirm it, or cannot be read


@dataclass(frozen=True, slots=True)
class Stood:
    """A receipt for its page: how it stands, the bytes to show, the proof once there is one."""

    standing: Standing
    receipt: bytes
    proven: Proven | None = None


def stood(stored: bytes, batch_id: int) -> Stood:
    """The same as ``answered`` and ``proof_of`` for a page, which says what is the matter."""
    try:
        receipt, proven = answered(stored, batch_id), proof_of(stored, batch_id)
        signed = promises.read(stored).receipt_version > 0
    except (Unconfirmed, DatabaseUnavailable, msgspec.MsgspecError, ValueError):
        return Stood(Standing.UNCONFIRMED, stored)
    if not signed:
        return Stood(Standing.BEFORE, receipt, proven)
    return Stood(Standing.LOGGED if proven else Standing.PROMISED, receipt, proven)


def entry_of(batch_id: int) -> tuple[bytes, int | None] | None:
    """What the database says that the log has of a batch: the entry and its leaf."""
    with db.portal() as conn:
        rows = db.call(conn, "api.batch_entries", [batch_id])
    return (bytes(rows[0]["entry"]), rows[0]["leaf_index"]) if rows else None


def _claim(stored: bytes, batch_id: int | None) -> _Claim | None:
    """None for a receipt from before the log. Raises Unconfirmed."""
    try:
        receipt = promises.read(stored)
        if receipt.receipt_version == 0:
            return None
        document: Mapping[str, Any] = msgspec.json.decode(stored)
        entry = receipt.entry_bytes
        differing = promises.contradictions(document, entry, currencies())
        batch = Entry.unpack(entry).batch()
    except (msgspec.MsgspecError, ValueError, OverflowError) as problem:
        raise _unconfirmed([], problem) from problem
    if batch_id not in (None, batch.batch_id):
        raise _unconfirmed([], f"batch {batch_id} has the receipt of {batch.batch_id}")
    if differing:
        raise _unconfirmed([], f"other words than its entry: {', '.join(differing)}")
    return _Claim(
        stored,
        receipt,
        entry,
        entries.hash_of(entry),
        batch.batch_id,
        batch.received_at_us / 1_000_000,
    )


def _confirm(claims: Sequence[_Claim], now: float) -> None:
    """Return where each is in the log or need not be there yet. Raises Unconfirmed."""
    fresh = [one for one in claims if one.is_fresh(now)]
    due = [one for one in claims if not one.is_fresh(now) and not the_log().knows(one.entry_hash)]
    if due:
        with db.portal() as conn:
            rows = db.call(conn, "api.batch_entries", [one.batch_id for one in due])
        places = {row["batch_id"]: row["leaf_index"] for row in rows}
        try:
            for number, one in enumerate(due, 1):
                place = places.get(one.batch_id)
                if not the_log().holds(one.entry_hash, place, one.receipt.origin):
                    raise _unconfirmed([one], "its entry is not in the log")
                if number % _PAUSE_AFTER == 0:
                    gevent.sleep(0)
        except LogUnavailable as problem:
            raise _unconfirmed([], problem) from problem
    # Whoever asks before the first answer is out must not get a promise that no journal knows. Each
    # is written once by a worker, however often it is asked for.
    unknown = {one.entry_hash: one.entry for one in fresh if one.entry_hash not in _journaled}
    if unknown:
        acknowledging.journal(list(unknown.values()))
        _journaled.update(dict.fromkeys(unknown))
        while len(_journaled) > _MOST_JOURNALED:
            del _journaled[next(iter(_journaled))]


def _place(batch_id: int) -> int | None:
    found = entry_of(batch_id)
    return found[1] if found else None


def _unconfirmed(claims: Sequence[_Claim], why: object) -> Unconfirmed:
    """Say loudly here what the caller is told in a word."""
    log.error(
        "receipt not confirmed", why=str(why), batches=[claim.batch_id for claim in claims] or None
    )
    return Unconfirmed()
