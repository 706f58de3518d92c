"""The embedded cluster's life: made, started, stopped, killed, misconfigured."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from .conftest import Installation


def server_pid(made: Installation) -> int:
    return int((made.folder / "data/postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_stop_and_start_keep_the_data(stopped: Installation) -> None:
    stopped.dozir("db", "start")
    stopped.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    before = stopped.url()
    stopped.dozir("db", "stop")
    stopped.dozir("db", "status", code=3)
    stopped.dozir("db", "start")
    assert stopped.one("SELECT answer FROM kept") == 42
    assert stopped.url() == before, "the port is remembered"


def test_starting_what_runs_is_quiet_and_changes_nothing(running: Installation) -> None:
    pid = server_pid(running)
    assert running.dozir("db", "start").stderr == ""
    assert server_pid(running) == pid


def test_two_instances_run_side_by_side(stopped: Installation) -> None:
    other = replace(stopped, name="two")
    for made in (stopped, other):
        made.dozir("db", "start")
    stopped.execute("CREATE TABLE here AS SELECT 1 AS n")
    assert stopped.one("SELECT to_regclass('here')::text") == "here"
    assert other.one("SELECT to_regclass('here')::text") is None
    other.dozir("db", "stop")
    assert stopped.one("SELECT n FROM here") == 1


def test_first_starts_at_once_make_one_server(fresh: Installation) -> None:
    starters = [fresh.popen("db", "start") for _ in range(4)]
    for starter in starters:
        out, err = starter.communicate(timeout=120)
        assert starter.returncode == 0, out + err
    assert json.loads(fresh.dozir("db", "status", "--json").stdout)["state"] == "running"


def test_killed_server_comes_back_though_its_number_is_taken(stopped: Installation) -> None:
    """The worst case after a crash: postmaster.pid names a living process of the same account."""
    stopped.dozir("db", "start")
    stopped.execute("CREATE TABLE kept AS SELECT 7 AS answer")
    pid_file = stopped.folder / "data/postmaster.pid"
    stale = pid_file.read_text().splitlines()
    old = int(stale[0])
    os.kill(old, signal.SIGKILL)
    while is_alive(old):
        time.sleep(0.02)
    replacement = "\n".join([str(os.getpid()), *stale[1:]]) + "\n"
    pid_file.write_text(replacement)
    stopped.dozir("db", "start")
    assert stopped.one("SELECT answer FROM kept") == 7


def test_taken_port_is_replaced(stopped: Installation) -> None:
    import socket

    port = json.loads((stopped.folder / "server.json").read_text())["port"]
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port))
        squatter.listen()
        stopped.dozir("db", "start")
    assert json.loads((stopped.folder / "server.json").read_text())["port"] != port
    assert stopped.one("SELECT 1") == 1


def test_killed_maker_leaves_nothing_that_is_used(fresh: Installation) -> None:
    """What a maker was killed over is removed, and a whole cluster made."""
    left = fresh.folder / ".data-left/data"
    left.mkdir(parents=True)
    (left / "PG_VERSION").write_text("17\n")
    fresh.dozir("db", "start")
    assert not list(fresh.folder.glob(".data-*"))
    assert fresh.one("SELECT current_database()") == "dozir"


def test_start_refuses_settings_that_lose_acknowledged_batches(stopped: Installation) -> None:
    stopped.dozir("db", "start")
    stopped.execute("ALTER DATABASE dozir SET synchronous_commit = off")
    stopped.dozir("db", "stop")
    local = stopped.folder / "data/conf.d/local.conf"
    local.write_text("fsync = off\nfull_page_writes = off\n")
    local.chmod(0o644)
    said = stopped.dozir("db", "start", code=1).stderr
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        assert f"{setting} is off" in said
    stopped.dozir("db", "status", code=3)
    assert local.read_text().startswith("fsync = off"), "the administrator's file is not touched"


def test_administrator_has_the_last_word_on_the_rest(stopped: Installation) -> None:
    own = stopped.folder / "data/dozir.conf"
    own.write_text("# an older version's\n")
    local = stopped.folder / "data/conf.d/local.conf"
    local.write_text("work_mem = '5MB'\n")
    local.chmod(0o644)
    stopped.dozir("db", "start")
    assert stopped.one("SHOW work_mem") == "5MB"
    assert stopped.one("SHOW max_locks_per_transaction") == "1024", "ours are written at each start"


def test_lost_data_of_another_major_are_not_touched(stopped: Installation) -> None:
    version = stopped.folder / "data/PG_VERSION"
    version.write_text("12\n")
    assert "made by PostgreSQL 12" in stopped.dozir("db", "start", code=1).stderr
    version.write_text("17\n")


def test_long_home_moves_the_socket_to_a_short_private_folder(fresh: Installation) -> None:
    long = fresh.home / ("long-" * 20)
    made = replace(fresh, home=long, extra={})
    try:
        made.dozir("db", "start")
        assert made.one("SELECT 1") == 1
        socket = Path(str(made.one("SHOW unix_socket_directories")))
        assert len(bytes(socket)) < 80
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    finally:
        made.dozir("db", "stop")
    shutil.rmtree(socket)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server has an account of its own")
def test_home_that_the_system_user_cannot_reach_is_named(fresh: Installation) -> None:
    closed = fresh.home / "closed"
    closed.mkdir(mode=0o700)
    made = replace(fresh, home=closed / "home")
    said = made.dozir("db", "start", code=1).stderr
    assert f"cannot enter {closed}" in said
    assert "DOZIR_HOME" in said


def test_password_is_asked_on_socket_and_port(running: Installation) -> None:
    address = psycopg.conninfo.conninfo_to_dict(running.url())
    wrong = {**address, "password": "wrong"}
    for host in (str(address["host"]), "127.0.0.1"):
        with psycopg.connect(**{**address, "host": host}) as connection:  # type: ignore[arg-type]
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(**{**wrong, "host": host})  # type: ignore[arg-type]


def test_files_are_private(running: Installation) -> None:
    private = ("data", "run", "secrets", "secrets/postgres.password", "log/postgresql.log")
    for name in private:
        mode = stat.S_IMODE((running.folder / name).stat().st_mode)
        assert mode & 0o077 == 0, f"{name} has mode {mode:o}"
    running.one("SELECT 1")
    assert running.one("SHOW listen_addresses") == "127.0.0.1"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT '{}'::int",
        "INSERT INTO guarded VALUES ('{}'), ('{}')",
        "INSERT INTO guarded VALUES ('{}' || repeat('x', 40))",
        "COPY guarded (n) FROM PROGRAM 'echo {}'",
        "DO $$ BEGIN RAISE EXCEPTION 'seen: {}' USING DETAIL = '{}'; END $$",
        "DO $$ BEGIN RAISE WARNING 'seen: {}'; RAISE LOG 'a line'; PERFORM 1 / 0; END $$",
    ],
)
def test_log_holds_no_value(running: Installation, query: str) -> None:
    value = "Шевченко-1234567890"
    columns = "name text PRIMARY KEY CHECK (length(name) < 30), n int"
    running.execute(f"CREATE TABLE IF NOT EXISTS guarded ({columns})")
    with pytest.raises(psycopg.Error):
        running.execute(query.replace("{}", value))
    log = (running.folder / "log/postgresql.log").read_text()
    assert "ready to accept connections" in log
    assert value not in log


def test_data_checksums_and_encoding(running: Installation) -> None:
    assert running.one("SHOW data_checksums") == "on"
    assert running.one("SHOW server_encoding") == "UTF8"
    assert running.one("SHOW timezone") == "UTC"
    assert running.one("SELECT lower('ЇЖАК ҐАВА')") == "їжак ґава"
    letters = "FROM unnest('{я,ґ,і,г}'::text[]) l"
    assert (
        running.one(f"SELECT string_agg(l, '' ORDER BY l COLLATE \"uk-x-icu\") {letters}") == "гґія"
    )
