"""A new attribute is one migration and one row of the catalogue: forms, lists, history, exports and
decisions follow by themselves."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from portal.config import ROOT
from tests.integration.registry.test_proposing import VERSION, decide, submitted
from tests.support.databases import rows

EXAMPLE = re.compile(r"## Adding an attribute.*?```sql\n(.*?)```", re.DOTALL)


@pytest.fixture
def seats(database):
    """The very example of docs/registry.md, taken back in the end."""
    with database.connect() as conn:
        conn.execute(EXAMPLE.search((ROOT / "docs" / "registry.md").read_text())[1])
    yield
    with database.connect() as conn:
        conn.execute("update registry.venue set seats = null where seats is not null")
        conn.execute("delete from registry.attribute where name = 'seats'")
        conn.execute("alter table registry.venue drop column seats")


def amended(client, hall, **place):
    """A change of the second step of a venue's form, submitted."""
    names = {"name_uk": "Зал", "name_en": "Hall"}
    step = client.post(f"/registry/venue/{hall}/amend", data=names).headers["Location"]
    page = client.get(step).text
    whole = {"region": "UA-30", "address": "вул. Вигадана"} | place
    answer = client.post(step, data=whole | {"draft-version": VERSION.search(page)[1]})
    change = int(step.split("/")[-3])
    if answer.status_code == 303:
        assert submitted(client, change).status_code == 303
    return change, page, answer


@pytest.mark.usefixtures("seats")
def test_the_example_of_the_documentation_is_in_the_form(visitor, scene, database):
    client = visitor("operator", scene.first)
    hall = scene.first.channel["HALL"]
    _, page, refused = amended(client, hall, seats="10001")
    assert "Місця" in page
    assert refused.status_code == 422
    assert "від 0 до 10000" in refused.text
    for typed, stands in (("4321", 4321), ("", None), ("0", 0)):
        change, *_ = amended(client, hall, seats=typed)
        decide(database, change, "approve")
        with database.connect() as conn:
            query = "select seats from registry.venue where channel_id = %s"
            assert rows(conn, query, (hall,)) == [(stands,)]


@pytest.mark.usefixtures("seats")
def test_the_example_of_the_documentation_is_on_every_other_page(visitor, scene, database):
    """The list, its filter, the record, its past, the history, the decision and each export."""
    client, official = visitor("operator", scene.first), visitor("regulator", language="en")
    hall = scene.first.channel["HALL"]
    change, *_ = amended(client, hall, seats="4321")
    proposal = official.get(f"/registry/changes/{change}").text
    assert re.search(r"Seats</th>.*?4,321", proposal, re.DOTALL)
    decide(database, change, "approve")
    listed = official.get("/registry/venue?seats=4321").text
    assert "Seats</th>" in listed
    assert "4,321</td>" in listed
    assert f'href="/registry/venue/{hall}"' in listed
    assert f'href="/registry/venue/{hall}"' not in official.get("/registry/venue?seats=4322").text
    record = official.get(f"/registry/venue/{hall}").text
    assert re.search(r"<dt>Seats</dt><dd>4,321</dd>", record)
    then = official.get(f"/registry/venue/{hall}?as_of=2000-01-01T00:00")
    assert "4,321" not in then.text
    changed = official.get(f"/registry/venue/{hall}/history").text
    assert re.search(r"Seats</th>\s*<td class=\"before\">.*?4,321", changed, re.DOTALL)
    table = official.get("/registry/venue?seats=4321&format=csv").get_data().decode("utf-8-sig")
    assert "Seats" in table
    assert "4321" in table
    (made,) = official.get("/registry/venue?seats=4321&format=json").json["rows"]
    assert made["seats"] == 4321
    book = official.get("/registry/venue?seats=4321&format=xlsx").data
    sheets = zipfile.ZipFile(io.BytesIO(book))
    whole = "".join(sheets.read(name).decode() for name in sheets.namelist() if "xl/" in name)
    assert "Seats" in whole
    assert "<v>4321</v>" in whole
    change, *_ = amended(client, hall, seats="")
    decide(database, change, "approve")


def test_what_is_cleared_is_empty_and_what_was_empty_is_no_change(visitor, scene, database):
    client = visitor("operator", scene.first)
    hall = scene.first.channel["HALL"]

    def proposed(change):
        with database.connect() as conn:
            return rows(conn, "select proposed from registry.change where id = %s", (change,))[0][0]

    for typed, stands in (("10–22", "10–22"), ("", None), ("", "nothing new")):
        change, *_ = amended(client, hall, opening_hours=typed)
        found = proposed(change)
        assert found.get("opening_hours", "nothing new") == stands
        decide(database, change, "approve")
    with database.connect() as conn:
        query = "select opening_hours from registry.venue where channel_id = %s"
        assert rows(conn, query, (hall,)) == [("",)]
