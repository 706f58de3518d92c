"""Continuous archiving: every finished segment of the log of changes goes to the backup folder.

``archive_mode`` is always on, since switching it takes a restart; until ``dozir backup`` names a
folder the command does nothing. ``backup.json`` beside the data remembers the folder.
"""

from __future__ import annotations

import json
import shlex
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import tuple_row

from portal.config import settings
from portal.runtime import account, configuration
from portal.runtime.configuration import quoted
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import Instance, absent, instance, maintenance_url
from portal.runtime.packages import Binaries

MARKER = "dozir-backup.json"  # stands in the backup folder; absent when its disk is not mounted
SEGMENT_SECONDS_MAX = 60  # a segment is archived at the latest so long after its first change
# A missing or damaged disk must fail loudly: the server keeps the segment and tries again.
ARCHIVE_SCRIPT = """\
#!/bin/sh
# Written by dozir at each start. Called by PostgreSQL: archive-wal PATH NAME
# Whole or not at all, on the disk before it says so, and never over a different file.
set -eu
unset LOCPATH
export LC_ALL=C
umask 077
folder={folder}
zstd={zstd}
to="$folder/wal/$2.zst"
fresh="$folder/wal/.$2.fresh"
if [ ! -e "$folder/{marker}" ]; then
  echo "archive-wal: $folder is not there: is its disk mounted?" >&2
  exit 1
fi
if [ -e "$to" ]; then
  if "$zstd" -dqc "$to" | cmp -s - "$1"; then
    sync "$to" "$folder/wal"
    exit 0
  fi
  echo "archive-wal: $to is there already with other contents" >&2
  exit 1
fi
rm -f "$fresh"
"$zstd" -q -1 --check -c "$1" >"$fresh" || {{ rm -f "$fresh"; exit 1; }}
sync "$fresh" || {{ rm -f "$fresh"; exit 1; }}
ln "$fresh" "$to"
rm -f "$fresh"
sync "$folder/wal"
"""


@dataclass(frozen=True)
class State:
    """Where this instance is backed up to, and its last base backup."""

    folder: str
    last_backup: str | None = None
    last_finished_at: str | None = None

    @property
    def finished(self) -> datetime | None:
        """When the last base backup was finished."""
        return datetime.fromisoformat(self.last_finished_at) if self.last_finished_at else None


@dataclass(frozen=True)
class Health:
    """How backups stand; moments are the server's. Without ``folder`` there are none."""

    folder: str | None
    last_backup_at: datetime | None = None
    last_backup_age_s: float | None = None
    last_archived_wal: str | None = None
    last_archived_at: datetime | None = None
    last_failed_wal: str | None = None
    last_failed_at: datetime | None = None
    failed_count: int = 0
    waiting_segments: int = 0
    oldest_waiting_s: float = 0.0

    @property
    def failing(self) -> bool:
        """Whether the last attempt to archive failed."""
        if self.last_failed_at is None:
            return False
        return self.last_archived_at is None or self.last_failed_at > self.last_archived_at


def state(here: Instance) -> State | None:
    """What was told to ``dozir backup``; None when nothing was."""
    try:
        return State(**json.loads((here.folder / "backup.json").read_text()))
    except FileNotFoundError:
        return None


def remember(here: Instance, told: State | None) -> None:
    """Write the state down, whole or not at all; None forgets it."""
    path = here.folder / "backup.json"
    if told is None:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(told), indent=1))
    fresh.replace(path)


def remember_backup(here: Instance, name: str, finished_at: datetime) -> None:
    """Note the newest base backup."""
    told = state(here)
    if told is not None:
        remember(here, replace(told, last_backup=name, last_finished_at=finished_at.isoformat()))


def compressor(found: Binaries) -> Path:
    """The program zstd: the private runtime's, else the host's."""
    own = found.root / "usr/bin/zstd" if found.root else None
    if own is not None and own.exists():
        return own
    host = shutil.which("zstd")
    if host is None:
        raise RuntimeProblem("Backups need the program zstd. Install it: apt-get install zstd")
    return Path(host)


def server_settings(here: Instance, found: Binaries) -> str:
    """The settings of archiving, and the script that they call."""
    told = state(here)
    command, seconds = "/bin/true", 0
    if told is not None:
        script = here.folder / "archive-wal"
        text = ARCHIVE_SCRIPT.format(
            folder=shlex.quote(told.folder), zstd=shlex.quote(str(compressor(found))), marker=MARKER
        )
        fresh = script.with_suffix(".new")
        fresh.write_text(text)
        fresh.chmod(0o755)
        fresh.replace(script)
        words = shlex.quote(str(script)).replace("%", "%%")
        command, seconds = f'{words} "%p" "%f"', SEGMENT_SECONDS_MAX
    return (
        "\n# Archiving; it does nothing until `dozir backup` has named a folder\n"
        f"archive_mode = on\narchive_command = '{quoted(command)}'\n"
        f"archive_timeout = '{seconds}s'\n"
    )


def apply(conn: psycopg.Connection[Any], here: Instance, found: Binaries) -> None:
    """Give a running server the settings of archiving that now hold."""
    port = here.port()
    if port is None:
        raise absent(settings().instance)
    configuration.write(here.data, port, here.socket, server_settings(here, found))
    conn.execute("SELECT pg_reload_conf()")


def health(url: str | None = None) -> Health:
    """How backups of the embedded cluster stand; RuntimeProblem when the server is silent."""
    told = state(instance())
    if told is None:
        return Health(None)
    try:
        with psycopg.connect(
            url or maintenance_url(), connect_timeout=10, row_factory=tuple_row
        ) as connection:
            row = connection.execute(
                "SELECT a.last_archived_wal, a.last_archived_time, a.last_failed_wal,"
                " a.last_failed_time, a.failed_count, w.waiting, w.oldest_s"
                " FROM pg_stat_archiver AS a, LATERAL (SELECT count(*) AS waiting,"
                " coalesce(extract(epoch FROM clock_timestamp() - min(modification)), 0)"
                " AS oldest_s"
                " FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready') AS w"
            ).fetchone()
    except psycopg.OperationalError as error:
        raise RuntimeProblem("The database does not answer. Look with: dozir doctor") from error
    assert row is not None  # noqa: S101 - the view has one row
    archived, archived_at, failed, failed_at, failures, waiting, oldest_s = row
    return Health(
        folder=told.folder,
        last_backup_at=told.finished,
        last_backup_age_s=(
            (datetime.now(UTC) - told.finished).total_seconds() if told.finished else None
        ),
        last_archived_wal=archived,
        last_archived_at=archived_at,
        last_failed_wal=failed,
        last_failed_at=failed_at,
        failed_count=failures,
        waiting_segments=waiting,
        oldest_waiting_s=float(oldest_s),
    )


def last_backup_at() -> datetime | None:
    """When the embedded cluster's last base backup was finished."""
    told = state(instance())
    return told.finished if told else None


def make_folder(folder: Path) -> Path:
    """The backup folder and its parts, closed to all but the server's account."""
    for path in (folder, folder / "wal", folder / "base"):
        account.private_folder(path)
    return folder
