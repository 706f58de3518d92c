"""Mutated batches over HTTP: whatever arrives, the answer is 201 or a documented refusal.

``run(api, seed=…, count=…)`` sends ``count`` requests that grew from valid ones by a few changes to
values, fields, bytes, compression or headers. Nothing may answer 5xx (``Answer.hold``), what is
accepted must conform to the specification, and rollups must agree with the rows in the end.
"""

from __future__ import annotations

import copy
import gzip
import json
import random
import string
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import zstandard

from tests.support import specification
from tests.support.api import (
    DAY,
    JSON,
    NDJSON,
    Answer,
    Client,
    encoded,
    lines,
    now_ms,
    observers,
)

TEXTS = (
    "",
    " ",
    "\0",
    "\n",
    "null",
    "NaN",
    "0",
    "-1",
    "1e999",
    "9" * 40,
    "0.1",
    "1.000000000000000000001",
    "٣",
    "Ї",
    "\ud800",
    "\U0001f3b0",
    "\u202e",
    "'; drop table ledger.batch; --",
    "{{7*7}}",
    "../../etc/passwd",
    "%s%n",
    "a" * 64,
    "a" * 65,
    "a" * 5_000,
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-7fff-bfff-ffffffffffff",
    "2026-02-29T00:00:00Z",
    "9999-12-31T23:59:59.999+23:59",
    "0001-01-01T00:00:00-23:59",
    "bet",
    "UAH",
    "JPY",
    "KWD",
    "cash",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**400,
    float("nan"),
    float("inf"),
    [],
    {},
    [[]],
    {"id": None},
    {"id": "x", "reason": "other"},
)
FIELDS = (
    "id",
    "type",
    "occurred_at",
    "amount",
    "currency",
    "licence",
    "channel",
    "equipment",
    "game",
    "round_id",
    "player",
    "payment",
    "cancels",
    "bonus",
    "exclusion_receipt",
)
HEADERS = (
    "Authorization",
    "Idempotency-Key",
    "Batch-Stream",
    "Batch-Sequence",
    "Content-Type",
    "Content-Encoding",
    "X-Request-Id",
    "Accept",
    "Expect",
)
PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "


@dataclass
class Request:
    """A request on its way from valid to whatever it becomes."""

    records: list[Any]
    kind: str = JSON
    headers: dict[str, str | None] = field(default_factory=dict)
    body: bytes | None = None

    def bytes(self) -> bytes:
        if self.body is None:
            encode = encoded if self.kind == JSON else lines
            self.body = encode(self.records)
        return self.body


Mutation = Callable[[random.Random, Client, Request], None]


def any_value(rng: random.Random) -> Any:
    if rng.random() < 0.3:
        return rng.choice(VALUES)
    if rng.random() < 0.2:
        return "".join(rng.choices(PRINTABLE, k=rng.randrange(80)))
    return rng.choice(TEXTS)


def change_value(rng: random.Random, api: Client, request: Request) -> None:
    record = rng.choice(request.records)
    if isinstance(record, dict):
        record[rng.choice(FIELDS)] = any_value(rng)


def change_text(rng: random.Random, api: Client, request: Request) -> None:
    """One character of one text field."""
    record = rng.choice(request.records)
    if not isinstance(record, dict):
        return
    texts = [name for name, value in record.items() if isinstance(value, str) and value]
    if texts:
        name = rng.choice(texts)
        place = rng.randrange(len(record[name]))
        other = rng.choice((*PRINTABLE, "", "\0", "é"))
        record[name] = record[name][:place] + other + record[name][place + 1 :]


def change_field(rng: random.Random, api: Client, request: Request) -> None:
    """Drop, rename or add a field."""
    record = rng.choice(request.records)
    if isinstance(record, dict) and record:
        name = rng.choice(list(record))
        match rng.randrange(3):
            case 0:
                del record[name]
            case 1:
                record[rng.choice(TEXTS)] = record.pop(name)
            case _:
                record[rng.choice((*FIELDS, *TEXTS))] = any_value(rng)


def change_records(rng: random.Random, api: Client, request: Request) -> None:
    """Repeat, remove, cancel, shift in time, or replace a record by something else."""
    place = rng.randrange(len(request.records))
    record = request.records[place]
    match rng.randrange(5):
        case 0:
            request.records.append(copy.deepcopy(record))
        case 1:
            del request.records[place]
        case 2 if isinstance(record, dict) and {"id", "occurred_at"} <= record.keys():
            request.records.append(api.cancelling(record))
        case 3:
            request.records[place] = api.record(now_ms() - rng.randrange(-2, 1200) * DAY)
        case _:
            request.records[place] = any_value(rng)
    if not request.records:
        request.records.append({})


def change_bytes(rng: random.Random, api: Client, request: Request) -> None:
    body = bytearray(request.bytes())
    for _ in range(rng.choice((1, 1, 2, 10))):
        if not body:
            break
        place = rng.randrange(len(body))
        end = min(len(body), place + rng.randrange(1, 60))
        match rng.randrange(5):
            case 0:
                body[place] = rng.randrange(256)
            case 1:
                del body[place:end]
            case 2:
                body[place:place] = body[place:end]
            case 3:
                body[place:place] = rng.choice((b'"', b"{", b"]", b",", b"\\u0000", b"\xff", b"\0"))
            case _:
                del body[place:]
    request.body = bytes(body)


def change_compression(rng: random.Random, api: Client, request: Request) -> None:
    squeezed = bytearray(
        zstandard.compress(request.bytes(), rng.choice((1, 3, 9)))
        if (zstd := rng.random() < 0.5)
        else gzip.compress(request.bytes(), rng.choice((0, 1, 9)))
    )
    if rng.random() < 0.5:
        squeezed[rng.randrange(len(squeezed))] ^= 1 << rng.randrange(8)
    request.body = bytes(squeezed[: rng.choice((len(squeezed), rng.randrange(len(squeezed) + 1)))])
    right = ("zstd", "ZSTD") if zstd else ("gzip", "x-gzip")
    request.headers["Content-Encoding"] = rng.choice((*right, *right, "br", "", "gzip, zstd"))


def change_header(rng: random.Random, api: Client, request: Request) -> None:
    name = rng.choice(HEADERS)
    text = rng.choice((*TEXTS, "".join(rng.choices(PRINTABLE, k=rng.randrange(60)))))
    safe = "".join(c for c in text if c in PRINTABLE).strip()
    if name == "Expect":
        safe = "100-continue"
    request.headers[name] = None if rng.random() < 0.2 else safe


MUTATIONS: tuple[tuple[Mutation, int], ...] = (
    (change_value, 6),
    (change_text, 4),
    (change_field, 3),
    (change_records, 4),
    (change_bytes, 4),
    (change_compression, 2),
    (change_header, 2),
)


def mutated(rng: random.Random, api: Client) -> Request:
    """A valid request with one to four changes; now and then with none."""
    request = Request(api.records(rng.choice((1, 1, 3, 25))), rng.choice((JSON, JSON, NDJSON)))
    request.headers["Content-Type"] = request.kind
    mutations, weights = zip(*MUTATIONS, strict=True)
    for change in rng.choices(mutations, weights, k=rng.choice((0, 1, 1, 1, 2, 4))):
        # What was made bytes cannot be changed as records any more.
        if request.body is not None and change not in (change_bytes, change_header):
            continue
        change(rng, api, request)
    return request


def send(api: Client, request: Request) -> Answer:
    """Post it; 201 and 200 must be deserved."""
    before = api.figures()
    answer = api.post(body=request.bytes(), idempotency_key=uuid4(), headers=request.headers)
    after = api.figures()
    if specification.validate not in observers:  # the suite has every answer validated
        specification.validate(answer)
    if answer.status == 201:
        assert after.batches == before.batches + 1
        assert after.transactions == before.transactions + answer.document["rows"]
        _hold_valid(request)
    else:
        assert 400 <= answer.status < 500, answer
        assert after == before
    return answer


def _hold_valid(request: Request) -> None:
    """An accepted body conforms to the specification."""
    body = request.bytes()
    coding = (request.headers.get("Content-Encoding") or "").lower()
    if "gzip" in coding:
        body = gzip.decompress(body)
    elif coding == "zstd":
        body = zstandard.decompress(body)
    # The kind may have been changed in the header, to that of the other.
    text = body.decode()
    records = json.loads(text) if text.lstrip().startswith("[") else _objects(text)
    assert specification.valid_batch(records), text[:2_000]


def _objects(text: str) -> list[Any]:
    decoder, found, place = json.JSONDecoder(), [], 0
    text = text.strip()
    while place < len(text):
        value, place = decoder.raw_decode(text, place)
        found.append(value)
        while place < len(text) and text[place] in " \t\r\n":
            place += 1
    return found


def run(api: Client, *, seed: int, count: int) -> Counter[str]:
    """How often each outcome occurred: the code of a refusal, or the status."""
    rng = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for number in range(count):
        request = mutated(rng, api)
        try:
            answer = send(api, request)
        except BaseException as error:
            error.add_note(f"seed {seed}, request {number}: {request}")
            raise
        outcomes[answer.code or str(answer.status)] += 1
    assert api.inspector.check_rollups() == []
    return outcomes
