"""The folder sql/ is the truth: each object in the file that bears its name, each file loaded."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal import config
from portal.schema.migrate import repeatable
from tests.guards.catalogue import OURS
from tests.support.databases import Connection, column

SQL = config.ROOT / "sql"
LOAD = SQL / "load.sql"
CREATES = re.compile(
    r"^create (?:or replace )?"
    r"(function|procedure|aggregate|view|table|type|domain|index|materialized view)"
    r" (?:if not exists )?([\w.]+)",
    re.MULTILINE,
)
# Muting triggers takes a role that even the owner cannot become: a superuser makes this one.
IN_ROLES = "maintenance/functions/make_chunk.sql"
OF_THE_OWNER = SQL / "maintenance/functions/drop_oldest_day.sql"  # see test_row_security
OBJECT_FILES = sorted(
    path for path in SQL.glob("*/*/*.sql") if path.parent.name in ("functions", "views")
)


def _relative(path: Path) -> str:
    return str(path.relative_to(SQL))


def test_every_file_is_loaded_once() -> None:
    loaded = [_relative(path) for path, _ in repeatable(LOAD) if path != LOAD]
    there = {_relative(path) for path in SQL.rglob("*.sql")} - {"load.sql", "roles.sql"}
    assert sorted(loaded) == sorted(there)
    assert loaded[-1] == "grants.sql"


@pytest.mark.parametrize("path", OBJECT_FILES, ids=_relative)
def test_a_file_holds_the_object_it_is_named_after(path: Path) -> None:
    schema, kind = path.relative_to(SQL).parts[:2]
    text = path.read_text()
    created = CREATES.findall(text)
    assert [name for _, name in created] == [f"{schema}.{path.stem}"]
    routines = ("function", "procedure", "aggregate")
    assert created[0][0] == "view" if kind == "views" else created[0][0] in routines
    assert "create or replace" in text
    assert f"comment on {created[0][0]} {schema}.{path.stem}" in text
    if "security definer" in text:
        assert "owner to dozir_writer;" in text or path == OF_THE_OWNER


@pytest.mark.parametrize("kind", ["policies", "triggers"])
def test_policies_and_triggers_make_no_other_object(kind: str) -> None:
    for path in SQL.glob(f"*/{kind}/*.sql"):
        assert CREATES.findall(path.read_text()) == [], path


def test_every_object_in_the_database_has_its_file(superuser: Connection) -> None:
    """What was renamed or dropped in sql/ must be dropped by a migration."""
    functions = column(
        superuser,
        "select distinct n.nspname || '/functions/' || p.proname || '.sql' from pg_proc as p"
        " join pg_namespace as n on n.oid = p.pronamespace where n.nspname = any (%s)",
        (list(OURS),),
    )
    views = column(
        superuser,
        "select schemaname || '/views/' || viewname || '.sql' from pg_views"
        " where schemaname = any (%s)",
        (list(OURS),),
    )
    files = [IN_ROLES, *map(_relative, OBJECT_FILES)]
    assert sorted([*functions, *views]) == sorted(files)


def test_functions_of_api_name_only_api(superuser: Connection) -> None:
    """Under the caller's rights another schema could not be named; a definer says so itself."""
    for path in (SQL / "api" / "functions").glob("*.sql"):
        text = re.sub(r"--[^\n]*", "", path.read_text())
        if "security definer" in text:
            continue
        text = re.sub(r"sfunc = [\w.]+", "", text)  # resolved when the aggregate is made
        named = set(
            re.findall(r"\b(registry|identity|ledger|rollup|report|audit|maintenance)\.\w+", text)
        )
        assert named == set(), path.name
