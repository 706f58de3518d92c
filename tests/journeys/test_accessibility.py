"""Every page, for the regulator and for an operator, in both languages: no accessibility violation,
no report of the content policy, nothing in the console, nothing that scrolls sideways.

A run takes its share of the pages (``tests/support/sample.py``), ``scripts/campaign accessibility``
all of them."""

from __future__ import annotations

import pytest

from portal.config import ROOT
from tests.support.browser import until
from tests.support.sample import PARTS, one_of, some

AXE = (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
REPORT = "/reports/R03"
# What a page fetches for itself has come: until then it is dimmed, and read by nobody.
WHOLE = "document.querySelector('[hx-get*=\"only=\"], .htmx-request') === null"
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
        "/today",
        "/arrange",
        "/notices",
        "/notices/settings",
        "/subscriptions",
        "/subscriptions/deliveries",
        "/subscriptions/new?target=reports.report&path=%7B%22code%22%3A%22R03%22%7D",
        "/tasks/gaps",
        "/tasks/refusals",
        *HELP[:2],
        "/reports/",
        "/reports/R08?by=operator,day",
        "/reports/R10?by=amount_band&period=30-days",
        "/reports/limits",
        f"{REPORT}?by=day",
        f"{REPORT}?by=licence&type=slot_hall&type=bookmaker&currency=UAH&sort=ggr&find_licence=A",
        f"{REPORT}?from=2019-05-05&to=2019-05-05",
        f"{REPORT}?from=x&type=y",
        f"{REPORT}?by=hour&from={day}&to={day}&up=day~7-days&against=week&explain=total",
        "/ledger/batches",
        "/ledger/batches?from=2019-05-05&to=2019-05-05",
        "/ledger/batches?time=received&period=today",
        f"/ledger/batches/{own}",
        f"/ledger/batches/{own}/transactions/1",
        "/ledger/refusals",
        f"/ledger/missing?operator={scene.first.id}",
        "/reports/R05?by=stake_band,provider",
        f"/ledger/transactions?from={day}T00:00&until={day}T12:00&type=bet",
        f"/ledger/transactions?from={day}T00:00&payment=cash&back=/reports/R03",
        "/ledger/transactions?from=x&amount_from=x&amount_to=1&currency=UAH",
        "/ledger/batches/0",
        "/live",
        f"/live?operator={scene.first.id}",
        "/live?operator=x",
    ]


def violations(page):
    page.evaluate(AXE)
    # What holds need not be collected, nor style sheets fetched again.
    asked = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
    found = page.evaluate("asked => axe.run(document, asked)", asked)["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found]


def faults(desk, address, status=None):
    """What is wrong with one page; ``status``: what it must be answered with."""
    answer = desk.page.goto(address)
    other = [("status", answer.status)] if status and answer.status != status else []
    return other + settled(desk)


def settled(desk):
    """What is wrong with the page as it stands."""
    page = desk.page
    until(page, "document.fonts.status === 'loaded'")
    until(page, WHOLE)
    until(page, DRAWN)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    found = violations(page)
    found += [("console", text) for text in desk.complaints()]
    desk.said.clear()
    return found + ([("scrolls sideways", wider)] if wider > 0 else [])


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("role", ["regulator", "operator"])
def test_every_page_can_be_used_by_everyone(seat, scene, role, language):
    """Each page in both languages and looks, by the regulator and by an operator.

    Of one run each gets pages that none of the others does.
    """
    operator = scene.first if role == "operator" else None
    desk = seat(role, operator, language, reduced_motion="reduce", **LOOKS[language])
    turn = 2 * (role == "operator") + (language == "en")
    found = {
        address: faults(desk, address) for address in some(pages(scene), turn, parts=2 * PARTS)
    }
    assert not {address: said for address, said in found.items() if said}


@pytest.mark.parametrize("language", one_of([*LOOKS]))
def test_exports_and_views_can_be_used_by_everyone(seat, language):
    desk = seat("auditor", language=language, reduced_motion="reduce", **LOOKS[language])
    desk.page.request.get("/registry/game?format=csv")
    desk.page.goto("/views/new?target=registry.records&path=%7B%22kind%22%3A+%22game%22%7D")
    desk.page.fill("#name", f"Axe {language}")
    desk.page.click("main form button")
    pages = [
        "/exports",
        "/exports/files",
        "/exports/verify",
        "/exports/verify?hash=x",
        f"/exports/verify?hash={'0' * 64}",
        "/views",
        "/views/new?target=registry.records&path=%7B%22kind%22%3A+%22game%22%7D&query=q%3Dx",
    ]
    turn = list(LOOKS).index(language)
    found = {address: faults(desk, address) for address in some(pages, turn)}
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
    turn = list(LOOKS).index(language)
    found = {address: faults(desk, address) for address in some(addresses, turn)}
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
