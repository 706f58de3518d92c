"""Databases built from a tree of files, step by step, and what they come to."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import psycopg
from yoyo import get_backend, read_migrations

from portal import config, runtime
from portal.runtime.packages import available
from tests.support.databases import Database, column

migrations = import_module("portal.schema.migrate")  # its package gives the function that name
# Chunks differ with the data; the migrations' library keeps its own tables.
LEFT_OUT = ("ledger_chunks", "migration")
ENTRY = re.compile(
    r"^-- (?:Data for )?Name: (.+?); Type: (.+?); Schema: (.+?); Owner: (.+)$", re.MULTILINE
)

# The roles of a policy, each a word or a word in quotes.
ROLES = re.compile(r' TO ((?:"?\w+"?, )*"?\w+"?)( USING | WITH CHECK |;)')


def roles(database: Database, root: Path) -> None:
    """``sql/roles.sql`` of a tree."""
    with database.connect(autocommit=True) as conn:
        conn.execute((root / "sql" / "roles.sql").read_bytes())
        for role in migrations.LOGIN_ROLES:
            password = psycopg.sql.Literal(config.secret(f"{role}.password"))
            conn.execute(
                psycopg.sql.SQL("alter role {} password {}").format(
                    psycopg.sql.Identifier(role), password
                )
            )


def versioned(database: Database, root: Path, *, one_at_a_time: bool = False) -> None:
    """The numbered migrations of a tree, all in one go or each with a connection of its own."""
    with database.as_settings():
        if not one_at_a_time:
            migrations._apply_versioned(root / "migrations", lambda _: None)
            return
        url = runtime.role_url("dozir_migrator").replace(
            "postgresql://", "postgresql+psycopg://", 1
        )
        for migration in read_migrations(str(root / "migrations")):
            backend = get_backend(url)
            try:
                with backend.lock():
                    backend.apply_one(migration)
            finally:
                backend.connection.close()


def repeatable(database: Database, root: Path) -> None:
    """The repeatable SQL of a tree."""
    with database.as_settings():
        migrations._apply_repeatable(root / "sql" / "load.sql", lambda _: None)


def released_tree(into: Path) -> Path | None:
    """The files of the newest release (tag v…), unpacked; None when nothing was released yet."""
    git = ["git", "-C", str(config.ROOT)]
    tags = subprocess.run(
        [*git, "tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    if not tags:
        return None
    archive = subprocess.run(
        [*git, "archive", tags[0], "sql", "migrations"], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(into)], input=archive.stdout, check=True)
    return into


def schema_of(database: Database) -> dict[str, str]:
    """Every object with its definition, as pg_dump writes it, and TimescaleDB's own settings."""
    dumped = _pg_dump(database)
    entries: defaultdict[str, str] = defaultdict(str)
    places = [*ENTRY.finditer(dumped)]
    ends = [match.start() for match in places[1:]] + [len(dumped)]
    for match, end in zip(places, ends, strict=True):
        name, kind, schema, owner = match.groups()
        lines = [line for line in dumped[match.end() : end].splitlines() if _tells(line)]
        if kind == "ACL":  # the order of grants is that of granting
            lines.sort()
        if kind == "POLICY":  # the order of its roles is that in which they were last altered
            lines = [ROLES.sub(_sorted, line) for line in lines]
        entries[f"{kind} {schema}.{name} of {owner}"] += "\n".join(lines)
    with database.rolled_back() as conn:
        entries["dimensions"] = str(
            column(
                conn,
                "select row(h.schema_name, h.table_name, h.associated_schema_name, d.column_name,"
                " d.interval_length)::text from _timescaledb_catalog.hypertable as h"
                " join _timescaledb_catalog.dimension as d on d.hypertable_id = h.id order by 1",
            )
        )
    return dict(entries)


def _sorted(roles: re.Match[str]) -> str:
    return f" TO {', '.join(sorted(roles[1].split(', ')))}{roles[2]}"


def _tells(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(("--", "SET ", "\\restrict", "\\unrestrict"))


def _pg_dump(database: Database) -> str:
    found = available()
    program = str(found.program("pg_dump")) if found else shutil.which("pg_dump")
    assert program, "there is no pg_dump"
    done = subprocess.run(
        [
            program,
            "--schema-only",
            *(f"--exclude-schema={name}" for name in LEFT_OUT),
            "--dbname",
            database.url(),
        ],
        env=found.environment() if found else os.environ.copy(),
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout
