"""Checks what somebody holds against the log: a receipt, a checkpoint, the proof of a transaction
or of an event of the audit trail.

Open to everyone, so it tells of a document only what follows from the document, the published log
and public keys; the database is asked where an entry stands, and only after the promise about that
very entry has been found genuine.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from portal.ingest import vouching
from portal.ingest.currencies import currencies
from portal.transparency import checkpoints, entries, events, keys, notes, promises, proofs
from portal.transparency.checkpoints import Signed
from portal.transparency.entries import Entry
from portal.transparency.merkle import ProofInvalid
from portal.transparency.proofs import LogProof, ProvenRow
from portal.transparency.published import LogUnavailable, Newest
from portal.web.turnstile import Turnstile

MAX_BYTES = 256 * 1024


class Outcome(StrEnum):
    """What a check ends with; words of the wire format, added and never renamed."""

    LOGGED = "logged"  # genuine, and in the log
    PROMISED = "promised"  # genuine; the time by which it has to be in the log is still to come
    OVERDUE = "overdue"  # genuine, and not in the log although the time is over
    PROVEN = "proven"  # the row is in the log
    SEALED = "sealed"  # a row with this hash is in the log; the player is withheld
    NOTED = "noted"  # the event of the audit trail is in the log
    KEPT = "kept"  # a checkpoint of this log, which has only grown since
    UNSIGNED = "unsigned"  # a receipt from before the log
    FALSE = "false"  # it contradicts itself, its signature or its proof
    FORKED = "forked"  # signed by the log, and not of the log that is published here
    OTHER_LOG = "other_log"
    UNREADABLE = "unreadable"  # nothing that could be checked
    UNAVAILABLE = "unavailable"  # the published log cannot be read at the moment


class Step(StrEnum):
    """What is checked, in order."""

    SIGNATURE = "signature"  # of the promise, or of the checkpoint
    ENTRY = "entry"  # is the one that was promised
    WORDS = "words"  # of the receipt are those of the entry
    ROW = "row"  # belongs to the batch
    EVENT = "event"  # stands in the entry of its minute
    INCLUSION = "inclusion"  # of the entry, under a signed checkpoint
    SAME_LOG = "same_log"  # that checkpoint is one of the published log


@dataclass(slots=True)
class Verdict:
    """The outcome, each step that was taken with whether it held, and what the document is of."""

    outcome: Outcome = Outcome.UNREADABLE
    kind: str = ""
    steps: dict[Step, bool] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    operator: str = ""
    batch_id: int | None = None
    received_at: datetime | None = None
    merge_by: datetime | None = None
    row_no: int | None = None
    index: int | None = None
    size: int | None = None
    row: ProvenRow | None = None
    event_id: int | None = None
    event: dict[str, Any] | None = None

    def document(self) -> dict[str, Any]:
        """As the API answers it; what does not apply is left out."""
        found: dict[str, Any] = {"outcome": self.outcome}
        if self.kind:
            found["kind"] = self.kind
        found["steps"] = [{"step": step, "holds": holds} for step, holds in self.steps.items()]
        if self.differing:
            found["differing"] = self.differing
        for name in ("batch_id", "row_no", "event_id", "index", "size"):
            if getattr(self, name) is not None:
                found[name] = getattr(self, name)
        return found


class _Ended(Exception):
    """The check has its outcome."""


def check(document: bytes) -> Verdict:
    """Check a receipt, a checkpoint, the proof of a row or an event; never raises for what
    somebody sent.
    """
    verdict = Verdict()
    try:
        found = _read(document)
        if found is None:
            _check_checkpoint(verdict, document)
        elif found.get("format") == events.FORMAT:
            _check_event(verdict, document)
        elif "format" in found:
            _check_row(verdict, document)
        else:
            _check_receipt(verdict, found, document)
    except _Ended:
        pass
    except LogUnavailable:
        verdict.outcome = Outcome.UNAVAILABLE
    return verdict


def _read(document: bytes) -> dict[str, Any] | None:
    if len(document) > MAX_BYTES:
        return None
    try:
        found = msgspec.json.decode(document.strip().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _take(verdict: Verdict, step: Step, *, holds: bool) -> None:
    verdict.steps[step] = holds
    if not holds:
        verdict.outcome = Outcome.FALSE
        raise _Ended


def _check_receipt(verdict: Verdict, found: dict[str, Any], document: bytes) -> None:
    try:
        receipt = promises.read(document.strip().removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, ValueError):
        return
    verdict.kind = "receipt"
    earlier = receipt.receipt_version == 0
    if earlier and not (receipt.entry and isinstance(found.get("proof"), str)):
        verdict.outcome = Outcome.UNSIGNED
        return
    newest = vouching.the_log().newest()
    origin = newest.checkpoint.origin
    if not earlier:
        if receipt.origin != origin:
            verdict.outcome = Outcome.OTHER_LOG
            return
        try:
            known = keys.verifying_keys(origin, receipt.received_at)
            promises.verify_signature(receipt, *known)
        except ValueError:
            _take(verdict, Step.SIGNATURE, holds=False)
        _take(verdict, Step.SIGNATURE, holds=True)
    try:
        entry = receipt.entry_bytes
        batch = Entry.unpack(entry).batch()
        said = {*promises.contradictions(found, entry, currencies())}
    except (ValueError, OverflowError):
        _take(verdict, Step.ENTRY, holds=False)
    if not earlier:
        _take(verdict, Step.ENTRY, holds=entries.hash_of(entry).hex() == receipt.entry_hash)
    verdict.differing = sorted(said - {*promises.OF_THE_LOG} if earlier else said)
    _take(verdict, Step.WORDS, holds=not verdict.differing)
    verdict.operator = Entry.unpack(entry).operator
    verdict.batch_id = batch.batch_id
    verdict.received_at = _moment(batch.received_at_us)
    verdict.merge_by = verdict.received_at + timedelta(seconds=promises.MERGE_SECONDS)
    entry_hash = entries.hash_of(entry)
    if isinstance(proof := found.get("proof"), str):
        _check_proof(verdict, proof, entry_hash, newest)
        verdict.outcome = Outcome.LOGGED
        return
    _look_up(verdict, entry_hash, origin)


def _look_up(verdict: Verdict, entry_hash: bytes, origin: str) -> None:
    """A receipt without proof: whether the published log has its entry."""
    entered = vouching.entry_of(verdict.batch_id or 0)
    try:
        proof = vouching.the_log().proof(entry_hash, entered[1] if entered else None, origin)
    except ProofInvalid:
        proof = None
    if proof is not None:
        verdict.steps[Step.INCLUSION] = True
        verdict.index, verdict.outcome = proof.index, Outcome.LOGGED
        verdict.size = checkpoints.parse(notes.read(proof.checkpoint)[0]).size
    elif verdict.merge_by and datetime.now(UTC) < verdict.merge_by:
        verdict.outcome = Outcome.PROMISED
    else:
        verdict.steps[Step.INCLUSION] = False
        verdict.outcome = Outcome.OVERDUE


def _check_proof(verdict: Verdict, text: str, entry_hash: bytes, newest: Newest) -> None:
    try:
        proof = LogProof.parse(text)
        signed = proof.verify(entry_hash, vouching.the_log().keys(), newest.checkpoint.origin)
    except ValueError:
        _take(verdict, Step.INCLUSION, holds=False)
    _take(verdict, Step.INCLUSION, holds=True)
    verdict.index = proof.index
    _check_same_log(verdict, signed)


def _check_same_log(verdict: Verdict, signed: Signed) -> None:
    """Everyone has to be shown the same log: a checkpoint that was signed is part of this one."""
    verdict.size = signed.checkpoint.size
    same = (
        signed.checkpoint.size <= vouching.the_log().newest().checkpoint.size
        and vouching.the_log().root(signed.checkpoint.size) == signed.checkpoint.root
    )
    verdict.steps[Step.SAME_LOG] = same
    if not same:
        verdict.outcome = Outcome.FORKED
        raise _Ended


def _check_row(verdict: Verdict, document: bytes) -> None:
    newest = vouching.the_log().newest()
    try:
        proof = proofs.RowProof.parse(document)
        entry = Entry.unpack(proof.entry)
    except ValueError:
        return
    verdict.kind = "row_proof"
    if entry.origin != newest.checkpoint.origin:
        verdict.outcome = Outcome.OTHER_LOG
        return
    try:
        proven = proofs.verify_row(document, vouching.the_log().keys(), entry.origin)
    except ValueError:
        _take(verdict, Step.ROW, holds=False)
    verdict.steps[Step.ROW] = verdict.steps[Step.INCLUSION] = True
    verdict.row, verdict.index = proven, proven.index
    verdict.operator = entry.operator
    verdict.batch_id, verdict.row_no = proven.batch.batch_id, proven.row.row_no
    verdict.received_at = _moment(proven.batch.received_at_us)
    _check_same_log(verdict, proven.signed)
    verdict.outcome = Outcome.SEALED if proven.sealed else Outcome.PROVEN


def _check_event(verdict: Verdict, document: bytes) -> None:
    newest = vouching.the_log().newest()
    verdict.kind = "event_proof"
    try:
        proven = events.verify_event(
            document.strip().removeprefix(b"\xef\xbb\xbf"),
            vouching.the_log().keys(),
            newest.checkpoint.origin,
        )
    except proofs.INVALID:
        _take(verdict, Step.EVENT, holds=False)
    verdict.steps[Step.EVENT] = verdict.steps[Step.INCLUSION] = True
    verdict.event, verdict.index = proven.event, proven.index
    verdict.event_id = int(str(proven.event["id"]))
    _check_same_log(verdict, proven.signed)
    verdict.outcome = Outcome.NOTED


def _check_checkpoint(verdict: Verdict, document: bytes) -> None:
    if len(document) > MAX_BYTES:
        return
    try:
        # As a form or an editor gives it: other line ends, space around.
        note = document.decode().replace("\r\n", "\n").strip() + "\n"
        checkpoint = checkpoints.parse(notes.read(note)[0])
    except ValueError:
        return
    verdict.kind = "checkpoint"
    if checkpoint.origin != vouching.the_log().newest().checkpoint.origin:
        verdict.outcome = Outcome.OTHER_LOG
        return
    try:
        signed = checkpoints.verify(note, vouching.the_log().keys(), checkpoint.origin)
    except ValueError:
        _take(verdict, Step.SIGNATURE, holds=False)
    _take(verdict, Step.SIGNATURE, holds=True)
    _check_same_log(verdict, signed)
    verdict.outcome = Outcome.KEPT


def _moment(moment_us: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment_us)


turnstile = Turnstile()
