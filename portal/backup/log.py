"""The archived log read: is a segment what its name says, and which commit is the last in it."""

from __future__ import annotations

import re
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import zstandard

from portal.backup import store
from portal.backup.store import Base, Segment, Store
from portal.runtime.packages import Binaries

BACK_MAX = 256  # segments looked through, from the end, for the last commit
# The header of a segment's first page: magic, flags, timeline, address, rest, (pad), system, size
HEADER = struct.Struct("<HHIQI4xQI")


def unpacked(segment: Segment) -> bytes:
    """The segment itself. Raises zstandard.ZstdError when it is damaged or cut short."""
    reader = zstandard.ZstdDecompressor().stream_reader(segment.path.read_bytes())
    whole: bytes = reader.read()
    return whole


def fault(segment: Segment, base: Base) -> str | None:
    """What is wrong with an archived segment; None when it is whole and where it belongs."""
    try:
        content = unpacked(segment)
    except (zstandard.ZstdError, OSError) as error:
        return f"cannot be unpacked: {error}"
    if len(content) != base.segment_bytes:
        return f"holds {len(content)} bytes instead of {base.segment_bytes}: it was cut short"
    _, _, timeline, address, _, system, size = HEADER.unpack_from(content)
    told = (system, size, address)
    true = (int(base.system_identifier), base.segment_bytes, segment.number * base.segment_bytes)
    if told != true or timeline > segment.timeline:
        return "is another segment than its name says, or of another system"
    return None


def last_commit(made: Store, base: Base, found: Binaries) -> datetime | None:
    """When the last transaction committed that the archive holds without a gap after ``base``."""
    missing = made.missing(base)
    segments = [
        one
        for one in made.leading(base.segment_bytes)
        if one.number >= base.first_segment
        and (not missing or _name(one, base)[8:] < missing[0][8:])
    ]
    with tempfile.TemporaryDirectory() as folder:
        for segment in reversed(segments[-BACK_MAX:]):
            if fault(segment, base) is not None:
                continue  # the archive ends before it
            found_here = list(_commits(segment, base, Path(folder), found))
            if found_here:
                return max(found_here)
    return None


def _name(segment: Segment, base: Base) -> str:
    return store.segment_name(segment.timeline, segment.number, base.segment_bytes)


def _commits(segment: Segment, base: Base, folder: Path, found: Binaries) -> Iterator[datetime]:
    """The moments of the commits that pg_waldump reads in one segment."""
    file = folder / _name(segment, base)
    file.write_bytes(unpacked(segment))
    done = subprocess.run(  # noqa: S603 - our program, our arguments
        [found.program("pg_waldump"), "--rmgr=Transaction", file],
        env=found.environment(),
        capture_output=True,
        text=True,
        check=False,  # a record that goes on in the next segment is an error to it
    )
    file.unlink()
    for text in re.findall(r"COMMIT (?:PREPARED )?(\d{4}-\d\d-\d\d [\d:.]+) UTC", done.stdout):
        yield datetime.fromisoformat(f"{text}+00:00")
