"""The start page as a dashboard: no more than one screen, however much waits."""

from __future__ import annotations

import pytest

SCREEN = {"width": 1360, "height": 768}
ROLES = ("regulator", "tax_service", "operator")
# Tasks of the tax service are of yesterday's and today's money, which scenes have by the hour.
BUSY = {"regulator", "operator"}


@pytest.mark.parametrize("language", ["uk", "en"])
def test_all_of_it_is_on_one_screen_with_tasks_waiting(seat, scene, language):
    found = {}
    for role in ROLES:
        operator = scene.first if role == "operator" else None
        page = seat(role, operator, language=language, viewport=SCREEN).page
        page.goto("/")
        height = page.evaluate("document.documentElement.scrollHeight")
        found[role] = (page.locator(".task").count() > 0, height <= SCREEN["height"], height)
    assert {role for role, (waits, _, _) in found.items() if waits} >= BUSY, found
    assert all(fits for _, fits, _ in found.values()), found
