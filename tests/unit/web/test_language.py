"""Ukrainian first, English when asked, and back to the very same page."""

from __future__ import annotations

import pytest

from portal.web.i18n import ngettext
from portal.web.urls import safe_next


def test_ukrainian_unless_asked_otherwise(client):
    page = client.get("/nothing", headers={"Accept-Language": "en"}).text
    assert '<html lang="uk">' in page
    assert "За цією адресою нічого немає" in page


def test_the_switch_is_remembered_and_keeps_page_and_filters(client):
    page = client.get("/report?operator=7&type=2").text
    assert 'href="/language/en?next=/report?operator%3D7%26type%3D2"' in page
    answer = client.get("/language/en?next=/report?operator%3D7%26type%3D2")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/report?operator=7&type=2"
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert '<html lang="en">' in client.get("/").text
    client.get("/language/uk")
    assert '<html lang="uk">' in client.get("/").text


def test_a_language_we_do_not_have_is_the_default(client):
    client.set_cookie("lang", "../../etc")
    assert '<html lang="uk">' in client.get("/").text
    assert client.get("/language/de").status_code == 404


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "report",
        "",
        None,
    ],
)
def test_nobody_is_led_elsewhere(client, target):
    assert safe_next(target) == "/"
    answer = client.get("/language/en", query_string={"next": target})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Виправте 1 пункт,"),
        (2, "Виправте 2 пункти,"),
        (5, "Виправте 5 пунктів,"),
        (0, "Виправте 0 пунктів,"),
        (11, "Виправте 11 пунктів,"),
        (21, "Виправте 21 пункт,"),
        (22, "Виправте 22 пункти,"),
        (25, "Виправте 25 пунктів,"),
        (101, "Виправте 101 пункт,"),
        (111, "Виправте 111 пунктів,"),
    ],
)
def test_ukrainian_has_three_plural_forms(app, number, words):
    with app.test_request_context():
        said = ngettext(
            "Correct this to continue", "Correct these %(num)s things to continue", number
        )
    assert said.startswith(words)
