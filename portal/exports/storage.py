"""Where files lie: those made at once until they are sent, those made later until they expire."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from uuid import UUID

from portal.config import settings

# What a file begun at once is called; none is written for as long as this.
AT_ONCE = "now-"
ABANDONED_AFTER_S = 3600.0


def folder() -> Path:
    """The folder of exports of this instance, for its user alone."""
    path = settings().instance_dir / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def fresh(form: str) -> Path:
    """A new, empty file for an export that is made at once."""
    descriptor, name = tempfile.mkstemp(prefix=AT_ONCE, suffix=f".{form}", dir=folder())
    os.close(descriptor)
    return Path(name)


def stored(job_id: UUID, attempt: int, form: str) -> Path:
    """The file of one attempt at a job."""
    return folder() / f"{job_id}-{attempt}.{form}"


def sweep(kept: set[tuple[UUID, int]]) -> int:
    """Remove what nobody needs any more; how many files that were.

    Only files bearing our names are touched, and those begun at once only when they are old.
    """
    removed = 0
    names = {f"{job_id}-{attempt}" for job_id, attempt in kept}
    for path in folder().iterdir():
        try:
            old = time.time() - path.stat().st_mtime > ABANDONED_AFTER_S
        except FileNotFoundError:
            continue
        ours = path.stem in names
        # What a library left of a book that was never bound bears its own names.
        job_file = len(path.stem) > 36 and path.stem[36] == "-" and path.stem[:36].count("-") == 4
        if not ours and (job_file or old):
            path.unlink(missing_ok=True)
            removed += 1
    return removed
