"""A database and a gateway of the benchmark's own: made for one run, removed at its end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from portal import config, runtime
from portal.runtime.cluster import server_pid
from portal.runtime.instance import free_port, instance
from portal.schema import migrate

START_TIMEOUT_S = 30
LAST_LINES = 20  # of a log
STOP_TIMEOUT_S = 40
SERVE = [sys.executable, "-c", "from portal.cli import main; main()", "serve"]


class BenchmarkFailed(Exception):
    """What was measured did not do what it must; the message says which."""


@contextmanager
def throw_away_database(keep_as: str | None = None) -> Iterator[int]:
    """A migrated embedded cluster with production's settings; yields the server's process id.

    Whatever database this installation uses, DOZIR_DATABASE_URL included, is not touched. Kept
    under a name it is stopped in the end, not removed, and the next run with that name finds it.
    """
    before = {name: os.environ.pop(name, None) for name in ("DOZIR_DATABASE_URL", "DOZIR_INSTANCE")}
    os.environ["DOZIR_INSTANCE"] = f"bench-{keep_as or os.getpid()}"
    config.settings.cache_clear()
    try:
        runtime.ensure_running(make_absent=True)
        migrate()
        pid = server_pid(instance())
        if pid is None:
            raise BenchmarkFailed("the database ended")
        yield pid
    finally:
        runtime.stop()
        shutil.rmtree(instance().socket, ignore_errors=True)
        if keep_as is None:
            shutil.rmtree(config.settings().instance_dir)
        os.environ.pop("DOZIR_INSTANCE")
        os.environ.update({name: value for name, value in before.items() if value is not None})
        config.settings.cache_clear()


@contextmanager
def gateway(workers: int, **environment: str) -> Iterator[tuple[int, int]]:
    """`dozir serve` on a free port; yields gunicorn's process id and the port."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*SERVE, "--port", str(port), "--workers", str(workers)],
            env={**os.environ, **environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a Ctrl-C reaches us first, and we stop it
        )
        try:
            _await(process, port)
            yield process.pid, port
        except BenchmarkFailed as failure:
            raise BenchmarkFailed(f"{failure}{_complaints(log)}") from failure
        finally:
            process.terminate()
            try:
                process.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _complaints(log: IO[bytes]) -> str:
    """What a gateway logged besides requests, the last of it."""
    log.seek(0)
    lines = log.read().decode(errors="replace").splitlines()
    told = [line for line in lines if '"event":"request"' not in line]
    return "".join(f"\n  gateway: {line}" for line in told[-LAST_LINES:])


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkFailed(f"the gateway ended with status {process.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise BenchmarkFailed("the gateway does not listen")
