"""Acts of officials: licences suspended, resumed, revoked; equipment blocked; fees set."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from portal import db
from portal.registry import desk, gateway
from portal.web.formats import KYIV
from tests.integration.registry.desk import operator
from tests.integration.registry.test_decisions import visitor_of
from tests.support.market import Operator

LONG_AGO = "2026-01-01T00:00"
# Within the term of the licences, as clocks in Kyiv write it.
MONTHS_AHEAD = [
    datetime.now(KYIV).replace(hour=0, minute=0) + timedelta(days=n) for n in (300, 500)
]
SOON, LATER = (moment.strftime("%Y-%m-%dT%H:%M") for moment in MONTHS_AHEAD)


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


def test_who_acted_is_called_by_name_and_no_official_to_an_operator(visitor, database):
    """On the record, in its history and among today's changes; in each language."""
    made = operator(database, "ACTS-NAMED")
    machine = made.equipment["SLOT-1"]
    page = f"/registry/equipment/{machine}"
    data = {"order": "№ 4", "grounds": "No seal"}
    assert visitor("regulator").post(f"{page}/block", data=data).status_code == 303
    for client, name in (
        (visitor("auditor"), "Оксана Коваль"),
        (visitor("tax_service", language="en"), "Oksana Koval"),
        (visitor_of(visitor, made), "посадова особа"),
    ):
        for address in (page, f"{page}/history"):
            told = client.get(address).text.split("<main")[1]
            assert name in told, address
            assert "person " not in told, address
    assert "Оксана" not in visitor_of(visitor, made).get(f"{page}/history").text
    changes = visitor("auditor").get(f"/tasks/changes?operator={made.id}").text.split("<main")[1]
    assert "Оксана Коваль" in changes
    assert f'href="{page}"' in changes
    assert "накази про блокування" in changes
    assert "person " not in changes


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
        ("suspend", {"grounds": "x", "from": LONG_AGO}, ["from"]),
        ("suspend", {"grounds": "x", "from": LONG_AGO, "until": LONG_AGO}, ["from", "until"]),
        ("suspend", {"grounds": "x", "from": "2190-01-01T00:00"}, ["from"]),
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
        **{"from": SOON, "until": LATER},
    )
    assert state("licence", licence) == "active"
    with db.acting_as("regulator") as conn:
        [one] = desk.suspensions(conn, licence)
    assert one["suspended_from"].astimezone(KYIV).strftime("%Y-%m-%dT%H:%M") == SOON
    assert one["suspended_until"] - one["suspended_from"] > timedelta(days=150)


def test_a_suspension_that_meets_another_is_refused_with_its_dates(visitor, licence):
    client = visitor("regulator", language="en")
    planned = {"grounds": "x", "from": SOON, "until": LATER}
    assert act(client, licence, "suspend", **planned).status_code == 303
    late = act(client, licence, "suspend", grounds="Kept & shown", **{"from": SOON})
    assert late.status_code == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', late.text) == ["from"]
    for moment in MONTHS_AHEAD:
        assert f"{moment.day} {moment:%b %Y} 00:00" in late.text
    assert "Kept &amp; shown" in late.text
    early = act(client, licence, "suspend", grounds="x")
    assert re.findall(r'<li><a href="#field-(\w+)"', early.text) == ["until"]
    with db.acting_as("regulator") as conn:
        assert len(desk.suspensions(conn, licence)) == 1


def planned(client, licence):
    """A suspension that is to begin: its own page."""
    plan = {"from": SOON, "grounds": "Act № 1"}
    page = client.post(f"/registry/licence/{licence}/suspend", data=plan, follow_redirects=True)
    return re.search(r'href="(/registry/licence/\d+/suspensions/\d+/withdraw)"', page.text)[1]


def test_a_planned_suspension_is_taken_back_before_it_begins(visitor, licence):
    client = visitor("regulator", language="en")
    page = planned(client, licence)
    assert f'href="{page}"' in client.get(f"/registry/licence/{licence}/suspend").text
    assert "does not begin" in client.get(page).text
    empty = client.post(page, data={"grounds": " "})
    assert empty.status_code == 422
    assert re.findall(r'<li><a href="#field-(\w+)"', empty.text) == ["grounds"]
    done = client.post(page, data={"grounds": "Paid <in full>"}, follow_redirects=True)
    assert "it never holds" in done.text
    assert "Paid &lt;in full&gt;" in done.text
    assert page not in done.text
    late = client.post(page, data={"grounds": "Mine, too"})
    assert late.status_code == 409
    assert "Mine, too" in late.text
    assert '<form class="decision"' not in client.get(page).text
    assert act(client, licence, "suspend", grounds="x", **{"from": SOON}).status_code == 303


def test_what_is_taken_back_is_of_that_licence_and_by_officials(visitor, licence, own):
    client = visitor("regulator")
    page = planned(client, licence)
    elsewhere = page.replace(f"/licence/{licence}/", f"/licence/{own.licence['ACTS-OWN-L']}/")
    for other in (elsewhere, re.sub(r"\d+/withdraw", f"{2**40}/withdraw", page)):
        assert client.get(other).status_code == 404
        assert client.post(other, data={"grounds": "x"}).status_code == 404
    for reader in (visitor("tax_service"), visitor("auditor"), visitor_of(visitor, own)):
        assert reader.post(page, data={"grounds": "x"}).status_code == 403
    with db.acting_as("regulator") as conn:
        assert [one["planned"] for one in desk.suspensions(conn, licence)] == [True]


def test_what_has_begun_is_not_taken_back(visitor, licence):
    client = visitor("regulator", language="en")
    act(client, licence, "suspend", grounds="x")
    with db.acting_as("regulator") as conn:
        [begun] = desk.suspensions(conn, licence)
    page = f"/registry/licence/{licence}/suspensions/{begun['id']}/withdraw"
    assert "Not possible in this state" in client.get(page).text
    assert client.post(page, data={"grounds": "x"}).status_code == 409
    assert state("licence", licence) == "suspended"


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


def fee_of(kind):
    with db.acting_as("regulator") as conn:
        return next(row for row in desk.fees(conn) if row["licence_kind_id"] == kind)


def test_a_fee_is_no_fact_before_somebody_else_compared_it(visitor):
    first, second = visitor("regulator", language="en"), visitor("registrar", language="en")
    fee = {"licence_kind": "7", "amount": "10", "valid_from": "2031-01-01", "grounds": "Law"}
    assert first.post("/registry/licence-fees", data=fee).status_code == 303
    page = f"/registry/licence-fees/{fee_of(7)['id']}/verify"
    told = first.get("/registry/licence-fees").text
    assert "Not every amount here is verified" in told
    assert "not named" in told
    assert page not in told, "nobody verifies what he entered himself"
    assert "yourself" in first.get(page).text
    typed = {"source": "Gazette <b> № 3", "compared": "yes"}
    assert first.post(page, data=typed).status_code == 409
    assert f'href="{page}"' in second.get("/registry/licence-fees").text
    for wrong, fields in (
        ({"source": " "}, ["source"]),
        ({"compared": "no"}, ["compared"]),
        ({"source": "x" * 501}, ["source"]),
    ):
        refused = second.post(page, data=typed | wrong)
        assert refused.status_code == 422
        assert re.findall(r'<li><a href="#field-(\w+)"', refused.text) == fields
    assert fee_of(7)["verified_by"] is None
    done = second.post(page, data=typed, follow_redirects=True).text
    assert "The fee is verified." in done
    assert "Gazette &lt;b&gt; № 3" in done
    assert (
        "Iryna Melnyk" in visitor("tax_service", language="en").get("/registry/licence-fees").text
    )
    assert second.post(page, data=typed).status_code == 409
    assert "verified already" in second.get(page).text


def test_only_those_who_set_fees_verify_them(visitor, own):
    page = "/registry/licence-fees/1/verify"
    for reader in (visitor("tax_service"), visitor("auditor"), visitor_of(visitor, own)):
        assert reader.get(page).status_code == 403
        assert reader.post(page, data={"source": "x", "compared": "yes"}).status_code == 403
    for absent in (0, 2_147_483_647, 10**12):
        page = f"/registry/licence-fees/{absent}/verify"
        client = visitor("regulator")
        assert client.get(page).status_code == 404
        assert client.post(page, data={"source": "x", "compared": "yes"}).status_code == 404
