"""The audit trail: what is noted, who is asked why, who reads what of it, and that it stands."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal.audit.proving import the_log
from portal.transparency import events
from portal.transparency.merkle import ProofInvalid
from tests.support.batches import BET, DEPOSIT, WITHDRAWAL, store
from tests.support.batches import row as record
from tests.support.databases import Database, column, rows, value
from tests.support.pages import REASON
from tests.support.servers import await_logged


def newest(database: Database, **asked) -> list:
    """Events of the trail as the owner sees them, the newest first."""
    names = list(asked)
    where = " and ".join(f"{name} is not distinct from %s" for name in names) or "true"
    with database.connect() as conn:
        return rows(
            conn,
            "select kind, person_id, role, operator_id, concerns, object, object_id, facts,"
            f" address, request_id, id from audit.event where {where} order by id desc limit 100",
            list(asked.values()),
        )


def entered(app, scene, role, operator=None):
    """Somebody signed in who has stated nothing."""
    client = app.test_client()
    client.set_cookie("lang", "en")
    assert client.post(f"/login/demo/{scene.person(role, operator)}").status_code == 303
    return client


@pytest.fixture(autouse=True)
def quiet(scene, database):
    """Nobody was refused much in this minute, as people of the scene are by tests of other files:
    beyond its bound a refusal is counted, not noted.
    """
    with database.connect() as conn:
        conn.execute("delete from audit.excess")


def batch_of(scene) -> int:
    return int(scene.receipts[0]["batch_id"])


@pytest.fixture
def pages(scene):
    """Addresses that show single transactions of the first operator."""
    batch, day = batch_of(scene), scene.days[0]
    return (
        f"/ledger/transactions?from={day}T00:00&until={day}T23:00&operator={scene.first.id}",
        f"/ledger/batches/{batch}",
        f"/ledger/batches/{batch}/transactions/1",
        f"/ledger/batches/{batch}/transactions/1/proof",
    )


def test_financial_monitoring_comes_from_cash_flow_to_deposits_and_nothing_of_play(
    app, scene, database
):
    paid = [
        record(scene.first, type=kind, amount_minor=minor)
        for kind, minor in ((DEPOSIT, 7_654_321), (WITHDRAWAL, 1_234_567), (BET, 9_876_543))
    ]
    store(database, scene.first, paid)
    client = entered(app, scene, "financial_monitoring")
    report = client.get(f"/reports/R10?period=today&operator={scene.first.id}&by=operator").text
    asked = {
        one.replace("&amp;", "&") for one in re.findall(r'"(/ledger/transactions[^"]*)"', report)
    }
    assert {kind for one in asked for kind in re.findall(r"type=(\w+)", one)} == {
        "deposit",
        "withdrawal",
    }
    address = next(one for one in asked if one.count("type=") == 2)
    why = client.get(address)
    assert why.status_code == 303
    assert why.headers["Location"].startswith("/audit/reason?")
    sent = REASON | {"next": address}
    assert client.post("/audit/reason", data=sent).headers["Location"] == address
    page = client.get(address).text
    assert "76,543.21" in page
    assert "12,345.67" in page
    assert "98,765.43" not in page
    assert "PAGES-SECOND" not in page.split('id="transactions"')[1]
    assert "/ledger/batches/" not in page
    (event, *_) = newest(database, kind="view", role="financial_monitoring")
    assert event[4:6] == (scene.first.id, "transactions")
    assert event[7]["text"] == REASON["text"]
    # Whatever is asked for: no bet, no mark on one, and no page of a single record.
    day = f"operator={scene.first.id}"
    assert client.get(f"/ledger/transactions?{day}&type=bet").status_code == 422
    assert "98,765.43" not in client.get(f"/ledger/transactions?{day}&payment=balance").text
    assert client.get(f"/ledger/batches/{batch_of(scene)}/transactions/1").status_code == 403
    assert client.get("/ledger/batches").status_code == 403


@pytest.mark.parametrize("role", ["regulator", "tax_service", "auditor"])
def test_an_official_says_why_once_and_comes_to_where_the_link_led(
    app, scene, database, pages, role
):
    client = entered(app, scene, role)
    asked = {"kind": "view", "role": role, "object_id": f"{batch_of(scene)}-1"}
    before = newest(database, **asked)
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 303
        assert answer.location.startswith("/audit/reason?next=%2Fledger%2F")
    assert newest(database, **asked) == before
    form = client.get(client.get(pages[0]).location).get_data(as_text=True)
    back = re.search(r'name="next" value="([^"]+)"', form)[1].replace("&amp;", "&")
    answer = client.post("/audit/reason", data={**REASON, "next": back})
    assert (answer.status_code, answer.location) == (303, pages[0])
    for page in pages:
        assert client.get(page).status_code == 200
    noted = newest(database, kind="view", role=role, concerns=scene.first.id)[:4]
    assert [(row[5], row[6]) for row in reversed(noted)] == [
        ("transactions", None),
        ("batch", str(batch_of(scene))),
        ("transaction", f"{batch_of(scene)}-1"),
        ("transaction", f"{batch_of(scene)}-1"),
    ]
    for row in noted:
        assert row[1] == scene.person(role)
        assert {"reason": REASON["kind"], "text": REASON["text"]}.items() <= row[7].items()
        assert row[8] == "127.0.0.1"
        assert row[9]


def test_htmx_is_led_there_too(app, scene, pages):
    client = entered(app, scene, "regulator")
    answer = client.get(pages[0], headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.get_data() == b""
    assert answer.headers["HX-Redirect"].startswith("/audit/reason?next=%2Fledger")


def test_a_reason_is_of_its_session_and_of_its_hour(app, scene, database, pages):
    first, second = entered(app, scene, "regulator"), entered(app, scene, "regulator")
    first.post("/audit/reason", data=REASON)
    assert first.get(pages[1]).status_code == 200
    assert second.get(pages[1]).status_code == 303
    with database.connect() as conn:
        conn.execute(
            "update identity.session set reason_at = reason_at - interval '61 minutes'"
            " where person_id = %s",
            (scene.person("regulator"),),
        )
    assert first.get(pages[1]).status_code == 303


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "", "text": "case 12"}, "Choose a reason from the list."),
        ({"kind": "curiosity", "text": "case 12"}, "Choose a reason from the list."),
        ({"kind": "audit", "text": "  \n "}, "Say it in words"),
        ({"kind": "audit", "text": "х" * 501}, "Say it in words"),
        ({"kind": "audit", "text": "\0\0\0"}, "Say it in words"),
    ],
)
def test_what_is_no_reason_is_refused_noted_and_kept_in_the_form(
    app, scene, database, pages, form, said
):
    client = entered(app, scene, "auditor")
    answer = client.post("/audit/reason", data={**form, "next": pages[1]})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert form["text"].strip().replace("\0", "") in page
    assert f'name="next" value="{pages[1]}"' in page
    assert client.get(pages[1]).status_code == 303
    refused = newest(database, kind="refused", person_id=scene.person("auditor"))[0]
    assert refused[7] == {"status": 422, "why": "reason"}


@pytest.mark.parametrize("next_", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(app, scene, next_):
    client = entered(app, scene, "regulator")
    assert client.post("/audit/reason", data={**REASON, "next": next_}).location == "/"


def test_an_operator_needs_none_and_learns_what_officials_did_with_its_records_alone(
    app, scene, visitor, database, pages
):
    own = entered(app, scene, "operator", scene.first)
    assert all(own.get(page).status_code == 200 for page in pages)
    visitor("regulator").get(pages[1])
    seen = visitor("operator", scene.first, "en").get("/audit/?kind=view").get_data(as_text=True)
    assert REASON["text"] in seen
    assert "Who saw our data" in seen
    event = newest(database, kind="view", role="regulator", concerns=scene.first.id)[0][-1]
    assert f"/audit/events/{event}" in seen
    other = visitor("operator", scene.second, "en")
    assert f"/audit/events/{event}" not in other.get("/audit/").get_data(as_text=True)
    foreign, absent = other.get(f"/audit/events/{event}"), other.get("/audit/events/999999999")
    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert other.get(f"/audit/events/{event}/proof").status_code == 404
    # Refusals are the auditor's alone.
    visitor("operator", scene.first).get("/ledger/batches/999999")
    hidden = newest(database, kind="refused", operator_id=scene.first.id)[0][-1]
    assert visitor("operator", scene.first).get(f"/audit/events/{hidden}").status_code == 404
    assert visitor("auditor").get(f"/audit/events/{hidden}").status_code == 200


def test_who_saw_or_changed_one_thing(visitor, scene, pages):
    visitor("regulator").get(pages[1])
    batch = batch_of(scene)
    place = f"/audit/of/batch/{batch}"
    assert place in visitor("auditor").get(pages[1]).get_data(as_text=True)
    shown = visitor("auditor", language="en").get(place).get_data(as_text=True)
    assert REASON["text"] in shown
    own = visitor("operator", scene.first, "en").get(place).get_data(as_text=True)
    assert REASON["text"] in own
    foreign = visitor("operator", scene.second, "en")
    answers = [
        re.sub(r"\d+|nonce[^>]*|[0-9a-f]{16}", "", text)
        for text in (
            foreign.get(place).get_data(as_text=True),
            foreign.get("/audit/of/batch/99999999").get_data(as_text=True),
        )
    ]
    assert "Nothing is noted that you may see" in answers[0]
    assert visitor("auditor").get("/audit/of/nothing/1").status_code == 404
    assert visitor("auditor").get("/audit/of/batch").status_code == 200


def test_signing_in_and_out_are_noted(app, scene, database):
    client = entered(app, scene, "registrar")
    client.post("/logout")
    client.post("/logout")
    kinds = [row[0] for row in newest(database, person_id=scene.person("registrar"))[:2]]
    assert kinds == ["logout", "login"]
    assert len(newest(database, kind="logout", person_id=scene.person("registrar"))) == 1


def test_refusals_of_one_person_are_bounded_and_the_rest_is_counted(app, scene, database):
    client = entered(app, scene, "registrar")
    me = scene.person("registrar")
    before = len(newest(database, kind="refused", person_id=me))
    for number in range(30):
        assert client.get(f"/registry/licence/{10**6 + number}").status_code == 404
    assert client.get("/ledger/transactions").status_code == 403
    assert client.get("/no/such/page").status_code == 404
    with database.connect() as conn:
        counted = column(conn, "select number from audit.excess order by minute")
        # The test may run over the end of a minute.
        alone = sum(min(number, 20) for number in counted)
        assert sum(counted) == 31
        assert len(newest(database, kind="refused", person_id=me)) - before == alone
        conn.execute("update audit.excess set minute = minute - interval '1 hour'")
        conn.execute("select audit.tell_excess()")
        conn.commit()
    told = newest(database, kind="refused_more", person_id=me)
    assert sum(row[7]["number"] for row in told) == 31 - alone
    assert {row[2] for row in told} == {"registrar"}


def test_pages_may_note_refusals_and_nothing_else(database, scene):
    with database.connect("dozir_portal") as conn:
        conn.execute("set role auditor")
        for kind in ("view", "decision", "login", "nonsense"):
            with pytest.raises(psycopg.Error) as problem, conn.transaction():
                conn.execute("select api.note(%s, null, null, '{}')", (kind,))
            assert problem.value.sqlstate == "DZA02"
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute("select audit.note('login')")
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute("select salt from audit.event")


@pytest.mark.parametrize("table", ["event", "seal", "sealed_event"])
@pytest.mark.parametrize(
    "deed", ["update audit.{} set {} = {}", "delete from audit.{}", "truncate audit.{} cascade"]
)
def test_the_trail_cannot_be_rewritten_by_its_owner(database, scene, table, deed):
    key = {"event": "role", "seal": "event_count", "sealed_event": "seal_id"}[table]
    with database.connect() as conn:
        conn.execute("select audit.note('settings')")
        conn.execute("select audit.seal_events()")
        with pytest.raises(psycopg.Error) as problem, conn.transaction():
            conn.execute(deed.format(table, key, key).encode())
        assert problem.value.sqlstate == "DZA01"
        conn.rollback()


def test_the_auditor_searches_by_everything_and_pages_to_the_end(visitor, scene, database):
    auditor = visitor("auditor", language="en")
    mark = f"case {datetime.now(UTC).timestamp()}"
    with database.connect() as conn:
        for number in range(60):
            conn.execute(
                "select audit.note('view', 'batch', '777', jsonb_build_object('reason', 'audit',"
                " 'text', %s::text, 'number', %s::int), array[%s], %s, 'tax_service')",
                (mark, number, scene.second.id, scene.person("tax_service")),
            )
    today = datetime.now(UTC).date()
    common = "/audit/?object=batch&number=777"
    for more in (
        "&kind=view",
        f"&person={scene.person('tax_service')}",
        "&role=tax_service",
        f"&operator={scene.second.id}",
        f"&from={today - timedelta(days=1)}&to={today + timedelta(days=1)}",
    ):
        page = auditor.get(common + more).get_data(as_text=True)
        assert page.count(mark) == 50, more
        older = re.search(r'href="([^"]+cursor=[^"]+)"', page)[1].replace("&amp;", "&")
        assert auditor.get(older).get_data(as_text=True).count(mark) == 10
    for more in ("&kind=login", "&role=regulator", f"&operator={scene.first.id}", "&to=2020-01-01"):
        assert mark not in auditor.get(common + more).get_data(as_text=True)
    for wrong in (
        "kind=x", "role=x", "person=x", "operator=99999", "object=x", "from=x",
        "from=2026-01-02&to=2026-01-01", "person=99999999999",
    ):  # fmt: skip
        answer = auditor.get(f"/audit/?{wrong}")
        assert answer.status_code == 422, wrong
        assert "Correct this to continue" in answer.get_data(as_text=True)
    for damaged in ("x", "eA", base64.urlsafe_b64encode(b'"2026 1"').decode().rstrip("=")):
        assert auditor.get(f"/audit/?cursor={damaged}").status_code == 400
    answer = auditor.get(common + "&format=json")
    assert answer.status_code == 200
    taken = json.loads(answer.get_data())["rows"]
    assert len(taken) == 60
    assert {row["person_number"] for row in taken} == {scene.person("tax_service")}
    # Taking it is an event itself.
    own = newest(database, kind="export", person_id=scene.person("auditor"))[0]
    assert own[7]["name"] == "audit-trail"
    assert auditor.get("/audit/?format=csv&kind=x").status_code == 422


def test_others_read_what_they_did_themselves(visitor, scene):
    page = visitor("tax_service", language="en").get("/audit/").get_data(as_text=True)
    assert "What I saw and did" in page
    assert "Reason for access stated" in page
    mine = visitor("regulator", language="en").get(f"/audit/?person={scene.person('auditor')}")
    assert "No such event" in mine.get_data(as_text=True)


def test_an_event_proves_itself_once_its_minute_is_over(visitor, scene, database, pages):
    visitor("regulator").get(pages[2])
    own = newest(database, kind="view", role="regulator", object="transaction")[0][-1]
    auditor = visitor("auditor", language="en")
    page = auditor.get(f"/audit/events/{own}").get_data(as_text=True)
    assert "Waits for its entry" in page
    assert auditor.get(f"/audit/events/{own}/proof").status_code == 404
    with database.connect() as conn:
        while value(conn, "select audit.seal_events()"):
            conn.commit()
    await_logged(database)
    page = auditor.get(f"/audit/events/{own}").get_data(as_text=True)
    assert "In the log" in page
    for reader in (auditor, visitor("operator", scene.first)):
        document = reader.get(f"/audit/events/{own}/proof").get_data()
        log = the_log()
        proven = events.verify_event(document, log.keys(), log.newest().checkpoint.origin)
        assert proven.event["id"] == own
        assert json.loads(proven.event["facts"])["text"] == REASON["text"]
    # Whoever was given it checks it at the public page and by the API, without entering.
    anybody = auditor.application.test_client()
    anybody.set_cookie("lang", "en")
    page = anybody.post("/log/check", data={"document": document.decode()}).text
    assert "The event is in the log as it is here" in page
    assert f"№\u00a0{own}" in page
    by_machine = anybody.post("/api/v1/check", data=document, content_type="application/json")
    assert (by_machine.json["outcome"], by_machine.json["event_id"]) == ("noted", own)
    told = json.loads(document)
    raw = bytearray(base64.b64decode(told["tuple"]))
    raw[-1] ^= 1
    told["tuple"] = base64.b64encode(raw).decode()
    with pytest.raises(ProofInvalid):
        events.verify_event(json.dumps(told).encode(), log.keys(), proven.entry.origin)
    assert "Not genuine" in anybody.post("/log/check", data={"document": json.dumps(told)}).text
    # Someone has rewritten it since.
    with database.connect() as conn:
        conn.execute("alter table audit.event disable trigger refuse_change")
        conn.execute("update audit.event set role = 'nobody' where id = %s", (own,))
    try:
        assert "Not confirmed" in auditor.get(f"/audit/events/{own}").get_data(as_text=True)
        assert auditor.get(f"/audit/events/{own}/proof").status_code == 503
    finally:
        with database.connect() as conn:
            conn.execute("update audit.event set role = 'regulator' where id = %s", (own,))
            conn.execute("alter table audit.event enable trigger refuse_change")


def test_decisions_keys_and_declarations_are_noted_with_whom_they_concern(database, scene):
    with database.connect() as conn:
        conn.execute("begin")
        conn.execute(
            "select registry.create_access_key(%s, 'AuditTrail01', decode(repeat('00', 32), 'hex'),"
            " 'x', 'test', '{read}', false, 'infinity', null)",
            (scene.second.id,),
        )
        found = rows(
            conn,
            "select kind, object, concerns, told, facts ->> 'decision' from audit.event"
            " order by id desc limit 1",
        )
        conn.rollback()
    assert found == [("key_issued", "access_key", scene.second.id, True, "key_created")]


def test_sealing_takes_what_waits_in_parts_and_each_event_once(database, scene):
    with database.connect() as conn:
        while value(conn, "select audit.seal_events()"):
            pass
        for _ in range(5):
            conn.execute("select audit.note('settings')")
        assert [value(conn, "select audit.seal_events(2)") for _ in range(4)] == [2, 2, 1, 0]
        assert (
            value(
                conn,
                "select count(*) from audit.event as e where e.at > now() - interval '9 minutes'"
                " and not exists (select from audit.sealed_event as s where s.event_id = e.id)",
            )
            == 0
        )
        last = rows(conn, "select complete from audit.seal order by id desc limit 3")
        assert last == [(True,), (False,), (False,)]
        conn.rollback()
