"""Whoever sends: processes of their own that connect, wait, and begin all at the same moment."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

from portal.bench.instance import BenchmarkFailed

# The loads are large: forked children see the parent's memory and copy none of it.
FORKED = multiprocessing.get_context("fork")
READY_TIMEOUT_S = 120
WATCH_S = 0.2


@dataclass(frozen=True, slots=True)
class Job:
    """A batch as one way of sending takes it: a request, a COPY stream, rows, a document."""

    rows: int
    data: Any


@dataclass(frozen=True, slots=True)
class Done:
    """A batch that is committed, how long that took, and when it was told (monotonic clock)."""

    rows: int
    latency_s: float
    at: float


# Sends each job that the iterator gives, begins none after the deadline (of the monotonic clock).
SendAll = Callable[[Iterator[Job], float | None], list[Done]]
Connect = Callable[[], AbstractContextManager[SendAll]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What clients did together; ``wall_s`` from the common start to the last answer."""

    rows: int
    wall_s: float
    latencies_s: list[float]  # of each batch
    cpu_s: float
    acknowledged_at: list[float]  # each batch of the warm-up too


@dataclass(frozen=True, slots=True)
class Plan:
    """Who sends what: jobs are dealt out to ``processes``; none begins after ``seconds``."""

    connect: Connect
    warm_up: Sequence[Job]
    jobs: Sequence[Job]
    processes: int = 1
    seconds: float | None = None


def send(plan: Plan, *, started: Callable[[], None], watch: Callable[[], None]) -> Sent:
    """Send every job once, after the warm-up.

    ``started`` is called just before the clock runs, ``watch`` now and then while it does.
    Raises BenchmarkFailed.
    """
    with ExitStack() as stack:
        pipes = [stack.enter_context(_child(plan, place)) for place in range(plan.processes)]
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
        acknowledged_at=[at for result in results for at in result.acknowledged_at],
    )


def one_by_one(send_one: Callable[[Any], object]) -> SendAll:
    """A connection that sends one batch after the other."""

    def send_all(jobs: Iterator[Job], deadline: float | None) -> list[Done]:
        done = []
        for job in jobs:
            start = time.monotonic()
            if deadline is not None and start > deadline:
                break
            send_one(job.data)
            now = time.monotonic()
            done.append(Done(job.rows, now - start, now))
        return done

    return send_all


@contextmanager
def _child(plan: Plan, place: int) -> Iterator[Pipe]:
    ours, theirs = FORKED.Pipe()
    process = FORKED.Process(target=_run, args=(theirs, plan, place), daemon=True)
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


def _run(pipe: Pipe, plan: Plan, place: int) -> None:
    """The life of a child process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends its children
    try:
        with plan.connect() as send_all:
            warmed = send_all(iter(plan.warm_up[place :: plan.processes]), None)
            pipe.send(None)
            begun: float = pipe.recv()
            cpu_s = time.process_time()
            deadline = None if plan.seconds is None else begun + plan.seconds
            done = send_all(iter(plan.jobs[place :: plan.processes]), deadline)
            pipe.send(
                Sent(
                    rows=sum(one.rows for one in done),
                    wall_s=time.monotonic() - begun,
                    latencies_s=[one.latency_s for one in done],
                    cpu_s=time.process_time() - cpu_s,
                    acknowledged_at=[one.at for one in (*warmed, *done)],
                )
            )
    except Exception as problem:  # whatever it is, the parent must hear of it
        pipe.send(f"{type(problem).__name__}: {problem}")
