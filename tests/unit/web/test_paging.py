"""Walking a list by cursor: every row once, both ways, and no trust in what an address says."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.exceptions import BadRequest

from portal.web.paging import Cursor, page_of, read_cursor


def query(numbers, cursor, size):
    """What the database does: rows after the key, or before it nearest first, one too many."""
    if cursor is None:
        return numbers[: size + 1]
    (key,) = cursor.key
    if cursor.forward:
        return [number for number in numbers if number < key][: size + 1]
    return [number for number in reversed(numbers) if number > key][: size + 1]


def cursor_in(address):
    return read_cursor({"cursor": parse_qs(urlsplit(address).query)["cursor"][0]}, int)


@pytest.mark.parametrize("length", [0, 1, 4, 5, 6, 10, 11, 23])
def test_a_walk_there_and_back_shows_every_row_once(app, length):
    numbers = list(range(length, 0, -1))
    with app.test_request_context("/batches?operator=7"):
        there, cursor, pages = [], None, []
        while True:
            page = page_of(query(numbers, cursor, 5), cursor, 5, lambda row: (row,))
            there += page.rows
            pages.append(page)
            if page.next is None:
                break
            assert "operator=7" in page.next
            cursor = cursor_in(page.next)
        assert there == numbers
        assert pages[0].previous is None
        back = list(pages[-1].rows)
        page = pages[-1]
        while page.previous is not None:
            cursor = cursor_in(page.previous)
            page = page_of(query(numbers, cursor, 5), cursor, 5, lambda row: (row,))
            back = page.rows + back
        assert back == numbers


def test_an_empty_page_past_the_end_leads_back_to_the_start(app):
    with app.test_request_context("/batches?operator=7&cursor=x"):
        page = page_of([], Cursor((0,)), 5, lambda row: (row,))
    assert page.previous == "/batches?operator=7"
    assert page.next is None


def encoded(value) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "text",
    [
        "!!!",
        "ÿ",
        "a" * 600,
        encoded({"a": 1}),
        encoded([1]),
        encoded([1, "one"]),
        encoded([1, True]),
        encoded([1, 2, 3]),
        encoded([7, 5]),
        encoded([1, 2**63]),
        encoded([1, 1e400]),
        encoded("text"),
        base64.urlsafe_b64encode(b"[" * 300).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_a_cursor_we_did_not_make_is_a_bad_request(app, text):
    with app.test_request_context(), pytest.raises(BadRequest):
        read_cursor({"cursor": text}, int)


def test_a_text_the_database_cannot_take_is_refused(app):
    with app.test_request_context(), pytest.raises(BadRequest):
        read_cursor({"cursor": encoded([1, "nul\0"])}, str)


def test_a_damaged_link_gets_a_page_that_says_so(client):
    answer = client.get("/batches?cursor=broken")
    assert answer.status_code == 400
    assert "Це посилання на сторінку списку пошкоджено." in answer.text


def test_keys_of_several_kinds_come_back_as_they_were():
    cursor = Cursor(("2026-11-20T10:00:00+00:00", 7), forward=False)
    assert read_cursor({"cursor": cursor.encode()}, str, int) == cursor
