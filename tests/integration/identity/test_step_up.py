"""Decisions are signed: in words, by whoever decides, for this one act, and kept beside it."""

from __future__ import annotations

import base64
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from flask.testing import FlaskClient

from portal import config, db
from portal.identity import demo_signers
from portal.identity.signed_actions import SIGNED_ACTIONS
from portal.registry import gateway
from portal.web.periods import ONE_DAY, today
from tests.integration.identity.signers import CHALLENGE, holder, of_person, refused
from tests.integration.registry.test_proposing import begun, submitted
from tests.support.databases import rows, value
from tests.support.forms import Page

TOMORROW = (today() + ONE_DAY).isoformat()
FORM = {"mode": "live", "label": "Каса", "scopes": ["submit"], "expires": TOMORROW}
TEXT = re.compile(r'data-content="([^"]+)"')
PURPOSE = re.compile(r'"([a-z]+_[a-z]+)": lazy_gettext')


@pytest.fixture
def plain(app, visitor, scene):
    """A registrar or whoever is named, for whom nothing is signed by itself."""

    def sign_in(role: str = "registrar", operator=None) -> FlaskClient:
        client = FlaskClient(app, app.response_class, use_cookies=True)
        client.set_cookie("lang", "uk")
        assert client.post(f"/login/demo/{scene.person(role, operator)}").status_code == 303
        return client

    return sign_in


def asked(client, operator, **other):
    """The page that asks for the signature of a new key: number, text, the fields of its form."""
    form = client.get("/registry/keys/new").text
    own = re.search(r'name="key_id" value="([^"]+)"', form)[1]
    page = client.post(
        "/registry/keys/new", data=FORM | {"operator": str(operator.id), "key_id": own} | other
    )
    assert page.status_code == 200
    assert "data-step-up" in page.text
    fields = Page("http://localhost/registry/keys/new", 200, page.text).signing.fields
    fields.pop("demo")
    return CHALLENGE.search(page.text)[1], base64.b64decode(TEXT.search(page.text)[1]), fields


def keys(database, operator):
    with database.connect() as conn:
        return value(
            conn, "select count(*) from registry.access_key where operator_id = %s", (operator.id,)
        )


def hand_in(client, fields, signed: bytes):
    data = dict(fields) | {"signature_file": (io.BytesIO(signed), "a.p7s")}
    return client.post("/registry/keys/new", data=data, content_type="multipart/form-data")


def test_a_key_is_issued_by_a_signature_that_stays_beside_it(
    app, plain, visitor, scene, database, tmp_path
):
    client, before = plain(), keys(database, scene.first)
    number, text, fields = asked(client, scene.first)
    assert keys(database, scene.first) == before  # nothing yet
    said = text.decode()
    assert said.startswith("Дозір: видаю ключ доступу\n")
    for line in (
        "Назва: Каса\n",
        f"challenge: {number}\n",
        "purpose: key_issue\n",
        "Ірина Мельник",
    ):
        assert line in said
    session = client.get_cookie("dozir").value
    who = of_person(database, scene.person("registrar"), "Мельник Ірина")
    signed = demo_signers.sign_as(who, "dstu", text)
    done = hand_in(client, fields, signed)
    assert done.status_code == 201
    assert keys(database, scene.first) == before + 1
    stolen = app.test_client()
    stolen.set_cookie("dozir", session)
    assert stolen.get("/").status_code == 303  # a new id at step-up
    assert client.get("/").status_code == 200
    with database.connect() as conn:
        ((id_, key, whose, kept),) = rows(
            conn,
            "select id, object_id, operator_id, cms from identity.signature"
            " where object = 'access_key' order by id desc limit 1",
        )
    assert (whose, bytes(kept)) == (scene.first.id, signed)
    page = client.get(f"/registry/keys/{key}").text
    assert "Підписано: Ірина Мельник" in page
    assert f"/signatures/{id_}" in page
    assert "підпис дійсний" in client.get(f"/signatures/{id_}/verify").text
    # The operator sees who signed, and is not given an official's taxpayer's number.
    theirs = plain("operator", scene.first)
    assert "Підписано: Мельник Ірина" in theirs.get(f"/registry/keys/{key}").text
    assert theirs.get(f"/signatures/{id_}").status_code == 200
    assert who.rnokpp not in theirs.get(f"/signatures/{id_}").text
    assert theirs.get(f"/signatures/{id_}/file").status_code == 404
    foreign = plain("operator", scene.second)
    for address in (f"/signatures/{id_}", f"/signatures/{id_}/verify", f"/signatures/{2**70}"):
        assert foreign.get(address).status_code == 404
    assert visitor("tax_service").get(f"/signatures/{id_}").status_code == 404
    # What is downloaded is verified by the command of anybody.
    file, content = tmp_path / "a.p7s", tmp_path / "a.txt"
    file.write_bytes(visitor("auditor").get(f"/signatures/{id_}/file").data)
    content.write_bytes(visitor("auditor").get(f"/signatures/{id_}/text").data)
    told = subprocess.run(
        [
            Path(sys.executable).with_name("dozir"), "signature", "verify", file,
            "--content", content, "--trust", config.settings().trust_dir, "--json",
        ],
        capture_output=True, check=True,
    )  # fmt: skip
    assert json.loads(told.stdout)["signer"]["rnokpp"] == who.rnokpp


def test_what_was_signed_and_what_was_refused_is_noted(plain, scene, database):
    client = plain()
    who = of_person(database, scene.person("registrar"))
    _, text, fields = asked(client, scene.first)
    with database.connect() as conn:
        after = value(conn, "select max(id) from audit.event")
    hand_in(client, fields, demo_signers.sign_as(holder("Хтось Інший"), "ecdsa", text))
    hand_in(client, fields, demo_signers.sign_as(who, "ecdsa", text))
    with database.connect() as conn:
        noted = rows(
            conn,
            "select kind, facts ->> 'purpose', facts ->> 'reason', concerns from audit.event"
            " where id > %s and kind like 'step_up%%' order by id",
            (after,),
        )
    assert noted == [
        ("step_up_refused", "key_issue", "other_signer", None),
        ("step_up", "key_issue", None, scene.first.id),
    ]


def test_what_is_done_is_what_was_signed(plain, scene, database):
    client, before = plain(), keys(database, scene.first)
    who = of_person(database, scene.person("registrar"))
    number, text, fields = asked(client, scene.first)
    signed = demo_signers.sign_as(who, "ecdsa", text)
    for name, other in (
        ("label", "Інша"),
        ("scopes", ["submit", "read"]),
        ("operator", str(scene.second.id)),
    ):
        answer = hand_in(client, fields | {name: other}, signed)
        assert refused(answer)[0] == "challenge_over"
        assert number not in answer.text
    assert keys(database, scene.first) == before
    assert hand_in(client, fields, signed).status_code == 201
    # Sent again it makes no second key, nor does its signature count for another.
    hand_in(client, fields, signed)
    assert keys(database, scene.first) == before + 1
    _, _, fresh = asked(client, scene.first)
    again = hand_in(client, fresh | {"challenge": [number]}, signed)
    assert refused(again)[0] == "challenge_over"
    assert keys(database, scene.first) == before + 1


def test_whose_signature_it_is_counts(plain, scene, database):
    client, before = plain(), keys(database, scene.first)
    number, text, fields = asked(client, scene.first)
    for who in (holder("Мельник Ірина"), of_person(database, scene.person("auditor"))):
        answer = hand_in(client, fields, demo_signers.sign_as(who, "ecdsa", text))
        assert refused(answer)[0] == "other_signer"
        assert f'value="{number}"' in answer.text
        assert 'value="Каса"' in answer.text
    assert keys(database, scene.first) == before


def test_another_sessions_and_another_purposes_texts_do_not_count(plain, scene, database):
    one, other, before = plain(), plain(), keys(database, scene.first)
    who = of_person(database, scene.person("registrar"))
    number, text, fields = asked(one, scene.first)
    answer = hand_in(other, fields, demo_signers.sign_as(who, "ecdsa", text))
    assert refused(answer)[0] == "challenge_over"
    entry = other.get("/login/challenge").json
    signed = demo_signers.sign_as(who, "ecdsa", base64.b64decode(entry["content"]))
    answer = hand_in(other, fields | {"challenge": [entry["challenge"]]}, signed)
    assert refused(answer)[0] == "challenge_over"
    entering = one.post(
        "/login/signature",
        data={
            "challenge": number,
            "signature": base64.b64encode(demo_signers.sign_as(who, "ecdsa", text)),
        },
    )
    assert refused(entering)[0] == "challenge_over"
    assert keys(database, scene.first) == before


def test_a_decision_that_fails_keeps_no_signature(plain, visitor, scene, database):
    client = plain("registrar")
    address = f"/registry/licence/{scene.first.licence['PF-SLOTS']}"
    page = client.post(f"{address}/suspend", data={"grounds": "Рішення № 1"})
    signing = Page(f"http://localhost{address}/suspend", 200, page.text).signing
    faster = visitor("regulator")
    assert faster.post(f"{address}/suspend", data={"grounds": "№ 2"}).status_code == 303
    with database.connect() as conn:
        before = value(conn, "select count(*) from identity.signature")
    assert client.post(f"{address}/suspend", data=signing.fields).status_code == 409
    with database.connect() as conn:
        assert value(conn, "select count(*) from identity.signature") == before
        used = "select used_at from identity.challenge where id = %s"
        assert value(conn, used, (signing.fields["challenge"][0],)) is None
    assert faster.post(f"{address}/resume", data={"grounds": "№ 3"}).status_code == 303


def test_the_database_undoes_what_the_portal_forgot_to_have_signed(scene, database):
    official = db.acting_as("regulator", person_id=scene.person("regulator"))
    licence = scene.first.licence["PF-SLOTS"]
    with pytest.raises(psycopg.Error) as caught, official as conn:
        gateway.revoke_licence(conn, licence, "x")
    assert caught.value.sqlstate == "DZP05"
    with database.connect() as conn:
        assert not value(
            conn,
            "select count(*) from registry.licence where id = %s and revoked_at < now()",
            (licence,),
        )


def test_what_an_official_enters_is_signed(plain, scene, database):
    client = plain()
    first = {"number": "ENTERED-1", "licence_kind_id": "3"}
    term = {"valid_from": "2031-01-01", "valid_until": "2035-01-01"}
    change = begun(client, "licence", [first, term], "PAGES-SECOND")
    asked = submitted(client, change, **{"draft-reason": "Рішення № 4"})
    text = base64.b64decode(TEXT.search(asked.text)[1]).decode()
    assert text.startswith("Дозір: вношу запис або зміну до реєстрів\n")
    assert "ENTERED-1" in text
    assert "Рішення № 4" in text
    count = "select count(*) from registry.licence where number = 'ENTERED-1'"
    with database.connect() as conn:
        assert value(conn, count) == 0
    address = f"/registry/changes/{change}/submit"
    signing = Page(f"http://localhost{address}", 200, asked.text).signing
    assert client.post(address, data=signing.fields).status_code == 303
    with database.connect() as conn:
        assert value(conn, count) == 1
        signed = value(
            conn,
            "select s.object_id from identity.signature as s where s.purpose = 'change_enter'"
            " order by s.id desc limit 1",
        )
    assert signed == str(change)


def test_an_invalid_form_is_corrected_before_it_is_signed(plain, scene):
    answer = plain().post("/registry/keys/new", data=FORM | {"label": ""})
    assert answer.status_code == 422
    assert "data-step-up" not in answer.text


def test_every_act_that_is_declared_signed_asks_for_it():
    """A purpose that no view asks for would be an empty promise."""
    code = "".join(
        path.read_text()
        for folder in ("registry", "taxes")
        for path in (config.ROOT / "portal" / folder).glob("pages*.py")
    )
    prefixes = {purpose.rpartition("_")[0] for purpose in SIGNED_ACTIONS}
    for prefix in prefixes:
        assert f'step_up.ask("{prefix}_' in code or f'step_up.ask(f"{prefix}_' in code, prefix
