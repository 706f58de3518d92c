"""Suppliers, their products and certificates: nobody's records, and where products are used."""

from __future__ import annotations

import re

import psycopg
import pytest

from portal import db
from portal.registry import gateway
from tests.integration.registry import desk
from tests.support.databases import rows
from tests.support.pages import people

CHECKSUM = "cd" * 32
SINCE = "2026-01-01T00:00:00+00:00"
UNTIL = "2031-01-01T00:00:00+00:00"


def entered(kind, **proposal):
    """A record that an official enters: its id, or the codes of what is wrong."""
    with db.owner_acting_as("registrar", actor="person 0") as conn:
        begun = gateway.begin(
            conn, kind=kind, action="create", record_id=None, operator_id=None, proposed=proposal
        )
        if begun["errors"]:
            return [(one["attribute"], one["code"]) for one in begun["errors"]]
        return gateway.step(conn, begun["id"], "enter", reason="Наказ № 7")["record_id"]


def supplier(code="ACME", **other):
    return entered(
        "supplier",
        **{
            "code": code,
            "name_uk": f"Постачальник {code}",
            "name_en": f"Supplier {code}",
            "country": "UA",
            "supplies": ["software", "hardware"],
            "licence_number": f"B2B-{code}",
            "valid_from": SINCE,
            "valid_until": UNTIL,
        }
        | other,
    )


def product(owner, code="STAR-5", **other):
    return entered(
        "product",
        **{
            "code": code,
            "supplier_id": owner,
            "name": "Star",
            "version": code,
            "product_kind": "slot_machine",
            "software_sha256": CHECKSUM,
            "active_from": SINCE,
        }
        | other,
    )


def certificate(of, number="C-1", **other):
    return entered(
        "certificate",
        **{
            "number": number,
            "product_id": of,
            "issuer": "Лабораторія",
            "software_sha256": CHECKSUM,
            "valid_from": SINCE,
            "valid_until": UNTIL,
        }
        | other,
    )


@pytest.fixture(scope="module")
def own(database, scene):
    made = desk.operator(database, "USER")
    scene.people.update(people(database))
    return made


@pytest.fixture(scope="module")
def star(own):
    """A product that a machine of the operator runs."""
    made = product(supplier())
    assert isinstance(made, int)
    with db.owner_acting_as("registrar", actor="person 0") as conn:
        begun = gateway.begin(
            conn,
            kind="equipment",
            action="create",
            record_id=None,
            operator_id=own.id,
            proposed={
                "code": "RUNS-STAR",
                "kind": "slot_machine",
                "serial_number": "RUNS-1",
                "model": "Star",
                "channel_id": own.channel["HALL"],
                "software_sha256": CHECKSUM,
                "active_from": SINCE,
            },
        )
        gateway.step(conn, begun["id"], "enter", reason="Наказ № 8")
    return made


def test_where_a_product_is_used_is_live(star, visitor, own) -> None:
    official = visitor("regulator")
    page = official.get(f"/registry/product/{star}").text
    used = re.search(
        r'<a href="([^"]*/registry/equipment\?[^"]*)">[^<]*</a> <span[^>]*>(\d+)', page
    )
    assert used[2] == "1"
    assert "RUNS-STAR" in official.get(used[1].replace("&amp;", "&")).text
    # An operator is told of the supplier and of its own machines alone.
    place = f"/registry/product/{star}"
    assert "RUNS-STAR" not in visitor("operator", own).get(place).text
    assert ">1<" in visitor("operator", own).get(place).text


def test_rules_of_products_and_certificates(star) -> None:
    owner = supplier("RULES", supplies=["software"])
    first = product(owner, "P-1", version="1")
    assert isinstance(first, int)
    assert product(owner, "P-2", version="1") == [("version", "taken")]
    assert product(10**6, "P-3") == [("supplier_id", "reference")]
    assert supplier("RULES") == [("code", "taken")]
    assert supplier("NO", taxpayer_code="12345679") == [("taxpayer_code", "edrpou")]
    assert certificate(first, "C-2", software_sha256="ef" * 32) == [
        ("software_sha256", "other_software")
    ]
    assert certificate(first, "C-3", valid_until=None) == [("valid_until", "required")]
    assert isinstance(certificate(first, "C-4"), int)
    assert certificate(first, "C-4") == [("number", "taken")]


def test_operators_read_suppliers_and_write_none(star, visitor, own, database) -> None:
    client = visitor("operator", own)
    for kind in ("supplier", "product", "certificate"):
        assert client.get(f"/registry/{kind}").status_code == 200
        assert client.get(f"/registry/new/{kind}").status_code == 404
    assert "Постачальник ACME" in client.get("/registry/supplier").text
    with (
        pytest.raises(psycopg.Error, match="not for this role"),
        db.acting_as("operator", operator_id=own.id, actor="person 0") as conn,
    ):
        gateway.begin(
            conn,
            kind="supplier",
            action="create",
            record_id=None,
            operator_id=None,
            proposed={},
        )
    with database.connect() as conn:
        assert rows(conn, "select distinct operator_id from registry.supplier") == [(0,)]


def test_an_official_enters_a_supplier_without_saying_whose(visitor) -> None:
    official = visitor("registrar")
    page = official.get("/registry/new/supplier").text
    assert "draft-owner" not in page
    answer = official.post(
        "/registry/new/supplier",
        data={"code": "FORM", "name_uk": "Ф", "name_en": "F", "country": "UA"},
    )
    assert answer.status_code == 303
    assert official.get("/registry/supplier?q=ACME").status_code == 200


def test_a_certificate_that_ends_is_told_to_officials(star, database) -> None:
    soon = certificate(star, "C-SOON", valid_until="2026-12-10T00:00:00+00:00")
    assert isinstance(soon, int)
    with database.connect() as conn:
        conn.execute("select maintenance.raise_expiring()")
        told = rows(
            conn,
            "select distinct p.role from identity.notice n"
            " join identity.person p on p.id = n.person_id"
            " where n.kind = 'certificate_expiring' and n.facts ->> 'code' = 'C-SOON' order by 1",
        )
    assert ("regulator",) in told


def test_tables_and_points(own) -> None:
    machine = {
        "code": "T-1", "kind": "slot_machine", "serial_number": "T1", "model": "Stol",
        "table_game": "roulette", "active_from": SINCE,
    }  # fmt: skip
    with db.acting_as("operator", operator_id=own.id, actor="person 0") as conn:

        def errors(of, **proposal):
            checked = gateway.check(
                conn,
                kind=of,
                action="create",
                record_id=None,
                operator_id=None,
                proposed=proposal,
            )
            return [(one["attribute"], one["code"]) for one in checked["errors"]]

        assert errors("equipment", **machine) == [("table_game", "not_applicable")]
        assert errors("equipment", **machine | {"kind": "gaming_table"}) == []
        assert errors("venue", **desk.proposed(own, purpose="betting_point")) == []
        assert errors("venue", **desk.proposed(own, purpose="bank")) == [("purpose", "choice")]
