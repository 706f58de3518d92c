"""An official's day: tasks, explained words, keys, light and dark."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.browser import until
from tests.support.pages import day_of_wide_figures
from tests.support.sample import one_of

REPORT = "/reports/R03"
# More than fit beside each other.
COLUMNS = (
    "bet_count,stake,refund_count,refund,net_stake,win_count,win,ggr,rtp_percent,average_stake"
)
BACKGROUND = "getComputedStyle(document.body).backgroundColor"
DRAWN = "document.querySelector('.chart-canvas svg') !== null"


@pytest.fixture
def report(seat):
    """The report of a regulator, with its chart."""
    page = seat("regulator", reduced_motion="reduce").page
    page.goto(f"{REPORT}?by=day")
    until(page, DRAWN)
    return page


def is_open(page):
    return page.locator(".term-card:popover-open").count()


# Tasks


def test_a_task_leads_to_its_rows_with_the_same_number(seat, scene):
    page = seat("operator", scene.first).page
    row = page.locator(".task", has=page.locator('a[href$="/tasks/refusals"]'))
    title = row.locator(".task-title").inner_text()
    page.goto("/today")
    refused = page.locator(".figure", has_text="Відмови в прийнятті").locator(".figure-value")
    number = refused.inner_text()
    assert number in title
    page.go_back()
    row.locator(".task-title").click()
    assert page.inner_text("h1") == title
    page.click("#task tbody a")
    assert "period=today" in page.url
    assert page.inner_text("#refusals .panel-head").find(f"{number} відмов") >= 0
    assert page.locator("#refusals tbody tr").count() == int(number)


def test_of_nothing_that_waits_a_page_says_so(seat, scene):
    page = seat("operator", scene.second).page
    page.goto("/tasks/breaches")
    assert page.is_visible("text=Таких завдань зараз немає")
    page.click(".page-actions a")
    assert page.url.endswith("/")


# Words


@pytest.mark.parametrize("scripts", [True, False])
def test_a_word_opens_closes_by_escape_and_the_focus_stays(seat, scripts):
    page = seat("regulator", java_script_enabled=scripts).page
    page.goto(f"{REPORT}?by=day")
    word = page.locator(".figure .term", has_text="Валовий дохід")
    word.focus()
    page.keyboard.press("Enter")
    card = page.locator(".term-card:popover-open")
    assert "ставки − повернення − виграші" in card.inner_text()
    page.keyboard.press("Tab")  # into the card
    assert card.locator("a:focus").count() == 1
    page.keyboard.press("Escape")
    assert is_open(page) == 0
    assert word.evaluate("word => word.matches(':focus')")
    word.press("Enter")
    card.locator("a").click()
    assert page.url.endswith("/help/glossary#ggr")
    assert page.locator("#ggr").inner_text().startswith("Валовий дохід (GGR)")


def test_a_replaced_part_of_the_page_brings_its_own_explanations(report):
    report.select_option("#filter-by", "gambling_type")
    report.wait_for_url("**by=gambling_type*")
    report.wait_for_selector(".bars")
    ids = report.eval_on_selector_all("[id]", "all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    report.click(".bars thead .term >> nth=0")
    assert is_open(report) == 1


def test_the_glossary_is_searched_with_and_without_scripts(seat):
    page = seat(None).page
    page.goto("/help/glossary")
    page.fill("#search", "hold")
    page.wait_for_url("**q=hold*")
    until(page, "document.querySelectorAll('.glossary-entry').length < 5")
    assert page.is_visible("#hold_percent")
    plain = seat(None, java_script_enabled=False).page
    plain.goto("/help/glossary")
    plain.fill("#search", "ОБ'ЄКТ НЕ ДІЄ")
    plain.click(".filters-submit")
    assert plain.locator(".glossary-entry").count() == 1


# Keys


def test_single_keys_open_help_and_search_until_they_are_switched_off(seat):
    page = seat("regulator").page
    page.goto("/help/glossary")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("?/")
    assert page.input_value("#search") == "?/"
    page.goto("/ledger/refusals")
    page.keyboard.press("?")
    page.wait_for_url("**/help")
    page.click(".appearance summary")
    page.click('[data-preference="shortcuts"] a[data-value="off"]')
    assert page.url.endswith("/help")
    page.goto("/ledger/refusals")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.url.endswith("/ledger/refusals")
    page.goto("/help/glossary")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") != "search"


# Light and dark


def test_the_theme_is_switched_without_scripts_and_stays_on_the_page(seat, scene):
    page = seat("regulator", java_script_enabled=False, color_scheme="light").page
    address = f"{REPORT}?period=7-days&by=operator&operator={scene.first.id}"
    page.goto(address)
    light = page.evaluate(BACKGROUND)
    page.click(".appearance summary")
    page.click('a[data-value="dark"]')
    assert page.url.endswith(address)
    assert page.evaluate(BACKGROUND) != light
    page.goto("/help")
    assert page.evaluate(BACKGROUND) != light
    page.click(".appearance summary")
    page.click('a[data-value="auto"]')
    assert page.evaluate(BACKGROUND) == light


def test_the_theme_is_switched_in_place_and_the_chart_follows(report):
    def ink():
        return report.eval_on_selector_all(
            ".chart-canvas svg text", "all => all.map(one => one.getAttribute('fill'))"
        )

    light, page_light = ink(), report.evaluate(BACKGROUND)
    report.evaluate("document.body.dataset.same = 'page'")
    report.click(".appearance summary")
    report.click('a[data-value="dark"]')
    report.wait_for_function(
        "old => document.querySelector('.chart-canvas svg text').getAttribute('fill') !== old",
        arg=light[0],
    )
    assert report.get_attribute("body", "data-same") == "page"
    assert report.evaluate(BACKGROUND) != page_light
    while "theme" not in {one["name"] for one in report.context.cookies()}:
        report.wait_for_timeout(50)
    report.reload()  # the server knows it, too
    until(report, DRAWN)
    assert ink() != light
    assert report.get_attribute("html", "data-bs-theme") == "dark"


def test_without_a_choice_the_page_follows_the_system(report):
    light = report.evaluate(BACKGROUND)
    report.emulate_media(color_scheme="dark")
    assert report.evaluate(BACKGROUND) != light
    report.emulate_media(color_scheme="light")
    assert report.evaluate(BACKGROUND) == light


def test_a_choice_is_ours_and_leads_back_to_us_alone(seat):
    page = seat(None).page
    answer = page.request.get("/display/theme/dark?next=https://evil.example/", max_redirects=0)
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    for address in ("/display/theme/on", "/display/shortcuts/dark", "/display/colour/dark"):
        assert page.request.get(address).status == 404
    page.context.add_cookies([{"name": "theme", "value": '"><script>', "url": page.url}])
    page.goto("/help")
    assert page.get_attribute("html", "data-bs-theme") is None


# The first link, and before it the box of the menu, of which narrow windows show only the label.
FIRST = '.menu-toggle, .skip[href="#main"]'
# Whether some of what has the focus, left, middle and right, cannot be seen: then what it is under.
HIDDEN = """async () => {
    await new Promise((go) => requestAnimationFrame(go));  // headings that stick take their place
    const own = document.activeElement;
    const box = own.getBoundingClientRect();
    const inset = Math.min(2, box.width / 2);
    for (const x of [box.x + inset, box.x + box.width / 2, box.right - inset]) {
        const above = document.elementFromPoint(x, box.y + box.height / 2);
        if (!own.contains(above)) return `${own.outerHTML} at ${x} under ${above?.outerHTML}`;
    }
    return null;
}"""


@pytest.mark.parametrize("width", one_of([1360, 1100, 390]))
def test_what_has_the_focus_is_not_hidden(report, database, width):
    """Backwards through a table longer and wider than its window to the very first link."""
    day = day_of_wide_figures(database, 10**12)
    report.set_viewport_size({"width": width, "height": 700})
    report.goto(f"{REPORT}?from={day - timedelta(days=29)}&to={day}&by=day&column={COLUMNS}")
    room = report.locator("#rows .table-scroll")
    assert room.evaluate("room => room.scrollWidth > room.clientWidth")
    assert room.evaluate("room => room.scrollHeight > room.clientHeight")
    report.locator("#rows tfoot a").last.focus()
    walked = 0
    report.keyboard.press("Shift+Tab")
    while not report.evaluate(f"document.activeElement.matches('{FIRST}')"):
        assert report.evaluate(HIDDEN) is None
        report.keyboard.press("Shift+Tab")
        walked += 1
        assert walked < 200
    assert walked > 90
