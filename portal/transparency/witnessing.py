"""What a log asks a witness, as bytes: the body of ``add-checkpoint``.

Source: C2SP tlog-witness, https://c2sp.org/tlog-witness.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from portal.transparency import checkpoints, notes
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.merkle import HASH_BYTES
from portal.transparency.notes import NoteInvalid, Signature

PATH = "/add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MAX_PROOF_LINES = 63
# Enough for a hundred signatures of the longest kind and as many lines of a proof as there may be.
MAX_REQUEST_BYTES = 400_000
MAX_ANSWER_BYTES = 400_000
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")
_ANSWERED_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")


class RequestInvalid(ValueError):
    """A request is malformed; the message says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """A checkpoint, its text and signatures, and the proof that it extends the tree of ``old``."""

    old: int
    proof: tuple[bytes, ...]
    text: str
    signatures: tuple[Signature, ...]
    checkpoint: Checkpoint


def write_request(old: int, proof: Sequence[bytes], note: str) -> bytes:
    """The body that asks to cosign ``note``."""
    lines = [f"old {old}", *(base64.b64encode(one).decode() for one in proof), "", note]
    return "\n".join(lines).encode()


def read_request(body: bytes) -> Request:
    """Read a body; nothing of it is verified. Raises RequestInvalid."""
    if len(body) > MAX_REQUEST_BYTES:
        raise RequestInvalid("a body too long")
    try:
        head, found, note = body.decode().partition("\n\n")
        if not found:
            raise RequestInvalid("no empty line before the checkpoint")
        first, *proof = head.split("\n")
        old = _OLD.fullmatch(first)
        if old is None:
            raise RequestInvalid("the first line is not “old” and a size")
        if len(proof) > MAX_PROOF_LINES:
            raise RequestInvalid(f"more than {MAX_PROOF_LINES} lines of a proof")
        hashes = tuple(notes.decode_base64(line) for line in proof)
        if any(len(one) != HASH_BYTES for one in hashes):
            raise RequestInvalid("a hash that does not have 32 bytes")
        text, signatures = notes.read(note)
        checkpoint = checkpoints.parse(text)
    except (NoteInvalid, UnicodeDecodeError) as problem:
        said = problem if isinstance(problem, NoteInvalid) else "not UTF-8"
        raise RequestInvalid(str(said)) from None
    return Request(int(old[1]), hashes, text, tuple(signatures), checkpoint)


def read_size(body: bytes) -> int:
    """The size that a witness answers with status 409. Raises RequestInvalid."""
    match = _ANSWERED_SIZE.fullmatch(body)
    if match is None:
        raise RequestInvalid("no size and newline")
    return int(match[1])
