"""An operator's engineer reads: on any screen, by keyboard, without scripts, on paper."""

from __future__ import annotations

import re

import pytest

from portal.docs.guides import GUIDES
from portal.docs.specification import original
from tests.journeys.test_accessibility import AXE, LOOKS, RULES, violations
from tests.support.browser import until
from tests.support.sample import one_of, some

PAGES = ["", *GUIDES, "errors", "reference#text"]
# Of parts that are all alike, the first few are examined.
ALIKE = [".docs-code ~ " * 4 + ".docs-code", ".docs-operation ~ " * 2 + ".docs-operation"]
DRAWN = "#drawn .opblock"
OPERATION = "#drawn button.opblock-summary-control"
RENDERER_MS = 60_000
SCHEMAS = set(original()["components"]["schemas"])
# Words of the vendored renderer: neither the specification's text, nor code, nor a name in it.
ITS_WORDS = """() => [...document.querySelectorAll('#drawn *')]
    .filter(one => one.checkVisibility() && !one.closest('pre, code, svg, option')
        && !one.closest('.renderedMarkdown:not(.parameter__default, .parameter__enum)'))
    .flatMap(one => [...['aria-label', 'title'].map(name => one.getAttribute(name)),
        ...[...one.childNodes].filter(part => part.nodeType === 3).map(part => part.data)])
    .map(text => (text ?? '').trim()).filter(text => /^[A-Z][a-z]+( [a-z]+)*[.:]?$/.test(text))"""


def ours(page, without):
    """What axe finds outside of ``without``: the rule and where."""
    page.evaluate(AXE)
    asked = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
    run = "([without, asked]) => axe.run({exclude: without}, asked)"
    found = page.evaluate(run, [without, asked])["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_read_by_everyone(seat, language):
    desk = seat(None, language=language, reduced_motion="reduce", **LOOKS[language])
    page, found = desk.page, {}
    for name in some(PAGES, list(LOOKS).index(language)):
        page.goto(f"/docs/{language}/{name}")
        until(page, "document.fonts.status === 'loaded'")
        for example in page.locator("details:not([open]) > summary").all()[:2]:
            example.click()
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[name] = ours(page, ALIKE)
        found[name] += [("scrolls sideways", wider)] if wider > 0 else []
    assert not {name: said for name, said in found.items() if said}
    assert desk.complaints() == []


@pytest.mark.parametrize("language", one_of([*LOOKS]))
def test_the_renderer_draws_under_our_policy(seat, language):
    """No report of the content policy, nothing from elsewhere, readable in light and dark."""
    desk = seat(None, language=language, reduced_motion="reduce", **LOOKS[language])
    page, asked = desk.page, []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/docs/{language}/reference")
    page.wait_for_selector(DRAWN)
    assert not page.is_visible("#written")
    title = {"uk": "Надіслати пакет", "en": "Send a batch"}[language]
    assert title in page.inner_text("#drawn")
    page.click(f"{DRAWN} button.opblock-summary-control")
    page.wait_for_selector("#drawn .parameters")
    assert "Batch-Sequence" in page.inner_text("#drawn")
    # Some is examined; of schemas more is opened at once, as each click lays everything out anew.
    these = "(all, [from, to]) => all.slice(from, to).forEach(one => one.click())"
    deep = "#drawn .models .json-schema-2020-12-expand-deep-button"
    page.eval_on_selector_all(deep, these, [0, 3])
    assert violations(page) == []
    page.eval_on_selector_all(deep, these, [3, 6])
    # The renderer takes seconds for each operation, and as many more as there are others at work.
    for number in (1, 2, 3):
        page.eval_on_selector_all(OPERATION, these, [number, number + 1])
        drawn = f"document.querySelectorAll('#drawn .responses-table').length === {number + 1}"
        until(page, drawn, RENDERER_MS)
    own = set(page.evaluate(ITS_WORDS)) - {"Location", "Allow"}  # names of headers
    if language == "uk":
        assert own - SCHEMAS == set()
    else:
        assert own >= {"Parameters", "Responses", "Media type", "Copy path to clipboard"}
    assert page.locator("#drawn main").count() == 0
    origin = re.match(r"http://[^/]+/", page.url)[0]
    assert [url for url in asked if not url.startswith((origin, "data:"))] == []
    assert page.locator("#drawn .try-out").count() == 0, "no key is asked for here"
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert desk.complaints() == []


def test_the_renderer_and_the_text_change_places_by_keyboard(seat):
    desk = seat(None, language="en")
    page = desk.page
    page.goto("/docs/en/reference")
    page.wait_for_selector(DRAWN)
    page.focus("#view-text")
    page.keyboard.press("Enter")
    page.wait_for_selector("#written", state="visible")
    assert not page.is_visible("#drawn")
    assert page.get_attribute("#view-text", "aria-current") == "true"
    page.click('#written a[href="#schema-Receipt"]')
    assert page.is_visible("#written")
    page.focus("#view-explore")
    page.keyboard.press("Enter")
    page.wait_for_selector(DRAWN, state="visible")
    row = page.locator(f"{DRAWN} button.opblock-summary-control").first
    row.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawn .parameters")
    page.goto("/docs/en/reference#schema-Transaction")
    page.reload()
    page.wait_for_selector("#written", state="visible")
    assert page.locator(DRAWN).count() == 0, "who asks for the text does not load the renderer"
    assert desk.complaints() == []


def test_a_renderer_that_does_not_arrive_leaves_the_text(seat):
    page = seat(None, language="en").page
    page.route("**/swagger-ui-bundle.js*", lambda route: route.abort())
    page.goto("/docs/en/reference")
    page.wait_for_selector("text=It could not be drawn")
    assert page.is_visible("#postBatch")


def test_the_same_without_scripts(seat):
    page = seat(None, java_script_enabled=False).page
    page.click('a[href="/docs/uk/"]')
    assert page.url.endswith("/docs/uk/")
    page.click(".docs-cards >> text=Ваш перший пакет")
    for _ in (*GUIDES[1:], "reference"):
        page.click("a[rel=next]")
    assert page.inner_text("h1") == "Довідник API"
    page.click(".languages a[hreflang=en]")
    assert page.url.endswith("/docs/en/reference")
    assert page.is_visible("#postBatch")
    assert not page.is_visible("#views")
    page.click('.docs-codes a[href$="#amount_too_precise"]')
    assert page.url.endswith("/docs/en/errors#amount_too_precise")
    page.click(".docs-code:has(#amount_too_precise) summary")
    assert page.is_visible(".docs-code:has(#amount_too_precise) >> text=12.505 >> nth=0")
    assert not page.locator("[data-copy]").first.is_visible()


def test_code_is_scrolled_and_copied_by_keyboard(seat):
    desk = seat(None, language="en", permissions=["clipboard-read", "clipboard-write"])
    page = desk.page
    page.set_viewport_size({"width": 360, "height": 720})
    page.goto("/docs/en/quickstart")
    code = page.locator(".code-block pre").nth(2)
    code.focus()
    page.keyboard.press("ArrowRight")
    until(page, "document.activeElement.scrollLeft > 0")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel") == "Copy the code"
    page.keyboard.press("Enter")
    until(page, "document.getElementById('announce').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == code.inner_text()
    assert desk.complaints() == []


def test_an_anchor_of_an_error_holds_in_both_languages(seat):
    page = seat(None, language="en").page
    page.goto("/docs/errors#duplicate_id")
    assert page.url.endswith("/docs/en/errors#duplicate_id")
    top = "document.getElementById('duplicate_id').getBoundingClientRect().top"
    until(page, f"0 <= {top} && {top} < innerHeight")


def test_on_paper_every_example_and_the_text_of_the_reference(seat):
    page = seat(None, language="en").page
    page.goto("/docs/en/reference")
    page.wait_for_selector(DRAWN)
    page.emulate_media(media="print")
    assert page.is_visible("#written")
    assert not page.is_visible("#drawn")
    assert not page.is_visible(".side")
    page.goto("/docs/en/quickstart")
    assert not page.is_visible(".docs-contents")
    assert page.evaluate(
        "[...document.querySelectorAll('pre')].every(one => one.scrollWidth <= one.clientWidth)"
    )


def test_the_theme_chosen_in_the_portal_holds_and_the_way_leads_back(seat):
    page = seat(None, color_scheme="light").page
    page.goto("/docs/uk/backlog")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("/display/theme/dark?next=/docs/uk/backlog")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
    page.click("text=До порталу")
    assert "/docs/" not in page.url
