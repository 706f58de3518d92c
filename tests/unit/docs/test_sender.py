"""The sender of the guide on repeating, against a server that answers as networks do."""

from __future__ import annotations

import json
import runpy
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.guides import LANGUAGES, blocks

RECEIPT = b'{"receipt_version":0,"batch_id":7}'
PAGE = b"<html><h1>Bad gateway</h1></html>"


def answer(status: int, body: bytes, *headers: str, announced: int | None = None) -> bytes:
    """An answer as bytes; with ``announced`` it says another length than it has."""
    length = len(body) if announced is None else announced
    lines = (f"HTTP/1.1 {status} X", f"Content-Length: {length}", "Connection: close", *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def problem(status: int, code: str) -> bytes:
    return answer(status, json.dumps({"code": code}).encode())


STORED = answer(201, RECEIPT)


class Network:
    """Gives the next of ``answers`` to each request, and remembers what was asked."""

    def __init__(self, listener: socket.socket) -> None:
        self.answers: list[bytes] = []
        self.bodies: list[bytes] = []
        self._listener = listener
        self.port = listener.getsockname()[1]

    def serve(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            with conn, conn.makefile("rb") as request:
                length = 0
                while (line := request.readline().lower()) not in (b"\r\n", b""):
                    if line.startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                self.bodies.append(request.read(length))
                conn.sendall(self.answers.pop(0))


@pytest.fixture
def network() -> Iterator[Network]:
    listener = socket.create_server(("127.0.0.1", 0))
    made = Network(listener)
    thread = threading.Thread(target=made.serve)
    thread.start()
    yield made
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


Send = Callable[..., list[float]]


@pytest.fixture(params=LANGUAGES)
def send(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    network: Network,
) -> Send:
    """``send(*answers)`` runs the sender over the outbox; what it returns are its pauses."""
    [program] = [one for one in blocks("retries", request.param) if one.name == "sender.py"]
    (tmp_path / "sender.py").write_text(program.text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOZIR", f"http://127.0.0.1:{network.port}")
    monkeypatch.setenv("KEY", "dz_live_x")
    put(1)

    def run(*answers: bytes) -> list[float]:
        pauses: list[float] = []
        network.answers = list(answers)
        with monkeypatch.context() as patched:
            patched.setattr(time, "sleep", pauses.append)
            runpy.run_path("sender.py")
        return pauses

    return run


def put(number: int, stream: str = "main") -> None:
    """Write a batch down in the outbox."""
    outbox = Path("outbox")
    outbox.mkdir(exist_ok=True)
    (outbox / f"{number}.json").write_text(f'["{number}"]')
    headers = {"Idempotency-Key": "k", "Batch-Stream": stream, "Batch-Sequence": str(number)}
    (outbox / f"{number}.headers").write_text(json.dumps(headers))


@pytest.mark.parametrize(
    "first",
    [
        b"",
        b"HTTP/1.1 201 Created\r\nContent-Le",
        b"no HTTP at all\r\n\r\n",
        answer(201, RECEIPT[:10], announced=len(RECEIPT)),
        answer(502, PAGE, announced=1000),
        *(answer(status, PAGE) for status in (408, 429, 500, 502, 503, 504)),
        answer(503, PAGE, "Retry-After: Thu, 26 Nov 2026 16:00:00 GMT"),
        answer(502, b"\xff\xfe"),
        answer(502, b"[]"),
        answer(200, PAGE),
        problem(409, "in_flight"),
        problem(400, "incomplete_body"),
    ],
)
def test_what_nobody_knows_is_sent_again_as_it_was(
    send: Send, network: Network, first: bytes
) -> None:
    pauses = send(first, STORED)
    assert network.bodies == [b'["1"]'] * 2
    assert Path("outbox/1.receipt").read_bytes() == RECEIPT
    assert len(pauses) == 1
    assert 1 <= pauses[0] <= 1.2


def test_pauses_grow_and_do_as_they_are_told(send: Send) -> None:
    told = answer(503, b"{}", "Retry-After: 30")
    pauses = send(b"", b"", told, *[b""] * 6, STORED)
    expected = [1, 2, 30, 8, 16, 32, 60, 60, 60]
    assert [round(pause / 1.1 / wait) for pause, wait in zip(pauses, expected, strict=True)] == (
        [1] * len(expected)
    )


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (answer(413, PAGE), "413"),
        (answer(404, b"\xff"), "404"),
        (problem(422, "idempotency_key_reused"), "422 idempotency_key_reused"),
        (problem(401, "unknown_key"), "401 unknown_key"),
    ],
)
def test_what_repeating_cannot_mend_stops_it_with_a_word(
    send: Send, network: Network, last: bytes, said: str
) -> None:
    put(2)
    with pytest.raises(SystemExit, match=f"1.json: {said}"):
        send(last)
    assert len(network.bodies) == 1
    assert not list(Path("outbox").glob("*.receipt"))


def test_it_takes_the_key_to_no_other_address(send: Send, network: Network) -> None:
    elsewhere = answer(302, b"", f"Location: http://127.0.0.1:{network.port}/login")
    with pytest.raises(SystemExit, match="302"):
        send(elsewhere, STORED)
    assert len(network.bodies) == 1


def test_each_stream_goes_by_its_numbers_and_nothing_goes_twice(
    send: Send, network: Network
) -> None:
    for number in (10, 2):
        put(number)
    put(3, "aside")
    send(*[STORED] * 4)
    assert network.bodies == [b'["3"]', b'["1"]', b'["2"]', b'["10"]']
    send()
    assert len(network.bodies) == 4


def test_half_a_receipt_does_not_count(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        send(STORED)
    assert not Path("outbox/1.receipt").exists()
