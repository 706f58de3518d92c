"""`dozir migrate`: one at a time, whole or not at all, safe after whatever went wrong before."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pytest

from portal import config
from portal.runtime.instance import LOGIN_ROLES
from portal.runtime.packages import available
from portal.schema import migrate
from tests.support.databases import Cluster, Database, column, value

migrations = import_module("portal.schema.migrate")  # its package gives the function that name


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[Database]:
    """A database that nothing was done to, which `migrate` takes for its own."""
    with cluster.empty() as made, made.as_settings():
        yield made


@pytest.fixture
def migrated(fresh_database: Database) -> Iterator[Database]:
    """The same after a first `migrate`."""
    with fresh_database.as_settings():
        yield fresh_database


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the SQL files that a test may spoil."""
    for name in ("sql", "migrations"):
        shutil.copytree(config.ROOT / name, tmp_path / name)
    monkeypatch.setattr(config, "ROOT", tmp_path)
    return tmp_path


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("dozir"), *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_command_tells_its_steps_and_can_be_repeated(empty: Database) -> None:
    for _ in range(2):
        done = _run("migrate")
        assert done.returncode == 0, done.stderr
        assert "repeatable SQL" in done.stderr
    with empty.rolled_back() as conn:
        assert value(conn, "select count(*) from migration._yoyo_migration") >= 4


def test_no_password_is_in_what_a_server_keeps_of_statements(empty: Database) -> None:
    """A server of one's own may well log them, or count them with their text."""
    with empty.connect(autocommit=True) as conn:
        conn.execute("create extension pg_stat_statements")
        # A server that has kept very many drops the texts of all of them at once.
        conn.execute("select pg_stat_statements_reset()")
        name = value(conn, "select quote_ident(current_database())")
        conn.execute(f"alter database {name} set pg_stat_statements.track_utility = on")
    migrate()
    with empty.rolled_back() as conn:
        kept = str(
            column(conn, "select query from pg_stat_statements where query ilike '%%password%%'")
        )
    assert "SCRAM-SHA-256$" in kept, "the statements are there to be looked at"
    for role in LOGIN_ROLES:
        assert config.secret(f"{role}.password") not in kept


def test_two_at_once_take_turns(empty: Database) -> None:
    failures: list[BaseException] = []

    def one() -> None:
        try:
            migrate()
        except BaseException as problem:
            failures.append(problem)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with empty.rolled_back() as conn:
        ids = column(conn, "select migration_id from migration._yoyo_migration")
        assert len(ids) == len(set(ids))


def test_whoever_comes_second_does_not_wait_for_ever(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "TURN_TIMEOUT", "200ms")
    with empty.connect(autocommit=True) as conn:
        conn.execute("select pg_advisory_lock(%s)", (migrations.MIGRATION_LOCK,))
        with pytest.raises(psycopg.errors.LockNotAvailable):
            migrate()


def test_a_killed_run_bars_nobody(migrated: Database) -> None:
    """The library's own lock is a row; whoever left it was killed, since our lock is free."""
    with migrated.connect() as conn:
        conn.execute("insert into migration.yoyo_lock (locked, ctime, pid) values (1, now(), 1)")
    migrate()


def test_a_failing_migration_leaves_the_ones_before(empty: Database, tree: Path) -> None:
    bad = tree / "migrations" / "0002_bad.sql"
    for path in sorted((tree / "migrations").glob("000[2-9]*.sql")):
        path.unlink()
    bad.write_text(
        "-- depends: 0001_registry\ncreate table registry.half (n integer);\nselect 1 / 0;\n"
    )
    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate()
    with empty.rolled_back() as conn:
        assert value(conn, "select to_regclass('registry.operator') is not null")
        assert value(conn, "select to_regclass('registry.half') is null")
        assert column(conn, "select migration_id from migration._yoyo_migration") == [
            "0001_registry"
        ]


def test_failing_repeatable_sql_changes_nothing_and_names_the_file(
    migrated: Database, tree: Path
) -> None:
    view = tree / "sql" / "api" / "views" / "batch.sql"
    (tree / "sql" / "ledger" / "functions" / "shard.sql").write_text(
        "create or replace function ledger.shard() returns smallint language sql immutable"
        " return 7::smallint;"
    )
    view.write_text("create or replace view api.batch as select nonsense;")
    with pytest.raises(psycopg.errors.UndefinedColumn) as caught:
        migrate()
    assert "in sql/api/views/batch.sql" in caught.value.__notes__
    with migrated.rolled_back() as conn:
        assert value(conn, "select ledger.shard()") == 1


def test_repeatable_sql_runs_with_plain_psql(database: Database) -> None:
    """A DBA can reapply it without Python."""
    found = available()
    program = str(found.program("psql")) if found else shutil.which("psql")
    assert program
    done = subprocess.run(
        [
            program,
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            str(config.ROOT / "sql" / "load.sql"),
            database.url("dozir_migrator"),
        ],
        env=found.environment() if found else dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr


def test_passwords_are_not_in_the_database_in_clear(database: Database) -> None:
    with database.rolled_back() as conn:
        hashes = column(
            conn,
            "select rolpassword from pg_authid where rolname like 'dozir\\_%%' and rolcanlogin",
        )
    assert len(hashes) == len(migrations.LOGIN_ROLES)
    assert all(text.startswith("SCRAM-SHA-256$") for text in hashes)


def test_a_policy_made_by_hand_is_taken_away(migrated: Database) -> None:
    """Policies add up: one more would show an operator every row."""
    with migrated.connect() as conn:
        conn.execute(
            'create policy "by hand" on ledger.transaction for select to "operator" using (true)'
        )
        conn.commit()
    migrate()
    with migrated.connect() as conn:
        assert column(conn, "select polname from pg_policy where polname = 'by hand'") == []
