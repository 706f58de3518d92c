"""Public pages and files: the same for everyone, complete, and closed to what nobody asked for."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re

import pytest

from portal import db
from portal.open_data import gateway
from tests.integration.open_data.entering import block
from tests.support.databases import rows
from tests.support.pages import FORMULA

PAGES = ("/open/uk/", "/open/en/operators", "/open/uk/operators/PAGES-FIRST", "/open/en/check",
         "/open/uk/check?site=nobody.example.org", "/open/en/blocked_sites?q=x")  # fmt: skip
FILES = ("/open/data/datapackage.json", "/open/data/licences.csv", "/open/data/websites.json",
         "/open/blocked.txt", "/open/blocked.rpz.sig", "/open/blocked/changes?after=0")  # fmt: skip


@pytest.fixture(scope="module")
def datasets(app):
    with db.public() as conn:
        return gateway.datasets(conn)


@pytest.mark.parametrize("address", [*PAGES, *FILES])
def test_an_answer_is_the_same_for_all_and_may_be_kept(anyone, visitor, address):
    first = anyone.get(address, headers={"Cookie": "lang=en; dozir=x", "Host": "evil.example"})
    assert first.status_code == 200, first.text
    assert "Set-Cookie" not in first.headers
    assert first.headers.get("Vary", "Accept-Encoding") == "Accept-Encoding"
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "evil.example" not in first.text
    signed_in = visitor("regulator").get(address)
    strip = re.compile(r'datetime="[^"]*">[^<]*<|nonce-\S+')
    assert strip.sub("", signed_in.text) == strip.sub("", first.text)
    again = anyone.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = anyone.head(address)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == first.headers["Content-Length"]


def test_large_answers_are_compressed_for_those_who_take_it(anyone):
    plain = anyone.get("/open/data/datapackage.json")
    packed = anyone.get("/open/data/datapackage.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize(
    "address",
    [
        "/open/uk/?utm=1", "/open/en/operators?q=a&q=b", "/open/en/operators?page=0",
        "/open/en/operators?page=99999999999999999999", "/open/uk/check?site=" + "a" * 400,
        "/open/data/licences.csv?x=1", "/open/blocked/changes?after=-1",
        "/open/blocked/changes?after=x", "/open/blocked.txt?callback=f", "/open/data/?a",
    ],
)  # fmt: skip
def test_addresses_have_their_own_parameters_alone(anyone, address):
    refused = anyone.get(address)
    assert refused.status_code == 400
    assert "no-store" in refused.headers["Cache-Control"]


@pytest.mark.parametrize(
    "address",
    ["/open/de/", "/open/uk/nothing", "/open/uk/operators/NOBODY", "/open/data/nothing.csv",
     "/open/data/licences.xml", "/open/blocked.exe", "/open/en/operators?page=9999",
     "/open/uk/complaints/NOTHING"],
)  # fmt: skip
def test_what_is_not_there_is_not_there(anyone, address):
    assert anyone.get(address).status_code == 404


def test_what_changes_in_the_registers_is_seen_at_once(anyone):
    before = anyone.get("/open/data/blocked_sites.csv")
    made = block()
    assert isinstance(made, int)
    after = anyone.get("/open/data/blocked_sites.csv")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert after.text.count("\n") == before.text.count("\n") + 1


def test_files_of_a_dataset_say_the_same_and_what_its_view_says(anyone, datasets, database):
    for name, dataset in datasets.items():
        table = list(csv.reader(io.StringIO(anyone.get(f"/open/data/{name}.csv").text[1:])))
        document = json.loads(anyone.get(f"/open/data/{name}.json").text)
        assert table[0] == [one.name for one in dataset.fields]
        assert len(document["rows"]) == len(table) - 1
        with database.connect() as conn:
            assert rows(conn, f"select count(*) from open_data.{name}") == [(len(table) - 1,)]
        for line, row in zip(table[1:], document["rows"], strict=True):
            told = ["" if one is None else str(one) for one in row.values()]
            assert [one.removeprefix("'") for one in line] == [
                one.removeprefix("'") for one in told
            ]


def test_the_dictionary_names_each_column_of_each_view(database, datasets):
    with database.connect() as conn:
        found = rows(
            conn,
            "select c.relname, array_agg(a.attname::text order by a.attname) from pg_class as c"
            " join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0"
            " where c.relnamespace = 'open_data'::regnamespace and c.relkind = 'v' group by 1",
        )
    assert dict(found) == {
        code: sorted(one.name for one in dataset.fields) for code, dataset in datasets.items()
    }


def test_the_package_describes_every_field_in_both_languages(anyone, datasets):
    package = json.loads(anyone.get("/open/data/datapackage.json").text)
    told = {one["name"]: one["schema"]["fields"] for one in package["resources"]}
    assert list(told) == list(datasets)
    for fields in told.values():
        assert all(one["description"] and one["description_en"] for one in fields)


def test_what_is_entered_is_text_in_pages_and_in_spreadsheets(anyone):
    for order in (FORMULA, "<script>alert(1)</script>"):
        assert isinstance(block(order_number=order), int)
    for form in ("data/blocked_sites.csv", "blocked.csv"):
        written = list(csv.reader(io.StringIO(anyone.get(f"/open/{form}").text)))
        assert any("'" + FORMULA in line for line in written)
        assert not any(FORMULA in line for line in written)
    page = anyone.get("/open/en/blocked_sites").text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_page_is_in_the_language_of_its_address(anyone):
    ukrainian, english = anyone.get("/open/uk/").text, anyone.get("/open/en/").text
    assert '<html lang="uk">' in ukrainian
    assert "Чи законний цей сайт?" in ukrainian
    assert '<html lang="en">' in english
    assert "Is this site legal?" in english
    assert 'href="/open/en/"' in ukrainian
    assert 'href="/open/uk/"' in english


def test_registers_are_searched_and_paged(anyone):
    for _ in range(3):
        block()
    found = anyone.get("/open/en/blocked_sites?q=ILLEGAL-").text
    assert "illegal-" in found
    nothing = anyone.get("/open/en/blocked_sites?q=%25%5f").text
    assert "Nothing was found" in nothing


@pytest.mark.parametrize("public", [*PAGES])
def test_pages_need_no_script(anyone, public):
    text = anyone.get(public).text
    assert "<script" not in text
    assert "csrf" not in text
