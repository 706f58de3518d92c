"""The transaction that stores batches: open, COPY, accept, commit; each whole or not at all.

Outcomes, each final: a receipt for a new batch; the stored receipt of the very same batch; a
Refusal; DatabaseUnavailable, after which the sender repeats the batch under its idempotency key and
learns which of the first two it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any
from uuid import UUID

import gevent
import msgspec
import numpy as np
import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from portal import db
from portal.copying import copy_and_call
from portal.errors import DatabaseUnavailable
from portal.ingest import copy_format, figures, times, wire
from portal.ingest.authentication import AccessKey
from portal.ingest.copy_format import BatchIds
from portal.ingest.decoded import Decoded
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.registered import Registered, memory
from portal.ingest.single import Single
from portal.transparency.rows import batch_root

# SQLSTATE of our own -> code of the API (sql/ledger/functions/*.sql raise or return them).
SQLSTATES = {
    "DZK01": "unknown_key",
    "DZK02": "key_revoked",
    "DZK03": "key_expired",
    "DZK04": "operator_disabled",
    "DZK05": "scope_missing",
    "DZK06": "test_key",
    "DZK08": "address_not_allowed",
    "DZI01": "in_flight",
    "DZI02": "idempotency_key_reused",
    "DZS01": "sequence_missing",
    "DZS02": "sequence_repeated",
}
PACE_S = 0.001
# "Committed locally, but might not have been replicated": PostgreSQL says so in a warning only.
NOT_REPLICATED = "01000"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a batch carries besides its records."""

    key: AccessKey
    idempotency_key: UUID
    stream: str
    stream_sequence: int | None
    body_sha256: bytes


@dataclass(frozen=True, slots=True)
class Submission:
    """A checked batch on its way into the ledger."""

    envelope: Envelope
    batch: Decoded | Single

    @property
    def operator_id(self) -> int:
        return self.envelope.key.operator_id

    @property
    def columns(self) -> Decoded:
        return self.batch.columns if isinstance(self.batch, Single) else self.batch


@dataclass(frozen=True, slots=True)
class Stored:
    """The receipt, byte for byte, and whether this request or an earlier one stored the batch."""

    receipt: bytes
    new: bool


Outcome = Stored | Refusal


@dataclass(frozen=True, slots=True)
class _Ready:
    """A batch that was opened and holds: what COPY and the acceptance need."""

    submission: Submission
    batch_id: int
    received_us: int
    late_count: int
    encodable: copy_format.Batch


def store_alone(submission: Submission) -> Outcome:
    """Store one batch. Raises DatabaseUnavailable; then nothing is known to be stored."""
    try:
        return store_together([submission])[0]
    except (DeadlockDetected, SerializationFailure):
        pass  # e.g. two clients sent the same ids in opposite order: try again, then look
    except psycopg.Error as problem:
        return _refusal(problem, submission)
    try:
        return store_together([submission])[0]
    except (DeadlockDetected, SerializationFailure) as problem:
        if refusal := _duplicates(submission):
            return refusal
        raise DatabaseUnavailable from problem
    except psycopg.Error as problem:
        return _refusal(problem, submission)


def store_together(submissions: Sequence[Submission]) -> list[Outcome]:
    """Store batches in one transaction with one COPY; the outcome of each, in their order.

    Idempotency keys of one operator must differ. Raises psycopg.Error when a batch fails late: then
    none is stored, and which one it was is not known. Raises DatabaseUnavailable.
    """
    with db.connection("dozir_ingest") as conn, _acknowledged(conn):
        conn.execute("begin")
        outcomes: list[Outcome | None] = []
        ready: list[_Ready] = []
        for submission, opened, registered in _open(conn, submissions):
            try:
                outcome = _outcome_of_opening(opened)
                if outcome is None:
                    ready.append(_prepare(submission, opened, registered))
            except Refusal as refusal:
                outcome = refusal
            outcomes.append(outcome)
        if ready:
            receipts = _copy_and_accept(conn, ready)
        else:
            receipts = {}
            conn.commit()
    stored = iter(ready)
    return [
        Stored(receipts[next(stored).batch_id], new=True) if outcome is None else outcome
        for outcome in outcomes
    ]


def _open(
    conn: db.Connection, submissions: Sequence[Submission]
) -> Iterator[tuple[Submission, db.Row, Registered]]:
    """Open batches; with each the operator's codes at the version that the database just named.

    They are handed on, not looked up again: another request may have put those of another
    version into memory meanwhile.
    """
    known = {one.operator_id: memory.get(one.operator_id) for one in submissions}
    envelopes = [one.envelope for one in submissions]
    answers = db.call(
        conn,
        "ledger.open_batches",
        [envelope.key.id for envelope in envelopes],
        [envelope.idempotency_key for envelope in envelopes],
        [envelope.body_sha256 for envelope in envelopes],
        [envelope.stream for envelope in envelopes],
        [envelope.stream_sequence for envelope in envelopes],
        [_version(known[one.operator_id]) for one in submissions],
        [envelope.key.address for envelope in envelopes],
    )
    for submission, opened in zip(submissions, answers, strict=True):
        operator_id = submission.operator_id
        if opened["codes"] is not None:
            known[operator_id] = remembered = Registered.from_document(opened["codes"])
            memory.put(operator_id, remembered)
        # No version at all: nothing was ever registered of this operator.
        yield submission, opened, known[operator_id] or Registered.nothing()


def _outcome_of_opening(opened: db.Row) -> Outcome | None:
    """What opening has decided already; None for a batch that is to be stored."""
    if opened["refusal"] is not None:
        return Refusal(SQLSTATES[opened["refusal"]])
    return Stored(bytes(opened["receipt"]), new=False) if opened["receipt"] is not None else None


def _prepare(submission: Submission, opened: db.Row, registered: Registered) -> _Ready:
    """Check a batch against the registry and the clock. Raises Refusal."""
    batch_id, received_us, oldest_us = (
        opened[name] for name in ("batch_id", "received_us", "oldest_us")
    )
    if isinstance(submission.batch, Single):
        row, occurred_us = submission.batch.row, submission.batch.occurred_min_us
        in_time = times.in_time(occurred_us, received_us, oldest_us)
        if in_time and (found := registered.ids_in_force(row, occurred_us)):
            plain = copy_format.encode_one(
                row, occurred_us, submission.operator_id, batch_id, found
            )
            return _Ready(submission, batch_id, received_us, 0, plain)
    batch = submission.columns
    registered.check(batch)
    late = times.check_times(batch, received_us, oldest_us)
    ids = BatchIds(
        operator_id=submission.operator_id,
        batch_id=batch_id,
        licence_ids=batch.licence.ids(_ids(registered.licences, batch.licence.distinct)),
        channel_ids=batch.channel.ids(_ids(registered.channels, batch.channel.distinct)),
        equipment_ids=batch.equipment.ids(_ids(registered.equipment, batch.equipment.distinct)),
        game_ids=batch.game.ids(_ids(registered.games, batch.game.distinct)),
        breach=registered.breaches(batch, late),
    )
    return _Ready(submission, batch_id, received_us, int(np.count_nonzero(late)), (batch, ids))


def _copy_and_accept(conn: db.Connection, ready: Sequence[_Ready]) -> dict[int, bytes]:
    """One COPY for all, then their acceptance and COMMIT; the receipts by batch id."""
    rows = copy_format.encode_many([one.encodable for one in ready])
    gevent.sleep(0)  # large batches are much work; nothing is locked yet
    batches = [_document(one, root) for one, root in zip(ready, _roots(ready, rows), strict=True)]
    gevent.sleep(0)
    accepted = copy_and_call(
        conn,
        "ledger.accept_batches",
        _json(batches),
        _json(_arrivals(batches)),
        into=copy_format.COPY_STATEMENT,
        rows=rows,
        between=_pace,
    )
    return dict(accepted)


def _pace() -> None:
    """Between the parts of a large batch: whoever has less to store finds the processors free."""
    gevent.sleep(PACE_S)


def _roots(ready: Sequence[_Ready], stream: bytearray) -> Iterator[bytes]:
    """The root of each batch over its tuples in the COPY stream."""
    view = memoryview(stream)
    start = len(copy_format.HEADER)
    for one in ready:
        end = start + one.submission.batch.n * copy_format.TUPLE_BYTES
        yield batch_root(view[start:end], copy_format.TUPLE_BYTES, _pause)
        start = end


def _pause() -> None:
    """During the hashing of a large batch: whoever waits for the processor gets it."""
    gevent.sleep(0)


def _document(one: _Ready, root: bytes) -> dict[str, Any]:
    """A batch as ``ledger.accept_batches`` takes it."""
    envelope, batch = one.submission.envelope, one.submission.batch
    document: dict[str, Any] = {
        "batch_id": one.batch_id,
        "access_key_id": envelope.key.id,
        "idempotency_key": envelope.idempotency_key,
        "body_sha256": envelope.body_sha256.hex(),
        "schema_version": wire.SCHEMA_VERSION,
        "stream": envelope.stream,
        "stream_sequence": envelope.stream_sequence,
        "row_count": batch.n,
        "batch_root": root.hex(),
        "occurred_from_us": batch.occurred_min_us,
        "occurred_until_us": batch.occurred_max_us,
        "late_count": one.late_count,
        "lag_histogram": figures.lag_histogram(batch, one.received_us),
        "totals": figures.totals(batch),
    }
    if batch.takes_back:
        document["cancelling"] = _cancelling(one.submission.columns)
    return document


def _cancelling(batch: Decoded) -> list[tuple[int, UUID, UUID]]:
    """Row number and id of each record that takes another one back, and the id of that."""
    rows = batch.cancelling.tolist()
    ids, cancelled = _uuids(batch.ids, rows), _uuids(batch.cancels, rows)
    return [(row + 1, *pair) for row, *pair in zip(rows, ids, cancelled, strict=True)]


def _arrivals(batches: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Figures of arrival, added up for each key."""
    keys: dict[int, dict[str, Any]] = {}
    for batch in batches:
        key = batch["access_key_id"]
        sums = keys.setdefault(
            key,
            {
                "access_key_id": key,
                "batch_count": 0,
                "row_count": 0,
                "late_count": 0,
                "lag_histogram": [],
            },
        )
        sums["batch_count"] += 1
        sums["row_count"] += batch["row_count"]
        sums["late_count"] += batch["late_count"]
        sums["lag_histogram"] = [
            own + more
            for own, more in zip_longest(sums["lag_histogram"], batch["lag_histogram"], fillvalue=0)
        ]
    return list(keys.values())


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _version(remembered: Registered | None) -> int | None:
    return remembered.version if remembered else None


def await_standbys() -> None:
    """Return once what was read before is on the standbys that commits wait for, if any.

    A batch whose own wait was cancelled is visible here and nowhere else; a receipt that is read
    is a promise like one that is answered. Raises DatabaseUnavailable.
    """
    with db.connection("dozir_portal") as conn, _acknowledged(conn), conn.transaction():
        conn.execute(
            "select pg_logical_emit_message(true, 'dozir.read', '')"
            " where current_setting('synchronous_standby_names') <> ''"
        )


def _ids(known: dict[str, Any], distinct: list[str]) -> dict[str, int]:
    return {code: known[code].id for code in distinct}


def _uuids(column: bytes, rows: list[int]) -> list[UUID]:
    return [UUID(bytes=column[16 * row : 16 * row + 16]) for row in rows]


@contextmanager
def _acknowledged(conn: db.Connection) -> Iterator[None]:
    """Turn a commit that no standby confirmed into DatabaseUnavailable: no receipt for that."""
    warned: list[str | None] = []

    def listen(diagnostic: psycopg.errors.Diagnostic) -> None:
        warned.append(diagnostic.sqlstate)

    conn.add_notice_handler(listen)
    try:
        yield
    finally:
        conn.remove_notice_handler(listen)
    if NOT_REPLICATED in warned:
        raise DatabaseUnavailable


def _refusal(problem: psycopg.Error, submission: Submission) -> Refusal:
    """What the failure of a batch that was stored alone means; any other goes on.

    A unique key of a chunk means a duplicate id; that of ledger.batch, a used sequence.
    """
    if problem.sqlstate == "DZC01":
        faults = msgspec.json.decode(problem.diag.message_detail or "[]")
        return Refusal.of_records(
            FieldError.at(fault["row_no"] - 1, fault["code"], "cancels") for fault in faults
        )
    if not isinstance(problem, UniqueViolation):
        raise problem
    if problem.diag.constraint_name == "uq_batch_stream_sequence":
        return Refusal("sequence_repeated")
    if refusal := _duplicates(submission):
        return refusal
    raise DatabaseUnavailable from problem


def _duplicates(submission: Submission) -> Refusal | None:
    with db.connection("dozir_ingest") as conn:
        return duplicates(conn, submission)


def duplicates(conn: db.Connection, submission: Submission) -> Refusal | None:
    """Name each record whose id is stored already; None when none is (any more)."""
    batch = submission.columns
    ids = _uuids(batch.ids, list(range(batch.n)))
    stored = {
        row["find_duplicates"]
        for row in db.call(conn, "ledger.find_duplicates", submission.operator_id, ids)
    }
    rows = [row for row, id_ in enumerate(ids) if id_ in stored]
    if not rows:
        return None
    return Refusal.of_records(FieldError.at(row, "duplicate_id", "id") for row in rows)
