"""Requests of the API are counted: whose, to which operation, how answered; nothing of it twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
import yaml

from portal import create_app, db
from portal.ingest import answered
from portal.ingest.views import SPECIFICATION
from tests.support.api import Client, encoded
from tests.support.databases import Database, become, rows
from tests.support.market import add_key
from tests.support.servers import serving

LONGEST_S = 4 * answered.EVERY_S
HAND_OVER = (
    "api.count_requests(timestamptz[], integer[], integer[], text[], text[], bigint[], bigint[])"
)


def fresh_key(api: Client, database: Database) -> Client:
    with database.connect() as conn:
        become(conn, "registrar")
        key = add_key(conn, api.operator.id, "counted")
    return Client(api.port, api.operator, api.inspector, key, api.sequences)


def ask(client: Client) -> dict[tuple[str, str], int]:
    """Requests of every outcome; how many there are of each."""
    body, key, number = encoded(client.records(2)), uuid4(), client.next_sequence()
    sent: dict[str, Any] = {"body": body, "idempotency_key": key, "sequence": number}
    assert client.post(**sent).status == 201
    assert [client.post(**sent).status for _ in range(2)] == [200, 200]
    assert client.post(client.records(1, amount="-1")).status == 422
    assert client.post(client.records(1), path="/validate").status == 200
    assert client.get("/batches").status == 200
    assert client.get("/batches/999999999999").code == "not_found"
    assert client.get("/nothing").status == 404
    return {
        ("postBatch", "accepted"): 1,
        ("postBatch", "replayed"): 2,
        ("postBatch", "amount_not_positive"): 1,
        ("validateBatch", "ok"): 1,
        ("listBatches", "ok"): 1,
        ("getBatch", "not_found"): 1,
    }


def counted(client: Client, table: str = "request_hour") -> dict[tuple[str, str], int]:
    assert client.key
    found = client.inspector.rows(
        f"select operator_id, endpoint, outcome, sum(request_count) from rollup.{table}"
        " where access_key_id = %s group by 1, 2, 3",
        client.key.id,
    )
    assert {operator for operator, *_ in found} <= {client.operator.id}
    return {(endpoint, outcome): int(number) for _, endpoint, outcome, number in found}


def test_workers_hand_over_what_they_count_while_they_work(api: Client, database: Database) -> None:
    client = fresh_key(api, database)
    expected = ask(client)
    deadline = time.monotonic() + LONGEST_S
    while counted(client) != expected:
        assert time.monotonic() < deadline, counted(client)
        time.sleep(0.1)
    assert counted(client, "request_day") == expected


def test_a_worker_that_ends_hands_over_the_rest_and_what_is_nobodys(
    api: Client, database: Database
) -> None:
    client = fresh_key(api, database)
    with serving(database) as server:
        own = Client(server.port, client.operator, client.inspector, client.key, client.sequences)
        nobody = "select coalesce(sum(request_count), 0) from rollup.request_day where {}".format(
            "operator_id = 0 and access_key_id = 0 and outcome = 'missing_key'"
        )
        [(before,)] = client.inspector.rows(nobody)
        expected = ask(own)
        assert own.get("/registry", {"Authorization": None}).code == "missing_key"
    assert counted(client) == expected
    assert client.inspector.rows(nobody) == [(before + 1,)]


@pytest.fixture
def alone(database: Database) -> Iterator[None]:
    """This process hands over to the database as a worker does."""
    with database.as_settings():
        db.close()
        yield
        db.close()


def test_what_cannot_be_handed_over_waits(database: Database, alone: None, api: Client) -> None:
    client = fresh_key(api, database)
    assert client.key
    with database.connect(autocommit=True) as conn:
        conn.execute(f"revoke execute on function {HAND_OVER} from dozir_portal")
        try:
            for status, outcome in ((503, "service_unavailable"), (201, ""), (500, "no such")):
                answered.count(
                    "ingest.post_batch", status, outcome, client.operator.id, client.key.id
                )
            answered.flush()
            assert counted(client) == {}
        finally:
            conn.execute(f"grant execute on function {HAND_OVER} to dozir_portal")
        answered.flush()
        answered.flush()
        assert counted(client) == {
            ("postBatch", "service_unavailable"): 1,
            ("postBatch", "accepted"): 1,
            ("postBatch", "internal_error"): 1,
        }
        faults = rows(
            conn,
            "select hour, sum(fault_count) from rollup.request_hour where access_key_id = %s"
            " group by 1",
            (client.key.id,),
        )
    assert sum(number for _, number in faults) == 2
    assert faults[0][0] <= datetime.now(UTC)


def test_every_operation_of_the_specification_is_counted_and_nothing_else() -> None:
    document = yaml.safe_load(SPECIFICATION.read_text())
    told = {
        way["operationId"]
        for path in document["paths"].values()
        for method, way in path.items()
        if method in ("get", "post")
    }
    assert sorted(answered.OPERATIONS.values()) == sorted(told)
    endpoints = {rule.endpoint for rule in create_app().url_map.iter_rules()}
    assert set(answered.OPERATIONS) <= endpoints
