"""What every answer tells the browser to refuse."""

from __future__ import annotations

import re

import pytest


@pytest.mark.parametrize("path", ["/", "/report", "/nothing", "/fail/500", "/static/app.css"])
def test_every_answer_carries_the_strict_policy(client, path):
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert re.fullmatch(r"'self' 'nonce-[\w-]{22}'", policy["script-src"])
    assert policy["style-src"] == "'self'"
    for directive in ("base-uri", "frame-ancestors", "object-src"):
        assert policy[directive] == "'none'"
    assert policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_the_nonce_of_the_page_is_that_of_the_header_and_never_the_same_twice(client):
    seen = set()
    for _ in range(3):
        answer = client.get("/report")
        (nonce,) = re.findall(r"'nonce-([^']+)'", answer.headers["Content-Security-Policy"])
        assert set(re.findall(r'nonce="([^"]+)"', answer.text)) == {nonce}
        seen.add(nonce)
    assert len(seen) == 3


def test_pages_are_not_kept_and_static_files_are(client):
    assert client.get("/").headers["Cache-Control"] == "private, no-store"
    page = client.get("/").text
    stylesheet = re.search(r'"(/static/app\.css\?v=[0-9a-f]{12})"', page)[1]
    assert "immutable" in client.get(stylesheet).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/app.css?v=old").headers["Cache-Control"]


def test_transport_security_only_over_https(client):
    assert "Strict-Transport-Security" not in client.get("/").headers
    secure = client.get("/", base_url="https://localhost")
    assert "max-age=31536000" in secure.headers["Strict-Transport-Security"]


def test_what_people_type_is_escaped(client):
    client.post("/sign-in", data={"person": "2", "csrf_token": token_of(client)})
    page = client.get("/").text
    assert "Jean O&#39;Neil &lt;b&gt;" in page
    assert "O'Neil <b>" not in page


def test_a_change_without_the_token_is_refused(client):
    answer = client.post("/sign-in", data={"person": "1"})
    assert answer.status_code == 400
    assert "Форму не прийнято" in answer.text
    assert "CSRF token is missing" not in answer.text


def test_the_token_is_taken_from_the_form_or_from_the_header_of_htmx(client):
    token = token_of(client)
    assert client.post("/sign-in", data={"person": "1", "csrf_token": token}).status_code == 302
    header = client.post("/sign-out", headers={"X-CSRFToken": token})
    assert header.status_code == 302


def test_machines_with_a_key_need_no_token(app):
    @app.post("/api/v1/anything")
    def anything() -> str:
        return "fine"

    assert app.test_client().post("/api/v1/anything").text == "fine"


def token_of(client) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)[1]
