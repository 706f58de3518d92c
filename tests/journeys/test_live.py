"""Whoever watches what comes in: with the keyboard, in both languages, without scripts."""

from __future__ import annotations

import re

import pytest

from tests.journeys.test_regulator import press_until
from tests.support.batches import row, store
from tests.support.pages import refuse

WORDS = {
    "uk": ("Наживо", "Призупинити", "Продовжити", "Призупинено", "Нові пакети: 2, нові відмови: 3"),
    "en": ("Live", "Pause", "Resume", "Paused", "New batches: 2, new refusals: 3"),
}
FIRST = "#live-batches tr:first-child a"
LIVE = "#live-state[data-state=live]"


def arrive(database, operator):
    """One more batch; the address of its page."""
    return f"/ledger/batches/{store(database, operator, [row(operator)])['batch_id']}"


def first_is(page, address):
    page.wait_for_function(
        "([selector, address]) =>"
        " document.querySelector(selector)?.getAttribute('href') === address",
        arg=[FIRST, address],
    )


@pytest.mark.parametrize("language", WORDS)
def test_pausing_with_the_keyboard_and_seeing_what_came(seat, scene, database, language):
    title, pause, resume, paused, new = WORDS[language]
    desk = seat("regulator", language=language)
    page = desk.page
    page.click('.side a[href="/live"]')
    assert page.inner_text("h1") == title
    page.wait_for_selector(LIVE)
    first_is(page, arrive(database, scene.first))
    assert page.inner_text("#announce") == ""

    press_until(page, "#live-pause")
    assert page.inner_text("#live-pause") == pause
    page.keyboard.press("Enter")
    assert page.inner_text("#live-pause") == resume
    assert page.inner_text("#live-state").startswith(paused)
    shown = page.get_attribute(FIRST, "href")
    figures = page.inner_html("#live-figures")
    arrive(database, scene.second)
    last = arrive(database, scene.first)
    refuse(database, scene.first)
    page.wait_for_selector(f"#live-new:text-is('{new}')")
    assert page.get_attribute(FIRST, "href") == shown
    assert page.inner_html("#live-figures") == figures

    press_until(page, "#live-new")
    page.keyboard.press("Enter")
    first_is(page, last)
    assert page.locator("#live-new").is_hidden()
    assert page.evaluate("document.activeElement.id") == "live-pause"
    assert page.inner_text("#live-state").startswith(paused)

    page.keyboard.press("Enter")
    assert page.inner_text("#live-pause") == pause
    page.wait_for_selector(LIVE)
    assert page.inner_html("#live-figures") != figures
    page.keyboard.press("Shift+Tab")  # not on the lists, so that they move
    first_is(page, arrive(database, scene.first))
    assert page.locator("#live-batches tr").count() <= 20
    press_until(page, "#live-batches a")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/ledger/batches/" in page.url
    assert desk.complaints() == []


def test_rows_do_not_move_under_a_reader_further_down(seat, scene, database):
    page = seat("regulator", viewport={"width": 1360, "height": 400}).page
    page.goto("/live")
    page.wait_for_selector(LIVE)
    page.locator("#refused").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    shown = page.get_attribute(FIRST, "href")
    last = arrive(database, scene.second)
    page.wait_for_selector("#live-new:visible")
    assert page.get_attribute(FIRST, "href") == shown
    page.click("#live-new")
    first_is(page, last)
    assert page.locator("#accepted").bounding_box()["y"] < 400


def test_a_hidden_page_asks_for_nothing_and_catches_up_when_seen(seat, scene, database):
    desk = seat("regulator")
    page = desk.page
    asked = []
    page.on("request", lambda request: asked.append(request.headers.get("last-event-id")))
    page.goto("/live")
    page.wait_for_selector(LIVE)
    hide = "Object.defineProperty(document, 'hidden', {value: %s, configurable: true});"
    shown = "document.dispatchEvent(new Event('visibilitychange'))"
    with page.expect_event("requestfailed", lambda one: "/live/events" in one.url):
        page.evaluate(hide % "true" + shown)
    asked.clear()
    missed = [arrive(database, scene.first), arrive(database, scene.second)]
    page.wait_for_timeout(1500)
    assert asked == []
    page.evaluate(hide % "false" + shown)
    first_is(page, missed[1])
    assert page.locator(f'#live-batches a[href="{missed[0]}"]').count() == 1
    assert asked[0], "it does not say where it stopped"


def test_the_filter_changes_whose_batches_come(seat, scene, database):
    desk = seat("regulator")
    page = desk.page
    page.goto("/live")
    page.wait_for_selector(LIVE)
    page.select_option("#filter-operator", str(scene.second.id))
    page.wait_for_url(f"**operator={scene.second.id}")
    page.wait_for_selector(".chip")
    page.wait_for_selector(LIVE)
    foreign = arrive(database, scene.first)
    first_is(page, arrive(database, scene.second))
    assert page.locator(f'#live-batches a[href="{foreign}"]').count() == 0
    assert desk.complaints() == []


def test_it_says_that_the_session_has_ended(seat, database):
    page = seat("auditor").page
    page.goto("/live")
    page.wait_for_selector(LIVE)
    with database.connect() as conn:
        conn.execute("update identity.session set ended_at = now() where ended_at is null")
    page.wait_for_selector("#live-state[data-state=ended]")
    assert "Ваш сеанс завершено" in page.inner_text("#live-state")
    page.click("#live-refresh")
    assert "/login?next=%2Flive" in page.url


def test_it_says_that_the_connection_is_lost(seat):
    page = seat("regulator").page
    page.goto("/live")
    page.wait_for_selector(LIVE)
    page.route("**/live/events*", lambda route: route.abort())
    page.reload()
    page.wait_for_selector("#live-state[data-state=lost]")
    page.unroute("**/live/events*")
    page.wait_for_selector(LIVE, timeout=30_000)


def test_a_refresh_shows_what_has_just_come_while_somebody_watches(seat, scene, database):
    """Whoever has a receipt finds the batch on the page, not a second later."""
    watching = seat("regulator").page
    watching.goto("/live")
    watching.wait_for_selector(LIVE)
    page = seat("regulator", java_script_enabled=False).page
    page.goto("/live")
    for operator in (scene.first, scene.second) * 3:
        address = arrive(database, operator)
        page.click("#live-refresh")
        assert page.get_attribute(FIRST, "href") == address


def test_the_same_without_scripts(seat, scene, database):
    page = seat("regulator", java_script_enabled=False).page
    address = arrive(database, scene.first)
    page.goto("/live")
    assert page.get_attribute(FIRST, "href") == address
    assert page.is_hidden("#live-pause")
    address = arrive(database, scene.first)
    page.click("#live-refresh")
    assert page.get_attribute(FIRST, "href") == address
    page.click("text=Оновлювати кожні 10 секунд")
    assert re.search(r"[?&]refresh=10", page.url)
    assert page.is_visible("text=Сторінка оновлюється кожні 10 секунд.")
    address = arrive(database, scene.first)
    page.wait_for_selector(f'#live-batches a[href="{address}"]', timeout=30_000)
    page.click("text=Не оновлювати автоматично")
    assert "refresh" not in page.url
    page.select_option("#filter-operator", str(scene.second.id))
    page.click(".filters-submit")
    assert page.locator(f'#live-batches a[href="{address}"]').count() == 0
