"""Which backups may go: none that a kept moment needs, nor the log that a kept backup needs."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal.backup.store import Base, Store
from portal.runtime import RuntimeProblem, account
from portal.runtime.packages import Binaries


@dataclass(frozen=True)
class Plan:
    """What stays and what goes."""

    kept: list[Base]
    gone: list[Base]
    gone_segments: int
    gone_bytes: int


def plan(made: Store, keep: str, now: datetime | None = None) -> Plan:
    """What ``keep`` means: ``3`` the newest three, ``14d`` every moment of the last 14 days."""
    bases = made.bases()
    usable = [base for base in bases if not made.abandoned(base)]
    if not usable:
        raise RuntimeProblem(f"There is no base backup in {made.folder} yet: dozir backup")
    match = re.fullmatch(r"([1-9]\d{0,4})(d?)", keep)
    if match is None:
        raise RuntimeProblem("--keep is a number of backups (3) or of days (14d), at least one.")
    number = int(match[1])
    if match[2]:
        horizon = (now or datetime.now(UTC)) - timedelta(days=number)
        # The newest one from before the horizon leads up to it
        before = [base for base in usable if base.finished <= horizon]
        kept = before[-1:] + [base for base in usable if base.finished > horizon]
    else:
        kept = usable[-number:]
    # Those of an abandoned history count for nothing, and go when their time has come
    gone = [base for base in bases if base.finished < kept[0].finished]
    stay = [base for base in bases if base not in gone]
    first = min(base.first_segment for base in stay)
    segments = [one for one in made.segments(kept[0].segment_bytes) if one.number < first]
    size = sum(one.path.stat().st_size for one in segments)
    return Plan(stay, gone, len(segments), size + sum(base.stored_bytes for base in gone))


def carry_out(made: Store, decided: Plan, found: Binaries) -> None:
    """Remove what goes: base backups first, then the log that none of the kept ones needs."""
    for base in decided.gone:
        folder = made.base_folder(base)
        gone = folder.with_name(f".{base.name}")  # no longer listed, should we be killed here
        folder.rename(gone)
        shutil.rmtree(gone)
    oldest = min(decided.kept, key=lambda base: base.first_segment)
    program = found.program("pg_archivecleanup")
    done = account.run([program, "-x", ".zst", made.wal, oldest.first_wal], found.environment())
    if done.returncode:
        raise RuntimeProblem(f"pg_archivecleanup failed:\n{done.stderr.strip()}")
