"""The manifest of an archive: what is in it, and which log vouches for it."""

from __future__ import annotations

from hashlib import sha256

import msgspec

FORMAT = "dozir-archive/v1"
FILE_NAME = "manifest.json"
MAX_BYTES = 1_000_000


class ManifestInvalid(ValueError):
    """A manifest that is none; the message says why."""


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of an archive; ``holds`` is transactions, batches or leaves."""

    name: str
    holds: str
    rows: int
    bytes: int
    sha256: str


class Total(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a day holds of one type in one currency; amounts in minor units."""

    currency: int
    type: int
    count: int
    amount_minor: int
    cancelled_count: int
    cancelled_minor: int


class Log(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A checkpoint that covers the entries of all batches: its facts and the signed note.

    Size 0 and no note in an archive without batches.
    """

    origin: str
    size: int
    root: str
    checkpoint: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``day`` is one of UTC; ``batches_sha256`` is that of ``ledger.day_figures``."""

    format: str
    name: str
    day: str
    made_at: str
    schema_version: int
    rows: int
    batches: int
    batches_sha256: str
    totals: tuple[Total, ...]
    files: tuple[File, ...]
    log: Log

    def pack(self) -> bytes:
        """The bytes of the file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"


def read(raw: bytes) -> Manifest:
    """Read a manifest. Raises ManifestInvalid."""
    if len(raw) > MAX_BYTES:
        raise ManifestInvalid("too long")
    try:
        found = msgspec.json.decode(raw, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise ManifestInvalid(str(problem)) from None
    if found.format != FORMAT:
        raise ManifestInvalid(f"of the format {found.format!r}")
    return found


def hash_of(raw: bytes) -> bytes:
    """SHA-256 of the file: what the database and the log know an archive by."""
    return sha256(raw).digest()
