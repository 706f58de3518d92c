"""What backups reach: the base backup to begin from, and what cannot be restored any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from portal.backup import log, moments, server
from portal.backup.store import Base, Store
from portal.runtime import RuntimeProblem, archiving, cluster
from portal.runtime.instance import instance
from portal.runtime.packages import Binaries
from portal.runtime.progress import say


def choose(source: Store, moment: datetime | None, found: Binaries) -> Base:
    """The newest base backup that was complete at the moment and lies on the current timeline.

    RuntimeProblem for a moment that the backups do not reach, naming the nearest that they do.
    """
    source.owner()
    on_line = [one for one in source.bases() if not source.abandoned(one)]
    if not on_line:
        raise RuntimeProblem(f"There is no base backup in {source.folder}.")
    if moment is None:
        _warn_of_gap(source, on_line[-1])
        return on_line[-1]
    if moment > datetime.now(UTC):
        raise RuntimeProblem(f"{moments.told(moment)} is in the future.")
    fitting = [one for one in on_line if one.finished <= moment]
    if not fitting:
        raise RuntimeProblem(
            f"{moments.told(moment)} lies before the first backup; the earliest moment that can be"
            f" restored is {moments.told(on_line[0].finished)}."
        )
    _require_reach(source, fitting[-1], moment, found)
    return fitting[-1]


def _warn_of_gap(source: Store, base: Base) -> None:
    missing = source.missing(base)
    if missing:
        say(f"segment {missing[0]} is missing in the archive: nothing after it can be restored")


def _require_reach(source: Store, base: Base, moment: datetime, found: Binaries) -> None:
    """Refuse a moment after the last commit that the archive leads up to."""
    if _is_live(source):
        with server.connected() as conn:
            server.push_log(conn)
    last = log.last_commit(source, base, found)
    missing = source.missing(base)
    if last is None or last < moment:
        why = f" Segment {missing[0]} is missing." if missing else ""
        end = last or base.finished
        raise RuntimeProblem(
            f"{moments.told(moment)} lies after the end of the archive; the last moment that can be"
            f" restored is {moments.told(end)} (--at {end.isoformat()}, or --latest).{why}"
            " Where the instance's own data are still there, start it first: it archives the rest."
        )


def _is_live(source: Store) -> bool:
    """Whether the running instance archives into this very folder."""
    told_to = archiving.state(instance())
    return (
        told_to is not None and Path(told_to.folder) == source.folder and cluster.status().answers
    )


def out_of_reach(source: Store, moment: datetime | None = None) -> Iterator[str]:
    """What restores in place gave up and a restore to ``moment`` (None: the end) misses."""
    for left in source.left_histories():
        if moment is not None and left.left_at is not None and moment < left.left_at:
            continue
        since = f"from {moments.told(left.left_at)} on" if left.left_at else "after it was left"
        yield (
            f"history {left.number} was left by a restore in place, history"
            f" {source.current_history()} is current: what committed in {left.number} {since} is"
            " not restorable from this archive"
        )
