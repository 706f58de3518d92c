"""What a witness answers to ``add-checkpoint``: the checks of C2SP tlog-witness, in its order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import structlog

from portal.transparency import checkpoints, merkle, notes, witnessing
from portal.transparency.merkle import ProofInvalid
from portal.transparency.notes import NoteInvalid, PublicKey
from portal.transparency.witnessing import Request, RequestInvalid
from portal.witness.state import Cosigned, State

TEXT = "text/plain; charset=utf-8"
REPEAT_SECONDS = 5
SET_BACK_SECONDS = 600

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body and its type."""

    status: int
    body: bytes
    content_type: str = TEXT


class Witness:
    """Cosigns the checkpoints of known logs, each an extension of the one before.

    ``logs`` are the verifier keys of logs; those of one name are the keys of one log, as while it
    changes them.
    """

    def __init__(
        self, state: State, logs: Iterable[PublicKey], clock: Callable[[], float] = time.time
    ) -> None:
        self._state = state
        self._logs: dict[str, list[PublicKey]] = {}
        for key in logs:
            self._logs.setdefault(key.name, []).append(key)
        self._clock = clock
        # From looking at the last checkpoint until the next one is on the disk.
        self._one_at_a_time = threading.Lock()

    @property
    def origins(self) -> list[str]:
        """The logs it watches."""
        return list(self._logs)

    def last(self, origin: str) -> Cosigned:
        """The last checkpoint cosigned; its note is empty if there is none."""
        return self._state.last(origin)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Check a request and cosign its checkpoint. Raises OSError when that cannot be kept."""
        try:
            request = witnessing.read_request(body)
        except RequestInvalid as problem:
            return _refusal(400, str(problem))
        keys = self._logs.get(request.checkpoint.origin)
        if keys is None:
            return _refusal(404, "a log that is not watched here")
        if not _is_signed(request, keys):
            return _refusal(403, "no signature by a key of this log holds")
        if request.old > request.checkpoint.size:
            return _refusal(400, "the old size is above the checkpoint's")
        with self._one_at_a_time:
            return self._extend(request)

    def _extend(self, request: Request) -> Answer:
        checkpoint, last = request.checkpoint, self._state.last(request.checkpoint.origin)
        known = last.checkpoint
        if checkpoint.size == known.size and checkpoint.root != known.root:
            self._tell_fork(request)
        if request.old != known.size or (
            checkpoint.size == known.size and checkpoint.root != known.root
        ):
            return Answer(409, b"%d\n" % known.size, witnessing.SIZE_TYPE)
        try:
            merkle.verify_consistency(
                known.size, known.root, checkpoint.size, checkpoint.root, request.proof
            )
        except ProofInvalid as problem:
            log.warning("proof refused", origin=checkpoint.origin, size=checkpoint.size)
            return _refusal(422, str(problem))
        now = int(self._clock())
        if repeated := self._repeated(request, last, now):
            return repeated
        # A clock set back a little must not date a larger tree before a smaller one; one that was
        # far ahead is right again.
        at = last.at if now < last.at <= now + SET_BACK_SECONDS else now
        try:
            lines = [key.sign(request.text, at) for key in self._state.keys]
        except NoteInvalid as problem:  # an origin too long for a kind of signature
            return _refusal(400, str(problem))
        trusted = {
            one.key_id: one for one in request.signatures if _holds(request, one, self._logs)
        }
        note = notes.write(request.text, [*trusted.values(), *lines])
        self._state.replace(Cosigned(note, checkpoint, at))
        log.info("cosigned", origin=checkpoint.origin, size=checkpoint.size)
        return Answer(200, "".join(one.line() for one in lines).encode())

    def _repeated(self, request: Request, last: Cosigned, now: int) -> Answer | None:
        """The same answer to the same question of a moment ago.

        A checkpoint is public, so that anyone may ask: it must not cost a signature and a write.
        """
        if not last.note or not 0 <= now - last.at < REPEAT_SECONDS:
            return None
        text, signatures = notes.read(last.note)
        if text != request.text:
            return None
        own = [key.public for key in self._state.keys]
        lines = [one.line() for one in signatures if any(one.is_of(key) for key in own)]
        return Answer(200, "".join(lines).encode())

    def _tell_fork(self, request: Request) -> None:
        """The log signed two trees of one size: keep both, loudly."""
        other = notes.write(request.text, request.signatures)
        try:
            kept = self._state.keep_fork(other, request.checkpoint.origin)
        except OSError:  # it is refused all the same
            kept = None
        log.error(
            "THE LOG SIGNED TWO TREES",
            origin=request.checkpoint.origin,
            size=request.checkpoint.size,
            kept=str(kept) if kept else None,
        )


def _is_signed(request: Request, keys: Iterable[PublicKey]) -> bool:
    """Whether any signature by a known key holds; those of other keys are passed over."""
    known = {key.name: list(keys) for key in keys}
    return any(_holds(request, one, known) for one in request.signatures)


def _holds(request: Request, signature: notes.Signature, logs: dict[str, list[PublicKey]]) -> bool:
    for key in logs.get(request.checkpoint.origin, ()):
        if signature.is_of(key):
            try:
                checkpoints.verify_signature(request.text, signature, key)
            except NoteInvalid:
                continue
            return True
    return False


def _refusal(status: int, why: str) -> Answer:
    return Answer(status, f"{why}\n".encode())
