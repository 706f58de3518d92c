"""Access keys as a register: listed, searched, counted, taken away and asked of any day as the
others are, by whom keys concern; not proposed, and never with what a secret could be tried against.
"""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from datetime import datetime, timedelta
from html import unescape

import pytest
from pyarrow import parquet

from portal import db
from portal.registry import gateway
from portal.registry.keys import NewKey, new_key
from tests.integration.registry.desk import operator
from tests.support.databases import Database, rows
from tests.support.market import Operator

REGISTER = "/registry/access_key"
SET = "Набір7"  # in the names of these keys, so that a search finds no other key
FILES = ("csv", "xlsx", "json", "parquet")


def make(whose: Operator, label: str, mode: str = "live", **other) -> tuple[int, NewKey]:
    key = new_key(mode)
    with db.owner_acting_as("registrar", actor="person 5") as conn:
        number = gateway.create_key(
            conn, operator_id=whose.id, key_id=key.key_id, secret_hmac=key.secret_hmac,
            label=label, mode=mode, scopes=other.get("scopes", ["submit"]), manual=False,
            expires_at=other.get("expires_at"), addresses=other.get("addresses", []),
        )  # fmt: skip
    return number, key


def now(database: Database) -> datetime:
    with database.connect() as conn:
        [(moment,)] = rows(conn, "select clock_timestamp()")
    return moment


@pytest.fixture(scope="module")
def other(database) -> Operator:
    return operator(database, "KEYS-OTHER")


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "KEYS-OWN")


@pytest.fixture(scope="module")
def keys(database, own, other) -> dict[str, tuple[int, NewKey]]:
    """Keys in each state by name, one of them another operator's."""
    made = {
        "live": make(own, f"{SET} Об’єднана ПЛАТФОРМА", addresses=["203.0.113.0/24"]),
        "test": make(own, f"=1+1 {SET}", "test"),
        "expired": make(own, f"{SET} Вчорашній", expires_at=now(database) - timedelta(hours=1)),
        "revoked": make(own, f"{SET} Втрачений <b>", scopes=["submit", "read"]),
        "other": make(other, f"{SET} Чужий"),
    }
    with db.owner_acting_as("registrar", actor="person 5") as conn:
        gateway.revoke_key(conn, made["revoked"][0])
    return made


def seen_by(visitor, role: str, own: Operator):
    """An official of that role, or somebody of the operator, at a browser."""
    client = visitor("auditor" if role == "operator" else role)
    if role == "operator":
        with db.portal() as conn:
            people = db.call(conn, "api.demo_identities")
        person = next(row["id"] for row in people if row["operator_code"] == own.code)
        assert client.post(f"/login/demo/{person}").status_code == 303
    return client


def listed(page: str) -> list[int]:
    """The keys of a page of the register, in its order."""
    table = page.partition('<table class="data">')[2]
    return [int(one) for one in re.findall(rf'<a href="{REGISTER}/(\d+)[?"]', table)]


def numbers(keys, *names: str) -> set[int]:
    return {keys[name][0] for name in names}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=набір7", ("live", "test", "expired", "revoked")),
        ("q=набір7&state=live", ("live",)),
        ("q=набір7&state=test&state=expired", ("test", "expired")),
        ("q=набір7&state=revoked", ("revoked",)),
        ("q=набір7&mode=test", ("test",)),
        ("q=набір7 об'єднана платформа", ("live",)),
        ("q=НАБІР7 203.0.113", ("live",)),
        ("q=набір7 втрачений&state=live", ()),
    ],
)
@pytest.mark.parametrize("role", ["regulator", "registrar", "auditor", "operator"])
def test_the_register_is_narrowed_and_searched(visitor, own, keys, role, query, found):
    client = seen_by(visitor, role, own)
    asked = f"{REGISTER}?{query}" if role == "operator" else f"{REGISTER}?operator={own.id}&{query}"
    page = client.get(asked)
    assert page.status_code == 200
    assert set(listed(page.text)) == numbers(keys, *found)


def test_a_key_is_found_by_its_id_and_across_all_registers(visitor, own, keys):
    number, key = keys["live"]
    client = seen_by(visitor, "operator", own)
    assert listed(client.get(f"{REGISTER}?q={key.key_id}").text) == [number]
    assert f'{REGISTER}/{number}"' in client.get(f"/registry/search?q={key.key_id}").text


def test_facets_count_by_state_and_mode(visitor, own, keys):
    page = visitor("regulator", language="en").get(f"{REGISTER}?operator={own.id}&q={SET}").text
    facets = unescape(
        re.sub(r"<[^>]+>|\s+", " ", page.split('class="facets"')[1].split("</nav>")[0])
    )
    assert re.search(
        r"State +Live 1 +Test 1 +Expired 1 +Revoked 1 +Mode", re.sub(" +", " ", facets)
    )
    assert re.search(r"Mode Live 3 +Test 1", re.sub(" +", " ", facets))


@pytest.mark.parametrize("sort", ["title", "code", "since", "until"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_pages_hold_every_key_once(visitor, own, keys, monkeypatch, sort, direction):
    monkeypatch.setattr("portal.registry.pages_lists.ROWS", 2)
    client, seen, pages = visitor("registrar"), [], 0
    address = f"{REGISTER}?operator={own.id}&q={SET}&sort={sort}&dir={direction}"
    while address:
        page = client.get(address).text
        seen += listed(page)
        pages += 1
        link = re.search(r'rel="next" href="([^"]+)"', page)
        address = unescape(link[1]) if link else ""
    assert len(seen) == 4
    assert set(seen) == numbers(keys, "live", "test", "expired", "revoked")
    assert pages == 2


def everything(client, keys) -> str:
    """All that the register says of the keys: lists, records, histories, files, search."""
    told = []
    for number, key in keys.values():
        for address in (f"{REGISTER}/{number}", f"{REGISTER}/{number}/history"):
            told.append(client.get(address).text)
        told.append(client.get(f"/registry/search?q={key.key_id}").text)
    for form in FILES:
        data = client.get(f"{REGISTER}?format={form}").data
        if form == "xlsx":
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                data = b"".join(book.read(name) for name in book.namelist())
        elif form == "parquet":
            table = parquet.read_table(io.BytesIO(data))
            data = f"{table.schema.metadata}{table.to_pylist()}".encode()
        told.append(data.decode())
    return "\n".join([*told, client.get(REGISTER).text])


@pytest.mark.parametrize("role", ["regulator", "registrar", "auditor", "operator"])
def test_no_secret_and_no_hash_of_one_is_told(visitor, own, keys, role):
    client = seen_by(visitor, role, own)
    told = everything(client, keys)
    assert keys["live"][1].key_id in told
    for _, key in keys.values():
        assert key.secret_hmac.hex() not in told
        assert key.text not in told
        assert key.text.split("_")[3][:43] not in told
    assert "hmac" not in told.lower()


@pytest.mark.parametrize("query", ["secret_hmac=x", "secret_hmac=%5Cx00"])
def test_a_secret_narrows_nothing(visitor, own, keys, query):
    page = visitor("regulator").get(f"{REGISTER}?operator={own.id}&q={SET}&{query}").text
    assert len(listed(page)) == 4
    with db.acting_as("regulator") as conn, pytest.raises(Exception, match="no such filter"):
        gateway.records(
            conn, "access_key", filters={"secret_hmac": ["x"]}, search="", sort="code",
            descending=False, cursor=None, backward=False, limit=5, as_of=None,
        )  # fmt: skip


def test_another_operators_key_is_as_absent_as_none(visitor, own, keys):
    client = seen_by(visitor, "operator", own)
    for address in (f"{REGISTER}/{keys['other'][0]}", f"{REGISTER}/999999999"):
        assert client.get(address).status_code == 404
        assert client.get(f"{address}/history").status_code == 404
    assert keys["other"][0] not in listed(client.get(REGISTER).text)
    assert "Чужий" not in everything(client, {"live": keys["live"]})


def test_the_tax_service_has_no_such_register(visitor, keys):
    client = visitor("tax_service")
    number, key = keys["live"]
    for address in (REGISTER, f"{REGISTER}/{number}", f"{REGISTER}/{number}/history"):
        assert client.get(address).status_code == 404
    assert REGISTER not in client.get("/registry").text
    assert str(number) not in re.findall(
        rf"{REGISTER}/(\d+)", client.get(f"/registry/search?q={key.key_id}").text
    )


def test_the_files_hold_the_keys_of_the_list(visitor, own, keys):
    client = visitor("auditor", language="en")
    asked = {"operator": own.id, "sort": "code", "q": SET}
    document = client.get(REGISTER, query_string=asked | {"format": "json"}).json
    assert [one["record_id"] for one in document["rows"]] == listed(
        client.get(REGISTER, query_string=asked).text
    )
    by_id = {one["record_id"]: one for one in document["rows"]}
    assert by_id[keys["live"][0]]["allowed_addresses"] == "203.0.113.0/24"
    assert by_id[keys["expired"][0]]["state_code"] == "expired"
    file = client.get(REGISTER, query_string=asked | {"format": "csv"}).text
    lines = list(
        csv.DictReader(
            io.StringIO(file.removeprefix("\ufeff").partition("\r\n\r\n")[0]), delimiter=";"
        )
    )
    told = {line["Key id"]: line for line in lines}
    assert told[keys["live"][1].key_id]["From which addresses"] == "203.0.113.0/24"
    assert told[keys["revoked"][1].key_id]["It may"] == "Send batches, Ask what was received"
    assert told[keys["revoked"][1].key_id]["State"] == "Revoked"
    assert told[keys["test"][1].key_id]["Name"] == f"'=1+1 {SET}"  # runs in no spreadsheet
    assert {line["Operator"] for line in lines} == {"KEYS-OWN"}


def test_a_key_is_as_the_register_said_at_each_moment(visitor, database, own):
    client, before = visitor("regulator", language="en"), now(database)
    number, _ = make(own, "Перейде", scopes=["submit", "read"])
    made = now(database)
    with db.owner_acting_as("registrar", actor="person 5") as conn:
        gateway.restrict_key(
            conn, number, scopes=["submit"], addresses=["198.51.100.7/32"], expires_at=None
        )
    restricted = now(database)
    with db.owner_acting_as("registrar", actor="person 5") as conn:
        gateway.revoke_key(conn, number)

    def at(moment: datetime) -> str:
        return (
            client.get(f"{REGISTER}/{number}", query_string={"as_of": moment.isoformat()})
            .text.split('id="facts"')[-1]
            .split("<form")[0]
        )

    def among(moment: datetime, state: str) -> bool:
        asked = {"as_of": moment.isoformat(), "operator": own.id, "state": state}
        return number in listed(client.get(REGISTER, query_string=asked).text)

    assert (
        "The registry had no such record then"
        in client.get(f"{REGISTER}/{number}", query_string={"as_of": before.isoformat()}).text
    )
    assert "Ask what was received" in at(made)
    assert "198.51.100.7/32" not in at(made)
    assert "Ask what was received" not in at(restricted)
    assert "198.51.100.7/32" in at(restricted)
    assert (among(before, "live"), among(made, "live"), among(restricted, "live")) == (
        False, True, True,
    )  # fmt: skip
    assert among(now(database), "revoked")
    told = client.get(f"{REGISTER}/{number}/history").text
    assert all(words in told for words in ("198.51.100.7/32", "Ask what was received", "Revoked"))


def test_a_key_that_expires_turns_without_an_act(visitor, database, own):
    number, _ = make(own, "Скоро", expires_at=now(database) + timedelta(seconds=1))
    client = visitor("regulator")
    assert number in listed(client.get(f"{REGISTER}?operator={own.id}&state=live").text)
    time.sleep(1.1)  # a state turns by when its transaction began
    with database.connect() as conn:
        conn.execute("select maintenance.turn_some_states(1000)")
    assert number in listed(client.get(f"{REGISTER}?operator={own.id}&state=expired").text)


@pytest.mark.parametrize("role", ["regulator", "registrar", "operator"])
def test_a_key_is_read_here_and_neither_proposed_nor_changed(visitor, own, keys, role):
    client = seen_by(visitor, role, own)
    number = keys["live"][0]
    page = client.get(f"{REGISTER}/{number}").text
    assert f'href="/registry/keys/{number}"' in page
    assert "/amend" not in page
    assert "/registry/new/" not in client.get(REGISTER).text
    for address in (
        "/registry/new/access_key",
        *(f"{REGISTER}/{number}/{a}" for a in ("amend", "end")),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, data={}).status_code == 404
    # The pages of keys lead here.
    assert REGISTER in client.get("/registry/keys").text
    assert f'href="{REGISTER}/{number}"' in client.get(f"/registry/keys/{number}").text


def test_what_runs_out_is_told_once(visitor, database, own):
    make(own, "Ось-ось", expires_at=now(database) + timedelta(days=5))
    page = seen_by(visitor, "operator", own).get("/registry/own").text
    assert page.count("Ось-ось") == 1
