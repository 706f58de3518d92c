"""The portal served by real gunicorn, as `dozir serve` starts it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.runtime.instance import free_port
from tests.support.databases import Database

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
    database: Database, *, workers: int = 1, host: str = "127.0.0.1", **extra: str
) -> Iterator[Server]:
    """Start `dozir serve` on a free port with demo mode on; stop it in the end."""
    port = free_port()
    with tempfile.NamedTemporaryFile(suffix=".log") as log:
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
            ],
            env={**os.environ, "DOZIR_DEMO": "1", **extra},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        server = Server(f"http://127.0.0.1:{port}", port, process, Path(log.name))
        try:
            _await(server)
            yield server
        finally:
            _stop(process)


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
    process.terminate()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
