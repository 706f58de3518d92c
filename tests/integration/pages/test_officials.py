"""Officials on their pages: two decide, it holds at once, and it is told afterwards."""

from __future__ import annotations

import csv
import io
import re

import pytest

from tests.support.databases import column, value

SECOND = "Петро Савчук"


@pytest.fixture
def entered(app, database):
    """``entered("Петро Савчук")``: a client signed in as the demo identity of that name."""

    def enter(name):
        client = app.test_client()
        client.set_cookie("lang", "uk")
        with database.connect() as conn:
            person = value(conn, "select id from identity.person where name_uk = %s", (name,))
            conn.execute(
                "update identity.person set tax_number = identity.invented_tax_number(id)"
                " where id = %s and tax_number is null",
                (person,),
            )
        assert client.post(f"/login/demo/{person}").status_code == 303
        return client

    return enter


def person_of(database, name):
    with database.connect() as conn:
        return value(conn, "select id from identity.person where name_uk = %s", (name,))


def proposed(client, person, action, **fields):
    answer = client.post(f"/officials/{person}/{action}", data={"reason": "наказ № 1", **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def confirmed(client, change):
    answer = client.post(f"{change}/confirm", data={"reason": ""})
    assert answer.status_code == 303, answer.text
    return client.get(change).text


def test_a_role_is_suspended_by_two_and_a_live_session_loses_it_at_once(entered, database):
    officer = entered("Мирослава Гнатюк")
    person = person_of(database, "Мирослава Гнатюк")
    assert officer.get("/registry/queue").status_code == 200
    first, second = entered("Оксана Коваль"), entered(SECOND)
    change = proposed(first, person, "suspend")
    assert officer.get("/registry/queue").status_code == 200
    assert "/confirm" not in first.get(change).text
    assert first.post(f"{change}/confirm", data={}).status_code == 403
    assert "підтверджено" in confirmed(second, change)
    assert officer.get("/registry/queue").status_code == 303
    assert officer.get("/registry/queue").headers["Location"].startswith("/login")
    change = proposed(second, person, "resume")
    confirmed(first, change)
    assert officer.get("/registry/queue").status_code == 200
    history = first.get(f"/officials/{person}").text
    assert "наказ № 1" in history
    assert re.search("чинна → зупинено|зупинено → чинна", history) or "→" in history


def test_a_changed_role_is_another_workspace_with_the_next_request(entered, database):
    person = person_of(database, "Юрій Лисенко")
    analyst = entered("Юрій Лисенко")
    assert analyst.get("/registry/queue").status_code == 403
    first, second = entered("Оксана Коваль"), entered(SECOND)
    confirmed(second, proposed(first, person, "change", role="registrar"))
    assert analyst.get("/registry/queue").status_code == 200
    assert analyst.get("/reports/").status_code == 403
    confirmed(second, proposed(first, person, "change", role="fairness_analyst"))
    assert analyst.get("/registry/queue").status_code == 403


def test_somebody_new_is_invited_checked_and_appears_once_confirmed(entered, database):
    first, second = entered("Оксана Коваль"), entered(SECOND)
    fields = {
        "name_uk": "Софія <b>Гайова</b>",
        "name_en": "Sofiia Haiova",
        "organisation_uk": "=cmd()",
        "organisation_en": "Regulator",
        "tax_number": "3000000007",
        "role": "auditor",
        "reason": "наказ № 2",
    }
    wrong = first.post("/officials/invite", data=fields)
    assert wrong.status_code == 422
    assert "контрольн" in wrong.text.lower()
    assert "Sofiia Haiova" in wrong.text
    fields["tax_number"] = "3000000008"
    made = first.post("/officials/invite", data=fields)
    assert made.status_code == 303
    assert "<b>Гайова" not in first.get(made.headers["Location"]).text
    confirmed(second, made.headers["Location"])
    again = first.post("/officials/invite", data=fields)
    assert again.status_code == 422
    table = second.get("/officials/?role=auditor&format=csv")
    assert table.status_code == 200
    rows = list(csv.reader(io.StringIO(table.data.decode("utf-8-sig")), delimiter=";"))
    assert any("Софія <b>Гайова</b>" in cell for row in rows for cell in row)
    assert not any(cell.startswith("=") for row in rows for cell in row)
    # An auditor is told that there is a number, and not which.
    page = entered("Андрій Шевчук").get(f"/officials/{person_of(database, fields['name_uk'])}").text
    assert "3000000008" not in page
    assert "30••••••08" in page


def test_foreign_and_absent_officials_are_told_alike(entered, database):
    head = entered("Наталія Кравець")
    foreign = person_of(database, "Петро Савчук")
    for form in ("/officials/{}", "/officials/{}/end"):
        told = {head.get(form.format(one)).status_code for one in (foreign, 99_999_999)}
        assert told == {404}
    answers = {
        head.post(f"/officials/{one}/end", data={"reason": "x"}).status_code
        for one in (foreign, 99_999_999)
    }
    assert answers == {404}


def test_an_owner_says_who_works_here_and_nobody_elses(entered, database, scene, visitor):
    with database.connect() as conn:
        colleague = value(
            conn,
            "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
            " organisation_en, demo) values ('operator', %s, 'Колега по роботі', 'C', 'x', 'x',"
            " true) returning id",
            (scene.first.id,),
        )
    owner = visitor("operator", scene.first)
    works = entered("Колега по роботі")
    assert works.get("/ledger/batches").status_code == 200
    assert works.get("/officials/own").status_code == 403
    reason = {"reason": "наказ"}
    assert owner.post(f"/officials/own/{colleague}/suspend", data=reason).status_code == 303
    assert works.get("/ledger/batches").status_code == 303
    assert owner.post(f"/officials/own/{colleague}/suspend", data=reason).status_code == 409
    assert owner.post(f"/officials/own/{colleague}/resume", data=reason).status_code == 303
    changed = {"role": "operator_owner", **reason}
    assert owner.post(f"/officials/own/{colleague}/change", data=changed).status_code == 303
    assert works.get("/officials/own").status_code == 200
    me = scene.person("operator", scene.first)
    assert owner.post(f"/officials/own/{me}/suspend", data=reason).status_code == 403
    foreign = scene.person("operator", scene.second)
    for one in (foreign, 99_999_999):
        assert owner.post(f"/officials/own/{one}/suspend", data=reason).status_code == 404
        assert owner.get(f"/officials/own/{one}/suspend").status_code == 404
    stolen = {"role": "supervisor", **reason}
    assert owner.post(f"/officials/own/{colleague}/change", data=stolen).status_code == 400


def test_two_supervisors_appoint_an_operators_owner(entered, database, scene):
    with database.connect() as conn:
        someone = value(
            conn,
            "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
            " organisation_en, demo) values ('operator', %s, 'Майбутній власник', 'O', 'x', 'x',"
            " true) returning id",
            (scene.second.id,),
        )
    works = entered("Майбутній власник")
    assert works.get("/officials/own").status_code == 403
    first, second = entered("Оксана Коваль"), entered(SECOND)
    listed = first.get(f"/officials/operators/{scene.second.id}").text
    assert f"/officials/{someone}/appoint" in listed
    assert first.get("/officials/operators/99999999").status_code == 404
    assert first.get(f"/officials/{someone}/appoint").status_code == 200
    stolen = {"reason": "x", "role": "supervisor"}
    assert first.post(f"/officials/{someone}/appoint", data=stolen).status_code == 422
    confirmed(second, proposed(first, someone, "appoint", role="operator_owner"))
    assert works.get("/officials/own").status_code == 200
    # The tax service has no business with it.
    assert entered("Наталія Кравець").get(f"/officials/{someone}").status_code == 404


def test_everyone_sees_who_may_what_from_the_table(visitor, scene, database):
    with database.connect() as conn:
        names = column(conn, "select name_uk from identity.role")
        dangerous = column(conn, "select name_uk from identity.permission where dangerous")
    for role in ("operator", "administrator", "fairness"):
        page = visitor(role, scene.first if role == "operator" else None).get("/permissions")
        assert page.status_code == 200
        assert all(name.replace("'", "&#39;") in page.text for name in names)
        assert all(name in page.text for name in dangerous)


def test_an_administrator_sees_nothing_of_the_market(visitor):
    client = visitor("administrator")
    for address in (
        "/ledger/transactions",
        "/ledger/batches",
        "/live",
        "/reports/",
        "/reports/R03",
        "/registry",
        "/registry/operator",
        "/registry/search?q=a",
        "/taxes/rates",
        "/declarations",
        "/registry/queue",
    ):
        assert client.get(address).status_code in (403, 404), address
    assert client.get("/", follow_redirects=True).status_code == 200
    assert "PAGES-FIRST" not in client.get("/officials/").text


@pytest.mark.parametrize(
    ("role", "theirs"), [("fairness", {"R05"}), ("financial_monitoring", {"R06", "R10"})]
)
def test_a_narrow_role_opens_its_reports_and_no_other(visitor, role, theirs):
    client = visitor(role)
    listed = set(re.findall(r'href="/reports/(R\d\d)', client.get("/reports/").text))
    assert listed == theirs
    for number in range(1, 12):
        code = f"R{number:02}"
        answer = client.get(f"/reports/{code}")
        assert answer.status_code == (200 if code in theirs else 404), code
        if code in theirs:
            moment = "2026-06-01T10:30:00Z"
            assert client.get(f"/reports/{code}?as_of={moment}").status_code in (200, 422)
            assert ("/ledger/transactions" in answer.text) == (code == "R10")
