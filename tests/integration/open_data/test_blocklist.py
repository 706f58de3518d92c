"""The list of blocked addresses: what may come onto it, its forms, feed and signatures."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from portal import db
from portal.open_data import blocklist
from portal.transparency import checkpoints, keys, notes
from portal.transparency.notes import NoteInvalid
from tests.integration.open_data.entering import block, entered
from tests.support.databases import refusal, rows


def feed(anyone, after=0):
    return json.loads(anyone.get(f"/open/blocked/changes?after={after}").text)


def listed(anyone):
    return set(anyone.get("/open/blocked.txt").text.split())


def test_the_feed_is_gapless_and_rebuilds_the_list(anyone):
    block(), block()
    changes = []
    while more := feed(anyone, changes[-1]["sequence"] if changes else 0)["changes"]:
        changes += more
    assert [one["sequence"] for one in changes] == list(range(1, len(changes) + 1))
    standing = {}
    for one in changes:
        standing[one["address"]] = one["action"] == "added" and one["kind"] in ("site", "mirror")
    assert {address for address, on in standing.items() if on} == listed(anyone)


def test_an_order_that_is_lifted_leaves_the_list_in_the_same_commit(anyone):
    made = block("lifted.example.net")
    last = feed(anyone)["last"]
    entered("blocked_site", "end", made, blocked_until="2026-02-01T00:00:00+00:00")
    assert "lifted.example.net" not in listed(anyone)
    [removed] = feed(anyone, last)["changes"]
    assert (removed["action"], removed["address"]) == ("removed", "lifted.example.net")


def test_what_begins_later_comes_when_its_time_has_come(anyone, database):
    soon = datetime.now(UTC) + timedelta(days=2)
    block("planned.example.net", blocked_from=soon.isoformat())
    assert "planned.example.net" not in listed(anyone)
    with database.rolled_back() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "update registry.blocked_site set blocked_from = '2026-01-01'"
            " where address = 'planned.example.net'"
        )
        conn.execute("set session_replication_role = origin")
        assert rows(conn, "select maintenance.publish_some_blocked()") == [(1,)]
        assert rows(
            conn, "select address, added from blocking.change order by sequence desc limit 1"
        ) == [("planned.example.net", True)]


@pytest.mark.parametrize(
    ("address", "kind", "attribute", "code"),
    [
        ("https://example.net/x", "site", "address", "other_form"),
        ("example.net", "advertisement", "address", "other_form"),
        ("net", "site", "address", "site_address"),
        ("javascript:alert(1)", "application", "address", "site_address"),
        ("https://user:secret@example.net/", "application", "address", "site_address"),
        ("https://127.0.0.1/", "application", "address", "site_address"),
        ("a.example.net CNAME .", "site", "address", "pattern"),
        ("a.example.net\n$INCLUDE /etc/passwd", "site", "address", "pattern"),
        ("a.example.net;", "site", "address", "site_address"),
        ("*.example.net", "site", "address", "site_address"),
        ("mirror.example.net", "mirror", "mirror_of_id", "required"),
    ],
)
def test_what_is_no_address_is_refused(address, kind, attribute, code):
    assert block(address, kind)[attribute] == code


def test_a_registered_site_cannot_be_blocked_nor_what_is_above_it(database, scene):
    with db.public() as conn:
        row = conn.execute("select domain from open_data.websites limit 1").fetchone()
    domain = row["domain"]
    assert block(domain) == {"address": "licensed"}
    insert = (
        "insert into registry.blocked_site (address, site_kind, order_number, order_date,"
        " blocked_from) values (%s, 'site', '1', '2026-01-01', '2026-01-01')"
    )
    with database.rolled_back() as conn:  # past the form, too
        assert refusal(conn, insert, (domain,)) == "DZR03"
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "update registry.website set domain = 'play.licensed.example.net' where domain = %s",
            (domain,),
        )
        conn.execute("set session_replication_role = origin")
        assert refusal(conn, insert, ("licensed.example.net",)) == "DZR03"
        assert rows(conn, f"{insert} returning address", ("below.licensed.example.net",))


def test_an_order_of_tomorrow_and_the_same_address_again_are_refused():
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    assert block(order_date=tomorrow) == {"order_date": "future"}
    assert isinstance(block("twice.example.net"), int)
    assert block("twice.example.net") == {"address": "taken"}


def test_every_form_has_what_servers_need(anyone):
    block("zone.example.net")
    block("https://store.example.net/app?x=1", "application")
    zone = anyone.get("/open/blocked.rpz").text.splitlines()
    assert zone[1].split()[4] == anyone.get("/open/blocked.rpz").headers["Dozir-List-Sequence"]
    assert "zone.example.net CNAME ." in zone
    assert "*.zone.example.net CNAME ." in zone
    assert not any("store.example.net" in line for line in zone)
    assert all(len(line.split()) == 3 for line in zone[3:])
    whole = json.loads(anyone.get("/open/blocked.json").text)
    kinds = {one["address"]: one["kind"] for one in whole["addresses"]}
    assert kinds["https://store.example.net/app?x=1"] == "application"
    assert "store.example.net/app" in anyone.get("/open/blocked.csv").text


@pytest.mark.parametrize("name", blocklist.FORMS)
def test_a_signature_holds_for_the_bytes_that_were_served_and_for_no_others(anyone, name):
    block()
    body = anyone.get(f"/open/{name}").data
    note = anyone.get(f"/open/{name}.sig").text
    text, signatures = notes.read(note)
    version, origin, told, number, digest = text.splitlines()
    assert (version, told) == (blocklist.NOTE, name)
    assert number == anyone.get(f"/open/{name}").headers["Dozir-List-Sequence"]
    assert base64.b64decode(digest) == sha256(body).digest()
    key = keys.verifying_keys(origin)[0]
    signature = notes.find(signatures, key)
    checkpoints.verify_signature(text, signature, key)
    with pytest.raises(NoteInvalid):
        checkpoints.verify_signature(text.replace(f"\n{number}\n", "\n0\n"), signature, key)


def test_what_was_published_stays_as_it_was(database):
    block()
    with database.connect() as conn:
        assert refusal(conn, "update blocking.change set address = 'x'") == "DZA01"
        assert refusal(conn, "delete from blocking.change") == "DZA01"
        assert refusal(conn, "update registry.blocked_site set address = 'other.example.net'") in (
            "DZA03",
            "23505",
        )
