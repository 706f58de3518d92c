"""Is this site legal? Licensed, blocked, unknown; and those that look like another."""

from __future__ import annotations

import re

import pytest

from portal import db
from portal.open_data import gateway
from portal.registry import domains
from tests.integration.open_data.entering import block
from tests.support.databases import rows


def asked(typed):
    address = domains.canonical_address(typed)
    with db.public() as conn:
        return gateway.verdict(conn, domains.host_of(address), address)


@pytest.fixture(scope="module")
def licensed(scene, app):
    """The site that the scene registered; tests of other files may have added some."""
    [domain] = [one["domain"] for one in scene.first.document["channels"] if "domain" in one]
    return domain


@pytest.mark.parametrize("form", ["{}", "https://{}/", "http://{}:80/x?y=1", "WWW.{}", " {}. "])
def test_a_licensed_site_is_licensed_however_it_is_typed(licensed, form):
    found = asked(form.format(licensed))
    assert (found["verdict"], found["operator_code"]) == ("licensed", "PAGES-FIRST")


def test_below_a_licensed_site_is_another_site(licensed):
    assert asked(f"mirror.{licensed}")["verdict"] == "unknown"


def test_a_blocked_site_takes_along_what_is_below_it(anyone):
    assert isinstance(block("lucky.example.net", order_number="7-Р"), int)
    for typed in ("lucky.example.net", "www.lucky.example.net", "https://a.b.lucky.example.net/x"):
        found = asked(typed)
        assert (found["verdict"], found["address"]) == ("blocked", "lucky.example.net")
    assert asked("unlucky.example.net")["verdict"] == "unknown"
    page = anyone.get("/open/en/check?site=https://www.lucky.example.net/x").text
    assert "Illegal: blocked by order" in page
    assert "7-Р" in page


def test_an_address_with_a_path_blocks_no_whole_site():
    assert isinstance(block("https://social.example.net/lucky", "social_account"), int)
    assert asked("https://social.example.net/lucky")["verdict"] == "blocked"
    assert asked("social.example.net")["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("instead", "by"), [("e", "е"), ("a", "а"), ("i", "í"), ("i", "1"), ("e", "ε")]
)
def test_a_look_alike_is_named_as_one(anyone, licensed, instead, by):
    """``licensed`` is site-N.example."""
    fake = licensed.replace(instead, by, 1)
    found = asked(fake)
    assert (found["verdict"], found["looks_like"]) == ("unknown", licensed)
    page = anyone.get("/open/en/check", query_string={"site": fake}).text
    assert f"It looks like the registered site {licensed}" in page


def test_mixed_alphabets_are_said(anyone):
    page = anyone.get("/open/en/check", query_string={"site": "кasino.example.org"}).text
    assert "CYRILLIC, LATIN" in page
    assert "xn--" in page


@pytest.mark.parametrize(
    "typed",
    ["javascript:alert(1)", "<script>alert(1)</script>", '"><img src=x>', "a b c", "http://", "…"],
)
def test_whatever_is_typed_stays_text(anyone, typed):
    page = anyone.get("/open/uk/check", query_string={"site": typed})
    assert page.status_code == 200
    assert re.search(r"<script|<img|href=\"javascript", page.text) is None


@pytest.mark.parametrize("ended", ["online_casino", "%"])
def test_a_site_without_a_fitting_licence_in_force_is_not_called_legal(database, licensed, ended):
    """That its operator may run a slot hall makes no site legal."""
    domain = licensed
    with database.rolled_back() as conn:
        complain = (
            "select problem from open_data.complain('site', %s, 'x', '', '', '', 'uk', '\\xaa')"
        )
        assert rows(conn, complain, (domain,)) == [("licensed",)]
        conn.execute("set session_replication_role = replica")
        conn.execute(
            # Also of licences that another test has made, which may only begin.
            "update registry.licence set valid_from = least(valid_from, now() - interval '1 day'),"
            " valid_until = now() - interval '1 s' where operator_id ="
            " (select id from registry.operator where code = 'PAGES-FIRST') and gambling_type_id in"
            " (select id from registry.gambling_type where code like %s)",
            (ended,),
        )
        conn.execute("set session_replication_role = origin")
        verdict = "select verdict from open_data.site_verdict(%s, %s)"
        assert rows(conn, verdict, (domain, domain)) == [("without_licence",)]
        assert rows(conn, complain, (domain,)) == [(None,)]
