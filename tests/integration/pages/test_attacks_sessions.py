"""Sessions under attack: fixed beforehand, forged, stolen, kept too long."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import pytest

from tests.support.databases import column, value


@pytest.fixture
def cookie(app):
    """The name of the session's cookie."""
    return app.config["SESSION_COOKIE_NAME"]


def in_the_database(database, statement, *values):
    with database.connect(autocommit=True) as conn:
        conn.execute(statement, values)


def newest(database):
    with database.connect() as conn:
        return value(
            conn,
            "select token_sha256 from identity.session order by created_at desc limit 1",
        )


def is_in(client):
    return client.get("/").status_code == 200


def test_a_session_from_before_does_not_survive_signing_in(app, scene, cookie):
    """Fixation: an attacker who gave the victim a cookie has nothing once the victim is in."""
    client = app.test_client()
    client.get("/login")
    client.post(f"/login/demo/{scene.person('auditor')}")
    first = client.get_cookie(cookie).value
    client.post(f"/login/demo/{scene.person('regulator')}")
    second = client.get_cookie(cookie).value
    assert first != second
    attacker = app.test_client()
    attacker.set_cookie(cookie, second)
    assert is_in(attacker), "what the browser holds is the session"
    empty = app.test_client()
    empty.get("/login")
    if (before := empty.get_cookie(cookie)) is not None:
        empty.set_cookie(cookie, before.value)
        assert not is_in(empty)


def test_a_token_is_random_and_new_with_each_entry(app, visitor, database):
    seen = set()
    for _ in range(3):
        visitor("regulator")
        seen.add(bytes(newest(database)))
    assert len(seen) == 3
    with database.connect() as conn:
        kept = column(
            conn,
            "select attname from pg_attribute where attrelid = 'identity.session'::regclass"
            " and attnum > 0 and not attisdropped",
        )
    assert "token_sha256" in kept
    assert "token" not in kept


def test_a_cookie_that_was_altered_is_nobodys(app, visitor, cookie):
    """Signed: no byte of it may differ, nor may it be made without the key."""
    told = visitor("regulator").get_cookie(cookie).value
    for number in range(0, len(told) - 1, 7):  # of the last, two bits count for nothing
        other = "A" if told[number] != "A" else "B"
        thief = app.test_client()
        thief.set_cookie(cookie, told[:number] + other + told[number + 1 :])
        assert not is_in(thief), number
    for made in (
        "",
        "x",
        "e30.aaaaaa.bbbb",
        told.rpartition(".")[0],
        "." + told,
        told + "A" * 3000,
    ):
        thief = app.test_client()
        thief.set_cookie(cookie, made)
        assert not is_in(thief), made[:20]


def signed_with(digest, app, salt, body):
    """A signature of itsdangerous, which keeps what it signs under a key of its purpose."""
    derived = (
        hmac.digest(app.secret_key.encode(), salt, digest)
        if salt == b"cookie-session"
        else hashlib.new(digest, salt + b"signer" + app.secret_key.encode()).digest()
    )
    made = hmac.digest(derived, body.encode(), digest)
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def test_the_cookie_is_signed_with_sha_256_alone(app, visitor, cookie):
    told = visitor("regulator").get_cookie(cookie).value
    body, _, signature = told.rpartition(".")
    assert signature == signed_with("sha256", app, b"cookie-session", body)
    thief = app.test_client()
    thief.set_cookie(cookie, f"{body}.{signed_with('sha1', app, b'cookie-session', body)}")
    assert not is_in(thief)


def test_tokens_of_forms_are_signed_with_sha_256(app, visitor):
    page = visitor("regulator").get("/account/sessions").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    body, _, signature = token.rpartition(".")
    assert signature == signed_with("sha256", app, b"wtf-csrf-token", body)


def test_a_session_ends_when_it_is_not_used(visitor, database):
    client = visitor("regulator")
    own = newest(database)
    later = (
        "update identity.session set last_seen_at = now() - %s::interval where token_sha256 = %s"
    )
    in_the_database(database, later, "55 minutes", own)
    assert is_in(client)
    in_the_database(database, later, "61 minutes", own)
    assert not is_in(client)


def test_a_session_ends_after_its_time_however_much_it_is_used(visitor, database):
    client = visitor("regulator")
    own = newest(database)
    with database.connect() as conn:
        assert value(
            conn,
            "select expires_at - created_at <= interval '12 hours' from identity.session"
            " where token_sha256 = %s",
            (own,),
        )
    in_the_database(
        database,
        "update identity.session set created_at = now() - interval '13 hours',"
        " expires_at = now() - interval '1 second', last_seen_at = now() where token_sha256 = %s",
        own,
    )
    assert not is_in(client)


def test_whose_time_is_over_has_no_session(visitor, database, scene):
    client = visitor("auditor")
    person = scene.person("auditor")
    until = "update identity.person set active_until = %s::timestamptz where id = %s"
    try:
        in_the_database(database, until, "now", person)
        assert not is_in(client)
    finally:
        in_the_database(database, until, "infinity", person)
    assert is_in(client)


def test_nothing_of_a_session_is_in_a_page(app, visitor, cookie):
    """Neither the cookie nor the token in it: a page that leaks gives no session away."""
    client = visitor("regulator")
    told = client.get_cookie(cookie).value
    page = client.get("/").text
    assert told not in page
    assert not re.search(r"document\.cookie|sessionid", page)
