"""Entering and leaving: demo identities only, and only in demo mode."""

from __future__ import annotations

import pytest

from portal import config


def test_the_page_offers_officials_and_operators_in_alphabetical_order(app, scene):
    page = app.test_client().get("/login").text
    assert page.index("Керівник нагляду") < page.index("Податковий інспектор")
    assert page.index("Податковий інспектор") < page.index("Оператори")
    assert page.index("Оператор PAGES-FIRST") < page.index("Оператор PAGES-SECOND")
    regulator = scene.person("regulator")
    assert page.index(f'action="/login/demo/{regulator}"') < page.index('action="/login/demo"')


def test_an_operator_is_chosen_from_the_list(app, scene):
    client = app.test_client()
    person = scene.person("operator", scene.first)
    answer = client.post("/login/demo", data={"person": person, "next": "/ledger/refusals"})
    assert answer.headers["Location"] == "/ledger/refusals"
    assert "Оператор PAGES-FIRST" in client.get("/").text


@pytest.mark.parametrize("person", ["", "x", "-1", "9" * 5000])
def test_choosing_nobody_is_said(app, person):
    assert app.test_client().post("/login/demo", data={"person": person}).status_code == 422


@pytest.mark.parametrize("person", [0, 999_999_999, 10**30])
def test_an_unknown_identity_is_refused(app, person):
    assert app.test_client().post(f"/login/demo/{person}").status_code == 403


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_away(app, scene, next_):
    person = scene.person("regulator")
    answer = app.test_client().post(f"/login/demo/{person}", data={"next": next_})
    assert answer.headers["Location"] == "/"
    page = app.test_client().get("/login", query_string={"next": next_}).text
    assert 'name="next"' not in page


def test_leaving_ends_the_session_everywhere(app, visitor):
    client = visitor("regulator")
    kept = client.get_cookie("dozir").value
    assert client.post("/logout").status_code == 303
    stolen = app.test_client()
    stolen.set_cookie("dozir", kept)
    assert stolen.get("/").status_code == 303


def test_outside_demo_mode_nobody_enters_and_the_page_says_so(app, scene, monkeypatch):
    monkeypatch.delenv("DOZIR_DEMO")
    config.settings.cache_clear()
    try:
        client = app.test_client()
        page = client.get("/login").text
        assert "Увійти сюди поки що не можна" in page
        assert "/login/demo" not in page
        assert client.post(f"/login/demo/{scene.person('regulator')}").status_code == 403
    finally:
        config.settings.cache_clear()


def test_a_form_from_elsewhere_is_refused(app, scene, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = app.test_client().post(f"/login/demo/{scene.person('regulator')}")
    assert answer.status_code == 400
