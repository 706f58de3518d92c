"""docs/schema.md says what the catalogue says."""

from __future__ import annotations

from portal.schema.page import PAGE, page
from tests.support.databases import Connection


def test_the_page_is_up_to_date(superuser: Connection) -> None:
    found = page(superuser).splitlines()
    written = PAGE.read_text().splitlines()
    differing = [line for line in found if line not in written][:5]
    assert found == written, (
        f"docs/schema.md is out of date, first at {differing}."
        " Write it anew: dozir db start && dozir migrate && dozir schema --write"
    )
