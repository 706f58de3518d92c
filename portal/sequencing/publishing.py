"""What is served under ``/log/``: tiles that grow with the database's leaves, the checkpoint."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog

from portal.sequencing.vault import Refused
from portal.transparency import checkpoints, notes, policy, publishing, trusted
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.notes import NoteInvalid, PublicKey
from portal.transparency.publishing import CHECKPOINT
from portal.transparency.tiles import Tiles, write_file

POLICY = "policy"
LOCK = ".lock"
# Leaves of which tiles are made in one go; a multiple of what a tile of level 1 covers.
PART = 1 << 16

Leaves = Callable[[int, int], Sequence[bytes]]

log = structlog.get_logger(__name__)


class Publisher:
    """The folder that is served; one process writes."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        self._folder = folder
        self.tiles = Tiles(folder)
        self.size = 0  # of the tree in the tiles
        self.root = self.tiles.root(0)
        self._lock = -1

    def lock(self) -> None:
        """Be the one that writes until ``close``, from whichever database. Raises Refused."""
        if self._lock >= 0:
            return
        lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise Refused("locked", f"another sequencer writes into {self._folder}") from None
        self._lock = lock

    def close(self) -> None:
        """Let another one write."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def newest(self) -> Checkpoint | None:
        """The checkpoint that was published last; its signatures are not looked at."""
        try:
            text, _ = notes.read((self._folder / CHECKPOINT).read_text())
            return checkpoints.parse(text)
        except (FileNotFoundError, NoteInvalid, UnicodeDecodeError):
            return None

    def resume(self) -> None:
        """Go on from the tiles of the newest checkpoint; from nothing where they are not whole."""
        newest = self.newest()
        if newest is None:
            return
        try:
            if self.tiles.root(newest.size) == newest.root:
                if newest.size:  # bundles are read only to see that the last is there
                    self.tiles.entries((newest.size - 1) // 256, newest.size)
                self.size, self.root = newest.size, newest.root
                return
        except (OSError, ValueError):
            pass
        log.warning("tiles are not whole: they are made again", size=newest.size)

    def extend(self, size: int, leaves: Leaves) -> None:
        """Bring the tiles to ``size`` with entry hashes of ``leaves(start, count)``."""
        while self.size < size:
            until = min(size, (self.size // PART + 1) * PART)
            hashes = leaves(self.size, until - self.size)
            if len(hashes) != until - self.size:
                raise ValueError(f"the database has no whole leaves from {self.size} to {until}")
            self.root = self.tiles.append(self.size, hashes)
            self.size = until

    def publish(self, note: str) -> None:
        """Serve this checkpoint from now on; cosignatures of the same tree stay in it."""
        publishing.publish(self._folder, note)

    def publish_policy(self, text: str) -> None:
        """Serve this policy from now on; the same one is not written again."""
        path = self._folder / POLICY
        data = text.encode("utf-8", "surrogateescape")
        if not path.exists() or path.read_bytes() != data:
            write_file(path, data)


def policy_of(vkeys: Sequence[str]) -> str:
    """A tlog-policy (https://c2sp.org/tlog-policy) of the log's keys and the witnesses of this log.

    Raises PolicyInvalid and OSError, as ``trusted.policy`` does.
    """
    keys = [PublicKey.parse(one) for one in vkeys]
    return policy.write(trusted.policy().with_logs(keys)).decode("utf-8", "surrogateescape")
