"""One's own sessions, and locks that hold at once."""

from __future__ import annotations

import re

from tests.integration.identity.signers import add_person, enter, holder
from tests.support.databases import rows, value

END = re.compile(r'action="(/account/sessions/\d+/end)"')


def test_own_sessions_are_listed_and_ended(app, scene, database):
    who = holder("Лисенко Іван")
    add_person(database, who, scene.first.id)
    one, two, three = (app.test_client() for _ in range(3))
    for client in (one, two, three):
        enter(client, who)
    page = one.get("/account/sessions")
    assert page.text.count('class="device" title="Werkzeug/') == 3
    ends = END.findall(page.text)
    assert len(ends) == 2
    assert one.post(ends[0]).status_code == 303
    alive = [client.get("/").status_code == 200 for client in (one, two, three)]
    assert alive.count(True) == 2
    assert alive[0]
    assert one.post("/account/sessions/end-others").status_code == 303
    assert [c.get("/").status_code for c in (one, two, three)] == [200, 303, 303]
    assert "Werkzeug/" in one.get("/account/sessions").text


def test_whoever_ends_other_sessions_has_just_signed_in(app, scene, database):
    who = holder("Коваленко Юрій")
    person = add_person(database, who, scene.first.id)
    one, two = app.test_client(), app.test_client()
    for client in (one, two):
        enter(client, who)
    end = END.findall(one.get("/account/sessions").text)[0]
    with database.connect() as conn:
        conn.execute(
            "update identity.session set created_at = created_at - interval '16 minutes'"
            " where person_id = %s",
            (person,),
        )
    for address in (end, "/account/sessions/end-others"):
        answer = one.post(address)
        assert answer.headers["Location"] == "/login?next=%2Faccount%2Fsessions"
        assert two.get("/").status_code == 200
    assert "Увійдіть ще раз" in one.get(answer.headers["Location"]).text
    assert enter(one, who).status_code == 303
    assert one.post(end).status_code == 303
    assert two.get("/").status_code == 303


def test_a_foreign_session_cannot_be_ended(app, visitor, scene, database):
    mine, theirs = visitor("regulator"), visitor("auditor")
    with database.connect() as conn:
        foreign = value(conn, "select max(id) from identity.session")
    for id_ in (foreign, 2**62, 2**70):
        assert mine.post(f"/account/sessions/{id_}/end").status_code == 303
    assert theirs.get("/").status_code == 200


def lock(client, kind, target, reason="Ключ викрадено"):
    return client.post(f"/access-locks/{kind}/{target}", data={"reason": reason})


def lock_of(database):
    with database.connect() as conn:
        return value(conn, "select max(id) from identity.lock")


def test_a_locked_person_is_out_at_once_and_two_let_them_in(app, visitor, scene, database):
    who = holder("Крамар Ніна")
    person = add_person(database, who, scene.first.id)
    other = add_person(database, who, scene.second.id)
    client = app.test_client()
    enter(client, who)
    client.post("/login/act-for", data={"person": other})
    assert client.get("/").status_code == 200
    regulator, registrar = visitor("regulator"), visitor("registrar")
    assert "Крамар Ніна" in regulator.get("/access-locks?q=Крамар").text
    assert lock(regulator, "person", person, " ").status_code == 422
    assert lock(regulator, "person", person).status_code == 303
    assert client.get("/").status_code == 303  # the same human, whichever organisation
    again = app.test_client()
    assert enter(again, who).headers["Location"] == "/login/act-for"
    assert "Ваш доступ заблоковано" in again.get("/login/act-for").text
    assert again.post("/login/act-for", data={"person": other}).status_code == 403
    assert lock(registrar, "person", person).status_code == 409
    number = lock_of(database)
    lift = f"/access-locks/{number}/lift"
    assert regulator.post(lift, data={"reason": ""}).status_code == 422
    assert regulator.post(lift, data={"reason": "Ключ замінено"}).status_code == 303
    assert regulator.post(lift).status_code == 409  # nobody lifts what they proposed
    assert again.post("/login/act-for", data={"person": other}).status_code == 403
    assert registrar.post(lift).status_code == 303
    back = app.test_client()
    enter(back, who)
    assert back.post("/login/act-for", data={"person": other}).status_code == 303
    assert "Знято" in visitor("auditor").get("/access-locks").text


def test_a_locked_organisation_is_out_and_others_stay(app, visitor, scene, database):
    theirs, others = visitor("operator", scene.second), visitor("operator", scene.first)
    regulator, registrar = visitor("regulator"), visitor("registrar")
    assert lock(registrar, "operator", scene.second.id).status_code == 303
    assert (theirs.get("/").status_code, others.get("/").status_code) == (303, 200)
    demo = app.test_client().post(f"/login/demo/{scene.person('operator', scene.second)}")
    assert demo.status_code == 403
    lift = f"/access-locks/{lock_of(database)}/lift"
    assert regulator.post(lift, data={"reason": "Перевірено"}).status_code == 303
    assert registrar.post(lift).status_code == 303
    assert visitor("operator", scene.second).get("/").status_code == 200


def noted_by(database, after):
    """Kinds of what was noted since, in their order, with whom it was done to."""
    with database.connect() as conn:
        return rows(
            conn,
            "select kind, object, object_id from audit.event where id > %s"
            " and kind in ('lock', 'unlock', 'session_ended', 'organisation_chosen') order by id",
            (after,),
        )


def test_locks_switches_and_ended_sessions_are_noted(app, visitor, scene, database):
    who = holder("Гнатенко Віра")
    person = add_person(database, who, scene.first.id)
    other = add_person(database, who, scene.second.id)
    with database.connect() as conn:
        after = value(conn, "select max(id) from audit.event")
    one, two = app.test_client(), app.test_client()
    for client in (one, two):
        enter(client, who)
        client.post("/login/act-for", data={"person": person})
    assert one.post("/account/sessions/end-others").status_code == 303
    assert one.post("/account/act-for", data={"person": other}).status_code == 303
    regulator, registrar = visitor("regulator"), visitor("registrar")
    lock(regulator, "person", person)
    lift = f"/access-locks/{lock_of(database)}/lift"
    regulator.post(lift, data={"reason": "Перевірено"})
    registrar.post(lift)
    assert noted_by(database, after) == [
        ("session_ended", "person", str(person)),
        ("organisation_chosen", "person", str(other)),
        ("lock", "person", str(person)),
        ("unlock", "person", str(person)),
    ]


def test_who_may_lock(app, visitor, scene):
    person = scene.person("auditor")
    for role, operator in (("operator", scene.first), ("tax_service", None), ("auditor", None)):
        assert lock(visitor(role, operator), "person", person).status_code == 403
    regulator = visitor("regulator")
    assert lock(regulator, "person", scene.person("regulator")).status_code == 409
    for kind in ("person", "operator"):
        for target in (2**31 - 1, 2**70):
            assert lock(regulator, kind, target).status_code == 404
    assert (
        regulator.post(f"/access-locks/{2**31 - 1}/lift", data={"reason": "x"}).status_code == 404
    )
