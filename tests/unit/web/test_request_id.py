"""The id by which a person and a log line speak of the same request."""

from __future__ import annotations

import pytest


def test_each_request_has_its_own_id_and_the_page_shows_it(client):
    first, second = client.get("/"), client.get("/")
    assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]
    assert f"<code>{first.headers['X-Request-Id']}</code>" in first.text


@pytest.mark.parametrize(
    "given", ["4bf92f3577b34da6a3ce929d0e0e4736", "00c1d1a4-5a07-4a3e-9d8e-3c3b0d6f7a11"]
)
def test_a_random_id_of_the_caller_is_kept(client, given):
    assert client.get("/", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "a" * 65,
        "white space",
        "<script>",
        "Ivan-Franko-1856",
        "380671239876",
        "A" * 32,
    ],
)
def test_anything_else_is_replaced(client, given):
    answer = client.get("/", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 16
