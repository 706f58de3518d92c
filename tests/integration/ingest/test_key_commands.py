"""``dozir key``: what a registrar can do at a command line, and what nobody can."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.registry.keys import parse_key
from portal.runtime.instance import instance
from tests.support.api import Client
from tests.support.databases import refusal
from tests.support.market import Key


def dozir(*words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(main, ["key", *words])
    assert done.exit_code == code, done.output
    return done


def issue(api: Client, *words: str, mode: str = "live") -> str:
    return dozir("issue", "--operator", api.operator.code, "--mode", mode, *words).stdout.strip()


def row_of(text: str, api: Client) -> dict[str, Any]:
    found = json.loads(dozir("list", "--operator", api.operator.code, "--json").stdout)["keys"]
    (row,) = (one for one in found if one["key_id"] == parse_key(text).key_id)
    made: dict[str, Any] = row
    return made


def holding(text: str, api: Client) -> Client:
    """The operator's system with a key that was just printed."""
    key = Key(row_of(text, api)["id"], text)
    return Client(api.port, api.operator, api.inspector, key, api.sequences)


def test_a_live_key_works_until_it_is_revoked(api: Client) -> None:
    text = issue(api, "--name", "Каса № 1")
    client = holding(text, api)
    client.accepted([client.record()])
    assert client.get("/registry").status == 200
    assert row_of(text, api)["label"] == "Каса № 1"
    name = parse_key(text).key_id
    assert f"Key {name} is revoked" in dozir("revoke", name).stderr
    assert client.post().code == "key_revoked"
    assert f"Key {name} was revoked already" in dozir("revoke", name).stderr
    assert row_of(text, api)["state"] == "revoked"


def test_a_test_key_only_asks_and_is_told_so(api: Client) -> None:
    done = dozir("issue", "--operator", api.operator.code, "--mode", "test")
    assert "test, may validate, until" in done.stderr
    text = done.stdout.strip()
    listed = dozir("list", "--operator", api.operator.code).stdout.splitlines()
    (line,) = (one for one in listed if one.startswith(parse_key(text).key_id))
    assert line.split()[2:4] == ["test", "validate"]
    client = holding(text, api)
    assert client.post(path="/validate").status == 200
    assert client.post().code == "test_key"
    assert client.get("/batches").code == "test_key"


def test_a_key_may_no_more_than_its_scopes_and_no_longer_than_its_day(api: Client) -> None:
    client = holding(issue(api, "--scope", "read"), api)
    assert client.post().code == "scope_missing"
    assert client.get("/registry").status == 200
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    text = issue(api, "--scope", "submit", "--manual", "--expires", f"{tomorrow:%Y-%m-%d}")
    row = row_of(text, api)
    assert (row["scopes"], row["manual"], row["state"]) == (["submit"], True, "valid")
    assert row["expires_at"].startswith(f"{tomorrow:%Y-%m-%d}")  # the end of that day in Kyiv
    assert holding(text, api).get("/registry").code == "scope_missing"


def test_the_secret_is_printed_once_and_kept_nowhere(api: Client) -> None:
    done = dozir("issue", "--operator", api.operator.code, "--mode", "test", "--name", "hunted")
    text = done.stdout.strip()
    parsed = parse_key(text)
    assert done.stdout == f"{text}\n"
    assert parsed.secret not in done.stderr
    assert parsed.key_id in done.stderr
    shown = dozir("list").output + dozir("list", "--json").output
    assert parsed.key_id in shown
    assert parsed.secret not in shown
    assert "secret" not in shown
    stored = api.inspector.value(
        "select string_agg(k::text, '') || (select string_agg(h::text, '') from registry.history"
        " as h where h.table_name = 'access_key') from registry.access_key as k"
    )
    assert parsed.key_id in stored
    assert parsed.secret not in stored
    hashed = api.inspector.value(
        "select encode(secret_hmac, 'hex') from registry.access_key where key_id = %s",
        parsed.key_id,
    )
    assert hashed not in shown
    for path in (instance().log, *Path(os.environ["DOZIR_HOME"]).rglob("*.log")):
        assert parsed.secret not in path.read_text(errors="replace")


def test_the_history_tells_who_made_and_who_revoked(api: Client) -> None:
    name = parse_key(issue(api, "--name", "told")).key_id
    dozir("revoke", name)
    told = api.inspector.rows(
        "select actor, operation, after ->> 'label', after ->> 'revoked_at' is not null"
        " from registry.history where table_name = 'access_key' and after ->> 'key_id' = %s"
        " order by id",
        name,
    )
    actor = f"dozir key, {os.environ.get('LOGNAME') or os.environ.get('USER') or 'root'}"
    assert told == [(actor, "insert", "told", False), (actor, "update", "told", True)]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["issue", "--operator", "NOBODY", "--mode", "live"], 1, "no operator NOBODY; there are:"),
        (["list", "--operator", "x'; drop table registry.access_key"], 1, "There is no operator"),
        (["issue", "--operator", "API-FIRST"], 2, "--mode"),
        (["issue", "--operator", "API-FIRST", "--mode", "root"], 2, "--mode"),
        (["issue", "--operator", "API-FIRST", "--mode", "live", "--scope", "all"], 2, "--scope"),
        (["issue", "--operator", "API-FIRST", "--mode", "test", "--scope", "read"], 2, "--scope"),
        (["issue", "--operator", "API-FIRST", "--mode", "live", "--name", "\x1b[2J"], 2, "--name"),
        (["issue", "--operator", "API-FIRST", "--mode", "live", "--name", "a\nb"], 2, "--name"),
        (["issue", "--operator", "API-FIRST", "--mode", "live", "--name", " "], 2, "--name"),
        (["issue", "--operator", "API-FIRST", "--mode", "live", "--name", "x" * 101], 2, "--name"),
        (
            ["issue", "--operator", "API-FIRST", "--mode", "live", "--expires", "2025-01-01"],
            2,
            "that day is over",
        ),
        (["revoke", "000000000000"], 1, "There is no such key"),
        (["revoke", ""], 1, "There is no such key"),
    ],
)
@pytest.mark.usefixtures("api")
def test_what_makes_no_sense_makes_no_key(words: list[str], code: int, said: str) -> None:
    before = json.loads(dozir("list", "--json").stdout)["keys"]
    done = dozir(*words, code=code)
    assert said in done.stderr
    assert done.stdout == ""
    assert json.loads(dozir("list", "--json").stdout)["keys"] == before


def test_a_whole_key_is_not_taken_and_not_repeated(api: Client) -> None:
    text = issue(api)
    said = dozir("revoke", text, code=1).output
    assert f"dozir key revoke {parse_key(text).key_id}" in said
    assert parse_key(text).secret not in said
    assert row_of(text, api)["state"] == "valid"


def test_a_name_cannot_steer_the_terminal(api: Client) -> None:
    """Keys are made through the database, too, where a name is any text."""
    api.inspector.execute(
        "insert into registry.access_key (operator_id, key_id, secret_hmac, label, scopes)"
        " values (%s, 'Steers000000', sha256('x'), %s, '{}')",
        api.operator.id,
        "\x1b]0;owned\x07\x1b[2J",
    )
    shown = dozir("list").stdout
    assert "Steers000000" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize("role", ["regulator", "tax_service", "auditor"])
def test_nobody_but_its_operator_and_the_registrar_makes_or_revokes_a_key(
    api: Client, role: str
) -> None:
    with api.inspector.database.acting_as(role, api.operator.id) as conn:
        create = (
            "select api.create_access_key(%s, 'Stolen000000', sha256('x'), 'x', 'live',"
            " '{submit}', false, null)"
        )
        assert refusal(conn, create, (api.operator.id,)) == "42501"
        assert refusal(conn, "select api.revoke_access_key(%s)", (api.operator.key.id,)) == "42501"


def test_the_command_as_a_process_says_no_secret_beside_the_key(api: Client) -> None:
    """What a log of services would hold is standard error; it never holds the key."""
    program = Path(sys.executable).with_name("dozir")
    done = subprocess.run(
        [program, "key", "issue", "--operator", api.operator.code, "--mode", "test"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"dz_test_\w{62}\n", done.stdout)
    assert "dz_test_" not in done.stderr
