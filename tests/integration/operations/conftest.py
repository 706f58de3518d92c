"""A database and a server of two workers that these tests may mistreat."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from portal import config
from tests.support.api import Client, Inspector
from tests.support.databases import Cluster, Database
from tests.support.market import Operator, alpha, register
from tests.support.servers import Server, serving


@dataclass(frozen=True)
class Answer:
    """What a plain client got."""

    status: int
    headers: http.client.HTTPMessage
    text: str

    @property
    def document(self) -> Any:
        return json.loads(self.text)


def ask(
    port: int,
    path: str,
    headers: Mapping[str, str] | None = None,
    method: str = "GET",
    body: bytes | None = None,
) -> Answer:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, dict(headers or {}))
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read().decode())
    finally:
        connection.close()


SETTLED_S = 1.3  # a worker tells each second


def figures(port: int) -> dict[str, float]:
    """What /metrics tells the holder of its token, once all workers have told what they counted."""
    time.sleep(SETTLED_S)
    answer = ask(port, "/metrics", {"Authorization": f"Bearer {config.secret('metrics-token')}"})
    assert answer.status == 200
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def until(holds: Callable[[], Any]) -> Any:
    """What ``holds`` says once it is true: lines and counts follow the answer by a moment."""
    deadline = time.monotonic() + 60
    while not (found := holds()):
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)
    return found


@dataclass(frozen=True)
class Place:
    """A database, its operator and the server in front of it."""

    database: Database
    server: Server
    operator: Operator
    client: Client

    @property
    def port(self) -> int:
        return self.server.port

    def execute(self, statement: str) -> None:
        with self.database.connect(autocommit=True) as conn:
            conn.execute(statement)

    def disconnect(self) -> None:
        """End every session of the portal, so that new ones must be made."""
        self.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and usename ~ '^dozir_'"
        )


@pytest.fixture(scope="module")
def place(cluster: Cluster) -> Iterator[Place]:
    with cluster.fresh() as database:
        with database.connect() as conn:
            operator = register(conn, alpha())
            conn.execute("select identity.start_demo()")
        with serving(database, workers=2, jobs=True, DOZIR_DATABASE_URL=database.url()) as server:
            # A worker makes its connections for its first request, which may take it long.
            until(lambda: all(ask(server.port, "/readyz").status == 200 for _ in range(6)))
            inspector = Inspector(database)
            yield Place(database, server, operator, Client(server.port, operator, inspector))
            inspector.close()
