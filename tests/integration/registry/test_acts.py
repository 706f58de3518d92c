"""Acts of officials: licences suspended, resumed, revoked; equipment blocked; fees set."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from portal import db
from portal.registry import desk, gateway
from tests.integration.registry.desk import operator
from tests.integration.registry.test_decisions import visitor_of
from tests.support.market import Operator

LONG_AGO, SOON = "2026-01-01T00:00", "2030-01-01T00:00"


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "ACTS-OWN")


@pytest.fixture
def licence(database, request) -> int:
    made = operator(database, f"ACTS-{abs(hash(request.node.name)) % 10**8}")
    return made.licence[f"{made.code}-L"]


def state(kind, record_id):
    with db.acting_as("regulator") as conn:
        return gateway.record(conn, kind, record_id)["state"]


def act(client, record_id, action, **form):
    return client.post(f"/registry/licence/{record_id}/{action}", data=form)


# Licences


def test_a_licence_is_suspended_resumed_and_revoked_with_grounds(visitor, licence):
    client = visitor("regulator", language="en")
    page = f"/registry/licence/{licence}"
    assert f"{page}/suspend" in client.get(page).text
    answer = client.post(f"{page}/suspend", data={"grounds": "Act № 1"}, follow_redirects=True)
    assert "The suspension is entered." in answer.text
    assert state("licence", licence) == "suspended"
    assert f"{page}/suspend" not in answer.text
    assert act(client, licence, "resume", grounds="Act № 2").status_code == 303
    assert state("licence", licence) == "active"
    assert act(client, licence, "revoke", grounds="Act № 3", confirm="yes").status_code == 303
    assert state("licence", licence) == "revoked"
    assert "Act № 1" in client.get(f"{page}/revoke").text
    assert '<form class="decision"' not in client.get(f"{page}/revoke").text


def test_of_two_who_suspend_at_once_the_second_is_told(visitor, licence):
    act(visitor("regulator"), licence, "suspend", grounds="First")
    answer = act(visitor("registrar", language="en"), licence, "suspend", grounds="<b>Second</b>")
    assert answer.status_code == 409
    assert "&lt;b&gt;Second&lt;/b&gt;" in answer.text
    assert "First" in answer.text
    with db.acting_as("regulator") as conn:
        assert len(desk.suspensions(conn, licence)) == 1


@pytest.mark.parametrize(
    ("action", "form", "fields"),
    [
        ("suspend", {}, ["grounds"]),
        ("suspend", {"grounds": "x", "from": SOON, "until": SOON}, ["until"]),
        ("suspend", {"grounds": "x", "until": LONG_AGO}, ["until"]),
        ("suspend", {"grounds": "x", "from": "tomorrow"}, ["from"]),
        ("suspend", {"grounds": "x", "until": "9999-12-31T23:59"}, ["until"]),
        ("suspend", {"grounds": "x" * 2001}, ["grounds"]),
        ("suspend", {"grounds": "x\0"}, ["grounds"]),
        ("revoke", {"grounds": "x"}, ["confirm"]),
        ("revoke", {"grounds": "", "confirm": "no"}, ["grounds", "confirm"]),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_done(
    visitor, licence, action, form, fields
):
    answer = act(visitor("regulator"), licence, action, **form)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', answer.text) == fields
    if "from" in form and form["from"] == SOON:
        assert f'value="{SOON}"' in answer.text
    assert state("licence", licence) == "active"
    with db.acting_as("regulator") as conn:
        assert desk.suspensions(conn, licence) == []


def test_a_suspension_may_begin_later_and_end_by_itself(visitor, licence):
    act(
        visitor("regulator"),
        licence,
        "suspend",
        grounds="x",
        **{"from": SOON, "until": "2030-06-01T00:00"},
    )
    assert state("licence", licence) == "active"
    with db.acting_as("regulator") as conn:
        [one] = desk.suspensions(conn, licence)
    assert one["suspended_from"].astimezone(UTC) == datetime(2029, 12, 31, 22, tzinfo=UTC)
    assert one["suspended_until"] - one["suspended_from"] > timedelta(days=150)


@pytest.mark.parametrize("role", ["tax_service", "auditor"])
def test_only_the_regulator_and_the_registrar_act(visitor, own, role):
    client = visitor(role)
    number = own.licence["ACTS-OWN-L"]
    assert client.get(f"/registry/licence/{number}/suspend").status_code == 403
    assert act(client, number, "revoke", grounds="x", confirm="yes").status_code == 403
    theirs = visitor_of(visitor, own)
    assert act(theirs, number, "resume", grounds="x").status_code == 403
    machine = f"/registry/equipment/{own.equipment['SLOT-1']}/block"
    assert theirs.post(machine, data={"order": "1", "grounds": "x"}).status_code == 403
    assert "/suspend" not in theirs.get(f"/registry/licence/{number}").text
    assert state("licence", number) == "active"


@pytest.mark.parametrize("record_id", [0, 2_147_483_647, 10**12])
def test_what_is_not_there_is_not_found(visitor, record_id):
    client = visitor("regulator")
    assert client.get(f"/registry/licence/{record_id}/suspend").status_code == 404
    assert act(client, record_id, "suspend", grounds="x").status_code == 404
    order = {"order": "1", "grounds": "x"}
    assert client.post(f"/registry/equipment/{record_id}/block", data=order).status_code == 404


# Equipment


def test_a_blocking_order_and_its_lifting_stay_in_the_log(visitor, own):
    client = visitor("registrar", language="en")
    machine = own.equipment["SLOT-1"]
    page = f"/registry/equipment/{machine}"
    order = {"order": "=1+1 № 7", "grounds": "Seal <broken>"}
    assert f"{page}/block" in client.get(page).text
    assert client.post(f"{page}/block", data=order).status_code == 303
    assert state("equipment", machine) == "blocked"
    late = client.post(f"{page}/block", data={"order": "№ 8", "grounds": "Also"})
    assert late.status_code == 409
    assert "№ 8" in late.text
    listed = client.get(f"/registry/blocking-orders?operator={own.id}&state=in-force").text
    assert "Seal &lt;broken&gt;" in listed
    assert "=1+1 № 7" in visitor_of(visitor, own).get("/registry/blocking-orders").text
    lifting = {"order": "№ 9", "grounds": "Sealed anew"}
    assert client.post(f"{page}/unblock", data=lifting).status_code == 303
    assert state("equipment", machine) == "installed"
    assert client.post(f"{page}/unblock", data=lifting).status_code == 409
    assert (
        "=1+1" not in client.get(f"/registry/blocking-orders?operator={own.id}&state=in-force").text
    )
    lifted = client.get(f"/registry/blocking-orders?operator={own.id}&state=lifted").text
    assert "№ 9" in lifted


@pytest.mark.parametrize("form", [{"order": "", "grounds": "x"}, {"order": "1", "grounds": " "},
                                  {"order": "x" * 101, "grounds": "x"}])  # fmt: skip
def test_an_order_without_number_or_grounds_blocks_nothing(visitor, own, form):
    machine = own.equipment["SLOT-1"]
    before = state("equipment", machine)
    answer = visitor("regulator").post(f"/registry/equipment/{machine}/block", data=form)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert state("equipment", machine) == before


def test_an_operator_sees_orders_on_its_own_equipment_alone(visitor, database, own):
    other = operator(database, "ACTS-OTHER")
    machine = other.equipment["SLOT-1"]
    visitor("regulator").post(
        f"/registry/equipment/{machine}/block", data={"order": "ORDER-77", "grounds": "x"}
    )
    assert "ORDER-77" in visitor_of(visitor, other).get("/registry/blocking-orders").text
    foreign = visitor_of(visitor, own)
    assert "ORDER-77" not in foreign.get("/registry/blocking-orders").text
    asked = foreign.get(f"/registry/blocking-orders?operator={other.id}")
    assert asked.status_code == 422
    assert "ORDER-77" not in asked.text


# Fees


def test_a_fee_follows_the_one_before(visitor):
    client = visitor("regulator", language="en")
    fee = {"licence_kind": "9", "amount": "1 234,56", "valid_from": "2031-01-01", "grounds": "Law"}
    assert client.post("/registry/licence-fees", data=fee).status_code == 303
    later = fee | {"amount": "2000.5", "valid_from": "2032-01-01"}
    assert client.post("/registry/licence-fees", data=later).status_code == 303
    page = client.get("/registry/licence-fees").text
    assert "1,234.56" in page
    assert "2,000.50" in page
    again = client.post("/registry/licence-fees", data=fee | {"amount": "5"})
    assert again.status_code == 422
    assert 'href="#field-valid_from"' in again.text
    with db.acting_as("regulator") as conn:
        own = [row for row in desk.fees(conn) if row["licence_kind_id"] == 9]
    assert [row["amount_minor"] for row in own] == [2_000_50, 1_234_56]
    assert own[1]["valid_until"] == own[0]["valid_from"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "Infinity"}, "amount"),
        ({"amount": "1e30"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": "ten"}, "amount"),
        ({"amount": "9" * 5000}, "amount"),
        ({"licence_kind": "99"}, "licence_kind"),
        ({"valid_from": "2031-02-30"}, "valid_from"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"grounds": ""}, "grounds"),
    ],
)
def test_a_fee_that_is_none_is_refused_at_its_field(visitor, wrong, field):
    fee = {"licence_kind": "8", "amount": "1", "valid_from": "2031-01-01", "grounds": "Law"}
    answer = visitor("regulator").post("/registry/licence-fees", data=fee | wrong)
    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', answer.text) == [field]
    with db.acting_as("regulator") as conn:
        assert [row for row in desk.fees(conn) if row["licence_kind_id"] == 8] == []


def test_others_read_fees_and_set_none(visitor):
    for role in ("tax_service", "auditor"):
        client = visitor(role)
        page = client.get("/registry/licence-fees")
        assert page.status_code == 200
        assert 'action="/registry/licence-fees"' not in page.text
        assert client.post("/registry/licence-fees", data={}).status_code == 403
