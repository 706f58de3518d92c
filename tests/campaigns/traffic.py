"""Traffic for long runs: batches made while they are sent, and proof of what became of them.

Bodies are made by a process of its own, a few ahead: that takes time which must not show in
latencies, and the whole traffic would not fit into memory.
"""

from __future__ import annotations

import hashlib
import itertools
import multiprocessing
import queue
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from uuid import UUID

import numpy as np

from portal.bench import tables
from portal.bench.load import Sender, make_request
from portal.bench.population import make_operators
from portal.bench.rows import make_body
from tests.support.databases import Database, rows
from tests.support.receipts import stored_part

_PROCESSES = multiprocessing.get_context("fork")
AHEAD = 16  # batches made and not yet sent
SPAN_MS = 5_000  # of event time in a batch
OPERATORS = 12
CLIENT_TIMEOUT_S = 60
CHECKS = ("report.check_rollups()", "report.check_receipts()", "report.check_records()")


@dataclass(frozen=True)
class Made:
    """A request that is ready to be sent."""

    rows: int
    request: bytes


@dataclass
class Sent:
    """What was sent and answered; latencies by the moment of sending, from when they were due."""

    receipts: dict[bytes, int] = field(default_factory=dict)  # SHA-256 of the receipt: rows
    latencies: list[tuple[float, float]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def rows(self) -> int:
        return sum(self.receipts.values())


def register(database: Database, seed: int) -> list[Sender]:
    """Operators with games, machines and players, as the benchmark has them."""
    with database.as_settings():
        return tables.register(make_operators(OPERATORS, seed))


@contextmanager
def making(
    senders: list[Sender], sizes: Callable[[random.Random], int], seed: int, *, first: int = 1
) -> Iterator[Queue[Made]]:
    """A queue of batches whose sizes ``sizes`` draws, numbered from ``first``; it does not end."""
    made: Queue[Made] = _PROCESSES.Queue(AHEAD)
    told = (made, senders, sizes, seed, first)
    process = _PROCESSES.Process(target=_make, args=told, daemon=True)
    process.start()
    try:
        yield made
    finally:
        process.kill()
        process.join()
        made.cancel_join_thread()
        made.close()


def _make(
    made: Queue[Made],
    senders: list[Sender],
    sizes: Callable[[random.Random], int],
    seed: int,
    first: int,
) -> None:
    rng = random.Random(seed)
    for number in itertools.count(first):
        sender = senders[number % len(senders)]
        size = sizes(rng)
        source = np.random.default_rng([seed, number])
        until = int(time.time() * 1000)
        body = make_body(sender.operator, size, source, range(until - SPAN_MS, until))
        key = UUID(bytes=source.bytes(16), version=4)
        made.put(Made(size, make_request(sender.key, key, number, body)))


class Connection:
    """A keep-alive connection of an operator's system."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=CLIENT_TIMEOUT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answers = self._socket.makefile("rb")

    def post(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._socket.sendall(request)
        status = self._answers.readline()
        assert status, "the gateway hung up"
        length = 0
        while (line := self._answers.readline()) not in (b"\r\n", b""):
            name, _, text = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(text)
        return int(status.split()[1]), self._answers.read(length)

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def play(
    port: int,
    made: Queue[Made],
    sent: Sent,
    *,
    connections: int,
    go_on: Callable[[int], bool],
    due: Callable[[int], float] | None = None,
) -> list[threading.Thread]:
    """Start ``connections`` threads that send while ``go_on(number of the batch)``.

    With ``due`` each batch waits for its moment (monotonic clock), and its latency counts from
    there: an answer that comes late delays those behind it, and that must show.
    """
    numbers = itertools.count()  # next() on it is atomic

    def work() -> None:
        connection = Connection(port)
        try:
            while not sent.problems and go_on(number := next(numbers)):
                one = _next(made)
                if due is not None:
                    time.sleep(max(0.0, due(number) - time.monotonic()))
                begun = time.monotonic() if due is None else due(number)
                status, answer = connection.post(one.request)
                took = time.monotonic() - begun
                assert status == 201, f"{status} {answer[:500]!r}"
                with sent.lock:
                    sent.receipts[hashlib.sha256(stored_part(answer)).digest()] = one.rows
                    sent.latencies.append((begun, took))
        except Exception as problem:  # told below, by whoever waits for the threads
            sent.problems.append(f"{type(problem).__name__}: {problem}")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, daemon=True) for _ in range(connections)]
    for thread in threads:
        thread.start()
    return threads


def _next(made: Queue[Made]) -> Made:
    try:
        return made.get(timeout=CLIENT_TIMEOUT_S)
    except queue.Empty:
        raise AssertionError("no batch is made in time") from None


def finish(threads: Sequence[threading.Thread], sent: Sent) -> None:
    """Wait for the threads of ``play``; raises what went wrong in any."""
    for thread in threads:
        thread.join()
    assert not sent.problems, sent.problems[0]


def prove(database: Database, sent: Sent) -> dict[str, int]:
    """Every receipt is stored byte for byte, nothing else is, and all that is counted is exact."""
    stored: Counter[bytes] = Counter()
    with database.rolled_back() as conn:
        for digest, n in rows(conn, "select sha256(receipt), row_count from ledger.batch"):
            stored[bytes(digest)] += n
        assert stored == Counter(sent.receipts), "receipts that were answered are not those stored"
        for check in CHECKS:
            assert rows(conn, f"select * from {check} limit 5") == [], check
    return {"batches": len(sent.receipts), "transactions": sent.rows}
