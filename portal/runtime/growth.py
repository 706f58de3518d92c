"""How much disk the ledger takes a day, and how long what is free will last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from portal.config import settings
from portal.runtime import machine
from portal.runtime.errors import RuntimeProblem
from portal.runtime.instance import instance, maintenance_url

DAYS = 7

# Whole days only; what lies beside the chunks (rollups, receipts, their indexes) grows with them.
_GROWTH = """
with day as (
  select c.range_start,
    pg_total_relation_size(format('%%I.%%I', c.chunk_schema, c.chunk_name)::regclass) as bytes
  from timescaledb_information.chunks as c
  where c.hypertable_schema = 'ledger' and c.hypertable_name = 'transaction'
)
select
  (select coalesce(sum(bytes), 0)::bigint from day),
  pg_database_size(current_database()),
  (select coalesce(sum(bytes), 0)::bigint from day
    where range_start >= date_trunc('day', now(), 'UTC') - make_interval(days => %(days)s)
      and range_start < date_trunc('day', now(), 'UTC')),
  (select count(*) from day
    where range_start >= date_trunc('day', now(), 'UTC') - make_interval(days => %(days)s)
      and range_start < date_trunc('day', now(), 'UTC'))
"""


@dataclass(frozen=True)
class Growth:
    """Bytes of the ledger and of the whole, bytes a day, and the days that are left."""

    ledger_bytes: int
    database_bytes: int
    bytes_per_day: int | None
    days_measured: int
    free_bytes: int | None
    days_left: int | None


def measure() -> Growth:
    """Look at the last seven whole days. The disk of a server that is not ours is unknown."""
    with psycopg.connect(maintenance_url()) as conn:
        if conn.execute("select to_regclass('ledger.transaction')").fetchone() == (None,):
            raise RuntimeProblem("This database is not migrated yet. Run: dozir migrate")
        row = conn.execute(_GROWTH, {"days": DAYS}).fetchone()
    assert row is not None  # noqa: S101 - a query without FROM gives a row
    ledger, database, lately, days = row
    # The rest grows with the ledger: count it in by its share.
    per_day = round(lately / days * (database / ledger)) if days and ledger else None
    free = None if settings().database_url else machine.free_disk(instance().data)
    left = free // per_day if free is not None and per_day else None
    return Growth(ledger, database, per_day, days, free, left)


def sentences(found: Growth) -> Iterator[str]:
    """The same for a person."""
    yield f"ledger: {_size(found.ledger_bytes)} of a database of {_size(found.database_bytes)}"
    if found.bytes_per_day is None:
        yield f"growth: unknown, no whole day among the last {DAYS}"
    else:
        yield f"growth: {_size(found.bytes_per_day)} a day, from {found.days_measured} whole days"
    if found.free_bytes is None:
        yield "free: unknown, the server is not ours; divide its free space by the growth"
    else:
        yield f"free: {_size(found.free_bytes)}"
    if found.days_left is not None:
        yield f"lasts: {found.days_left} days at this pace"


def _size(number: int) -> str:
    return f"{number / machine.GIB:.2f} GiB"
