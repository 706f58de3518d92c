"""What `dozir doctor` looks at around the server: addresses, units, limits, clock, connections."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from portal import config, db
from portal.config import settings
from portal.runtime import checks, cluster, machine
from portal.runtime.doctor import Finding
from portal.schema import record

UNITS = config.ROOT / "deploy" / "systemd"
INSTALLED = Path("/etc/systemd/system")
PROC = Path("/proc")
PORT = 8000
ANSWER_SECONDS = 10
OPEN_FILES_LEAST = 4096
CLOCK_SECONDS_MOST = 1.0
SWAPPED_MOST = machine.GIB // 4
# What else connects: jobs, backups, a person with psql.
CONNECTIONS_BESIDE = 10
WORKERS_DEFAULT = 2
LOOPBACK = ("127.", "localhost", "[::1]", "unix:")


def check_addresses() -> Iterator[Finding]:
    """The portal speaks plain HTTP: a proxy with TLS stands between it and a network."""
    bound = [words[words.index("--bind") + 1] for words in _masters()]
    for address in bound:
        if address.startswith(LOOPBACK):
            continue
        if settings().demo:
            mend = "unset DOZIR_DEMO: anyone could enter as anyone"
            yield Finding("demo", "broken", f"demo mode, and {address} is public", mend)
        mend = "bind to 127.0.0.1 and put deploy/nginx/dozir.conf in front of it"
        yield Finding("address", "warning", f"plain HTTP on {address}", mend)
    if not bound:
        yield _port()
    for address in bound:
        yield _answer(address)


def _answer(address: str) -> Finding:
    """Whether a server of ours answers, and is ready for requests."""
    if address.startswith("unix:") or address.endswith(":0"):
        return Finding("address", "ok", f"serving on {address}, which cannot be asked from here")
    mend = "docs/operations.md, `What to do when…`"
    try:
        urllib.request.urlopen(f"http://{address}/readyz", timeout=ANSWER_SECONDS).close()
    except urllib.error.HTTPError as error:
        said = json.loads(error.read())["checks"]
        found = "; ".join(f"{name}: {word}" for name, word in said.items() if word != "ok")
        return Finding("address", "broken", f"serving on {address}, not ready: {found}", mend)
    except OSError as error:
        mend = "systemctl restart dozir"
        return Finding("address", "broken", f"no answer on {address}: {error}", mend)
    return Finding("address", "ok", f"serving on {address}, ready")


def _port() -> Finding:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2) as answer:
            ours = answer.read() == b"ok\n"
    except urllib.error.HTTPError:
        ours = False
    except OSError:
        return Finding("address", "ok", f"nothing serves here, port {PORT} is free")
    if ours:
        found = f"nothing of this instance serves; another one's portal answers on port {PORT}"
        return Finding("address", "ok", found)
    mend = "choose another with dozir serve --port"
    return Finding("address", "warning", f"another program listens on port {PORT}", mend)


def _masters() -> Iterator[list[str]]:
    """The command lines of this instance's servers on this machine."""
    # `dozir serve` tells its server where this instance counts
    own = b"PROMETHEUS_MULTIPROC_DIR=" + bytes(settings().metrics_dir)
    for folder in PROC.iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            if "portal.server.master" not in words or "--bind" not in words:
                continue
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it ended meanwhile, or is not ours to look at
        if any(one.startswith(own) for one in environment) and _is_first(folder.name):
            yield words


def _is_first(pid: str) -> bool:
    """Whether this is a master: its workers show its command line too."""
    try:
        parent = (PROC / pid / "stat").read_text().rpartition(")")[2].split()[1]
        return b"portal.server.master" not in (PROC / parent / "cmdline").read_bytes()
    except OSError:
        return False


def check_folders() -> Iterator[Finding]:
    """Logs and counts need a place."""
    for name, folder in (("logs", settings().log_dir), ("metrics", settings().metrics_dir)):
        there = next(path for path in (folder, *folder.parents) if path.exists())
        if os.access(there, os.W_OK):
            yield Finding(name, "ok", str(folder))
        else:
            mend = f"chown it to whoever runs `dozir serve`: {there}"
            yield Finding(name, "broken", f"{folder} cannot be written", mend)


def check_units() -> Iterator[Finding]:
    """Units that were installed are those of this version; own changes belong into drop-ins."""
    ours = {path.name: path for path in UNITS.iterdir() if path.suffix != ".env"}
    installed = [name for name in ours if (INSTALLED / name).exists()]
    if not installed:
        yield Finding("units", "ok", "none of systemd is installed")
        return
    stale = [name for name in installed if (INSTALLED / name).read_text() != ours[name].read_text()]
    for name in stale:
        mend = (
            f"cp {ours[name]} {INSTALLED}/ && systemctl daemon-reload;"
            f" own changes into: systemctl edit {name}"
        )
        yield Finding("units", "warning", f"{name} is not that of this version", mend)
    if "dozir.service" in installed and "dozir.socket" not in installed:
        mend = f"cp {UNITS / 'dozir.socket'} {INSTALLED}/ && systemctl enable --now dozir.socket"
        yield Finding("units", "warning", "without dozir.socket a restart refuses clients", mend)
    elif not stale:
        yield Finding("units", "ok", ", ".join(sorted(installed)))


def check_limits() -> Iterator[Finding]:
    """A worker holds a file for each connection."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= OPEN_FILES_LEAST:
        yield Finding("open files", "ok", f"{soft} for each process")
    else:
        mend = f"LimitNOFILE={OPEN_FILES_LEAST * 4} in the unit, or ulimit -n"
        yield Finding("open files", "warning", f"{soft} for each process", mend)


def check_swap() -> Iterator[Finding]:
    """What is swapped out answers late."""
    lines = (PROC / "meminfo").read_text().splitlines()
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    used = (kib.get("SwapTotal", 0) - kib.get("SwapFree", 0)) * 1024
    if used > SWAPPED_MOST:
        mend = "give the machine more memory, or fewer workers"
        yield Finding("swap", "warning", f"{used / machine.GIB:.1f} GiB in use", mend)
    else:
        yield Finding("swap", "ok", "hardly used" if used else "not used")


def check_clock() -> Iterator[Finding]:
    """Late and future records are told by this clock."""
    program = shutil.which("timedatectl")
    said = ""
    if program:
        done = subprocess.run(  # noqa: S603
            [program, "show", "--property=NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        said = done.stdout.strip()
    if said == "no":
        mend = "install chrony or systemd-timesyncd; see: timedatectl"
        yield Finding("clock", "warning", "not synchronised", mend)
    else:
        found = (
            "synchronised" if said == "yes" else "whether it is synchronised cannot be told here"
        )
        yield Finding("clock", "ok", found)


def check_database() -> Iterator[Finding]:
    """Schema, connections, time zone and clock of the database, if it answers."""
    if not settings().database_url and not cluster.status().answers:
        return  # check_server has told it
    try:
        with checks.maintenance() as conn:
            yield _schema(conn)
            yield _connections(conn)
            yield _zone(conn)
            yield _clocks(conn)
            yield _drift(conn)
    except psycopg.OperationalError:
        return  # check_server has told it


def _schema(conn: psycopg.Connection[tuple[object, ...]]) -> Finding:
    wanted = record.migrations()
    there = conn.execute("select to_regclass('migration._yoyo_migration')").fetchone()
    if there is None or there[0] is None:
        return Finding("schema", "warning", "nothing was made yet", "dozir migrate")
    applied = {
        str(name) for (name,) in conn.execute("select migration_id from migration._yoyo_migration")
    }
    if missing := sorted(wanted - applied):
        return Finding("schema", "broken", f"without {', '.join(missing)}", "dozir migrate")
    if newer := sorted(applied - wanted):
        mend = "run the version of Dozir that made it"
        return Finding("schema", "warning", f"of a newer version: {', '.join(newer)}", mend)
    return Finding("schema", "ok", f"this version's, {len(applied)} migrations")


def _drift(conn: psycopg.Connection[tuple[object, ...]]) -> Finding:
    found = record.drift(conn)
    if not found:
        return Finding("drift", "ok", "every object is as the last migrate left it")
    named = ", ".join(one.title for one in found[:3]) + (", …" if len(found) > 3 else "")
    return Finding(
        "drift", "warning", f"{len(found)} changed by hand: {named}", "dozir migrate --drift"
    )


def _connections(conn: psycopg.Connection[tuple[object, ...]]) -> Finding:
    row = conn.execute(
        "select current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
    ).fetchone()
    limit = int(str(row[0])) if row else 0
    workers = sum(int(words[words.index("--workers") + 1]) for words in _masters())
    workers = workers or WORKERS_DEFAULT
    need = workers * sum(db.POOL_SIZE.values()) + CONNECTIONS_BESIDE
    found = f"{workers} workers may open {need} of {limit}"
    if need <= limit:
        return Finding("connections", "ok", found)
    return Finding("connections", "broken", found, "raise max_connections, or fewer workers")


def _zone(conn: psycopg.Connection[tuple[object, ...]]) -> Finding:
    known = conn.execute("select from pg_timezone_names where name = 'Europe/Kyiv'").fetchone()
    if known is not None:
        return Finding("time zone", "ok", "the database knows Europe/Kyiv")
    mend = "update the time zone data (tzdata 2022b or newer) on the database's host"
    return Finding("time zone", "broken", "the database does not know Europe/Kyiv", mend)


def _clocks(conn: psycopg.Connection[tuple[object, ...]]) -> Finding:
    before = datetime.now(UTC)
    row = conn.execute("select clock_timestamp()").fetchone()
    after = datetime.now(UTC)
    theirs = row[0] if row else None
    apart = 0.0
    if isinstance(theirs, datetime) and not before <= theirs <= after:
        apart = min(abs((theirs - one).total_seconds()) for one in (before, after))
    if apart <= CLOCK_SECONDS_MOST:
        return Finding("clocks", "ok", "this host and the database agree")
    mend = "synchronise both hosts' clocks (chrony or systemd-timesyncd)"
    return Finding("clocks", "warning", f"{apart:.1f} s between this host and the database", mend)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_addresses,
    check_folders,
    check_units,
    check_limits,
    check_swap,
    check_clock,
    check_database,
)
