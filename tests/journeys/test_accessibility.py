"""Every page, for the regulator and for an operator, in both languages: no accessibility violation,
no report of the content policy, nothing in the console, nothing that scrolls sideways."""

from __future__ import annotations

import pytest

from portal.config import ROOT
from tests.support.browser import until

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
REPORT = "/reports/stakes-and-winnings"
DRAWN = "[...document.querySelectorAll('.chart-canvas')].every(one => one.querySelector('svg'))"
LOOKS = {
    "uk": {"color_scheme": "light"},
    "en": {"color_scheme": "dark", "viewport": {"width": 320, "height": 720}},
}
# The other theme of each language, chosen by the person against the system.
THEMES = {"uk": "dark", "en": "light"}
HELP = ["/help", "/help/glossary", "/help/glossary?q=zzz", "/help/accessibility"]


def pages(scene):
    own = scene.receipts[-2]["batch_id"]
    day = scene.days[-1]
    return [
        "/",
        "/tasks/gaps",
        "/tasks/refusals",
        *HELP[:2],
        f"{REPORT}?by=day",
        f"{REPORT}?by=licence&type=slot_hall&currency=UAH&sort=ggr",
        f"{REPORT}?from=2019-05-05&to=2019-05-05",
        f"{REPORT}?from=x&type=y",
        "/ledger/batches",
        "/ledger/batches?from=2019-05-05&to=2019-05-05",
        "/ledger/batches?time=received&period=today",
        f"/ledger/batches/{own}",
        f"/ledger/batches/{own}/transactions/1",
        "/ledger/refusals",
        f"/ledger/transactions?from={day}T00:00&until={day}T12:00&type=bet",
        "/ledger/transactions?from=x",
        "/ledger/batches/0",
        "/live",
        f"/live?operator={scene.first.id}",
        "/live?operator=x",
    ]


def violations(page):
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def faults(desk, address):
    """What is wrong with one page."""
    page = desk.page
    page.goto(address)
    until(page, "document.fonts.status === 'loaded'")
    until(page, DRAWN)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = violations(page) + [("console", text) for text in desk.complaints()]
    desk.said.clear()
    return found + ([("scrolls sideways", wider)] if wider > 0 else [])


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("role", ["regulator", "operator"])
def test_every_page_can_be_used_by_everyone(seat, scene, role, language):
    operator = scene.first if role == "operator" else None
    desk = seat(role, operator, language, reduced_motion="reduce", **LOOKS[language])
    found = {address: faults(desk, address) for address in pages(scene)}
    assert not {address: said for address, said in found.items() if said}


@pytest.mark.parametrize("language", LOOKS)
def test_signing_in_can_be_used_by_everyone(seat, language):
    desk = seat(None, language=language, **LOOKS[language])
    assert faults(desk, "/login") == []


@pytest.mark.parametrize("language", THEMES)
def test_the_chosen_theme_can_be_read_by_everyone(seat, scene, language):
    options = LOOKS[language] | {"viewport": {"width": 640, "height": 720}}  # 1280 at 200 %
    desk = seat("regulator", None, language, reduced_motion="reduce", **options)
    desk.page.context.add_cookies(
        [{"name": "theme", "value": THEMES[language], "url": desk.page.url}]
    )
    addresses = ["/", f"{REPORT}?by=operator", "/ledger/refusals", *HELP]
    found = {address: faults(desk, address) for address in addresses}
    assert not {address: said for address, said in found.items() if said}
    assert desk.page.get_attribute("html", "data-bs-theme") == THEMES[language]


@pytest.mark.parametrize("role", ["tax_service", "registrar", "auditor"])
def test_the_start_page_of_each_role_can_be_used_by_everyone(seat, role):
    desk = seat(role)
    assert faults(desk, "/") == []
    for link in desk.page.eval_on_selector_all(".task-title", "all => all.map(a => a.href)"):
        assert faults(desk, link) == []


def test_an_open_explanation_can_be_used_by_everyone(seat):
    desk = seat("regulator")
    desk.page.goto(f"{REPORT}?by=day")
    until(desk.page, DRAWN)
    desk.page.click(".figure .term")
    assert violations(desk.page) == []
