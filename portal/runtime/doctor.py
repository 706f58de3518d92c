"""``dozir doctor``: what is missing or misconfigured on this machine, and how to mend it."""

from __future__ import annotations

import json
import os
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict

from portal.config import settings
from portal.runtime import (
    account,
    archiving,
    checks,
    cluster,
    extensions,
    machine,
    packages,
    unpack,
    upkeep,
)
from portal.runtime.debian import require_tools
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import instance
from portal.runtime.progress import printable

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DISK_FREE_LEAST = 2 * machine.GIB  # programs, an empty cluster and its log of changes
DISK_FREE_COMFORTABLE = 10 * machine.GIB
MEMORY_COMFORTABLE = 2 * machine.GIB
BACKUP_AGE_DAYS_MAX = 8  # one missed weekly backup
ARCHIVE_WAIT_S_MAX = 300  # five times as long as a segment may take
RUNTIME_AGE_DAYS_MAX = 90  # Debian publishes PostgreSQL's fixes every quarter


# Further checks, of parts that rest on this one: each module has a tuple CHECKS.
OUTER = (
    "portal.server.doctor",
    "portal.sequencing.doctor",
    "portal.attest.doctor",
    "portal.identity.signatures.doctor",
    "portal.mail.doctor",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what was found, and for a person what to do about it."""

    name: str
    state: Literal["ok", "warning", "broken"]
    found: str
    mend: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def doctor(context: click.Context, as_json: bool) -> None:
    """Look this machine over; exit code 1 when something is broken."""
    findings = examine()
    ok = all(finding.state != "broken" for finding in findings)
    if as_json:
        report = {"ok": ok, "checks": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(report, indent=1, ensure_ascii=False))
    else:
        for finding in findings:
            _show(finding)
    if not ok:
        context.exit(1)


def _show(finding: Finding) -> None:
    colour = {"ok": "green", "warning": "yellow", "broken": "red"}[finding.state]
    found = printable(f"{finding.name}: {finding.found}")
    click.echo(f"{click.style(f'{finding.state:<8}', fg=colour)} {found}")
    if finding.mend:
        click.echo(f"{'':<8} -> {printable(finding.mend)}")


def examine() -> list[Finding]:
    """All findings; a check that cannot be made is itself a finding."""
    chosen = EXTERNAL if settings().database_url else EMBEDDED
    findings: list[Finding] = []
    for check in (*chosen, *(check for name in OUTER for check in import_module(name).CHECKS)):
        try:
            findings += check()
        except (RuntimeProblem, OSError, psycopg.Error) as problem:
            name = check.__name__.removeprefix("check_").replace("_", " ")
            findings.append(Finding(name, "broken", "failed", str(problem).strip()))
    return findings


def check_link() -> Iterator[Finding]:
    """A database on another machine is reached by TLS, and proves that it is the one meant."""
    told = conninfo_to_dict(settings().database_url or "")
    hosts = f"{told.get('host') or ''},{told.get('hostaddr') or ''}".split(",")
    away = [one for one in hosts if one and not one.startswith("/") and one not in LOOPBACK]
    if not away:
        yield Finding("link", "ok", "the database is on this machine")
        return
    where = ", ".join(away)
    mode = told.get("sslmode") or os.environ.get("PGSSLMODE", "")
    if mode == "verify-full":
        yield Finding("link", "ok", f"{where} is reached by TLS and proves its name")
        return
    found = f"whoever stands between here and {where} can read and alter everything"
    mend = "add sslmode=verify-full&sslrootcert=FILE to DOZIR_DATABASE_URL"
    yield Finding("link", "broken", found, mend)


def check_time_zones() -> Iterator[Finding]:
    """Reports are by Kyiv's day, and the server's Debian build reads the host's zones."""
    cluster.check_zone()
    yield Finding("time zones", "ok", "Europe/Kyiv is known")


def check_account() -> Iterator[Finding]:
    """As root the server needs an account of its own that reaches its files."""
    owner = account.server_account()
    for folder in (settings().home, settings().cache):
        account.check_passable(next(path for path in (folder, *folder.parents) if path.exists()))
    yield Finding("account", "ok", f"the server runs as {owner.name} (uid {owner.uid})")


def check_secrets() -> Iterator[Finding]:
    """Generated passwords are nobody else's business."""
    folder = settings().secrets_dir
    if not folder.exists():
        yield Finding("secrets", "ok", "none made yet")
        return
    open_ones = [
        path for path in (folder, *folder.iterdir()) if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_ones:
        yield Finding("secrets", "broken", f"{path} is open to others", f"chmod go= {path}")
    empty = [path for path in folder.iterdir() if path.is_file() and not path.stat().st_size]
    for path in empty:
        mend = "restore it (dozir restore --secrets), or remove it for a new one"
        yield Finding("secrets", "broken", f"{path} is empty", mend)
    if not open_ones and not empty:
        yield Finding("secrets", "ok", f"{folder} is closed to others")


def check_programs() -> Iterator[Finding]:
    """PostgreSQL with its extensions: installed, fetched, or at least possible to fetch."""
    found = packages.available()
    if found is None:
        require_tools()
        unpack.patchelf()
        mend = "dozir db start fetches it (about 50 MB, once)"
        yield Finding("programs", "warning", "PostgreSQL is not here yet", mend)
        return
    kind = "private" if found.private else "installed"
    yield Finding("programs", "ok", f"PostgreSQL {found.major}, {kind}, in {found.bin}")
    if found.root is not None:
        yield _age(found.root)


def _age(root: Path) -> Finding:
    """A private runtime gets no updates from the host's package system."""
    days = int((time.time() - (root / unpack.MANIFEST).stat().st_mtime) / 86400)
    age = f"fetched {days} days ago"
    if days <= RUNTIME_AGE_DAYS_MAX:
        return Finding("updates", "ok", age)
    mend = f"for security updates: dozir db stop; rm -r {root}; dozir db start"
    return Finding("updates", "warning", age, mend)


def check_machine() -> Iterator[Finding]:
    """Room on disk and in memory."""
    home = settings().home
    there = next(path for path in (home, *home.parents) if path.exists())
    free, memory = machine.free_disk(there), machine.memory()
    yield _amount("disk", free, DISK_FREE_LEAST, DISK_FREE_COMFORTABLE, f"free for {there}")
    yield _amount("memory", memory, 0, MEMORY_COMFORTABLE, "in all")
    kind = "POSIX" if machine.roomy_shared_memory() else "System V (the other kind has < 1 GiB)"
    yield Finding("shared memory", "ok", kind)


def check_backup() -> Iterator[Finding]:
    """Backups: switched on, recent, and the log arriving in the archive."""
    told = archiving.state(instance())
    if told is None:
        mend = "dozir backup --to FOLDER, on another disk; see docs/backup.md"
        yield Finding("backup", "warning", "no backups are taken", mend)
        return
    if not (Path(told.folder) / archiving.MARKER).exists():
        mend = "mount its disk, or name another folder: dozir backup --to FOLDER"
        yield Finding("backup", "broken", f"{told.folder} is not there", mend)
        return
    if not cluster.status().answers:
        yield Finding("backup", "ok", f"into {told.folder}; the server is not running")
        return
    health = archiving.health()
    waits = health.oldest_waiting_s > ARCHIVE_WAIT_S_MAX
    if health.failing or waits:
        found = (
            f"the log does not reach {told.folder}: {health.waiting_segments} segments wait,"
            f" {health.failed_count} attempts failed; it piles up beside the data meanwhile"
        )
        mend = f"free or mount that disk; look for archive-wal in {instance().log}"
        yield Finding("backup", "broken", found, mend)
    age = health.last_backup_age_s
    if age is None or age > BACKUP_AGE_DAYS_MAX * 86400:
        found = "no base backup was finished" if age is None else f"{age / 86400:.0f} days old"
        yield Finding("backup", "warning", found, "dozir backup, every night by a timer")
    elif not (health.failing or waits):
        found = f"{age / 3600:.1f} hours old, the log arrives in {told.folder}"
        if Path(told.folder).stat().st_dev == instance().data.stat().st_dev:
            mend = "name a folder on another disk: dozir backup --to FOLDER"
            yield Finding("backup", "warning", f"{found}, on the database's own disk", mend)
        else:
            yield Finding("backup", "ok", found)


def check_extension() -> Iterator[Finding]:
    """After an update of the packages the database still holds the extension's older version."""
    if not settings().database_url and not cluster.status().answers:
        return
    for name, (held, offered) in extensions.outdated().items():
        found = f"{name} is {held} in the database, the library offers {offered}"
        yield Finding("extension", "warning", found, "dozir backup; then dozir db upgrade")


def _amount(name: str, value: int, least: int, comfortable: int, what: str) -> Finding:
    found = f"{value / machine.GIB:.1f} GiB {what}"
    if value >= comfortable:
        return Finding(name, "ok", found)
    mend = f"give it at least {comfortable // machine.GIB} GiB"
    return Finding(name, "broken" if value < least else "warning", found, mend)


def check_server() -> Iterator[Finding]:
    """The server itself: running, answering, fit."""
    if not settings().database_url:
        seen = cluster.status()
        if not seen.answers and seen.pid is not None:
            mend = f"see {instance().log}; then dozir db stop; dozir db start"
            yield Finding("server", "broken", f"process {seen.pid} does not answer", mend)
            return
        if not seen.answers:
            made = "stopped" if seen.made else "not made yet"
            yield Finding("server", "warning", made, "dozir db start")
            return
    yield from _fitness(checks.describe())


def _fitness(server: checks.Server) -> Iterator[Finding]:
    kind = "embedded" if server.embedded else "external"
    yield Finding("server", "ok", f"PostgreSQL {server.version}, {kind}")
    problems = checks.problems_of(server)
    for problem in problems:
        found, _, mend = problem.partition(". ")
        yield Finding("fitness", "broken", found, mend)
    if not problems:
        yield Finding("fitness", "ok", "crash-safe settings are on")
    absent = [name for name in checks.NOTED_EXTENSIONS if name not in server.extensions]
    for name in absent:
        mend = f"install the extension {name} for PostgreSQL {server.version_number // 10000}"
        yield Finding("extensions", "warning", f"{name} is not offered", mend)
    if not absent:
        offered = ", ".join(f"{name} {version}" for name, version in server.extensions.items())
        yield Finding("extensions", "ok", offered)


def check_jobs() -> Iterator[Finding]:
    """Recurring work: running, and content with what it saw."""
    if not settings().database_url and not cluster.status().answers:
        return  # said already
    found = list(upkeep.remarks())
    for name, what, mend in found:
        yield Finding(name, "warning", what, mend)
    if not found:
        yield Finding("jobs", "ok", "none overdue, none failing, nothing found")


EMBEDDED: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_time_zones,
    check_account,
    check_secrets,
    check_programs,
    check_machine,
    check_server,
    check_jobs,
    check_extension,
    check_backup,
)
EXTERNAL: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_secrets,
    check_link,
    check_machine,
    check_server,
    check_jobs,
    check_extension,
)
