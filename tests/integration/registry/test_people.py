"""Several users of one operator: what each may do are the powers that are registered for it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from itertools import count

import pytest

from portal.identity import demo_signers
from portal.identity.login import TOKEN
from portal.web.periods import ONE_DAY, today
from tests.integration.identity.signers import CHALLENGE, holder
from tests.integration.pages.test_access import address, pages
from tests.integration.registry.test_proposing import begun, decide, submitted
from tests.support.databases import become, rows, value

_number = count(1)
TEXT = re.compile(r'data-content="([^"]+)"')
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
    asked = client.post("/registry/keys/new", data=KEY)
    if keeps == 403:
        assert asked.status_code == 403, "nothing is signed that one may not do"
        return
    text = base64.b64decode(TEXT.search(asked.text)[1])
    with database.connect() as conn:
        number = value(conn, "select max(id) from identity.person")
        who = holder("Касирка Ольга")
        conn.execute(
            "update identity.person set tax_number = %s where id = %s", (who.rnokpp, number)
        )
    signed = {
        "challenge": CHALLENGE.search(asked.text)[1],
        "signature": base64.b64encode(demo_signers.sign_as(who, "ecdsa", text)),
    }
    assert client.post("/registry/keys/new", data=KEY | signed).status_code == keeps


def test_a_second_user_is_added_and_taken_away_through_the_pages(app, visitor, scene, database):
    """The manager proposes, the regulator approves; what ends, ends for a session that is open."""
    manager, code = visitor("operator", scene.first), f"R-{next(_number)}"
    person = {
        "code": code,
        "name_uk": f"Друга Людина {code}",
        "name_en": f"Second {code}",
        "position": "Бухгалтерка",
    }
    powers = {"powers": ["portal", "propose"], "active_from": (today() - ONE_DAY).isoformat()}
    change = begun(manager, "representative", [person, powers])
    assert submitted(manager, change).status_code == 303
    token = secrets.token_urlsafe(32)

    def session():
        with database.connect() as conn:
            return conn.execute(
                "insert into identity.session (token_sha256, person_id, expires_at)"
                " select %s, p.id, now() + interval '1 hour' from identity.person as p"
                " where p.name_en = %s",
                (hashlib.sha256(token.encode()).digest(), person["name_en"]),
            ).rowcount

    assert session() == 0, "nobody enters before the regulator has approved"
    decide(database, change, "approve")
    assert session() == 1
    second = app.test_client()
    with second.session_transaction() as cookie:
        cookie[TOKEN] = token
    assert person["name_uk"] in second.get("/registry/people").text
    with database.connect() as conn:
        [(record,)] = rows(conn, "select id from registry.representative where code = %s", (code,))
    ended = manager.post(
        f"/registry/representative/{record}/end", data={"active_until": today().isoformat()}
    )
    change = int(ended.headers["Location"].split("/")[-2])
    assert submitted(manager, change).status_code == 303
    assert second.get("/registry/people").status_code == 200
    decide(database, change, "approve")
    assert second.get("/registry/people").status_code == 303
    assert "Припинено" in manager.get("/registry/people").text.split(person["name_uk"])[1][:2000]


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
    for rule, audience, _ in pages(app):
        if "operator" in audience:
            assert client.get(address(app, rule)).status_code < 500, rule
