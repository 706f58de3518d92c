"""Access keys by hand: shown once, replaced with an overlap, narrowed, revoked; only one's own."""

from __future__ import annotations

import re

import pytest

from portal.registry.keys import key_hmac, parse_key
from portal.web.periods import ONE_DAY, today
from tests.support.databases import rows

SECRET = re.compile(r"dz_(?:live|test)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}")
KEY_ID = re.compile(r'name="key_id" value="([0-9A-Za-z]{12})"')
FORM = {"label": "Каса", "mode": "live", "scopes": ["submit", "read"]}
TOMORROW = (today() + ONE_DAY).isoformat()
YESTERDAY = (today() - ONE_DAY).isoformat()


def made(client, **other):
    """A key made by form: its secret and the address of its page."""
    answer = client.post("/registry/keys/new", data=FORM | other)
    assert answer.status_code == 201, answer.text
    secret = SECRET.search(answer.text)[0]
    return secret, re.search(r'class="btn btn-primary" href="(/registry/keys/\d+)"', answer.text)[1]


def stored(database, secret):
    parsed = parse_key(secret)
    with database.connect() as conn:
        [row] = rows(
            conn,
            "select secret_hmac, scopes, allowed_addresses::text[], expires_at::text, revoked_at,"
            " operator_id from registry.access_key where key_id = %s",
            (parsed.key_id,),
        )
    assert row[0] == key_hmac(parsed.body)
    return row[1:]


def test_a_secret_is_in_one_answer_alone(visitor, scene, database):
    client = visitor("operator", scene.first)
    form = client.get("/registry/keys/new").text
    answer = client.post("/registry/keys/new", data=FORM | {"key_id": KEY_ID.search(form)[1]})
    secret = SECRET.search(answer.text)[0]
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert stored(database, secret)[-1] == scene.first.id
    assert "curl" in answer.text
    own = parse_key(secret)
    for page in ("/registry/keys", f"/registry/keys/{key_number(database, secret)}"):
        text = client.get(page).text
        assert own.key_id in text
        assert own.secret not in text


def key_number(database, secret):
    with database.connect() as conn:
        [(number,)] = rows(
            conn,
            "select id from registry.access_key where key_id = %s",
            (parse_key(secret).key_id,),
        )
    return number


def test_a_form_sent_twice_makes_one_key(visitor, scene, database):
    client = visitor("operator", scene.first)
    own = KEY_ID.search(client.get("/registry/keys/new").text)[1]
    assert client.post("/registry/keys/new", data=FORM | {"key_id": own}).status_code == 201
    again = client.post("/registry/keys/new", data=FORM | {"key_id": own})
    assert again.status_code == 409
    assert not SECRET.search(again.text)
    with database.connect() as conn:
        assert rows(conn, "select count(*) from registry.access_key where key_id = %s", (own,)) == [
            (1,)
        ]


def test_replacing_keeps_what_a_key_may_and_ends_the_old_later(visitor, scene, database):
    client = visitor("operator", scene.first)
    old, page = made(client, scopes=["submit"])
    answer = client.post(f"{page}/rotate", data={"overlap": "7"})
    new = SECRET.search(answer.text)[0]
    assert new != old
    assert stored(database, new)[0] == ["submit"]
    with database.connect() as conn:
        [(days,)] = rows(
            conn,
            "select round(extract(epoch from expires_at - now()) / 86400)::integer"
            " from registry.access_key where key_id = %s",
            (parse_key(old).key_id,),
        )
    assert days == 7
    for wrong in ("31", "-1", "", "x"):
        assert client.post(f"{page}/rotate", data={"overlap": wrong}).status_code == 422
    assert client.post(f"{page}/rotate", data={"overlap": "0"}).status_code == 201
    assert client.get(f"{page}/rotate").status_code == 404


def test_a_key_is_narrowed_and_never_widened(visitor, scene, database):
    client = visitor("operator", scene.first)
    secret, page = made(client, expires=TOMORROW)
    typed = {"scopes": ["read"], "addresses": "203.0.113.0/24\n2001:db8::1", "expires": TOMORROW}
    assert client.post(f"{page}/restrict", data=typed).status_code == 303
    scopes, networks, *_ = stored(database, secret)
    assert scopes == ["read"]
    assert networks == ["203.0.113.0/24", "2001:db8::1/128"]
    for wrong, field in (
        ({"scopes": ["submit"]}, "scopes"),
        ({"addresses": "203.0.113.1/24"}, "addresses"),
        ({"addresses": "localhost"}, "addresses"),
        ({"addresses": "\n".join(f"203.0.113.{n}" for n in range(51))}, "addresses"),
        ({"expires": ""}, "expires"),
        ({"expires": "2199-01-01"}, "expires"),
        ({"expires": YESTERDAY}, "expires"),
        ({"expires": "x"}, "expires"),
    ):
        refused = client.post(f"{page}/restrict", data=typed | wrong)
        assert refused.status_code == 422, wrong
        assert f'id="field-{field}-error"' in refused.text, wrong
    assert stored(database, secret)[0] == ["read"]


def test_a_key_is_made_with_its_addresses_and_its_last_day(visitor, scene, database):
    client = visitor("operator", scene.first)
    narrow = {"scopes": ["read"], "addresses": "203.0.113.0/24, 2001:db8::1", "expires": TOMORROW}
    secret, page = made(client, **narrow)
    scopes, networks, expires, *_ = stored(database, secret)
    assert scopes == ["read"]
    assert networks == ["203.0.113.0/24", "2001:db8::1/128"]
    assert expires.startswith((today() + ONE_DAY).isoformat())
    assert "203.0.113.0/24" in client.get(page).text
    anywhere, _ = made(client)
    assert stored(database, anywhere)[1:3] == ([], "infinity")


def test_revoking_asks_first_and_is_for_good(visitor, scene, database):
    client = visitor("operator", scene.first)
    secret, page = made(client)
    assert client.get(f"{page}/revoke").status_code == 200
    assert stored(database, secret)[3] is None
    assert client.post(f"{page}/revoke").status_code == 303
    assert stored(database, secret)[3] is not None
    assert client.post(f"{page}/restrict", data={"scopes": ["read"]}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 101}, "label"),
        ({"label": "а\u202eб"}, "label"),
        ({"label": "а\0б"}, "label"),
        ({"mode": "root"}, "mode"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"mode": "test", "scopes": ["read"]}, "scopes"),
        ({"expires": YESTERDAY}, "expires"),
        ({"expires": "9999-99-99"}, "expires"),
        ({"addresses": "203.0.113.1/24"}, "addresses"),
        ({"addresses": "10.0.0.1\nlocalhost"}, "addresses"),
        ({"addresses": "\n".join(f"203.0.113.{n}" for n in range(51))}, "addresses"),
    ],
)
def test_bad_input_makes_no_key_and_is_kept(visitor, scene, database, wrong, field):
    client = visitor("operator", scene.first)
    with database.connect() as conn:
        before = rows(conn, "select count(*) from registry.access_key")
    refused = client.post("/registry/keys/new", data=FORM | wrong)
    assert refused.status_code == 422
    assert f'id="field-{field}-error"' in refused.text
    if field != "label":
        assert 'value="Каса"' in refused.text
    if field == "addresses":
        assert wrong["addresses"] in refused.text
    with database.connect() as conn:
        assert rows(conn, "select count(*) from registry.access_key") == before


def test_another_s_key_is_a_key_that_is_not_there(visitor, scene, database):
    client = visitor("operator", scene.first)
    foreign = scene.second.key.id
    for deed in ("", "/rotate", "/restrict", "/revoke"):
        assert client.get(f"/registry/keys/{foreign}{deed}").status_code == 404
        assert client.get(f"/registry/keys/{2**40}{deed}").status_code == 404
    for deed in ("rotate", "restrict", "revoke"):
        data = {"overlap": "7", "scopes": ["read"]}
        assert client.post(f"/registry/keys/{foreign}/{deed}", data=data).status_code == 404
    with database.connect() as conn:
        assert rows(
            conn,
            "select revoked_at, scopes from registry.access_key where id = %s",
            (foreign,),
        ) == [(None, ["submit", "read"])]
    secret, _ = made(client, operator=str(scene.second.id))
    assert stored(database, secret)[-1] == scene.first.id


def test_a_key_tells_its_last_requests(visitor, scene):
    client = visitor("operator", scene.first)
    page = client.get(f"/registry/keys/{scene.first.key.id}").text
    log = page.split('id="log"')[1]
    assert "/ledger/batches/" in log
    assert "invalid_batch" in log
    other = client.get(f"/registry/keys/{scene.first.keys['second'].id}").text
    assert "/ledger/batches/" not in other.split('id="log"')[1]


def test_a_key_tells_what_became_of_it_and_by_whom(visitor, scene):
    client = visitor("operator", scene.first, language="en")
    _, page = made(client)
    narrow = {"scopes": ["read"], "addresses": "203.0.113.0/24", "expires": TOMORROW}
    assert client.post(f"{page}/restrict", data=narrow).status_code == 303
    assert visitor("registrar").post(f"{page}/revoke").status_code == 303
    events = client.get(page).text.split('id="events"')[1].split("</table>")[0]
    rows = events.split("<tr>")[2:]
    assert [("revoked" in one, "203.0.113.0/24" in one, "made" in one) for one in rows] == [
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
    assert "Ask what was received" in rows[1]
    assert "Send batches" not in rows[1]
    assert "official" in rows[0]
    assert "Iryna Melnyk" not in rows[0]
    assert "Representative of PAGES-FIRST" in rows[1]
    assert "Iryna Melnyk" in visitor("auditor", language="en").get(page).text


def test_officials_look_at_keys_of_one_operator(visitor, scene):
    for role in ("regulator", "auditor", "registrar"):
        client = visitor(role)
        page = client.get(f"/registry/keys?operator={scene.second.id}").text
        assert parse_key(scene.second.key.text).key_id in page
        assert parse_key(scene.first.key.text).key_id not in page
        one = client.get(f"/registry/keys/{scene.second.key.id}").text
        assert ('id="log"' in one) == (role != "registrar")
        keeps = client.get(f"/registry/keys/{scene.second.key.id}/revoke").status_code
        assert keeps == (200 if role == "registrar" else 403)
