"""The leaf journal: every entry in a second place before its receipt is answered.

After a restore to an earlier moment the database has forgotten entries whose receipts are out, and
a log that forgets looks like fraud. The journal has them all, so the very same tree is built again.

A file for each UTC day, ``YYYY-MM-DD.entries``, to which every process appends whole records: the
length of a document (4 bytes, big-endian), the document, the first 4 bytes of its SHA-256. A
document is an entry, or the places that entries got in the log: ``dozir-leaves/v1``, newline, the
first leaf's index (8 bytes) and the entry hashes from there on. A record may occur twice. A record
cut short, as a crash may leave one, ends at the next that holds.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Protocol

from portal.transparency.entries import MAGIC
from portal.transparency.merkle import HASH_BYTES

_LENGTH = struct.Struct(">I")
_INDEX = struct.Struct(">Q")
_CHECK_BYTES = 4
_MARK = b"dozir-"  # all documents begin so
LEAVES_MAGIC = b"dozir-leaves/v1\n"
MAX_ENTRY_BYTES = 1_000_000
SUFFIX = ".entries"
# The newest hashes that a process remembers: minutes of them at the highest rate.
REMEMBERED = 200_000
LOOK_BYTES = 1 << 26  # which are at most so far from a file's end


def record(entry: bytes) -> bytes:
    """A document as it stands in the journal."""
    return _LENGTH.pack(len(entry)) + entry + sha256(entry).digest()[:_CHECK_BYTES]


@dataclass(frozen=True, slots=True)
class Leaves:
    """Which entries stand in the log from leaf ``start`` on, by their hashes."""

    start: int
    hashes: tuple[bytes, ...]

    def pack(self) -> bytes:
        """As a document of the journal."""
        return LEAVES_MAGIC + _INDEX.pack(self.start) + b"".join(self.hashes)

    @classmethod
    def unpack(cls, document: bytes) -> Leaves:
        """Read one that begins with ``LEAVES_MAGIC``."""
        place = len(LEAVES_MAGIC)
        (start,) = _INDEX.unpack_from(document, place)
        data = document[place + _INDEX.size :]
        return cls(start, tuple(data[n : n + HASH_BYTES] for n in range(0, len(data), HASH_BYTES)))


class Place(Protocol):
    """A journal, wherever it is. Each call returns when all is on its disk, or raises OSError."""

    #: Whether a call keeps a gevent loop waiting, so that it belongs on a thread.
    blocks: bool

    def append(self, documents: Sequence[bytes]) -> None:
        """Write documents."""

    def ensure(self, entries: Sequence[bytes]) -> None:
        """Write those entries that are not seen to be there; one too many does no harm."""

    def read(self, first_day: str = "") -> Iterator[bytes]:
        """Every document that holds; ``first_day`` (``YYYY-MM-DD``) skips earlier files."""

    def close(self) -> None:
        """Let go of files and connections."""


class Journal:
    """A folder of journal files; one writer in a process."""

    blocks = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._day = ""
        self._descriptor = -1
        self._seen: dict[bytes, None] = {}
        self._read_to: dict[Path, int] = {}

    def append(self, documents: Sequence[bytes]) -> None:
        """Write documents; when it returns they are on the disk. Raises OSError: they are not."""
        data = b"".join(record(one) for one in documents)
        descriptor = self._open()
        written = os.write(descriptor, data)
        if written != len(data):  # the disk is full: what is there ends with half a record
            raise OSError(f"only {written} of {len(data)} bytes were written to the journal")
        os.fdatasync(descriptor)

    def ensure(self, entries: Sequence[bytes]) -> None:
        """Write those that this or another process has not written of late. Raises OSError."""
        hashes = [sha256(one).digest() for one in entries]
        if any(one not in self._seen for one in hashes):
            self._look()
        missing = [
            one for one, hash_ in zip(entries, hashes, strict=True) if hash_ not in self._seen
        ]
        if missing:
            self.append(missing)
        # What others wrote may not be on the disk yet: they sync before they acknowledge.
        elif entries:
            os.fdatasync(self._open())

    def _look(self) -> None:
        """Read what was added to the two newest files."""
        for path in sorted(self._folder.glob("*" + SUFFIX))[-2:]:
            with path.open("rb") as file:
                newest = max(0, os.fstat(file.fileno()).st_size - LOOK_BYTES)
                start = max(newest, self._read_to.get(path, 0))
                file.seek(start)
                data = file.read()
            for document, end in _documents(data):
                self._seen[sha256(document).digest()] = None
                self._read_to[path] = start + end
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def read(self, first_day: str = "") -> Iterator[bytes]:
        """Every document that holds, in the order of the files."""
        for path in sorted(self._folder.glob("*" + SUFFIX)):
            if path.name >= first_day and path.stat().st_size:
                with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
                    for document, _ in _documents(data):
                        yield document

    def close(self) -> None:
        """Close the file, if one is open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor, self._day = -1, ""

    def _open(self) -> int:
        """Today's file; its name is on the disk before anything in it counts."""
        day = datetime.now(UTC).date().isoformat()
        if day != self._day:
            self.close()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self._folder / (day + SUFFIX)
            self._descriptor = os.open(
                path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
            self._day = day
        return self._descriptor


def read(folder: Path, first_day: str = "") -> Iterator[bytes]:
    """Every entry that holds, in the order of the files; ``first_day`` skips earlier ones."""
    for document in Journal(folder).read(first_day):
        if document.startswith(MAGIC):
            yield document


def read_file(path: Path) -> Iterator[bytes]:
    """The entries of one file; over what is damaged it goes on at the next record that holds."""
    for document, _ in _documents(path.read_bytes()):
        if document.startswith(MAGIC):
            yield document


def _documents(data: bytes | mmap) -> Iterator[tuple[bytes, int]]:
    """The documents of a file, each with the place where its record ends."""
    place = 0
    while place + _LENGTH.size <= len(data):
        (length,) = _LENGTH.unpack_from(data, place)
        start = place + _LENGTH.size
        document, end = data[start : start + length], start + length + _CHECK_BYTES
        if (
            length <= MAX_ENTRY_BYTES
            and end <= len(data)
            and data[start + length : end] == sha256(document).digest()[:_CHECK_BYTES]
        ):
            yield document, end
            place = end
            continue
        following = data.find(_MARK, place + _LENGTH.size + 1)
        if following < 0:
            return
        place = following - _LENGTH.size
