"""docs/figures.md says what the catalogue of reports says."""

from __future__ import annotations

from portal import db
from portal.reports import catalogue
from portal.reports.document import PAGE, page
from tests.support.databases import Database


def test_the_page_is_up_to_date(database: Database) -> None:
    with database.as_settings():
        db.close()
        try:
            with db.acting_as("regulator", actor="test") as conn:
                reports = catalogue.read(conn)
        finally:
            db.close()
    found, written = page(reports), PAGE.read_text()
    assert [one.code for one in reports] == list(catalogue.CODES)
    for report in reports:
        for code in (*report.measures, *report.dimensions):
            assert f"| `{code}` |" in found
    assert found == written, "write it anew: dozir migrate && dozir figures --write"
