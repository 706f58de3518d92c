"""The integration tracker: its steps are what the registers and the ledger hold."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from portal import db
from portal.integration import tracker
from portal.web import periods
from tests.integration.registry import desk
from tests.support.databases import refusal, rows
from tests.support.pages import people

LATER = {"step": "data", "due_on": "2030-01-01", "act": "Постанова № 1", "source": ""}


def standing(operator_id, role="regulator"):
    with db.acting_as(
        role, operator_id=operator_id if role == "operator" else None, actor="t"
    ) as c:
        [row] = [one for one in tracker.read(c) if one["operator_id"] == operator_id]
    return row


@pytest.fixture
def no_deadlines(database):
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("delete from registry.connection_deadline")


@pytest.fixture(scope="module")
def newcomer(database, scene):
    made = desk.operator(database, "TRACKED")
    scene.people.update(people(database))
    with database.connect() as conn:
        [(second,)] = rows(conn, "select id from identity.person where name_en = 'Petro Savchuk'")
    scene.people["supervisor"] = second
    return made


def test_a_licensee_that_sends_has_done_what_it_has_done(scene, database):
    row = standing(scene.first.id)
    with database.connect() as conn:
        [(first, last, licences)] = rows(
            conn,
            "select min(received_at), max(received_at), (select count(*) from registry.entry where"
            " kind = 'licence' and state = 'active' and recorded_until = 'infinity'"
            " and operator_id = %(id)s) from ledger.batch where operator_id = %(id)s",
            {"id": scene.first.id},
        )
    assert (row["first_batch_at"], row["last_batch_at"]) == (first, last)
    assert row["licences_in_force"] == licences
    assert not {"licence", "places", "keys", "data", "sending"} & set(row["undone"])
    assert "declarations" in row["undone"]  # nothing was declared


def test_a_newcomer_lacks_what_it_has_not_done(newcomer):
    row = standing(newcomer.id)
    assert row["first_batch_at"] is None
    assert [one for one in row["undone"] if one in ("data", "sending", "declarations")] == [
        "data", "sending", "declarations",
    ]  # fmt: skip
    assert ("keys" in row["undone"]) == (row["keys"] == 0)


def test_an_operator_sees_itself_alone(scene, newcomer):
    with db.acting_as("operator", operator_id=newcomer.id, actor="t") as conn:
        assert {one["operator_id"] for one in tracker.read(conn)} == {newcomer.id}
        assert tracker.read(conn, scene.first.id) == []


def test_the_regulators_page_and_its_file_say_the_same(visitor, newcomer, no_deadlines):
    officer = visitor("regulator")
    page = officer.get("/integration").text
    assert "No deadline is set" in page or "Строків не встановлено" in page
    assert "TRACKED" in page
    only = officer.get("/integration?show=data").text
    assert "TRACKED" in only
    assert "PAGES-FIRST" not in only
    document = json.loads(officer.get("/integration?show=data&format=json").text)
    codes = set(re.findall(r'class="row-note">([A-Z0-9-]+)<', only))
    assert {one["code"] for one in document["rows"]} == codes
    assert officer.get("/integration?show=x").status_code == 400


def test_an_operators_own_page_says_what_to_do(visitor, scene, newcomer):
    own = visitor("operator", newcomer)
    page = own.get("/integration/own").text
    assert "Надішліть перший пакет" in page
    assert own.get("/integration").status_code == 403
    assert own.get(f"/integration/{scene.first.id}").status_code == 403


def test_one_licensee_is_looked_at_and_none_is_not_found(visitor, scene):
    officer = visitor("regulator")
    page = officer.get(f"/integration/{scene.first.id}")
    assert page.status_code == 200
    assert scene.first.code in page.text
    for absent in (0, 10**6, 2**40):
        assert officer.get(f"/integration/{absent}").status_code == 404


@pytest.mark.parametrize("role", ["tax_service", "registrar", "administrator", "fairness"])
def test_it_is_nobody_elses(visitor, role):
    assert visitor(role).get("/integration").status_code == 403


def test_a_deadline_is_counted_and_marked_until_another_official_confirms_it(
    visitor, newcomer, database, no_deadlines
):
    officer = visitor("regulator")
    yesterday = (periods.today() - timedelta(days=1)).isoformat()
    assert (
        officer.post("/integration/deadlines", data=LATER | {"due_on": yesterday}).status_code
        == 303
    )
    row = standing(newcomer.id)
    assert row["overdue"] == ["data"]
    page = officer.get("/integration?show=overdue").text
    assert "TRACKED" in page
    assert "не підтверджено" in visitor("operator", newcomer).get("/integration/own").text
    with database.connect() as conn:
        [(made,)] = rows(conn, "select max(id) from registry.connection_deadline")
    address = f"/integration/deadlines/{made}/verify"
    supervisor = visitor("supervisor")
    own = officer.post(address, data={"source": "x", "compared": "yes"})
    assert own.status_code == 409
    done = supervisor.post(address, data={"source": "Офіційний вісник", "compared": "yes"})
    assert done.status_code == 303
    assert "не підтверджено" not in visitor("operator", newcomer).get("/integration/own").text
    again = supervisor.post(address, data={"source": "x", "compared": "yes"})
    assert again.status_code == 409


def test_days_after_the_first_licence_count_for_each(visitor, newcomer, no_deadlines):
    officer = visitor("regulator")
    data = LATER | {"step": "keys", "due_on": "", "days_after": "10"}
    assert officer.post("/integration/deadlines", data=data).status_code == 303
    row = standing(newcomer.id)
    since = row["licensed_from"].astimezone(periods.KYIV).date()
    assert row["keys_due"] == since + timedelta(days=10)


@pytest.mark.parametrize(
    "wrong",
    [{"step": "x"}, {"due_on": "2030-13-01"}, {"due_on": "1999-01-01"}, {"due_on": ""},
     {"due_on": "", "days_after": "-1"}, {"due_on": "", "days_after": "9999"},
     {"due_on": "", "days_after": "0000000009999999999"}, {"act": ""}],
)  # fmt: skip
def test_what_is_no_deadline_is_refused_and_stays_in_the_form(
    visitor, database, wrong, no_deadlines
):
    answer = visitor("regulator").post("/integration/deadlines", data=LATER | wrong)
    assert answer.status_code == 422
    assert (LATER | wrong)["act"] in answer.text
    with database.connect() as conn:
        assert rows(conn, "select count(*) from registry.connection_deadline") == [(0,)]


def test_others_neither_set_nor_confirm_one(visitor, scene, database):
    for who in (visitor("auditor"), visitor("operator", scene.first)):
        assert who.post("/integration/deadlines", data=LATER).status_code == 403
        assert who.post("/integration/deadlines/1/verify", data={}).status_code == 403
    with database.acting_as("auditor") as conn:
        assert refusal(conn, "select api.set_deadline('data', '2030-01-01', null, 'x')") == "42501"
