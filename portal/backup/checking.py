"""Is a backup whole: every file against its manifest, every segment of the log in its place."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import zstandard

from portal.backup import log, store
from portal.backup.store import Base, Store

CHUNK = 1 << 20


def faults(made: Store, base: Base) -> Iterator[str]:
    """All that keeps ``base`` from being restored to the end of the archive."""
    yield from base_faults(made.base_folder(base))
    yield from log_faults(made, base, lambda number: number >= base.first_segment)


def log_faults(made: Store, base: Base, wanted: Callable[[int], bool]) -> Iterator[str]:
    """Absent, damaged and misplaced segments among those ``wanted``."""
    for name in made.missing(base):
        yield f"wal/{name}.zst is missing"
    for segment in made.segments(base.segment_bytes):
        if wanted(segment.number):
            fault = log.fault(segment, base)
            if fault is not None:
                yield f"wal/{segment.path.name} {fault}"


def base_faults(folder: Path) -> Iterator[str]:
    """Differences between a base backup's archive and its manifest, without unpacking to disk.

    pg_verifybackup reads unpacked backups only (before 18); it has its say at each restore.
    """
    try:
        text = (folder / "backup_manifest").read_bytes()
        body, _, rest = text.rpartition(b'"Manifest-Checksum"')
        if hashlib.sha256(body).hexdigest().encode() not in rest:
            yield f"{folder.name}/backup_manifest is damaged"
            return
        wanted = {file["Path"]: file for file in store.manifest(folder)["Files"]}
    except (OSError, KeyError, ValueError) as error:
        yield f"{folder.name}/backup_manifest cannot be read: {error}"
        return
    archive = folder / "base.tar.zst"
    try:
        with archive.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as plain:
            yield from _member_faults(plain, wanted, f"{folder.name}/base.tar.zst")
    except (zstandard.ZstdError, tarfile.TarError, EOFError, OSError) as error:
        yield f"{folder.name}/base.tar.zst is damaged: {error}"
        return
    for path in wanted:
        yield f"{folder.name}/base.tar.zst lacks {path}"


def _member_faults(plain: IO[bytes], wanted: dict[str, dict[str, str]], name: str) -> Iterator[str]:
    """Compare the files of a tar stream; takes what it found out of ``wanted``."""
    with tarfile.open(fileobj=plain, mode="r|") as tar:
        for member in tar:
            path = member.name.removeprefix("./")
            content = tar.extractfile(member) if member.isfile() else None
            if content is None:
                continue
            digest = hashlib.sha256()
            while chunk := content.read(CHUNK):
                digest.update(chunk)
            told = wanted.pop(path, None)
            if told is None:
                yield f"{name} holds {path}, which its manifest does not list"
            elif told["Checksum"] != digest.hexdigest():
                yield f"{name} holds {path} with other contents than its manifest says"
