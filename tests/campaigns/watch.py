"""What a serving Dozir uses: memory, connections, files and processors, and size of tables."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support.databases import Connection, Database, rows, value

PROC = Path("/proc")
KIB_PER_MIB = 1024
LOGINS = ["dozir_ingest", "dozir_portal"]


@dataclass(frozen=True)
class Usage:
    """One look. Memory is private memory in MiB: of all workers, and of all their backends.

    ``busy`` is how many processors worked since the last look: for the workers, for all of the
    database, for its own upkeep among that, for everything on the machine. ``upkeep`` names what
    the database's own processes are doing. ``work_ms`` is what the same work takes a processor
    each time: a machine whose processors others use too may be slower later.
    """

    workers_mb: float
    backends_mb: float
    largest_backend_mb: float
    connections: int
    files: int
    table_mb: float
    rollup_mb: float
    work_ms: float
    busy: dict[str, float]
    upkeep: list[str]

    def told(self) -> dict[str, Any]:
        figures = {
            name: round(found, 1) for name, found in vars(self).items() if isinstance(found, float)
        }
        return figures | {"busy": self.busy, "upkeep": self.upkeep}


@dataclass
class _Processors:
    """Processor time of groups of processes, from one look to the next."""

    _seen: dict[int, float] = field(default_factory=dict)
    _machine: float = 0.0
    _at: float = 0.0

    def busy(self, groups: dict[str, list[int]]) -> dict[str, float]:
        """How many processors each group kept busy; those of short lives are missed."""
        now, machine = time.monotonic(), _machine_s()
        span = now - self._at if self._at else 0.0
        seen = {pid: _cpu_s(pid) for pids in groups.values() for pid in pids}
        spent = {
            name: sum(max(0.0, seen[pid] - self._seen.get(pid, seen[pid])) for pid in pids)
            for name, pids in groups.items()
        } | {"machine": machine - self._machine}
        self._seen, self._machine, self._at = seen, machine, now
        return {name: round(one / span, 2) if span else 0.0 for name, one in spent.items()}


class Watch:
    """Looks at the workers of one gunicorn and at the database sessions that they hold.

    Memory of backends is read where the server runs on this machine; elsewhere it shows as 0.
    """

    def __init__(self, database: Database, gunicorn: int) -> None:
        self._gunicorn = gunicorn
        self._opened = database.connect(autocommit=True)
        self._conn: Connection = self._opened.__enter__()
        self._processors = _Processors()

    def close(self) -> None:
        self._conn.close()

    def look(self) -> Usage:
        workers = _children(self._gunicorn)
        assert workers, "the gateway has no worker"
        backends = [pid for (pid,) in rows(self._conn, _BACKENDS, (LOGINS,))]
        memory = [_private_mb(pid) for pid in backends]
        table, rollups = rows(self._conn, _SIZES)[0]
        others = rows(self._conn, _UPKEEP)
        groups = {"workers": workers, "database": [*backends, *(pid for pid, *_ in others)]}
        groups["upkeep"] = [pid for pid, *_ in others]
        return Usage(
            workers_mb=sum(_private_mb(pid) for pid in workers),
            backends_mb=sum(memory),
            largest_backend_mb=max(memory, default=0.0),
            connections=len(backends),
            files=sum(_files(pid) for pid in workers),
            table_mb=float(table) / KIB_PER_MIB**2,
            rollup_mb=float(rollups) / KIB_PER_MIB**2,
            work_ms=_work_ms(),
            busy=self._processors.busy(groups),
            upkeep=[query for _, kind, query in others if kind == "autovacuum worker"],
        )

    def statements(self) -> list[str]:
        """What took the database most of its time, if it keeps a record of that."""
        if value(self._conn, "select to_regclass('public.pg_stat_statements') is null"):
            return []
        return [told for (told,) in rows(self._conn, _STATEMENTS)]

    def rows_stored(self) -> int:
        found: int = value(
            self._conn, "select coalesce(sum(row_count), 0)::bigint from ledger.batch"
        )
        return found


_STATEMENTS = """
select format(
  '%s s in %s calls, %s ms each: %s', round((total_exec_time / 1000)::numeric, 1), calls,
  round(mean_exec_time::numeric, 2), left(regexp_replace(query, '\\s+', ' ', 'g'), 160))
from public.pg_stat_statements
where dbid = (select oid from pg_database where datname = current_database()) and toplevel
order by total_exec_time desc limit 8
"""
_BACKENDS = (
    "select pid from pg_stat_activity where usename = any (%s) and datname = current_database()"
)
_UPKEEP = (
    "select pid, backend_type, query from pg_stat_activity where backend_type <> 'client backend'"
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


def _work_ms() -> float:
    """Processor time of a fixed piece of work, the shortest of three: about 5 ms each."""
    took = []
    for _ in range(3):
        begun = time.thread_time()
        digest = b""
        for _ in range(10_000):
            digest = hashlib.sha256(digest).digest()
        took.append(time.thread_time() - begun)
    return 1000 * min(took)


def _cpu_s(pid: int) -> float:
    """Seconds of user and system time; 0 when it is gone or elsewhere."""
    try:
        told = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _machine_s() -> float:
    """Seconds that all processors of the machine have worked."""
    user, nice, system, _, _, irq, softirq, *_ = (
        (PROC / "stat").read_text().split("\n")[0].split()[1:]
    )
    return sum(int(one) for one in (user, nice, system, irq, softirq)) / os.sysconf("SC_CLK_TCK")


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
