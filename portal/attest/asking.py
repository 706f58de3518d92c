"""Asking one witness: C2SP tlog-witness from the log's side, over one kept connection."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import SHUT_RDWR
from urllib.parse import urlsplit

from portal.transparency import checkpoints, merkle, notes, witnessing
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.merkle import Subtree
from portal.transparency.notes import NoteInvalid, Signature
from portal.transparency.policy import Witness
from portal.transparency.witnessing import RequestInvalid

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 10.0  # for one request as a whole, however slowly its answer trickles in
FUTURE_SECONDS = 600  # how far a witness' clock may be ahead of ours
TRIES = 3  # others may have the same witness cosign meanwhile


class NotCosigned(Exception):
    """A witness did not cosign; the message says why. It may at another time."""


class Contradicted(NotCosigned):
    """A witness holds another tree than the log does, or one that the log has forgotten, or lies:
    a person must look."""


@dataclass(frozen=True, slots=True)
class Cosignature:
    """What a witness signed, verified: the name it has in the policy, and when."""

    witness: str
    signature: Signature
    at: int


class Asker:
    """The witnesses of one URL: one, or one with several keys. For one thread."""

    def __init__(
        self,
        url: str,
        witnesses: Sequence[Witness],
        *,
        clock: Callable[[], float] = time.time,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self.witnesses = tuple(witnesses)
        self._path = parts.path.rstrip("/") + witnessing.PATH
        self._connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
        self._clock = clock
        self._answer_seconds = answer_seconds
        self.size = 0  # of the checkpoint that the witness cosigned last, as far as is known

    def cosign(
        self, checkpoint: Checkpoint, note: str, subtree: Callable[[int], Subtree]
    ) -> list[Cosignature]:
        """Have it cosign. ``subtree(size)`` gives the subtrees of the tree of that size.

        Raises NotCosigned.
        """
        for _ in range(TRIES):
            old = self.size
            if old > checkpoint.size:
                # Somebody else had it cosign a newer one; or there is none, and a person must look.
                self.size = 0
                raise Contradicted(f"the witness has a tree of {old} leaves")
            proof = merkle.consistency_proof(old, checkpoint.size, subtree(checkpoint.size))
            status, content_type, answer = self._post(witnessing.write_request(old, proof, note))
            if status == 200:
                found = self._verified(answer, notes.read(note)[0])
                self.size = checkpoint.size
                return found
            if status != 409:
                # What it remembers is asked for again: it may have begun anew.
                self.size = 0
                raise NotCosigned(f"it answers with status {status}")
            self.size = self._told(content_type, answer)
            if self.size == old:
                raise Contradicted(f"the witness has another tree of {old} leaves")
        raise NotCosigned("others extend it meanwhile")

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _told(self, content_type: str | None, answer: bytes) -> int:
        if (content_type or "").partition(";")[0].strip().lower() != witnessing.SIZE_TYPE:
            raise NotCosigned("it answers with status 409 and no size")
        try:
            return witnessing.read_size(answer)
        except RequestInvalid:
            raise NotCosigned("it answers with status 409 and no size") from None

    def _verified(self, answer: bytes, text: str) -> list[Cosignature]:
        """What keys of the policy signed; what strangers add is passed over."""
        found = []
        try:
            signatures = notes.signature_lines(answer.decode())
            for witness in self.witnesses:
                if signature := notes.find(signatures, witness.key):
                    at = checkpoints.verify_signature(text, signature, witness.key)
                    if at > self._clock() + FUTURE_SECONDS:
                        raise NotCosigned("it signs with a time yet to come")
                    found.append(Cosignature(witness.name, signature, at))
        except (NoteInvalid, UnicodeDecodeError) as problem:
            said = str(problem) if isinstance(problem, NoteInvalid) else "not UTF-8"
            raise NotCosigned(f"its answer does not hold: {said}") from None
        if not found:
            raise NotCosigned("it answers without a signature by a key of the policy")
        return found

    def _post(self, body: bytes) -> tuple[int, str | None, bytes]:
        """Send a request on the kept connection; on a new one where that has gone stale."""
        fresh = self._connection.sock is None
        try:
            return self._exchange(body)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # An idle connection may be closed at any moment; asking twice does no harm.
            if fresh:
                raise NotCosigned("it hangs up") from None
        except (OSError, http.client.HTTPException) as problem:
            raise NotCosigned(f"no answer: {type(problem).__name__}") from None
        try:
            return self._exchange(body)
        except (OSError, http.client.HTTPException) as problem:
            raise NotCosigned(f"no answer: {type(problem).__name__}") from None

    def _exchange(self, body: bytes) -> tuple[int, str | None, bytes]:
        connection = self._connection
        try:
            if connection.sock is None:
                connection.connect()
            with self._deadline():
                headers = {"Content-Type": "text/plain; charset=utf-8"}
                connection.request("POST", self._path, body, headers)
                answer = connection.getresponse()
                data = answer.read(witnessing.MAX_ANSWER_BYTES + 1)
                if len(data) > witnessing.MAX_ANSWER_BYTES:
                    raise NotCosigned("an answer too long")
                if answer.length:
                    raise NotCosigned("no answer: it ends before its end")
                return answer.status, answer.getheader("Content-Type"), data
        except BaseException:
            connection.close()
            raise

    @contextmanager
    def _deadline(self) -> Iterator[None]:
        """A time limit for an exchange as a whole; that of a socket is for each byte anew."""
        sock = self._connection.sock

        def cut() -> None:
            with suppress(OSError):
                sock.shutdown(SHUT_RDWR)

        sock.settimeout(self._answer_seconds)
        timer = threading.Timer(self._answer_seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
