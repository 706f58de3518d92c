"""Checkpoints of a log: what is signed of its size and root, by whom, and when.

Sources: C2SP tlog-checkpoint and tlog-cosignature, https://c2sp.org/tlog-checkpoint,
https://c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from portal.transparency import notes
from portal.transparency.merkle import HASH_BYTES
from portal.transparency.notes import Kind, NoteInvalid, PublicKey, Signature

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_TIME = struct.Struct(">Q")
_LABEL = b"subtree/v1\n\0"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, its number of leaves and the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs: one name, one kind."""

    name: str
    kind: Kind
    key: Ed25519PrivateKey | MLDSA44PrivateKey

    @classmethod
    def from_seed(cls, name: str, kind: Kind, seed: bytes) -> PrivateKey:
        """Of the 32 bytes from which both algorithms make their keys."""
        made: Ed25519PrivateKey | MLDSA44PrivateKey
        if kind is Kind.ML_DSA_44_COSIGNATURE:
            made = MLDSA44PrivateKey.from_seed_bytes(seed)
        else:
            made = Ed25519PrivateKey.from_private_bytes(seed)
        return cls(name, kind, made)

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.name, self.kind, self.key.public_key().public_bytes_raw())

    def sign(self, text: str, at: int = 0) -> Signature:
        """Sign a note's text; ``at``, seconds since 1970, is the time of a cosignature.

        Ed25519 notes may be of any text, cosignatures are of checkpoints. Raises NoteInvalid.
        """
        stamp = b"" if self.kind is Kind.ED25519 else _TIME.pack(at)
        signed = self.key.sign(_message(self.name, self.kind, text, at))
        return Signature(self.name, self.public.id, stamp + signed)


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint with the signatures that were verified, and when each was made (0: not said)."""

    checkpoint: Checkpoint
    by: dict[PublicKey, int]


def parse(text: str) -> Checkpoint:
    """Read a checkpoint's text; lines after the third are not looked at. Raises NoteInvalid."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise NoteInvalid("a checkpoint has three lines or more, none of them empty")
    origin, size, root = lines[:3]
    if not _SIZE.fullmatch(size):
        raise NoteInvalid("a checkpoint's size is no number")
    raw = notes.decode_base64(root)
    if len(raw) != HASH_BYTES:
        raise NoteInvalid("a checkpoint's root does not have 32 bytes")
    return Checkpoint(origin, int(size), raw)


def verify(note: str, keys: Iterable[PublicKey], origin: str) -> Signed:
    """Read a checkpoint and verify what is signed by any of ``keys``.

    Raises NoteInvalid when a signature by one of them does not hold, when there is none, or when
    the checkpoint is another log's.
    """
    text, signatures = notes.read(note)
    checkpoint = parse(text)
    if checkpoint.origin != origin:
        raise NoteInvalid("a checkpoint of another log")
    by = {}
    for key in keys:
        if signature := notes.find(signatures, key):
            by[key] = verify_signature(text, signature, key)
    if not by:
        raise NoteInvalid("no signature by a known key")
    return Signed(checkpoint, by)


def verify_signature(text: str, signature: Signature, key: PublicKey) -> int:
    """The time a signature was made at (0 for a plain one). Raises NoteInvalid."""
    at, raw = 0, signature.signature
    if key.kind is not Kind.ED25519:
        if len(raw) < _TIME.size:
            raise NoteInvalid("a cosignature without a time")
        (at,) = _TIME.unpack(raw[: _TIME.size])
        raw = raw[_TIME.size :]
        if at >= 2**63:
            raise NoteInvalid("a cosignature's time is out of bounds")
    message = _message(key.name, key.kind, text, at)
    try:
        if key.kind is Kind.ML_DSA_44_COSIGNATURE:
            MLDSA44PublicKey.from_public_bytes(key.material).verify(raw, message)
        else:
            Ed25519PublicKey.from_public_bytes(key.material).verify(raw, message)
    except (InvalidSignature, ValueError):
        raise NoteInvalid(f"the signature of {key.name} does not hold") from None
    return at


def _message(name: str, kind: Kind, text: str, at: int) -> bytes:
    """The bytes that a key of this kind signs of a note."""
    if kind is Kind.ED25519:
        return text.encode()
    if kind is Kind.ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    checkpoint = parse(text)
    return b"".join(
        (
            _LABEL,
            _short(name),
            _TIME.pack(at),
            _short(checkpoint.origin),
            struct.pack(">QQ", 0, checkpoint.size),
            checkpoint.root,
        )
    )


def _short(text: str) -> bytes:
    raw = text.encode()
    if not 1 <= len(raw) <= 255:
        raise NoteInvalid("a name of no byte or of more than 255")
    return bytes([len(raw)]) + raw
