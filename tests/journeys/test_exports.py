"""At a browser: a table is taken away and checked, a long one is made meanwhile, a view is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.browser import until
from tests.support.servers import beside

LIST = "/registry/game"
SORTED = re.compile(r"/registry/game\?(sort=code&dir=desc|dir=desc&sort=code)$")


def test_a_file_is_taken_and_its_check_says_that_it_is_genuine(seat, tmp_path):
    desk = seat("regulator", language="en")
    page = desk.page
    page.goto(LIST)
    with page.expect_download() as download:
        page.click('.export-links a[href*="format=xlsx"]')
    taken = tmp_path / download.value.suggested_filename
    download.value.save_as(taken)
    page.goto("/exports")
    page.click(".page-actions >> text=Check a file")
    page.set_input_files("#file", taken)
    page.click("text=Check the file")
    until(page, "document.activeElement.id === 'result'")
    assert page.is_visible("text=The file is genuine and unaltered")
    assert page.is_visible("#result >> text=Taken by")
    assert desk.complaints() == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_file_is_made_while_one_looks_on(seat, database, scripts):
    with database.connect() as conn:
        conn.execute("delete from audit.export_job")
    desk = seat("auditor", language="en", java_script_enabled=scripts)
    page = desk.page
    page.goto("/exports/files")
    token = page.get_attribute("form input[name=csrf_token]", "value")
    asked = page.request.post(
        "/exports/files",
        form={
            "csrf_token": token,
            "source": "registry.records",
            "format": "csv",
            "path": '{"kind": "game"}',
            "query": "",
        },
        headers={"Referer": page.url},
    )
    assert asked.ok
    page.goto(asked.url)
    with beside("exports", "run"):  # the page follows by itself, without scripts too
        page.locator("#progress >> text=Take the file").wait_for(timeout=40_000)
    with page.expect_download() as download:
        page.click("#progress >> text=Take the file")
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    assert desk.complaints() == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_view_is_saved_opened_removed_and_brought_back(seat, database, scripts):
    with database.connect() as conn:
        conn.execute("delete from identity.saved_view")
    page = seat("regulator", language="en", java_script_enabled=scripts).page
    page.goto(f"{LIST}?sort=code&dir=desc")
    page.click("text=Save this view")
    page.click("button:has-text('Save')")
    assert page.get_attribute("#name", "aria-invalid") == "true"
    page.fill("#name", "Games from Z")
    page.keyboard.press("Enter")
    page.wait_for_url(SORTED)
    assert page.is_visible("text=Saved as")
    page.click(".side >> text=Saved views")
    page.click("#own >> text=Remove")
    page.click("#gone >> text=Bring back")
    page.click("#own >> text=Games from Z")
    page.wait_for_url(SORTED)
