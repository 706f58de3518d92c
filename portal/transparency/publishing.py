"""The published checkpoint: one file that the log writes and to which cosignatures are added.

Two processes change it, so each reads and replaces it under a lock of the folder. A cosignature
stays while the tree stays, also when the log signs the same tree again.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from portal.transparency import notes
from portal.transparency.notes import NoteInvalid, Signature
from portal.transparency.tiles import write_file

CHECKPOINT = "checkpoint"
COSIGNED = "cosigned"  # the newest one that enough witnesses cosigned
_LOCK = ".checkpoint.lock"


def publish(folder: Path, note: str) -> None:
    """Publish the newest checkpoint; those of the same tree keep cosignatures. Raises OSError."""
    with _locked(folder):
        _write(folder / CHECKPOINT, _merged(note, _read(folder / CHECKPOINT)))


def add(folder: Path, text: str, signatures: Sequence[Signature]) -> bool:
    """Add signatures to the checkpoint with this text, if it still is the one; whether it was.

    Raises OSError.
    """
    with _locked(folder):
        published = _read(folder / CHECKPOINT)
        if not published or notes.read(published)[0] != text:
            return False
        _write(folder / CHECKPOINT, _merged(notes.write(text, signatures), published, last=True))
        return True


def publish_cosigned(folder: Path, note: str) -> None:
    """Publish a checkpoint with its quorum; whoever calls has seen that it is the newest one."""
    with _locked(folder):
        _write(folder / COSIGNED, note)


def newest(folder: Path) -> str:
    """The published checkpoint; empty where there is none."""
    return _read(folder / CHECKPOINT)


def newest_cosigned(folder: Path) -> str:
    """The published checkpoint with its quorum; empty where there is none."""
    return _read(folder / COSIGNED)


def _merged(note: str, before: str, *, last: bool = False) -> str:
    """``note`` and the signatures by others that ``before``, of the same text, has."""
    text, own = notes.read(note)
    theirs: list[Signature] = []
    if before:
        before_text, signatures = notes.read(before)
        if before_text == text:
            known = {(one.name, one.key_id) for one in own}
            theirs = [one for one in signatures if (one.name, one.key_id) not in known]
    return notes.write(text, [*theirs, *own] if last else [*own, *theirs])


def _write(path: Path, note: str) -> None:
    write_file(path, note.encode())


def _read(path: Path) -> str:
    """What is there; what is no note counts as nothing: the log's next one takes its place."""
    try:
        note = path.read_text()
        notes.read(note)
    except (FileNotFoundError, UnicodeDecodeError, NoteInvalid):
        return ""
    return note


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
