"""Back and forward: what is shown is always what the address says."""

from __future__ import annotations

REPORT = "/reports/R03"
ASKED = "**/vendor/htmx/htmx.min.js*"


def test_forward_before_the_scripts_have_come(seat, scene):
    """Whoever turns round while the page still loads reads the figures that they think they do."""
    page = seat("regulator").page
    page.goto(REPORT)
    page.click("#filter-operator")
    page.check(f'#filter-operator-choices input[value="{scene.first.id}"]')
    page.wait_for_selector(".chip")
    narrowed = page.url

    held = []

    def hold(route):
        held.append(route)

    page.route(ASKED, hold, times=1)
    with page.expect_request(ASKED):
        page.go_back(wait_until="commit")
    page.wait_for_selector("#filter-operator")
    page.go_forward(wait_until="commit")
    assert page.url == narrowed
    held[0].continue_()
    page.wait_for_selector(".chip")
    assert page.url == narrowed
    ticked = page.locator("#filter-operator-choices :checked")
    assert ticked.get_attribute("value") == str(scene.first.id)
