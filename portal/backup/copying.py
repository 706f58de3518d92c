"""Everything of one Dozir database into another, empty one: how a major upgrade is made.

Rows only: what holds them was made by `dozir migrate`, so the two servers may be of any versions
that Dozir runs on, where pg_upgrade wants one version of TimescaleDB built for both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from portal.runtime import RuntimeProblem
from portal.runtime.progress import say

SAY_EVERY_S = 5
OWN_TYPES_FROM = 16384  # ids of types that a database made itself differ between databases
MIGRATIONS = "SELECT migration_id FROM migration._yoyo_migration ORDER BY migration_id"
TABLES = """
SELECT n.nspname, c.relname,
  array_agg(a.attname::text ORDER BY a.attnum),
  bool_and(a.atttypid < %s)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attgenerated = ''
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname IN ('registry', 'identity', 'ledger', 'rollup', 'report', 'protection', 'audit')
GROUP BY 1, 2
ORDER BY 1, 2
"""
SEQUENCES = """
SELECT schemaname, sequencename, last_value
FROM pg_sequences
WHERE schemaname IN ('registry', 'identity', 'ledger', 'rollup', 'report', 'protection', 'audit')
"""
Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True)
class Table:
    """One table and the columns that are copied."""

    schema: str
    name: str
    columns: tuple[str, ...]
    binary: bool

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)


@contextmanager
def opened(source: str, target: str) -> Iterator[tuple[Connection, Connection]]:
    """One transaction on each side: the source's a snapshot, the target's without triggers."""
    try:
        with (
            psycopg.connect(source, row_factory=tuple_row) as there,
            psycopg.connect(target, row_factory=tuple_row) as here,
        ):
            there.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # What counts and checks did so when the rows first came; its results are copied too
            here.execute("SET session_replication_role = replica")
            yield there, here
    except psycopg.Error as error:
        raise RuntimeProblem(f"Nothing was copied: {str(error).strip()}") from error


def copy(source: str, target: str) -> dict[str, int]:
    """Copy all rows and sequences from one address to another: rows by table.

    All or nothing. Raises RuntimeProblem when the target holds anything of a market already, or is
    of another version than the source.
    """
    with opened(source, target) as (there, here):
        if _migrations(there) != _migrations(here):
            raise RuntimeProblem(
                "The two databases are of different versions of Dozir: run dozir migrate on the"
                " older one first."
            )
        held = here.execute(
            "SELECT EXISTS (SELECT FROM registry.operator) OR EXISTS (SELECT FROM ledger.batch)"
        ).fetchone()
        if held is None or held[0]:
            raise RuntimeProblem("This database is not empty. Make a new instance and migrate it.")
        tables = _tables(there)
        if tables != _tables(here):
            raise RuntimeProblem("The two databases have different tables.")
        _empty(here, tables)
        rows = {f"{one.schema}.{one.name}": _copy(there, here, one) for one in tables}
        for schema, name, last in there.execute(SEQUENCES).fetchall():
            if last is not None:
                here.execute("SELECT setval(%s, %s)", [f"{schema}.{name}", last])
    with psycopg.connect(target, autocommit=True) as here:
        say("analysing")
        here.execute("ANALYZE")
    return rows


def _migrations(conn: Connection) -> list[str]:
    return [one for (one,) in conn.execute(MIGRATIONS)]


def _tables(conn: Connection) -> list[Table]:
    found = conn.execute(TABLES, [OWN_TYPES_FROM]).fetchall()
    return [Table(schema, name, tuple(columns), binary) for schema, name, columns, binary in found]


def _empty(conn: Connection, tables: list[Table]) -> None:
    """Take out what migrations put in (types, currencies): the source has it too."""
    for one in tables:
        conn.execute(sql.SQL("DELETE FROM {}").format(one.identifier))


def _copy(there: Connection, here: Connection, table: Table) -> int:
    """Stream one table; binary where both sides know its types by the same ids."""
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    form = sql.SQL("binary" if table.binary else "text")
    read = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT {})")
    write = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT {})")
    with there.cursor() as reading, here.cursor() as writing:
        due, size = time.monotonic() + SAY_EVERY_S, 0
        with (
            reading.copy(read.format(columns, table.identifier, form)) as source,
            writing.copy(write.format(table.identifier, columns, form)) as sink,
        ):
            for block in source:
                sink.write(block)
                size += len(block)
                if time.monotonic() > due:
                    say(f"{table.schema}.{table.name}: {size >> 20} MiB")
                    due = time.monotonic() + SAY_EVERY_S
        return writing.rowcount
