"""The same transaction twice: within a batch, across batches, from two clients at once."""

from __future__ import annotations

from functools import partial
from uuid import uuid4

from tests.campaigns import http_races
from tests.support.api import DAY, Client, at_once, now_ms


def test_twice_in_one_batch(api: Client) -> None:
    record = api.record()
    api.refused(
        422, "duplicate_id_in_batch", [("/1/id", "duplicate_id_in_batch")], records=[record] * 2
    )


def test_twice_in_one_batch_with_other_facts(api: Client) -> None:
    record = api.record()
    records = [*api.records(30), record, *api.records(30), record | {"amount": "1.00"}]
    api.refused(
        422, "duplicate_id_in_batch", [("/61/id", "duplicate_id_in_batch")], records=records
    )


def test_twice_in_capitals(api: Client) -> None:
    record = api.record()
    records = [record, record | {"id": record["id"].upper()}]
    api.refused(422, "duplicate_id_in_batch", [("/1/id", "duplicate_id_in_batch")], records=records)


def test_across_batches_each_is_named(api: Client) -> None:
    stored = api.records(3)
    api.accepted(stored)
    records = [*api.records(2), stored[2], *api.records(1), stored[0]]
    api.refused(
        409,
        "duplicate_id",
        [("/2/id", "duplicate_id"), ("/4/id", "duplicate_id")],
        records=records,
    )


def test_across_batches_with_other_facts(api: Client) -> None:
    stored = api.record()
    api.accepted([stored])
    changed = stored | {"amount": "0.01", "type": "win"}
    api.refused(409, "duplicate_id", [("/0/id", "duplicate_id")], records=[changed])


def test_across_days(api: Client) -> None:
    """Each day is a chunk with a unique index of its own."""
    stored = [api.record(now_ms() - days * DAY) for days in range(8)]
    api.accepted(stored)
    errors = [(f"/{row}/id", "duplicate_id") for row in range(8)]
    api.refused(409, "duplicate_id", errors, records=stored[::-1])


def test_a_hundred_are_named_and_all_are_counted(api: Client) -> None:
    stored = api.records(150)
    api.accepted(stored)
    answer = api.refused(409, "duplicate_id", records=stored)
    assert len(answer.errors) == 100
    assert answer.document["errors_total"] == 150


def test_two_operators_may_use_the_same_id(api: Client, other: Client) -> None:
    mine, theirs = api.record(), other.record()
    shared = {"id": mine["id"], "occurred_at": mine["occurred_at"]}
    api.accepted([mine])
    other.accepted([theirs | shared])


def test_two_clients_at_once_in_opposite_order(api: Client) -> None:
    http_races.same_ids(api, seed=2, count=4, clients=2)


def test_many_clients_with_crossing_batches(api: Client) -> None:
    http_races.crossing_ids(api, seed=3, count=3, clients=6)


def test_two_new_days_in_opposite_order(api: Client) -> None:
    """Both batches make the same chunks, which lock each other; both are stored."""
    for week in range(3):
        days = [now_ms() - (60 + week * 3 + day) * DAY for day in range(3)]
        batches = [[api.record(day) for day in order] for order in (days, days[::-1])]
        answers = at_once(*[partial(api.post, batch, idempotency_key=uuid4()) for batch in batches])
        assert [answer.status for answer in answers] == [201, 201]
