"""A regulator's officer: from the day's report down to one transaction and its receipt."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from tests.support.browser import until
from tests.support.pages import REASON

REPORT = "/reports/R03"
STOPS = """() => [...document.querySelectorAll('main *')]
    .filter(one => one.checkVisibility() && one.tabIndex >= 0).slice(0, 40)
    .map(one => one.id || one.innerText.slice(0, 30) || one.outerHTML.slice(0, 60))"""


def press_until(page, selector, limit=80):
    """Tab until the element has the focus; the way there is what a keyboard user walks."""
    for _ in range(limit):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    passed = page.evaluate(STOPS)
    raise AssertionError(f"{selector} is not reached by {limit} stops of {passed}")


def go(page, direction):
    """One step through the history, which parts of pages are put into as well."""
    here = page.url
    page.evaluate(f"history.{direction}()")
    until(page, f"location.href !== {json.dumps(here)}")


def follow(page, selector):
    """Reach a link by Tab and open it by Enter."""
    press_until(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def skip_the_frame(page):
    """To the content by the first link of the page, past menu and search."""
    press_until(page, '.skip[href="#main"]', 2)
    page.keyboard.press("Enter")


def test_with_the_keyboard_alone_from_sign_in_to_a_receipt(seat, scene):
    desk = seat(None)
    page = desk.page
    person = scene.person("regulator")
    follow(page, f'form[action$="/demo/{person}"] button')
    assert page.url.endswith("/")
    follow(page, '.side a[href="/reports/"]')
    follow(page, 'main a[href="/reports/R03"]')
    page.keyboard.press("Tab")
    page.wait_for_selector("#rows")
    assert page.locator("[data-chart] svg").count() > 0

    page.focus("#filter-operator")
    page.keyboard.press("Enter")
    boxes = page.locator("#filter-operator-choices input").count()
    press_until(page, f'#filter-operator-choices input[value="{scene.first.id}"]', boxes + 1)
    page.keyboard.press("Space")
    page.wait_for_url(re.compile(rf"operator={scene.first.id}(&|$)"))
    page.wait_for_selector(".chip")
    assert page.evaluate("document.activeElement.value") == str(scene.first.id)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "filter-operator"
    assert scene.first.code in page.inner_text(".pick-told >> nth=0")
    assert page.inner_text("#announce")
    narrowed = page.url

    steps = 0  # those passed on the way through the choices are places as well
    while "operator=" in page.url and steps < 60:
        go(page, "back")
        steps += 1
    page.wait_for_selector(".chip", state="detached")
    assert "operator=" not in page.url
    for _ in range(steps):
        go(page, "forward")
    page.wait_for_selector(".chip")
    assert page.url == narrowed

    day = scene.days[-1]
    skip_the_frame(page)
    follow(page, f'#rows a[href*="from={day}"]')
    assert "by=hour" in page.url
    hours = page.locator("#rows tbody tr")
    assert hours.count() == 24
    skip_the_frame(page)
    follow(page, "#rows tbody a")
    assert "/audit/reason" in page.url
    page.focus("#reason-kind")
    page.keyboard.press("ArrowDown")
    press_until(page, "#reason-text")
    page.keyboard.type(REASON["text"])
    follow(page, "form.decision .btn-primary")
    assert "/ledger/transactions" in page.url
    skip_the_frame(page)
    follow(page, "#transactions tbody a")
    assert re.search(r"/ledger/batches/\d+/transactions/\d+$", page.url)
    skip_the_frame(page)
    press_until(page, ".receipt summary")
    page.keyboard.press("Enter")
    assert '"receipt_version": 1' in page.inner_text(".receipt pre")
    assert desk.complaints() == []


def test_the_way_to_the_table_is_short_by_keyboard(seat, scene):
    """Past the frame, past filters and figures, which say how they came about, and two stops for
    each row: the way down, and its explanation.
    """
    page = seat("regulator").page
    page.goto(f"{REPORT}?period=30-days&by=day")
    skip_the_frame(page)
    # Where there are many operators their list has a search of its own.
    searches = page.locator("main .field-find > input:visible").count()
    press_until(page, '.skip[href="#rows-table"]', 13 + searches)
    assert page.locator('.skip[href="#rows-table"]').bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    press_until(page, "#rows .table-scroll", 2)
    headings = page.locator("#rows thead :is(a, button, summary)").count()
    press_until(page, "#rows tbody tr:nth-child(30) th a", headings + 2 * 30)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("by=hour"))


def test_the_language_changes_and_the_filters_stay(seat, scene):
    page = seat("regulator").page
    page.goto(f"{REPORT}?period=7-days&by=operator&operator={scene.first.id}")
    figures = page.locator("#rows tbody td").all_inner_texts()
    page.click(".languages a[hreflang=en]")
    assert page.get_attribute("html", "lang") == "en"
    assert page.inner_text("h1") == "R03 · Bets and payouts"
    assert page.url.endswith(f"{REPORT}?period=7-days&by=operator&operator={scene.first.id}")
    english = page.locator("#rows tbody td").all_inner_texts()
    digits = [re.sub(r"[^\d-]", "", text) for text in figures]
    assert [re.sub(r"[^\d-]", "", text) for text in english] == digits


def test_the_files_hold_what_the_page_shows(seat, scene):
    page = seat("regulator").page
    page.goto(f"{REPORT}?period=7-days&operator={scene.first.id}")
    shown = page.locator("#rows tbody tr").count()
    with page.expect_download() as download:
        page.click('#rows a[href*="format=csv"]')
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")).index([]) == shown + 1
    name = download.value.suggested_filename
    assert re.search(r"_by-day_PAGES-FIRST_UAH_as-of-[0-9TZ-]+_.+\.csv$", name)
    with page.expect_download() as download:
        page.click('#rows a[href*="format=json"]')
    assert len(json.loads(Path(download.value.path()).read_text())["rows"]) == shown


def test_the_same_without_scripts(seat, scene):
    page = seat("regulator", java_script_enabled=False).page
    page.goto(REPORT)
    page.click("#filter-operator")
    page.check(f'#filter-operator-choices input[value="{scene.first.id}"]')
    page.select_option("#filter-by", "gambling_type")
    page.click(".pick[open] button")
    page.wait_for_load_state()
    assert f"operator={scene.first.id}" in page.url
    assert page.locator("#rows tbody tr").count() == 2
    assert not page.is_visible(".chart-canvas")
    page.click("#rows th.sortable:nth-of-type(6) a")
    assert page.get_attribute("#rows th.sortable:nth-of-type(6)", "aria-sort") == "descending"
    page.click(".chip")
    assert page.locator("#filter-operator-choices :checked").count() == 0
    page.goto(f"{REPORT}?from={scene.days[2]}&to={scene.days[2]}&by=hour&operator={scene.first.id}")
    page.click("#rows tbody td.num a")
    page.check('input[name=type][value="win"]')
    page.click(".filters-submit")
    assert page.url.count("type=") == 2
    page.click("#transactions tbody a")
    page.click(".trail li:nth-child(2) a")
    page.click(".receipt summary")
    with page.expect_download() as download:
        page.click('a[href$="/receipt"]')
    receipt = json.loads(Path(download.value.path()).read_text())
    assert receipt.pop("promise")
    assert receipt in list(scene.receipts)
    page.click(".languages a[hreflang=en]")
    assert page.get_attribute("html", "lang") == "en"
    page.click(".person summary")
    page.click(".person-card button")
    assert page.url.endswith("/login")


def test_a_wrong_date_is_told_beside_the_form_and_the_focus_goes_there(seat):
    page = seat("regulator").page
    page.goto(f"{REPORT}?from=2026-11-20&to=2026-11-19")
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id") == "period-to"
    assert page.get_attribute("#period-to", "aria-invalid") == "true"
    page.fill("#period-from", "2026-11-18")
    page.wait_for_selector(".error-summary", state="detached")
    assert "from=2026-11-18" in page.url
    assert page.locator(".filters :is([aria-invalid], .field-error)").count() == 0

    page.focus("#period-from")
    page.fill("#period-from", "2026-11-21")
    page.wait_for_selector("#errors .error-summary")
    assert page.evaluate("document.activeElement.id") == "period-from", "torn away while typing"
    wrong = page.get_attribute("#period-to", "aria-describedby")
    assert page.inner_text(f"#{wrong}") == page.inner_text(".error-summary li")
    with page.expect_response(lambda answer: answer.status == 422):
        page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.error-summary')")


def test_a_copied_address_shows_a_stranger_nothing(seat, scene):
    page = seat("regulator").page
    page.goto(f"/ledger/batches/{scene.receipts[0]['batch_id']}")
    address = page.url
    stranger = seat(None).page
    stranger.goto(address)
    assert "/login?next=%2Fledger%2Fbatches%2F" in stranger.url
    other = seat("operator", scene.second).page
    other.goto(address)
    assert "404" in other.inner_text("main")
