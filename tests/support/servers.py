"""The portal served by real gunicorn, as `dozir serve` starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from portal.config import settings
from portal.runtime.instance import free_port
from tests.support.databases import Database, rows, value

START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 40


@dataclass(frozen=True)
class Server:
    """A server that answers on ``url``; ``log()`` is what it has said so far."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    log_path: Path

    def log(self) -> str:
        return self.log_path.read_text(errors="replace")


@contextmanager
def serving(
    database: Database,
    *,
    workers: int = 1,
    host: str = "127.0.0.1",
    log: bool = False,
    jobs: bool = False,
    **extra: str,
) -> Iterator[Server]:
    """Start `dozir serve` on a free port with demo mode on; stop it in the end.

    ``log``: with the signer and the sequencer, which are those of one database alone.
    ``jobs``: with what works beside the workers, and takes work that a test may want to do itself.
    """
    port = free_port()
    with tempfile.NamedTemporaryFile(suffix=".log") as said:
        process = subprocess.Popen(
            [
                Path(sys.executable).with_name("dozir"),
                "serve",
                "--host",
                host,
                "--port",
                str(port),
                "--workers",
                str(workers),
                *([] if log else ["--no-log"]),
                *([] if jobs else ["--no-jobs"]),
            ],
            env={**os.environ, "DOZIR_DEMO": "1", **extra},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", port, process, Path(said.name))
        try:
            _await(server)
            yield server
        finally:
            _stop(process)


@contextmanager
def beside(*command: str) -> Iterator[None]:
    """One of those that work beside the workers: ``beside("exports", "run")``."""
    process = subprocess.Popen([Path(sys.executable).with_name("dozir"), *command])
    try:
        yield
    finally:
        _stop(process)


@contextmanager
def logging_entries() -> Iterator[None]:
    """The signer and the sequencer of this instance, for all its servers that leave them out."""
    command = Path(sys.executable).with_name("dozir")
    with _logged().open("ab") as log:
        processes = [
            subprocess.Popen([command, name], stdout=log, stderr=log)
            for name in ("sign", "sequence")
        ]
    try:
        await_log(0)
        yield
    finally:
        for one in reversed(processes):
            _stop(one)


def await_log(size: int) -> None:
    """Return when the published log has so many entries."""
    checkpoint = settings().tiles_dir / "checkpoint"
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError):
            if int(checkpoint.read_text().split("\n")[1]) >= size:
                return
        time.sleep(0.05)
    raise AssertionError(f"the log stands still below {size} entries:\n{said()}")


def said() -> str:
    """What signer and sequencer said at last."""
    return _logged().read_text(errors="replace")[-4_000:]


def _logged() -> Path:
    """Where the two write: within the home, which goes when the tests are done."""
    return Path(os.environ["DOZIR_HOME"]) / "signer-and-sequencer.log"


def await_logged(database: Database) -> None:
    """Return when all that is committed by now stands in the published log."""
    deadline = time.monotonic() + START_TIMEOUT_S
    with database.connect(autocommit=True) as conn:
        newest = value(conn, "select coalesce(max(entry_id), 0) from ledger.unsequenced")
        while value(
            conn, "select exists (select from ledger.unsequenced where entry_id <= %s)", (newest,)
        ):
            if time.monotonic() > deadline:
                sessions = rows(
                    conn,
                    "select application_name, state, wait_event_type, wait_event, query,"
                    " pg_blocking_pids(pid) from pg_stat_activity where state <> 'idle'",
                )
                raise AssertionError(
                    f"entries wait for their leaves; sessions: {sessions}\n{said()}"
                )
            time.sleep(0.05)
        await_log(value(conn, "select count(*) from ledger.leaf"))


def _await(server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise AssertionError(f"the server ended:\n{server.log()}")
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server does not listen:\n{server.log()}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    # At once: asked politely it would leave idle connections three seconds for one more request.
    # How it stops politely is tried by the tests of stopping.
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
