"""Entering by an electronic signature, and everything that must not get in."""

from __future__ import annotations

import base64
import os
import shutil

import pytest
from psycopg import DatabaseError

from portal import config
from portal.identity import evidence
from portal.identity.signatures import demo_authority
from portal.identity.signatures.reasons import REASONS
from tests.integration.identity.signers import (
    add_person,
    enter,
    given,
    hand_in,
    holder,
    of_person,
    refused,
    signature,
)
from tests.support.databases import rows, value


@pytest.fixture
def official(scene, database):
    """Whoever has the regulator's number."""
    return of_person(database, scene.person("regulator"))


@pytest.mark.parametrize("algorithm", ["ecdsa", "rsa", "dstu"])
@pytest.mark.parametrize("way", ["attached", "detached", "pasted", "armoured"])
def test_an_official_enters_by_a_signature(app, official, algorithm, way):
    client = app.test_client()
    number, content = given(client)
    signed = signature(content, official, algorithm, detached=way == "detached")
    told: bytes | str = signed
    if way == "pasted":
        told = base64.encodebytes(signed).decode()
    elif way == "armoured":
        told = "-----BEGIN CMS-----\n" + base64.encodebytes(signed).decode() + "-----END CMS-----\n"
    answer = hand_in(client, number, told, next="/reports/R03")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/reports/R03")
    assert client.get("/reports/R03").status_code == 200


def test_the_text_says_what_it_does_and_what_binds_it(app):
    client = app.test_client()
    number, content = given(client)
    text = content.decode()
    assert text.startswith("Дозір: вхід до порталу\nПідписуючи цей текст, я входжу до порталу.")
    for line in ("purpose: login\n", f"challenge: {number}\n", "portal: http://localhost\n"):
        assert line in text
    assert client.get("/login/text").data == content
    assert text.splitlines()[0] in client.get("/login").text


def test_a_widget_enters_by_json(app, official):
    client = app.test_client()
    number, content = given(client)
    signed = base64.b64encode(signature(content, official)).decode()
    answer = client.post(
        "/login/signature", json={"challenge": number, "signature": signed, "next": "/reports/R03"}
    )
    assert answer.json == {"verdict": "valid", "next": "/reports/R03"}
    wrong = app.test_client()
    number, _ = given(wrong)
    refusal = wrong.post("/login/signature", json={"challenge": number, "signature": signed})
    assert refusal.status_code == 422
    assert refusal.json["reason"] == "content_differs"
    for body in (b"[1]", b"{", b'{"signature": 7}', b"null"):
        assert (
            wrong.post("/login/signature", data=body, content_type="application/json").status_code
            == 422
        )


def test_a_signature_counts_once(app, official):
    client = app.test_client()
    number, content = given(client)
    signed = signature(content, official)
    assert hand_in(client, number, signed).status_code == 303
    client.post("/logout")
    assert refused(hand_in(client, number, signed)) == ("challenge_over", "invalid")
    other = app.test_client()
    assert refused(hand_in(other, number, signed)) == ("challenge_over", "invalid")


def test_what_another_browser_was_given_does_not_count(app, official):
    victim, thief = app.test_client(), app.test_client()
    number, content = given(victim)
    given(thief)
    assert refused(hand_in(thief, number, signature(content, official)))[0] == "challenge_over"


def test_what_was_given_at_another_address_does_not_count(app, official):
    client = app.test_client()
    number, content = given(client)
    answer = client.post(
        "/login/signature",
        base_url="http://evil.example",
        headers={"Cookie": f"dozir={client.get_cookie('dozir').value}"},
        data={"challenge": number, "signature": base64.b64encode(signature(content, official))},
    )
    assert refused(answer)[0] == "challenge_over"


def test_a_text_that_is_over_does_not_count(app, official, database):
    client = app.test_client()
    number, content = given(client)
    with database.connect() as conn:
        conn.execute(
            "update identity.challenge set issued_at = now() - interval '1 hour',"
            " expires_at = now() - interval '1 second' where id = %s",
            (number,),
        )
    answer = hand_in(client, number, signature(content, official))
    assert refused(answer)[0] == "challenge_over"
    assert number not in answer.text  # a new text is offered


def test_an_answer_to_nothing_is_refused(app, official):
    client = app.test_client()
    _, content = given(client)
    for number in ("", "x", "00000000-0000-4000-8000-000000000000", "9" * 5000):
        assert refused(hand_in(client, number, signature(content, official)))[0] == "challenge_over"
    assert refused(client.post("/login/signature", data={}))[0] == "absent"


def test_a_refused_signature_is_noted(app, official, database):
    client = app.test_client()
    number, content = given(client)
    with database.connect() as conn:
        before = value(conn, "select coalesce(max(id), 0) from audit.event")
    hand_in(client, number, signature(content + b" ", official))
    with database.connect() as conn:
        noted = rows(
            conn,
            "select person_id, facts ->> 'reason', address is not null from audit.event"
            " where id > %s and kind = 'login_refused'",
            (before,),
        )
    assert noted == [(None, "content_differs", True)]


@pytest.mark.parametrize("language", ["uk", "en"])
def test_why_a_signature_is_refused_is_said_in_both_languages(app, official, language):
    client = app.test_client()
    client.set_cookie("lang", language)
    number, content = given(client)
    signed = bytearray(signature(content, official))
    signed[-3] ^= 1
    wrong = {
        "malformed": b"no signature at all",
        "content_differs": signature(content + b" ", official),
        "digest_mismatch": signature(content + b" ", official, detached=True),
        "signature_wrong": bytes(signed),
    }
    for reason, told in wrong.items():
        answer = hand_in(client, number, told)
        assert refused(answer) == (reason, "invalid")
        with app.test_request_context(headers={"Cookie": f"lang={language}"}):
            assert str(REASONS[reason].text).replace("'", "&#39;") in answer.text


def test_what_was_pasted_is_kept(app, official):
    client = app.test_client()
    number, content = given(client)
    pasted = base64.b64encode(signature(content + b"!", official)).decode()
    answer = hand_in(client, number, pasted)
    assert refused(answer)[0] == "content_differs"
    assert pasted in answer.text
    assert f'value="{number}"' in answer.text  # the same text may be answered again


def test_ten_answers_are_the_most(app, official):
    client = app.test_client()
    number, content = given(client)
    for _ in range(10):
        assert refused(hand_in(client, number, b"wrong"))[0] == "malformed"
    assert refused(hand_in(client, number, signature(content, official)))[0] == "challenge_over"


@pytest.fixture
def trusting(app, tmp_path, monkeypatch):
    """A copy of the demo authority's trust folder, which the portal trusts instead."""
    app.test_client().get("/login")
    folder = tmp_path / "trust"
    shutil.copytree(config.settings().trust_dir, folder)
    monkeypatch.setenv("DOZIR_TRUST", str(folder))
    config.settings.cache_clear()
    yield folder
    monkeypatch.delenv("DOZIR_TRUST")
    config.settings.cache_clear()


def test_what_cannot_be_decided_is_told_apart_and_may_be_sent_again(app, official, trusting):
    client = app.test_client()
    number, content = given(client)
    signed = signature(content, official)
    kept = {path: path.read_bytes() for path in (trusting / "crls").iterdir()}
    for path in kept:
        path.unlink()
    answer = hand_in(client, number, signed)
    assert refused(answer) == ("revocation_unknown", "indeterminate")
    assert "Зараз неможливо визначити" in answer.text
    assert client.get("/reports/R03").status_code == 303
    for path, data in kept.items():
        path.write_bytes(data)
    assert hand_in(client, number, signed).status_code == 303


def test_a_demonstration_does_not_stand_beside_real_authorities(app, official, trusting, scene):
    from tests.support import pki

    for path in (trusting / "anchors").iterdir():
        path.unlink()
    made = pki.key("ecdsa")
    real = demo_authority.root("Real", made, pki.NOW)
    # Without the mark it is no demonstration's.
    unmarked = pki.certificates.load(
        pki.issuing.certificate(
            key=made,
            issuer=real.certificate.subject_der,
            subject=real.certificate.subject_der,
            spki=made.spki,
            serial=1,
            not_before=pki.NOW - pki.DAY,
            not_after=pki.NOW + pki.DAY,
            extensions=(pki.issuing.authority(None), pki.issuing.usage("key_cert_sign")),
        )
    )
    (trusting / "anchors" / "real.cer").write_bytes(unmarked.der)
    client = app.test_client()
    page = client.get("/login")
    assert "/login/demo" not in page.text
    assert "довіряє справжнім надавачам" in page.text
    assert client.get("/login/challenge").status_code == 503
    assert client.post(f"/login/demo/{scene.person('regulator')}").status_code == 403
    assert client.get("/reports/R03").status_code == 303
    # Both in one folder: nothing is trusted at all.
    shutil.copy(
        config.settings().demo_authority_dir / "trust" / "anchors" / "ecdsa-root.cer",
        trusting / "anchors",
    )
    assert client.post(f"/login/demo/{scene.person('regulator')}").status_code == 403


def test_a_demo_authority_counts_in_demo_mode_alone(app, official, trusting):
    client = app.test_client()
    number, content = given(client)
    signed = signature(content, official)
    os.environ["DOZIR_DEMO"] = "0"
    config.settings.cache_clear()
    try:
        assert hand_in(client, number, signed).status_code == 503
        with pytest.raises(evidence.Unready):
            evidence.trusted()
    finally:
        os.environ["DOZIR_DEMO"] = "1"


def test_names_decide_nothing(app, scene, official):
    twin = holder(official.common_name)
    answer = enter(client := app.test_client(), twin)
    assert answer.headers["Location"] == "/login/act-for"
    page = client.get("/login/act-for")
    assert page.status_code == 403
    assert "Вас тут ще не знають" in page.text
    # Latin letters that look like the official's, and hidden ones.
    assert enter(app.test_client(), holder("Кoваль Oксана")).headers["Location"].endswith("act-for")
    hidden = enter(app.test_client(), holder("Коваль\u200b Оксана"))
    assert refused(hidden)[0] == "name_deceptive"
    chosen = client.post("/login/act-for", data={"person": scene.person("regulator")})
    assert chosen.status_code == 403
    assert client.get("/reports/R03").status_code == 303


def test_whoever_is_unknown_may_apply_and_acts_for_nobody(app, database):
    who = holder("Гончар Петро")
    client = app.test_client()
    enter(client, who)
    assert "Почати заяву" in client.get("/login/act-for").text
    assert client.post("/login/apply").status_code == 303
    assert client.get("/registry/changes").status_code == 200
    assert (
        client.get("/reports/R03").status_code != 200
        or "PAGES" not in client.get("/reports/R03").text
    )
    with database.connect() as conn:
        made = rows(
            conn,
            "select role, operator_id, name_uk from identity.person where tax_number = %s",
            (who.rnokpp,),
        )
    assert made == [("operator", None, "Гончар Петро")]
    # The next time the same applicant enters, and there is no second one.
    again = app.test_client()
    assert enter(again, who).headers["Location"] == "/"
    assert again.post("/login/apply").status_code == 303
    with database.connect() as conn:
        assert (
            value(conn, "select count(*) from identity.person where tax_number = %s", (who.rnokpp,))
            == 1
        )


def test_a_representative_of_two_chooses_and_may_switch(app, scene, database):
    who = holder("Марченко Ігор")
    first = add_person(database, who, scene.first.id)
    second = add_person(database, who, scene.second.id)
    client = app.test_client()
    assert enter(client, who).headers["Location"] == "/login/act-for"
    assert client.get("/").status_code == 303  # not before the choice
    page = client.get("/login/act-for").text
    assert f'value="{first}"' in page
    assert f'value="{second}"' in page
    official = scene.person("regulator")
    assert client.post("/login/act-for", data={"person": official}).status_code == 403
    assert client.post("/login/act-for", data={"person": "x"}).status_code == 422
    assert client.post("/login/act-for", data={"person": second}).status_code == 303
    assert f"Організація {scene.second.id}" in client.get("/").text
    before = client.get_cookie("dozir").value
    assert client.post("/account/act-for", data={"person": official}).status_code == 403
    assert client.post("/account/act-for", data={"person": first}).status_code == 303
    assert f"Організація {scene.first.id}" in client.get("/").text
    stolen = app.test_client()
    stolen.set_cookie("dozir", before)
    assert stolen.get("/").status_code == 303  # the old token is dead
    # A signature that began a session begins no second one.
    assert client.post("/login/act-for", data={"person": second}).headers["Location"] == "/login"


def test_powers_that_ended_a_minute_ago_let_nobody_in_or_stay(app, scene, database):
    who = holder("Бойко Марія")
    person = add_person(database, who, scene.first.id)
    client = app.test_client()
    assert enter(client, who).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    with database.connect() as conn:
        conn.execute(
            "update identity.person set active_until = now() - interval '1 minute' where id = %s",
            (person,),
        )
    assert client.get("/").status_code == 303
    late = app.test_client()
    enter(late, who)
    assert late.get("/login/act-for").status_code == 403
    assert late.post("/login/act-for", data={"person": person}).status_code == 403


def test_a_representative_is_found_by_the_registered_number(app, scene, database):
    who = holder("Савченко Ольга")
    with database.connect() as conn:
        conn.execute(
            "insert into registry.representative (operator_id, code, name_uk, name_en, position,"
            " powers, taxpayer_number, active_from) values (%s, 'REP-7', %s, 'Olha Savchenko',"
            " 'Директорка', '{portal}', %s, now() - interval '1 day')",
            (scene.first.id, who.common_name, who.rnokpp),
        )
    client = app.test_client()
    assert enter(client, who).headers["Location"] == "/"
    with database.connect() as conn:
        conn.execute("update registry.representative set powers = '{propose}' where code = 'REP-7'")
    assert client.get("/").status_code == 303


def test_a_session_from_before_does_not_survive(app, official, scene):
    client = app.test_client()
    client.get("/login")
    planted = client.get_cookie("dozir").value
    enter(client, official)
    first = client.get_cookie("dozir").value
    attacker = app.test_client()
    attacker.set_cookie("dozir", planted)
    assert attacker.get("/").status_code == 303
    client.post(f"/login/demo/{scene.person('auditor')}")
    attacker.set_cookie("dozir", first)
    assert attacker.get("/").status_code == 303  # entering anew ended it


@pytest.mark.parametrize("next_", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_away(app, official, next_):
    client = app.test_client()
    number, content = given(client)
    answer = hand_in(client, number, signature(content, official), next=next_)
    assert answer.headers["Location"] == "/"
    number, content = given(other := app.test_client())
    signed = base64.b64encode(signature(content, official)).decode()
    told = other.post(
        "/login/signature", json={"challenge": number, "signature": signed, "next": next_}
    )
    assert told.json["next"] == "/"


def test_nothing_large_is_read(app):
    client = app.test_client()
    number, _ = given(client)
    large = client.post(
        "/login/signature", data=b"x", environ_overrides={"CONTENT_LENGTH": "100000000"},
        content_type="multipart/form-data; boundary=x",
    )  # fmt: skip
    assert large.status_code == 413
    assert refused(hand_in(client, number, b"\x30\x80" * 100_000))[0] == "malformed"
    assert refused(hand_in(client, number, bytes(evidence.LARGEST + 1)))[0] == "too_large"


POSTS = (
    "/login/signature", "/login/demo/1", "/login/demo", "/login/act-for", "/login/apply", "/logout",
    "/account/act-for", "/account/sessions/1/end", "/account/sessions/end-others",
    "/access-locks/person/1", "/access-locks/1/lift",
)  # fmt: skip


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize("scripted", [False, True])
def test_a_form_from_elsewhere_is_refused(app, visitor, monkeypatch, address, scripted):
    client = visitor("regulator")
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    headers = {"HX-Request": "true", "X-CSRFToken": "forged"} if scripted else {}
    assert client.post(address, headers=headers).status_code == 400
    assert client.get("/").status_code == 200


def test_over_tls_the_cookie_is_the_hosts_own(app):
    answer = app.test_client().get("/login", base_url="https://portal.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-dozir=")
    assert "; Secure" in cookie
    assert "; Path=/" in cookie
    assert "Domain" not in cookie


def test_evidence_is_kept_and_cannot_be_altered(app, official, database):
    client = app.test_client()
    enter(client, official, algorithm="dstu")
    with database.connect() as conn:
        (found,) = rows(
            conn,
            "select s.id, s.purpose, s.tax_number, s.verdict, s.content_sha256 = sha256(s.content),"
            " s.algorithm, cardinality(s.chain), (s.trust ->> 'demonstration')::boolean,"
            " e.device <> ''"
            " from identity.signature as s join identity.session as e on e.signature_id = s.id"
            " order by s.id desc limit 1",
        )
    assert found[1:5] == ("login", official.rnokpp, "valid", True)
    assert "4145" in found[5]
    assert found[6] == 3
    assert found[7]
    assert found[8]
    for statement in (
        "update identity.signature set tax_number = null where id = %s",
        "delete from identity.signature where id = %s",
    ):
        with pytest.raises(DatabaseError), database.connect() as conn:
            conn.execute(statement, (found[0],))
