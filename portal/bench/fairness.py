"""What one operator that floods does to the others.

Honest operators post batches at a steady rate, each at its own moments whether the last answer is
there or not, first alone, then beside an operator that sends full batches on many connections as
fast as it is answered and never waits when it is told to. Everybody has the default limits. The
flooder begins earlier by the time that it needs for its burst, which is what anybody may send after
a pause. A latency counts from the moment at which the batch was due, so that no waiting is left
out.
"""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Any

import numpy as np

from portal.bench import machine, tables
from portal.bench.clients import FORKED
from portal.bench.figures import Figures
from portal.bench.instance import BenchmarkFailed, gateway, throw_away_database
from portal.bench.load import Batch, Load, Sender, make_load
from portal.bench.population import make_operators
from portal.ingest.fields import MAX_ROWS

WORKERS = 2
READY_TIMEOUT_S = 120
SETTLE_S = 4.0
# What the default limits let through at once and a second, and a little more.
BURST_ROWS, ROWS_PER_S = 102_000, 5_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """Honest operators with so many batches a second each, and connections of the flooder."""

    operators: int
    rate: float
    rows_per_batch: int
    connections: int
    seconds: float
    runs: int
    seed: int


@dataclass(frozen=True, slots=True)
class Flooded:
    """What the flooder was answered, by status, and how many of its rows were stored."""

    answers: Counter[int]
    rows: int


def run(options: Options, say: Say) -> Figures:
    """Both, as one JSON document. Raises BenchmarkFailed."""
    say("making a database of its own")
    with throw_away_database(), gateway(WORKERS) as (_, port):
        *honest, flooder = tables.register(
            make_operators(options.operators + 1, options.seed), limited=True
        )
        alone: list[float] = []
        beside: list[float] = []
        flooded: list[Flooded] = []
        for number in range(1, options.runs + 1):
            alone += _phase(options, port, honest, None)[0]
            latencies, got = _phase(options, port, honest, flooder)
            beside += latencies
            flooded.append(got)
            say(f"run {number}: p99 {_ms(alone, 99)} ms alone, {_ms(beside, 99)} ms beside")
        described = machine.describe()
    return {
        "benchmark": "fairness",
        "seed": options.seed,
        "runs": options.runs,
        "gateway_workers": WORKERS,
        "machine": described,
        "honest": {
            "operators": options.operators,
            "batches_per_s_each": options.rate,
            "rows_per_batch": options.rows_per_batch,
            "alone": _figures(alone),
            "beside_flooder": _figures(beside),
        },
        "flooder": _flooder(options, flooded),
        "p50_ratio": _ratio(alone, beside, 50),
        "p99_ratio": _ratio(alone, beside, 99),
    }


def _figures(latencies_s: list[float]) -> Figures:
    return {
        "batches": len(latencies_s),
        "latency_ms": {f"p{percent}": _ms(latencies_s, percent) for percent in (50, 95, 99)},
    }


def _flooder(options: Options, flooded: list[Flooded]) -> Figures:
    answers: Counter[int] = sum((one.answers for one in flooded), Counter())
    seconds = (options.seconds + SETTLE_S) * options.runs
    return {
        "connections": options.connections,
        "rows_per_batch": MAX_ROWS,
        "transactions_per_s": round(sum(one.rows for one in flooded) / seconds),
        "answers": {str(status): count for status, count in sorted(answers.items())},
        "answers_per_s": round(sum(answers.values()) / seconds, 1),
    }


def _ms(latencies_s: list[float], percent: int) -> float:
    return round(1000 * float(np.percentile(latencies_s, percent)), 1)


def _ratio(alone: list[float], beside: list[float], percent: int) -> float:
    one, other = (float(np.percentile(latencies, percent)) for latencies in (alone, beside))
    return round(other / one, 2)


def _phase(
    options: Options, port: int, honest: list[Sender], flooder: Sender | None
) -> tuple[list[float], Flooded]:
    """One stretch of time: latencies of the honest, and what the flooder got."""
    tables.empty()
    load = _load(honest, options.rows_per_batch, options.seconds * options.rate * len(honest))
    flood = flooder and _load(
        [flooder], MAX_ROWS, (BURST_ROWS + ROWS_PER_S * (options.seconds + SETTLE_S)) / MAX_ROWS
    )
    with _child(_send_steadily, port, load, options, len(honest)) as steady:
        _receive(steady)
        if flood is None:
            steady.send(time.monotonic())
            return _receive(steady), Flooded(Counter(), 0)
        with _child(_flood, port, flood, options) as flooding:
            _receive(flooding)
            begun = time.monotonic() + SETTLE_S
            flooding.send(begun)
            steady.send(begun)
            return _receive(steady), _receive(flooding)


def _load(senders: list[Sender], rows_per_batch: int, batches: float) -> Load:
    return make_load(
        senders,
        rows=int(batches) * rows_per_batch,
        rows_per_batch=rows_per_batch,
        until_ms=int(time.time() * 1000),
        seed=int(time.time()),  # no batch twice
    )


@contextmanager
def _child(work: Callable[..., None], *arguments: object) -> Iterator[Pipe]:
    ours, theirs = FORKED.Pipe()
    process = FORKED.Process(target=_guarded, args=(theirs, work, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _guarded(pipe: Pipe, work: Callable[..., None], *arguments: object) -> None:
    try:
        work(pipe, *arguments)
    except Exception as problem:  # whatever it is, the parent must hear of it
        pipe.send(BenchmarkFailed(f"{type(problem).__name__}: {problem}"))


def _receive(pipe: Pipe) -> Any:
    try:
        if not pipe.poll(READY_TIMEOUT_S):
            raise BenchmarkFailed("a client does not answer")
        word = pipe.recv()
    except EOFError:
        raise BenchmarkFailed("a client ended without a word") from None
    if isinstance(word, BenchmarkFailed):
        raise word
    return word


def _send_steadily(pipe: Pipe, port: int, load: Load, options: Options, operators: int) -> None:
    """Each operator's batches at its own moments, evenly shifted against the others'."""
    connections = [_Connection(port) for _ in range(operators)]
    for number, batch in enumerate(load.warm_up):
        connections[number % operators].post(batch)
    pipe.send(None)
    begun: float = pipe.recv()
    latencies: list[float] = []
    problems: list[int] = []

    def work(place: int) -> None:
        for turn, batch in enumerate(load.batches[place::operators]):
            due = begun + (turn + place / operators) / options.rate
            time.sleep(max(0, due - time.monotonic()))
            status = connections[place].post(batch)
            if status != 201:
                problems.append(status)
            latencies.append(time.monotonic() - due)

    _together([threading.Thread(target=work, args=(place,)) for place in range(operators)])
    if problems:
        raise BenchmarkFailed(f"an honest operator was answered {sorted(set(problems))}")
    pipe.send(latencies)


def _flood(pipe: Pipe, port: int, load: Load, options: Options) -> None:
    """Full batches on every connection from now on, again at once whatever the answer."""
    pipe.send(None)
    begun: float = pipe.recv()
    waiting = iter(load.batches)  # next() on it is atomic: the interpreter's lock
    answers: Counter[int] = Counter()
    rows = 0

    def work() -> None:
        nonlocal rows
        connection = _Connection(port)
        batch = next(waiting, load.batches[-1])
        while time.monotonic() < begun + options.seconds:
            status = connection.post(batch)
            answers[status] += 1
            if status == 201:
                rows += batch.rows
                batch = next(waiting, batch)

    _together([threading.Thread(target=work) for _ in range(options.connections)])
    pipe.send(Flooded(answers, rows))


def _together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class _Connection:
    """A keep-alive connection that is opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def post(self, batch: Batch) -> int:
        """Send a batch; the status of the answer, 0 when the connection broke."""
        try:
            return self._post(batch)
        except OSError:
            self._close()
            return 0

    def _post(self, batch: Batch) -> int:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._answers = self._socket.makefile("rb")
        self._socket.sendall(batch.request)
        status = self._answers.readline()
        length, closing = 0, False
        while (line := self._answers.readline()) not in {b"\r\n", b""}:
            name, _, value = line.lower().partition(b":")
            if name == b"content-length":
                length = int(value)
            closing |= name == b"connection" and value.strip() == b"close"
        self._answers.read(length)
        if not status:
            raise ConnectionResetError
        if closing:
            self._close()
        return int(status.split()[1])

    def _close(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.close()
        self._socket = None
