"""Paid taxes: recorded by the tax service, one or many, taken back, seen by whose they are."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import psycopg
import pytest
from flask.testing import FlaskClient

from portal.transparency.entries import Entry
from tests.support.databases import Database, rows, value
from tests.support.market import Operator
from tests.support.pages import Scene

LIST = "/taxes/payments"
HEADS = "Taxpayer code;Tax;For the month;Paid on;Amount, UAH;Number of the document"
HEADS_UK = "Код платника;Податок;За місяць;Дата сплати;Сума, грн;Номер документа"


@dataclass(frozen=True)
class Desk:
    """Codes of the scene's taxpayers, and ``visit("tax_service")``: a client, in English."""

    database: Database
    scene: Scene
    codes: dict[int, str]
    visitor: Callable[..., FlaskClient]

    def visit(self, role: str, operator: Operator | None = None) -> FlaskClient:
        return self.visitor(role, operator, language="en")

    @property
    def first(self) -> str:
        return self.codes[self.scene.first.id]

    @property
    def second(self) -> str:
        return self.codes[self.scene.second.id]


@pytest.fixture
def desk(database: Database, scene: Scene, visitor: Callable[..., FlaskClient]) -> Desk:
    with database.connect() as conn:
        codes = dict(rows(conn, "select id, taxpayer_code from registry.operator"))
    return Desk(database, scene, codes, visitor)


def payment(desk: Desk, document: str, **other: str) -> dict[str, str]:
    return {
        "taxpayer": desk.first,
        "kind": "pit",
        "month": "2026-03",
        "paid_on": "2026-05-08",
        "amount": "1 500,25",
        "document": document,
    } | other


def recorded(desk: Desk) -> list[tuple[object, ...]]:
    with desk.database.connect() as conn:
        return rows(
            conn,
            "select document, kind, month::text, amount_minor, recorded_until = 'infinity'"
            " from registry.tax_payment order by id",
        )


def table(client: FlaskClient, text: str, name: str = "paid.csv") -> object:
    data = {"payments": (io.BytesIO(text.encode()), name)}
    return client.post(f"{LIST}/table", data=data, content_type="multipart/form-data")


def test_a_payment_is_recorded_taken_back_and_recorded_anew(desk: Desk) -> None:
    client = desk.visit("tax_service")
    before = recorded(desk)  # other tests of this database may have left some
    assert "No payment is recorded" in client.get(f"{LIST}?from=2001-01&to=2001-02").text
    with desk.database.connect() as conn:
        events = "select count(*) from audit.event where kind = 'tax_payment'"
        noted = value(conn, events)
        newest = value(conn, "select coalesce(max(id), 0) from ledger.entry")
    answer = client.post(f"{LIST}/new", data=payment(desk, "No 1"))
    assert answer.status_code == 303
    page = answer.location
    assert recorded(desk) == [*before, ("No 1", "pit", "2026-03-01", 150_025, True)]
    again = client.post(f"{LIST}/new", data=payment(desk, "No 1", amount="7"))
    assert again.status_code == 422
    assert "recorded already" in again.text
    assert 'value="No 1"' in again.text
    assert client.post(f"{page}/take-back", data={"reason": " "}).status_code == 422
    assert client.post(f"{page}/take-back", data={"reason": "wrong payer"}).status_code == 303
    assert client.post(f"{page}/take-back", data={"reason": "again"}).status_code == 409
    text = client.get(page).text
    assert "wrong payer" in text
    assert "take-back" not in text
    assert client.post(f"{LIST}/new", data=payment(desk, "No 1")).status_code == 303
    assert [one[4] for one in recorded(desk)[len(before) :]] == [False, True]
    with desk.database.connect() as conn:
        assert (
            value(conn, "select count(*) from audit.event where kind = 'tax_payment'") == noted + 3
        )
        told = rows(
            conn,
            "select entry from ledger.entry where kind = 4"
            " and position('tax_payment'::bytea in entry) > 0 and id > %s order by id",
            (newest,),
        )
        documents = [Entry.unpack(entry).body.decode() for (entry,) in told]
        assert [json.loads(one)["decision"] for one in documents] == [
            "tax_payment_recorded", "tax_payment_taken_back", "tax_payment_recorded",
        ]  # fmt: skip
        assert "wrong payer" not in documents[1]
    for change in (
        "update registry.tax_payment set amount_minor = 1",
        "update registry.tax_payment set recorded_until = now() where recorded_until < 'infinity'",
        "delete from registry.tax_payment",
    ):
        with desk.database.connect() as conn, pytest.raises(psycopg.DatabaseError):
            conn.execute(change)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("taxpayer", "00000000"),
        ("kind", "profit_tax"),
        ("month", "2026-13"),
        ("month", "2199-01"),
        ("paid_on", "2026-02-30"),
        ("amount", "0"),
        ("amount", "1.234"),
        ("amount", "9" * 30),
        ("document", ""),
        ("document", "x" * 61),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_kept(desk: Desk, field: str, wrong: str) -> None:
    before = recorded(desk)
    data = payment(desk, "No 2") | {field: wrong}
    answer = desk.visit("tax_service").post(f"{LIST}/new", data=data)
    assert answer.status_code == 422
    assert f'id="field-{field}-error"' in answer.text
    assert len(re.findall('class="field-error"', answer.text)) == 1
    assert recorded(desk) == before


def test_a_table_is_recorded_whole_or_not_at_all(desk: Desk) -> None:
    client = desk.visit("tax_service")
    alpha, beta = desk.first, desk.second
    good = [
        f"{alpha};pit;2026-04;2026-05-09;10.50;T 1",
        f"{beta};ggr_tax;04.2026;09.05.2026;20;T 1",
    ]
    before = recorded(desk)
    bad = [*good, "1;pit;2026-04;2026-05-09;1;T 3", f"{alpha};pit;2026-04;2026-05-09;1;T 1"]
    answer = table(client, "\n".join([HEADS, *bad]))
    assert answer.status_code == 422
    faults = re.findall(r'<th scope="row" class="num">(\d+)</th><td>([^<]+)', answer.text)
    assert faults == [("4", "Taxpayer code"), ("5", "Number of the document")]
    for text in (HEADS, "a;b\n1;2", "\n".join([HEADS, *good[:1] * 1001])):
        assert table(client, text).status_code == 422
    assert recorded(desk) == before
    assert table(client, "\n".join([HEADS, *good])).status_code == 303
    assert [one[:4] for one in recorded(desk)[-2:]] == [
        ("T 1", "pit", "2026-04-01", 1050),
        ("T 1", "ggr_tax", "2026-04-01", 2000),
    ]
    # Headings and taxes in Ukrainian are understood by whoever reads in English.
    ukrainian = f"{alpha};Військовий збір із виграшів;2026-04;2026-05-09;5;T 4"
    assert table(client, f"{HEADS_UK}\n{ukrainian}").status_code == 303
    example = client.get(f"{LIST}/table.csv").text
    assert example.lstrip("\ufeff").splitlines()[0] == HEADS


def test_each_sees_its_own_and_only_the_tax_service_records(desk: Desk) -> None:
    with desk.database.connect() as conn:
        [(theirs,)] = rows(
            conn,
            "select min(id) from registry.tax_payment where operator_id <> %s",
            (desk.scene.first.id,),
        )
        [(own,)] = rows(
            conn,
            "select min(id) from registry.tax_payment where operator_id = %s",
            (desk.scene.first.id,),
        )
    alpha = desk.visit("operator", desk.scene.first)
    assert alpha.get(f"{LIST}/{own}").status_code == 200
    absent, foreign = alpha.get(f"{LIST}/2000000000"), alpha.get(f"{LIST}/{theirs}")
    assert (absent.status_code, foreign.status_code) == (404, 404)
    told = json.loads(alpha.get(f"{LIST}?format=json").text)["rows"]
    assert {one["taxpayer"] for one in told} == {desk.first}
    asked = [
        alpha.get(f"{LIST}?operator={one}").data for one in (desk.scene.second.id, 2_000_000_000)
    ]
    assert [b"Choose an operator" in one for one in asked] == [True, True]
    for client in (alpha, desk.visit("regulator")):
        assert client.post(f"{LIST}/new", data=payment(desk, "No 9")).status_code == 403
        assert client.post(f"{LIST}/{own}/take-back", data={"reason": "x"}).status_code == 403
        assert client.get(f"{LIST}/table").status_code == 403
        assert "Record a payment" not in client.get(LIST).text
    assert desk.visit("financial_monitoring").get(LIST).status_code == 403


def test_the_list_is_narrowed_adds_up_and_is_taken_away(desk: Desk) -> None:
    client = desk.visit("regulator")
    query = f"operator={desk.scene.first.id}&kind=pit&from=2026-04&to=2026-04&state=counts"
    page = client.get(f"{LIST}?{query}").text
    assert len(re.findall('class="chip"', page)) == 5
    assert "10.50" in page
    file = json.loads(client.get(f"{LIST}?{query}&format=json").text)
    assert [(one["document"], one["amount"]) for one in file["rows"]] == [("T 1", "10.50")]
    wrongs = ("from=2026-13", "to=x", "kind=x", "state=x", "operator=x", "from=2026-05&to=2026-04")
    for wrong in wrongs:
        assert client.get(f"{LIST}?{wrong}").status_code == 422
    desk.visit("tax_service").post(f"{LIST}/new", data=payment(desk, "=1+1", amount="3"))
    text = client.get(f"{LIST}?format=csv").text
    assert "'=1+1" in text
