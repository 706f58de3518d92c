"""The charts of all reports as people meet them: seen, read aloud, by keys, on narrow screens."""

from __future__ import annotations

import pytest

from tests.journeys.test_accessibility import LOOKS, WHOLE, settled
from tests.support.browser import until
from tests.support.sample import some

CODES = [f"R{number:02}" for number in range(1, 12)]
CHARTED = "document.querySelector('#own-chart svg, #own-chart table, #over-time svg') !== null"


@pytest.mark.parametrize("language", LOOKS)
def test_every_report_has_its_chart_and_everyone_can_use_it(seat, language):
    """In Ukrainian and light on a wide screen, in English and dark on a narrow one."""
    desk = seat("regulator", language=language, reduced_motion="reduce", **LOOKS[language])
    page = desk.page
    found = {}
    for code in some(CODES, list(LOOKS).index(language)):
        # Nothing is declared in the scene, and GGR of a short time may be below what is taxed.
        query = "by=month&period=quarter" if code == "R11" else "period=30-days"
        page.goto(f"/reports/{code}?{query}")
        until(page, WHOLE)
        for table in page.locator(".picture-table summary").all():
            table.click()
        page.evaluate("scrollTo(0, 0)")  # nothing lies under the bar at the top
        found[code] = settled(desk)
        if not page.evaluate(CHARTED):
            found[code].append(("no chart", ""))
    assert not {code: said for code, said in found.items() if said}


def test_a_mark_leads_where_its_row_in_the_table_does(seat):
    page = seat("regulator", reduced_motion="reduce").page
    page.goto("/reports/R05?by=game&period=30-days")
    until(page, WHOLE)
    mark = page.locator("#own-chart svg a").first
    table = page.locator("#own-chart .picture-table")
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    row = table.locator("tbody a").first
    assert row.get_attribute("href") == mark.get_attribute("href")
    page.keyboard.press("Tab")  # over the marks, into what scrolls, to the first row
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.picture-table') !== null")
    mark.click()
    page.wait_for_url("**by=day**")
    until(page, "document.querySelector('.chart-canvas svg') !== null")
