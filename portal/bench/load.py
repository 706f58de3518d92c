"""Batches of one size, ready to be sent: as requests and as COPY streams of the same rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import numpy as np

from portal.bench.population import Operator
from portal.bench.rows import make_body
from portal.ingest import copy_format, wire
from portal.ingest.copy_format import BatchIds
from portal.ingest.registered import Registered

SPAN_MS = 10_000  # of event time in a batch
# All events of a load lie within this, so that none is late when its turn comes.
LONGEST_MS = 240_000
CURRENCIES = {"UAH": (980, 2)}


@dataclass(frozen=True, slots=True)
class Sender:
    """An operator as the benchmark knows it after registration."""

    operator: Operator
    operator_id: int
    key: str
    registered: Registered


@dataclass(frozen=True, slots=True)
class Batch:
    """The same rows twice: ``request`` is a whole HTTP request, ``copy`` a binary COPY stream."""

    operator_id: int
    sequence: int
    rows: int
    request: bytes
    copy: bytes

    @property
    def body(self) -> bytes:
        """The body of the request."""
        return self.request.partition(b"\r\n\r\n")[2]


@dataclass(frozen=True, slots=True)
class Load:
    """Batches of one size; ``warm_up`` ones make chunk, plans and caches before the clock runs."""

    rows_per_batch: int
    warm_up: list[Batch]
    batches: list[Batch]
    distinct_players: int

    @property
    def rows(self) -> int:
        return sum(batch.rows for batch in self.batches)

    @property
    def bytes_per_row(self) -> float:
        """Of the requests, heads included."""
        return sum(len(batch.request) for batch in self.batches) / self.rows


def make_load(
    senders: list[Sender], *, rows: int, rows_per_batch: int, until_ms: int, seed: int
) -> Load:
    """At least ``rows`` rows; batch i is of operator i modulo their number.

    ``until_ms``: the last event lies before this (milliseconds of Unix).
    """
    count = -(-rows // rows_per_batch)
    turns = -(-count // len(senders))
    span = min(SPAN_MS, LONGEST_MS // turns)
    players: set[bytes] = set()

    def batch(number: int, size: int, stream: int) -> Batch:
        sender = senders[number % len(senders)]
        turn = number // len(senders)
        start = until_ms - (turns - turn % turns) * span
        source = np.random.default_rng([seed, stream, rows_per_batch, number])
        body = make_body(sender.operator, size, source, range(start, start + span))
        decoded = wire.decode(body, wire.ContentKind.JSON, CURRENCIES)
        if stream:
            players.update(decoded.player[at : at + 16] for at in range(0, 16 * size, 16))
        sequence = number + 1 if stream else 10**9 + number
        key = uuid.UUID(bytes=source.bytes(16), version=4)
        return Batch(
            operator_id=sender.operator_id,
            sequence=sequence,
            rows=size,
            request=make_request(sender.key, key, sequence, body),
            copy=bytes(copy_format.encode(decoded, _ids(sender, sequence, decoded))),
        )

    return Load(
        rows_per_batch=rows_per_batch,
        warm_up=[batch(number, 200, 0) for number in range(3 * len(senders))],
        batches=[batch(number, rows_per_batch, 1) for number in range(count)],
        distinct_players=len(players),
    )


def make_request(key: str, idempotency_key: uuid.UUID, sequence: int, body: bytes) -> bytes:
    """A whole HTTP request that posts a batch."""
    head = (
        "POST /api/v1/batches HTTP/1.1\r\n"
        "Host: 127.0.0.1\r\n"
        f"Authorization: Bearer {key}\r\n"
        f"Idempotency-Key: {idempotency_key}\r\n"
        f"Batch-Sequence: {sequence}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _ids(sender: Sender, batch_id: int, decoded: wire.Decoded) -> BatchIds:
    known = sender.registered
    return BatchIds(
        operator_id=sender.operator_id,
        batch_id=batch_id,
        licence_ids=decoded.licence.ids({code: it.id for code, it in known.licences.items()}),
        channel_ids=decoded.channel.ids({code: it.id for code, it in known.channels.items()}),
        equipment_ids=decoded.equipment.ids({code: it.id for code, it in known.equipment.items()}),
        game_ids=decoded.game.ids({code: it.id for code, it in known.games.items()}),
    )
