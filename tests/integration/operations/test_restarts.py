"""Reloads and restarts under traffic: nothing refused, nothing lost, nothing stored twice.

The listening socket belongs to the test, as systemd's belongs to systemd: it hands it to each
server it starts, and connections wait in it while one goes and the next comes.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from portal.server.stopping import LAST_REQUEST_SECONDS
from tests.support.api import Client, Inspector
from tests.support.databases import Cluster, Database
from tests.support.market import alpha, register
from tests.support.proxy import Proxy, proxying
from tests.support.servers import STOP_TIMEOUT_S

from .conftest import ask, until

ROUNDS = 1
DOZIR = Path(sys.executable).with_name("dozir")

# What systemd does: the socket as descriptor 3, and for whom it is meant.
ACTIVATE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3);"
    "os.environ |= {'LISTEN_FDS': '1', 'LISTEN_PID': str(os.getpid())};"
    "os.execv(sys.argv[2], sys.argv[2:])"
)


@dataclass
class Activated:
    """Servers one after another on one socket, as `dozir.socket` and `dozir.service` are."""

    database: Database
    listener: socket.socket
    log: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def start(self) -> None:
        number = self.listener.fileno()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                # As the unit starts it: the log's processes are those of one database alone.
                [
                    sys.executable,
                    "-c",
                    ACTIVATE,
                    str(number),
                    DOZIR,
                    "serve",
                    "--workers",
                    "2",
                    "--no-log",
                ],
                env={**os.environ, "DOZIR_DEMO": "1", "DOZIR_DATABASE_URL": self.database.url()},
                pass_fds=[number],
                stdout=log,
                stderr=log,
            )

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    def stop(self) -> float:
        """Stop it; the seconds that took."""
        assert self.process is not None
        started = time.monotonic()
        self.signal(signal.SIGTERM)
        assert self.process.wait(STOP_TIMEOUT_S) == 0
        self.process = None
        return time.monotonic() - started

    def workers(self) -> set[str]:
        """The workers' process ids."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return set(children.read_text().split())

    def reload(self) -> None:
        """SIGHUP; returns when none of the old workers is left."""
        before = self.workers()
        self.signal(signal.SIGHUP)
        until(lambda: not before & self.workers())


@pytest.fixture(scope="module")
def served(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Activated, Client]]:
    with (
        cluster.fresh() as database,
        socket.create_server(("127.0.0.1", 0), backlog=512) as listener,
    ):
        with database.connect() as conn:
            operator = register(conn, alpha())
        log = tmp_path_factory.mktemp("restarts") / "server.log"
        server = Activated(database, listener, log)
        server.start()
        inspector = Inspector(database)
        client = Client(server.port, operator, inspector, key=operator.keys["manual"])
        try:
            assert ask(server.port, "/readyz").status == 200  # waits in the socket until it serves
            yield server, client
        finally:
            inspector.close()
            if server.process is not None:
                server.stop()
        said = [line for line in log.read_text().splitlines() if '"event":"request"' not in line]
        assert all('"level":"info"' in line for line in said), "\n".join(said)


@dataclass
class Sender(threading.Thread):
    """A client that posts batch after batch; ``kept`` on one connection as long as it may."""

    client: Client
    connect: Callable[[], http.client.HTTPConnection]
    kept: bool
    stop: threading.Event
    acknowledged: dict[UUID, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    other: list[tuple[int, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        connection = self.connect()
        while not self.stop.is_set():
            key, records = uuid4(), self.client.records(1 + len(self.acknowledged) % 5)
            headers = {
                "Authorization": f"Bearer {self.client.key.text}",
                "Idempotency-Key": str(key),
                "Content-Type": "application/json",
            }
            while True:
                try:
                    connection.request(
                        "POST", "/api/v1/batches", json.dumps(records).encode(), headers
                    )
                    answer = connection.getresponse()
                    body = answer.read()
                    break
                except OSError as problem:  # send the same again, as the guide says
                    self.unanswered.append(repr(problem))
                    connection = self.connect()
                except http.client.HTTPException as problem:
                    self.unanswered.append(repr(problem))
                    connection = self.connect()
            if answer.status in (200, 201):
                self.acknowledged[key] = len(records)
            else:
                self.other.append((answer.status, body))
            if not self.kept:
                connection.close()
                connection = self.connect()
        connection.close()


@pytest.fixture(scope="module")
def proxy(
    served: tuple[Activated, Client], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxy]:
    with proxying(served[0].port, tmp_path_factory.mktemp("nginx")) as made:
        yield made


def test_no_request_is_lost_or_doubled(served: tuple[Activated, Client], proxy: Proxy) -> None:
    server, client = served
    stop = threading.Event()

    def directly() -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def by_proxy() -> http.client.HTTPConnection:
        return http.client.HTTPSConnection("127.0.0.1", proxy.https, timeout=60, context=proxy.tls)

    senders = [
        Sender(client, connect, kept, stop)
        for connect, kept in ((directly, True), (directly, False), (by_proxy, True))
    ]
    for sender in senders:
        sender.start()
    try:
        for _ in range(ROUNDS):
            server.reload()
            server.stop()
            server.start()
            before = sum(len(sender.acknowledged) for sender in senders)
            until(lambda: sum(len(one.acknowledged) for one in senders) > before + 20)  # noqa: B023
    finally:
        stop.set()
        for sender in senders:
            sender.join(60)
    assert [sender.other for sender in senders] == [[]] * 3
    kept, fresh, proxied = senders
    assert (fresh.unanswered, proxied.unanswered) == ([], [])
    # Whoever pauses too long finds his connection closed, at most once for each server that went.
    assert len(kept.unanswered) <= 2 * ROUNDS
    assert all(sender.acknowledged for sender in senders)

    told = {key: size for sender in senders for key, size in sender.acknowledged.items()}
    stored = client.inspector.rows(
        "select b.idempotency_key, b.row_count, (select count(*) from ledger.transaction as t"
        " where t.batch_id = b.id) from ledger.batch as b"
    )
    assert len(told) > 20
    assert len(stored) == len(told)
    assert {key: size for key, size, _ in stored} == told
    assert all(size == rows for _, size, rows in stored)
    assert client.inspector.check_rollups() == []


def test_an_idle_connection_gets_one_more_request_and_holds_nothing_up(
    served: tuple[Activated, Client],
) -> None:
    server, _ = served
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    idle = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    for one in (connection, idle):
        one.request("GET", "/healthz")
        answer = one.getresponse()
        answer.read()
        assert answer.headers["Connection"] == "keep-alive"
    server.signal(signal.SIGTERM)
    time.sleep(1)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Connection"]) == (200, "close")
    started = time.monotonic()
    assert idle.sock.recv(1) == b""  # closed in order, not reset
    assert server.process is not None
    assert server.process.wait(STOP_TIMEOUT_S) == 0
    idle.close()
    # Far from the 30 seconds that a worker may take for requests under way.
    assert time.monotonic() - started < LAST_REQUEST_SECONDS + 15
    server.start()
    assert ask(server.port, "/readyz").status == 200


def test_a_request_under_way_is_finished(served: tuple[Activated, Client]) -> None:
    """A body that is still coming when the server is told to stop is read, stored and answered."""
    server, client = served
    body = json.dumps([client.record()]).encode()
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=60)
    connection.sendall(
        b"POST /api/v1/batches HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer " + client.key.text.encode() + b"\r\n"
        b"Idempotency-Key: " + str(uuid4()).encode() + b"\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body[:50]
    )
    time.sleep(0.5)
    server.signal(signal.SIGTERM)
    time.sleep(LAST_REQUEST_SECONDS + 1.5)
    connection.sendall(body[50:])
    answer = b""
    while chunk := connection.recv(65_536):
        answer += chunk
    connection.close()
    assert answer.startswith(b"HTTP/1.1 201"), answer
    assert b"Connection: close" in answer
    assert server.process is not None
    assert server.process.wait(STOP_TIMEOUT_S) == 0
    server.start()
    assert ask(server.port, "/readyz").status == 200
