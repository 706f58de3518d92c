"""Walking a list by cursor: every row once, and no trust in what an address says."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.exceptions import BadRequest

from portal.web.paging import cursor, listing, read_cursor


def encoded(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("length", [0, 1, 4, 5, 6, 10, 11, 23])
def test_a_walk_to_the_end_shows_every_row_once_and_leads_back(app, length):
    rows = [{"id": number} for number in range(length, 0, -1)]
    with app.test_request_context("/batches?operator=7&cursor=x"):
        seen, before = [], None
        while True:
            left = [row for row in rows if before is None or row["id"] < before]
            page = listing(left[:6], 5, "id", before is not None)
            seen += page.rows
            assert page.newest == (None if before is None else "/batches?operator=7")
            if page.older is None:
                break
            query = parse_qs(urlsplit(page.older).query)
            assert query["operator"] == ["7"]
            before = read_cursor({"cursor": query["cursor"][0]}, int)
    assert seen == rows


@pytest.mark.parametrize(
    "text",
    [
        "!!!",
        "ÿ",
        "a" * 600,
        encoded({"a": 1}),
        encoded([1]),
        encoded("1"),
        encoded(True),
        encoded(None),
        encoded(2**63),
        encoded(1e400),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_we_did_not_make_is_a_bad_request(app, text):
    with app.test_request_context(), pytest.raises(BadRequest):
        read_cursor({"cursor": text}, int)


def test_a_text_the_database_cannot_take_is_refused(app):
    with app.test_request_context(), pytest.raises(BadRequest):
        read_cursor({"cursor": encoded("nul\0")}, str)


def test_a_damaged_link_gets_a_page_that_says_so(client):
    answer = client.get("/batches?cursor=broken")
    assert answer.status_code == 400
    assert "Це посилання на сторінку списку пошкоджено." in answer.text


@pytest.mark.parametrize("key", [0, 2**63 - 1, "0190f3a4-5b6c-7d8e-9f00-112233445566"])
def test_a_key_comes_back_as_it_was(key):
    assert read_cursor({"cursor": cursor(key)}, type(key)) == key
