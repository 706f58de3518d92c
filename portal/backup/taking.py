"""A base backup: pg_basebackup into a folder that gets its name only when all is done."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from portal.backup import server, store
from portal.backup.store import Base, Store
from portal.config import settings
from portal.runtime import RuntimeProblem, account, archiving, maintenance_url
from portal.runtime.instance import Instance
from portal.runtime.locks import exclusive
from portal.runtime.packages import Binaries
from portal.runtime.progress import say

SAY_EVERY_S = 5


def switch_on(here: Instance, found: Binaries, folder: Path) -> Store:
    """Archive this instance into ``folder`` from now on. Raises RuntimeProblem when that fails."""
    with server.connected() as conn:
        facts = server.facts(conn)
        if facts["archive_mode"] != "on":
            raise RuntimeProblem(
                "The running server was started without archiving, which takes a restart:"
                " dozir db stop; dozir db start. Then take the backup."
            )
        if facts["tablespaces"]:
            raise RuntimeProblem("Tablespaces are not backed up; move their tables back first.")
        made = store.claim(folder, settings().instance, facts["system_identifier"])
        before = archiving.state(here)
        if before is None or Path(before.folder) != folder:
            archiving.remember(here, archiving.State(str(folder)))
        archiving.apply(conn, here, found)
        say(f"archiving into {folder}")
        server.push_log(conn)
    return made


def switch_off(here: Instance, found: Binaries) -> None:
    """Archive no more; what was archived stays."""
    archiving.remember(here, None)
    with server.connected() as conn:
        archiving.apply(conn, here, found)


def take(here: Instance, found: Binaries, made: Store, rate: str | None) -> Base:
    """Take a base backup into ``made``; whoever comes second waits."""
    with exclusive(here.folder / "backup.lock"), server.connected() as conn:
        for left in made.folder.glob("base/.*"):  # of a caller that was killed
            shutil.rmtree(left)
        started = server.moment(conn)
        name = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        say("base backup: writing out what is in memory (a checkpoint), then copying")
        fresh = account.private_folder(made.folder / "base" / f".{name}")
        try:
            _pg_basebackup(found, fresh, name, rate)
            base = _facts(fresh, name, started, server.moment(conn), server.facts(conn))
            store.note(fresh, base)
            fresh.rename(made.base_folder(base))
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        archiving.remember_backup(here, name, base.finished)
        server.push_log(conn)
        return base


def _facts(fresh: Path, name: str, started: Any, finished: Any, seen: dict[str, Any]) -> Base:
    told = store.manifest(fresh)
    span = told["WAL-Ranges"][0]
    return Base(
        name=name,
        started_at=started.isoformat(),
        finished_at=finished.isoformat(),
        system_identifier=seen["system_identifier"],
        postgresql=seen["postgresql"],
        timescaledb=seen["timescaledb"],
        segment_bytes=seen["segment_bytes"],
        timeline=span["Timeline"],
        start_lsn=span["Start-LSN"],
        end_lsn=span["End-LSN"],
        database_bytes=sum(file["Size"] for file in told["Files"]),
        stored_bytes=sum(path.stat().st_size for path in fresh.iterdir()),
    )


def _pg_basebackup(found: Binaries, folder: Path, label: str, rate: str | None) -> None:
    parts = conninfo_to_dict(maintenance_url())
    password = str(parts.pop("password"))
    parts.pop("dbname")
    command = [str(found.program("pg_basebackup")), "-D", str(folder), "-F", "tar"]
    # The log comes from the archive alone: one way in, one way out
    command += ["--compress=client-zstd:3", "--wal-method=none", "--checkpoint=fast"]
    command += ["--manifest-checksums=SHA256", f"--label=dozir {label}", "--progress"]
    command += ["--no-password", "-d", make_conninfo("", **parts)]
    command += [f"--max-rate={rate}"] if rate else []
    owner = account.server_account()
    with subprocess.Popen(  # noqa: S603 - our program, our arguments
        command,
        env=found.environment() | {"PGPASSWORD": password},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        umask=0o077,
        user=owner.uid if owner.other else None,
        group=owner.gid if owner.other else None,
        extra_groups=[] if owner.other else None,
    ) as process:
        assert process.stderr is not None  # noqa: S101 - a pipe was asked for
        said = _show(process.stderr)
    if process.returncode:
        raise RuntimeProblem("pg_basebackup failed:\n" + "\n".join(said[-8:]))


def _show(lines: Any) -> list[str]:
    """Pass progress on, now and then; what was said besides."""
    said, due = [], time.monotonic() + SAY_EVERY_S
    for line in lines:
        match = re.search(r"(\d+)/(\d+) kB \((\d+)%\)", line)
        if match is None:
            if "waiting for required WAL segments" in line:
                say("base backup: copied; waiting until its log is archived")
            elif line.strip() and "NOTICE" not in line:
                said.append(line.strip())
        elif time.monotonic() > due:
            say(
                f"base backup: {int(match[1]) // 1024} of {int(match[2]) // 1024} MiB, {match[3]} %"
            )
            due = time.monotonic() + SAY_EVERY_S
    return said


def mark_verified(made: Store, base: Base) -> None:
    """Note that a base backup and all the log after it were found whole."""
    store.note(
        made.base_folder(base),
        replace(base, verified_at=datetime.now(UTC).isoformat(timespec="seconds")),
    )
