"""Several users of one operator: what each may do are the powers that are registered for it."""

from __future__ import annotations

import hashlib
import json
import secrets
from itertools import count

import pytest

from portal.identity.login import TOKEN
from tests.integration.pages.test_access import address, pages
from tests.support.databases import become, rows

_number = count(1)
KEY = {"label": "Каса", "mode": "live", "scopes": ["submit"]}
VENUE = {"code": "R-HALL", "name_uk": "Зал", "name_en": "Hall"}


@pytest.fixture
def representative(app, scene, database):
    """``representative("portal", "keys")``: a client of somebody with these powers."""

    def enter(*powers: str, until: str = "infinity"):
        token, code = secrets.token_urlsafe(32), f"R-{next(_number)}"
        document = {
            "code": code,
            "name_uk": f"Ольга {code}",
            "name_en": f"Olha {code}",
            "position": "Касирка",
            "powers": list(powers),
            "active_from": "2026-01-01",
            "active_until": until,
        }
        with database.connect() as conn:
            become(conn, "registrar")
            conn.execute(
                "select api.step_change(s.id, 'enter', 'лист') from api.save_change("
                "null, 'representative', 'create', null, %s, %s) as s",
                (scene.first.id, json.dumps(document)),
            )
            conn.execute("reset role")
            conn.execute(
                "insert into identity.session (token_sha256, person_id, expires_at)"
                " select %s, p.id, now() + interval '1 hour' from identity.person as p"
                " where p.name_en = %s",
                (hashlib.sha256(token.encode()).digest(), document["name_en"]),
            )
        client = app.test_client()
        with client.session_transaction() as session:
            session[TOKEN] = token
        return client

    return enter


def test_a_representative_enters_and_is_among_the_people(representative):
    page = representative("portal").get("/registry/people").text
    assert "Касирка" in page
    assert "Вхід до порталу" in page


def test_without_the_power_to_enter_nobody_enters(representative, database):
    client = representative("sign")
    assert client.get("/registry/people").status_code == 303


@pytest.mark.parametrize(
    ("powers", "proposes", "keeps"),
    [
        (("portal",), 403, 403),
        (("portal", "propose"), 303, 403),
        (("portal", "keys"), 403, 201),
    ],
)
def test_everyone_does_what_the_powers_say(representative, database, powers, proposes, keeps):
    client = representative(*powers)
    assert client.post("/registry/new/venue", data=VENUE).status_code == proposes
    assert client.post("/registry/keys/new", data=KEY).status_code == keeps


def test_who_has_no_operator_yet_sees_nobody_and_no_key(visitor, scene):
    client = visitor("operator")
    for page in ("own", "people", "keys", "changes", "new"):
        answer = client.get(f"/registry/{page}")
        assert answer.status_code == 200
        assert "PAGES-" not in answer.text.split("<main")[1]
    assert client.get("/registry/keys/new").status_code == 404
    assert client.post("/registry/keys/new", data=KEY).status_code == 404
    assert client.get("/registry/new/venue").status_code == 404


def test_of_one_s_own_operator_alone(representative, scene, database):
    client = representative("portal")
    with database.connect() as conn:
        become(conn, "registrar")
        conn.execute(
            "select api.step_change(s.id, 'enter', 'лист') from api.save_change("
            "null, 'representative', 'create', null, %s, %s) as s",
            (
                scene.second.id,
                json.dumps(
                    {
                        "code": "R-OTHER",
                        "name_uk": "Хтось Чужий",
                        "name_en": "Somebody Else",
                        "position": "Директор",
                        "powers": ["portal"],
                        "active_from": "2026-01-01",
                    }
                ),
            ),
        )
        found = rows(conn, "select count(*) from api.entry where code = 'R-OTHER'")
    assert found == [(1,)]
    assert "Хтось Чужий" not in client.get("/registry/people").text


def test_own_affairs_are_one_s_own(visitor, scene, superuser):
    page = visitor("operator", scene.first).get("/registry/own").text
    assert page.count('class="figure') >= 5
    batches = page.split('class="figure-value"')[1].split("</a>")[0]
    [(stored,)] = rows(
        superuser, "select count(*) from ledger.batch where operator_id = %s", (scene.first.id,)
    )
    assert batches.endswith(f">{stored}")
    assert stored >= len(scene.receipts)
    assert "PAGES-SECOND" not in page
    other = visitor("operator", scene.second).get("/registry/own").text
    assert "PF-" not in other.split("<main")[1]


def test_who_has_no_operator_yet_breaks_no_page(app, visitor):
    client = visitor("operator")
    for rule, audience in pages(app):
        if "operator" in audience:
            assert client.get(address(app, rule)).status_code < 500, rule
