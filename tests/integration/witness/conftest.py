"""A witness as a stranger runs it: ``dozir witness`` in a process of its own."""

from __future__ import annotations

import http.client
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal.runtime.instance import free_port
from portal.transparency.notes import PublicKey
from tests.support.small_log import SmallLog

DOZIR = Path(sys.executable).with_name("dozir")
# Each test takes one that no other touches.
LOGS = [SmallLog(f"dozir.example/log{n}") for n in range(12)]


@dataclass(frozen=True)
class RunningWitness:
    """A witness that listens on ``port`` of this machine."""

    port: int
    keys: tuple[PublicKey, ...]
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)

    def ask(self, body: bytes) -> tuple[int, str | None, bytes]:
        """Status, type and body of the answer to add-checkpoint."""
        connection = self.connect()
        try:
            connection.request("POST", "/add-checkpoint", body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        connection = self.connect()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def running_witness(
    folder: Path,
    logs: Sequence[PublicKey],
    name: str = "court.example/w1",
    port: int = 0,
    host: str = "127.0.0.1",
) -> Iterator[RunningWitness]:
    """Start one and wait until it listens; killed in the end."""
    port = port or free_port()
    keys = [word for log in logs for word in ("--origin-key", log.vkey())]
    with subprocess.Popen(
        [
            DOZIR,
            "witness",
            "--state",
            folder,
            "--name",
            name,
            "--listen",
            f"{host}:{port}",
            *keys,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr
            assert process.stdout
            said = process.stderr.readline()
            assert re.search("witness ready", said), said
            vkeys = [PublicKey.parse(process.stdout.readline()) for _ in range(2)]
            yield RunningWitness(port, tuple(vkeys), process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def witness(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningWitness]:
    keys = [log.public for log in LOGS]
    with running_witness(tmp_path_factory.mktemp("witness") / "state", keys) as running:
        yield running
