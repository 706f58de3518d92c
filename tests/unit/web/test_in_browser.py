"""The shell in a real browser: no report of the content policy, no accessibility violation."""

from __future__ import annotations

import re

import pytest

from portal.config import ROOT
from tests.support.browser import until
from tests.support.sample import some

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "EN-301-549",
    "best-practice",
]
PAGES = ["/", "/report?operator=7&type=2", "/batches", "/batches?empty", "/batch", "/nothing"]
DRAWN = "[...document.querySelectorAll('.chart-canvas')].every(one => one.querySelector('svg'))"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def session(browser, address):
    """The cookies of a signed-in person."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    page.click("button[name=person][value='1']")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def visit(browser, address, session):
    """Opens a page as a signed-in person; collects what the console says."""
    contexts = []

    def open_page(path, language="uk", viewport=WIDE, **options):
        context = browser.new_context(
            viewport=viewport, base_url=address, storage_state=session, **options
        )
        contexts.append(context)
        context.add_cookies([{"name": "lang", "value": language, "url": address}])
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(path)
        if options.get("java_script_enabled", True):
            until(page, "document.fonts.status === 'loaded'")
            until(page, DRAWN)
        return page

    yield open_page
    for context in contexts:
        context.close()


def violations(page):
    page.evaluate(AXE)
    # the system's own colours are not what axe computes from
    forced = page.evaluate("matchMedia('(forced-colors: active)').matches")
    options = {
        "runOnly": RULES,
        "rules": {"color-contrast": {"enabled": not forced}},
        "resultTypes": ["violations"],  # what holds need not be collected
        "preload": False,
    }
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


def complaints(page):
    return [text for text in page.said if "404 (NOT FOUND)" not in text]


LOOKS = [
    *[(path, {}) for path in PAGES],
    *[(path, {"viewport": NARROW}) for path in PAGES[:3]],
    *[(path, {"language": "en", "color_scheme": "dark"}) for path in PAGES[:2]],
    (PAGES[1], {"forced_colors": "active", "reduced_motion": "reduce"}),
]


@pytest.mark.parametrize(("path", "options"), some(LOOKS))
def test_every_page_is_accessible_and_keeps_the_policy(visit, path, options):
    page = visit(path, **options)
    assert violations(page) == []
    assert complaints(page) == []
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, "the page scrolls sideways"


def test_a_filter_replaces_the_report_and_keeps_the_address(visit):
    page = visit("/report")
    page.focus("#filter-operator")
    page.select_option("#filter-operator", "7")
    page.wait_for_url(re.compile(r"operator=7"))
    page.wait_for_selector(".chip")
    assert "from=" not in page.url
    assert "type=" not in page.url
    assert page.locator("[data-chart] svg").count() >= 1
    assert page.evaluate("document.activeElement.id") == "filter-operator"
    assert page.inner_text("#announce") != ""
    assert "operator%3D7" in page.get_attribute(".languages a[hreflang=en]", "href")
    assert violations(page) == []
    assert complaints(page) == []
    page.go_back()
    page.wait_for_url(re.compile(r"/report$"))
    page.wait_for_selector(".chip", state="detached")
    assert page.input_value("#filter-operator") == ""


def test_choosing_days_shows_the_fields_and_they_work(visit):
    page = visit("/report")
    assert not page.is_visible("#period-from")
    page.check("input[name=period][value=days]", force=True)
    page.fill("#period-from", "2026-11-18")
    page.wait_for_url(re.compile(r"from=2026-11-18"))
    until(page, "document.querySelectorAll('#days tbody tr').length === 3")


def test_an_error_becomes_a_notice_and_the_page_stays(visit, address):
    page = visit("/report")
    page.route(re.compile(r"operator=12"), lambda route: route.continue_(url=f"{address}/fail/503"))
    page.select_option("#filter-operator", "12")
    page.wait_for_selector("#notices [role=alert]")
    assert page.is_visible("#report")
    assert page.url.endswith("/report")


def test_markup_smuggled_into_a_page_cannot_make_requests(visit):
    page = visit("/report")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => {
          const smuggled = document.createElement("div");
          smuggled.innerHTML = '<button id="smuggled" hx-post="/sign-out">x</button>';
          document.querySelector("main").append(smuggled);
          htmx.process(smuggled);
        }"""
    )
    page.click("#smuggled")
    page.wait_for_timeout(300)
    assert not [url for url in asked if "sign-out" in url]


def test_without_scripts_filters_pages_languages_and_sign_out_work(visit):
    page = visit("/report", java_script_enabled=False)
    page.select_option("#filter-operator", "7")
    page.click(".filters-submit")
    assert page.is_visible(".chip")
    assert page.input_value("#filter-operator") == "7"
    page.click(".languages a[hreflang=en]")
    assert "operator=7" in page.url
    assert page.get_attribute("html", "lang") == "en"
    assert not page.is_visible(".chart-canvas")
    page.goto("/batches")
    page.click("a[rel=next]")
    assert page.inner_text("tbody tr:first-child th") == "975"
    page.click(".person summary")
    page.click(".person-card button")
    assert page.locator(".person").count() == 0


def test_the_narrow_menu_opens_without_scripts(visit):
    page = visit("/report", viewport=NARROW, java_script_enabled=False)
    assert not page.is_visible(".side nav")
    page.click(".menu-button")
    assert page.is_visible(".side nav")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit):
    page = visit("/report")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(6):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
              const at = document.activeElement;
              const ring = at.matches(".segment input") ? at.nextElementSibling : at;
              return getComputedStyle(ring).outlineStyle;
            }"""
        )
        assert shown == "solid"


def test_a_click_on_the_chart_goes_to_what_is_behind_the_day(visit):
    page = visit("/report?period=7-days")
    box = page.locator(".chart-canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 60)
    page.wait_for_url(re.compile(r"/batches\?day=2026-11-1\d"))
