"""``dozir witness`` on its socket: what a log, a monitor and an attacker get."""

from __future__ import annotations

import contextlib
import http.client
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.transparency import checkpoints, witnessing
from tests.integration.witness.conftest import LOGS, RunningWitness, running_witness


def test_one_connection_carries_many_requests(witness: RunningWitness) -> None:
    log, old = LOGS[0], 0
    connection = witness.connect()
    for size in (1, 5, 40):
        connection.request("POST", "/add-checkpoint", log.request(old, size))
        if old == 0:
            local = connection.sock.getsockname()
        assert connection.sock.getsockname() == local
        answer = connection.getresponse()
        lines = answer.read().decode()
        assert (answer.status, answer.getheader("Content-Type")) == (
            200, "text/plain; charset=utf-8",
        )  # fmt: skip
        signed = checkpoints.verify(log.note(size) + lines, witness.keys, log.origin)
        assert set(signed.by) == set(witness.keys)
        assert abs(max(signed.by.values()) - time.time()) < 60
        old = size
    connection.close()


def test_statuses_bodies_and_types_are_those_of_the_specification(witness: RunningWitness) -> None:
    log = LOGS[1]
    text = "text/plain; charset=utf-8"
    assert witness.ask(log.request(0, 8))[0] == 200
    assert witness.ask(log.request(0, 9)) == (409, "text/x.tlog.size", b"8\n")
    assert witness.ask(log.forked(3).request(8, 8)) == (409, "text/x.tlog.size", b"8\n")
    garbage = witnessing.write_request(8, [bytes(32)], log.note(9))
    assert witness.ask(garbage)[:2] == (422, text)
    assert witness.ask(b"old 8\n")[:2] == (400, text)
    assert witness.ask(log.request(0, 8).replace(b"log1 ", b"log2 "))[0] == 403
    stranger = type(log)("stranger.example")
    assert witness.ask(stranger.request(0, 8))[:2] == (404, text)


def test_a_monitor_reads_the_keys_and_what_was_cosigned(witness: RunningWitness) -> None:
    log = LOGS[2]
    assert witness.get(f"/checkpoint/{log.origin}")[0] == 404
    witness.ask(log.request(0, 8))
    status, note = witness.get(f"/checkpoint/{log.origin}")
    signed = checkpoints.verify(note, [log.public, *witness.keys], log.origin)
    assert (status, signed.checkpoint, len(signed.by)) == (200, log.checkpoint(8), 3)
    keys = "".join(f"{one.vkey()}\n" for one in witness.keys)
    assert witness.get("/keys") == (200, keys)
    status, page = witness.get("/")
    assert page.startswith(keys)
    assert f"\n{log.origin}\n8\n" in page
    for path in ("/checkpoint", "/checkpoint/", "/state.json", "/../state.json", "/keys/", "//"):
        assert witness.get(path)[0] == 404
    connection = witness.connect()
    for method, path, allowed in (
        ("GET", "/add-checkpoint", "POST"), ("PUT", "/add-checkpoint", "POST"),
        ("POST", "/keys", "GET, HEAD"), ("DELETE", "/", "GET, HEAD"),
    ):  # fmt: skip
        connection.request(method, path)
        answer = connection.getresponse()
        answer.read()
        assert (answer.status, answer.getheader("Allow")) == (405, allowed)
    connection.close()


def test_a_body_too_long_is_not_read(witness: RunningWitness) -> None:
    limit = witnessing.MAX_REQUEST_BYTES
    for told in (f"Content-Length: {limit + 1}", f"Content-Length: {10**15}"):
        with socket.create_connection(("127.0.0.1", witness.port), timeout=20) as client:
            client.sendall(f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n{told}\r\n\r\n".encode())
            assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
            assert client.recv(4096) == b"", "nothing more is read"
    # Told in pieces, its length is not known before.
    with socket.create_connection(("127.0.0.1", witness.port), timeout=20) as client:
        client.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"%x\r\n%b\r\n0\r\n\r\n" % (limit + 1, b"a" * (limit + 1))
        )
        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")


def test_many_at_once_extend_the_log_once_each(witness: RunningWitness) -> None:
    """Two logs' helpers ask for different sizes: what is answered never goes back."""
    log, chance = LOGS[3], random.Random(3)
    answered: list[int] = []
    lock = threading.Lock()

    def feed(seed: int) -> None:
        own, old = random.Random(seed), 0
        while True:
            size = min(40, old + own.randint(1, 4))
            status, _, body = witness.ask(log.request(old, size))
            with lock:
                if status == 200 and size > old:
                    answered.append(size)
            old = size if status == 200 else witnessing.read_size(body)
            if old == 40:
                return

    threads = [threading.Thread(target=feed, args=(chance.random(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answered)) == len(answered), "each size was won by one"
    assert max(answered) == 40


def test_it_is_killed_and_forgets_nothing(tmp_path: Path) -> None:
    log, old = LOGS[4], 0
    for size in (3, 20):
        with running_witness(tmp_path / "state", [log.public]) as running:
            assert running.ask(log.request(old, old))[0] == 200
            assert running.ask(log.request(old, size))[0] == 200
            running.process.send_signal(signal.SIGKILL)
            running.process.wait(20)
        old = size
    with running_witness(tmp_path / "state", [log.public]) as running:
        assert running.ask(log.request(0, 9)) == (409, "text/x.tlog.size", b"20\n")
        assert running.get("/checkpoint")[1].startswith(log.checkpoint(20).text())
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(20) == 0


IMPATIENT = """
import sys
from pathlib import Path
from portal.transparency.notes import PublicKey
from portal.witness.cosigning import Witness
from portal.witness.server import Server
from portal.witness.state import State
witness = Witness(State(Path(sys.argv[1]), "slow.example"), [PublicKey.parse(sys.argv[2])])
server = Server(("127.0.0.1", 0), witness, "", request_seconds=1.5, body_seconds=1.2)
server.start()
print(server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[int]:
    """The port of a witness of the log LOGS[5] that gives a request 1.5 seconds."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPATIENT, tmp_path / "state", LOGS[5].public.vkey()],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.kill()


def test_who_is_slow_is_cut_off_and_keeps_nobody_waiting(impatient: int) -> None:
    def connected() -> socket.socket:
        return socket.create_connection(("127.0.0.1", impatient), timeout=20)

    began = time.monotonic()
    with connected() as silent, connected() as headless, connected() as slow:
        headless.sendall(b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n")
        slow.sendall(
            b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: 400\r\n\r\nold 0\n"
        )
        prompt = http.client.HTTPConnection("127.0.0.1", impatient, timeout=20)
        prompt.request("POST", "/add-checkpoint", LOGS[5].request(0, 8))
        assert prompt.getresponse().status == 200
        assert time.monotonic() - began < 1
        prompt.close()
        assert slow.recv(4096).startswith(b"HTTP/1.1 408 ")
        assert silent.recv(4096) == b""
        assert headless.recv(4096) == b""
        assert time.monotonic() - began < 8
        # What comes late of the body is not taken for a request.
        with contextlib.suppress(OSError):
            slow.sendall(b"GET /keys HTTP/1.1\r\nHost: w\r\n\r\n")
            assert b"HTTP" not in slow.recv(4096)


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """A witness that listens on all addresses, and one of these that is not of the loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
        except OSError:
            pytest.skip("this machine has no address but the loopback's")
        address = probe.getsockname()[0]
    with running_witness(tmp_path / "state", [LOGS[6].public], host="0.0.0.0") as running:
        yield address, running.port


def test_one_address_has_sixteen_connections_and_keeps_nobody_else_out(
    outside: tuple[str, int],
) -> None:
    address, port = outside

    def ask(connection: http.client.HTTPConnection) -> int:
        connection.request("GET", "/keys")
        answer = connection.getresponse()
        answer.read()
        return answer.status

    def connected(host: str) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(host, port, timeout=20)

    with contextlib.ExitStack() as opened:
        many = [opened.enter_context(contextlib.closing(connected(address))) for _ in range(16)]
        assert [ask(one) for one in many] == [200] * 16
        with contextlib.closing(connected(address)) as one_more, pytest.raises(OSError):  # noqa: PT011
            ask(one_more)
        assert ask(many[0]) == 200, "those that are open go on"
        # This machine itself may be a proxy with many clients behind it.
        local = [
            opened.enter_context(contextlib.closing(connected("127.0.0.1"))) for _ in range(20)
        ]
        assert [ask(one) for one in local] == [200] * 20
        many.pop().close()
        deadline = time.monotonic() + 10
        while True:
            again = opened.enter_context(contextlib.closing(connected(address)))
            try:
                assert ask(again) == 200
                break
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < deadline, "a place that is free again is not given"
                time.sleep(0.05)
