"""Batches stored straight through the SQL functions of ingest, without HTTP.

A second, plain writing of what ``portal.ingest`` does, for tests of the database itself: rows are
named tuples, COPY goes through psycopg's own binary format.
"""

from __future__ import annotations

import hashlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString, NamedTuple
from uuid import UUID, uuid4

import psycopg

from portal.ingest.uuid7 import make_id
from portal.transparency.rows import batch_root
from tests.support.databases import Connection, Database
from tests.support.market import Key, Operator

NIL = UUID(int=0)
UAH, USD, EUR = 980, 840, 978
BET, WIN, REFUND, DEPOSIT, WITHDRAWAL = range(1, 6)
LATE = 8
LATE_AFTER = timedelta(minutes=15)
BATCH_COLUMNS = ("batch_id", "row_no", "operator_id")

# For batches that were put in by hand: the heads that accepting them would have left.
HEADS: LiteralString = (
    "insert into ledger.operator_head"
    " (operator_id, last_sequence, numbered_count, stream, several_streams, first_number,"
    " last_number)"
    " select b.operator_id, max(b.operator_sequence), count(b.stream_sequence), min(n.stream),"
    " coalesce(min(n.stream) <> max(n.stream), false), min(b.stream_sequence),"
    " max(b.stream_sequence) from ledger.batch as b cross join lateral"
    " (select case when b.stream_sequence is not null then b.stream end as stream) as n"
    " group by b.operator_id"
    " on conflict (operator_id) do update set last_sequence = excluded.last_sequence,"
    " numbered_count = excluded.numbered_count, stream = excluded.stream,"
    " several_streams = excluded.several_streams, first_number = excluded.first_number,"
    " last_number = excluded.last_number"
)


@dataclass(frozen=True)
class Row:
    """A transaction as it stands in the ledger, but for what its batch gives it."""

    occurred_at: datetime
    id: UUID
    type: int = BET
    amount_minor: int = 10_000
    currency: int = UAH
    licence_id: int = 0
    channel_id: int = 0
    equipment_id: int = 0
    game_id: int = 0
    round_id: UUID = NIL
    player: UUID = NIL
    payment: int = 5
    flags: int = 0
    breach: int = 0
    cancels: UUID = NIL
    cancel_reason: int = 0
    exclusion_receipt: UUID = NIL


COLUMNS: dict[str, str] = {
    "occurred_at": "timestamptz",
    "operator_id": "int4",
    "id": "uuid",
    "batch_id": "int8",
    "row_no": "int4",
    "type": "int2",
    "amount_minor": "int8",
    "currency": "int2",
    "licence_id": "int4",
    "channel_id": "int4",
    "equipment_id": "int4",
    "game_id": "int4",
    "round_id": "uuid",
    "player": "uuid",
    "payment": "int2",
    "flags": "int2",
    "breach": "int2",
    "cancels": "uuid",
    "cancel_reason": "int2",
    "exclusion_receipt": "uuid",
}

WIDTHS = {"timestamptz": 8, "int8": 8, "int4": 4, "int2": 2}
TUPLE_BYTES = 222


class Refused(psycopg.Error):
    """A batch that opening refuses; ``sqlstate`` says why, as where a function raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(f"refused: {sqlstate}")
        self.sqlstate = sqlstate


class Opened(NamedTuple):
    """The answer of ``ledger.open_batches`` for a batch that it does not refuse."""

    batch_id: int | None
    received_us: int
    oldest_us: int
    codes: dict[str, Any] | None
    receipt: bytes | None


def milliseconds(moment: datetime) -> datetime:
    """A moment without what is finer than a millisecond."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def row(operator: Operator, moment: datetime | None = None, **values: Any) -> Row:
    """One transaction of an operator (its first licence, channel and game), by default now."""
    moment = milliseconds(moment or datetime.now(UTC))
    made = make_id(round(moment.timestamp() * 1000), uuid4().bytes)
    references = {
        f"{table}_id": min(getattr(operator, table).values(), default=0)
        for table in ("licence", "channel", "game")
    }
    own = {"id": made, "round_id": uuid4(), "player": uuid4()}
    return Row(moment, **(references | own | values))


def random_rows(
    operator: Operator, n: int, rng: random.Random, moments: Sequence[datetime]
) -> list[Row]:
    """Transactions of every kind at moments picked from ``moments`` (and up to a minute after)."""
    made = []
    for _ in range(n):
        moment = milliseconds(rng.choice(moments) + timedelta(milliseconds=rng.randrange(60_000)))
        made.append(
            Row(
                moment,
                make_id(round(moment.timestamp() * 1000), rng.randbytes(16)),
                type=rng.randint(1, 5),
                amount_minor=rng.randint(1, 10 ** rng.randint(1, 12)),
                currency=rng.choice((UAH, UAH, UAH, EUR, USD)),
                licence_id=rng.choice(list(operator.licence.values())),
                channel_id=rng.choice(list(operator.channel.values())),
                equipment_id=rng.choice([0, *operator.equipment.values()]),
                game_id=rng.choice([0, *operator.game.values()]),
                round_id=UUID(bytes=rng.randbytes(16)),
                player=UUID(bytes=rng.randbytes(16)),
                payment=rng.randint(1, 6),
                flags=rng.choice((0, 0, 0, 1)),
                breach=rng.choice((0, 0, 0, 1, 2, 4, 5)),
            )
        )
    return made


def cancellation(target: Row, moment: datetime | None = None, **values: Any) -> Row:
    """A record that takes ``target`` back."""
    moment = milliseconds(moment or datetime.now(UTC))
    made = make_id(round(moment.timestamp() * 1000), uuid4().bytes)
    own = {"occurred_at": moment, "id": made, "cancels": target.id, "cancel_reason": 1}
    return replace(target, **(own | values))


def open_batch(
    conn: Connection,
    key: Key,
    idempotency_key: UUID | None = None,
    *,
    body: bytes = b"",
    sequence: int | None = 1,
    version: int | None = None,
    stream: str | None = None,
) -> Opened:
    """``ledger.open_batches`` with one batch; raises Refused. ``conn`` is dozir_ingest's."""
    answer = conn.execute(
        "select refusal, batch_id, received_us, oldest_us, codes, receipt"
        " from ledger.open_batches(%s, %s, %s, %s, %s::bigint[], %s::bigint[])",
        (
            [key.id],
            [idempotency_key or uuid4()],
            [hashlib.sha256(body).digest()],
            [stream or uuid4().hex],
            [sequence],
            [version],
        ),
    ).fetchone()
    assert answer is not None
    refusal, *opened = answer
    if refusal:
        raise Refused(refusal)
    return Opened(*opened)


def copy_rows(conn: Connection, operator_id: int, batch_id: int, batch: Sequence[Row]) -> None:
    """COPY rows into the ledger, binary, in all 20 columns."""
    names = ", ".join(COLUMNS)
    with (
        conn.cursor() as cursor,
        cursor.copy(f"copy ledger.transaction ({names}) from stdin (format binary)") as copy,
    ):
        copy.set_types(list(COLUMNS.values()))
        for number, one in enumerate(batch, 1):
            own = {"operator_id": operator_id, "batch_id": batch_id, "row_no": number}
            values = vars(one) | own
            copy.write_row([values[name] for name in COLUMNS])


def tuples(operator_id: int, batch_id: int, batch: Sequence[Row]) -> Iterator[bytes]:
    """Each row as binary COPY carries it, from the manual's description of the format."""
    for number, one in enumerate(batch, 1):
        own = {"operator_id": operator_id, "batch_id": batch_id, "row_no": number}
        values = vars(one) | own
        parts = [len(COLUMNS).to_bytes(2, "big")]
        for name, type_ in COLUMNS.items():
            value = values[name]
            if type_ == "uuid":
                raw = value.bytes
            else:
                number_ = since_2000(value) if type_ == "timestamptz" else value
                raw = number_.to_bytes(WIDTHS[type_], "big", signed=True)
            parts += [len(raw).to_bytes(4, "big"), raw]
        yield b"".join(parts)


def totals(batch: Sequence[Row]) -> list[tuple[int, int, int, int, int, int]]:
    """(currency, type, count, sum, cancelled count, cancelled sum), in order."""
    counted: Counter[tuple[int, int, str]] = Counter()
    for one in batch:
        kind = "cancelled_" if one.cancel_reason else ""
        counted[one.currency, one.type, f"{kind}count"] += 1
        counted[one.currency, one.type, f"{kind}sum"] += one.amount_minor
    return [
        (
            currency,
            type_,
            *(
                counted[currency, type_, what]
                for what in ("count", "sum", "cancelled_count", "cancelled_sum")
            ),
        )
        for currency, type_ in sorted({key[:2] for key in counted})
    ]


def lag_histogram(batch: Sequence[Row], received_at: datetime) -> list[int]:
    """Rows by floor(4 * log2(max(lag in whole ms, 1)))."""
    lags = [max((received_at - one.occurred_at) // timedelta(milliseconds=1), 1) for one in batch]
    buckets = Counter(math.floor(4 * math.log2(lag)) for lag in lags)
    return [buckets[number] for number in range(max(buckets) + 1)]


def accept_batch(
    conn: Connection,
    operator: Operator,
    batch_id: int,
    idempotency_key: UUID,
    batch: Sequence[Row],
    *,
    key: Key | None = None,
    body: bytes = b"",
    stream: str = "direct",
    sequence: int | None = 1,
) -> bytes:
    """``ledger.accept_batches`` of one batch, figures computed here; the receipt's bytes."""
    moment = conn.execute("select transaction_timestamp()").fetchone()
    assert moment is not None
    figures = {
        "access_key_id": (key or operator.key).id,
        "row_count": len(batch),
        "late_count": sum(moment[0] - one.occurred_at > LATE_AFTER for one in batch),
        "lag_histogram": lag_histogram(batch, moment[0]),
    }
    names = ("currency", "type", "count", "sum", "cancelled_count", "cancelled_sum")
    document = figures | {
        "batch_id": batch_id,
        "idempotency_key": str(idempotency_key),
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "schema_version": 1,
        "batch_root": batch_root(b"".join(tuples(operator.id, batch_id, batch)), TUPLE_BYTES).hex(),
        "stream": stream,
        "stream_sequence": sequence,
        "occurred_from_us": since_2000(min(one.occurred_at for one in batch)),
        "occurred_until_us": since_2000(max(one.occurred_at for one in batch)),
        "totals": [dict(zip(names, part, strict=True)) for part in totals(batch)],
        "cancelling": [
            (n, str(one.id), str(one.cancels))
            for n, one in enumerate(batch, 1)
            if one.cancel_reason
        ],
    }
    answer = conn.execute(
        "select receipt from ledger.accept_batches(%s::jsonb, %s::jsonb)",
        (json.dumps([document]), json.dumps([figures | {"batch_count": 1}])),
    ).fetchone()
    assert answer is not None
    return bytes(answer[0])


def since_2000(moment: datetime) -> int:
    """Microseconds since 2000, PostgreSQL's own scale."""
    return (moment - datetime(2000, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def store(
    where: Database | Connection,
    operator: Operator,
    batch: Sequence[Row],
    *,
    key: Key | None = None,
    idempotency_key: UUID | None = None,
    body: bytes | None = None,
    stream: str = "direct",
    sequence: int | None = None,
) -> dict[str, Any]:
    """Store a batch whole and commit it; the receipt as a document.

    ``where`` is a database or a connection of dozir_ingest. Every stored batch takes the
    operator's next stream sequence number unless it is given.
    """
    key = key or operator.key
    idempotency_key = idempotency_key or uuid4()
    body = body if body is not None else idempotency_key.bytes
    sequence = sequence if sequence is not None else next(operator.sequences)
    opening = where.connect("dozir_ingest") if isinstance(where, Database) else nullcontext(where)
    with opening as conn, conn.transaction():
        opened = open_batch(conn, key, idempotency_key, body=body, sequence=sequence, stream=stream)
        if opened.batch_id is None:
            assert opened.receipt is not None
            receipt = opened.receipt
        else:
            copy_rows(conn, operator.id, opened.batch_id, batch)
            receipt = accept_batch(
                conn,
                operator,
                opened.batch_id,
                idempotency_key,
                batch,
                key=key,
                body=body,
                stream=stream,
                sequence=sequence,
            )
    document: dict[str, Any] = json.loads(receipt)
    return document
