"""The backup folder: its base backups, its archived log, and who it belongs to."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import zstandard

from portal.config import settings
from portal.runtime import RuntimeProblem, account, archiving
from portal.runtime.instance import Instance

FACTS = "dozir.json"
SEGMENT = re.compile(r"[0-9A-F]{24}\.zst")
HISTORY = re.compile(r"([0-9A-F]{8})\.history\.zst")
LOG_BYTES = 2**32  # a segment's name counts segments within so many bytes of the log


@dataclass(frozen=True)
class Base:
    """One base backup; its moments are the server's, and so are its places in the log."""

    name: str
    started_at: str
    finished_at: str
    system_identifier: str
    postgresql: str
    timescaledb: str
    segment_bytes: int
    timeline: int
    start_lsn: str
    end_lsn: str
    database_bytes: int
    stored_bytes: int
    verified_at: str | None = None

    @property
    def finished(self) -> datetime:
        return datetime.fromisoformat(self.finished_at)

    @property
    def first_segment(self) -> int:
        return position(self.start_lsn) // self.segment_bytes

    @property
    def first_wal(self) -> str:
        """The name of the first segment that it needs."""
        return segment_name(self.timeline, self.first_segment, self.segment_bytes)


@dataclass(frozen=True, order=True)
class Segment:
    """One archived segment of the log."""

    timeline: int
    number: int
    path: Path


@dataclass(frozen=True)
class LeftHistory:
    """A history that a restore in place left: what committed in it from ``left_at`` on is given up.

    Without ``left_at`` it was left at its end, or all of it was given up.
    """

    number: int
    left_at: datetime | None


@dataclass(frozen=True)
class Store:
    """A backup folder."""

    folder: Path

    @property
    def wal(self) -> Path:
        return self.folder / "wal"

    def owner(self) -> dict[str, str]:
        """Whose backups these are; RuntimeProblem when this is no backup folder."""
        try:
            facts: dict[str, str] = json.loads((self.folder / archiving.MARKER).read_text())
        except FileNotFoundError as error:
            raise RuntimeProblem(
                f"{self.folder} holds no backups of Dozir. Is its disk mounted?"
                " Name the folder with --from, --to or DOZIR_BACKUP_DIR."
            ) from error
        except PermissionError as error:
            raise RuntimeProblem(f"{self.folder} may not be read by you.") from error
        return facts

    def bases(self) -> list[Base]:
        """The base backups, oldest first; each has its folder's name, whatever its facts say."""
        found = [
            Base(**(json.loads(path.read_text()) | {"name": path.parent.name}))
            for path in self.folder.glob(f"base/[0-9]*/{FACTS}")
        ]
        return sorted(found, key=lambda base: base.finished)

    def base_folder(self, base: Base) -> Path:
        return self.folder / "base" / base.name

    def segments(self, segment_bytes: int) -> list[Segment]:
        """The archived segments, in the order of the log."""
        per_log = LOG_BYTES // segment_bytes
        found = []
        for path in self.wal.iterdir():
            if SEGMENT.fullmatch(path.name):
                log, number = int(path.name[8:16], 16), int(path.name[16:24], 16)
                found.append(Segment(int(path.name[:8], 16), log * per_log + number, path))
        return sorted(found, key=lambda one: (one.number, one.timeline))

    def missing(self, base: Base) -> list[str]:
        """The names of absent segments between a base backup's start and the end of the archive."""
        numbers = {one.number for one in self.segments(base.segment_bytes)}
        last = max(numbers, default=base.first_segment)
        last = max(last, position(base.end_lsn) // base.segment_bytes)
        return [
            segment_name(base.timeline, number, base.segment_bytes)
            for number in range(base.first_segment, last + 1)
            if number not in numbers
        ]

    def timelines(self) -> Iterator[Path]:
        """The archived histories of timelines, oldest first."""
        yield from sorted(path for path in self.wal.iterdir() if HISTORY.fullmatch(path.name))

    def abandoned(self, base: Base) -> bool:
        """Whether a restore in place went on from an earlier moment, and so without ``base``."""
        left = self._left()
        return base.timeline in left and position(base.end_lsn) > left[base.timeline]

    def leading(self, segment_bytes: int) -> list[Segment]:
        """The segments of the history that goes on, without what restores in place abandoned."""
        left = self._left()
        return [
            one
            for one in self.segments(segment_bytes)
            if one.timeline not in left or one.number * segment_bytes < left[one.timeline]
        ]

    def _left(self) -> dict[int, int]:
        """Former timeline -> where the newest one, or one before it, left it."""
        kept = {timeline: position(lsn) for timeline, lsn, _ in self._branches()}
        # A timeline that the newest does not come from was left before it began
        return {number: kept.get(number, 0) for number in range(1, self.current_history())}

    def _branches(self) -> list[tuple[int, str, str]]:
        """How the newest timeline came about: each one before it, where it was left, and why."""
        newest = max(self.timelines(), default=None)
        if newest is None:
            return []
        reader = zstandard.ZstdDecompressor().stream_reader(newest.read_bytes())
        lines = [line.split(maxsplit=2) for line in reader.read().decode().splitlines()]
        return [(int(one[0]), one[1], " ".join(one[2:])) for one in lines if one]

    def current_history(self) -> int:
        """The number of the history (PostgreSQL's timeline) that goes on."""
        newest = max(self.timelines(), default=None)
        return int(newest.name[:8], 16) if newest else 1

    def left_histories(self) -> list[LeftHistory]:
        """The histories that restores in place left, oldest first."""
        found = []
        known = {timeline: why for timeline, _, why in self._branches()}
        for number in range(1, self.current_history()):
            match = re.search(
                r"(?:before|after) (\d{4}-\d\d-\d\d [\d:.]+[+-]\d\d)$", known.get(number, "")
            )
            found.append(LeftHistory(number, datetime.fromisoformat(match[1]) if match else None))
        return found

    def stored_bytes(self) -> int:
        """What the archived log takes on disk."""
        # Not what is being written: that gets another name meanwhile
        return sum(path.stat().st_size for path in self.wal.glob("*.zst"))


def chosen(here: Instance, told: Path | None) -> Store:
    """The folder told, else the one in use, else the environment's, else one below the data."""
    state = archiving.state(here)
    if told is not None:
        return Store(told.absolute())
    if state is not None:
        return Store(Path(state.folder))
    return Store(settings().backup_dir or here.folder / "backup")


def claim(folder: Path, instance: str, system_identifier: str) -> Store:
    """Make ``folder`` the backup folder of this instance, or check that it is."""
    marker = folder / archiving.MARKER
    if folder.exists() and not marker.exists() and any(folder.iterdir()):
        raise RuntimeProblem(f"{folder} is not empty and holds no backups. Name an empty folder.")
    store = Store(archiving.make_folder(folder))
    mine = {"instance": instance, "system_identifier": system_identifier}
    if not marker.exists():
        write(marker, json.dumps({"format": "1", **mine}, indent=1))
    owner = store.owner()
    if owner["system_identifier"] != system_identifier or owner["instance"] != instance:
        raise RuntimeProblem(
            f"{folder} holds the backups of instance {owner['instance']}"
            f" (system {owner['system_identifier']}). Name another folder."
        )
    return store


def note(folder: Path, base: Base) -> None:
    """Write a base backup's facts beside it."""
    write(folder / FACTS, json.dumps(asdict(base), indent=1))


def write(path: Path, text: str) -> None:
    """A file of the server's account, whole or not at all, in a folder of that account.

    Given away through its descriptor: a name in another account's folder may become a link.
    """
    owner = account.server_account()
    descriptor, fresh = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
        if owner.other:
            os.fchown(descriptor, owner.uid, owner.gid)
    Path(fresh).replace(path)


def position(lsn: str) -> int:
    """A place in the log, such as 0/3000028, as a number of bytes."""
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def segment_name(timeline: int, number: int, segment_bytes: int) -> str:
    per_log = LOG_BYTES // segment_bytes
    return f"{timeline:08X}{number // per_log:08X}{number % per_log:08X}"


def manifest(folder: Path) -> dict[str, Any]:
    """What a base backup says it holds."""
    read: dict[str, Any] = json.loads((folder / "backup_manifest").read_text())
    return read
