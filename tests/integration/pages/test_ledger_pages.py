"""Batches, receipts, refusals and transactions as people see them."""

from __future__ import annotations

import json
import re

import pytest

from portal.transparency import keys, promises
from tests.support.tables import Table

OF_THE_REQUEST = re.compile(
    r'[0-9a-f]{16}|nonce="[^"]+"|"X-CSRFToken": "[^"]+"|name="csrf_token" value="[^"]+"'
    r'|<div class="print-head">.*?</div>',
    re.DOTALL,
)


def plain(answer, own):
    """A page without what differs from one request to the next, its own address included."""
    return OF_THE_REQUEST.sub("", answer.text).replace(f"batches/{own}", "batches/N")


def test_an_operator_sees_its_batches_and_no_other(visitor, scene):
    listed = visitor("operator", scene.first).get("/ledger/batches?period=year").text
    assert "Що ми отримали від вас" in listed
    assert f"/ledger/batches/{scene.receipts[-1]['batch_id']}" in listed
    foreign = visitor("operator", scene.second).get("/ledger/batches?period=year").text
    assert f'/ledger/batches/{scene.receipts[-1]["batch_id"]}"' not in foreign


@pytest.mark.parametrize(
    "path", ["", "/receipt", "/proof", "/transactions/1", "/transactions/1/proof"]
)
def test_a_foreign_batch_and_an_absent_one_answer_alike(visitor, scene, path):
    client = visitor("operator", scene.second)
    foreign, absent = scene.receipts[0]["batch_id"], 999_999_999_999
    answers = [client.get(f"/ledger/batches/{own}{path}") for own in (foreign, absent)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert plain(answers[0], foreign) == plain(answers[1], absent)


def test_numbers_too_large_for_any_table_are_not_found(visitor, scene):
    client = visitor("regulator")
    own = scene.receipts[0]["batch_id"]
    for path in (f"{10**30}", f"{own}/transactions/{10**30}", f"{own}/transactions/0"):
        assert client.get(f"/ledger/batches/{path}").status_code == 404


def test_the_receipt_is_downloaded_as_it_was_answered(visitor, scene, database):
    own = scene.receipts[0]["batch_id"]
    answer = visitor("operator", scene.first).get(f"/ledger/batches/{own}/receipt")
    assert f"receipt-{own}.json" in answer.headers["Content-Disposition"]
    with database.connect() as conn:
        [(stored,)] = conn.execute("select receipt from ledger.batch where id = %s", (own,))
    receipt = promises.read(answer.data)
    assert answer.data.startswith(bytes(stored).removesuffix(b"}") + b', "promise": ')
    promises.verify(receipt, keys.receipt_key(receipt.origin).public)
    document = json.loads(answer.data)
    assert document.pop("promise")
    assert document == scene.receipts[0]


def test_the_pages_of_a_list_hold_every_transaction_once(visitor, scene):
    client = visitor("regulator")
    day = scene.days[2]
    following = scene.days[3]
    address = (
        f"/ledger/transactions?from={day}T00:00&until={following}T00:00&operator={scene.first.id}"
    )
    seen: list[str] = []
    while address:
        page = client.get(address)
        seen += [row[0] for row in Table(page).body]
        older = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == scene.receipts[2]["rows"]


def test_a_batch_pages_forth_and_back(visitor, scene, monkeypatch):
    monkeypatch.setattr("portal.ledger.pages_batches.TRANSACTIONS", 20)
    client = visitor("operator", scene.first)
    first = client.get(f"/ledger/batches/{scene.receipts[0]['batch_id']}")
    assert len(Table(first, within="transactions").body) == 20
    onwards = re.search(r'rel="next" href="([^"]+)"', first.text)
    second = client.get(onwards[1].replace("&amp;", "&")).text
    assert ">21</a>" in second
    back = re.search(r'rel="prev" href="([^"]+)"', second)
    assert ">20</a>" in client.get(back[1].replace("&amp;", "&")).text


def test_what_was_taken_back_and_what_takes_it_back_lead_to_each_other(visitor, scene):
    client = visitor("regulator")
    taker = f"/ledger/batches/{scene.receipts[-1]['batch_id']}/transactions/1"
    taken = f"/ledger/batches/{scene.receipts[-2]['batch_id']}/transactions/1"
    page = client.get(taker).text
    assert taken in page
    assert "Помилка оператора" in page
    assert taker in client.get(taken).text


def test_refusals_give_the_reason_in_words_and_what_to_do(visitor, scene):
    page = visitor("operator", scene.first).get("/ledger/refusals").text
    assert "Записи пакета недійсні" in page
    assert "Гру не зареєстровано × 3" in page
    assert "Округліть до найменшої одиниці валюти." in page
    assert "request-of-body_too_large" in page
    assert "code_of_old" in page
    assert "запис 6544, поле amount" in page
    english = visitor("operator", scene.first, "en").get("/ledger/refusals").text
    assert "Split the batch into smaller ones." in english
    foreign = visitor("operator", scene.second).get("/ledger/refusals").text
    assert "Відмов немає" in foreign


def test_the_tax_service_sees_no_keys_and_no_player(visitor, scene):
    client = visitor("tax_service")
    for path in ("/ledger/refusals", f"/ledger/batches/{scene.receipts[0]['batch_id']}"):
        page = client.get(path)
        assert page.status_code == 200
        assert scene.first.key.text.split("_")[2][:12] not in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ledger/transactions?from=then", 422),
        ("/ledger/transactions?from=1999-01-01T00:00", 422),
        ("/ledger/transactions?from=2026-01-01T00:00&until=2026-03-01T00:00", 422),
        ("/ledger/transactions?from=2026-01-02T00:00&until=2026-01-01T00:00", 422),
        ("/ledger/transactions?type=bribe", 422),
        ("/ledger/transactions?currency=XXX", 422),
        ("/ledger/transactions?gambling=chess", 422),
        ("/ledger/transactions?operator=-1", 422),
        ("/ledger/transactions?cursor=xyz", 400),
        ("/ledger/transactions?cursor=WzEsImEiXQ", 400),
        ("/ledger/batches?from=then", 422),
        ("/ledger/batches?operator=0", 422),
        ("/ledger/batches?cursor=WzEsLTVd", 400),
        ("/ledger/refusals?operator=me", 422),
        ("/ledger/refusals?cursor=W10", 400),
    ],
)
def test_addresses_that_make_no_sense(visitor, path, status):
    answer = visitor("auditor").get(path)
    assert answer.status_code == status
    assert "<html" in answer.text


def test_empty_lists_say_why(visitor, scene):
    client = visitor("operator", scene.second)
    assert "Немає пакетів" in client.get("/ledger/batches?from=2019-05-05&to=2019-05-05").text
    empty = client.get("/ledger/transactions?from=2019-05-05T00:00&until=2019-05-06T00:00").text
    assert "транзакцій немає" in empty
