"""Operators at a glance, and organisers as the Tax Service looks at them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime
from html import unescape

import pytest

from portal import db
from portal.registry import gateway
from tests.integration.registry.desk import operator
from tests.support import market
from tests.support.batches import BET, WIN, row, store
from tests.support.market import Operator, register

FORMULA = '=HYPERLINK("http://evil.example";"x")'


@pytest.fixture(scope="module")
def earning(database) -> Operator:
    """An organiser whose every record is known: 300.00 staked, 120.50 won, today."""
    own = operator(database, "TAX-EARNS")
    common = {
        "licence_id": own.licence["TAX-EARNS-L"],
        "channel_id": own.channel["HALL"],
        "game_id": own.game["FRUITS"],
        "equipment_id": own.equipment["SLOT-1"],
    }
    now = datetime.now(UTC)
    store(
        database,
        own,
        [
            row(own, now, type=BET, amount_minor=300_00, **common),
            row(own, now, type=WIN, amount_minor=120_50, **common),
        ],
    )
    return own


@pytest.fixture(scope="module")
def named_badly(database) -> Operator:
    with database.connect() as conn:
        return register(conn, market.document("TAX-FORMULA", licences=[]) | {"name_uk": FORMULA})


def line(page, operator):
    return next(part for part in page.split("<tr>") if operator.code in part)


# At a glance


def test_an_operator_stands_on_one_line_with_the_way_to_what_it_counts(visitor, earning):
    page = visitor("regulator", language="en").get("/registry/operators?q=tax-earns").text
    own = line(page, earning)
    assert "Working" in own
    for behind in ("licence?operator={0}&state=active", "equipment?operator={0}&state=installed"):
        assert f"/registry/{behind.format(earning.id)}" in unescape(own)
    assert ">1</a>" in own


@pytest.mark.parametrize("integration", ["working", "waiting"])
def test_operators_are_found_by_how_their_systems_do(visitor, earning, named_badly, integration):
    page = visitor("auditor").get(f"/registry/operators?q=tax-&integration={integration}").text
    assert (earning.code in page) == (integration == "working")
    assert (named_badly.code in page) == (integration == "waiting")


def _walked(client, at, table, link):
    """The ids on each page from an address on, and the same from the last page back."""
    ways = {}
    for way in ("next", "prev"):
        ways[way], here = [], at
        while here:
            at = here
            page = client.get(here).text
            found = re.findall(rf'href="{link}/(\d+)[?"]', page.split(f'id="{table}"')[1])
            ways[way].append(found)
            onwards = re.search(rf'rel="{way}" href="([^"]+)"', page)
            here = unescape(onwards[1]) if onwards else ""
    return ways["next"], ways["prev"][::-1]


@pytest.mark.parametrize(
    "sort",
    ["", "dir=desc", *(f"sort={name}&dir={way}" for name, way in [
        ("licences_active", "desc"), ("licences_active", "asc"), ("equipment", "desc"),
        ("changes_open", "asc"), ("last_data_at", "asc"), ("last_data_at", "desc"),
    ])],
)  # fmt: skip
def test_the_pages_of_operators_hold_each_once(visitor, earning, named_badly, monkeypatch, sort):
    monkeypatch.setattr("portal.registry.pages_operators.OPERATORS", 2)
    forward, back = _walked(
        visitor("regulator"), f"/registry/operators?{sort}", "operators", "/registry/organiser"
    )
    seen = [one for page in forward for one in page]
    assert len(seen) == len(set(seen)) > 2
    assert {str(earning.id), str(named_badly.id)} <= set(seen)
    assert back == forward


def test_the_pages_of_taxpayers_hold_each_once(visitor, earning, named_badly, monkeypatch):
    monkeypatch.setattr("portal.registry.pages_taxpayers.TAXPAYERS", 2)
    client = visitor("tax_service", language="en")
    forward, back = _walked(
        client, "/registry/taxpayers?period=today", "taxpayers", "/registry/taxpayers"
    )
    seen = [one for page in forward for one in page]
    assert len(seen) == len(set(seen)) > 2
    assert {str(earning.id), str(named_badly.id)} <= set(seen)
    assert back == forward
    # A page sums up itself, and says so; the file and the report have the sums of all.
    first = client.get("/registry/taxpayers?period=today").text
    assert "In all, on this page" in first
    assert "/reports/R03?by=operator&amp;period=today" in first
    rows = client.get("/registry/taxpayers?period=today&format=json").json["rows"]
    assert sorted(one["operator"] for one in rows if one["operator"].startswith("TAX-")) == sorted(
        [earning.code, named_badly.code]
    )
    assert len(rows) == len(seen)


@pytest.mark.parametrize("path", ["operators", "taxpayers"])
@pytest.mark.parametrize("cursor", ["x", "W10=", "WyJhIiwgIngiXQ==", "WzEsIDFd"])
def test_a_damaged_link_to_a_page_is_refused(visitor, path, cursor):
    page = visitor("auditor").get(f"/registry/{path}?cursor={cursor}")
    assert page.status_code == 400
    assert "Traceback" not in page.text


@pytest.mark.parametrize("role", ["tax_service", "registrar"])
def test_who_may_not_see_what_comes_in_sees_no_glance(visitor, role):
    assert visitor(role).get("/registry/operators").status_code == 403


# Taxpayers


def test_an_organiser_is_found_by_its_taxpayer_code(visitor, earning):
    client = visitor("tax_service", language="en")
    code = earning.document["taxpayer_code"]
    page = client.get(f"/registry/taxpayers?q={code}&period=today").text
    assert page.count("<tr>") == 3  # heading, the organiser, the sum of all
    assert "300.00" in line(page, earning)
    one = client.get(f"/registry/taxpayers/{earning.id}?period=today")
    assert code in one.text
    assert "TAX-EARNS-L" in one.text
    assert "179.50" in one.text


def test_the_sums_are_those_of_the_report(visitor, earning):
    client = visitor("tax_service")
    report = client.get(
        f"/reports/R03?format=json&by=operator&period=today&operator={earning.id}"
    ).json["rows"][0]
    [own] = [
        row
        for row in client.get("/registry/taxpayers?format=json&period=today").json["rows"]
        if row["operator"] == earning.code
    ]
    assert {name: own[name] for name in ("stake", "refund", "win", "ggr")} == {
        name: report[name] for name in ("stake", "refund", "win", "ggr")
    }


def test_a_fee_that_nobody_compared_is_no_fact_beside_a_licence_either(visitor, earning):
    slot_halls = 4
    with db.acting_as("regulator", actor="person 0") as conn:
        fee = gateway.set_licence_fee(
            conn,
            slot_halls,
            amount_minor=77_000_00,
            currency=980,
            valid_from=date(2026, 1, 1),
            grounds="Закон",
        )
    page = f"/registry/taxpayers/{earning.id}?period=today"
    for compared in (False, True):
        if compared:
            with db.acting_as("registrar", actor="person 1") as conn:
                gateway.verify_licence_fee(conn, fee, "ВВР")
        told = visitor("tax_service", language="en").get(page).text
        assert "77,000.00" in told
        assert ("not verified" in told) != compared


def test_the_ways_lead_to_pages_that_the_tax_service_may_open(visitor, earning):
    client = visitor("tax_service")
    page = client.get(f"/registry/taxpayers/{earning.id}?period=today").text
    ways = page.split('class="ways"')[1].split("</ul>")[0]
    links = [unescape(one) for one in re.findall(r'href="([^"]+)"', ways)]
    assert len(links) > 5
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_down_to_the_single_record_no_player_is_shown(visitor, earning, database):
    client = visitor("tax_service")
    page = client.get(f"/ledger/transactions?operator={earning.id}&period=today").text
    record = re.search(r'href="(/ledger/batches/\d+/transactions/\d+)"', page)[1]
    shown = client.get(record)
    assert shown.status_code == 200
    assert "receipt" in shown.text
    with database.connect() as conn:
        [(player,)] = conn.execute(
            "select replace(player::text, '-', '') from ledger.transaction"
            " where operator_id = %s limit 1",
            (earning.id,),
        )
    assert player not in shown.text + page


def test_files_carry_what_they_show_and_run_nothing(visitor, named_badly, earning):
    client = visitor("tax_service")
    answer = client.get("/registry/taxpayers?format=csv&period=today&q=TAX-")
    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    names = [one[1] for one in table[1 : table.index([])]]
    assert f"'{FORMULA}" in names
    assert not [cell for one in table for cell in one if cell.startswith("=")]
    assert "taxpayers_" in answer.headers["Content-Disposition"]
    book = client.get("/registry/taxpayers?format=xlsx&period=today&q=TAX-")
    with zipfile.ZipFile(io.BytesIO(book.data)) as parts:
        text = "".join(parts.read(name).decode() for name in parts.namelist() if "sheet" in name
                       or "Strings" in name)  # fmt: skip
    assert "<f>" not in text
    assert "Тарас Бондар" in text  # of the tax service's two people the one who takes it
    assert FORMULA.replace('"', "&quot;") in text or FORMULA in text
    document = json.loads(client.get("/registry/taxpayers?format=json&period=today").data)
    assert document["author"]["role"] == "tax_service"
    assert document["filters"]["currency"] == "UAH"


@pytest.mark.parametrize("query", ["format=pdf", "currency=XXX", "from=x", "period=x",
                                   "from=2026-02-02&to=2026-01-01"])  # fmt: skip
def test_what_cannot_be_shown_is_said(visitor, query):
    answer = visitor("tax_service").get(f"/registry/taxpayers?{query}")
    assert answer.status_code == 422
    assert "error-summary" in answer.text


@pytest.mark.parametrize("operator_id", [0, 2_147_483_647, 10**12])
def test_a_taxpayer_that_is_not_there_is_not_found(visitor, operator_id):
    answer = visitor("tax_service").get(f"/registry/taxpayers/{operator_id}")
    assert answer.status_code == 404


@pytest.mark.parametrize("path", ["/registry/taxpayers", "/registry/taxpayers/1"])
def test_taxpayers_are_not_for_operators(visitor, scene, path):
    assert visitor("operator", scene.first).get(path).status_code == 403


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("regulator", "/registry/queue?state=any"),
        ("regulator", "/registry/operators"),
        ("regulator", "/registry/blocking-orders"),
        ("tax_service", "/registry/taxpayers"),
        ("tax_service", "/registry/taxpayers/{0}"),
    ],
)
def test_filters_bring_their_part_of_the_page_alone(visitor, earning, role, path):
    """A block rendered alone knows nothing that its template sets outside of it."""
    asked = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = visitor(role).get(path.format(earning.id), headers=asked)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="list"' in answer.text
