"""What is counted while the portal works; ``docs/operations.md`` says what to make of it.

Labels are bounded: endpoints, codes and stages that the code names, never an operator, a key or
anything a client chose. Figures by operator belong to the reports, which say who may see them.

With PROMETHEUS_MULTIPROC_DIR set (``dozir serve`` sets it) every worker counts into files of its
own there and ``/metrics`` adds them up; without it a process counts for itself.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from time import perf_counter, sleep
from typing import Any

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


@cache
def _of(metric: Any, *labels: str) -> Any:
    """The child of a metric; looking it up each time would cost more than counting."""
    return metric.labels(*labels)


def answered(endpoint: str, method: str, status: int, seconds: float | None) -> None:
    """Count a request; ``seconds`` is None where they tell nothing, as of a stream."""
    method = method if method in METHODS else "other"
    _of(REQUESTS, endpoint, method, f"{status // 100}xx").inc()
    if seconds is not None:
        _of(REQUEST_SECONDS, endpoint).observe(seconds)


def batch_stored(rows: int, size: int, *, new: bool) -> None:
    """Count a batch that was answered with a receipt."""
    _of(BATCHES, "new" if new else "repeated").inc()
    if new:
        ROWS.inc(rows)
        BODY_BYTES.inc(size)


def refused(code: str) -> None:
    """Count a refusal of the API."""
    _of(REFUSALS, code).inc()


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Measure a stage of a batch, also one that fails."""
    started = perf_counter()
    try:
        yield
    finally:
        _of(STAGE_SECONDS, name).observe(perf_counter() - started)


def pool_seen(login: str, *, size: int, idle: int, waiting: int) -> None:
    """Note how a pool of database connections is doing now."""
    _of(POOL_CONNECTIONS, login, "busy").set(size - idle)
    _of(POOL_CONNECTIONS, login, "idle").set(idle)
    _of(POOL_WAITING, login).set(waiting)


def counted() -> bytes:
    """All that was counted, as Prometheus reads it: of every worker, or of this process alone."""
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
