"""Attackers on raw sockets, deadlines shortened: each is cut off, others are served meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from uuid import uuid4

import pytest

from tests.support.api import Client, Inspector, encoded
from tests.support.databases import Database
from tests.support.market import Operator
from tests.support.servers import Server, serving

HEADERS_S, BODY_S, IDLE_S = 0.8, 1.5, 2.5
PATIENCE_S = 60  # of the attacker; whoever is cut off sees it long before


@pytest.fixture(scope="module")
def impatient(database: Database, first_operator: Operator) -> Iterator[Server]:
    """One worker, so that attackers and others meet."""
    deadlines = {
        "DOZIR_HEADER_SECONDS": str(HEADERS_S),
        "DOZIR_BODY_SECONDS": str(BODY_S),
        "DOZIR_IDLE_SECONDS": str(IDLE_S),
    }
    with serving(database, workers=1, **deadlines) as server:
        yield server


@pytest.fixture
def client(impatient: Server, first_operator: Operator, inspector: Inspector) -> Client:
    key = first_operator.keys["manual"]
    return Client(impatient.port, first_operator, inspector, key)


@contextmanager
def connected(client: Client) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", client.port), timeout=PATIENCE_S) as conn:
        yield conn


def head(client: Client, *more: str, path: str = "/api/v1/batches") -> bytes:
    assert client.key is not None
    lines = (
        f"POST {path} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {client.key.text}",
        f"Idempotency-Key: {uuid4()}",
        "Content-Type: application/json",
        *more,
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def until_closed(conn: socket.socket, drip: bytes = b"") -> bytes:
    """What comes until the server closes, sending ``drip`` all the while."""
    started = time.monotonic()
    answer = b""
    conn.settimeout(0.1)
    while time.monotonic() - started < PATIENCE_S:
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # closed; the answer is here
                conn.sendall(drip)
            chunk = conn.recv(65_536)
        except TimeoutError:
            continue
        except OSError:
            break
        if not chunk:
            break
        answer += chunk
    else:
        raise AssertionError("never cut off")
    return answer


def served(client: Client) -> None:
    """Another client is."""
    client.accepted(headers={"Batch-Sequence": None})


@pytest.mark.parametrize("drip", [b"", b"X-A: b\r\n"], ids=["half-sent", "a line at a time"])
def test_headers_that_do_not_end(client: Client, drip: bytes) -> None:
    with connected(client) as conn:
        conn.sendall(b"GET /login HTTP/1.1\r\nHost: x\r\n")
        served(client)
        assert until_closed(conn, drip) == b""


def test_a_connection_that_never_asks(client: Client) -> None:
    with connected(client) as conn:
        assert until_closed(conn) == b""


def test_the_second_request_has_its_own_time(client: Client) -> None:
    """Idle for longer than headers may take is fine; then the headers have their deadline again."""
    with connected(client) as conn:
        request = b"GET /api/v1/openapi.yaml HTTP/1.1\r\nHost: x\r\n"
        answers = conn.makefile("rb")
        for pause in (0, HEADERS_S * 1.5):
            time.sleep(pause)
            conn.sendall(request + b"\r\n")
            assert b" 200 " in answers.readline()
            length = 0
            while (line := answers.readline()) != b"\r\n":
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            answers.read(length)
        conn.sendall(request)
        served(client)
        assert until_closed(conn) == b""


def test_an_idle_connection_is_closed(client: Client) -> None:
    with connected(client) as conn:
        conn.sendall(b"GET /api/v1/registry HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = until_closed(conn)
    assert b" 401 " in answer.splitlines()[0]


@pytest.mark.parametrize("drip", [b"", b" "], ids=["stalled", "a byte at a time"])
@pytest.mark.parametrize("length", ["Content-Length: 500000", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_end(client: Client, length: str, drip: bytes) -> None:
    chunked = "chunked" in length
    figures = client.figures()
    with connected(client) as conn:
        conn.sendall(head(client, length) + (b"1\r\n[\r\n" if chunked else b"["))
        served(client)
        answer = until_closed(conn, b"1\r\n \r\n" if chunked and drip else drip)
    assert b" 400 " in answer.splitlines()[0]
    assert b"incomplete_body" in answer
    assert client.figures().batches == figures.batches + 1  # that of the other client


def test_chunks_without_end_are_left_at_the_size_limit(client: Client) -> None:
    """The answer comes while the sender is still sending; nothing grows with what he sends."""
    chunk = b"100000\r\n" + b" " * 2**20 + b"\r\n"
    sent = 0
    with connected(client) as conn:
        conn.sendall(head(client, "Transfer-Encoding: chunked"))
        answer = b""
        conn.settimeout(5)
        try:
            while sent < 100 and not answer:
                conn.sendall(chunk)
                sent += 1
        except OSError:  # cut off before all was sent
            pass
        served(client)
        answer = until_closed(conn)
    assert sent < 60
    assert not answer or b" 413 " in answer.splitlines()[0]


def test_slow_bodies_of_pages_are_cut_off_too(client: Client) -> None:
    with connected(client) as conn:
        conn.sendall(
            b"POST /login/demo/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\na="
        )
        served(client)
        answer = until_closed(conn, b"a")
    assert b" 400 " in answer.splitlines()[0]


def test_many_attackers_hold_nobody_up(client: Client) -> None:
    body = encoded(client.records(1))
    with connected(client) as first:
        attackers = [first]
        for number in range(150):
            conn = socket.create_connection(("127.0.0.1", client.port), timeout=PATIENCE_S)
            attackers.append(conn)
            half = head(client, f"Content-Length: {len(body)}")
            conn.sendall(half[: len(half) // 2] if number % 2 else half + body[:10])
        for _ in range(5):
            served(client)
        for conn in attackers:
            until_closed(conn)
            conn.close()
    served(client)
