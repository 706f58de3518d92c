"""The server does what ``openapi.yaml`` says: every documented answer is provoked once.

Besides, every answer of every test in this folder is validated (see ``documented`` in conftest).
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.integration.ingest.declaring import declaration, declare, new_period
from tests.integration.ingest.proposing import brand, proposed
from tests.support import specification
from tests.support.api import Answer, Client, encoded
from tests.support.databases import become
from tests.support.market import add_key
from tests.support.servers import await_logged

BATCHES, VALIDATE, BATCH, ROW, CHECK, CONSISTENCY, REGISTRY, REPORTS, REPORT, SPEC, DAYS, MONTHS = (
    "/api/v1/batches",
    "/api/v1/validate",
    "/api/v1/batches/{batch_id}",
    "/api/v1/batches/{batch_id}/transactions/{row_no}/proof",
    "/api/v1/check",
    "/api/v1/log/consistency",
    "/api/v1/registry",
    "/api/v1/reports",
    "/api/v1/reports/{code}",
    "/api/v1/openapi.yaml",
    "/api/v1/declarations/days",
    "/api/v1/declarations/months",
)
NO_KEY = {"Authorization": None}
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


def row_proof(api: Client) -> Answer:
    batch = api.accepted().batch_id
    await_logged(api.inspector.database)
    return api.get(f"/batches/{batch}/transactions/1/proof")


def checked(api: Client) -> Answer:
    return api.request("POST", "/check", b"{}", {"Content-Type": "application/json"})


def cut_off(api: Client) -> Answer:
    """A document whose sender is gone before its end."""
    with socket.create_connection(("127.0.0.1", api.port), 30) as sent:
        sent.sendall(
            b"POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n{"
        )
        sent.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(sent)
        response.begin()
        found = {name.lower(): text for name, text in response.getheaders()}
        return Answer("POST", "/check", response.status, found, response.read())


def too_often(ask: Callable[[], Answer]) -> Answer:
    """From an address of its own, so that nobody else is kept waiting."""
    for _ in range(200):
        if (answer := ask()).status == 429:
            return answer
    raise AssertionError("checks are not limited")


def declared(period: str, **changes: Any) -> Scenario:
    """A scenario that declares a day or a month, after what ``before`` declares of it."""
    return lambda api: declare(api, period, [declaration(period) | changes])


def declared_twice(period: str, **changes: Any) -> Scenario:
    def scenario(api: Client) -> Answer:
        first = declaration(period)
        assert declare(api, period, [first]).status in (200, 201)
        return declare(api, period, [first | changes])

    return scenario


def posted(period: str, **request: Any) -> Scenario:
    return lambda api: api.post(path=f"/declarations/{period}", **request)


def of_declarations(period: str, template: str) -> dict[tuple[str, str, int], Scenario]:
    path = template.removeprefix("/api/v1")
    other = {"open_bets": "1.00"} if period == "days" else {"ggr": "1.00"}
    return {
        ("post", template, 201): declared(period, **new_period(period)),
        ("post", template, 200): declared_twice(period),
        ("post", template, 400): posted(period, body=b"["),
        ("post", template, 401): lambda api: posted(period)(api.with_key("revoked")),
        ("post", template, 403): lambda api: declared(period)(api.with_key("read")),
        ("post", template, 409): declared_twice(period, **other),
        ("post", template, 413): posted(period, body=b"[" + b"{}," * 100 + b"{}]"),
        ("post", template, 415): posted(period, headers={"Content-Type": "application/x-ndjson"}),
        ("post", template, 422): posted(period, body=b"[]"),
        ("post", template, 429): lambda api: limited(api, path),
        ("get", template, 200): lambda api: api.get(path),
        ("get", template, 400): lambda api: api.get(f"{path}?from=x"),
        ("get", template, 401): lambda api: api.get(path, NO_KEY),
        ("get", template, 403): lambda api: api.with_key("submit").get(path),
    }


RECORDS = "/api/v1/registry/{register}/records"
CHANGE = "/api/v1/registry/changes/{change_id}"


def proposal(**request: Any) -> Scenario:
    return lambda api: api.post(path="/registry/brand/records", **request)


OF_RECORDS: dict[tuple[str, str, int], Scenario] = {
    ("post", RECORDS, 201): lambda api: proposed(api, brand(), brand()),
    ("post", RECORDS, 200): lambda api: proposed(api, brand(name_uk=""), query="?dry_run=true"),
    ("post", RECORDS, 400): proposal(body=b"["),
    ("post", RECORDS, 401): lambda api: proposal()(api.with_key("revoked")),
    ("post", RECORDS, 403): lambda api: proposed(api.with_key("read"), brand()),
    ("post", RECORDS, 404): lambda api: proposed(api, brand(), register="licence"),
    ("post", RECORDS, 413): proposal(body=b"[" + b"{}," * 5000 + b"{}]"),
    ("post", RECORDS, 415): proposal(headers={"Content-Type": "text/csv"}),
    ("post", RECORDS, 422): lambda api: proposed(api, brand(active_from="soon")),
    ("post", RECORDS, 429): lambda api: limited(api, "/registry/brand/records"),
    ("get", CHANGE, 200): lambda api: api.get(
        f"/registry/changes/{proposed(api, brand()).document['change']}"
    ),
    ("get", CHANGE, 401): lambda api: api.get("/registry/changes/1", NO_KEY),
    ("get", CHANGE, 403): lambda api: api.with_key("submit").get("/registry/changes/1"),
    ("get", CHANGE, 404): lambda api: api.get("/registry/changes/999999999"),
}

FROM_AFAR = {"X-Forwarded-For": "203.0.113.77", "Content-Type": "application/json"}

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
    ("get", ROW, 200): row_proof,
    ("get", ROW, 401): lambda api: api.get("/batches/1/transactions/1/proof", NO_KEY),
    ("get", ROW, 403): lambda api: api.with_key("submit").get("/batches/1/transactions/1/proof"),
    ("get", ROW, 404): lambda api: api.get("/batches/999999999/transactions/1/proof"),
    ("post", CHECK, 200): checked,
    ("post", CHECK, 400): cut_off,
    ("post", CHECK, 429): lambda api: too_often(
        lambda: api.request("POST", "/check", b"{}", FROM_AFAR)
    ),
    ("get", CONSISTENCY, 200): lambda api: api.request("GET", "/log/consistency", None, {}),
    ("get", CONSISTENCY, 400): lambda api: api.request("GET", "/log/consistency?to=x", None, {}),
    ("get", CONSISTENCY, 429): lambda api: too_often(
        lambda: api.request("GET", "/log/consistency", None, FROM_AFAR)
    ),
    ("get", REGISTRY, 200): lambda api: api.get("/registry"),
    ("get", REGISTRY, 401): lambda api: api.get("/registry", {"Authorization": None}),
    ("get", REGISTRY, 403): lambda api: api.with_key("submit").get("/registry"),
    ("get", REPORTS, 200): lambda api: api.get("/reports"),
    ("get", REPORTS, 401): lambda api: api.get("/reports", NO_KEY),
    ("get", REPORTS, 403): lambda api: api.with_key("submit").get("/reports"),
    ("get", REPORT, 200): lambda api: api.get("/reports/R09?from=2026-01-01&by=month"),
    ("get", REPORT, 400): lambda api: api.get("/reports/R09?from=yesterday"),
    ("get", REPORT, 401): lambda api: api.get("/reports/R09", NO_KEY),
    ("get", REPORT, 403): lambda api: api.with_key("submit").get("/reports/R09"),
    ("get", REPORT, 404): lambda api: api.get("/reports/R99"),
    ("get", REPORT, 422): lambda api: api.get("/reports/R09?from=2001-01-01&to=2026-01-01"),
    ("get", SPEC, 200): lambda api: api.request("GET", "/openapi.yaml"),
    **OF_RECORDS,
    **of_declarations("days", DAYS),
    **of_declarations("months", MONTHS),
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
