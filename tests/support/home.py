"""The throw-away installation that the tests run in."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = "dozir-suite-"
MARK = "DOZIR_TEST_HOME"
# Which of several processes that share the tests (pytest-xdist) the home was made for.
SHARE = "DOZIR_TEST_SHARE"
KEPT = "DOZIR_TEST_KEPT"  # set where the home stays when it is left


DISK, MEMORY = Path("/var/tmp"), Path("/dev/shm")
CGROUPS = tuple(
    (Path("/sys/fs/cgroup", limit), Path("/sys/fs/cgroup", used))
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    )
)
MEMORY_WANTED = 6 * 1024**3  # what two or three homes may grow to, and as much again


def place() -> Path:
    """Where folders of tests lie: in memory if there is plenty, else on the disk.

    A file system in memory keeps what killed processes have written as a disk does, and no test
    can cut the power. A database on it waits for no disk at each of many thousand commits.
    """
    return MEMORY if _room_in_memory() >= MEMORY_WANTED else DISK


def _room_in_memory() -> int:
    """Bytes that files in memory may take: by its file system, the machine and our own limit."""
    try:
        told = os.statvfs(MEMORY)
        free = [told.f_bavail * told.f_frsize]
        if told.f_flag & (os.ST_NOEXEC | os.ST_RDONLY):
            return 0
        available = re.search(r"MemAvailable:\s+(\d+) kB", Path("/proc/meminfo").read_text())
        free.append(int(available[1]) * 1024 if available else 0)
    except OSError:
        return 0
    for limit, used in CGROUPS:
        try:
            free.append(int(limit.read_text()) - int(used.read_text()))
        except (OSError, ValueError):  # there is no such group, or "max"
            continue
    return min(free)


def make(folder: Path = DISK) -> None:
    """Point this process and its children to an empty home; call before settings are read.

    The home has mode 0755: started by root, the server runs as the system user ``dozir``, which
    must be able to pass through, as it cannot through pytest's own folders.
    """
    share = os.environ.get("PYTEST_XDIST_WORKER", "")
    if MARK in os.environ and os.environ.get(SHARE) == share:
        return  # a test run within a test run keeps the home it was given
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
    home.chmod(0o755)
    os.environ |= {
        MARK: str(os.getpid()),
        SHARE: share,
        "DOZIR_HOME": str(home),
        "DOZIR_INSTANCE": f"test-{os.getpid()}",
    }
    os.environ.pop("DOZIR_DEMO", None)


def make_kept(name: str) -> Path:
    """Point this process to a home of that name that stays; the next time it is found again."""
    home = DISK / f"dozir-kept-{name}"
    home.mkdir(mode=0o755, exist_ok=True)
    home.chmod(0o755)
    os.environ |= {
        MARK: str(os.getpid()), KEPT: "1", "DOZIR_HOME": str(home), "DOZIR_INSTANCE": "kept",
    }  # fmt: skip
    os.environ.pop("DOZIR_DEMO", None)
    return home


def remove() -> None:
    """Stop the database if it runs, and remove everything that is not to be kept; only in the
    process that made it.
    """
    if os.environ.get(MARK) != str(os.getpid()):
        return
    from portal import runtime

    try:
        runtime.stop()
    finally:
        if KEPT not in os.environ:
            shutil.rmtree(os.environ["DOZIR_HOME"], ignore_errors=True)
