"""New records by the operators' API: all or none, by the rules of forms, for whose key it is."""

from __future__ import annotations

from tests.integration.ingest.proposing import brand, proposed
from tests.support.api import Client
from tests.support.databases import rows


def kept(api: Client) -> list[tuple]:
    with api.inspector.database.connect() as conn:
        return rows(
            conn, "select (select count(*) from registry.change), count(*) from registry.change_row"
        )


def test_a_dry_run_tells_every_problem_and_keeps_nothing(api: Client) -> None:
    before = kept(api)
    records = [
        brand(),
        brand(code="TWICE"),
        brand(code="TWICE"),
        brand(name_en="", colour="crimson"),
    ]
    answer = proposed(api, *records, query="?dry_run=true")
    assert answer.status == 200
    told = [(one["record"], one["field"], one["code"]) for one in answer.document["problems"]]
    assert told == [(2, "code", "repeated"), (3, "colour", "unknown"), (3, "name_en", "required")]
    assert answer.document["problems"][0]["words"]["en"] == "Row 2 has the same."
    good = proposed(api, brand(), query="?dry_run=true")
    assert good.document == {"records": 1, "problems": []}
    refused = proposed(api, *records)
    assert refused.status == 422
    assert {one["pointer"] for one in refused.document["errors"]} == {"/2/code", "/3", "/3/name_en"}
    assert "crimson" not in refused.body.decode()
    assert kept(api) == before


def test_what_is_no_record_is_refused(api: Client) -> None:
    before = kept(api)
    for body in (b'[{"code": 1}]', b"[1]", b'{"code": "A"}', b'[{"code": null}]'):
        assert api.post(path="/registry/brand/records", body=body).document["code"] == "wrong_type"
    for register in ("licence", "representative", "access_key", "change", "no"):
        assert proposed(api, brand(), register=register).status == 404
    assert proposed(api, brand(), query="?dry_run=maybe").status == 400
    assert proposed(api, brand(name_uk="\0" * 9, **{"\0": "x"})).status == 422
    assert kept(api) == before


def test_a_change_is_seen_by_its_own_operator_alone(api: Client, other: Client) -> None:
    change = proposed(api, brand()).document["change"]
    place = f"/registry/changes/{change}"
    seen = api.get(place).document
    assert seen == {"change": change, "register": "brand", "state": "submitted", "records": 1}
    absent = other.get("/registry/changes/999999999")
    foreign = other.get(place)
    assert (foreign.status, foreign.document["code"]) == (absent.status, absent.document["code"])
