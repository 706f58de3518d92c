"""What an operator can read back: its own batches, receipts and codes; and nothing of another."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from urllib.parse import quote

import pytest

from portal.ingest.views import MAX_LISTED
from tests.support.api import JSON, PREFIX, Client, encoded
from tests.support.databases import Database, become, rows
from tests.support.receipts import stored_part
from tests.support.servers import await_logged


def test_a_receipt_tells_what_was_stored(api: Client) -> None:
    records = [
        api.record(amount="10.00"),
        api.record(amount="0.50"),
        api.record(type="win", amount="7.25", currency="EUR"),
    ]
    body = encoded(records)
    key, number = uuid.uuid4(), api.next_sequence()
    answer = api.accepted(body=body, idempotency_key=key, sequence=number)
    assert answer.headers["content-type"] == JSON
    assert answer.headers["location"] == f"{PREFIX}/batches/{answer.batch_id}"
    receipt = answer.document
    assert receipt["receipt_version"] == 1
    assert receipt["operator"] == api.operator.code
    assert receipt["idempotency_key"] == str(key)
    assert (receipt["stream"], receipt["stream_sequence"]) == ("main", number)
    assert receipt["rows"] == 3
    assert receipt["body_sha256"] == hashlib.sha256(body).hexdigest()
    moments = sorted(datetime.fromisoformat(record["occurred_at"]) for record in records)
    assert datetime.fromisoformat(receipt["occurred_from"]) == moments[0]
    assert datetime.fromisoformat(receipt["occurred_until"]) == moments[-1]
    none = {"cancelled_count": 0, "cancelled_sum": "0.00"}
    assert receipt["totals"] == [  # by ISO number: EUR 978, UAH 980
        {"type": "win", "currency": "EUR", "count": 1, "sum": "7.25"} | none,
        {"type": "bet", "currency": "UAH", "count": 2, "sum": "10.50"} | none,
    ]
    stored = api.inspector.value("select receipt from ledger.batch where id = %s", answer.batch_id)
    assert stored_part(answer.body) == bytes(stored)


def test_a_receipt_is_read_byte_for_byte(api: Client, database: Database) -> None:
    stored = api.accepted(api.records(3))
    await_logged(database)
    read = api.with_key("read").get(f"/batches/{stored.batch_id}")
    assert read.status == 200
    assert read.body.startswith(stored.body.removesuffix(b"}") + b', "proof": ')
    assert read.headers["content-type"] == JSON


def test_foreign_and_absent_batches_answer_alike(api: Client, other: Client) -> None:
    foreign = other.accepted().batch_id
    bodies = set()
    for batch in (foreign, 0, 2**31, 2**63 - 1, 2**63, 10**30, "9" * 3_900):
        answer = api.get(f"/batches/{batch}")
        assert (answer.status, answer.code) == (404, "not_found")
        bodies.add(answer.body.replace(answer.document["request_id"].encode(), b""))
    assert len(bodies) == 1
    assert other.get(f"/batches/{foreign}").status == 200


@pytest.mark.parametrize("batch", ["-1", "1.0", "x", "0x1", "1%00", "1/", "%31 ", "1;drop"])
def test_what_is_no_batch_id_is_not_found(api: Client, batch: str) -> None:
    answer = api.get(f"/batches/{quote(batch, safe='%/')}")
    assert (answer.status, answer.code) == (404, "not_found")


def test_the_list_is_complete_and_in_order(api: Client, other: Client) -> None:
    stored = [api.accepted(api.records(n)) for n in (1, 2, 3)]
    other.accepted()
    after = stored[0].document["operator_sequence"] - 1
    page = api.get(f"/batches?after={after}")
    assert page.status == 200
    assert page.document["batches"] == [answer.document for answer in stored]
    assert page.document["more"] is False
    assert page.document["next_after"] == stored[-1].document["operator_sequence"]
    receipts = b",".join(answer.body for answer in stored)
    assert receipts in page.body, "receipts in the list are the very bytes"


def test_pages_join_without_gap_or_overlap(api: Client) -> None:
    for _ in range(5):
        api.accepted()
    all_of_them = api.get("/batches?limit=1000").document["batches"]
    found: list[int] = []
    after = 0
    while True:
        page = api.get(f"/batches?after={after}&limit=7").document
        found += [batch["operator_sequence"] for batch in page["batches"]]
        after = page["next_after"]
        if not page["more"]:
            break
    assert found == [batch["operator_sequence"] for batch in all_of_them]
    assert found == list(range(1, len(found) + 1)), "sequence numbers have no gap"


def test_beyond_the_end_is_nothing(api: Client) -> None:
    page = api.get(f"/batches?after={2**63 - 1}").document
    assert page == {"batches": [], "next_after": 2**63 - 1, "more": False}


def test_the_largest_page_tells_that_there_is_more(api: Client, database: Database) -> None:
    """The gateway asks for one row more than a page; who believes `more` must miss nothing."""
    with database.rolled_back() as conn:
        conn.execute(
            "insert into ledger.batch select 10000000 + n, 1, 1, 99, n, 1, gen_random_uuid(),"
            " 'made', n, 1, '{}', now(), now(), now(), 0, '{}', %s, 0, '{}'"
            " from generate_series(1, %s) as n",
            (bytes(32), MAX_LISTED + 1),
        )
        become(conn, "operator", 99)
        asked = (0, MAX_LISTED + 1)
        assert len(rows(conn, "select * from api.batches_after(%s, %s)", asked)) == MAX_LISTED + 1


@pytest.mark.parametrize(
    "query",
    [
        "after=",
        "after=-1",
        "after=x",
        "after=1.5",
        "after=9223372036854775808",
        "after=" + "9" * 40,
        "after=%00",
        "after=1%27",
        "after=٣",
        "limit=0",
        "limit=-1",
        "limit=1001",
        "limit=",
        "limit=all",
        "limit=99999999999999999999",
        "after=1&limit=x",
    ],
)
def test_a_parameter_out_of_range_is_refused(api: Client, query: str) -> None:
    answer = api.get(f"/batches?{quote(query, safe='=&%')}")
    assert (answer.status, answer.code) == (400, "invalid_parameter")
    assert answer.document["parameter"] == ("limit" if "limit" in query else "after")


def test_the_registry_is_ones_own(api: Client, other: Client) -> None:
    mine = api.get("/registry")
    assert mine.status == 200
    document = mine.document
    assert document["operator"] == api.operator.code
    for part, name in (("licences", "number"), ("channels", "code"), ("games", "code")):
        known = set(getattr(api.operator, part.rstrip("s")))
        assert known <= {entry[name] for entry in document[part]}
    assert {machine["code"] for machine in document["equipment"]} == set(api.operator.equipment)
    foreign = other.get("/registry").body.decode()
    for word in ("API-FIRST", "FA-", "HALL-1", "SLOT-1"):
        assert word in mine.body.decode()
        assert word not in foreign


def test_the_registry_tells_currencies_and_times(api: Client) -> None:
    document = api.get("/registry").document
    digits = {entry["code"]: entry["minor_digits"] for entry in document["currencies"]}
    assert (digits["UAH"], digits["JPY"], digits["KWD"]) == (2, 0, 3)
    assert list(digits) == sorted(digits)
    for code in digits:
        assert api.accepted(api.records(1, currency=code, amount="12")).document["rows"] == 1
    suspended = next(one for one in document["licences"] if one["suspensions"])["suspensions"][0]
    [given] = next(one for one in api.operator.document["licences"] if "suspensions" in one)[
        "suspensions"
    ]
    for end in ("from", "until"):
        assert datetime.fromisoformat(suspended[end]) == datetime.fromisoformat(given[end])
    ends = {channel["code"]: channel["active_until"] for channel in document["channels"]}
    assert ends["SITE-1"] is None
    assert ends["HALL-CLOSED"].endswith("Z")


def test_the_specification_needs_no_key(api: Client) -> None:
    answer = api.request("GET", "/openapi.yaml")
    assert answer.status == 200
    assert answer.body.startswith(b"openapi:")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "not_found"),
        ("GET", "/batch", 404, "not_found"),
        ("GET", "/batches/", 404, "not_found"),
        ("POST", "/batches/1", 405, "method_not_allowed"),
        ("PUT", "/batches", 405, "method_not_allowed"),
        ("DELETE", "/batches/1", 405, "method_not_allowed"),
        ("PATCH", "/batches/1", 405, "method_not_allowed"),
        ("DELETE", "/batches", 405, "method_not_allowed"),
        ("POST", "/registry", 405, "method_not_allowed"),
        ("TRACE", "/batches", 405, "method_not_allowed"),
        ("BREW", "/batches", 405, "method_not_allowed"),
        ("POST", "/openapi.yaml", 405, "method_not_allowed"),
        ("GET", "//batches", 405, "method_not_allowed"),
        ("GET", "/../v1/batches", 404, "not_found"),
        ("GET", "/batches/1/transactions", 404, "not_found"),
        ("GET", "/%00", 404, "not_found"),
    ],
)
def test_other_methods_and_addresses(
    api: Client, method: str, path: str, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {api.operator.key.text}", "Content-Type": JSON}
    body = encoded(api.records(1)) if method in ("POST", "PUT", "PATCH") else None
    answer = api.request(method, path, body, headers)
    assert (answer.status, answer.code) == (status, code)
    if status == 405:
        allowed = answer.headers["allow"].split(", ")
        assert method not in allowed
        assert "OPTIONS" in allowed


@pytest.mark.parametrize("path", ["/", "/v2/batches", "/v1"])
def test_other_versions_are_not_found(api: Client, path: str) -> None:
    answer = api.request("GET", path, prefix="/api")
    assert (answer.status, answer.code) == (404, "not_found")


def test_head_answers_like_get_without_its_body(api: Client) -> None:
    headers = {"Authorization": f"Bearer {api.operator.key.text}"}
    answer = api.request("HEAD", "/registry", None, headers)
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) == len(api.get("/registry").body)


def test_a_method_override_is_not_heard(api: Client) -> None:
    answer = api.get("/batches", {"X-HTTP-Method-Override": "DELETE", "X-Method": "POST"})
    assert answer.status == 200


def test_answers_are_not_kept_by_caches_nor_taken_for_pages(api: Client) -> None:
    stored = api.accepted()
    answers = [stored, api.get(f"/batches/{stored.batch_id}"), api.get("/registry"), api.get("/x")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "no-store" in answer.headers["cache-control"]
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
        json.loads(answer.body)
