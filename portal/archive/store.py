"""The archive folder: a folder for each archived day, which gets its name only when all is done.

``dozir-archive.json`` names the log whose days are here, so that two systems never share a folder.
What a killed or failed attempt left has a name that begins with a dot: it is no archive, and the
next attempt removes it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from portal.archive import manifest
from portal.runtime import RuntimeProblem
from portal.runtime.locks import exclusive

MARKER = "dozir-archive.json"
NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:\.([1-9]\d{0,3}))?")


@dataclass(frozen=True)
class Store:
    """An archive folder."""

    folder: Path

    def path(self, name: str) -> Path:
        """Where an archive is. Raises ValueError for what is no archive's name."""
        if not NAME.fullmatch(name):
            raise ValueError("no name of an archive")
        return self.folder / name

    def names(self) -> list[str]:
        """The archives that are here, by day and number."""
        found = [
            path.name
            for path in self.folder.iterdir()
            if NAME.fullmatch(path.name) and (path / manifest.FILE_NAME).is_file()
        ]
        return sorted(found, key=_order)

    def next_name(self, day: date) -> str:
        """The name for one more archive of a day."""
        taken = [_order(path.name) for path in self.folder.iterdir() if NAME.fullmatch(path.name)]
        numbers = [number for of_day, number in taken if of_day == day.isoformat()]
        return f"{day}.{max(numbers) + 1}" if numbers else f"{day}"

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A fresh folder that becomes the archive ``name`` when the block ends well.

        Whoever comes second waits. All is on the disk before the name is there.
        """
        with exclusive(self.folder / ".lock"):
            for left in self.folder.glob(".*.new"):
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()
            fresh = self.folder / f".{name}.new"
            fresh.mkdir(mode=0o700)
            try:
                yield fresh
                sync(fresh)
                target = self.path(name)
                if target.exists():
                    raise RuntimeProblem(f"{target} is there already.")
                fresh.rename(target)
            except BaseException:
                shutil.rmtree(fresh, ignore_errors=True)
                raise
            sync(self.folder)


def _order(name: str) -> tuple[str, int]:
    match = NAME.fullmatch(name)
    if match is None:
        raise ValueError("no name of an archive")
    return match[1], int(match[2] or 1)


def claim(folder: Path, origin: str) -> Store:
    """Make ``folder`` the archive folder of a log, or check that it is. Raises RuntimeProblem."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    marker = folder / MARKER
    if not marker.exists():
        if any(not path.name.startswith(".") for path in folder.iterdir()):
            raise RuntimeProblem(
                f"{folder} is not empty and holds no archives. Name an empty folder with --to."
            )
        write(marker, json.dumps({"format": "1", "origin": origin}, indent=1).encode() + b"\n")
    return check(folder, origin)


def check(folder: Path, origin: str) -> Store:
    """The archive folder of this log. Raises RuntimeProblem where it is none or another's."""
    try:
        found = json.loads((folder / MARKER).read_text())["origin"]
    except FileNotFoundError as problem:
        raise RuntimeProblem(
            f"{folder} holds no archives of Dozir. Is its disk mounted? Name the folder with --to"
            " or DOZIR_ARCHIVE_DIR."
        ) from problem
    if found != origin:
        raise RuntimeProblem(f"{folder} holds the archives of the log {found}, not of {origin}.")
    return Store(folder)


def write(path: Path, data: bytes) -> None:
    """A file, whole or not at all, on the disk."""
    descriptor, fresh = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """The names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
