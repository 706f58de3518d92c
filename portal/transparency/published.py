"""The published log as the portal reads it: a checkpoint with a good signature, and its tiles.

The database may be lied about; what stands here is held to the log's public key each time it
changes. Nothing here writes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from portal.transparency import checkpoints, entries, merkle, policy
from portal.transparency.checkpoints import Checkpoint, Signed
from portal.transparency.merkle import ProofInvalid
from portal.transparency.notes import NoteInvalid, PublicKey
from portal.transparency.policy import Policy, PolicyInvalid, Verdict
from portal.transparency.proofs import LogProof
from portal.transparency.tiles import Tiles

CHECKPOINT, POLICY = "checkpoint", "policy"
_KNOWN_ENTRIES = 100_000


class LogUnavailable(Exception):
    """There is no checkpoint, none that holds, or its tiles cannot be read; says which."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checkpoint: the note as it is published, and what of it was verified."""

    note: str
    signed: Signed

    @property
    def checkpoint(self) -> Checkpoint:
        return self.signed.checkpoint


class Published:
    """One log's folder. Its keys are those that the policy beside it names, or ``keys``."""

    def __init__(self, folder: Path, keys: Sequence[PublicKey] | None = None) -> None:
        self._folder = folder
        self._tiles = Tiles(folder)
        self._given = keys
        self._read_at: tuple[int, int, int] | None = None
        self._newest: Newest | None = None
        self._known: OrderedDict[bytes, int] = OrderedDict()  # entry hash -> leaf index

    def policy(self) -> Policy:
        """What is published of keys, witnesses and quorum. Raises LogUnavailable."""
        try:
            return policy.parse((self._folder / POLICY).read_bytes())
        except (OSError, PolicyInvalid) as problem:
            raise LogUnavailable(str(problem)) from problem

    def keys(self) -> Sequence[PublicKey]:
        """The log's public keys. Raises LogUnavailable."""
        return [one.key for one in self.policy().logs] if self._given is None else self._given

    def judged(self) -> Verdict:
        """Who cosigned the newest checkpoint; whether the policy is met. Raises LogUnavailable."""
        newest = self.newest()
        try:
            return policy.judge(self.policy(), newest.note, newest.checkpoint.origin)
        except NoteInvalid as problem:
            raise LogUnavailable(str(problem)) from problem

    def newest(self) -> Newest:
        """The newest checkpoint; its signature is verified once. Raises LogUnavailable."""
        path = self._folder / CHECKPOINT
        try:
            state = path.stat()
            read_at = (state.st_mtime_ns, state.st_ino, state.st_size)
            if self._newest is None or read_at != self._read_at:
                note = path.read_text("utf-8")
                origin = note.partition("\n")[0]
                self._newest = Newest(note, checkpoints.verify(note, self.keys(), origin))
                self._read_at = read_at
        except (OSError, UnicodeDecodeError, NoteInvalid) as problem:
            raise LogUnavailable(str(problem)) from problem
        return self._newest

    def knows(self, entry_hash: bytes) -> bool:
        """Whether the entry was found in the log before: what it has it keeps."""
        if known := entry_hash in self._known:
            self._known.move_to_end(entry_hash)
        return known

    def holds(self, entry_hash: bytes, index: int | None, origin: str) -> bool:
        """Whether the log has this entry.

        ``index`` is only where to look, so that a wrong one hides an entry and shows none. Raises
        LogUnavailable.
        """
        if self.knows(entry_hash):
            return True
        try:
            return self.proof(entry_hash, index, origin) is not None
        except ProofInvalid:
            return False

    def proof(self, entry_hash: bytes, index: int | None, origin: str) -> LogProof | None:
        """The proof of an entry in the newest checkpoint; None where that does not reach so far.

        Raises ProofInvalid where another entry is that leaf, or the log another; LogUnavailable.
        """
        newest = self.newest()
        if newest.checkpoint.origin != origin:
            raise ProofInvalid("an entry of another log")
        size = newest.checkpoint.size
        if index is None or index >= size:
            return None
        proof = LogProof(index, self._path(index, size), newest.note)
        merkle.verify_inclusion(
            entries.leaf_of(entry_hash), index, size, proof.path, newest.checkpoint.root
        )
        self._known[entry_hash] = index
        if len(self._known) > _KNOWN_ENTRIES:
            self._known.popitem(last=False)
        return proof

    def consistency(self, old: int, size: int) -> tuple[bytes, bytes, list[bytes]]:
        """Both roots and the proof that the tree of ``old`` begins that of ``size``.

        Raises ValueError where these are no sizes of this log, in this order; LogUnavailable.
        """
        newest = self.newest().checkpoint
        if not 0 <= old <= size <= newest.size:
            raise ValueError("no two sizes of the log in this order")
        try:
            subtree = self._tiles.subtree(newest.size)
            roots = [subtree(0, one) if one else merkle.EMPTY_ROOT for one in (old, size)]
            return roots[0], roots[1], merkle.consistency_proof(old, size, subtree)
        except (OSError, ValueError) as problem:
            raise LogUnavailable(str(problem)) from problem

    def root(self, size: int) -> bytes:
        """The root of the log when it had this size. Raises ValueError, LogUnavailable."""
        return self.consistency(size, size)[0]

    def _path(self, index: int, size: int) -> list[bytes]:
        try:
            return merkle.inclusion_proof(index, size, self._tiles.subtree(size))
        except (OSError, ValueError) as problem:
            raise LogUnavailable(str(problem)) from problem
