"""Providers say what they carried out, officials what they found."""

from __future__ import annotations

import json
import re

import pytest

from tests.integration.open_data.entering import block, provider
from tests.support.databases import refusal, rows


@pytest.fixture(scope="module")
def net(app):
    return provider("NET-A")


def secret_of(officer, provider_id):
    page = officer.post(f"/blocking/providers/{provider_id}/key")
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    return re.search(r"<code[^>]*>([\w-]{40,})</code>", page.text)[1]


def applied(anyone, secret, sequence):
    return anyone.post(
        "/open/blocked/applied",
        data=json.dumps({"sequence": sequence}),
        headers={"Authorization": f"Bearer {secret}"} if secret else {},
    )


def last(anyone):
    return json.loads(anyone.get("/open/blocked/changes").text)["last"]


def test_a_provider_reports_and_is_up_to_date(anyone, visitor, net):
    officer = visitor("regulator")
    block()
    secret = secret_of(officer, net)
    answer = applied(anyone, secret, last(anyone))
    assert (answer.status_code, answer.json) == (
        200,
        {"provider": "NET-A", "sequence": last(anyone)},
    )
    assert "виконано все" in officer.get("/blocking/providers").text
    block()
    assert "відстає" in officer.get("/blocking/providers").text


def test_a_secret_is_replaced_and_revoked_at_once(anyone, visitor, net):
    officer = visitor("regulator")
    old = secret_of(officer, net)
    new = secret_of(officer, net)
    assert applied(anyone, old, 0).status_code == 401
    assert applied(anyone, new, 0).status_code == 200
    assert officer.post(f"/blocking/providers/{net}/key/revoke").status_code == 303
    assert applied(anyone, new, 0).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422), (b"{}", 422), (b"[1]", 422), (b'{"sequence": "1"}', 422),
        (b'{"sequence": true}', 422), (b'{"sequence": -1}', 422), (b'{"sequence": 1e3}', 422),
        (b'{"sequence": 99999999999999999999}', 422), (b'{"sequence": 1, "code": "OTHER"}', 422),
        (b'{"sequence": 999999999}', 422), (b"[" * 900, 422), (b" " * 5000, 413),
    ],
)  # fmt: skip
def test_what_is_no_report_is_refused(anyone, visitor, net, body, status):
    secret = secret_of(visitor("regulator"), net)
    answer = anyone.post(
        "/open/blocked/applied", data=body, headers={"Authorization": f"Bearer {secret}"}
    )
    assert answer.status_code == status


@pytest.mark.parametrize("secret", [None, "", "x", "a" * 43])
def test_nobody_reports_without_a_secret(anyone, secret):
    answer = applied(anyone, secret, 0)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_an_official_notes_what_was_found(visitor, net, database):
    officer = visitor("regulator")
    block("seen.example.net")
    address = f"/blocking/providers/{net}/findings"
    wrong = officer.post(address, data={"what": "x", "address": "none.example.net", "note": ""})
    assert wrong.status_code == 422
    assert "none.example.net" in wrong.text
    data = {"what": "found_open", "address": "https://SEEN.example.net/", "note": "Відкрився 12:00"}
    assert officer.post(address, data=data).status_code == 303
    assert "Відкрився 12:00" in officer.get(f"/blocking/providers/{net}").text
    with database.connect() as conn:
        assert refusal(conn, "update blocking.compliance set note = ''") == "DZA01"
        assert (
            rows(conn, "select count(*) from blocking.compliance where what = 'found_open'")[0][0]
            >= 1
        )


@pytest.mark.parametrize("role", ["operator", "tax_service", "administrator"])
def test_others_neither_see_nor_change_it(visitor, scene, net, role):
    who = visitor("operator", scene.first) if role == "operator" else visitor(role)
    assert who.get("/blocking/providers").status_code == 403
    assert who.post(f"/blocking/providers/{net}/key").status_code == 403
