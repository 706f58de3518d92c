"""The id by which a person and a log line speak of the same request."""

from __future__ import annotations

import pytest


def test_each_request_has_its_own_id_and_the_page_shows_it(client):
    first, second = client.get("/"), client.get("/")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert f"<code>{first.headers['X-Request-Id']}</code>" in first.text


def test_a_sane_id_of_the_caller_is_kept(client):
    given = "trace-01J9.abc_DEF"
    assert client.get("/", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "a" * 65, "white space", "<script>", "-leading-dash"]
)
def test_anything_else_is_replaced(client, given):
    answer = client.get("/", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 16
