"""Every page in every language and look, examined for those who cannot use a mouse, see or hear."""

from __future__ import annotations

from tests.campaigns.whole import campaign

FILES = {
    "shell": "tests/unit/web/test_in_browser.py",
    "portal": "tests/journeys/test_accessibility.py",
    "registers": "tests/journeys/test_registry_pages.py",
    "declarations": "tests/journeys/test_declarations.py",
    "public": "tests/journeys/test_public.py",
    "charts": "tests/journeys/test_report_charts.py",
    "guides": "tests/journeys/test_documentation.py",
    "lists": "tests/integration/registry/test_lists.py",
    # Amounts and screens of each width.
    "paper": "tests/journeys/test_print.py",
    "officials": "tests/journeys/test_officials.py",
    # With scripts and without.
    "operator": "tests/journeys/test_registry_operator.py",
    "workspaces": "tests/journeys/test_registry_workspaces.py",
}

CAMPAIGN = campaign(
    "accessibility",
    "every page, report and guide, in each language and look, can be used by everyone",
    FILES,
)
