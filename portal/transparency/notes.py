"""Signed notes, their keys and their signatures.

Sources: C2SP signed-note (format, key ids, verifier keys, type 0x01) and C2SP tlog-cosignature
(types 0x04 and 0x06), https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100
_NAME = re.compile(r"[^\s+]+")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")


class NoteInvalid(ValueError):
    """A note is malformed, or not signed by whom it must be; the message says which."""


class Kind(IntEnum):
    """What a signature signs: the note itself, or the note with a time (a cosignature)."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    ML_DSA_44_COSIGNATURE = 0x06


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who may sign: a name, what its signatures are, and the raw public key."""

    name: str
    kind: Kind
    material: bytes

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise NoteInvalid("a key's name is empty or holds a space or a plus")

    @property
    def id(self) -> bytes:
        """Four bytes: the beginning of SHA-256 over name, newline, kind and key."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.material).digest()[:4]

    def vkey(self) -> str:
        """The verifier key: ``name+id in hex+base64 of kind and key``."""
        material = base64.b64encode(bytes([self.kind]) + self.material).decode()
        return f"{self.name}+{self.id.hex()}+{material}"

    @classmethod
    def parse(cls, vkey: str) -> PublicKey:
        """Read a verifier key. Raises NoteInvalid."""
        name, id_, material = [*vkey.strip().split("+", 2), "", ""][:3]
        raw = decode_base64(material)
        if len(raw) < 2 or raw[0] not in list(Kind):
            raise NoteInvalid("a verifier key of a kind that is not known")
        key = cls(name, Kind(raw[0]), raw[1:])
        if key.id.hex() != id_:
            raise NoteInvalid("a verifier key whose id is not its own")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note, not verified."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """As it stands in a note, with its newline."""
        return f"— {self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"

    def is_of(self, key: PublicKey) -> bool:
        return self.name == key.name and self.key_id == key.id


def decode_base64(text: str) -> bytes:
    """Standard base 64 in its one canonical form. Raises NoteInvalid."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteInvalid("not base 64") from None
    if base64.b64encode(raw).decode() != text:
        raise NoteInvalid("base 64 in another than its canonical form")
    return raw


def write(text: str, signatures: Iterable[Signature]) -> str:
    """A note: its text, an empty line, its signature lines."""
    return text + "\n" + "".join(one.line() for one in signatures)


def read(note: str) -> tuple[str, list[Signature]]:
    """The text of a note and its signatures, none of them verified. Raises NoteInvalid."""
    if len(note.encode()) > MAX_NOTE_BYTES:
        raise NoteInvalid("a note too long")
    if any(ord(one) < 0x20 and one != "\n" for one in note):
        raise NoteInvalid("a note with control characters")
    text, found, lines = note.rpartition("\n\n")
    if not found or not lines.endswith("\n") or not text:
        raise NoteInvalid("not a signed note")
    return text + "\n", signature_lines(lines)


def signature_lines(lines: str) -> list[Signature]:
    """Signature lines, each with its newline. Raises NoteInvalid."""
    signatures = []
    for line in lines.removesuffix("\n").split("\n"):
        match = _SIGNATURE_LINE.fullmatch(line)
        raw = decode_base64(match[2]) if match else b""
        if match is None or len(raw) < 5:
            raise NoteInvalid("a signature line that is none")
        signatures.append(Signature(match[1], raw[:4], raw[4:]))
    if len(signatures) > MAX_SIGNATURES:
        raise NoteInvalid("too many signatures")
    return signatures


def find(signatures: Sequence[Signature], key: PublicKey) -> Signature | None:
    """The signature of a key, if there is one. Raises NoteInvalid if there are two."""
    own = [one for one in signatures if one.is_of(key)]
    if len(own) > 1:
        raise NoteInvalid("two signatures of one key")
    return own[0] if own else None
