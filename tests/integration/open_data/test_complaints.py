"""Complaints of the public: taken in, counted, kept from floods, and told to nobody."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from markupsafe import escape

from portal import db
from portal.open_data import complaints
from portal.web.turnstile import Turnstile
from tests.integration.open_data.entering import block, complaints_of
from tests.support.databases import rows


@pytest.fixture(autouse=True)
def calm(database):
    """Nobody has complained within the hour."""
    with database.connect() as conn:
        conn.execute("truncate blocking.intake")


def sent(anyone, address, /, origin="192.0.2.1", **fields):
    data = {"about": "site", "address": address, "comment": "", "contact": ""} | fields
    return anyone.post("/open/en/complain", data=data, environ_overrides={"REMOTE_ADDR": origin})


def test_a_complaint_gets_a_number_by_which_it_is_found_again(anyone, database):
    answer = sent(anyone, "bad-1.example.org", comment="It takes bets", contact="a@example.org")
    assert answer.status_code == 303
    page = anyone.get(answer.headers["Location"])
    assert "received, waits to be looked at" in page.text
    assert "It takes bets" not in page.text
    assert "a@example.org" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    [kept] = complaints_of(database, "bad-1.example.org")
    assert (kept["comment"], kept["contact"], kept["state"]) == (
        "It takes bets",
        "a@example.org",
        "new",
    )
    by_number = anyone.get(f"/open/uk/complaints?number={kept['number'].lower()}")
    assert by_number.status_code == 302


def test_the_same_again_is_counted_and_not_kept_once_more(anyone, database):
    first = sent(anyone, "bad-2.example.org")
    again = sent(anyone, "https://BAD-2.example.org/", origin="198.51.100.7", comment="other")
    assert again.headers["Location"] == first.headers["Location"]
    [kept] = complaints_of(database, "bad-2.example.org")
    assert (kept["repeated"], kept["comment"]) == (1, "")


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("кazino.example.org", "xn--azino-txe.example.org"),
        ("BÜCHER.example.org.", "xn--bcher-kva.example.org"),
        ("xn--80aswg.example.org", "xn--80aswg.example.org"),
        ("http://x.example.org:8080/a b", "https://x.example.org:8080/a%20b"),
    ],
)
def test_whatever_script_an_address_is_in_it_is_kept_in_one_form(
    anyone, database, address, canonical
):
    assert sent(anyone, address).status_code == 303
    [kept] = complaints_of(database, canonical)
    assert kept["typed"] == address


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"address": ""}, 422, "Give a domain or a whole address"),
        ({"address": "javascript:alert(1)"}, 422, "Give a domain or a whole address"),
        ({"address": "https://user:x@bad.example.org/"}, 422, "Give a domain"),
        ({"address": "a.example.org", "about": "weather"}, 422, "Choose what you complain of"),
        ({"address": "a.example.org", "about": "provider"}, 422, "Name the provider"),
        ({"address": "a.example.org", "about": "provider", "provider": "N"}, 422, "not blocked"),
        ({"address": "a.example.org", "comment": "x" * 2001}, 422, "At most 2000"),
        ({"address": "a.example.org", "website": "filled"}, 429, "Too many"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(anyone, fields, status, word):
    mark = f"<i>{uuid4()}"
    answer = sent(anyone, fields.pop("address"), **{"contact": mark} | fields)
    assert answer.status_code == status
    assert word in answer.text
    assert str(escape(mark)) in answer.text
    assert mark not in answer.text


def test_a_registered_site_is_not_complained_of(anyone, scene):
    with db.public() as conn:
        row = conn.execute("select domain from open_data.websites limit 1").fetchone()
    assert "This site is registered" in sent(anyone, f"https://{row['domain']}/x").text


def test_a_provider_is_complained_of_where_the_site_is_blocked(anyone, database):
    block("open.example.net")
    answer = sent(anyone, "www.open.example.net", about="provider", provider="Obrii")
    assert answer.status_code == 303
    [kept] = complaints_of(database, "www.open.example.net")
    assert (kept["about"], kept["provider_name"]) == ("provider", "Obrii")


def test_a_flood_from_one_place_stops_after_five_and_others_go_on(anyone, database):
    answers = [sent(anyone, f"flood-{n}.example.org").status_code for n in range(8)]
    assert answers == [303] * 5 + [429] * 3
    assert sent(anyone, "flood-other.example.org", origin="198.51.100.1").status_code == 303
    same_network = [
        sent(anyone, f"six-{n}.example.org", origin=f"2001:db8::{n + 1}").status_code
        for n in range(7)
    ]
    assert same_network == [303] * 5 + [429] * 2
    with database.connect() as conn:
        assert rows(conn, "select count(*) from blocking.intake") == [(4,)]


def test_a_flood_from_everywhere_stops_at_a_thousand_an_hour(anyone, database):
    with database.connect() as conn:
        conn.execute("insert into blocking.intake values ('', date_trunc('hour', now()), 1000)")
    assert sent(anyone, "everywhere.example.org").status_code == 429
    assert complaints_of(database, "everywhere.example.org") == []


def test_a_burst_does_not_reach_the_database(anyone, database, monkeypatch):
    monkeypatch.setattr(complaints, "turnstile", Turnstile(per_second=0.001, at_once=2))
    answers = [sent(anyone, "burst.example.org").status_code for _ in range(4)]
    assert answers == [303, 303, 429, 429]
    [kept] = complaints_of(database, "burst.example.org")
    assert kept["repeated"] == 1


def test_no_address_of_anyone_is_kept(anyone, database):
    sent(anyone, "private.example.org", origin="203.0.113.77")
    with database.connect() as conn:
        kept = rows(conn, "select origin, c::text from blocking.intake, blocking.complaint as c")
    assert all(
        b"203.0.113.77" not in bytes(origin) and "203.0.113.77" not in text for origin, text in kept
    )
    assert complaints.origin("203.0.113.77") != complaints.origin("203.0.113.78")


def test_a_body_that_is_too_large_is_refused(anyone, database):
    answer = sent(anyone, "large.example.org", comment="x" * (complaints.MOST_BYTES + 1))
    assert answer.status_code == 413
    assert complaints_of(database, "large.example.org") == []


def test_officials_see_it_decide_it_and_the_answer_is_read(anyone, visitor, database):
    sent(anyone, "decide.example.org", comment="<b>bets</b>")
    [kept] = complaints_of(database, "decide.example.org")
    address = f"/blocking/complaints/{kept['id']}"
    officer = visitor("regulator")
    assert kept["number"] in officer.get("/blocking/complaints").text
    page = officer.get(address).text
    assert "&lt;b&gt;bets" in page
    assert "javascript:" not in page
    not_yet = officer.post(address, data={"decision": "blocked", "answer": "Done"})
    assert not_yet.status_code == 409
    silent = officer.post(address, data={"decision": "rejected", "answer": ""})
    assert silent.status_code == 422
    assert officer.post(address, data={"decision": "taken", "answer": ""}).status_code == 303
    block("decide.example.org")
    done = officer.post(address, data={"decision": "blocked", "answer": "Заблоковано 7-Р"})
    assert done.status_code == 303
    told = anyone.get(f"/open/uk/complaints/{kept['number']}").text
    assert "Заблоковано 7-Р" in told
    assert "підтверджено" in told
    assert officer.post(address, data={"decision": "rejected", "answer": "x"}).status_code == 409


@pytest.mark.parametrize("role", ["operator", "tax_service", "auditor", "administrator"])
def test_nobody_else_reads_complaints(visitor, scene, role):
    who = visitor("operator", scene.first) if role == "operator" else visitor(role)
    assert who.get("/blocking/complaints").status_code == 403
    assert who.get("/blocking/complaints/1").status_code == 403


def test_officials_who_ask_for_none_are_told_so(visitor):
    assert visitor("regulator").get(f"/blocking/complaints/{2**62}").status_code == 404
    assert re.search("Скарги громадян", visitor("regulator").get("/blocking/complaints").text)
