"""A log that a test sequences and signs by itself, without the processes that do so in earnest."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from portal.transparency import notes
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind
from portal.transparency.promises import KEY_NAME
from portal.transparency.tiles import Tiles
from tests.support.databases import Connection, column, rows, value


def origin_of(conn: Connection) -> str:
    """The name of a database's log."""
    found: str = value(conn, "select origin from ledger.log")
    return found


@dataclass
class SignedLog:
    """The log's keys, and what it publishes in a folder."""

    origin: str
    folder: Path
    seed: int = 1
    size: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[PrivateKey]:
        """Ed25519 and ML-DSA-44, as the signer has them."""
        return [
            PrivateKey.from_seed(self.origin, kind, bytes([self.seed + number]) * 32)
            for number, kind in enumerate((Kind.ED25519, Kind.ML_DSA_44_COSIGNATURE))
        ]

    @property
    def receipt_key(self) -> PrivateKey:
        """The key that signs promises."""
        name = KEY_NAME.format(origin=self.origin)
        return PrivateKey.from_seed(name, Kind.ED25519, bytes([self.seed + 9]) * 32)

    @property
    def policy(self) -> str:
        """A tlog-policy with the log's keys and no witness."""
        return "".join(f"log {one.public.vkey()}\n" for one in self.keys) + "quorum none\n"

    def sign(self, size: int, root: bytes, at: float | None = None) -> str:
        """A checkpoint's note."""
        text = Checkpoint(self.origin, size, root).text()
        at_s = int(time.time() if at is None else at)
        return notes.write(text, [key.sign(text, at_s) for key in self.keys])

    def sequence(self, conn: Connection, at: float | None = None) -> str:
        """Give a leaf to what waits, publish tiles and a checkpoint; ``conn`` is a superuser's."""
        waiting = column(conn, "select entry_id from ledger.unsequenced order by entry_id")
        conn.execute("select ledger.sequence_entries(%s::bigint[])", (waiting,))
        found = rows(conn, "select hash from ledger.leaves(%s, %s)", (self.size, len(waiting)))
        hashes = [bytes(one) for (one,) in found]
        root = Tiles(self.folder).append(self.size, hashes)
        self.size += len(hashes)
        note = self.sign(self.size, root, at)
        (self.folder / "checkpoint").write_text(note)
        self.notes.append(note)
        signed_at = datetime.now(UTC) if at is None else datetime.fromtimestamp(at, UTC)
        conn.execute(
            "insert into ledger.checkpoint (size, root, signed_at, note) values (%s, %s, %s, %s)",
            (self.size, root, signed_at, note),
        )
        return note
