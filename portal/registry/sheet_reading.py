"""Has a table read that somebody sent: in a process of its own, two at a time in a worker."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from gevent.lock import BoundedSemaphore

READER = (sys.executable, "-m", "portal.registry.sheets")
LONGEST_S = 40.0
AT_A_TIME = 2

_turns = BoundedSemaphore(AT_A_TIME)


class Busy(Exception):
    """Others are having their tables read: try again."""


@dataclass(frozen=True)
class Sheet:
    """A table: how it was read (a sheet's name, an encoding), its headings, its rows by number.

    ``problem`` says why there is none, ``places`` where.
    """

    read_as: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[int, list[str]], ...] = ()
    problem: str | None = None
    places: tuple[str, ...] = ()


def read_sheet(data: bytes) -> Sheet:
    """Read a CSV or XLSX file. Raises Busy."""
    if not _turns.acquire(blocking=False):
        raise Busy
    try:
        with tempfile.TemporaryDirectory(prefix="dozir-sheet-") as folder:
            path = Path(folder, "sheet")
            path.write_bytes(data)
            done = subprocess.run(  # noqa: S603 - our own module; the path is a file of ours
                [*READER, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=LONGEST_S,
                check=False,
            )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return Sheet(problem="too_large")  # it took more memory or time than a table may
    finally:
        _turns.release()
    if "problem" in found:
        return Sheet(problem=found["problem"], places=tuple(found["places"]))
    (_, headings), *rows = found["rows"]
    return Sheet(
        found["read_as"], tuple(headings), tuple((number, cells) for number, cells in rows)
    )
