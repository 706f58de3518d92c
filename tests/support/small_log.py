"""A small log in memory, honest or not, for whoever looks at checkpoints and proofs."""

from __future__ import annotations

from dataclasses import dataclass, field

from portal.transparency import merkle, notes, witnessing
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind, PublicKey


@dataclass
class SmallLog:
    """``leaves`` data make the tree; ``key`` signs."""

    origin: str
    leaves: list[bytes] = field(default_factory=lambda: [b"%d" % n for n in range(40)])

    @property
    def key(self) -> PrivateKey:
        seed = merkle.hash_leaf(self.origin.encode())
        return PrivateKey.from_seed(self.origin, Kind.ED25519, seed)

    @property
    def public(self) -> PublicKey:
        return self.key.public

    def hashes(self, size: int) -> list[bytes]:
        return [merkle.hash_leaf(one) for one in self.leaves[:size]]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, merkle.root(self.hashes(size)))

    def note(self, size: int, *signers: PrivateKey) -> str:
        """The checkpoint of a size, signed by the log or by these."""
        text = self.checkpoint(size).text()
        return notes.write(text, [one.sign(text, 1) for one in signers or (self.key,)])

    def proof(self, old: int, size: int) -> list[bytes]:
        return merkle.consistency_proof(old, size, merkle.subtree_of(self.hashes(size)))

    def request(self, old: int, size: int) -> bytes:
        """What it asks a witness."""
        return witnessing.write_request(old, self.proof(old, size), self.note(size))

    def forked(self, at: int) -> SmallLog:
        """The same log with another leaf ``at``."""
        return SmallLog(
            self.origin, [b"forged" if n == at else one for n, one in enumerate(self.leaves)]
        )
