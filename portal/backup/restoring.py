"""A cluster as it was at a chosen moment: unpacked, checked, and replayed up to there.

Everything that committed up to the moment is in, nothing that committed after it. A restored
cluster stands beside the one it came from until a person switches; see docs/backup.md.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import zstandard

from portal.backup import moments, sealing, server
from portal.backup.store import Base, Store
from portal.config import settings, use_instance
from portal.runtime import (
    RuntimeProblem,
    account,
    archiving,
    cluster,
    configuration,
    ensure_running,
    maintenance_url,
    stop,
)
from portal.runtime.instance import Instance, instance, names
from portal.runtime.locks import exclusive
from portal.runtime.packages import Binaries
from portal.runtime.progress import say

CHUNK = 1 << 20
SAY_EVERY_S = 5
DAMAGED = 200  # above 128 PostgreSQL gives up instead of taking it for the end of the archive
# Receipts with later numbers may be out in the world; they are never given to other batches.
BATCH_ID_GAP = 1_000_000
RESTORE_SCRIPT = """\
#!/bin/sh
# Called by PostgreSQL while it recovers: restore-wal NAME PATH
unset LOCPATH
export LC_ALL=C
from={folder}/wal/$1.zst
[ -e "$from" ] || exit 1
{zstd} -dqf "$from" -o "$2" || {{ echo "restore-wal: $from is damaged" >&2; exit {damaged}; }}
"""


@dataclass(frozen=True)
class Wanted:
    """What to restore: from where, into which instance, to which moment (None: all there is)."""

    source: Store
    target: str
    moment: datetime | None
    replace: bool = False
    secrets: dict[str, str] | None = None


@dataclass(frozen=True)
class Restored:
    """What came of it."""

    instance: str
    base: str
    last_commit: datetime | None
    batches: int
    transactions: int
    newest_received_at: datetime | None
    set_aside: str | None
    seconds: float


def restore(wanted: Wanted, base: Base, found: Binaries) -> Restored:
    """Restore; the new cluster runs when this returns. Raises RuntimeProblem and leaves no half."""
    started = time.monotonic()
    secrets = wanted.secrets or _own_secrets()
    use_instance(wanted.target)
    here = instance()
    if here.exists() and not wanted.replace:
        raise RuntimeProblem(
            f"Instance {wanted.target} has a database already. Name another, such as --to"
            f" {_unused(wanted.target)}."
        )
    with _new_folder(here):
        last, aside = _into(here, wanted, base, secrets, found)
    stop()  # it starts again with its ordinary settings
    ensure_running()
    return _result(wanted, base, last, aside, started)


def _unused(name: str) -> str:
    """A name like this one that no instance has."""
    taken = names()
    return next(one for number in count(2) if (one := f"{name}-{number}") not in taken)


@contextmanager
def _new_folder(here: Instance) -> Iterator[None]:
    """The instance's folder; after a failure it is gone again, if it was not there before."""
    is_new = not here.folder.exists()
    here.prepare()
    try:
        yield
    except BaseException:
        if is_new:
            shutil.rmtree(here.folder, ignore_errors=True)
        raise


def _into(
    here: Instance, wanted: Wanted, base: Base, secrets: dict[str, str], found: Binaries
) -> tuple[datetime | None, Path | None]:
    """Unpack and replay into an instance: the last commit that is in, the former data's place."""
    lock = exclusive(here.folder / "restore.lock")
    with lock, _unpacked(wanted.source, base, here, found) as data:
        sealing.put(secrets, settings().secrets_dir)
        aside = _set_aside(here)
        try:
            data.rename(here.data)
            return _replay(wanted, here, found), aside
        except BaseException:
            _put_back(here, aside)
            raise


def _own_secrets() -> dict[str, str]:
    folder = settings().secrets_dir
    if not (folder / "postgres.password").exists():
        raise RuntimeProblem(
            "The secrets of the instance are not on this machine, and backups do not hold them."
            " Name the file that dozir backup secrets wrote with --secrets."
        )
    return {path.name: path.read_text() for path in folder.iterdir() if path.is_file()}


@contextmanager
def _unpacked(source: Store, base: Base, here: Instance, found: Binaries) -> Iterator[Path]:
    """The base backup unpacked and verified in a folder that is removed in the end."""
    outer = Path(tempfile.mkdtemp(prefix=".restore-", dir=here.folder))
    account.open_folder(outer)
    try:
        data = account.private_folder(outer / "data")
        _require_room(data, base)
        _unpack(source.base_folder(base), data)
        say("verifying the base backup (pg_verifybackup)")
        shutil.copyfile(source.base_folder(base) / "backup_manifest", outer / "backup_manifest")
        (outer / "backup_manifest").chmod(0o644)
        # The log lies in the archive, where recovery itself checks each record
        check: list[str | Path] = [found.program("pg_verifybackup"), "--no-parse-wal", "--quiet"]
        done = account.run([*check, "-m", outer / "backup_manifest", data], found.environment())
        if done.returncode:
            raise RuntimeProblem(f"The base backup is damaged:\n{done.stderr.strip()}")
        yield data
    finally:
        shutil.rmtree(outer)


def _require_room(data: Path, base: Base) -> None:
    free = shutil.disk_usage(data).free
    if free < base.database_bytes * 1.1:
        raise RuntimeProblem(
            f"The disk of {data.parent.parent} has {free >> 20} MiB free; the database takes"
            f" {base.database_bytes >> 20} MiB and its log some more."
        )


def _unpack(folder: Path, data: Path) -> None:
    """Feed the archive to tar, which runs as the server's account."""
    archive = folder / "base.tar.zst"
    owner = account.server_account()
    with (
        archive.open("rb") as file,
        subprocess.Popen(  # noqa: S603
            ["tar", "-x", "-f", "-", "-C", str(data)],  # noqa: S607
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd="/",
            umask=0o077,
            user=owner.uid if owner.other else None,
            group=owner.gid if owner.other else None,
            extra_groups=[] if owner.other else None,
        ) as tar,
    ):
        assert tar.stdin is not None  # noqa: S101 - a pipe was asked for
        try:
            with suppress(BrokenPipeError), tar.stdin as pipe:  # tar itself says what was wrong
                _feed(file, pipe, archive.stat().st_size)
        except zstandard.ZstdError as error:
            raise RuntimeProblem(f"{archive} is damaged: {error}") from error
        said = tar.stderr.read().decode(errors="replace") if tar.stderr else ""
    if tar.returncode:
        raise RuntimeProblem(f"{archive} cannot be unpacked: {said.strip()}")


def _feed(file: BinaryIO, pipe: Any, size: int) -> None:
    due = time.monotonic() + SAY_EVERY_S
    with zstandard.ZstdDecompressor().stream_reader(file, closefd=False) as plain:
        while chunk := plain.read(CHUNK):
            pipe.write(chunk)
            if time.monotonic() > due:
                say(f"unpacking the base backup: {100 * file.tell() // size} %")
                due = time.monotonic() + SAY_EVERY_S


def _set_aside(here: Instance) -> Path | None:
    """Stop what runs on the data that are to be replaced, and move those aside."""
    if not here.exists():
        return None
    stop()
    aside = here.folder / f"data-before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    here.data.rename(aside)
    return aside


def _put_back(here: Instance, aside: Path | None) -> None:
    """After a failure: stop, remove what was half restored, and give the former data their name."""
    with suppress(RuntimeProblem):
        stop()
    shutil.rmtree(here.data, ignore_errors=True)
    if aside is not None:
        aside.rename(here.data)
        say("the former data are in their place again, stopped")


def _replay(wanted: Wanted, here: Instance, found: Binaries) -> datetime | None:
    """Recover to the moment and promote; when the last transaction that is in committed."""
    script = here.folder / "restore-wal"
    text = RESTORE_SCRIPT.format(
        folder=shlex.quote(str(wanted.source.folder)),
        zstd=shlex.quote(str(archiving.compressor(found))),
        damaged=DAMAGED,
    )
    script.write_text(text)
    script.chmod(0o755)
    command = shlex.quote(str(script)).replace("%", "%%")
    recovery = (
        "\n# Recovery, until the next start\n"
        f'restore_command = \'{configuration.quoted(command)} "%f" "%p"\'\n'
        "recovery_target_action = 'promote'\n"
    )
    if wanted.moment is not None:
        recovery += f"recovery_target_time = '{wanted.moment.isoformat()}'\n"
    account.install("", here.data / "recovery.signal", 0o600)
    written = here.log.stat().st_size if here.log.exists() else 0
    say("replaying the log")
    try:
        cluster.start_recovery(here, found, recovery)
        return _await_promotion(here, written)
    except RuntimeProblem as problem:
        said = here.log.read_bytes()[written:].decode(errors="replace")
        raise RuntimeProblem(_why(said)) from problem
    finally:
        script.unlink()


def _await_promotion(here: Instance, written: int) -> datetime | None:
    due = time.monotonic() + SAY_EVERY_S
    seen: tuple[bool, datetime | None] = (True, None)
    while seen[0]:
        if cluster.server_pid(here) is None:
            raise RuntimeProblem("The database went down.")
        with suppress(psycopg.Error):
            seen = _progress() if cluster.answers(here) else seen
        if seen[1] is not None and time.monotonic() > due:
            say(f"replayed up to {moments.told(seen[1])}")
            due = time.monotonic() + SAY_EVERY_S
        time.sleep(0.1)
    if seen[1] is None:
        return _last_commit_said(here.log.read_bytes()[written:].decode(errors="replace"))
    return seen[1]


def _progress() -> tuple[bool, datetime | None]:
    with psycopg.connect(maintenance_url(), connect_timeout=5) as conn:
        row = conn.execute("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone()
    assert row is not None  # noqa: S101
    return row[0], row[1]


def _last_commit_said(text: str) -> datetime | None:
    match = re.search(r"last completed transaction was at log time (\S+ [\d:.]+)\+00", text)
    return datetime.fromisoformat(f"{match[1]}+00:00") if match else None


def _why(text: str) -> str:
    """What kept the server from recovering, for a person."""
    if "is damaged" in text:
        named = re.findall(r"restore-wal: (\S+) is damaged", text)
        return f"The archived segment {named[-1]} is damaged: nothing after it can be restored."
    if "recovery ended before configured recovery target" in text:
        last = _last_commit_said(text)
        end = (
            f" The last transaction that is there committed at {moments.told(last)}."
            if last
            else ""
        )
        return f"The archive ends before the moment.{end} Look with: dozir backup verify"
    return "The database did not recover. The end of its log:\n" + "\n".join(
        text.splitlines()[-12:]
    )


def _result(
    wanted: Wanted, base: Base, last: datetime | None, aside: Path | None, started: float
) -> Restored:
    with server.connected() as conn:
        held: dict[str, Any] = {"n": 0, "rows": 0, "newest": None}
        there = conn.execute("SELECT to_regclass('ledger.batch') AS batch").fetchone()
        if there is not None and there["batch"] is not None:
            conn.execute(
                "SELECT setval('ledger.batch_id', nextval('ledger.batch_id') + %s)", [BATCH_ID_GAP]
            )
            held = (
                conn.execute(
                    "SELECT count(*) AS n, coalesce(sum(row_count), 0) AS rows,"
                    " max(received_at) AS newest FROM ledger.batch"
                ).fetchone()
                or held
            )
    return Restored(
        instance=wanted.target,
        base=base.name,
        last_commit=last,
        batches=held["n"],
        transactions=int(held["rows"]),
        newest_received_at=held["newest"],
        set_aside=str(aside) if aside else None,
        seconds=round(time.monotonic() - started, 1),
    )
