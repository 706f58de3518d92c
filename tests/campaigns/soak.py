"""Hours of an ordinary day in minutes: nothing may grow that does not have to.

First the workers are warmed up and the highest rate is measured, then half of it is kept up:
batches of one to 10,000 records, each sent at its moment whether or not the one before is answered,
and officials who read pages. In the end every receipt is compared with what is stored and every
rollup with its rows.
"""

from __future__ import annotations

import itertools
import os
import queue
import random
import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from portal.bench.load import Sender
from portal.bench.readers import Reading, reading
from tests.campaigns.campaign import Campaign, Task, say
from tests.campaigns.traffic import Sent, finish, making, play, prove, register
from tests.campaigns.trend import Trend, trend
from tests.campaigns.watch import Usage, Watch
from tests.support.servers import Server, serving

WORKERS = 2
CONNECTIONS = 16
READERS = 4
# Share of requests by size of batch: most are small, most records come in large ones.
MIX = ((1, 0.70), (100, 0.22), (1_000, 0.07), (10_000, 0.01))
# A worker looks for cyclic garbage after 200,000 objects (``gunicorn_conf``): some 25,000 requests,
# in which its memory grows by 20 MB, once. A soak without warm-up would call that a leak.
WARM_UP_BATCHES = 50_000
PROBE_S = 10.0
PROBE_BATCHES = 3_000  # more than can be stored in that time on a small machine
KEPT = 0.9  # of half the highest rate; else the run says nothing about growth
SAMPLES = 180
WINDOWS = 45  # of latency: one of 15 minutes has 20 seconds

# What a figure may grow from the second to the last third: share of it, and at least so much (see
# ``trend``). A worker may hold one more body of 8 MiB than at the last look, and a backend the
# caches of one more chunk. Latencies of a machine that others use too wander by a quarter; the
# slowest of a hundred is one large batch more or less.
USAGE = {
    "workers_mb": (0.03, 10.0 * WORKERS),
    "backends_mb": (0.05, 8.0),
    "largest_backend_mb": (0.05, 4.0),
    "connections": (0.0, 1.0),
    "files": (0.0, 8.0),
}
SLOWER = 1.15  # a machine whose processors need so much longer has not kept its half of the rate
LATENCY = {"p50_ms": (0.25, 2.0), "p99_ms": (0.5, 30.0)}


def sizes(rng: random.Random) -> int:
    """The size of the next batch."""
    return rng.choices([size for size, _ in MIX], [share for _, share in MIX])[0]


def run(
    task: Task, *, warm_up: int = WARM_UP_BATCHES, probe_s: float = PROBE_S, judged: bool = True
) -> dict[str, Any]:
    """The whole soak. With ``judged`` false it is too short to tell a trend, and none is told."""
    senders = register(task.database, task.seed)
    with serving(task.database, workers=WORKERS, jobs=True) as server:
        watch = Watch(task.database, server.process.pid)
        sent = Sent()
        try:
            _warm_up(server, senders, sent, warm_up, task.seed)
            most = _highest_rate(server, senders, sent, probe_s, task.seed)
            sent.latencies.clear()
            usages, pages = _keep_up(
                server,
                senders,
                sent,
                watch,
                rate=most / 2,
                seconds=60 * task.length,
                seed=task.seed,
            )
            stored = watch.rows_stored()
            for statement in watch.statements():
                say(f"soak: {statement}")
            say(
                f"soak: pages p50 {_ms(pages.latencies_s, 50)} ms,"
                f" p95 {_ms(pages.latencies_s, 95)} ms, {len(pages.latencies_s)} pages"
            )
        finally:
            watch.close()
    kept = _rate(sent.latencies)
    assert not judged or kept >= KEPT * most / 2, (
        f"{kept:.0f} batches/s of {most / 2:.0f}: the machine was slower than when the highest"
        f" rate was measured; its load average is {os.getloadavg()[0]:.1f}"
    )
    seen: dict[str, Any] = _machine(usages, judged=judged) | {
        "highest_batches_per_s": round(most, 1),
        "kept_batches_per_s": round(kept, 1),
        **_latencies(sent.latencies, judged=judged),
        **_usage(usages, judged=judged),
        "page_p50_ms": _ms(pages.latencies_s, 50),
        "page_p95_ms": _ms(pages.latencies_s, 95),
        "pages": len(pages.latencies_s),
        "table_bytes_per_row": round(1024**2 * usages[-1].table_mb / max(1, stored)),
        "rollup_mb": round(usages[-1].rollup_mb, 1),
    }
    say("soak: comparing receipts, rollups and rows")
    seen |= prove(task.database, sent)
    return seen


def _warm_up(server: Server, senders: list[Sender], sent: Sent, count: int, seed: int) -> None:
    say(f"soak: warming up with {count:,} single transactions")
    with making(senders, lambda _: 1, seed, first=2 * 10**9) as made:
        threads = play(
            server.port, made, sent, connections=CONNECTIONS, go_on=lambda number: number < count
        )
        finish(threads, sent)
    sent.latencies.clear()


def _highest_rate(
    server: Server, senders: list[Sender], sent: Sent, seconds: float, seed: int
) -> float:
    """Batches a second that connections reach which send as fast as they are answered."""
    ready: Any = queue.Queue()
    count = max(CONNECTIONS, round(PROBE_BATCHES * seconds / PROBE_S))
    say(f"soak: making {count} batches to find the highest rate")
    # A seed and sequence numbers of their own; the day's traffic has others.
    with making(senders, sizes, seed, first=10**9) as made:
        for _ in range(count):
            ready.put(made.get())
    begun = time.monotonic()
    threads = play(
        server.port,
        ready,
        sent,
        connections=CONNECTIONS,
        go_on=lambda number: number < count and time.monotonic() < begun + seconds,
    )
    finish(threads, sent)
    rate = len(sent.latencies) / (time.monotonic() - begun)
    say(f"soak: {rate:.0f} batches/s at most, {sent.rows:,} transactions so far")
    return rate


def _keep_up(
    server: Server,
    senders: list[Sender],
    sent: Sent,
    watch: Watch,
    *,
    rate: float,
    seconds: float,
    seed: int,
) -> tuple[list[Usage], Reading]:
    """Send at ``rate`` while officials read; what was used meanwhile."""
    usages = []
    with making(senders, sizes, seed + 1) as made, reading(server.port, READERS) as pages:
        begun = time.monotonic() + 0.5
        end = begun + seconds
        threads = play(
            server.port,
            made,
            sent,
            connections=CONNECTIONS,
            go_on=lambda number: begun + number / rate < end,
            due=lambda number: begun + number / rate,
        )
        for number in itertools.count(1):
            moment = begun + number * seconds / SAMPLES
            if moment > end or sent.problems:
                break
            time.sleep(max(0.0, moment - time.monotonic()))
            usages.append(watch.look())
            if number % (SAMPLES // 15) == 0:
                since = begun + (number - SAMPLES // 15) * seconds / SAMPLES
                took = [took for due, took in sent.latencies if due > since]
                say(
                    f"soak: {100 * number // SAMPLES} %, {sent.rows:,} rows,"
                    f" p50 {_ms(took, 50)} ms, p99 {_ms(took, 99)} ms, {usages[-1].told()}"
                )
        finish(threads, sent)
    return usages, pages


def _rate(latencies: Sequence[tuple[float, float]]) -> float:
    """Batches a second, from the first that was due to the last answer."""
    first = min(due for due, _ in latencies)
    return len(latencies) / (max(due + took for due, took in latencies) - first)


def _machine(usages: Sequence[Usage], *, judged: bool) -> dict[str, Any]:
    """How long the same work took a processor. Raises AssertionError when it took longer later."""
    if not judged:
        return {"work_ms": {"last": round(usages[-1].work_ms, 2)}}
    third = len(usages) // 3
    second, last = (
        float(np.median([one.work_ms for one in part]))
        for part in (usages[third : 2 * third], usages[2 * third :])
    )
    assert last < SLOWER * second, (
        f"the machine itself became slower: work of {second:.2f} ms took {last:.2f} ms in the last"
        " third, which says nothing about growth"
    )
    return {"work_ms": {"second_third": round(second, 2), "last_third": round(last, 2)}}


def _usage(usages: Sequence[Usage], *, judged: bool) -> dict[str, Any]:
    return _judge(
        {name: [getattr(one, name) for one in usages] for name in USAGE}, USAGE, judged=judged
    )


def _latencies(latencies: Sequence[tuple[float, float]], *, judged: bool) -> dict[str, Any]:
    """p50 and p99 of each window of time."""
    first, last = min(latencies)[0], max(latencies)[0]
    width = (last - first) / WINDOWS or 1.0
    windows: list[list[float]] = [[] for _ in range(WINDOWS)]
    for begun, took in latencies:
        windows[min(WINDOWS - 1, int((begun - first) / width))].append(took)
    filled = [window for window in windows if window]
    return _judge(
        {f"p{part}_ms": [_ms(window, part) or 0.0 for window in filled] for part in (50, 99)},
        LATENCY,
        judged=judged,
    )


def _judge(
    series: dict[str, list[float]], allowed: dict[str, tuple[float, float]], *, judged: bool
) -> dict[str, Any]:
    """The trend of each figure. Raises AssertionError naming those that grew."""
    if not judged:
        return {name: {"last": round(samples[-1], 2)} for name, samples in series.items()}
    trends: dict[str, Trend] = {
        name: trend(samples, share=allowed[name][0], least=allowed[name][1])
        for name, samples in series.items()
    }
    grew = {name: one.told() for name, one in trends.items() if one.grew}
    assert not grew, f"grew: {grew}"
    return {name: one.told() for name, one in trends.items()}


def _ms(latencies_s: Sequence[float], part: int) -> float | None:
    return round(1000 * float(np.percentile(latencies_s, part)), 1) if latencies_s else None


CAMPAIGN = Campaign(
    "soak",
    "at half the highest rate neither memory nor latency grows, and every receipt holds",
    run,
    length=15,
    unit="minutes",
)
