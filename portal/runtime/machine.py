"""What this machine offers the server: memory and disk, in bytes."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

MIB = 1024**2
GIB = 1024**3
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - looked at, never written to


def memory() -> int:
    """Bytes of memory we may use: the machine's, or the container's limit when that is lower."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in CGROUP_LIMITS:
        try:
            text = path.read_text().strip()
        except OSError:
            continue  # another kernel or no container: the machine's own figure holds
        if text.isdigit():
            total = min(total, int(text))
    return total


def free_disk(path: Path) -> int:
    """Bytes free for us on the file system that holds ``path``."""
    return shutil.disk_usage(path).free


def roomy_shared_memory() -> bool:
    """Whether /dev/shm has room for parallel queries (containers often give it 64 MB)."""
    return SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).total >= GIB


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))
