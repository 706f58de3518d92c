"""``dozir db`` and ``dozir doctor`` as a person meets them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from .conftest import Installation


def test_psql_runs_and_its_password_stays_out_of_the_process_list(running: Installation) -> None:
    query = "SELECT 'found ' || current_user"
    assert "found postgres" in running.dozir("db", "psql", "--", "-Atc", query).stdout
    shown = running.dozir("db", "psql", "--", "-c", "\\! tr '\\0' ' ' < /proc/$PPID/cmdline")
    password = (running.folder / "secrets/postgres.password").read_text()
    assert "psql" in shown.stdout
    assert password not in shown.stdout


def test_psql_keeps_cyrillic(running: Installation) -> None:
    done = running.dozir("db", "psql", "-Atc", "SELECT 'Ґанок'", LANG="C", LC_ALL="C")
    assert done.stdout == "Ґанок\n"


def test_psql_passes_its_exit_code_on(running: Installation) -> None:
    running.dozir("db", "psql", "--", "-v", "ON_ERROR_STOP=1", "-f", "/nonexistent", code=1)


def test_role_address_logs_in_as_that_role(running: Installation) -> None:
    address = running.url("--role", "dozir_readonly")
    password = (running.folder / "secrets/dozir_readonly.password").read_text()
    running.execute(f"CREATE ROLE dozir_readonly LOGIN PASSWORD '{password}'")
    with running.connect(address) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("dozir_readonly",)
    done = running.dozir("db", "psql", "--role", "dozir_readonly", "-Atc", "SELECT current_user")
    assert done.stdout == "dozir_readonly\n"


def test_address_before_the_first_start_says_what_to_do(fresh: Installation) -> None:
    assert "dozir db start" in fresh.dozir("db", "url", code=1).stderr


def test_a_mistyped_instance_is_named_and_nothing_is_made(running: Installation) -> None:
    wrong = replace(running, name="onee")
    for words in (
        *("verify", "jobs list", "db stop", "db psql", "db growth", "db upgrade", "db status"),
        *("db url", "db url --role dozir_portal", "db psql --role dozir_portal"),
    ):
        done = wrong.dozir(*words.split(), code=3 if words == "db status" else 1)
        assert "There is no instance onee; there are: one." in done.stderr, words
        assert "running" not in done.stdout, words
    assert not wrong.folder.exists()
    assert running.one("SELECT 1") == 1


def test_stopping_twice_is_no_error(fresh: Installation) -> None:
    """A service may be stopped that is down already; only a name that is not there is refused."""
    assert "There is no instance one; there are: none." in fresh.dozir("db", "stop", code=1).stderr
    assert not fresh.folder.exists()
    fresh.dozir("db", "start")
    for _ in range(2):
        assert "Instance one: the database is stopped." in fresh.dozir("db", "stop").stdout


def test_a_refused_login_is_a_sentence(running: Installation) -> None:
    said = running.dozir("verify", code=1).stderr
    assert "dozir_migrator" in said
    assert "dozir doctor" in said


def test_a_database_without_schema_is_a_sentence(running: Installation) -> None:
    password = "".join(
        path.read_text() for path in [running.folder / "secrets/dozir_migrator.password"]
    )
    running.execute(f"CREATE ROLE dozir_migrator LOGIN PASSWORD '{password}'")
    try:
        assert "dozir migrate --plan" in running.dozir("verify", code=1).stderr
    finally:
        running.execute("DROP ROLE dozir_migrator")


def test_an_instance_is_removed_whole_and_only_when_it_is_meant(stopped: Installation) -> None:
    stopped.dozir("db", "start")
    other = replace(stopped, name="other")
    for wrong in ("nothing", "..", "one/../one", ""):
        assert "there are: one" in other.dozir("db", "remove", wrong, "--yes", code=1).stderr
    assert "--yes" in stopped.dozir("db", "remove", "one", code=1).stderr
    stopped.dozir("db", "remove", "one", "--yes", code=1)  # nobody typed its name
    other.dozir("db", "remove", "one", code=1)  # nobody answered
    assert json.loads(stopped.dozir("db", "status", "--json").stdout)["state"] == "running"
    assert "one is removed" in other.dozir("db", "remove", "one", "--yes").stdout
    assert not stopped.folder.exists()


def test_status_tells_each_state(fresh: Installation) -> None:
    def state() -> str:
        done = fresh.popen("db", "status", "--json")
        told: str = json.loads(done.communicate()[0])["state"]
        return told

    assert state() == "absent"
    fresh.dozir("db", "start")
    assert state() == "running"
    fresh.dozir("db", "stop")
    assert state() == "stopped"


def test_external_database_is_checked_and_never_stopped(running: Installation) -> None:
    outside = replace(running, name="elsewhere", extra={"DOZIR_DATABASE_URL": running.url()})
    outside.dozir("db", "start")
    assert outside.url() == running.url()
    assert json.loads(outside.dozir("db", "status", "--json").stdout)["kind"] == "external"
    assert "not ours to stop" in outside.dozir("db", "stop", code=1).stderr
    assert running.one("SELECT 1") == 1
    told = psycopg.conninfo.conninfo_to_dict(outside.url("--role", "dozir_portal"))
    here = psycopg.conninfo.conninfo_to_dict(running.url())
    assert told["user"] == "dozir_portal"
    assert {**told, "user": 0, "password": 0} == {**here, "user": 0, "password": 0}
    done = outside.dozir("db", "psql", "-Atc", "SELECT current_user")
    assert done.stdout == "postgres\n"


def test_external_database_with_unsafe_settings_is_refused(running: Installation) -> None:
    running.execute(
        "DROP DATABASE IF EXISTS unsafe",
        "CREATE DATABASE unsafe",
        "ALTER DATABASE unsafe SET synchronous_commit = local",
    )
    address = running.url().replace("/dozir?", "/unsafe?")
    outside = replace(running, extra={"DOZIR_DATABASE_URL": address})
    assert "synchronous_commit is local" in outside.dozir("db", "start", code=1).stderr
    report = json.loads(outside.dozir("doctor", "--json", code=1).stdout)
    assert "synchronous_commit" in "".join(c["found"] for c in report["checks"])


def test_external_database_that_does_not_answer_is_named(fresh: Installation) -> None:
    address = "postgresql://someone:hidden@127.0.0.1:1/dozir"
    outside = replace(fresh, extra={"DOZIR_DATABASE_URL": address})
    said = outside.dozir("db", "start", code=1).stderr
    assert "does not answer" in said
    assert "hidden" not in said


@pytest.mark.parametrize(
    "words", ["migrate --plan", "migrate --drift", "jobs list", "jobs pause x", "schema", "verify"]
)
def test_a_database_that_is_away_is_a_sentence_that_says_where_to_look(
    fresh: Installation, words: str
) -> None:
    address = "postgresql://someone:hidden@127.0.0.1:1/dozir"
    said = replace(fresh, extra={"DOZIR_DATABASE_URL": address}).dozir(*words.split(), code=1)
    told = said.stderr.removeprefix("Error: ").strip()
    assert "hidden" not in told
    assert len(told.splitlines()) == 1
    assert "Connection refused" in told


def test_doctor_finds_a_running_installation_well(running: Installation) -> None:
    report = json.loads(running.dozir("doctor", "--json").stdout)
    assert report["ok"]
    assert {check["name"] for check in report["checks"]} >= {"server", "fitness", "programs"}
    assert not [check for check in report["checks"] if check["state"] == "broken"]


def test_doctor_says_how_to_mend_an_open_secret(running: Installation) -> None:
    path = running.folder / "secrets/postgres.password"
    path.chmod(0o644)
    try:
        report = json.loads(running.dozir("doctor", "--json", code=1).stdout)
    finally:
        path.chmod(0o600)
    broken = [check for check in report["checks"] if check["state"] == "broken"]
    assert [check["mend"] for check in broken] == [f"chmod go= {path}"]


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH on which there is no tool at all."""
    return str(tmp_path)


def test_host_without_debian_tools_gets_a_clear_message(
    fresh: Installation, bare_path: str
) -> None:
    empty = {"DOZIR_CACHE": str(fresh.home / "cache"), "PATH": bare_path}
    for arguments in (("db", "start"), ("doctor",)):
        done = fresh.dozir(*arguments, code=1, **empty)
        said = done.stdout + done.stderr
        assert "apt-get" in said
        assert "DOZIR_DATABASE_URL" in said
