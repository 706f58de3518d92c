"""Figures that are read when asked for, not counted: of the database and of the disk.

A part of the system that has figures of its own appends a source to ``SOURCES``: a function that is
given a connection of ``dozir_portal`` and yields gauges. They are read every ``KEEP_SECONDS`` at
most, whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import psycopg
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal import config, db
from portal.errors import DatabaseUnavailable
from portal.health.cached import Cached
from portal.runtime import archiving, machine

Source = Callable[[db.Connection], Iterable[GaugeMetricFamily]]
KEEP_SECONDS = 15.0
WAIT_SECONDS = 2.0


def server(conn: db.Connection) -> Iterator[GaugeMetricFamily]:
    """The database server as a whole."""
    [row] = db.call(conn, "api.operating_figures")
    yield GaugeMetricFamily(
        "dozir_last_batch_timestamp_seconds",
        "When the last batch was stored; 0 before the first.",
        value=_epoch(row["last_batch_at"]),
    )
    yield GaugeMetricFamily(
        "dozir_database_oldest_transaction_seconds",
        "Age of the oldest open transaction.",
        value=row["oldest_transaction_seconds"],
    )
    yield GaugeMetricFamily(
        "dozir_database_connections", "Connections in use.", value=row["connections"]
    )
    yield GaugeMetricFamily(
        "dozir_database_connections_limit", "max_connections.", value=row["connections_limit"]
    )
    yield GaugeMetricFamily(
        "dozir_database_bytes", "Size of the database.", value=row["database_bytes"]
    )
    yield GaugeMetricFamily(
        "dozir_wal_archive_failures",
        "Failed attempts to archive the log of changes since the server's statistics began.",
        value=row["archive_failures"],
    )
    yield GaugeMetricFamily(
        "dozir_wal_archived_timestamp_seconds",
        "When a file of the log of changes was last archived; 0 for never.",
        value=_epoch(row["last_archived_at"]),
    )


def jobs(conn: db.Connection) -> Iterator[GaugeMetricFamily]:
    """Recurring work: whether it comes to its end, and what it found."""
    done = GaugeMetricFamily(
        "dozir_job_done_timestamp_seconds",
        "When a run of the job last came to its end; 0 before the first.",
        labels=["job"],
    )
    found = GaugeMetricFamily(
        "dozir_job_findings", "What that run found to look at.", labels=["job"]
    )
    for row in db.call(conn, "api.job_figures"):
        done.add_metric([row["job"]], _epoch(row["last_done_at"]))
        found.add_metric([row["job"]], row["finding_count"])
    yield from (done, found)


def log(conn: db.Connection) -> Iterator[GaugeMetricFamily]:
    """The log: whether it grows, is signed, and keeps what receipts promise."""
    for row in db.call(conn, "api.log_figures"):
        yield GaugeMetricFamily("dozir_log_size", "Leaves of the log.", value=row["log_size"])
        yield GaugeMetricFamily(
            "dozir_log_signed_timestamp_seconds",
            "When the newest checkpoint was signed; 0 before the first.",
            value=_epoch(row["signed_at"]),
        )
        yield GaugeMetricFamily(
            "dozir_log_unsequenced_entries",
            "Entries that wait for their leaf.",
            value=row["unsequenced_count"],
        )
        yield GaugeMetricFamily(
            "dozir_log_oldest_unsequenced_seconds",
            "How long the oldest of them has waited; receipts promise 10 seconds.",
            value=row["oldest_unsequenced_seconds"],
        )
        yield GaugeMetricFamily(
            "dozir_log_refusals",
            "How often the log could not go on: a fork, a rollback, another key.",
            value=row["refusal_count"],
        )
        yield GaugeMetricFamily(
            "dozir_log_refused",
            "1 while the log stands still because the signer or the sequencer refuses.",
            value=row["refused_because"] is not None,
        )


SOURCES: list[Source] = [server, jobs, log]


def _epoch(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0


class _Read(Collector):
    """What was read, in the form that the library writes."""

    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = list(families)

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families


def _database() -> Iterator[GaugeMetricFamily]:
    up = 1
    try:
        with db.connection("dozir_portal", wait=WAIT_SECONDS) as conn:
            for source in SOURCES:
                yield from source(conn)
    except (DatabaseUnavailable, psycopg.Error):
        up = 0
    yield GaugeMetricFamily(
        "dozir_database_up", "Whether the database answered all of this.", value=up
    )


def _disk() -> Iterator[GaugeMetricFamily]:
    folder = config.settings().instance_dir
    if folder.exists():
        yield GaugeMetricFamily(
            "dozir_disk_free_bytes",
            "Free where this installation keeps its data and logs.",
            value=machine.free_disk(folder),
        )


def _backup() -> Iterator[GaugeMetricFamily]:
    """Of the embedded database alone: whoever has a server of his own backs it up himself."""
    if config.settings().database_url:
        return
    yield GaugeMetricFamily(
        "dozir_backup_timestamp_seconds",
        "When the last base backup was finished; 0 before the first.",
        value=_epoch(archiving.last_backup_at()),
    )


def _text() -> bytes:
    registry = CollectorRegistry()
    registry.register(_Read([*_database(), *_disk(), *_backup()]))
    return generate_latest(registry)


_cached = Cached(_text, KEEP_SECONDS)


def text() -> bytes:
    """All gauges as Prometheus reads them."""
    return _cached.get()
