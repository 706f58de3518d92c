"""Whoever sends: processes of their own that open their connections, wait, and send all at once.

Within a process each connection has a thread, which takes the next batch that nobody has taken:
sending and waiting happen outside the interpreter's lock.
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe

import psycopg

from portal import runtime
from portal.bench.instance import BenchmarkFailed
from portal.bench.load import Batch, Load
from portal.ingest.copy_format import COPY_STATEMENT

# The loads are large: forked children see the parent's memory and copy none of it.
FORKED = multiprocessing.get_context("fork")
READY_TIMEOUT_S = 120
WATCH_S = 0.2

Send = Callable[[Batch], None]  # sends a batch and returns when it is committed
Connect = Callable[[], AbstractContextManager[Send]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What clients did together; ``wall_s`` from the common start to the last answer."""

    rows: int
    wall_s: float
    latencies_s: list[float]  # of each batch
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Who sends: ``connections`` in each of ``processes``; no batch begins after ``seconds``."""

    connect: Connect
    processes: int
    connections: int
    seconds: float | None = None


def send(load: Load, plan: Plan, *, started: Callable[[], None], watch: Callable[[], None]) -> Sent:
    """Send every batch once, after the warm-up.

    ``started`` is called just before the clock runs, ``watch`` now and then while it does.
    Raises BenchmarkFailed.
    """
    with ExitStack() as stack:
        pipes = [stack.enter_context(_child(load, plan, place)) for place in range(plan.processes)]
        for pipe in pipes:
            _receive(pipe, READY_TIMEOUT_S)
        started()
        begun = time.monotonic()
        for pipe in pipes:
            pipe.send(begun)
        for pipe in pipes:
            while not pipe.poll(WATCH_S):
                watch()
        watch()
        results = [result for pipe in pipes if (result := _receive(pipe, 0))]
    return Sent(
        rows=sum(result.rows for result in results),
        wall_s=max(result.wall_s for result in results),
        latencies_s=[latency for result in results for latency in result.latencies_s],
        cpu_s=sum(result.cpu_s for result in results),
    )


@contextmanager
def _child(load: Load, plan: Plan, place: int) -> Iterator[Pipe]:
    ours, theirs = FORKED.Pipe()
    process = FORKED.Process(target=_run, args=(theirs, load, plan, place), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
        process.join()
    finally:
        process.kill()
        process.join()
        ours.close()


def _receive(pipe: Pipe, timeout_s: float) -> Sent | None:
    """A child's next word: None when it is ready, in the end what it did."""
    try:
        if not pipe.poll(timeout_s):
            raise BenchmarkFailed("a client did not become ready")
        word: Sent | str | None = pipe.recv()
    except EOFError:
        raise BenchmarkFailed("a client ended without a word") from None
    if isinstance(word, str):
        raise BenchmarkFailed(word)
    return word


def _run(pipe: Pipe, load: Load, plan: Plan, place: int) -> None:
    """The life of a child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its children
    try:
        with ExitStack() as stack:
            sends = [stack.enter_context(plan.connect()) for _ in range(plan.connections)]
            _in_threads(sends, load.warm_up[place :: plan.processes], None)
            pipe.send(None)
            begun: float = pipe.recv()
            cpu_s = time.process_time()
            deadline = None if plan.seconds is None else begun + plan.seconds
            done = _in_threads(sends, load.batches[place :: plan.processes], deadline)
            pipe.send(
                Sent(
                    rows=sum(rows for rows, _ in done),
                    wall_s=time.monotonic() - begun,
                    latencies_s=[latency for _, latency in done],
                    cpu_s=time.process_time() - cpu_s,
                )
            )
    except Exception as problem:  # whatever it is, the parent must hear of it
        pipe.send(f"{type(problem).__name__}: {problem}")


def _in_threads(
    sends: list[Send], batches: Sequence[Batch], deadline: float | None
) -> list[tuple[int, float]]:
    """Rows and latency of each batch sent; raises the first problem of any thread."""
    waiting = iter(batches)  # next() on it is atomic: the interpreter's lock
    done: list[tuple[int, float]] = []
    problems: list[Exception] = []

    def work(send_one: Send) -> None:
        try:
            for batch in waiting:
                start = time.monotonic()
                if problems or (deadline is not None and start > deadline):
                    return
                send_one(batch)
                done.append((batch.rows, time.monotonic() - start))
        except Exception as problem:  # raised below, in the main thread
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(send_one,)) for send_one in sends]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]
    return done


@contextmanager
def copy_connection() -> Iterator[Send]:
    """A connection as ingest's own role; one COPY of a ready stream is one durable commit."""
    with psycopg.connect(runtime.role_url("dozir_ingest"), autocommit=True) as conn:

        def copy(batch: Batch) -> None:
            with conn.cursor() as cursor, cursor.copy(COPY_STATEMENT) as stream:
                stream.write(batch.copy)

        yield copy


@contextmanager
def http_connection(port: int) -> Iterator[Send]:
    """A keep-alive connection to the gateway; anything but 201 is a BenchmarkFailed."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        answers = connection.makefile("rb")

        def post(batch: Batch) -> None:
            connection.sendall(batch.request)
            status = answers.readline()
            length = 0
            while (line := answers.readline()) not in {b"\r\n", b""}:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            answer = answers.read(length)
            if b" 201 " not in status:
                raise BenchmarkFailed(f"{status!r} {answer[:1000]!r}")

        yield post
