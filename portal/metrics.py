"""What is counted while the portal works; ``docs/operations.md`` says what to make of it.

Labels are bounded: endpoints, codes and stages that the code names, never an operator, a key or
anything a client chose. Figures by operator belong to the reports, which say who may see them.

With PROMETHEUS_MULTIPROC_DIR set (``dozir serve`` sets it) every worker counts into files of its
own there and ``/metrics`` adds them up; without it a process counts for itself. What each request
counts is added up in memory and put there once a second (``settle``): a request counts a
dozen numbers, and each is a write to such a file.
"""

from __future__ import annotations

import struct
from bisect import bisect_left
from collections import Counter as Tally
from dataclasses import dataclass, field
from time import perf_counter, sleep

from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    values,
)
from prometheus_client.multiprocess import MultiProcessCollector

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter("dozir_http_requests", "Requests answered.", ["endpoint", "method", "status"])
REQUEST_SECONDS = Histogram(
    "dozir_http_request_seconds",
    "From the last header to the last byte of the answer; streams are left out.",
    ["endpoint"],
    buckets=_SECONDS,
)
IN_FLIGHT = Gauge(
    "dozir_http_in_flight", "Requests being answered now.", multiprocess_mode="livesum"
)
OPEN_STREAMS = Gauge("dozir_open_streams", "Live pages connected now.", multiprocess_mode="livesum")
BATCHES = Counter(
    "dozir_ingest_batches", "Batches answered with a receipt, new or repeated.", ["outcome"]
)
ROWS = Counter("dozir_ingest_rows", "Transactions stored.")
BODY_BYTES = Counter("dozir_ingest_body_bytes", "Bytes of bodies that were stored, decoded.")
REFUSALS = Counter(
    "dozir_api_refusals", "Requests of the API refused, by code; not /validate.", ["code"]
)
STAGE_SECONDS = Histogram(
    "dozir_ingest_stage_seconds",
    "Where the time of a batch goes: read, decode, database.",
    ["stage"],
    buckets=_SECONDS,
)
POOL_CONNECTIONS = Gauge(
    "dozir_pool_connections",
    "Database connections of the workers, by login role and state.",
    ["pool", "state"],
    multiprocess_mode="livesum",
)
POOL_WAITING = Gauge(
    "dozir_pool_waiting",
    "Requests that wait for a database connection now.",
    ["pool"],
    multiprocess_mode="livesum",
)


@dataclass(slots=True)
class _Observed:
    """Observations of a histogram that are not in it yet."""

    buckets: Tally[int] = field(default_factory=Tally)
    seconds: float = 0.0


_counts: Tally[tuple[Counter, tuple[str, ...]]] = Tally()
_observed: dict[tuple[Histogram, str], _Observed] = {}
_in_flight = 0


def began() -> None:
    """Count a request that is being answered from now on."""
    global _in_flight  # noqa: PLW0603
    _in_flight += 1


def ended() -> None:
    """Count it as answered, or as broken off."""
    global _in_flight  # noqa: PLW0603
    _in_flight -= 1


def answered(endpoint: str, method: str, status: int, seconds: float | None) -> None:
    """Count a request; ``seconds`` is None where they tell nothing, as of a stream."""
    method = method if method in METHODS else "other"
    _counts[REQUESTS, (endpoint, method, f"{status // 100}xx")] += 1
    if seconds is not None:
        _observe(REQUEST_SECONDS, endpoint, seconds)


def batch_stored(rows: int, size: int, *, new: bool) -> None:
    """Count a batch that was answered with a receipt."""
    _counts[BATCHES, ("new" if new else "repeated",)] += 1
    if new:
        _counts[ROWS, ()] += rows
        _counts[BODY_BYTES, ()] += size


def refused(code: str) -> None:
    """Count a refusal of the API."""
    _counts[REFUSALS, (code,)] += 1


class stage:  # noqa: N801 - used like a function
    """Measure a stage of a batch, also one that fails: ``with stage("decode"): …``."""

    __slots__ = ("_name", "_started")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        self._started = perf_counter()

    def __exit__(self, *_: object) -> None:
        _observe(STAGE_SECONDS, self._name, perf_counter() - self._started)


def _observe(histogram: Histogram, label: str, seconds: float) -> None:
    observed = _observed.get((histogram, label))
    if observed is None:
        observed = _observed[histogram, label] = _Observed()
    observed.buckets[bisect_left(_SECONDS, seconds)] += 1
    observed.seconds += seconds


def pool_seen(login: str, *, size: int, idle: int, waiting: int) -> None:
    """Note how a pool of database connections is doing now."""
    POOL_CONNECTIONS.labels(login, "busy").set(size - idle)
    POOL_CONNECTIONS.labels(login, "idle").set(idle)
    POOL_WAITING.labels(login).set(waiting)


def settle() -> None:
    """Put what was counted in memory to the rest; each second, and as the process ends."""
    IN_FLIGHT.set(_in_flight)
    for (counter, labels), count in _counts.items():
        (counter.labels(*labels) if labels else counter).inc(count)
    _counts.clear()
    for (histogram, label), observed in _observed.items():
        # The library takes one observation at a time; these are what each would add to.
        child = histogram.labels(label)
        for bucket, count in observed.buckets.items():
            child._buckets[bucket].inc(count)
        child._sum.inc(observed.seconds)
    _observed.clear()


def counted() -> bytes:
    """All that was counted, as Prometheus reads it: of every worker, or of this process alone.

    What the other workers counted within the last second may still be missing.
    """
    settle()
    if not values.ValueClass._multiprocess:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    try:
        return generate_latest(registry)
    except (OSError, ValueError, struct.error):
        # A worker has just begun a file of counts, or one has ended: a moment later all is whole.
        sleep(0.1)
        return generate_latest(registry)
