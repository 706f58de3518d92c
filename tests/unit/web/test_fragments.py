"""One address: the page for a visitor, its named part for htmx."""

from __future__ import annotations

import pytest

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def test_a_visitor_gets_the_page_and_htmx_its_part(client):
    page, part = client.get("/report"), client.get("/report", headers=PARTIAL)
    assert page.text.startswith("<!doctype html>")
    assert part.text.lstrip().startswith('<div class="stack" id="report"')
    assert "<html" not in part.text
    for answer in (page, part):
        assert {"HX-Request", "HX-Request-Type"} <= set(answer.vary)


def test_the_part_is_the_same_in_the_page(client):
    page, part = client.get("/report").text, client.get("/report", headers=PARTIAL).text
    squeezed = "".join(part.split())
    assert squeezed in "".join(page.split())


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Request-Type": "full"},
        {**PARTIAL, "HX-History-Restore-Request": "true"},
        {"HX-Request-Type": "partial"},
        {"HX-Request": "false", "HX-Request-Type": "partial"},
    ],
)
def test_what_is_not_for_a_part_gets_the_page(client, headers):
    assert client.get("/report", headers=headers).text.startswith("<!doctype html>")


def test_without_the_type_the_request_header_decides(client):
    assert "<html" not in client.get("/report", headers={"HX-Request": "true"}).text
