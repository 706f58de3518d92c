"""What a migrate leaves behind, written down: every object as it is, every file as it was run.

``maintenance.drift()`` compares the catalogue with it, ``dozir migrate --plan`` the folder ``sql``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from portal import config

Connection = psycopg.Connection[Any]

_RECORD = """
with given as (
  select * from jsonb_to_recordset(%(by_hand)s::jsonb) as g (kind text, name text, present text)
), still as materialized (
  select d.kind, d.name from maintenance.drift() as d
  join given as g on g.kind = d.kind and g.name = d.name
    and (d.change = 'added' or g.present is not distinct from d.present)
  -- Nothing is compared where nothing was changed by hand.
  where jsonb_array_length(%(by_hand)s::jsonb) > 0
), gone as (
  delete from maintenance.recorded_object as r
  where not exists (select from still as s where s.kind = r.kind and s.name = r.name)
    and not exists (
      select from maintenance.objects() as o where o.kind = r.kind and o.name = r.name)
)
insert into maintenance.recorded_object (kind, name, definition)
select o.kind, o.name, o.definition from maintenance.objects() as o
where not exists (select from still as s where s.kind = o.kind and s.name = o.name)
on conflict (kind, name) do update set
  definition = excluded.definition, recorded_at = excluded.recorded_at
where recorded_object.definition <> excluded.definition
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is not as the last migrate left it."""

    change: str
    kind: str
    name: str
    recorded: str | None
    present: str | None

    @property
    def title(self) -> str:
        return f"{self.kind} {self.name}"


def exists(conn: Connection) -> bool:
    """Whether a migrate ever wrote a record here."""
    row = conn.execute(
        "select to_regclass('maintenance.recorded_object') is not null"
        " and to_regprocedure('maintenance.drift()') is not null"
    ).fetchone()
    if row is None or not row[0]:
        return False
    return conn.execute("select from maintenance.recorded_object limit 1").fetchone() is not None


def drift(conn: Connection) -> list[Change]:
    """What was changed by hand since the last migrate; nothing where none was recorded."""
    if not exists(conn):
        return []
    return [Change(*row) for row in conn.execute("select * from maintenance.drift()")]


def same_server(conn: Connection) -> bool:
    """Whether the record was made under this major version: each writes definitions its own way."""
    row = conn.execute(
        "select definition = current_setting('server_version_num')::integer / 10000 || ''"
        " from maintenance.recorded_object where kind = 'server'"
    ).fetchone()
    return row is None or bool(row[0])


def migrations() -> set[str]:
    """The numbered migrations of this version."""
    return {path.stem for path in (config.ROOT / "migrations").glob("*.sql")}


def hashes(root: Path) -> dict[str, bytes]:
    """Every file of ``sql/`` with its SHA-256."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).digest()
        for path in sorted((root / "sql").rglob("*.sql"))
    }


def write(conn: Connection, by_hand: Iterable[Change]) -> None:
    """Record what is there now, but for what was changed by hand before and still is.

    That stays in the report until somebody undoes it, accepts it or writes a migration for it.
    """
    kept = [{"kind": c.kind, "name": c.name, "present": c.present} for c in by_hand]
    with conn.transaction():
        conn.execute(_RECORD, {"by_hand": json.dumps(kept)})
        conn.execute("delete from maintenance.applied_file")
        with conn.cursor() as cursor:
            cursor.executemany(
                "insert into maintenance.applied_file (path, sha256) values (%s, %s)",
                list(hashes(config.ROOT).items()),
            )
