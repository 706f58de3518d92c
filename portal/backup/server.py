"""The running cluster as backups see it: who it is, and its log pushed out to the archive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row

from portal.runtime import RuntimeProblem, archiving, maintenance_url
from portal.runtime.checks import first_line
from portal.runtime.progress import say

ARCHIVE_WAIT_S = 120
SAY_AFTER_S = 5
Connection = psycopg.Connection[dict[str, Any]]


@contextmanager
def connected() -> Iterator[Connection]:
    """A superuser's connection to the embedded cluster."""
    try:
        with psycopg.connect(maintenance_url(), autocommit=True, row_factory=dict_row) as conn:
            yield conn
    except psycopg.OperationalError as error:
        raise RuntimeProblem(f"The database does not answer: {first_line(error)}") from error


def facts(conn: Connection) -> dict[str, Any]:
    """What must be noted of the server beside a backup."""
    row = conn.execute(
        "SELECT system_identifier::text, current_setting('server_version') AS postgresql,"
        " pg_size_bytes(current_setting('wal_segment_size')) AS segment_bytes,"
        " current_setting('archive_mode') AS archive_mode,"
        " coalesce((SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'), '-')"
        " AS timescaledb,"
        " (SELECT count(*) FROM pg_tablespace WHERE oid > 1664) AS tablespaces"
        " FROM pg_control_system()"
    ).fetchone()
    assert row is not None  # noqa: S101 - the function gives one row
    return row


def moment(conn: Connection) -> Any:
    """The server's clock."""
    row = conn.execute("SELECT clock_timestamp() AS now").fetchone()
    assert row is not None  # noqa: S101
    return row["now"]


def push_log(conn: Connection) -> None:
    """Commit a mark, finish the segment that holds it, and wait until that one is archived.

    The mark's commit is later than all before it, so that a restore to any earlier moment finds the
    end it looks for. Raises RuntimeProblem when the archive does not take the segment.
    """
    conn.execute("SELECT pg_logical_emit_message(true, 'dozir.backup', '')")
    row = conn.execute("SELECT pg_walfile_name(pg_switch_wal()) AS name").fetchone()
    assert row is not None  # noqa: S101
    deadline = time.monotonic() + ARCHIVE_WAIT_S
    failed_before = archiving.health().failed_count
    due = time.monotonic() + SAY_AFTER_S
    while True:
        health = archiving.health()
        if (
            health.last_archived_wal is not None
            and health.last_archived_wal[8:24] >= row["name"][8:]
        ):
            return
        if health.failed_count >= failed_before + 3 or time.monotonic() > deadline:
            raise RuntimeProblem(
                f"The log of changes cannot be archived into {health.folder}: segment"
                f" {health.last_failed_wal or row['name']} failed {health.failed_count} times."
                " Look for archive-wal in the server's log (dozir db status names it);"
                " is the disk full or not mounted?"
            )
        if time.monotonic() > due:
            say(f"waiting until segment {row['name']} is archived")
            due += SAY_AFTER_S
        time.sleep(0.1)
