"""What can be checked away from the log: an entry is in the log, a row is in its batch.

The proof of an entry is a C2SP tlog-proof, https://c2sp.org/tlog-proof. That of a row is a JSON
document which docs/ledger.md pins: the row's tuple, its path to the batch root, the entry with that
root, and the entry's own proof. Checking needs nothing but the log's public keys.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from portal.transparency import checkpoints, entries, merkle, notes, rows
from portal.transparency.checkpoints import Signed
from portal.transparency.entries import Batch, Entry
from portal.transparency.merkle import HASH_BYTES, ProofInvalid
from portal.transparency.notes import PublicKey
from portal.transparency.rows import Row

FIRST_LINE = "c2sp.org/tlog-proof@v1"
ROW_FORMAT = "dozir-row-proof/v1"
# What checking a proof raises: each a ValueError that says why.
INVALID = (merkle.ProofInvalid, notes.NoteInvalid, entries.EntryInvalid, rows.TupleInvalid)
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MAX_HASHES = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """An entry's place in the log, its path to the root, and the checkpoint with that root."""

    index: int
    path: Sequence[bytes]
    checkpoint: str

    def text(self) -> str:
        """As tlog-proof writes it."""
        hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.path)
        return f"{FIRST_LINE}\nindex {self.index}\n{hashes}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> LogProof:
        """Read one; nothing of it is verified yet. Raises ProofInvalid, NoteInvalid."""
        head, found, checkpoint = text.partition("\n\n")
        first, *lines = head.split("\n")
        if not found or first != FIRST_LINE:
            raise ProofInvalid("not a proof of tlog-proof version 1")
        if lines and lines[0].startswith("extra "):
            notes.decode_base64(lines.pop(0).removeprefix("extra "))  # of no meaning here
        match = _INDEX.fullmatch(lines[0]) if lines else None
        if match is None:
            raise ProofInvalid("a proof without the entry's index")
        if len(lines) - 1 > _MAX_HASHES:
            raise ProofInvalid("the proof is too long")
        return cls(int(match[1]), [notes.decode_base64(one) for one in lines[1:]], checkpoint)

    def verify(self, entry_hash: bytes, keys: Sequence[PublicKey], origin: str) -> Signed:
        """The checkpoint, with the signatures of ``keys``, that covers an entry.

        ``keys`` are the log's own: at least one of them must have signed. Raises ProofInvalid,
        NoteInvalid.
        """
        signed = checkpoints.verify(self.checkpoint, keys, origin)
        merkle.verify_inclusion(
            entries.leaf_of(entry_hash),
            self.index,
            signed.checkpoint.size,
            self.path,
            signed.checkpoint.root,
        )
        return signed


class RowProof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row and all that binds it to the log.

    Where the player is withheld, its 16 bytes in ``tuple`` are zeros, ``withheld`` says so and
    ``leaf`` is the row's leaf hash: the document commits to a player without telling which.
    Bytes are base 64.
    """

    format: str
    tuple: bytes
    path: list[bytes]
    entry: bytes
    proof: str
    withheld: list[str] = []
    leaf: bytes = b""

    def json(self) -> bytes:
        """The document's bytes, laid out for reading."""
        document = msgspec.to_builtins(self)
        if not self.withheld:
            del document["withheld"], document["leaf"]
        return msgspec.json.format(msgspec.json.encode(document), indent=2)

    @classmethod
    def parse(cls, document: bytes) -> RowProof:
        """Read one; nothing of it is verified yet. Raises ProofInvalid."""
        try:
            found = msgspec.json.decode(document, type=cls)
        except (msgspec.MsgspecError, ValueError, RecursionError) as problem:
            raise ProofInvalid("not a proof of a row") from problem
        if found.format != ROW_FORMAT or found.withheld not in ([], ["player"]):
            raise ProofInvalid("a proof of a row in another form than version 1")
        return found


@dataclass(frozen=True, slots=True)
class ProvenRow:
    """What a row's proof shows. ``sealed``: the player is withheld, and with it the last step."""

    row: Row
    batch: Batch
    entry: Entry
    index: int
    signed: Signed
    sealed: bool


def make_row_proof(
    one: bytes, leaf_hashes: Sequence[bytes], entry: bytes, proof: LogProof, *, withhold: bool
) -> RowProof:
    """The proof of a row from its tuple and the leaf hashes of its whole batch.

    ``withhold``: the tuple comes without its player. Raises ProofInvalid where the leaves are not
    those that the entry's root was made of, as after an alteration in the database.
    """
    batch, index = Entry.unpack(entry).batch(), rows.read(one).row_no - 1
    if merkle.root(leaf_hashes) != batch.batch_root:
        raise ProofInvalid("the rows are not those that were accepted")
    path = merkle.inclusion_proof(index, len(leaf_hashes), merkle.subtree_of(leaf_hashes))
    return RowProof(
        format=ROW_FORMAT,
        tuple=one,
        path=path,
        entry=entry,
        proof=proof.text(),
        withheld=["player"] if withhold else [],
        leaf=leaf_hashes[index] if withhold else b"",
    )


def verify_row(
    document: bytes, keys: Sequence[PublicKey], origin: str, player: bytes | None = None
) -> ProvenRow:
    """Hold the proof of a row to the log's public keys; well below a millisecond.

    ``player``: 16 bytes, what the holder of a sealed proof was told of the player by who may say;
    it then has to be the one. Raises what ``INVALID`` names.
    """
    proof = RowProof.parse(document)
    one, sealed = proof.tuple, bool(proof.withheld)
    row = rows.read(one)
    leaf = proof.leaf if sealed else merkle.hash_leaf(one)
    if len(leaf) != HASH_BYTES or (sealed and row.player != rows.NO_PLAYER):
        raise ProofInvalid("a sealed proof needs the row's leaf hash in the player's place")
    if sealed and player is not None:
        one = rows.with_player(one, player)
        if merkle.hash_leaf(one) != leaf:
            raise ProofInvalid("the row was another, or of another player")
        row, sealed = rows.read(one), False
    entry = Entry.unpack(proof.entry)
    batch = entry.batch()
    if entry.origin != origin:
        raise ProofInvalid("an entry of another log")
    if (row.operator_id, row.batch_id) != (batch.operator_id, batch.batch_id):
        raise ProofInvalid("a row of another batch")
    merkle.verify_inclusion(leaf, row.row_no - 1, batch.row_count, proof.path, batch.batch_root)
    inclusion = LogProof.parse(proof.proof)
    signed = inclusion.verify(entries.hash_of(proof.entry), keys, origin)
    return ProvenRow(row, batch, entry, inclusion.index, signed, sealed)
