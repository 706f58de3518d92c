"""What open live pages cost: the rate of ingest with none open and with many, on one worker.

Runs alternate. Every page is a stream of its own with a session of its own: three in four watch
the whole market as officials, one in four is an operator's. A page is told how many batches are
new; that number and the moments of acknowledgement give the delay from answer to event.
"""

from __future__ import annotations

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from statistics import median

import numpy as np

from portal import create_app, db
from portal.bench import clients, machine, sessions, tables
from portal.bench.clients import Job, Plan
from portal.bench.figures import Figures, spread
from portal.bench.http_clients import http_connections
from portal.bench.instance import BenchmarkFailed, gateway, throw_away_database
from portal.bench.load import Load, Sender, make_load
from portal.bench.population import make_operators
from portal.bench.processes import Family
from portal.live.feed import interval

WORKERS = 1
OFFICIALS = ("regulator", "tax_service", "auditor")
PAGES_OF_A_PERSON = 10
OPEN_TIMEOUT_S = 60

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``pages`` open at once; ``rows`` of each measurement, in batches of ``rows_per_batch``."""

    pages: int
    rows: int
    rows_per_batch: int
    seconds: float | None
    runs: int
    clients: int
    operators: int
    seed: int


@dataclass(slots=True)
class Watcher:
    """An open page: how many batches it was told of, and when."""

    whole_market: bool
    rest: bytes = b""
    told: int = 0
    begun: bool = False
    moments: list[tuple[float, int]] = field(default_factory=list)
    events: int = 0

    def read(self, received: bytes) -> None:
        """Take in what came; an event's first line after its name is its data."""
        now = time.monotonic()
        *blocks, self.rest = (self.rest + received).split(b"\n\n")
        for block in blocks:
            _, found, data = block.partition(b"event: live")
            if not found:
                continue
            self.begun = True
            self.events += 1
            # Chunks of HTTP may part the text, but not these few bytes of the end of the data.
            _, _, news = data.partition(b'"new":[')
            self.told += int(news.partition(b",")[0])
            self.moments.append((now, self.told))


@dataclass(frozen=True, slots=True)
class Result:
    """One measurement."""

    transactions_per_s: float
    gateway_mb: float
    events: int
    delays_s: list[float]


def run(options: Options, say: Say) -> Figures:
    """Everything, as one JSON document. Raises BenchmarkFailed."""
    say("making a database of its own")
    with throw_away_database() as _, gateway(WORKERS) as served:
        senders = tables.register(make_operators(options.operators, options.seed))
        described = machine.describe()
        say(f"making {options.rows:,} rows in batches of {options.rows_per_batch}")
        load = make_load(
            senders,
            rows=options.rows,
            rows_per_batch=options.rows_per_batch,
            until_ms=int(time.time() * 1000),
            seed=options.seed,
        )
        without: list[Result] = []
        watched: list[Result] = []
        for number in range(1, options.runs + 1):
            for pages, results in ((0, without), (options.pages, watched)):
                result = _measure(options, senders, load, pages, served)
                results.append(result)
                say(
                    f"run {number}, {pages} pages: {result.transactions_per_s:,.0f}/s,"
                    f" {result.events} events, gateway {result.gateway_mb:.0f} MB"
                )
    return _figures(options, described, without, watched)


def _measure(
    options: Options, senders: list[Sender], load: Load, pages: int, served: tuple[int, int]
) -> Result:
    gunicorn, port = served
    tables.empty()
    family = Family(gunicorn)
    plan = Plan(
        partial(http_connections, port, options.clients),
        [Job(batch.rows, batch.request) for batch in load.warm_up],
        [Job(batch.rows, batch.request) for batch in load.batches],
        seconds=options.seconds,
    )
    with _open(pages, senders, port) as watchers:
        sent = clients.send(plan, started=lambda: None, watch=family.look)
        time.sleep(2 * interval(pages) + 1 if pages else 0)  # for the last events to arrive
    tables.check_batches(sent.rows + sum(batch.rows for batch in load.warm_up))
    moments = np.sort(np.array(sent.acknowledged_at))
    for watcher in watchers:
        if watcher.whole_market and watcher.told != len(moments):
            raise BenchmarkFailed(f"a page was told of {watcher.told} batches of {len(moments)}")
    return Result(
        sent.rows / sent.wall_s,
        family.peak_mb,
        sum(watcher.events for watcher in watchers),
        [delay for one in watchers if one.whole_market for delay in _delays(one, moments)],
    )


def _delays(
    watcher: Watcher, acknowledged: np.ndarray[tuple[int], np.dtype[np.float64]]
) -> Iterator[float]:
    """Seconds from the n-th acknowledgement to the event that made it n batches or more."""
    before = 0
    for moment, told in watcher.moments:
        for one in acknowledged[before:told]:
            yield max(0.0, moment - float(one))
        before = max(before, told)


@contextmanager
def _open(pages: int, senders: list[Sender], port: int) -> Iterator[list[Watcher]]:
    """Open pages, read in a thread; each has received its first event before this goes on."""
    if not pages:
        yield []
        return
    cookies = _sign_in(pages, senders)
    ended = threading.Event()
    problems: list[Exception] = []
    with selectors.DefaultSelector() as selector:
        watchers = [
            _open_one(selector, port, cookie, whole_market) for cookie, whole_market in cookies
        ]
        thread = threading.Thread(target=_read, args=(selector, ended, problems))
        thread.start()
        try:
            deadline = time.monotonic() + OPEN_TIMEOUT_S
            while not all(watcher.begun for watcher in watchers):
                if problems or time.monotonic() > deadline:
                    raise BenchmarkFailed(f"pages do not open {problems}")
                time.sleep(0.05)
            yield watchers
        finally:
            ended.set()
            thread.join()
            for key in list(selector.get_map().values()):
                selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
        if problems:
            raise BenchmarkFailed(f"a page was lost: {problems[0]}")


def _open_one(
    selector: selectors.BaseSelector, port: int, cookie: str, whole_market: bool
) -> Watcher:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(
        b"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        b"HX-Request: true\r\nCookie: " + cookie.encode() + b"\r\n\r\n"
    )
    watcher = Watcher(whole_market)
    selector.register(connection, selectors.EVENT_READ, watcher)
    return watcher


def _read(
    selector: selectors.BaseSelector, ended: threading.Event, problems: list[Exception]
) -> None:
    try:
        while not ended.is_set():
            for key, _ in selector.select(0.1):
                received = key.fileobj.recv(1 << 16)  # type: ignore[union-attr]
                if not received:
                    raise BenchmarkFailed("the gateway closed a page")
                key.data.read(received)
    except Exception as problem:  # told by whoever waits for the pages
        problems.append(problem)


def _sign_in(pages: int, senders: list[Sender]) -> list[tuple[str, bool]]:
    """A cookie for each page, with a session of its own, and whether it sees the whole market."""
    app = create_app()
    cookies: list[tuple[str, bool]] = []
    people: dict[tuple[str, int | None, int], int] = {}
    with db.migrator() as owner:
        for number in range(pages):
            operator = senders[number // 4 % len(senders)].operator_id if number % 4 == 3 else None
            role = "operator" if operator else OFFICIALS[number % len(OFFICIALS)]
            who = role, operator, number // PAGES_OF_A_PERSON
            if who not in people:
                people[who] = sessions.person(owner, role, operator)
            cookies.append((sessions.cookie(app, owner, people[who]), operator is None))
    return cookies


def _figures(
    options: Options, described: Figures, without: list[Result], watched: list[Result]
) -> Figures:
    ratios = [
        there.transactions_per_s / none.transactions_per_s
        for none, there in zip(without, watched, strict=True)
    ]
    delays_ms = [1000 * delay for result in watched for delay in result.delays_s]
    return {
        "benchmark": "live",
        "seed": options.seed,
        "runs": options.runs,
        "gateway_workers": WORKERS,
        "pages": options.pages,
        "rows_per_batch": options.rows_per_batch,
        "rows_per_run": options.rows,
        "machine": described,
        "without_pages": _side(without),
        "with_pages": {
            **_side(watched),
            "events": int(median(result.events for result in watched)),
            "delay_ms": {
                f"p{percent}": round(float(np.percentile(delays_ms, percent)))
                for percent in (50, 95)
            },
        },
        **spread("ratio", ratios, digits=3),
    }


def _side(results: list[Result]) -> Figures:
    return {
        **spread("transactions_per_s", [result.transactions_per_s for result in results], digits=0),
        "peak_memory_mb": {"gateway": round(max(result.gateway_mb for result in results))},
    }
