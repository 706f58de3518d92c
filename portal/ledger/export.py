"""Writes the ledger into a folder for the verifier; docs/ledger.md says the form."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from portal.ingest.copy_format import HEADER, TRAILER
from portal.ledger.source import TABLES, Live
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import Known

STRAYS = "strays"
PUBLISHED = "log"
DIGITS = 19  # of a batch's id in a file's name: names sort as ids do


class ExportRefused(Exception):
    """Nothing was written; the message says why."""


def prepare(folder: Path) -> None:
    """Make the folder. Raises ExportRefused where it has something in it, OSError."""
    if folder.exists() and any(folder.iterdir()):
        raise ExportRefused(f"{folder} is not empty")
    (folder / "rows").mkdir(parents=True)


def copy_published(source: Path, folder: Path) -> None:
    """The checkpoint and the entries' bundles, as they are served under /log/, if there are any."""
    if not (source / "checkpoint").is_file():
        return
    folder.mkdir()
    shutil.copy(source / "checkpoint", folder)
    for path in sorted((source / "tile" / "entries").rglob("*")):
        target = folder / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError, IsADirectoryError):  # partial ones go while the log grows
            shutil.copy(path, target)


def export(source: Live, folder: Path, say: Callable[[str], None]) -> dict[str, int]:
    """Write everything into ``folder``, the manifest last; how many rows and files of rows.

    Raises OSError.
    """
    for name in TABLES.keys() - {STRAYS}:
        say(f"export: {name}")
        with (folder / f"{name}.copy").open("wb") as file:
            file.writelines(source.stream(name))
    known = _known(folder)
    rows, parts = 0, source.parts(known)
    for number, part in enumerate(parts, 1):
        tuples = source.rows(part)
        name = f"{part[0]:0{DIGITS}}-{part[1]:0{DIGITS}}.copy"
        with (folder / "rows" / name).open("wb") as file:
            file.writelines((HEADER, tuples, TRAILER))
        rows += len(tuples) // core.WIDTH
        say(f"export: rows, {number} of {len(parts)} parts")
    _write_strays(source, folder, known)
    fresh = folder / ".manifest.json"
    with fresh.open("w") as file:
        json.dump({"format": core.FORMAT, **source.manifest}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(folder / "manifest.json")
    return {"rows": rows, "files": len(parts)}


def _write_strays(source: Live, folder: Path, known: dict[int, Known]) -> None:
    """Rows that no file of rows has, instead of all that stand outside of their batch's time."""
    with (folder / f"{STRAYS}.copy").open("wb") as file:
        file.write(HEADER)
        for tuples in source.strays(known).values():
            file.writelines(tuples)
        file.write(TRAILER)


def _known(folder: Path) -> dict[int, Known]:
    """What the entries just written say of batches."""
    known = {}
    for fields in core.copied(core.blocks(folder / "entries.copy")):
        try:
            entry = core.parse_entry(fields[7] or b"")
        except core.Invalid:
            continue
        if entry["kind"] in (1, 2):
            known[entry["batch_id"]] = core.known_of(entry, None)
    return known
