"""Public pages, the desk of illegal sites and the tracker: everyone can use them."""

from __future__ import annotations

import re

import pytest

from portal import create_app
from tests.integration.open_data.entering import block, provider
from tests.journeys.test_accessibility import LOOKS, faults, settled
from tests.support.databases import rows
from tests.support.sample import some

# Role, address, status; {lang} is the language of public addresses.
VISITS = [
    ("regulator", "/open/{lang}/", 200),
    ("regulator", "/open/{lang}/check", 200),
    ("regulator", "/open/{lang}/check?site=blocked-axe.example.net", 200),
    ("regulator", "/open/{lang}/check?site=кasino.example.org", 200),
    ("regulator", "/open/{lang}/operators", 200),
    ("regulator", "/open/{lang}/operators/{code}", 200),
    ("regulator", "/open/{lang}/blocked_sites?q=nothing-of-the-kind", 200),
    ("regulator", "/open/{lang}/licences", 200),
    ("regulator", "/open/{lang}/complain?about=provider", 200),
    ("regulator", "/open/{lang}/complaints", 200),
    ("regulator", "/open/{lang}/complaints/NOTHING", 404),
    ("regulator", "/open/{lang}/operators?x=1", 400),
    ("regulator", "/blocking/complaints", 200),
    ("regulator", "/blocking/complaints?show=all", 200),
    ("regulator", "/blocking/complaints/{complaint}", 200),
    ("regulator", "/blocking/providers", 200),
    ("regulator", "/blocking/providers/{provider}", 200),
    ("regulator", "/registry/blocked_site", 200),
    ("regulator", "/registry/new/blocked_site", 200),
    ("regulator", "/registry/provider", 200),
    ("regulator", "/integration", 200),
    ("regulator", "/integration?show=declarations", 200),
    ("regulator", "/integration/{own}", 200),
    ("regulator", "/integration/deadlines", 200),
    ("regulator", "/integration/deadlines/{deadline}/verify", 200),
    ("operator", "/integration/own", 200),
]
FILES = {
    "open_data.blocked_list", "open_data.signature", "open_data.changes", "open_data.file",
    "open_data.package", "open_data.catalogue", "open_data.entrance",
}  # fmt: skip


@pytest.fixture(scope="module")
def place(database, scene):
    """A blocked site, a complaint of a provider, a deadline of another official."""
    block("blocked-axe.example.net")
    with database.connect() as conn:
        conn.execute("truncate blocking.intake")
        conn.execute(
            "select open_data.complain('provider', 'blocked-axe.example.net', 'typed', 'Net',"
            " 'It opens', 'me@example.org', 'uk', 'x')"
        )
        conn.execute("update registry.connection_deadline set replaced_at = now()"
                     " where replaced_at is null")  # fmt: skip
        [(deadline,)] = rows(
            conn,
            "insert into registry.connection_deadline (step, due_on, act, set_by)"
            " values ('data', current_date - 3, 'Постанова', 'person 0') returning id",
        )
        [(complaint,)] = rows(conn, "select max(id) from blocking.complaint")
    return {
        "code": scene.first.code, "own": scene.first.id, "complaint": complaint,
        "provider": provider("NET-AXE"), "deadline": deadline,
    }  # fmt: skip


def test_the_table_names_every_address():
    urls = create_app().url_map
    known = urls.bind("localhost")
    ids = {"lang": "uk", "code": "A", "own": 1, "complaint": 1, "provider": 1, "deadline": 1}
    looked_at = {
        known.match(address.format(**ids).partition("?")[0])[0] for _, address, _ in VISITS
    }
    ours = {
        rule.endpoint
        for rule in urls.iter_rules()
        if rule.endpoint.startswith(("open_data.", "blocking.", "integration."))
        and "GET" in (rule.methods or ())
    }
    assert ours - looked_at - FILES == set()


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_used_by_everyone(seat, scene, place, language):
    """In both languages and looks; of one run each gets pages that the other does not."""
    desks = {
        role: seat(
            role, scene.first if role == "operator" else None, language,
            reduced_motion="reduce", **LOOKS[language],
        )
        for role in ("regulator", "operator")
    }  # fmt: skip
    found = {}
    for role, pattern, status in some(VISITS, list(LOOKS).index(language)):
        address = pattern.format(lang=language, **place)
        if said := faults(desks[role], address, status):
            found[address] = said
    assert not found


def test_anyone_asks_and_complains_by_keyboard_without_scripts(browser, server, place, database):
    with database.connect() as conn:
        conn.execute("truncate blocking.intake")
    context = browser.new_context(base_url=server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/open/uk/")
    page.focus("#site")
    page.keyboard.type("https://www.blocked-axe.example.net/play")
    page.keyboard.press("Enter")
    page.wait_for_selector(".verdict")
    assert "заблоковано розпорядженням" in page.inner_text(".verdict")
    page.goto("/open/uk/check?site=new-axe.example.org")
    page.click(".verdict a")
    assert page.input_value("#field-address") == "new-axe.example.org"
    page.select_option("#field-about", "")
    page.fill("#field-comment", "Приймає ставки")
    page.focus("#field-contact")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert "Виберіть, на що скаржитеся" in page.inner_text("#errors")
    assert page.input_value("#field-comment") == "Приймає ставки"
    page.select_option("#field-about", "site")
    page.click("main form button")
    assert re.search("/open/uk/complaints/[0-9A-F]{16}$", page.url)
    assert "отримано" in page.inner_text("main")
    assert context.cookies() == []
    context.close()


def test_a_secret_of_a_provider_is_shown_once(seat, place):
    desk = seat("regulator", None, "uk", reduced_motion="reduce", **LOOKS["uk"])
    desk.page.goto(f"/blocking/providers/{place['provider']}")
    desk.page.click("main form[action$='/key'] button")
    assert len(desk.page.inner_text("#secret code >> nth=0")) > 40
    assert settled(desk) == []
