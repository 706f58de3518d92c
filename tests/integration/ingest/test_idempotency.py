"""Idempotency keys: one key is one batch for ever, whoever asks and however often."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.campaigns import http_races
from tests.support.api import (
    NDJSON,
    Answer,
    Client,
    encoded,
    held_up,
    in_background,
    lines,
    zipped,
)
from tests.support.databases import Database
from tests.support.servers import serving


def test_a_missing_key_is_refused(api: Client) -> None:
    api.refused(400, "idempotency_key_missing", headers={"Idempotency-Key": None})


@pytest.mark.parametrize(
    "key",
    [
        "",
        "1",
        "not-a-uuid",
        str(uuid4())[:-1],
        str(uuid4()) + "0",
        f"{{{uuid4()}}}",
        uuid4().hex,
        f'"{uuid4()}"',
        f"urn:uuid:{uuid4()}",
        f"{uuid4()}, {uuid4()}",
        "Тарас".encode().decode("latin1"),
        "00000000-0000-0000-0000-000000000000",
    ],
    ids=[
        "empty",
        "number",
        "words",
        "short",
        "long",
        "braces",
        "no hyphens",
        "quoted",
        "urn",
        "two",
        "name",
        "nil",
    ],
)
def test_a_key_that_is_no_uuid_is_refused(api: Client, key: str) -> None:
    api.refused(400, "idempotency_key_invalid", headers={"Idempotency-Key": key})


def test_a_key_in_capitals_is_the_same_key(api: Client) -> None:
    key, body = uuid4(), encoded([api.record()])
    stored = api.accepted(body=body, headers={"Idempotency-Key": str(key).upper()})
    again = api.post(body=body, idempotency_key=key)
    assert (again.status, again.body) == (200, stored.body)


def test_a_key_with_another_body_is_refused_for_ever(api: Client) -> None:
    key, records = uuid4(), api.records(3)
    stored = api.accepted(records, idempotency_key=key)
    for other in (
        encoded(api.records(3)),
        encoded(records[:2]),
        encoded([records[1], records[0], records[2]]),
        encoded(records) + b" ",
    ):
        api.refused(422, "idempotency_key_reused", [], body=other, idempotency_key=key)
    api.refused(
        422,
        "idempotency_key_reused",
        body=lines(records),
        idempotency_key=key,
        headers={"Content-Type": NDJSON},
    )
    assert api.post(records, idempotency_key=key).body == stored.body


def test_a_replay_gives_the_same_bytes_for_ever(api: Client) -> None:
    key, body = uuid4(), encoded(api.records(2))
    stored = api.accepted(body=body, idempotency_key=key, sequence=(number := api.next_sequence()))
    assert stored.document["body_sha256"] == hashlib.sha256(body).hexdigest()
    figures = api.figures()
    plain: dict[str, str | None] = {}
    gzipped: dict[str, str | None] = {"Content-Encoding": "gzip"}
    for headers, sent, sequence in (
        (plain, body, number),
        (gzipped, zipped(body), number),
        (plain, body, api.next_sequence()),
        (plain | {"Batch-Stream": "another"}, body, 1),
    ):
        again = api.post(body=sent, idempotency_key=key, sequence=sequence, headers=headers)
        assert (again.status, again.body) == (200, stored.body)
    assert api.figures() == figures

    for _ in range(3):
        api.accepted()
    for key_name in ("live", "second", "manual", "submit"):
        again = api.with_key(key_name).post(body=body, idempotency_key=key)
        assert (again.status, again.body) == (200, stored.body)
    assert api.get(f"/batches/{stored.batch_id}").body.startswith(stored.body.removesuffix(b"}"))


def test_a_replay_needs_a_key_that_may_submit(api: Client) -> None:
    key, body = uuid4(), encoded(api.records(1))
    api.accepted(body=body, idempotency_key=key)
    for name, status, code in (
        ("revoked", 401, "key_revoked"),
        ("expired", 401, "key_expired"),
        ("read", 403, "scope_missing"),
    ):
        client = api.with_key(name)
        client.refused(status, code, body=body, idempotency_key=key, good=api)


def test_the_same_key_of_two_operators_is_two_batches(api: Client, other: Client) -> None:
    key = uuid4()
    mine = api.accepted(idempotency_key=key)
    theirs = other.accepted(idempotency_key=key)
    assert mine.batch_id != theirs.batch_id


def test_a_refused_batch_leaves_its_key_free(api: Client) -> None:
    """Whatever went wrong, the corrected batch may come under the same key."""
    key = uuid4()
    api.refused(422, "empty_batch", body=b"[]", idempotency_key=key)
    api.refused(400, "malformed_json", body=b"[", idempotency_key=key)
    wrong = api.record(licence="NOT-MINE")
    api.refused(422, "unknown_licence", records=[wrong], idempotency_key=key)
    stored = api.accepted()
    taken = api.record(id=str(UUID(int=0)))
    api.refused(422, "invalid_id", records=[taken], idempotency_key=key)
    assert stored.status == 201
    api.accepted(idempotency_key=key)


def test_a_key_is_in_flight_within_one_worker_as_well(api: Client, database: Database) -> None:
    key, sequence, body = uuid4(), api.next_sequence(), encoded(api.records(1))
    with serving(database) as server:
        alone = replace(api, port=server.port)

        def send() -> Answer:
            return alone.post(body=body, idempotency_key=key, sequence=sequence)

        with held_up(database):
            first = in_background(send)
            api.inspector.await_blocked()
            refused = send()
        assert (refused.status, refused.document["code"]) == (409, "in_flight")
        assert first().status == 201
        assert send().status == 200


def test_clients_racing_with_one_key_store_exactly_one_batch(api: Client) -> None:
    http_races.same_key(api, seed=1, count=12, clients=8)
