"""Races over HTTP: clients that do at the same moment what only one of them may do.

Each race takes a client, a ``seed`` for its batches' shape, how often to run (``count``) and how
many clients race; it raises AssertionError at the first run that did not end as promised.
``races`` beside this does the like on the database's own functions.
"""

from __future__ import annotations

import random
from functools import partial
from uuid import uuid4

from tests.support.api import Answer, Client, Record, at_once, encoded


def same_key(api: Client, *, seed: int, count: int, clients: int) -> None:
    """One idempotency key: exactly one batch; the others get its very bytes or `in_flight`."""
    rng = random.Random(seed)
    for _ in range(count):
        key, body = uuid4(), encoded(api.records(rng.choice((1, 20, 400))))
        before = api.figures()
        number = api.next_sequence()
        post = partial(api.post, body=body, idempotency_key=key, sequence=number)
        answers = at_once(*[post] * clients)
        after = api.figures()
        assert after.batches - before.batches == 1
        made = [answer for answer in answers if answer.status == 201]
        assert len(made) == 1
        for answer in answers:
            if answer.status == 409:
                assert answer.code == "in_flight"
                assert answer.headers["retry-after"]
            else:
                assert answer.status in (200, 201)
                assert answer.body == made[0].body
        again = post()
        assert (again.status, again.body) == (200, made[0].body)


def same_key_other_bodies(api: Client, *, seed: int, count: int, clients: int) -> None:
    """One idempotency key and a body each: one is stored, no other gets its receipt."""
    rng = random.Random(seed)
    for _ in range(count):
        key = uuid4()
        bodies = [encoded(api.records(rng.choice((1, 20, 400)))) for _ in range(clients)]
        before = api.figures()
        answers = at_once(*[partial(api.post, body=body, idempotency_key=key) for body in bodies])
        assert api.figures().batches - before.batches == 1
        assert sum(answer.status == 201 for answer in answers) == 1
        rest = {answer.code for answer in answers if answer.status != 201}
        assert rest <= {"in_flight", "idempotency_key_reused"}


def same_ids(api: Client, *, seed: int, count: int, clients: int) -> None:
    """The same records in other orders under other keys: one is stored, the others name each."""
    rng = random.Random(seed)
    for _ in range(count):
        records = api.records(rng.choice((2, 50, 300)))
        orders = [records, records[::-1]]
        orders += [rng.sample(records, len(records)) for _ in range(clients - 2)]
        before = api.figures()
        answers = at_once(*[partial(api.post, order) for order in orders])
        after = api.figures()
        assert after.batches - before.batches == 1
        assert after.transactions - before.transactions == len(records)
        assert sum(answer.status == 201 for answer in answers) == 1
        for answer in answers:
            if answer.status != 201:
                _hold_duplicates(answer, len(records))


def _hold_duplicates(answer: Answer, n: int) -> None:
    assert (answer.status, answer.code) == (409, "duplicate_id"), answer.body
    assert answer.document["errors_total"] == n
    assert answer.errors == [(f"/{row}/id", "duplicate_id") for row in range(min(n, 100))]


def crossing_ids(api: Client, *, seed: int, count: int, clients: int) -> None:
    """Batches that share some records: whatever is stored, no record is stored twice."""
    rng = random.Random(seed)
    for _ in range(count):
        pool = api.records(60)
        picks = [rng.sample(pool, 20) for _ in range(clients)]
        before = api.figures()
        answers = at_once(*[partial(api.post, pick) for pick in picks])
        stored = [pick for pick, answer in zip(picks, answers, strict=True) if answer.status == 201]
        ids = [record["id"] for pick in stored for record in pick]
        assert stored
        assert len(set(ids)) == len(ids)
        assert api.figures().transactions - before.transactions == len(ids)
        for pick, answer in zip(picks, answers, strict=True):
            if answer.status != 201:
                assert answer.code == "duplicate_id", answer
                named = {pick[int(pointer.split("/")[1])]["id"] for pointer, _ in answer.errors}
                assert named
                # Those that another batch brought after this one had looked are not named.
                assert named <= {record["id"] for record in pick} & set(ids)


def same_cancellation(api: Client, *, seed: int, count: int, clients: int) -> None:
    """Cancellations of the same records in other orders: each record is taken back once."""
    rng = random.Random(seed)
    for _ in range(count):
        targets = api.records(rng.choice((1, 5, 30)))
        api.accepted(targets)
        before = api.figures()

        def cancelling(order: list[Record]) -> list[Record]:
            return [api.cancelling(target) for target in order]

        orders = [rng.sample(targets, len(targets)) for _ in range(clients)]
        answers = at_once(*[partial(api.post, cancelling(order)) for order in orders])
        after = api.figures()
        assert sum(answer.status == 201 for answer in answers) == 1
        assert {answer.code for answer in answers if answer.status != 201} <= {"already_cancelled"}
        assert after.cancellations - before.cancellations == len(targets)
        assert before.counted - after.counted == len(targets)


def same_sequence(api: Client, *, seed: int, count: int, clients: int) -> None:
    """One sequence number for different batches: exactly one of them gets it."""
    rng = random.Random(seed)
    for _ in range(count):
        number = api.next_sequence()
        before = api.figures()
        batches = [api.records(rng.choice((1, 30))) for _ in range(clients)]
        answers = at_once(*[partial(api.post, batch, sequence=number) for batch in batches])
        assert api.figures().batches - before.batches == 1
        assert sum(answer.status == 201 for answer in answers) == 1
        codes = {answer.code for answer in answers if answer.status != 201}
        assert codes <= {"sequence_repeated"}


RACES = (
    same_key,
    same_key_other_bodies,
    same_ids,
    crossing_ids,
    same_cancellation,
    same_sequence,
)


def run(api: Client, *, seed: int, count: int, clients: int = 8) -> dict[str, int]:
    """Every race ``count`` times; afterwards the rollups must still agree with the rows.

    Returns how often each race was run.
    """
    for number, race in enumerate(RACES):
        race(api, seed=seed + number, count=count, clients=clients)
    assert api.inspector.check_rollups() == []
    return {race.__name__: count for race in RACES}
