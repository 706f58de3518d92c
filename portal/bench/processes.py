"""What processes have used, from Linux's /proc: CPU seconds and memory of a whole family."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat counted from the one after the name, which may hold anything (proc(5)).
_PPID, _UTIME, _STIME, _CUTIME, _CSTIME = 1, 11, 12, 13, 14


@dataclass(slots=True)
class Family:
    """A process and all its descendants, watched while it works; ``peak_mb`` is filled in."""

    pid: int
    peak_mb: float = field(default=0.0, init=False)

    def cpu_s(self) -> float:
        """CPU seconds so far, user and system, those of ended children included."""
        ticks = 0
        for pid in self._members():
            if fields := _stat(pid):
                ticks += sum(int(fields[place]) for place in (_UTIME, _STIME, _CUTIME, _CSTIME))
        return ticks / _TICKS_PER_S

    def look(self) -> None:
        """Note the memory in use: each process's own, and what they share once."""
        own = shared = 0
        for pid in self._members():
            sizes = _sizes_kb(pid)
            own += sizes.get("RssAnon", 0)
            shared = max(shared, sizes.get("RssShmem", 0))
        self.peak_mb = max(self.peak_mb, (own + shared) / 1024)

    def _members(self) -> Iterator[int]:
        parents = dict(_parents())
        family = {self.pid}
        while True:
            more = {pid for pid, parent in parents.items() if parent in family} - family
            if not more:
                return iter(sorted(family))
            family |= more


def _parents() -> Iterable[tuple[int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            yield int(folder.name), int(fields[_PPID])


def _stat(pid: int) -> list[str] | None:
    """The fields after the name; None when the process is gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def _sizes_kb(pid: int) -> dict[str, int]:
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return {}
    pairs = (line.split() for line in lines if line.startswith("Rss"))
    return {name.rstrip(":"): int(size) for name, size, _ in pairs}
