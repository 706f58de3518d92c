"""What a witness must never lose: its keys, its name, and the last checkpoint it cosigned.

All of it is in one folder, which one process holds. ``state.json`` is replaced whole and is on the
disk before anything signed leaves the machine; without it the keys do not sign, since a witness
that forgot what it cosigned would cosign a fork.
"""

from __future__ import annotations

import base64
import binascii
import fcntl
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from portal.transparency import checkpoints, merkle, notes
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind, NoteInvalid

SEEDS = {
    Kind.ED25519_COSIGNATURE: "ed25519.seed",
    Kind.ML_DSA_44_COSIGNATURE: "ml-dsa-44.seed",
}
SEED_BYTES = 32
STATE, LOCK, FORKS = "state.json", "lock", "forks"
MAX_FORKS = 100


class StateProblem(Exception):
    """The folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The last checkpoint of one log that was cosigned, and when (seconds since 1970)."""

    note: str
    checkpoint: Checkpoint
    at: int


class State:
    """The folder of one witness. Not for threads: whoever calls holds the lock of ``Witness``."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        """Open the folder; made with fresh keys when it is not there, which takes a name.

        Raises StateProblem.
        """
        self._folder = folder
        self._cosigned: dict[str, Cosigned] = {}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._hold()
        except OSError as problem:
            raise StateProblem(f"{folder}: {problem.strerror}") from problem
        try:
            self._open(name)
        except OSError as problem:
            self.close()
            raise StateProblem(f"{folder}: {problem.strerror}") from problem
        except StateProblem:
            self.close()
            raise

    def _open(self, name: str | None) -> None:
        there = [file for file in (*SEEDS.values(), STATE) if (self._folder / file).exists()]
        if not there:
            self._make(name)
        elif len(there) < len(SEEDS) + 1:
            raise StateProblem(
                f"{self._folder} holds {', '.join(there)} and not the rest. Restore the whole "
                "folder from the newest copy; if there is none, begin with an empty folder, hence "
                "new keys: these must not sign again."
            )
        self._load(name)

    def _hold(self) -> None:
        self._lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise StateProblem(f"another witness works with {self._folder}") from None

    def close(self) -> None:
        """Let another process have the folder."""
        os.close(self._lock)

    def _make(self, name: str | None) -> None:
        if name is None:
            raise StateProblem("a new witness needs a name: --name")
        try:
            PrivateKey.from_seed(name, Kind.ED25519_COSIGNATURE, bytes(SEED_BYTES))
            notes.PublicKey(name, Kind.ED25519_COSIGNATURE, b"")
        except NoteInvalid:
            raise StateProblem("a name has no space and no plus, as in: court.example/w1") from None
        if len(name.encode()) > 255:
            raise StateProblem("a name has at most 255 bytes")
        for file in SEEDS.values():
            seed = base64.b64encode(secrets.token_bytes(SEED_BYTES)) + b"\n"
            self._write(self._folder / file, seed)
        self._name = name
        self._save()

    def _load(self, name: str | None) -> None:
        try:
            stored = json.loads((self._folder / STATE).read_bytes())
            self._name = str(stored["name"])
            if name not in (None, self._name):
                raise StateProblem(f"this witness is {self._name}: a name stays for ever")
            self.keys = [self._key(kind) for kind in SEEDS]
            self._cosigned = {
                origin: self._verified(origin, note) for origin, note in stored["logs"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, binascii.Error) as problem:
            raise StateProblem(
                f"{self._folder / STATE} is damaged ({problem}). Restore the folder from the "
                "newest copy; with an older one this witness would cosign a fork."
            ) from problem

    def _key(self, kind: Kind) -> PrivateKey:
        seed = base64.b64decode((self._folder / SEEDS[kind]).read_text().strip(), validate=True)
        if len(seed) != SEED_BYTES:
            raise ValueError(f"{SEEDS[kind]} does not hold {SEED_BYTES} bytes")
        return PrivateKey.from_seed(self._name, kind, seed)

    def _verified(self, origin: str, note: str) -> Cosigned:
        """What the file says, if every key of ours signed it."""
        keys = [one.public for one in self.keys]
        signed = checkpoints.verify(note, keys, origin)
        if len(signed.by) < len(keys):
            raise NoteInvalid(f"the checkpoint of {origin} lacks a signature of ours")
        return Cosigned(note, signed.checkpoint, max(signed.by.values()))

    @property
    def name(self) -> str:
        """The name of the witness."""
        return self._name

    def last(self, origin: str) -> Cosigned:
        """The last checkpoint cosigned of a log; of none yet, the empty tree."""
        if cosigned := self._cosigned.get(origin):
            return cosigned
        return Cosigned("", Checkpoint(origin, 0, merkle.EMPTY_ROOT), 0)

    def replace(self, cosigned: Cosigned) -> None:
        """Remember it; it is on the disk when this returns. Raises OSError: then it is not kept."""
        origin = cosigned.checkpoint.origin
        before = dict(self._cosigned)
        self._cosigned[origin] = cosigned
        try:
            self._save()
        except BaseException:
            self._cosigned = before
            raise

    def keep_fork(self, other: str, origin: str) -> Path | None:
        """Keep two notes of one size and two roots, both signed by the log: proof of its lie.

        None when it is known already or when there are as many as are kept.
        """
        folder = self._folder / FORKS
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / f"{sha256(other.rpartition(chr(10) * 2)[0].encode()).hexdigest()[:32]}.txt"
        if path.exists() or len(list(folder.iterdir())) >= MAX_FORKS:
            return None
        self._write(path, f"{self.last(origin).note}\n{other}".encode())
        return path

    def _save(self) -> None:
        logs = {origin: one.note for origin, one in self._cosigned.items()}
        text = json.dumps({"name": self._name, "logs": logs}, indent=1, ensure_ascii=False)
        self._write(self._folder / STATE, text.encode() + b"\n")

    def _write(self, path: Path, data: bytes) -> None:
        """Whole or not at all, and on the disk with its name."""
        fresh = path.with_name(f".{path.name}.fresh")
        descriptor = os.open(
            fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def vkeys(keys: Sequence[PrivateKey]) -> str:
    """The verifier keys, a line each."""
    return "".join(f"{one.public.vkey()}\n" for one in keys)
