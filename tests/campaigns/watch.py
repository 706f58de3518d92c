"""What a serving Dozir uses: memory, connections and files of its processes, size of tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.databases import Connection, Database, rows, value

PROC = Path("/proc")
KIB_PER_MIB = 1024
LOGINS = ["dozir_ingest", "dozir_portal"]


@dataclass(frozen=True)
class Usage:
    """One look. Memory is private memory in MiB: of all workers, and of all their backends."""

    workers_mb: float
    backends_mb: float
    largest_backend_mb: float
    connections: int
    files: int
    table_mb: float
    rollup_mb: float

    def told(self) -> dict[str, Any]:
        return {name: round(getattr(self, name), 1) for name in self.__dataclass_fields__}


class Watch:
    """Looks at the workers of one gunicorn and at the database sessions that they hold.

    Memory of backends is read where the server runs on this machine; elsewhere it shows as 0.
    """

    def __init__(self, database: Database, gunicorn: int) -> None:
        self._gunicorn = gunicorn
        self._opened = database.connect(autocommit=True)
        self._conn: Connection = self._opened.__enter__()

    def close(self) -> None:
        self._conn.close()

    def look(self) -> Usage:
        workers = _children(self._gunicorn)
        assert workers, "the gateway has no worker"
        backends = [pid for (pid,) in rows(self._conn, _BACKENDS, (LOGINS,))]
        memory = [_private_mb(pid) for pid in backends]
        table, rollups = rows(self._conn, _SIZES)[0]
        return Usage(
            workers_mb=sum(_private_mb(pid) for pid in workers),
            backends_mb=sum(memory),
            largest_backend_mb=max(memory, default=0.0),
            connections=len(backends),
            files=sum(_files(pid) for pid in workers),
            table_mb=float(table) / KIB_PER_MIB**2,
            rollup_mb=float(rollups) / KIB_PER_MIB**2,
        )

    def rows_stored(self) -> int:
        found: int = value(
            self._conn, "select coalesce(sum(row_count), 0)::bigint from ledger.batch"
        )
        return found


_BACKENDS = (
    "select pid from pg_stat_activity where usename = any (%s) and datname = current_database()"
)
# A hypertable's own relation is empty: its chunks have the rows.
_SIZES = """
select
  (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'ledger_chunks' and c.relkind = 'r'),
  (select coalesce(sum(pg_total_relation_size(c.oid)), 0) from pg_class as c
    join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = 'rollup' and c.relkind = 'r')
"""


def _children(parent: int) -> list[int]:
    found = (PROC / str(parent) / "task" / str(parent) / "children").read_text()
    return [int(pid) for pid in found.split()]


def _private_mb(pid: int) -> float:
    """What the process alone uses: RssAnon of proc(5); 0 when it is gone or elsewhere."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / KIB_PER_MIB


def _files(pid: int) -> int:
    try:
        return len(list((PROC / str(pid) / "fd").iterdir()))
    except OSError:
        return 0
