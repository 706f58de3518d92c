"""Checks a stranger's file or hash against what is on record.

A file is read in a process of its own with little memory and time, as the libraries that read
spreadsheets were not made for files that mean harm; two at a time in a worker.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from gevent.lock import BoundedSemaphore

from portal import db
from portal.exports import gateway
from portal.exports.reading import Found
from portal.identity.login import Viewer

READER = (sys.executable, "-m", "portal.exports.reading")
LONGEST_S = 90.0
AT_A_TIME = 2
HASH = re.compile("[0-9a-f]{64}")
Outcome = Literal["known", "altered", "unknown", "unreadable", "known_hash", "unknown_hash"]

_turns = BoundedSemaphore(AT_A_TIME)


class Busy(Exception):
    """Others are having their files checked: try again."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a file or a hash.

    ``exports`` are those that the reader may see: for nobody else any detail. ``stated`` is the
    hash that an altered file claims to have.
    """

    outcome: Outcome
    sha256: str = ""
    stated: str = ""
    kind: str = ""
    row_count: int | None = None
    exports: list[db.Row] = field(default_factory=list)


def clean_hash(text: str) -> str | None:
    """A hash as people paste it: with spaces, in capitals; None for what is none."""
    plain = re.sub(r"[\s:-]", "", text).lower()
    return plain if HASH.fullmatch(plain) else None


def check_hash(sha256: str, viewer: Viewer | None) -> Verdict:
    """Whether an export has this hash."""
    known, seen = _look_up(sha256, viewer)
    return Verdict("known_hash" if known else "unknown_hash", sha256, exports=seen)


def check_file(path: Path, viewer: Viewer | None) -> Verdict:
    """Whether a file is an export of ours, and whether it still says what it said. Raises Busy."""
    found = _read(path)
    if found is None:
        return Verdict("unreadable")
    known, seen = _look_up(found.computed, viewer)
    if known:
        return Verdict("known", found.computed, found.stated, found.kind, found.row_count, seen)
    stated = clean_hash(found.stated) or ""
    claims, claimed = _look_up(stated, viewer) if stated else (False, [])
    return Verdict(
        "altered" if claims or found.computed != stated else "unknown",
        found.computed,
        stated,
        found.kind,
        found.row_count,
        claimed,
    )


def _look_up(sha256: str, viewer: Viewer | None) -> tuple[bool, list[db.Row]]:
    digest = bytes.fromhex(sha256)
    with db.portal() as conn:
        known = gateway.knows_export(conn, digest)
    if not known or viewer is None:
        return known, []
    with viewer.reading() as conn:
        return known, gateway.exports_of_hash(conn, digest)


def _read(path: Path) -> Found | None:
    if not _turns.acquire(blocking=False):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the path is a file of ours
            [*READER, str(path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    finally:
        _turns.release()
    try:
        answer = json.loads(done.stdout)
        return None if "problem" in answer else Found(**answer)
    except (ValueError, TypeError):
        return None
