"""The guides work as they stand: every block is run in order, in both languages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from portal.docs.guides import source
from portal.ingest.uuid7 import make_id
from tests.support import market
from tests.support.api import Client, Inspector, encoded
from tests.support.browser import Browser
from tests.support.databases import Connection, Database, value
from tests.support.documented import register_documented
from tests.support.guides import ALL, LANGUAGES, blocks, follow
from tests.support.servers import Server
from tests.support.specification import DOCUMENT

OWN_ID, MOMENT = "bet/4711", "2026-09-21T14:13:20.123Z"
MADE = str(make_id(1_790_000_000_123, OWN_ID))


@pytest.fixture(params=LANGUAGES)
def followed(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database: Database,
    server: Server,
    inspector: Inspector,
) -> tuple[Client, Path]:
    """Somebody new has gone through all guides."""
    with database.connect() as conn:
        operator = market.register(
            conn,
            market.document(
                f"GUIDES-{request.param.upper()}",
                licences=[market.licence(f"GUIDES-{request.param}", "bookmaker")],
                channels=[market.website("site")],
            ),
        )
    for name, mode in (("demo-keys.json", "live"), ("demo-test-keys.json", "test")):
        (tmp_path / name).write_text(json.dumps({operator.code: operator.keys[mode].text}))
    follow(
        tmp_path,
        request.param,
        DOZIR=f"http://127.0.0.1:{server.port}",
        KEYS="demo-keys.json",
    )
    return Client(server.port, operator, inspector), tmp_path


def test_who_follows_the_guides_gets_what_they_promise(followed: tuple[Client, Path]) -> None:
    client, folder = followed

    def answered(name: str) -> Any:
        return json.loads((folder / name).read_bytes())

    first, corrected = answered("receipt.json"), answered("corrected.json")
    assert first["rows"] == 1
    assert first["totals"][0]["sum"] == "250.00"
    [total] = corrected["totals"]
    assert (total["count"], total["sum"]) == (1, "25.00")
    assert (total["cancelled_count"], total["cancelled_sum"]) == (1, "250.00")
    assert answered("received.json")["batches"] == [first, corrected]
    assert answered("checked.json")["code"] == "duplicate_id"
    back, right = answered("correction.json")
    wrong_id = back["cancels"]["id"]
    assert right["id"][:13] == wrong_id[:13], "the event keeps its time"
    assert right["id"] != wrong_id
    problem = answered("problem.json")
    assert problem["code"] == "amount_too_precise"
    assert [error["pointer"] for error in problem["errors"]] == ["/0/amount"]

    assert {answered(f"outbox/{number}.receipt")["stream_sequence"] for number in (1, 2)} == {1, 2}
    assert answered("back-receipt.json")["totals"][0]["cancelled_count"] == 1
    assert answered("back-problem.json")["code"] == "already_cancelled"
    days = [answered(f"day-{number}.receipt") for number in (1, 2, 3)]
    assert [receipt["rows"] for receipt in days] == [200] * 3
    assert answered("validated.json")["valid"]
    compared = answered("reconciled.json")
    assert (compared["gaps"], compared["missing"]) == ({}, [])
    assert re.fullmatch(
        rf"batch {answered('proven.json')['batch_id']} is entry \d+ of \d+\n",
        (folder / "checked.txt").read_text(),
    )
    assert answered("verdict.json")["outcome"] == "proven"
    declared = answered("declared.json")
    assert [status for status, _ in declared] == [201, 200, 409, 201]
    assert declared[0][1] == declared[1][1]
    assert declared[2][1]["code"] == "declared_otherwise"
    kept_days = answered("declared-days.json")["declarations"]
    assert [one["version"] for one in kept_days] == [1, 2]
    _check_finds_what_was_altered(folder)
    figures = client.figures()
    kept = answered("outbox/2.receipt")
    stored = sum(int(receipt["rows"]) for receipt in (first, corrected, kept, *days)) + 2
    assert figures.transactions == stored
    assert figures.cancellations == 2


@pytest.mark.parametrize("name", ALL)
def test_both_languages_show_the_same_code(name: str) -> None:
    english, ukrainian = (blocks(name, language) for language in LANGUAGES)
    assert [one.language for one in english] == [one.language for one in ukrainian]
    for one, other in zip(english, ukrainian, strict=True):
        assert _without_comments(one.text) == _without_comments(other.text)


def _without_comments(text: str) -> list[str]:
    kept = [line for line in text.splitlines() if not line.lstrip().startswith(("# ", "// "))]
    return [line.partition(" # ")[0].partition(" // ")[0].rstrip() for line in kept]


def test_every_block_is_of_a_kind_that_is_run() -> None:
    """What is neither run nor an answer to look at is no example."""
    kinds = {block.language for name in ALL for block in blocks(name, "en")}
    assert kinds == {"sh", "python", "sql", "javascript", "text", "json"}
    (text,) = [block for name in ALL for block in blocks(name, "en") if block.language == "text"]
    assert text.text.startswith("export DOZIR=")


def block_of(language: str, kind: str) -> str:
    (found,) = [one.text for one in blocks("identifiers", language) if one.language == kind]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_identifiers_made_in_sql_are_those_that_are_checked(
    superuser: Connection, language: str
) -> None:
    create, _, ask = block_of(language, "sql").partition("$$;\n")
    superuser.execute(create.replace("function make_id", "function pg_temp.make_id") + "$$")
    assert str(value(superuser, ask.replace("make_id", "pg_temp.make_id").rstrip("; \n"))) == MADE
    for microseconds in (0, 1, 999, 123_000, 123_499, 123_999, 999_999):
        moment = datetime.fromisoformat(MOMENT).replace(microsecond=microseconds)
        milliseconds = int(moment.timestamp()) * 1000 + microseconds // 1000
        for own_id in ("", "win/1", "ставка/17", "x" * 200):
            made = value(superuser, "select pg_temp.make_id(%s, %s)", (moment, own_id))
            assert made == make_id(milliseconds, own_id)


@pytest.mark.parametrize("language", LANGUAGES)
def test_identifiers_made_in_javascript_are_those_that_are_checked(
    browser: Browser, server: Server, language: str
) -> None:
    function, _, ask = block_of(language, "javascript").partition("\n\n")
    page = browser.new_page()
    page.goto(f"{server.url}/robots.txt")
    asked = ask.strip().rstrip(";").removeprefix("await ")
    assert page.evaluate(f"async () => {{ {function}\nreturn {asked}; }}") == MADE
    others = ["", "win/1", "ставка/17", "x" * 200]
    made = page.evaluate(
        f"async (ids) => {{ {function}\nreturn Promise.all(ids.map((id) => makeId(0, id))); }}",
        others,
    )
    assert made == [str(make_id(0, own_id)) for own_id in others]
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_value_to_check_against_is_the_one_that_is_made(language: str) -> None:
    assert f"| `{MOMENT}` | `{OWN_ID}` | `{MADE}` |" in source("identifiers", language)


def test_the_examples_of_the_specification_are_accepted(
    database: Database, server: Server, inspector: Inspector
) -> None:
    with database.connect() as conn:
        client = Client(server.port, register_documented(conn), inspector)
    examples = DOCUMENT["components"]["schemas"]["Transaction"]["examples"]
    assert client.accepted(body=encoded(examples)).document["rows"] == len(examples)
    for sent in _request_examples():
        client.accepted(body=encoded(sent))


def _request_examples() -> Iterator[Any]:
    for item in DOCUMENT["paths"].values():
        content = item.get("post", {}).get("requestBody", {}).get("content", {})
        media = content.get("application/json", {})
        yield from [media["example"]] if "example" in media else []
        yield from (one["value"] for one in media.get("examples", {}).values())


def _check_finds_what_was_altered(folder: Path) -> None:
    receipt = json.loads((folder / "proven.json").read_bytes())
    for name in ("rows", "received_at", "entry", "promise", "proof"):
        value = receipt[name]
        altered = value + 1 if isinstance(value, int) else _other(value, name)
        (folder / "altered.json").write_text(json.dumps(receipt | {name: altered}))
        done = subprocess.run(
            [sys.executable, "check_receipt.py", "altered.json", "outbox/1.json"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        assert done.returncode != 0, name


def _other(value: str, name: str) -> str:
    """With another character: of a proof in its path, as its end holds signatures of others."""
    place = value.index("\n", value.index("index ")) + 9 if name == "proof" else len(value) // 2
    return value[:place] + ("1" if value[place] != "1" else "2") + value[place + 1 :]
