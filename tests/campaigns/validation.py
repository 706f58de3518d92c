"""Random good and bad batches, first to be validated and then posted: both say the same.

``run(api, seed=…, count=…)``. The batches are those of the fuzz campaign and, besides, such as only
what is stored makes bad: ids, sequence numbers and idempotency keys used before, records that take
back what is there, is not there, differs or is taken back already.
"""

from __future__ import annotations

import copy
import random
from collections import Counter, deque
from typing import Any
from uuid import uuid4

from tests.campaigns import fuzz
from tests.support.api import Answer, Client, encoded

REMEMBERED = 30


class Past:
    """What was accepted so far, as far as it is remembered."""

    def __init__(self) -> None:
        self.records: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
        self.posts: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)


def request(rng: random.Random, api: Client, past: Past) -> dict[str, Any]:
    """The arguments of ``Client.post`` for one batch."""
    records = api.records(rng.choice((1, 2, 12)))
    if not past.records:
        return {"body": encoded(records), "records_sent": records}
    if rng.random() < 0.4:
        made = fuzz.mutated(rng, api)
        return {"body": made.bytes(), "headers": made.headers}
    target = rng.choice(past.records)
    for _ in range(rng.choice((0, 1, 1, 3))):
        match rng.randrange(6):
            case 0:
                records.append(copy.deepcopy(target))
            case 1:
                records.append(api.cancelling(target))
            case 2:
                records.append(api.cancelling(target, amount="99.99"))
            case 3:
                records.append(api.cancelling(api.record()))
            case 4:
                records.append(api.cancelling(records[0]))
            case _:
                target = rng.choice(past.records)
    rng.shuffle(records)
    sent = {"body": encoded(records), "records_sent": records}
    earlier = rng.choice(past.posts)
    match rng.randrange(10):
        case 0:
            sent["sequence"] = earlier["sequence"]
        case 1:
            sent["idempotency_key"] = earlier["idempotency_key"]
        case 2:
            sent["idempotency_key"], sent["body"] = earlier["idempotency_key"], earlier["body"]
    return sent


def run(api: Client, *, seed: int, count: int) -> Counter[str]:
    """How often each outcome occurred."""
    rng = random.Random(seed)
    past = Past()
    outcomes: Counter[str] = Counter()
    for number in range(count):
        sent = request(rng, api, past)
        records = sent.pop("records_sent", [])
        sent = {"idempotency_key": uuid4(), "sequence": api.next_sequence(), "headers": {}} | sent
        try:
            answer = both(api, sent)
        except BaseException as error:
            error.add_note(f"seed {seed}, request {number}: {sent}")
            raise
        outcomes[answer.code or str(answer.status)] += 1
        if answer.status == 201:
            past.records += records
            past.posts.append(sent)
    return outcomes


def both(api: Client, sent: dict[str, Any]) -> Answer:
    """Validate, then post; the answer to the post, of which validating said the same."""
    figures, refusals = api.figures(), api.inspector.refusals(api.operator)
    checked = api.post(path="/validate", **sent)
    assert (api.figures(), api.inspector.refusals(api.operator)) == (figures, refusals)
    answer = api.post(**sent)
    if answer.status >= 400:
        assert (checked.status, checked.code, checked.errors) == (
            answer.status,
            answer.code,
            answer.errors,
        )
        assert checked.document.get("errors_total") == answer.document.get("errors_total")
        return answer
    assert checked.status == 200
    receipt, found = answer.document, checked.document
    assert found["stored_before"] == (answer.status == 200)
    for name in ("rows", "totals", "occurred_from", "occurred_until", "body_sha256"):
        assert found[name] == receipt[name]
    return answer
