"""What the signer keeps: its keys, and the one tree that it has signed.

The folder belongs to the signer's account alone. Whoever holds it in his hand can sign a fork;
whoever has the database, the tiles and the web server cannot.

- ``keys.json``: numbers of keys, from when to when each signs; ``<number>.<kind>``: its 32 bytes.
- ``state.json``: origin, size and root of the newest tree that was signed. It is on the disk before
  the signature leaves the process. Keys without a state are refused: a signer that has forgotten
  what it signed must not sign again.
- ``public-keys``: the verifier keys, for everyone to read.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from portal.transparency import merkle
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.merkle import EMPTY_ROOT, ProofInvalid
from portal.transparency.notes import Kind, NoteInvalid
from portal.transparency.tiles import sync_folder, write_file

KEYS, STATE, PUBLIC, LOCK = "keys.json", "state.json", "public-keys", "lock"
KINDS = {"ed25519": Kind.ED25519, "ml-dsa-44": Kind.ML_DSA_44_COSIGNATURE}
SEED_BYTES = 32
FOR_EVER = datetime.max.replace(tzinfo=UTC)


class Refused(Exception):
    """The signer does not sign; ``code`` says why in one word, the message in a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class State:
    """The newest tree that was signed; of no log yet, the origin is empty."""

    origin: str = ""
    size: int = 0
    root: bytes = EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Key:
    """One generation of keys, of each kind one, and when it signs."""

    number: int
    valid_from: datetime
    valid_until: datetime = FOR_EVER

    def signs(self, now: datetime) -> bool:
        """Whether it signs at a moment."""
        return self.valid_from <= now < self.valid_until


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What others may know of a key."""

    vkey: str
    valid_from: str
    valid_until: str


class Vault:
    """The folder, opened by one process at a time. Raises Refused where it is not whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Refused("locked", f"another signer works in {folder}") from None
        try:
            self._keys = self._read_keys()
            self.state = self._read_state()
            self._private: dict[int, list[PrivateKey]] = {}
            self._drop_expired()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let another process have it."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def _read_keys(self) -> list[Key]:
        path = self._folder / KEYS
        if not path.exists():
            if (self._folder / STATE).exists() and self._read_state() != State():
                raise Refused("keys", f"{path} is missing, but {STATE} says that they signed")
            # Keys without a state are refused: the state comes first.
            self._write_state(State())
            return self._write_keys([self._make(1)])
        try:
            document = json.loads(path.read_text())
            return [
                Key(
                    int(one["number"]),
                    datetime.fromisoformat(one["valid_from"]),
                    datetime.fromisoformat(one["valid_until"]),
                )
                for one in document
            ]
        except (ValueError, KeyError, TypeError):
            raise Refused("keys", f"{path} is damaged") from None

    def _read_state(self) -> State:
        path = self._folder / STATE
        try:
            document = json.loads(path.read_text())
            state = State(
                document["origin"], int(document["size"]), bytes.fromhex(document["root"])
            )
        except FileNotFoundError:
            raise Refused(
                "state", f"{path} is missing: who forgot what he signed must not sign again"
            ) from None
        except (ValueError, KeyError, TypeError):
            raise Refused("state", f"{path} is damaged") from None
        if state.size < 0 or len(state.root) != merkle.HASH_BYTES:
            raise Refused("state", f"{path} is damaged")
        return state

    def _make(self, number: int) -> Key:
        """Make the seeds of a generation; they count once ``keys.json`` names them."""
        for kind in KINDS:
            write_file(self._seed(number, kind), secrets.token_bytes(SEED_BYTES), 0o600)
        return Key(number, datetime.now(UTC))

    def _seed(self, number: int, kind: str) -> Path:
        return self._folder / f"{number}.{kind}"

    def _write_keys(self, keys: list[Key]) -> list[Key]:
        document = [asdict(one) for one in keys]
        text = json.dumps(document, default=datetime.isoformat, indent=1)
        write_file(self._folder / KEYS, text.encode(), 0o600)
        return keys

    def _write_state(self, state: State) -> None:
        document = {"origin": state.origin, "size": state.size, "root": state.root.hex()}
        write_file(self._folder / STATE, json.dumps(document).encode(), 0o600)

    def _drop_expired(self) -> None:
        """Forget keys whose time is over: what is not there cannot be stolen."""
        now = datetime.now(UTC)
        for one in self._keys:
            if one.valid_until <= now and self._seed(one.number, "ed25519").exists():
                for kind in KINDS:
                    self._seed(one.number, kind).unlink(missing_ok=True)
                sync_folder(self._folder)
                self._private.pop(one.number, None)
        kept = [one for one in self._keys if one.valid_until > now]
        if len(kept) < len(self._keys):
            self._keys = self._write_keys(kept)
            self._publish()

    def _keys_of(self, key: Key) -> list[PrivateKey]:
        if key.number not in self._private:
            made = []
            for name, kind in KINDS.items():
                seed = self._seed(key.number, name).read_bytes()
                if len(seed) != SEED_BYTES:
                    raise Refused("keys", f"{self._seed(key.number, name)} is damaged")
                made.append(PrivateKey.from_seed(self.state.origin, kind, seed))
            self._private[key.number] = made
        return self._private[key.number]

    def public(self) -> list[KeyFacts]:
        """The keys that sign, once it is known for which log."""
        if not self.state.origin:
            return []
        return [
            KeyFacts(own.public.vkey(), one.valid_from.isoformat(), one.valid_until.isoformat())
            for one in self._keys
            for own in self._keys_of(one)
        ]

    def _publish(self) -> None:
        lines = "".join(f"{one.vkey}\n" for one in self.public())
        write_file(self._folder / PUBLIC, lines.encode())

    def rotate(self, overlap: timedelta) -> None:
        """Make the next key; the present ones sign beside it until ``overlap`` is over."""
        end = datetime.now(UTC) + overlap
        older = [replace(one, valid_until=min(one.valid_until, end)) for one in self._keys]
        fresh = self._make(max(one.number for one in self._keys) + 1)
        self._keys = self._write_keys([*older, fresh])
        self._drop_expired()
        self._publish()

    def sign(
        self, origin: str, old: int, size: int, root: bytes, proof: Sequence[bytes]
    ) -> Iterator[str]:
        """The signature lines of a checkpoint that extends the newest one. Raises Refused.

        ``proof``: of consistency (RFC 6962, 2.1.2) from ``old``, which must be the size of the
        state, to ``size`` and ``root``.
        """
        state = self.state
        if state.origin and origin != state.origin:
            raise Refused("origin", f"this signer is that of {state.origin}, not of {origin}")
        if size < state.size:
            raise Refused("rollback", f"{state.size} leaves were signed, {size} are shown")
        if size == state.size and root != state.root:
            raise Refused("fork", f"another root of {size} leaves was signed")
        if old != state.size:
            raise Refused("stale", f"{state.size} leaves were signed, not {old}")
        try:
            merkle.verify_consistency(old, state.root, size, root, proof)
        except ProofInvalid as problem:
            raise Refused("proof", f"not an extension of {old} leaves: {problem}") from problem
        fresh = State(origin, size, root)
        text = Checkpoint(origin, size, root).text()
        if fresh != state:
            try:
                PrivateKey.from_seed(origin, Kind.ED25519, bytes(SEED_BYTES)).public.vkey()
            except NoteInvalid as problem:
                raise Refused("origin", str(problem)) from problem
            self._write_state(fresh)
            self.state = fresh
            if not state.origin:
                self._publish()
        self._drop_expired()
        now = datetime.now(UTC)
        at = int(time.time())
        return iter(
            [
                own.sign(text, at).line()
                for one in self._keys
                if one.signs(now)
                for own in self._keys_of(one)
            ]
        )
