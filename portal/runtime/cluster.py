"""The embedded cluster: made once, started when needed, stopped when told."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from psycopg import pq

from portal.config import settings
from portal.runtime import account, archiving, checks, configuration
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import (
    DATABASE,
    Instance,
    absent,
    free_port,
    instance,
    is_free,
)
from portal.runtime.locks import exclusive
from portal.runtime.making import make
from portal.runtime.packages import SUPPORTED, Binaries, binaries
from portal.runtime.progress import say

START_TIMEOUT_S = 600  # after a crash the server first replays up to max_wal_size
STOP_TIMEOUT_S = 120
RECOVERY_LOOK_S = 3
START_ATTEMPTS = 3
ZONE = Path("/usr/share/zoneinfo/Europe/Kyiv")  # the Debian build reads the host's time zones


@dataclass(frozen=True)
class Status:
    """Whether the embedded server runs and answers."""

    made: bool
    pid: int | None
    answers: bool


def ensure_running(fit: bool = True, make_absent: bool = False) -> None:
    """Start the embedded cluster when it does not run; ``make_absent``: make it when there is none.

    With DOZIR_DATABASE_URL: only check that the server answers and is fit. Any number of processes
    may call this at once. Without ``fit`` it is not asked whether the server is fit, which a
    database does not answer whose extension is older than the library. Raises RuntimeProblem.
    """
    if settings().database_url:
        if fit:
            checks.require_fit(checks.describe())
        return
    here = instance()
    if answers(here):
        return
    if not make_absent and not here.exists():
        raise absent(settings().instance)
    here.prepare()
    with exclusive(here.folder / "server.lock"):
        if not answers(here):
            _make_and_start(here, fit)


def stop() -> None:
    """Stop the embedded cluster (fast: sessions end, nothing committed is lost).

    Does nothing when none runs. Raises RuntimeProblem when it does not stop in time.
    """
    if settings().database_url:
        return  # a server that was not started here is not stopped here
    stop_instance(instance())


def stop_instance(here: Instance) -> None:
    """Stop the server of an instance, if one runs."""
    if not here.folder.exists():
        return
    with exclusive(here.folder / "server.lock"):
        _stop(here)


def remove(here: Instance) -> None:
    """Stop an instance's server and remove all that is in its folder."""
    stop_instance(here)
    shutil.rmtree(here.folder)
    shutil.rmtree(here.socket, ignore_errors=True)


def status() -> Status:
    """What the embedded cluster is doing."""
    here = instance()
    return Status(here.exists(), server_pid(here), answers(here))


def answers(here: Instance) -> bool:
    """Whether the server accepts connections on its socket (asked without logging in)."""
    port = here.port()
    if port is None:
        return False
    asked = f"host='{_quoted(here.socket)}' port={port} dbname={DATABASE} connect_timeout=5"
    return pq.PGconn.ping(asked.encode()) == pq.Ping.OK


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def server_pid(here: Instance) -> int | None:
    """The process id of the server that runs on our data; None when none does.

    ``postmaster.pid`` outlives a crash and its number may by then belong to anyone, so the process
    must also have our data folder as its working directory, as a server does.
    """
    try:
        pid = int((here.data / "postmaster.pid").read_text().split()[0])
        process = Path(f"/proc/{pid}")
        is_ours = (process / "cwd").readlink() == here.data.resolve()
        is_server = (process / "comm").read_text().strip() == "postgres"
    except (OSError, ValueError, IndexError):
        return None
    return pid if is_ours and is_server else None


def _make_and_start(here: Instance, fit: bool) -> None:
    if server_pid(here) is not None:
        _await_answer(here)
        return
    check_zone()
    found = binaries()
    if not here.exists():
        say("making the database cluster")
        make(here, found)
    _check_major(here, found)
    _remove_stale(here)
    say("starting the database")
    _start(here, found)
    if not fit:
        return
    try:
        checks.require_fit(checks.describe())
    except RuntimeProblem:
        _stop(here)
        raise


def check_zone() -> None:
    """Refuse a host without Kyiv's time: the Debian build reads the host's time zones."""
    if not ZONE.exists():
        raise RuntimeProblem(
            f"{ZONE} is missing or too old to know Kyiv by this name."
            " Install or update the system's time zone data (package tzdata)."
        )


def _check_major(here: Instance, found: Binaries) -> None:
    made_by = int((here.data / "PG_VERSION").read_text())
    if made_by != found.major:
        raise RuntimeProblem(
            f"The data in {here.data} was made by PostgreSQL {made_by}, the programs here are"
            f" {found.major}. Install PostgreSQL {made_by} (we use {SUPPORTED}) or upgrade the data"
            " with pg_upgrade."
        )


def _remove_stale(here: Instance) -> None:
    """Remove what a crashed server left: its number may by now be another process's.

    Only called when no process works in our data folder, under our lock.
    """
    (here.data / "postmaster.pid").unlink(missing_ok=True)
    for left in here.socket.glob(".s.PGSQL.*"):
        left.unlink()


def start_recovery(here: Instance, found: Binaries, recovery: str) -> None:
    """Start on restored data and replay the archive as the settings ``recovery`` say.

    Returns while the server still replays, which may take hours; raises RuntimeProblem when it
    went down at once. The caller holds no lock: nobody else knows of this cluster yet.
    """
    check_zone()
    _check_major(here, found)
    _remove_stale(here)
    _start(here, found, recovery)


def _start(here: Instance, found: Binaries, recovery: str = "") -> None:
    account.private_folder(here.socket)
    _make_log(here.log)
    for _ in range(START_ATTEMPTS):
        port = here.port()
        if port is None or not is_free(port):
            port = free_port()
        here.remember_port(port)
        archive = archiving.server_settings(here, found)
        configuration.write(here.data, port, here.socket, archive + recovery)
        if _pg_ctl_start(here, found, RECOVERY_LOOK_S if recovery else START_TIMEOUT_S):
            return
        if recovery and server_pid(here) is not None:
            return  # it replays
        if is_free(port):  # it was not somebody else who took the port in between
            break
    raise RuntimeProblem(f"The database did not start. The end of {here.log}:\n{_tail(here.log)}")


def _pg_ctl_start(here: Instance, found: Binaries, seconds: int) -> bool:
    command: list[str | Path] = [found.program("pg_ctl"), "start", "-w", "-s"]
    command += ["-t", str(seconds), "-D", here.data, "-l", here.log]
    return account.run_detached(command, found.environment(), here.log) == 0


def _make_log(path: Path) -> None:
    path.touch(mode=0o600)
    account.give(path, 0o600)


def _await_answer(here: Instance) -> None:
    """Wait for a server that runs but is still starting, recovering or stopping."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if answers(here):
            return
        if server_pid(here) is None:
            raise RuntimeProblem(
                f"The database went down. The end of {here.log}:\n{_tail(here.log)}"
            )
        time.sleep(0.1)
    raise RuntimeProblem(
        f"The database runs (process {server_pid(here)}) but does not answer on {here.socket}."
        " Stop and start it: dozir db stop; dozir db start"
    )


def _stop(here: Instance) -> None:
    pid = server_pid(here)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast shutdown"
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while server_pid(here) == pid:
        if time.monotonic() > deadline:
            raise RuntimeProblem(f"The database (process {pid}) does not stop; see {here.log}.")
        time.sleep(0.02)


def _tail(path: Path, lines: int = 12) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
