"""Notices: what people are told, in the bell, on their page and by mail; once, and nobody else."""

from __future__ import annotations

import html
import re

import pytest

from portal import config
from portal.jobs.run import run_job
from portal.mail.sending import Sender
from portal.mail.server import mail_server
from portal.notices.mailing import Mailer
from tests.support.databases import column, rows, value
from tests.support.mail import postbox

TELL = "select identity.add_notice(%s, %s, %s, %s::jsonb, %s, %s::jsonb)"
FACTS = (
    '{"code": "L-1", "until_at": "2026-12-01T00:00:00Z",'
    ' "operator_uk": "<b>Гравець</b>", "operator_en": "<b>Player</b>"}'
)
NOWHERE = '{"path": {}, "query": {}}'


@pytest.fixture(autouse=True)
def clean(database, scene):
    with database.connect() as conn:
        for table in ("notice", "notice_setting", "contact", "mail"):
            conn.execute(f"delete from identity.{table}".encode())


@pytest.fixture
def mailed(monkeypatch):
    """A mail server that the portal knows."""
    with postbox() as box:
        monkeypatch.setenv("DOZIR_SMTP", f"smtp://127.0.0.1:{box.port}?tls=none")
        monkeypatch.setenv("DOZIR_MAIL_FROM", "dozir@dozir.example")
        monkeypatch.setenv("DOZIR_PUBLIC_URL", "https://dozir.example")
        config.settings.cache_clear()
        yield box
    monkeypatch.undo()
    config.settings.cache_clear()


def tell(database, person, kind="licence_expiring", subject="1", target=None, parameters=NOWHERE):
    with database.connect() as conn:
        return value(conn, TELL, (person, kind, subject, FACTS, target, parameters))


def bell(page):
    """How many the bell shows, and their words."""
    text = re.search(r'<details class="display bell".*?</details>', page, re.S)[0]
    number = re.search(r'bell-number" aria-hidden="true">([^<]+)', text)
    words = re.findall(r"<li><a href=.*?<span>(.*?)<span", text)
    return (number[1] if number else ""), [html.unescape(one) for one in words]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("uk", "Ліцензія L-1 діє до 01.12.2026 02:00: <b>Гравець</b>"),
        ("en", "Licence L-1 is in force until 1 Dec 2026 02:00: <b>Player</b>"),
    ],
)
def test_the_bell_tells_in_the_readers_language_and_markup_is_text(
    visitor, scene, database, language, words
):
    tell(database, scene.person("regulator"))
    client = visitor("regulator", language=language)
    for address in ("/", "/notices", "/help", "/ledger/batches"):
        assert bell(client.get(address).text) == ("1", [words]), address
    assert "<b>" not in client.get("/notices").text
    assert bell(visitor("auditor").get("/").text) == ("", [])


def test_opened_is_read_and_it_leads_to_the_page_as_its_person(visitor, scene, database):
    batch = scene.receipts[0]["batch_id"]
    told = tell(
        database,
        scene.person("regulator"),
        target="ledger.batch",
        parameters='{"path": {"batch_id": %s}, "query": {"x": ["1"], "_scheme": ["ftp"]}}' % batch,  # noqa: UP031
    )
    client = visitor("regulator")
    answer = client.get(f"/notices/{told}")
    assert answer.headers["Location"].startswith(f"/ledger/batches/{batch}")
    assert "ftp" not in answer.headers["Location"]
    assert bell(client.get("/notices").text) == ("", [])
    client.post(f"/notices/{told}/unread")
    assert bell(client.get("/notices").text)[0] == "1"


@pytest.mark.parametrize("target", ["no.such", "identity.sign_out", "registry.taxpayers", None])
def test_what_leads_nowhere_leads_to_the_list(visitor, scene, database, target):
    told = tell(database, scene.person("registrar"), target=target)
    answer = visitor("registrar").get(f"/notices/{told}")
    assert answer.headers["Location"] == "/notices"


def test_anothers_notice_answers_like_none(visitor, scene, database):
    told = tell(database, scene.person("regulator"))
    other = visitor("registrar")
    for method, tail in (("get", ""), ("post", "/read"), ("post", "/unread")):
        foreign = getattr(other, method)(f"/notices/{told}{tail}")
        absent = getattr(other, method)(f"/notices/{told + 1000}{tail}")
        assert foreign.status_code == absent.status_code == 404
    assert other.get(f"/notices/{2**63}").status_code == 404
    with database.connect() as conn:
        assert column(conn, "select read_at from identity.notice") == [None]


def test_all_are_read_but_those_that_came_meanwhile(visitor, scene, database):
    person = scene.person("regulator")
    tell(database, person, subject="1")
    last = tell(database, person, subject="2")
    client = visitor("regulator")
    page = client.get("/notices").text
    assert f'name="until" value="{last}"' in page
    tell(database, person, subject="3")
    answer = client.post("/notices/read", data={"until": last, "next": "//evil.example"})
    assert answer.headers["Location"] == "/notices"
    assert bell(client.get("/notices").text)[0] == "1"
    for bad in ("", "x", "-1", "9" * 30):
        assert client.post("/notices/read", data={"until": bad}).status_code == 303


def test_a_kind_is_switched_off_and_on_again(visitor, scene, database):
    client = visitor("regulator")
    ways = {"mail-licence_expiring": "none"}
    assert client.post("/notices/settings", data=ways).status_code == 303
    assert tell(database, scene.person("regulator")) is None
    assert (
        "checked"
        not in re.search(
            r'name="bell-licence_expiring"[^>]*>', client.get("/notices/settings").text
        )[0]
    )
    client.post("/notices/settings", data=ways | {"bell-licence_expiring": "yes"})
    assert tell(database, scene.person("regulator")) is not None
    bad = {"mail-licence_expiring": "pigeon", "bell-no_such": "yes", "mail-no_such": "none"}
    assert client.post("/notices/settings", data=bad).status_code == 303


# By mail.


def link(message):
    """The address in a mail that is to be opened."""
    return re.search(r"https://dozir\.example(/\S*token=\S+)", message.get_content())[1]


def confirmed(client, box, email="official@example.org"):
    """Give an address and follow the link that is sent there."""
    client.post("/notices/address", data={"email": email, "hour": "8", "language": "uk"})
    assert Sender(mail_server()).one()
    return link(box.received.pop()[1])


def test_an_address_is_used_once_its_owner_has_confirmed_it(app, visitor, scene, database, mailed):
    client = visitor("regulator")
    place = confirmed(client, mailed)
    tell(database, scene.person("regulator"))
    with database.connect() as conn:
        conn.execute("update identity.contact set next_digest_at = now()")
    assert Mailer(app).one() == []  # not confirmed: nothing but the question is sent
    stranger = app.test_client()
    assert "official@example.org" in stranger.get(place).text
    with database.connect() as conn:
        assert (
            value(conn, "select confirmed_at from identity.contact") is None
        )  # a look is no click
    assert stranger.post(place).status_code == 200
    tell(database, scene.person("regulator"), subject="2")
    assert len(Mailer(app).one()) == 1
    assert Mailer(app).one() == []
    assert Sender(mail_server()).one()
    ((recipients, message),) = mailed.received
    assert recipients == ["official@example.org"]
    text = message.get_content()
    assert "Ліцензія L-1 діє до 01.12.2026 02:00" in text
    assert "Оксана" not in text
    # one click of a mail program, without a session or a token of a form
    stop = re.search(r"<https://dozir\.example(\S+)>", message["List-Unsubscribe"])[1]
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = app.test_client().post(stop, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    tell(database, scene.person("regulator"), subject="3")
    with database.connect() as conn:
        conn.execute("update identity.contact set next_digest_at = now()")
    assert Mailer(app).one() == []
    assert bell(visitor("regulator").get("/").text)[0] == "3"


def test_at_once_is_not_left_for_the_digest(app, visitor, scene, database, mailed):
    client = visitor("regulator")
    app.test_client().post(confirmed(client, mailed))
    client.post(
        "/notices/settings",
        data={"bell-licence_expiring": "yes", "mail-licence_expiring": "at_once"},
    )
    tell(database, scene.person("regulator"))
    assert len(Mailer(app).one()) == 1
    Sender(mail_server()).one()
    assert mailed.only()["Subject"].startswith("Ліцензія L-1")


@pytest.mark.parametrize(
    "email", ["x", "a@b, c@d.example", "a@example.org\r\nBcc: b@example.org", "a" * 300 + "@b.org"]
)
def test_what_is_no_address_is_kept_in_the_form_and_sent_nothing(visitor, database, mailed, email):
    answer = visitor("regulator").post(
        "/notices/address", data={"email": email, "hour": "8", "language": "uk"}
    )
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    with database.connect() as conn:
        assert rows(conn, "select 1 from identity.mail") == []


def test_nobody_is_flooded_with_questions(visitor, database, mailed):
    client = visitor("regulator")
    for number in range(6):
        answer = client.post(
            "/notices/address",
            data={"email": f"a{number}@example.org", "hour": "8", "language": "uk"},
        )
    assert answer.status_code == 422
    with database.connect() as conn:
        assert value(conn, "select count(*) from identity.mail") == 5


def test_forged_and_foreign_links_do_nothing(app, visitor, scene, database, mailed):
    place = confirmed(visitor("regulator"), mailed)
    path, _, token = place.partition("?token=")
    stranger = app.test_client()
    for bad in (
        token[:-5] + ("A" if token[-5] != "A" else "B") + token[-4:],
        "",
        "x.y",
        "a" * 5000,
    ):
        for method in ("get", "post"):
            assert getattr(stranger, method)(path, query_string={"token": bad}).status_code == 404
    for other in ("/notices/stop", "/subscriptions/unsubscribe"):  # a token is for one deed
        assert stranger.post(other, query_string={"token": token}).status_code == 404
    client = visitor("regulator")  # the address was changed since
    client.post("/notices/address", data={"email": "b@example.org", "hour": "8", "language": "uk"})
    assert stranger.post(place).status_code == 404


def test_without_a_mail_server_no_address_is_asked_for(visitor):
    client = visitor("regulator", language="en")
    assert "This portal sends no mail" in client.get("/notices/settings").text
    assert (
        client.post("/notices/address", data={"email": "a@b.org", "hour": "8"}).status_code == 404
    )


# What time alone brings to people's notice.


def test_the_job_tells_of_ends_returns_and_silence_once(visitor, scene, database):
    first = scene.first
    with database.connect() as conn:
        moved = value(
            conn,
            "update registry.licence set valid_until = date_trunc('day', now()) + interval '5 days'"
            " where id = %s returning id",
            (first.licence["PF-SLOTS"],),
        )
    assert moved
    with database.connect("dozir_jobs", autocommit=True) as conn:
        assert run_job(conn, "raise_notices").outcome == "done"
        with database.connect() as looking:
            before = value(looking, "select count(*) from identity.notice")
        assert run_job(conn, "raise_notices").rows == 0
    with database.connect() as conn:
        assert value(conn, "select count(*) from identity.notice") == before
        told = rows(
            conn,
            "select p.role, p.operator_id from identity.notice as n"
            " join identity.person as p on p.id = n.person_id"
            " where n.kind = 'licence_expiring' and n.facts->>'code' = 'PF-SLOTS'",
        )
    operators = {operator for role, operator in told if role == "operator"}
    assert operators == {first.id}
    assert {role for role, _ in told} == {"operator", "regulator", "registrar"}
    number, words = bell(visitor("operator", first).get("/").text)
    assert any("PF-SLOTS" in one for one in words)
    # the second operator has sent nothing yesterday, and is told so itself
    with database.connect() as conn:
        silent = column(conn, "select operator_id from identity.notice where kind = 'data_missing'")
        officials = rows(
            conn,
            "select facts->>'number' from identity.notice where kind = 'data_missing_market'",
        )
    assert number
    assert bool(silent) == bool(officials)
