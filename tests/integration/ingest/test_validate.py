"""POST /validate: the checks of a batch, and not a trace of it afterwards.

That both answer the same to the same is the subject of ``tests/campaigns/validation.py``.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.support.api import DAY, HOUR, Answer, Client, encoded, now_ms
from tests.support.databases import become
from tests.support.market import add_key
from tests.support.servers import await_logged


def validate(client: Client, *arguments: Any, **request: Any) -> Answer:
    return client.post(*arguments, path="/validate", **request)


def test_the_document_says_what_would_be_stored(api: Client) -> None:
    target = api.record(amount="100.00", type="win")
    api.accepted([target])
    records = [
        api.record(amount="12.50"),
        api.record(amount="0.05"),
        api.record(type="deposit", round_id=None, currency="JPY", amount="700"),
        api.cancelling(target),
        api.record(now_ms() - HOUR),
        api.record(now_ms() - 5 * DAY, game="GONE"),
    ]
    answer = validate(api, records)
    assert answer.status == 200, answer.body
    found = answer.document
    assert found["rows"] == 6
    assert (found["valid"], found["stored_before"]) == (True, False)
    assert found["checks"][0] == "access_key"
    assert found["checks"][-1] == "cancellations"
    assert found["late_rows"] == 2
    assert found["breaches"] == []
    assert {
        (total["type"], total["currency"]): (
            total["count"],
            total["sum"],
            total["cancelled_count"],
            total["cancelled_sum"],
        )
        for total in found["totals"]
    } == {
        ("deposit", "JPY"): (1, "700", 0, "0"),
        ("bet", "UAH"): (4, "37.55", 0, "0.00"),
        ("win", "UAH"): (0, "0.00", 1, "100.00"),
    }
    receipt = api.accepted(records).document
    for name in ("rows", "totals", "occurred_from", "occurred_until"):
        assert found[name] == receipt[name]


def test_breaches_are_foretold(api: Client) -> None:
    number = next(number for number in api.operator.licence if "LOTTERY" in number)
    records = [
        api.record(),
        api.record(licence=number, game="LOTTO"),
        api.record(game="GONE"),
        api.record(game="FOOTBALL"),
    ]
    found = validate(api, records).document["breaches"]
    assert found == [
        {"code": "licence_not_in_force", "rows": 1, "first_index": 1},
        {"code": "licence_of_another_type", "rows": 1, "first_index": 3},
        {"code": "object_inactive", "rows": 1, "first_index": 2},
    ]
    stored = api.accepted(records)
    breaches = api.inspector.rows(
        "select breach from ledger.transaction where batch_id = %s order by row_no",
        stored.batch_id,
    )
    assert [breach for (breach,) in breaches] == [0, 1, 4, 2]


# The one thing that a question changes: what its key may still send.
ALLOWANCE = "registry.key_allowance"
# What is used and what goes on by itself: allowances, checkpoints signed anew, and the numbers of
# requests, which each worker adds every few seconds.
MOVING = {ALLOWANCE, "ledger.checkpoint", "rollup.request_hour", "rollup.request_day"}


def tables(api: Client) -> list[str]:
    """Every table of ours but those that move by themselves."""
    found = api.inspector.rows(
        "select format('%I.%I', n.nspname, c.relname) from pg_class as c"
        " join pg_namespace as n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname in"
        " ('registry', 'ledger', 'rollup', 'report', 'protection', 'audit')"
    )
    names = sorted(name for (name,) in found)
    assert {*MOVING, "ledger.batch", "ledger.transaction", "ledger.refusal"} <= {*names}
    return [name for name in names if name not in MOVING]


def stored(api: Client) -> dict[str, object]:
    """Every row of every table with its version (xmin, ctid), and where each sequence stands."""
    held: dict[str, object] = {
        table: api.inspector.rows(
            "select count(*), md5(string_agg(concat(t.tableoid, t.xmin, t.ctid, t.*::text), ','"
            f" order by t.tableoid, t.ctid)) from {table} as t"
        )
        for table in tables(api)
    }
    held["sequences"] = api.inspector.rows(
        "select schemaname, sequencename, last_value from pg_sequences"
        " where schemaname in ('registry', 'ledger', 'rollup', 'identity') order by 1, 2"
    )
    return held


def test_nothing_is_left_behind(api: Client) -> None:
    """No row, no other version of a row, and no number: the next batch has the next id."""
    target = api.record()
    before = api.accepted([target])
    await_logged(api.inspector.database)
    written = stored(api)
    key, sequence = uuid4(), api.next_sequence()
    records = [api.record(), api.cancelling(target)]
    for sent in (records, [target], [{}], records):
        validate(api, sent, idempotency_key=key, sequence=sequence)
    assert validate(api.with_key("read"), records).code == "scope_missing"
    assert stored(api) == written
    after = api.accepted(records, idempotency_key=key, sequence=sequence)
    assert after.batch_id == before.batch_id + 1


def test_it_does_not_even_try_to_write(api: Client) -> None:
    """What is written and rolled back leaves no row, but it needs a lock that nobody can have."""
    target = api.record()
    api.accepted([target])
    with api.inspector.database.rolled_back() as conn:
        conn.execute(f"lock table {', '.join(tables(api))} in share mode".encode())
        answers = [
            validate(api, sent).status
            for sent in ([api.record(), api.cancelling(target)], [target], [{}])
        ]
        assert answers == [200, 409, 422]
        waiting = api.inspector.value(
            "select count(*) from pg_locks where not granted and database ="
            " (select oid from pg_database where datname = current_database())"
            " and pid in (select pid from pg_stat_activity where usename = 'dozir_ingest')"
        )
        assert waiting == 0


def test_what_is_stored_already_is_told(api: Client) -> None:
    key, body, sequence = uuid4(), encoded(api.records(2)), api.next_sequence()
    api.accepted(body=body, idempotency_key=key, sequence=sequence)
    found = validate(api, body=body, idempotency_key=key, sequence=sequence)
    assert found.status == 200
    assert found.document["stored_before"]
    assert found.document["checks"][-1] == "idempotency_key"
    assert (found.document["late_rows"], found.document["breaches"]) == (None, None)
    assert "batch_id" not in found.document
    other = validate(api, idempotency_key=key, sequence=sequence)
    assert other.code == "idempotency_key_reused"


def test_a_record_and_its_cancellation_in_one_batch(api: Client) -> None:
    """Where they are stored together the one finds the other, so it does where they are checked."""
    target = api.record()
    assert validate(api, [target, api.cancelling(target)]).status == 200
    wrong = validate(api, [target, api.cancelling(target, amount="1.00")])
    assert wrong.errors == [("/1/cancels", "cancelled_differs")]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("test", 200, ""),
        ("live", 200, ""),
        ("submit", 200, ""),
        ("manual", 200, ""),
        ("read", 403, "scope_missing"),
        ("revoked", 401, "key_revoked"),
        ("expired", 401, "key_expired"),
    ],
)
def test_who_may_validate(api: Client, name: str, status: int, code: str) -> None:
    answer = validate(api.with_key(name))
    assert (answer.status, answer.code) == (status, code)


def test_a_test_key_opens_nothing_else(api: Client) -> None:
    client = api.with_key("test")
    figures = client.figures()
    answers = [client.post(), *map(client.get, ("/batches", "/batches/1", "/registry"))]
    assert [(answer.status, answer.code) for answer in answers] == [(403, "test_key")] * 4
    assert client.figures() == figures


def test_a_test_key_without_scope_may_not_even_validate(api: Client) -> None:
    with api.inspector.database.connect() as conn:
        become(conn, "registrar")
        key = add_key(conn, api.operator.id, "trial", "test", ("read",))
    client = Client(api.port, api.operator, api.inspector, key)
    assert validate(client).code == "scope_missing"


def test_records_of_others_stay_unknown(api: Client, other: Client) -> None:
    """Neither an id nor a target of another operator shows whether it exists."""
    theirs = other.record()
    other.accepted([theirs])
    assert validate(
        api, [api.record() | {"id": theirs["id"], "occurred_at": theirs["occurred_at"]}]
    )
    mine = api.cancelling(api.record() | {"id": theirs["id"]})
    assert validate(api, [mine]).errors == [("/0/cancels", "cancelled_not_found")]


def test_only_posting_leads_there(api: Client) -> None:
    answer = api.get("/validate")
    assert (answer.status, answer.headers["allow"]) == (405, "OPTIONS, POST")
