"""What a migrate would do, found out without changing anything and without a lock that matters."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from yoyo import read_migrations

from portal import config, runtime
from portal.runtime.instance import LOGIN_ROLES
from portal.schema import record

OTHER_ROLES = (
    "operator",
    "regulator",
    "tax_service",
    "registrar",
    "auditor",
    "financial_monitoring",
    "fairness",
    "administrator",
    "dozir_writer",
    "dozir_chunks",
)
# Statements of a migration that lock a table which is already there.
_LOCKING = (
    re.compile(
        r"^(alter table|drop table|truncate|lock table)(?: only| if exists)* ([\w.]+)", re.M
    ),
    re.compile(r"^(create index|create unique index)\b[^;]*? on (?:only )?([\w.]+)", re.M),
    re.compile(r"^(drop index)(?: if exists)? ([\w.]+)", re.M),
)
_NO_FILE = """
select p.oid::regprocedure::text, format('%%s/functions/%%s.sql', n.nspname, p.proname)
from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace where n.nspname = any (%(ours)s)
union all
select format('%%I.%%I', n.nspname, c.relname), format('%%s/views/%%s.sql', n.nspname, c.relname)
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any (%(ours)s) and c.relkind in ('v', 'm')
order by 1
"""
_IN_THE_WAY = """
select a.pid, a.usename, a.state,
  extract(epoch from clock_timestamp() - a.xact_start)::integer as seconds
from pg_stat_activity as a
where a.datname = current_database() and a.pid <> pg_backend_pid()
  and a.xact_start < clock_timestamp() - interval '1 second'
  and exists (
    select from pg_locks as l where l.pid = a.pid and l.relation = any (
      select to_regclass(t) from unnest(%s::text[]) as t))
order by a.xact_start
"""


@dataclass(frozen=True, slots=True)
class Pending:
    """A numbered migration that did not run here yet."""

    id: str
    text: str
    locks: list[str]


@dataclass(slots=True)
class Plan:
    """All of it; ``empty`` when a migrate would change nothing."""

    extension_missing: bool = False
    roles_missing: list[str] = field(default_factory=list)
    schemas_missing: list[str] = field(default_factory=list)
    migrations: list[Pending] = field(default_factory=list)
    files_new: list[str] = field(default_factory=list)
    files_changed: list[str] = field(default_factory=list)
    files_gone: list[str] = field(default_factory=list)
    by_hand: list[record.Change] = field(default_factory=list)
    without_file: list[str] = field(default_factory=list)
    locks: list[str] = field(default_factory=list)
    in_the_way: list[dict[str, Any]] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (
            self.extension_missing
            or self.roles_missing
            or self.schemas_missing
            or self.migrations
            or self.files_new
            or self.files_changed
            or self.files_gone
            or self.by_hand
            or self.without_file
        )

    def as_json(self) -> dict[str, Any]:
        return {"nothing_to_do": self.empty, **asdict(self)}


def plan() -> Plan:
    """Look; nothing is written, and the transaction is read-only."""
    with psycopg.connect(runtime.maintenance_url()) as conn:
        conn.read_only = True
        found = Plan()
        _roles_and_schemas(conn, found)
        _migrations(conn, config.ROOT / "migrations", found)
        _files(conn, found)
        _objects(conn, found)
        if not found.empty:
            found.locks = _locked(config.ROOT / "sql" / "load.sql")
            found.in_the_way = [
                {"pid": pid, "login": login, "state": state, "seconds": seconds}
                for pid, login, state, seconds in conn.execute(_IN_THE_WAY, (found.locks,))
            ]
        return found


def ours(root: Path) -> list[str]:
    """The schemas that ``sql/roles.sql`` makes, in its order."""
    text = (root / "sql" / "roles.sql").read_text()
    return re.findall(r"^create schema if not exists (\w+)", text, re.MULTILINE)


def _roles_and_schemas(conn: record.Connection, found: Plan) -> None:
    there = {name for (name,) in conn.execute("select rolname from pg_roles")}
    found.roles_missing = [n for n in (*LOGIN_ROLES, *OTHER_ROLES) if n not in there]
    there = {name for (name,) in conn.execute("select nspname from pg_namespace")}
    found.schemas_missing = [name for name in ours(config.ROOT) if name not in there]
    found.extension_missing = (
        conn.execute("select from pg_extension where extname = 'timescaledb'").fetchone() is None
    )


def _migrations(conn: record.Connection, folder: Path, found: Plan) -> None:
    applied: set[str] = set()
    if _is_there(conn, "migration._yoyo_migration"):
        applied = {n for (n,) in conn.execute("select migration_id from migration._yoyo_migration")}
    for migration in read_migrations(str(folder)):
        if migration.id not in applied:
            text = Path(migration.path).read_text()
            found.migrations.append(Pending(migration.id, text, _locks_of(text)))


def _locks_of(text: str) -> list[str]:
    """Tables from before that a migration locks against writing, and with which statement."""
    made = set(re.findall(r"^create table ([a-z_.]+)", text, re.MULTILINE))
    found = {one for pattern in _LOCKING for one in pattern.findall(text)}
    return sorted(f"{what} {on}" for what, on in found if on not in made)


def _files(conn: record.Connection, found: Plan) -> None:
    here = record.hashes(config.ROOT)
    applied: dict[str, bytes] = {}
    if _is_there(conn, "maintenance.applied_file"):
        rows = conn.execute("select path, sha256 from maintenance.applied_file")
        applied = {path: bytes(digest) for path, digest in rows}
    found.files_new = [path for path in here if path not in applied]
    found.files_changed = [p for p in here if p in applied and applied[p] != here[p]]
    found.files_gone = [path for path in applied if path not in here]


def _objects(conn: record.Connection, found: Plan) -> None:
    found.by_hand = record.drift(conn)
    files = {path.removeprefix("sql/") for path in record.hashes(config.ROOT)}
    roles = (config.ROOT / "sql" / "roles.sql").read_text()
    for name, path in conn.execute(_NO_FILE, {"ours": ours(config.ROOT)}):
        if path not in files and f"function {name.partition('(')[0]}(" not in roles:
            found.without_file.append(name)


def _locked(load: Path) -> list[str]:
    """The tables that the repeatable SQL holds in access exclusive mode while it runs."""
    match = re.search(
        r"^lock table\s+(.*?)\s+in access", load.read_text(), re.MULTILINE | re.DOTALL
    )
    return re.findall(r"[a-z_]+\.[a-z_]+", match[1]) if match else []


def _is_there(conn: record.Connection, relation: str) -> bool:
    row = conn.execute("select to_regclass(%s) is not null", (relation,)).fetchone()
    return row is not None and bool(row[0])
