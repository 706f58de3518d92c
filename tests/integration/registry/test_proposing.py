"""Forms of the registers: from an empty one to what is in force, and all that goes wrong."""

from __future__ import annotations

import re
from itertools import count

import pytest

from portal.web.periods import ONE_DAY, today
from tests.support.databases import become, rows

VERSION = re.compile(r'name="draft-version" value="(\d+)"')
_number = count(1)
TODAY = today().isoformat()


def venue(**other):
    """What the three steps of a venue's form hold."""
    code = f"V-{next(_number)}"
    names = {"code": code, "name_uk": f"Зал {code}", "name_en": f"Hall {code}"}
    place = {"region": "UA-30", "address": "вул. Вигадана, 5", "latitude": "50,45"}
    steps = [names, place, {"active_from": TODAY}]
    return [{key: other.get(key, value) for key, value in step.items()} for step in steps]


def begun(client, kind="venue", steps=None, operator=None):
    """A draft with all its steps saved: its id, and the page with the answers."""
    steps = steps or venue()
    own = {"draft-owner": operator} if operator else {}
    answer = client.post(f"/registry/new/{kind}", data=steps[0] | own)
    assert answer.status_code == 303, answer.text
    for number, typed in enumerate(steps[1:], 2):
        place = answer.headers["Location"]
        assert place.endswith(f"/step/{number}")
        version = VERSION.search(client.get(place).text)[1]
        answer = client.post(place, data=typed | {"draft-version": version})
        assert answer.status_code == 303, answer.text
    assert answer.headers["Location"].endswith("/check")
    return int(answer.headers["Location"].split("/")[-2])


def version_of(client, change):
    return VERSION.search(client.get(f"/registry/changes/{change}/check").text)[1]


def submitted(client, change, **other):
    data = {"draft-version": version_of(client, change)} | other
    return client.post(f"/registry/changes/{change}/submit", data=data)


def state_of(database, change):
    with database.connect() as conn:
        return rows(conn, "select state from registry.change where id = %s", (change,))[0][0]


def decide(database, change, action, reason=None):
    """An official takes the change and decides it."""
    with database.connect() as conn:
        become(conn, "regulator")
        conn.execute("select api.step_change(%s, 'take')", (change,))
        conn.execute("select api.step_change(%s, %s, %s)", (change, action, reason))


# From a form to the register


def test_an_operator_proposes_and_sees_where_it_stands(visitor, scene, database):
    client = visitor("operator", scene.first)
    change = begun(client)
    page = client.get(f"/registry/changes/{change}/check").text
    assert "вул. Вигадана, 5" in page
    assert "50,45°" in page
    assert submitted(client, change).status_code == 303
    listed = client.get("/registry/changes").text
    assert f"№ {change}" in listed
    assert "Подано" in listed
    assert state_of(database, change) == "submitted"


def test_an_official_enters_on_grounds_alone(visitor, scene, database):
    client = visitor("registrar")
    change = begun(client, operator="PAGES-SECOND")
    without = submitted(client, change)
    assert without.status_code == 422
    assert "Підстав" in without.text
    assert state_of(database, change) == "draft"
    assert submitted(client, change, **{"draft-reason": "наказ № 7"}).status_code == 303
    assert state_of(database, change) == "approved"


def test_a_licence_of_each_kind_is_issued_by_form(visitor, scene, database):
    """The eleven of article 44, and the lotteries': each with the object that it is for, if any."""
    client = visitor("registrar")
    with database.connect() as conn:
        kinds = rows(
            conn, "select id, code, name_uk, object_kind, article_44 from registry.licence_kind"
        )
    assert sum(article_44 for *_, article_44 in kinds) == 11
    objects = {"equipment": {"equipment_id": "SLOT-1"}, "venue": {"channel_id": "HALL"}, None: {}}
    term = {  # after those that the organiser has
        "valid_from": (today() + 1100 * ONE_DAY).isoformat(),
        "valid_until": (today() + 1500 * ONE_DAY).isoformat(),
    }
    for id_, code, name, of, _ in kinds:
        first = {"number": f"KIND-{code}", "licence_kind_id": str(id_)} | objects[of]
        change = begun(client, "licence", [first, term], "PAGES-FIRST")
        done = submitted(client, change, **{"draft-reason": "рішення № 8"})
        page = client.get(done.headers["Location"]).text
        assert name in page
        assert "Ще не діє" in page


def test_a_draft_waits_with_its_errors(visitor, scene):
    client = visitor("operator", scene.first)
    typed = venue()[0] | {"code": "", "draft-then": "later"}
    assert client.post("/registry/new/venue", data=typed).headers["Location"] == "/registry/changes"
    row = client.get("/registry/changes").text.split("<tbody>")[1]
    assert typed["name_uk"] in row
    check = re.search(r"/registry/changes/\d+/check", row)[0]
    page = client.get(check).text
    assert "Заповніть" in page


def test_what_came_back_is_mended_and_submitted_anew(visitor, scene, database):
    client = visitor("operator", scene.first)
    change = begun(client)
    submitted(client, change)
    decide(database, change, "return", "Немає номера будинку")
    assert "Немає номера будинку" in client.get("/registry/changes").text
    step = f"/registry/changes/{change}/step/2?back=check"
    page = client.get(step).text
    assert "Немає номера будинку" in page
    typed = venue(address="вул. Вигадана, 5а")[1] | {"draft-back": "check"}
    answer = client.post(step, data=typed | {"draft-version": VERSION.search(page)[1]})
    assert answer.headers["Location"].endswith("/check")
    assert submitted(client, change).status_code == 303
    assert state_of(database, change) == "submitted"


def test_withdrawing_asks_first(visitor, scene, database):
    client = visitor("operator", scene.first)
    change = begun(client)
    submitted(client, change)
    page = client.get(f"/registry/changes/{change}/withdraw").text
    assert state_of(database, change) == "submitted"
    version = VERSION.search(page)[1]
    answer = client.post(f"/registry/changes/{change}/withdraw", data={"draft-version": version})
    assert answer.status_code == 303
    assert state_of(database, change) == "withdrawn"
    again = client.post(f"/registry/changes/{change}/withdraw", data={"draft-version": version})
    assert again.status_code == 409


# Changing and ending


def test_a_form_of_a_record_proposes_only_what_is_new(visitor, scene, database):
    client = visitor("operator", scene.first)
    address = f"/registry/equipment/{scene.first.equipment['SLOT-1']}/amend"
    page = client.get(address).text
    assert "Model T" in page
    assert 'name="code"' not in page  # cannot be changed
    typed = {"serial_number": "SN-NEW", "manufacturer": "", "model": "Model T"}
    answer = client.post(address, data=typed)
    change = int(answer.headers["Location"].split("/")[-3])
    with database.connect() as conn:
        [(proposed,)] = rows(conn, "select proposed from registry.change where id = %s", (change,))
    assert proposed == {"serial_number": "SN-NEW"}


def test_a_reference_is_given_by_its_code_and_to_own_records_alone(visitor, scene, database):
    client = visitor("operator", scene.first)
    machine = scene.first.equipment["SLOT-1"]
    answer = client.post(
        f"/registry/equipment/{machine}/amend", data={"serial_number": "SN-REF", "model": "Model T"}
    )
    place = answer.headers["Location"]
    version = VERSION.search(client.get(place).text)[1]
    foreign = str(scene.second.channel["SITE"])
    for wrong in ("NOWHERE", foreign, "SITE"):  # SITE is a website, not a venue
        refused = client.post(place, data={"channel_id": wrong, "draft-version": version})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in refused.text
    assert (
        client.post(place, data={"channel_id": "HALL", "draft-version": version}).status_code == 303
    )


def test_figures_are_typed_as_per_cent_and_as_multiples_of_the_stake(visitor, scene, database):
    client = visitor("operator", scene.first)
    game = scene.first.game["BOOK"]
    address = f"/registry/game/{game}/amend"
    answer = client.post(address, data={"title": "Game BOOK", "provider": "Provider"})
    place = answer.headers["Location"]
    page = client.get(place).text
    assert 'value="96"' in page
    typed = {"declared_rtp_ppm": "96,51", "declared_sigma_ppm": "8,00"}
    version = VERSION.search(page)[1]
    assert client.post(place, data=typed | {"draft-version": version}).status_code == 303
    change = int(place.split("/")[-3])
    with database.connect() as conn:
        [(proposed,)] = rows(conn, "select proposed from registry.change where id = %s", (change,))
    assert proposed == {"declared_rtp_ppm": 965_100}


def test_ending_needs_a_day_after_the_beginning(visitor, scene):
    client = visitor("operator", scene.first)
    address = f"/registry/game/{scene.first.game['FRUITS']}/end"
    for wrong in ("", "1999-01-01", "x"):
        refused = client.post(address, data={"active_until": wrong})
        assert refused.status_code == 422
        assert "field-active_until-error" in refused.text
    later = (today() + 30 * ONE_DAY).isoformat()
    assert client.post(address, data={"active_until": later}).status_code == 303


def test_who_was_faster_is_shown_beside_what_was_typed(visitor, scene):
    client = visitor("operator", scene.first)
    change = begun(client)
    place = f"/registry/changes/{change}/step/2"
    old = VERSION.search(client.get(place).text)[1]
    client.post(place, data=venue(address="Перша адреса")[1] | {"draft-version": old})
    late = client.post(place, data=venue(address="Друга адреса")[1] | {"draft-version": old})
    assert late.status_code == 409
    assert "Перша адреса" in late.text
    assert "Друга адреса" in late.text
    assert "Друга адреса" not in client.get(place).text
    version = VERSION.search(late.text)[1]
    mine = client.post(place, data=venue(address="Друга адреса")[1] | {"draft-version": version})
    assert mine.status_code == 303
    assert "Друга адреса" in client.get(place).text


def test_a_record_that_changed_is_shown_in_both_versions(visitor, scene, database):
    client = visitor("operator", scene.first)
    hall = scene.first.channel["HALL"]
    answer = client.post(
        f"/registry/venue/{hall}/amend", data={"name_uk": "Мій зал", "name_en": "My hall"}
    )
    change = int(answer.headers["Location"].split("/")[-3])
    with database.connect() as conn:
        become(conn, "regulator")
        conn.execute(
            "select api.step_change(s.id, 'enter', 'наказ') from api.save_change("
            "null, 'venue', 'amend', %s, null, '{\"address\": \"вул. Інша, 9\"}') as s",
            (hall,),
        )
    conflict = submitted(client, change)
    assert conflict.status_code == 409
    assert "вул. Інша, 9" in conflict.text
    assert "Мій зал" in conflict.text
    assert state_of(database, change) == "draft"
    data = dict(re.findall(r'name="(draft-version|draft-present)" value="(\d+)"', conflict.text))
    assert client.post(f"/registry/changes/{change}/rebase", data=data).status_code == 303
    assert submitted(client, change).status_code == 303


# What is refused


@pytest.mark.parametrize(
    ("kind", "typed", "field"),
    [
        ("venue", {"code": "a b"}, "code"),
        ("venue", {"code": "x" * 65}, "code"),
        ("venue", {"name_uk": "\0"}, "name_uk"),
        ("venue", {"name_uk": "а\u202eб"}, "name_uk"),
        ("venue", {"name_uk": "x" * 300_000}, "name_uk"),
        ("website", {"domain": "gооgle.com"}, "domain"),  # two of its letters are Cyrillic
        ("website", {"domain": "site"}, "domain"),
        ("representative", {"taxpayer_number": "3184710692"}, "taxpayer_number"),
        ("representative", {"email": "nobody"}, "email"),
        ("game", {"gambling_type_id": "99"}, "gambling_type_id"),
    ],
)
def test_bad_input_is_told_at_its_field_and_kept(visitor, scene, database, kind, typed, field):
    client = visitor("operator", scene.first)
    with database.connect() as conn:
        before = rows(conn, "select count(*) from registry.change")
    answer = client.post(f"/registry/new/{kind}", data={"code": "OK-1"} | typed)
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert f'href="#field-{field}"' in answer.text
    with database.connect() as conn:
        assert rows(conn, "select count(*) from registry.change") == before


def test_a_code_that_is_taken_is_told_when_all_is_known(visitor, scene):
    client = visitor("operator", scene.first)
    change = begun(client, steps=venue(code="HALL"))
    assert "Такий запис уже є" in client.get(f"/registry/changes/{change}/check").text
    assert submitted(client, change).status_code == 422


def test_a_name_that_is_a_formula_stays_a_text(visitor, scene):
    client = visitor("operator", scene.first)
    formula = '=HYPERLINK("http://evil.example";"<b>x</b>")'
    change = begun(client, steps=venue(name_uk=formula))
    page = client.get(f"/registry/changes/{change}/check").text
    assert "<b>x</b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_what_is_another_s_is_what_is_not_there(visitor, scene):
    own, other = visitor("operator", scene.first), visitor("operator", scene.second)
    change = begun(own)
    hall = scene.first.channel["HALL"]
    for page in ("check", "step/1", "withdraw"):
        foreign = other.get(f"/registry/changes/{change}/{page}")
        absent = other.get(f"/registry/changes/{2**62}/{page}")
        assert foreign.status_code == absent.status_code == 404
    for deed in ("submit", "withdraw", "rebase", "step/1"):
        data = {"draft-version": "1"}
        assert other.post(f"/registry/changes/{change}/{deed}", data=data).status_code == 404
        assert other.post(f"/registry/changes/{2**70}/{deed}", data=data).status_code == 404
    for deed in ("amend", "end"):
        assert other.get(f"/registry/venue/{hall}/{deed}").status_code == 404
        assert other.post(f"/registry/venue/{hall}/{deed}").status_code == 404
        assert other.get(f"/registry/venue/{2**40}/{deed}").status_code == 404


def test_an_operator_cannot_name_another_as_the_owner(visitor, scene, database):
    client = visitor("operator", scene.first)
    change = begun(client, operator="PAGES-SECOND")
    with database.connect() as conn:
        found = rows(conn, "select operator_id from registry.change where id = %s", (change,))
    assert found == [(scene.first.id,)]


def test_an_operator_cannot_enter_without_approval(visitor, scene, database):
    client = visitor("operator", scene.first)
    change = begun(client)
    answer = submitted(client, change, action="enter", **{"draft-reason": "бо так"})
    assert answer.status_code == 303
    assert state_of(database, change) == "submitted"


@pytest.mark.parametrize("version", ["", "0", "999", "x", "-1", "9" * 30])
def test_a_tampered_version_saves_nothing(visitor, scene, version):
    client = visitor("operator", scene.first)
    change = begun(client)
    place = f"/registry/changes/{change}/step/2"
    typed = venue(address="Підроблено")[1] | {"draft-version": version}
    assert client.post(place, data=typed).status_code == 409
    assert "Підроблено" not in client.get(place).text
    assert (
        client.post(
            f"/registry/changes/{change}/submit", data={"draft-version": version}
        ).status_code
        == 409
    )


def test_an_operator_has_no_form_for_another_organiser(visitor, scene):
    client = visitor("operator", scene.first)
    assert client.get("/registry/new/organiser").status_code == 404
    assert client.post("/registry/new/organiser", data={"code": "X"}).status_code == 404


def test_a_form_from_elsewhere_changes_nothing(app, visitor, scene, database, monkeypatch):
    client = visitor("operator", scene.first)
    change = begun(client)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    key, hall = scene.first.key.id, scene.first.channel["HALL"]
    for address in (
        "/registry/new/venue",
        f"/registry/venue/{hall}/amend",
        f"/registry/venue/{hall}/end",
        f"/registry/changes/{change}/step/1",
        f"/registry/changes/{change}/submit",
        f"/registry/changes/{change}/rebase",
        f"/registry/changes/{change}/withdraw",
        "/registry/keys/new",
        f"/registry/keys/{key}/rotate",
        f"/registry/keys/{key}/restrict",
        f"/registry/keys/{key}/revoke",
    ):
        for forged in ({}, {"csrf_token": "forged"}):
            data = {"draft-version": "1", "label": "x", "mode": "live", "scopes": "read"} | forged
            assert client.post(address, data=data).status_code == 400, address
    assert state_of(database, change) == "draft"
