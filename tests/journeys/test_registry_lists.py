"""Finding a record, narrowing a register, reading a record's past: by keyboard, without scripts,
in both languages and on paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.support import market


@pytest.fixture(scope="session")
def hall(database):
    """An operator with a hall, machines in it and games."""
    document = market.document(
        "LISTED",
        licences=[market.licence("LISTED-1", "slot_hall")],
        channels=[market.website("SITE"), market.venue("HALL", name_uk="Зал «Об’єднання»")],
        equipment=[market.machine(f"M-{number}", "HALL") for number in range(60)],
        games=[market.game("FRUITS", "slot_hall", title="Кавуни")],
    )
    with database.connect() as conn:
        made = market.register(conn, document)
        conn.execute("update registry.game set version = '2.0' where operator_id = %s", (made.id,))
    return made


def test_a_record_is_found_from_anywhere_by_keyboard(seat, hall):
    page = seat("regulator").page
    page.goto("/ledger/refusals")
    page.keyboard.press("/")
    page.keyboard.type("об'єднання")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/registry/search"))
    link = page.get_by_role("link", name="Зал «Об’єднання»")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/registry/venue/\d+$"))
    page.get_by_role("link", name="Гральне обладнання").and_(page.locator("#related a")).click()
    page.wait_for_url(re.compile("channel_id="))
    assert page.locator("tbody tr").count() == 50
    page.get_by_role("link", name="Далі").click()
    assert page.locator("tbody tr").count() == 10


def test_slash_is_a_character_where_shortcuts_are_off(seat):
    page = seat("regulator").page
    page.goto("/display/shortcuts/off?next=/registry")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "top-search"


def test_a_register_is_narrowed_in_place_and_the_address_keeps_it(seat, hall):
    page = seat("regulator", language="en").page
    page.goto("/registry/game")
    page.fill("#filter-q", "Кавуни")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    page.wait_for_selector("text=1 record")
    page.reload()
    assert page.locator("tbody tr").count() == 1
    page.locator(".chip").first.click()
    page.wait_for_url(lambda address: "q=" not in address)


def test_without_scripts_an_operator_finds_narrows_reads_and_takes_away(seat, scene):
    page = seat("operator", scene.first, java_script_enabled=False).page
    page.get_by_role("link", name="Усі реєстри").click()
    page.get_by_role("link", name="Ігри", exact=True).click()
    page.fill("#filter-q", "fruits")
    page.get_by_role("button", name="Застосувати").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    with page.expect_download() as taken:
        page.get_by_role("link", name="XLSX").click()
    assert taken.value.suggested_filename.startswith("register-game_narrowed_as-of-")
    page.locator("tbody th a").click()
    page.get_by_role("link", name="Історія").click()
    expect(page.get_by_role("heading", name="Версія 1")).to_have_count(1)
    page.get_by_role("link", name="Яким запис був тоді").first.click()
    page.wait_for_url("**as_of=*")
    page.fill("#top-search", "fruits")
    page.press("#top-search", "Enter")
    page.wait_for_url("**/registry/search*")
    expect(page.get_by_role("link", name="Game FRUITS")).to_have_count(1)
