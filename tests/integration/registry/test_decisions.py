"""The queue and the decision on a change: what officials see and may, and who comes too late."""

from __future__ import annotations

import re
from html import unescape
from itertools import count

import pytest

from portal import db
from portal.registry import gateway
from tests.integration.registry.desk import operator, proposed, state, submitted
from tests.support.market import Operator

NUMBER = count(1)
VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "DESK-OWN")


@pytest.fixture(scope="module")
def other(database) -> Operator:
    return operator(database, "DESK-OTHER")


@pytest.fixture
def change(own):
    return submitted(own, proposed(own, code=f"HALL-{next(NUMBER) + 10}"))


def address(change, step=""):
    return f"/registry/changes/{change.id}{step and '/'}{step}"


def version(page):
    return VERSION.search(page)[1]


def take(client, change):
    page = client.get(address(change)).text
    answer = client.post(address(change, "take"), data={"version": version(page)})
    assert answer.status_code == 303
    return version(client.get(address(change, "approve")).text)


def venue(own, code):
    """The registered venue of that code, if there is one."""
    with db.acting_as("regulator") as conn:
        rows = gateway.records(
            conn, "venue", filters={"operator": [own.id]}, search=code, sort="code",
            descending=False, cursor=None, backward=False, limit=5, as_of=None,
        )  # fmt: skip
    return next((row for row in rows if row["code"] == code), None)


# The queue


def test_the_queue_shows_what_waits_the_longest_first(visitor, own, change):
    later = submitted(own, proposed(own, code=f"HALL-{next(NUMBER) + 10}"))
    page = visitor("regulator").get(f"/registry/queue?operator={own.id}").text
    assert page.index(f'/registry/changes/{change.id}"') < page.index(
        f'/registry/changes/{later.id}"'
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=submitted", True),
        ("state=approved", False),
        ("state=any&kind=venue", True),
        ("kind=game", False),
        ("whose=mine", False),
    ],
)
def test_the_queue_is_narrowed_by_its_address(visitor, own, change, query, found):
    page = visitor("regulator").get(f"/registry/queue?operator={own.id}&{query}")
    assert page.status_code == 200
    assert (f'/registry/changes/{change.id}"' in page.text) == found


@pytest.mark.parametrize("query", ["state=draft", "state=x", "kind=x", "operator=x", "whose=x"])
def test_what_the_queue_cannot_be_narrowed_by_is_said(visitor, query):
    answer = visitor("regulator", language="en").get(f"/registry/queue?{query}")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


def test_the_pages_of_the_queue_hold_every_change_once(visitor, own, monkeypatch):
    monkeypatch.setattr("portal.registry.pages_queue.CHANGES", 3)
    sent = {submitted(own, proposed(own, code=f"HALL-{next(NUMBER) + 10}")).id for _ in range(7)}
    client, first = visitor("registrar"), f"/registry/queue?operator={own.id}"

    def walk(at, way):
        pages = []
        while at:
            last, page = at, client.get(at).text
            pages.append(re.findall(r'href="/registry/changes/(\d+)"', page))
            link = re.search(rf'rel="{way}" href="([^"]+)"', page)
            at = unescape(link[1]) if link else ""
        return pages, last

    pages, last = walk(first, "next")
    seen = [int(one) for page in pages for one in page]
    assert seen == sorted(set(seen))
    assert sent <= set(seen)
    # Back from the end: the same changes, each once, and no way before the first.
    back, _ = walk(last, "prev")
    assert [int(one) for page in reversed(back) for one in page] == seen


# What a change would alter


def test_an_amendment_stands_beside_what_the_registry_says(visitor, own):
    hall = own.channel["HALL"]
    change = submitted(own, {"address": "вул. Інша, 5"}, action="amend", record_id=hall)
    page = visitor("regulator").get(address(change)).text
    [row] = re.findall(r"<tr>\s*<th scope=\"row\">Адреса</th>(.*?)</tr>", page, re.S)
    before, after = re.findall(r"<td.*?>(.*?)</td>", row, re.S)
    assert "вул. Вигадана, HALL" in before
    assert "вул. Інша, 5" in after
    assert 'class="unchanged"' in page
    assert venue(own, "HALL")["document"]["address"] == "вул. Вигадана, HALL"


def test_a_name_is_text_and_never_markup(visitor, own):
    name = '<script>alert("x")</script>=1+1'
    change = submitted(own, proposed(own, code="HALL-BAD", name_uk=name, name_en=name))
    page = visitor("regulator").get(address(change)).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_operator_follows_its_change_and_decides_nothing(visitor, database, own, change):
    client = visitor_of(visitor, own)
    page = client.get(address(change))
    assert page.status_code == 200
    assert "/approve" not in page.text
    assert "/withdraw" in page.text
    for step in ("take", "approve", "return", "refuse"):
        assert client.post(address(change, step), data={"version": "2"}).status_code == 403
    assert state(change) == "submitted"


def test_a_foreign_change_and_an_absent_one_answer_alike(visitor, own, other, change):
    client = visitor_of(visitor, other)
    foreign = client.get(address(change))
    absent = client.get("/registry/changes/999999999")
    huge = client.get(f"/registry/changes/{10**30}")
    assert [one.status_code for one in (foreign, absent, huge)] == [404] * 3
    assert own.code not in foreign.text


@pytest.mark.parametrize("role", ["tax_service"])
def test_applications_are_not_for_everyone(visitor, change, role):
    client = visitor(role)
    for path in ("/registry/queue", address(change)):
        assert client.get(path).status_code == 403


def test_an_auditor_looks_on(visitor, change):
    client = visitor("auditor")
    page = client.get(address(change))
    assert page.status_code == 200
    assert '<form method="post" action="/registry' not in page.text
    assert client.post(address(change, "take"), data={"version": "2"}).status_code == 403


# Giving to a colleague


def person(role):
    """The number of the demonstration's person of that role."""
    with db.acting_as("regulator") as conn:
        found = conn.execute(
            "select id from api.person where role = %s and operator_id is null order by id", (role,)
        )
        return found.fetchone()["id"]


def test_a_change_is_given_to_a_colleague_and_both_see_it(visitor, own, change):
    mine, theirs = visitor("regulator", language="en"), visitor("registrar", language="en")
    form = mine.get(address(change, "give")).text
    assert f'<option value="{person("registrar")}">Iryna Melnyk' in form
    assert "Oksana Koval" not in form.split("<select", 1)[1].split("</select>")[0]
    answer = mine.post(
        address(change, "give"),
        data={"version": version(form), "person": person("registrar"), "reason": "See <page 2>"},
        follow_redirects=True,
    )
    assert "The change is given to the colleague." in answer.text
    assert f'/registry/changes/{change.id}"' in theirs.get("/registry/queue?whose=mine").text
    for client in (mine, theirs):
        log = client.get(address(change)).text.split('id="log"')[1]
        assert "given to a colleague" in log
        assert "Oksana Koval" in log
        assert "Iryna Melnyk" in log
        assert "See &lt;page 2&gt;" in log
    assert address(change, "approve") in theirs.get(address(change)).text
    assert address(change, "approve") not in mine.get(address(change)).text
    told = visitor_of(visitor, own).get(address(change)).text
    assert "page 2" not in told
    assert "Melnyk" not in told


@pytest.mark.parametrize("who", ["", "0", "x", "٣", "9" * 40, "999999999", "auditor", "regulator"])
def test_a_change_is_given_to_nobody_who_is_no_colleague(visitor, change, who):
    client = visitor("regulator")
    given = person(who) if who.isalpha() and len(who) > 1 else who
    answer = client.post(
        address(change, "give"), data={"version": "2", "person": given, "reason": "Моя <примітка>"}
    )
    assert answer.status_code == 422
    assert 'href="#field-person"' in answer.text
    assert "Моя &lt;примітка&gt;" in answer.text
    assert state(change) == "submitted"


def test_of_two_who_give_at_once_the_second_sees_where_it_went(visitor, change):
    first, second = visitor("regulator", language="en"), visitor("registrar", language="en")
    shown = version(first.get(address(change, "give")).text)
    sent = {"version": shown, "person": person("registrar")}
    assert first.post(address(change, "give"), data=sent).status_code == 303
    late = {"version": shown, "person": person("regulator"), "reason": "For <you>"}
    answer = second.post(address(change, "give"), data=late)
    assert answer.status_code == 409
    assert "For &lt;you&gt;" in answer.text
    yours, theirs = answer.text.split('id="theirs"')
    assert "Oksana Koval" in yours.split('id="yours"')[1]
    assert "given to a colleague" in theirs
    assert state(change) == "in_review"


def test_only_those_who_decide_give(visitor, own, change):
    for client in (visitor("auditor"), visitor("tax_service"), visitor_of(visitor, own)):
        assert client.get(address(change, "give")).status_code == 403
        answer = client.post(address(change, "give"), data={"person": person("registrar")})
        assert answer.status_code == 403


def test_what_is_decided_is_given_to_nobody(visitor, change):
    client = visitor("regulator", language="en")
    client.post(address(change, "refuse"), data={"version": take(client, change), "reason": "No"})
    page = client.get(address(change, "give")).text
    assert "This cannot be given to a colleague as it stands" in page
    sent = {"version": "4", "person": person("registrar")}
    answer = client.post(address(change, "give"), data=sent)
    assert answer.status_code == 409
    assert state(change) == "refused"


# Deciding


def test_from_the_queue_to_the_registry(visitor, own):
    change = submitted(own, proposed(own, code="HALL-NEW"))
    client = visitor("regulator", language="en")
    shown = take(client, change)
    assert venue(own, "HALL-NEW") is None
    answer = client.post(address(change, "approve"), data={"version": shown}, follow_redirects=True)
    assert answer.status_code == 200
    assert "The change is approved" in answer.text
    assert "Oksana Koval" in answer.text
    assert venue(own, "HALL-NEW")["state"] == "active"
    assert f'/registry/venue/{venue(own, "HALL-NEW")["record_id"]}"' in answer.text


@pytest.mark.parametrize("step", ["return", "refuse"])
@pytest.mark.parametrize("reason", ["", "   ", "x" * 2001, "a\0b", "a\u0007b"])
def test_a_decision_without_a_proper_reason_is_not_taken(visitor, change, step, reason):
    client = visitor("regulator")
    shown = take(client, change)
    answer = client.post(address(change, step), data={"version": shown, "reason": reason})
    assert answer.status_code == 422
    assert 'href="#field-reason"' in answer.text
    assert f'name="version" value="{shown}"' in answer.text
    assert state(change) == "in_review"


def test_a_returned_change_tells_why_and_what_became_different(visitor, own, change):
    client = visitor("regulator")
    shown = take(client, change)
    reason = "Адреса неповна\r\nдив. додаток"
    client.post(address(change, "return"), data={"version": shown, "reason": reason})
    assert state(change) == "returned"
    theirs = visitor_of(visitor, own).get(address(change)).text
    assert "Адреса неповна\nдив. додаток" in theirs
    assert "Оксана Коваль" not in theirs  # to an operator the regulator decides, not a person
    with db.acting_as("operator", operator_id=own.id, actor="person 0") as conn:
        detail = gateway.change(conn, change.id)["change"]
        mended = detail["proposed"] | {"address": "вул. Повна, 7, кв. 1"}
        saved = gateway.save(conn, change.id, mended, version=detail["version"])
        gateway.step(conn, change.id, "submit", version=saved["version"])
    page = client.get(address(change)).text
    part = page.split('id="since-return"')[1].split("</section>")[0]
    assert "вул. Повна, 7, кв. 1" in part
    assert part.count("<tr") == 2  # the heading and the one attribute that is different


def test_of_two_who_decide_at_once_the_second_sees_both_decisions(visitor, change):
    first, second = visitor("regulator", language="en"), visitor("registrar", language="en")
    shown = take(first, change)
    first.post(address(change, "refuse"), data={"version": shown, "reason": "No such street"})
    answer = second.post(
        address(change, "return"), data={"version": shown, "reason": "Ask for the <lease>"}
    )
    assert answer.status_code == 409
    assert "Ask for the &lt;lease&gt;" in answer.text
    assert "No such street" in answer.text
    assert state(change) == "refused"


def test_who_was_taken_over_from_is_late(visitor, change):
    first, second = visitor("regulator"), visitor("registrar")
    shown = take(first, change)
    page = second.get(address(change)).text
    assert address(change, "approve") not in page
    second.post(address(change, "take"), data={"version": version(page)})
    assert first.post(address(change, "approve"), data={"version": shown}).status_code == 409
    assert state(change) == "in_review"


@pytest.mark.parametrize("given", ["0", "77", "", "x", "9" * 40, "-1", "٣"])
def test_a_tampered_version_decides_nothing(visitor, change, given):
    client = visitor("regulator")
    take(client, change)
    answer = client.post(address(change, "approve"), data={"version": given})
    assert answer.status_code == 409
    assert state(change) == "in_review"


def test_nobody_decides_what_nobody_took(visitor, change):
    answer = visitor("regulator").post(
        address(change, "approve"), data={"version": str(change.version)}
    )
    assert answer.status_code == 409
    assert state(change) == "submitted"


def test_what_the_record_became_meanwhile_is_shown_and_not_overwritten(visitor, own):
    hall = own.channel["HALL"]
    change = submitted(own, {"address": "вул. Стара, 1"}, action="amend", record_id=hall)
    newer = submitted(own, {"address": "вул. Новіша, 2"}, action="amend", record_id=hall)
    client = visitor("regulator", language="en")
    client.post(address(newer, "approve"), data={"version": take(client, newer)})
    assert state(newer) == "approved"
    answer = client.post(address(change, "approve"), data={"version": take(client, change)})
    assert answer.status_code == 409
    row = answer.text.split('class="moved"')[1].split("</tr>")[0]
    assert "вул. Новіша, 2" in row
    assert "вул. Стара, 1" in row
    assert "changed since" in row
    assert venue(own, "HALL")["document"]["address"] == "вул. Новіша, 2"
    client.post(address(change, "return"), data={"version": version(
        client.get(address(change, "return")).text), "reason": "Anew, please"})  # fmt: skip


def test_what_cannot_be_approved_any_more_says_why(visitor, own):
    twins = [submitted(own, proposed(own, code="HALL-TWIN")) for _ in range(2)]
    client = visitor("regulator", language="en")
    first, second = ((one, take(client, one)) for one in twins)
    client.post(address(first[0], "approve"), data={"version": first[1]})
    answer = client.post(address(second[0], "approve"), data={"version": second[1]})
    assert answer.status_code == 422
    assert "There is a record with this already." in answer.text
    assert state(twins[1]) == "in_review"


def test_without_the_token_of_the_page_nothing_is_decided(app, visitor, change):
    client = visitor("regulator")
    shown = take(client, change)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = [
            client.post(address(change, "approve"), data={"version": shown} | forged)
            for forged in ({}, {"csrf_token": "x" * 80})
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert [answer.status_code for answer in answers] == [400, 400]
    assert state(change) == "in_review"


# Tasks


def test_what_waits_is_a_task_with_the_number_of_its_rows(visitor, other):
    for code in ("HALL-A", "HALL-B"):
        submitted(other, proposed(other, code=code))
    client = visitor("registrar")
    row = next(
        part
        for part in client.get("/tasks/waiting").text.split("<tr>")
        if other.document["name_uk"] in part
    )
    assert '<td class="num">2</td>' in row
    behind = unescape(re.search(r'href="(/registry/queue[^"]+)"', row)[1])
    assert len(re.findall(r'href="/registry/changes/\d+"', client.get(behind).text)) == 2


def test_what_was_returned_is_a_task_of_its_operator_alone(visitor, own, other, change):
    client = visitor("regulator")
    client.post(address(change, "return"), data={"version": take(client, change), "reason": "Мапа"})
    assert "/tasks/returned" in visitor_of(visitor, own).get("/").text
    assert "/tasks/returned" not in visitor_of(visitor, other).get("/").text


def visitor_of(visitor, operator):
    """Somebody of an operator that is not of the scene."""
    client = visitor("auditor")
    with db.portal() as conn:
        people = db.call(conn, "api.demo_identities")
    person = next(row["id"] for row in people if row["operator_code"] == operator.code)
    assert client.post(f"/login/demo/{person}").status_code == 303
    return client
