"""The side navigation shows each role its own workspaces."""

from __future__ import annotations

import re

import pytest

from portal.web import navigation
from portal.web.navigation import NavItem


def signed_in(client, person):
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    client.post("/sign-in", data={"person": person, "csrf_token": token})
    return client


def test_nobody_sees_no_navigation(client):
    page = client.get("/").text
    assert "Головне меню" not in page
    assert "Вийти" not in page


def test_each_role_sees_what_is_meant_for_it(client):
    assert "Лише регулятор" in signed_in(client, "1").get("/").text
    operators = signed_in(client, "2").get("/").text
    assert "Лише регулятор" not in operators
    assert "Ставки та виграші" in operators


def test_the_place_one_is_in_is_marked_also_on_pages_within_it(client):
    signed_in(client, "1")
    assert '<a href="/batches" aria-current="page">' in client.get("/batches").text
    assert '<a href="/batches" aria-current="true">' in client.get("/batch").text


def test_the_person_can_sign_out_by_a_form(client):
    page = signed_in(client, "1").get("/").text
    form = re.search(r'<form method="post" action="/sign-out">(.*?)</form>', page, re.S)[1]
    assert 'name="csrf_token"' in form


def test_an_unknown_audience_is_refused():
    with pytest.raises(ValueError, match="unknown audiences"):
        NavItem("gallery.home", "Home", "home", {"public"})


def test_an_entry_is_registered_once(app):
    with pytest.raises(ValueError, match="registered twice"):
        navigation.register(app, NavItem("gallery.home", "Home", "home", {"auditor"}))
