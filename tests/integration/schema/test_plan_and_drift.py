"""What a migrate would do, and what somebody did by hand: told, and nothing changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from portal import config
from portal.schema import migrate
from portal.schema.commands import drift_lines, mend, plan_lines
from portal.schema.plan import plan
from portal.schema.record import drift
from tests.support.databases import Cluster, Database, column, rows, value

# What each kind of change made by hand is called, and whether migrate mends it.
CHANGES = {
    "create or replace function ledger.type_name(p_type smallint) returns text"
    " language sql immutable as $$ select 'x' $$": ("changed", "function", True),
    "drop view api.refusal": ("removed", "view", True),
    "alter view api.batch set (security_invoker = false)": ("changed", "view", True),
    "create or replace function api.by_hand() returns integer language sql return 1": (
        "added",
        "function",
        False,
    ),
    "alter function ledger.shard() owner to postgres": ("changed", "function", True),
    "alter function ledger.find_duplicates(integer, uuid[]) reset search_path": (
        "changed",
        "function",
        True,
    ),
    "alter table ledger.batch disable trigger refuse_change": ("changed", "trigger", True),
    "drop trigger refuse_truncate on ledger.batch": ("removed", "trigger", True),
    'create policy "by hand" on ledger.batch for select to "operator" using (true)': (
        "added",
        "policy",
        True,
    ),
    "alter table ledger.batch disable row level security": ("changed", "table", True),
    "alter table ledger.refusal force row level security": ("changed", "table", True),
    "grant regulator to dozir_readonly": ("changed", "role", True),
    "grant dozir_writer to dozir_jobs with admin option": ("changed", "role", True),
    "alter role dozir_sequencer superuser": ("changed", "role", True),
    "alter role auditor login": ("changed", "role", True),
    "alter role dozir_ingest set row_security = off": ("changed", "role", True),
    "do $$ begin execute format('alter role dozir_ingest in database %I"
    " set synchronous_commit = off', current_database()); end $$": ("changed", "role", True),
    "do $$ begin execute format('alter database %I"
    " set synchronous_commit = off', current_database()); end $$": ("added", "database", False),
    "create rule by_hand as on insert to ledger.refusal do instead nothing": (
        "added",
        "rule",
        False,
    ),
    "create function pg_catalog.by_hand() returns integer language sql return 1": (
        "added",
        "unknown function",
        False,
    ),
    "create extension pgcrypto": ("added", "unknown extension", False),
    "create function public.on_ddl() returns event_trigger language plpgsql as 'begin end';"
    " create event trigger by_hand on ddl_command_end execute function public.on_ddl()": (
        "added",
        "unknown event trigger",
        False,
    ),
    "create publication by_hand for table ledger.batch": ("added", "unknown publication", False),
    "create role by_hand login": ("added", "unknown role", False),
    "create function public.by_hand() returns integer language sql return 1": (
        "added",
        "unknown function",
        False,
    ),
    "create table public.by_hand (n integer)": ("added", "unknown table", False),
    "create schema by_hand": ("added", "unknown schema", False),
    "create view public.by_hand_too as select 1": ("added", "unknown view", False),
    "grant select on registry.access_key to dozir_readonly": ("changed", "grants", True),
    "grant select (player) on ledger.transaction to auditor": ("added", "grants", True),
    "comment on view api.batch is 'mine'": ("changed", "comment", True),
    "comment on table ledger.batch is 'mine'": ("changed", "comment", False),
    "alter role dozir_readonly set default_transaction_read_only = off": ("changed", "role", True),
    "create index by_hand on registry.game (title)": ("added", "index", False),
    "drop index ledger.batch_received_at": ("removed", "index", False),
    "alter table ledger.batch drop constraint ck_batch_row_count": (
        "removed",
        "constraint",
        False,
    ),
    "alter table registry.venue alter column region drop not null": ("changed", "column", False),
    "alter table registry.venue add column by_hand text": ("added", "column", False),
}


@pytest.fixture(scope="module")
def migrated(cluster: Cluster) -> Iterator[Database]:
    """A database that migrate made, record and all."""
    with cluster.fresh() as made, made.as_settings():
        yield made


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Database]:
    with cluster.empty() as made, made.as_settings():
        yield made


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the SQL files that a test may change."""
    for name in ("sql", "migrations"):
        shutil.copytree(config.ROOT / name, tmp_path / name)
    monkeypatch.setattr(config, "ROOT", tmp_path)
    return tmp_path


def _migrate(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("dozir"), "migrate", *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _json(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_an_up_to_date_database_has_nothing_to_do(migrated: Database) -> None:
    done = _migrate("--plan", "--json")
    assert done.returncode == 0, done.stdout
    assert _json(done)["nothing_to_do"] is True
    assert _migrate("--drift").returncode == 0


def test_an_empty_database_is_planned_whole_and_left_empty(empty: Database) -> None:
    done = _migrate("--plan", "--json")
    assert done.returncode == 2, done.stderr
    told = _json(done)
    ids = sorted(path.stem for path in (config.ROOT / "migrations").glob("*.sql"))
    assert [one["id"] for one in told["migrations"]] == ids
    assert "ledger" in told["schemas_missing"]
    assert told["extension_missing"] is True
    assert "sql/grants.sql" in told["files_new"]
    with empty.rolled_back() as conn:
        assert value(conn, "select count(*) from pg_extension where extname <> 'plpgsql'") == 0
        assert value(conn, "select to_regnamespace('ledger') is null")
    assert _migrate("--drift").returncode == 0
    assert "create table registry.operator (" in _migrate("--plan", "--verbose").stdout


def test_the_plan_names_what_is_new_changed_and_gone(migrated: Database, tree: Path) -> None:
    (tree / "sql/ledger/functions/shard.sql").write_text("-- other\n")
    (tree / "sql/ledger/functions/more.sql").write_text("-- new\n")
    (tree / "sql/api/views/batch.sql").unlink()
    (tree / "migrations/0099_more.sql").write_text(
        "create table registry.more (n integer);\ncreate index more_n on registry.more (n);\n"
        "alter table registry.game add column m integer;\ncreate index x on registry.game (m);\n"
    )
    found = plan()
    assert found.files_changed == ["sql/ledger/functions/shard.sql"]
    assert found.files_new == ["sql/ledger/functions/more.sql"]
    assert found.files_gone == ["sql/api/views/batch.sql"]
    assert found.without_file == ["api.batch"]
    assert [one.id for one in found.migrations] == ["0099_more"]
    assert found.migrations[0].locks == [
        "alter table registry.game",
        "create index registry.game",
    ]
    assert "ledger.transaction" in found.locks
    assert "create index x on registry.game (m);" in "\n".join(plan_lines(found, verbose=True))


def test_the_plan_tells_who_is_in_the_way(migrated: Database, tree: Path) -> None:
    (tree / "sql/ledger/functions/shard.sql").write_text("-- other\n")
    with migrated.rolled_back("dozir_readonly") as reader:
        reader.execute("select count(*) from api.batch")
        reader.execute("select pg_sleep(1.1)")
        assert [who["login"] for who in plan().in_the_way] == ["dozir_readonly"]
    assert plan().in_the_way == []


@pytest.mark.parametrize("statement", CHANGES)
def test_each_kind_of_change_by_hand_is_found(migrated: Database, statement: str) -> None:
    change, kind, _ = CHANGES[statement]
    with migrated.rolled_back() as conn:
        conn.execute(statement.encode())
        found = drift(conn)
    assert (change, kind) in {(one.change, one.kind) for one in found}, found
    mended = {mend(one) == "dozir migrate restores it" for one in found if one.kind == kind}
    assert mended == {CHANGES[statement][2]}
    assert list(drift_lines(found))[:-1]


def test_migrate_mends_what_the_report_says_it_mends(cluster: Cluster) -> None:
    with cluster.fresh() as made, made.as_settings():
        with made.connect() as conn:
            for statement, (change, _, mended) in CHANGES.items():
                if mended or change != "removed":
                    conn.execute(statement.encode())
            before = drift(conn)
        migrate()
        with made.rolled_back() as conn:
            left = {one.title for one in drift(conn)}
        promised = {one.title for one in before if mend(one) == "dozir migrate restores it"}
        assert promised & left == set()
        assert left == {
            "column registry.venue.by_hand",
            "column registry.venue.region",
            "comment table ledger.batch",
            "database settings",
            "function api.by_hand()",
            "index registry.by_hand",
            "rule ledger.refusal.by_hand",
            "unknown event trigger by_hand",
            "unknown extension pgcrypto",
            "unknown function pg_catalog.by_hand()",
            "unknown function public.by_hand()",
            "unknown function public.on_ddl()",
            "unknown publication by_hand",
            "unknown role by_hand",
            "unknown schema by_hand",
            "unknown table public.by_hand",
            "unknown view public.by_hand_too",
        }
        migrate()
        with made.rolled_back() as conn:
            assert {one.title for one in drift(conn)} == left  # not taken for right by a repeat
        migrate(accept=left)
        with made.connect() as conn:
            assert drift(conn) == []
            conn.execute("drop role by_hand; drop schema by_hand")
            assert drift(conn) == []  # what was never ours may go


@pytest.mark.parametrize(
    "change",
    [
        "drop trigger {trigger} on {chunk}",
        # TimescaleDB refuses the ordinary way.
        "set local allow_system_table_mods = on; update pg_trigger set tgenabled = 'D'"
        " where tgrelid = '{chunk}'::regclass and tgname = '{trigger}'",
    ],
)
def test_a_chunk_without_its_fence_is_found(migrated: Database, change: str) -> None:
    with migrated.rolled_back() as conn:
        conn.execute("select maintenance.make_chunk(current_date + 3)")
        assert drift(conn) == []
        [(chunk, trigger)] = rows(
            conn,
            "select t.tgrelid::regclass::text, t.tgname from pg_trigger as t join pg_class as c"
            " on c.oid = t.tgrelid where c.relnamespace = 'ledger_chunks'::regnamespace"
            " and not t.tgisinternal",
        )
        conn.execute(change.format(chunk=chunk, trigger=trigger))
        [found] = drift(conn)
    assert found.title == f"chunk trigger {chunk}.{trigger}"
    assert "dozir verify" in mend(found)


def test_a_name_cannot_forge_the_report(migrated: Database) -> None:
    """Whoever may name a table may not clear the screen of whoever reads the report."""
    name = "x\nEvery object is as the last migrate left it.\x1b[2J\u202e"
    with migrated.connect() as conn:
        conn.execute(sql.SQL("create table public.{} ()").format(sql.Identifier(name)))
    try:
        for told in (_migrate("--drift"), _migrate("--plan")):
            assert told.returncode == 2
            assert "Every object is as the last migrate left it." not in told.stdout.splitlines()
            assert not set(told.stdout) & set("\x1b\u202e")
            assert "x\\nEvery object" in told.stdout
    finally:
        with migrated.connect() as conn:
            conn.execute(sql.SQL("drop table public.{}").format(sql.Identifier(name)))


def test_what_migrate_cannot_do_without_is_named(cluster: Cluster) -> None:
    with cluster.fresh() as made, made.as_settings():
        with made.connect() as conn:
            conn.execute("drop index ledger.batch_received_at")
        assert "make it again" in _migrate("--drift").stdout
        refused = _migrate()
        assert refused.returncode == 1
        assert "dozir migrate --drift" in refused.stderr


def test_a_record_of_another_major_version_is_made_anew(cluster: Cluster) -> None:
    with cluster.fresh() as made, made.as_settings():
        with made.connect() as conn:
            conn.execute(
                "update maintenance.recorded_object set definition = '9' where kind = 'server'"
            )
            conn.execute(
                "update maintenance.recorded_object set definition = '' where kind = 'view'"
            )
        migrate()
        with made.rolled_back() as conn:
            assert drift(conn) == []


def test_new_sql_is_not_taken_for_a_change_by_hand(cluster: Cluster, tree: Path) -> None:
    with cluster.fresh() as made, made.as_settings():
        path = tree / "sql/ledger/functions/shard.sql"
        path.write_text(path.read_text().replace("1", "7"))
        migrate()
        with made.rolled_back() as conn:
            assert value(conn, "select ledger.shard()") == 7
            assert drift(conn) == []
            assert column(
                conn,
                "select definition ~ '7' from maintenance.recorded_object"
                " where name = 'ledger.shard()' and kind = 'function'",
            ) == [True]


def test_options_that_do_not_fit_are_refused() -> None:
    for words in (["--plan", "--drift"], ["--json"], ["--plan", "--accept", "x"]):
        refused = _migrate(*words)
        assert refused.returncode == 2
        assert "Usage" in refused.stderr
