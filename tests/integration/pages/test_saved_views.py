"""Saved views: kept by name, shared within a workspace, opened with the rights of whoever opens."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.databases import value

LIST = "/registry/venue"


@pytest.fixture(autouse=True)
def clean(database, scene):
    with database.connect() as conn:
        conn.execute("delete from identity.saved_view")


def save_link(client, address):
    """Where the page's own link leads."""
    page = client.get(address).text
    return re.search(r'href="(/views/new\?[^"]+)"', page)[1].replace("&amp;", "&")


def saved(client, address, name="Мій вигляд", shared=False):
    """Save the page as its link offers; where that leads back to."""
    fields = {
        key: texts[0] for key, texts in parse_qs(urlsplit(save_link(client, address)).query).items()
    }
    fields |= {"name": name} | ({"shared": "yes"} if shared else {})
    return client.post("/views", data=fields)


def opened(client, name):
    """Follow the link of that name on the page of views; None where there is none."""
    page = client.get("/views").text
    found = re.search(rf'href="(/views/\d+)">{re.escape(name)}<', page)
    return client.get(found[1]) if found else None


@pytest.mark.parametrize("language", ["uk", "en"])
def test_a_view_brings_the_page_back_as_it_was(visitor, scene, language):
    client = visitor("regulator", language=language)
    address = f"{LIST}?operator={scene.first.id}&sort=code&dir=desc&q=зал&state=active"
    answer = saved(client, address)
    assert answer.status_code == 303
    back = opened(client, "Мій вигляд")
    assert back.status_code == 303
    for place in (answer.headers["Location"], back.headers["Location"]):
        assert urlsplit(place).path == LIST
        assert parse_qs(urlsplit(place).query) == {
            "operator": [str(scene.first.id)],
            "sort": ["code"],
            "dir": ["desc"],
            "q": ["зал"],
            "state": ["active"],
        }
    assert client.get(back.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    "address", ["/registry/taxpayers?currency=EUR", "/reports/R03?by=operator"]
)
def test_every_list_and_report_with_files_can_be_saved(visitor, address):
    client = visitor("tax_service")
    assert saved(client, address).status_code == 303
    assert opened(client, "Мій вигляд").headers["Location"] == address


def test_nothing_but_the_pages_own_parameters_is_kept(visitor, database):
    client = visitor("regulator")
    fields = {
        "target": "registry.records",
        "path": json.dumps({"kind": "game", "_external": True, "_scheme": "http", "x": 1}),
        "query": "q=a&cursor=x&back=1&format=csv&next=https://evil.example&_anchor=x&_external=1"
        "&_scheme=javascript&_method=POST&taxpayer_number=1&kind=venue&provider=B&provider=C",
        "name": "x",
    }
    answer = client.post("/views", data=fields)
    assert answer.headers["Location"] == "/registry/game?q=a&provider=B&provider=C"
    with database.connect() as conn:
        kept = value(conn, "select parameters from identity.saved_view")
    assert kept == {"path": {"kind": "game"}, "query": {"q": ["a"], "provider": ["B", "C"]}}


def test_what_somebody_wrote_into_the_table_leads_nowhere_else(visitor, database):
    client = visitor("regulator")
    saved(client, LIST)
    for target, parameters, status in (
        (
            "registry.records",
            {"path": {"kind": "game"}, "query": {"_external": ["1"], "q": ["x"]}},
            303,
        ),
        ("registry.records", {"path": {"kind": "//evil.example"}, "query": {}}, 404),
        ("registry.records", {"path": {}, "query": {}}, 404),
        ("identity.login", {"path": {}, "query": {"next": ["https://evil.example"]}}, 404),
        ("evil.example", {"path": {}, "query": {}}, 404),
    ):
        with database.connect() as conn:
            id_ = value(
                conn,
                "update identity.saved_view set target = %s, parameters = %s returning id",
                (target, json.dumps(parameters)),
            )
        answer = client.get(f"/views/{id_}")
        assert answer.status_code == status
        if status == 303:
            assert answer.headers["Location"] == "/registry/game?q=x"
        assert client.get("/views").status_code == 200


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"target": "https://evil.example"}, 404),
        ({"target": "identity.login"}, 404),
        ({"target": "registry.taxpayers"}, 404),  # not for operators
        ({"target": ""}, 404),
        ({"path": "["}, 400),
        ({"path": "[]"}, 400),
        ({"path": '{"kind": "nothing"}'}, 404),
        ({"query": "q=" + "x" * 20_000}, 400),
        ({"name": ""}, 422),
        ({"name": "  \0 "}, 422),
        ({"name": "x" * 121}, 422),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(
    visitor, scene, database, changes, status
):
    client = visitor("operator", scene.first)
    fields = {"target": "registry.records", "path": '{"kind": "venue"}', "query": "", "name": "x"}
    answer = client.post("/views", data=fields | changes)
    assert answer.status_code == status
    if status == 422:
        assert 'id="name-error"' in answer.text
    with database.connect() as conn:
        assert value(conn, "select count(*) from identity.saved_view") == 0


def test_a_name_once_and_input_is_kept(visitor):
    client = visitor("regulator", language="en")
    assert saved(client, LIST, "Halls").status_code == 303
    again = saved(client, f"{LIST}?q=x", "halls")
    assert again.status_code == 422
    assert 'value="halls"' in again.text
    assert "Choose another name" in again.text


def test_markup_in_a_name_stays_text(visitor):
    client = visitor("regulator")
    saved(client, LIST, "<script>alert(1)</script>")
    page = client.get("/views").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_shared_views_are_seen_in_the_workspace_and_not_beyond(visitor, scene, database):
    mine = visitor("operator", scene.first)
    saved(mine, LIST, "Спільний", shared=True)
    saved(mine, LIST, "Власний")
    with database.connect() as conn:
        conn.execute(
            "insert into identity.person (role, operator_id, name_uk, name_en, organisation_uk,"
            " organisation_en) values ('operator', %s, 'Колега', 'Colleague', 'x', 'x')",
            (scene.first.id,),
        )
        shared = value(conn, "select id from identity.saved_view where shared")
        own = value(conn, "select id from identity.saved_view where not shared")
        # What the colleague sees: the views now belong to somebody else of the operator.
        conn.execute(
            "update identity.saved_view set person_id ="
            " (select id from identity.person where name_en = 'Colleague')"
        )
    assert opened(mine, "Спільний").status_code == 303
    assert mine.get(f"/views/{own}").status_code == 404
    assert mine.get(f"/views/{shared}/edit").status_code == 404
    assert mine.post(f"/views/{shared}/edit", data={"name": "x"}).status_code == 404
    assert mine.post(f"/views/{shared}/remove").status_code == 404
    for other in (visitor("operator", scene.second), visitor("regulator"), visitor("auditor")):
        assert other.get(f"/views/{shared}").status_code == 404
        assert "Спільний" not in other.get("/views").text
    for number in (0, 2**63, 10**30):
        assert mine.get(f"/views/{number}").status_code == 404


def test_renaming_sharing_removing_and_bringing_back(visitor, database):
    client = visitor("regulator", language="en")
    saved(client, LIST, "Old")
    with database.connect() as conn:
        id_ = value(conn, "select id from identity.saved_view")
    assert 'value="Old"' in client.get(f"/views/{id_}/edit").text
    assert client.post(f"/views/{id_}/edit", data={"name": ""}).status_code == 422
    client.post(f"/views/{id_}/edit", data={"name": "New", "shared": "yes"})
    page = client.get("/views").text
    assert "New" in page
    assert "My workspace" in page
    client.post(f"/views/{id_}/remove")
    assert client.get(f"/views/{id_}").status_code == 404
    page = client.get("/views").text
    assert "Bring back" in page
    saved(client, LIST, "New")
    refused = client.post(f"/views/{id_}/restore", follow_redirects=True)
    assert "Choose another name" in refused.text
    with database.connect() as conn:
        conn.execute("delete from identity.saved_view where id <> %s", (id_,))
    client.post(f"/views/{id_}/restore")
    assert client.get(f"/views/{id_}").status_code == 303
