"""The server does what ``openapi.yaml`` says: every documented answer is provoked once.

Besides, every answer of every test in this folder is validated (see ``documented`` in conftest).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.support import specification
from tests.support.api import Answer, Client, encoded
from tests.support.databases import become
from tests.support.market import add_key

BATCHES, VALIDATE, BATCH, REGISTRY, SPEC = (
    "/api/v1/batches",
    "/api/v1/validate",
    "/api/v1/batches/{batch_id}",
    "/api/v1/registry",
    "/api/v1/openapi.yaml",
)
Scenario = Callable[[Client], Answer]


def repeated(api: Client) -> Answer:
    key, body = uuid4(), encoded(api.records(1))
    api.accepted(body=body, idempotency_key=key)
    return api.post(body=body, idempotency_key=key)


def duplicate(api: Client) -> Answer:
    records = api.records(1)
    api.accepted(records)
    return api.post(records)


def validated(api: Client, **request: Any) -> Answer:
    return api.post(path="/validate", **request)


def stored_already(api: Client) -> Answer:
    records = api.records(1)
    api.accepted(records)
    return validated(api, records=records)


def limited(api: Client, path: str) -> Answer:
    """With a key whose limits hold one batch of 20,000 rows and no more for a long time."""
    with api.inspector.database.connect() as conn:
        become(conn, "registrar")
        key = add_key(conn, api.operator.id, "limited")
        conn.execute("select api.limit_access_key(%s, 1, 20000, 1, 16777216)", (key.id,))
    client = Client(api.port, api.operator, api.inspector, key, api.sequences)
    for _ in range(2):
        client.post(body=b" " * 8_000_000, path=path)
    return client.post(body=b" " * 8_000_000, path=path)


SCENARIOS: dict[tuple[str, str, int], Scenario] = {
    ("post", BATCHES, 201): lambda api: api.post(),
    ("post", BATCHES, 200): repeated,
    ("post", BATCHES, 400): lambda api: api.post(body=b"["),
    ("post", BATCHES, 401): lambda api: api.with_key("revoked").post(),
    ("post", BATCHES, 403): lambda api: api.with_key("test").post(),
    ("post", BATCHES, 409): duplicate,
    ("post", BATCHES, 413): lambda api: api.post(body=b" " * (8 * 1024 * 1024 + 1)),
    ("post", BATCHES, 415): lambda api: api.post(headers={"Content-Type": "text/csv"}),
    ("post", BATCHES, 422): lambda api: api.post(body=b"[]"),
    ("post", BATCHES, 429): lambda api: limited(api, "/batches"),
    ("post", VALIDATE, 200): validated,
    ("post", VALIDATE, 400): lambda api: validated(api, body=b"["),
    ("post", VALIDATE, 401): lambda api: validated(api.with_key("revoked")),
    ("post", VALIDATE, 403): lambda api: validated(api.with_key("read")),
    ("post", VALIDATE, 409): stored_already,
    ("post", VALIDATE, 413): lambda api: validated(api, body=b" " * (8 * 1024 * 1024 + 1)),
    ("post", VALIDATE, 415): lambda api: validated(api, headers={"Content-Type": "text/csv"}),
    ("post", VALIDATE, 422): lambda api: validated(api, body=b"[]"),
    ("post", VALIDATE, 429): lambda api: limited(api, "/validate"),
    ("get", BATCHES, 200): lambda api: api.get("/batches?limit=2"),
    ("get", BATCHES, 400): lambda api: api.get("/batches?limit=0"),
    ("get", BATCHES, 401): lambda api: api.get("/batches", {"Authorization": None}),
    ("get", BATCHES, 403): lambda api: api.with_key("submit").get("/batches"),
    ("get", BATCH, 200): lambda api: api.get(f"/batches/{api.accepted().batch_id}"),
    ("get", BATCH, 401): lambda api: api.get("/batches/1", {"Authorization": None}),
    ("get", BATCH, 403): lambda api: api.with_key("submit").get("/batches/1"),
    ("get", BATCH, 404): lambda api: api.get("/batches/999999999"),
    ("get", REGISTRY, 200): lambda api: api.get("/registry"),
    ("get", REGISTRY, 401): lambda api: api.get("/registry", {"Authorization": None}),
    ("get", REGISTRY, 403): lambda api: api.with_key("submit").get("/registry"),
    ("get", SPEC, 200): lambda api: api.request("GET", "/openapi.yaml"),
}
# No request with these methods leads there: 405 is the answer to the others, of which
# test_reading.py tries many; 500 is what no test may ever see (Answer.hold); 503 takes a database
# that fails, and test_failures.py provokes it for each of these addresses.
ELSEWHERE = {405, 500, 503}


def test_every_documented_answer_is_provoked() -> None:
    expected = {one for one in specification.documented() if one[2] not in ELSEWHERE}
    assert expected == SCENARIOS.keys()


@pytest.mark.parametrize(
    ("method", "template", "status"), SCENARIOS, ids=lambda part: str(part).strip("/")
)
def test_the_documented_answer(api: Client, method: str, template: str, status: int) -> None:
    answer = SCENARIOS[method, template, status](api)
    assert (answer.method.lower(), specification.template_of(answer.path)) == (method, template)
    assert answer.status == status
    specification.validate(answer)


def test_the_served_document_is_the_one_tested(api: Client) -> None:
    import yaml

    assert yaml.safe_load(api.request("GET", "/openapi.yaml").body) == specification.DOCUMENT


def test_what_is_accepted_conforms_to_the_schema(api: Client) -> None:
    target = api.record()
    records = [
        target,
        api.record(bonus=True, exclusion_receipt=str(uuid4())),
        api.record(type="deposit", round_id=None, game=None),
        api.cancelling(target),
    ]
    assert specification.valid_batch(records)
    api.accepted(records)
