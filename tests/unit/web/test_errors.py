"""What people see when something fails: words, advice, an id; never the inside."""

from __future__ import annotations

import logging

import psycopg
import pytest

from portal.errors import DatabaseUnavailable
from portal.web import shell

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 422, 429, 503, 418, 502])
@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_error_has_a_page_in_both_languages(client, code, language):
    client.set_cookie("lang", language)
    answer = client.get(f"/fail/{code}")
    assert answer.status_code == code
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.mimetype == "text/html"


def test_a_crash_shows_nothing_of_the_inside_and_is_logged(client, caplog):
    with caplog.at_level(logging.ERROR):
        answer = client.get("/fail/500")
    assert answer.status_code == 500
    assert "Щось пішло не так на нашому боці" in answer.text
    assert "secret inside" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "secret inside" in caplog.text


def test_the_library_says_nothing_in_its_own_english(client):
    assert "The requested URL was not found" not in client.get("/nothing").text


def test_an_unknown_method_names_the_known_ones(client):
    answer = client.post("/report")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_htmx_gets_a_notice_and_the_page_stays(client):
    answer = client.get("/fail/404", headers=HTMX)
    assert answer.status_code == 404
    assert "<html" not in answer.text
    assert 'role="alert"' in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.headers["HX-Retarget"] == "#notices"
    assert answer.headers["HX-Push-Url"] == "false"


def test_a_visitor_without_a_session_is_led_to_sign_in_and_back(client):
    answer = client.get("/private?a=1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=%2Fprivate%3Fa%3D1"


def test_a_poll_without_a_session_gets_401_and_leaves_the_page(client):
    asked = {**HTMX, "HX-Current-URL": "https://portal.example/report?operator=7"}
    answer = client.get("/private", headers=asked)
    assert answer.status_code == 401
    assert answer.text == ""
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Freport%3Foperator%3D7"


def test_without_a_sign_in_page_401_is_a_page(app):
    app.config["LOGIN_ENDPOINT"] = "nowhere"
    answer = app.test_client().get("/private")
    assert answer.status_code == 401
    assert "Увійдіть, щоб продовжити" in answer.text


def test_the_error_page_stands_when_the_viewer_cannot_be_loaded(app, caplog):
    def fail(identity: str) -> None:
        raise RuntimeError("the database is gone")

    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1"
    app.login_manager.user_loader(fail)
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "<html" in answer.text


@pytest.mark.parametrize("lost", [DatabaseUnavailable(), psycopg.errors.QueryCanceled("late")])
def test_an_error_keeps_its_status_when_the_viewer_cannot_be_loaded(app, lost):
    """The database is busy just when a page is told that there is no such address."""

    def fail(identity: str) -> None:
        raise lost

    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "1"
    app.login_manager.user_loader(fail)
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "<html" in answer.text


def test_when_the_error_page_itself_fails_words_and_the_id_remain(app, monkeypatch):
    monkeypatch.setattr("portal.web.errors.render", broken)
    answer = app.test_client().get("/nothing")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert answer.mimetype == "text/plain"


def broken(*_args: object, **_values: object) -> None:
    raise RuntimeError("no template")


def test_an_interface_for_machines_renders_its_own_errors(app):
    shell.render_under(app, "/api/", lambda error: ({"status": error.code}, error.code))
    client = app.test_client()
    assert client.get("/api/v1/nothing").get_json() == {"status": 404}
    assert client.get("/nothing").mimetype == "text/html"
