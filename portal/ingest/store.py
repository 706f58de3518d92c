"""The transaction that stores a batch: open, COPY, accept, commit; whole or not at all.

Outcomes, each final: a receipt for a new batch; the stored receipt of the very same batch; a
Refusal; DatabaseUnavailable, after which the sender repeats the batch under its idempotency key and
learns which of the first two it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import psycopg
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from portal import db
from portal.errors import DatabaseUnavailable
from portal.ingest import copy_format, figures, times, wire
from portal.ingest.authentication import AccessKey
from portal.ingest.copy_format import BatchIds
from portal.ingest.decoded import Decoded
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.registered import Registered, memory

# SQLSTATE of our own -> code of the API (sql/ledger/functions/*.sql raise them).
SQLSTATES = {
    "DZK01": "unknown_key",
    "DZK02": "key_revoked",
    "DZK03": "key_expired",
    "DZK04": "operator_disabled",
    "DZK05": "scope_missing",
    "DZK06": "test_key",
    "DZI01": "in_flight",
    "DZI02": "idempotency_key_reused",
    "DZS01": "sequence_missing",
}
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
class Stored:
    """The receipt, byte for byte, and whether this request or an earlier one stored the batch."""

    receipt: bytes
    new: bool


def store(envelope: Envelope, batch: Decoded) -> Stored:
    """Store a checked batch. Raises Refusal or DatabaseUnavailable; then nothing is stored."""
    try:
        return _store(envelope, batch)
    except (DeadlockDetected, SerializationFailure):
        pass  # e.g. two clients sent the same ids in opposite order: try again, then look
    except UniqueViolation as problem:
        raise _refusal_of_unique(problem, envelope, batch) from problem
    try:
        return _store(envelope, batch)
    except UniqueViolation as problem:
        raise _refusal_of_unique(problem, envelope, batch) from problem
    except (DeadlockDetected, SerializationFailure) as problem:
        if refusal := _duplicates(envelope.key.operator_id, batch):
            raise refusal from problem
        raise DatabaseUnavailable from problem


def _store(envelope: Envelope, batch: Decoded) -> Stored:
    with db.connection("dozir_ingest") as conn, _acknowledged(conn):
        try:
            with conn.transaction():
                opened, registered = _open(conn, envelope)
                if opened["batch_id"] is None:
                    return Stored(bytes(opened["receipt"]), new=False)
                receipt = _copy_and_accept(conn, envelope, batch, opened, registered)
        except psycopg.Error as problem:
            if refusal := _refusal(problem):
                raise refusal from problem
            raise
    return Stored(receipt, new=True)


def _open(conn: db.Connection, envelope: Envelope) -> tuple[db.Row, Registered]:
    """Open the batch; the operator's codes at the version that the database just named.

    They are handed on, not looked up again: another request may have put those of another
    version into memory meanwhile.
    """
    remembered = memory.get(envelope.key.operator_id)
    opened: db.Row = db.call(
        conn,
        "ledger.open_batch",
        envelope.key.id,
        envelope.idempotency_key,
        envelope.body_sha256,
        envelope.stream_sequence,
        remembered.version if remembered else None,
    )[0]
    if opened["codes"] is not None:
        remembered = Registered.from_document(opened["codes"])
        memory.put(envelope.key.operator_id, remembered)
    # No version at all: nothing was ever registered of this operator.
    return opened, remembered or Registered.nothing()


def _copy_and_accept(
    conn: db.Connection,
    envelope: Envelope,
    batch: Decoded,
    opened: db.Row,
    registered: Registered,
) -> bytes:
    registered.check(batch)
    received_us = opened["received_us"]
    late = times.check_times(batch, received_us, opened["oldest_us"])
    ids = BatchIds(
        operator_id=envelope.key.operator_id,
        batch_id=opened["batch_id"],
        licence_ids=batch.licence.ids(_ids(registered.licences, batch.licence.distinct)),
        channel_ids=batch.channel.ids(_ids(registered.channels, batch.channel.distinct)),
        equipment_ids=batch.equipment.ids(_ids(registered.equipment, batch.equipment.distinct)),
        game_ids=batch.game.ids(_ids(registered.games, batch.game.distinct)),
        breach=registered.breaches(batch, late),
    )
    with conn.cursor() as cursor, cursor.copy(copy_format.COPY_STATEMENT) as copy:
        copy.write(copy_format.encode(batch, ids))

    totals = figures.totals(batch)
    cancelling = batch.cancelling()
    receipt = db.call_value(
        conn,
        "ledger.accept_batch",
        opened["batch_id"],
        envelope.key.id,
        envelope.idempotency_key,
        envelope.body_sha256,
        wire.SCHEMA_VERSION,
        envelope.stream,
        envelope.stream_sequence,
        batch.n,
        times.from_pg_us(batch.occurred_min_us),
        times.from_pg_us(batch.occurred_max_us),
        int(np.count_nonzero(late)),
        figures.lag_histogram(batch, received_us),
        [total.currency for total in totals],
        [total.type for total in totals],
        [total.count for total in totals],
        [total.sum for total in totals],
        [total.cancelled_count for total in totals],
        [total.cancelled_sum for total in totals],
        (cancelling + 1).tolist(),
        _uuids(batch.ids, cancelling.tolist()),
        _uuids(batch.cancels, cancelling.tolist()),
    )
    return bytes(receipt)


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


def _refusal(problem: psycopg.Error) -> Refusal | None:
    """The refusal that a SQLSTATE of our own stands for."""
    if problem.sqlstate == "DZC01":
        faults = msgspec.json.decode(problem.diag.message_detail or "[]")
        return Refusal.of_records(
            FieldError.at(fault["row_no"] - 1, fault["code"], "cancels") for fault in faults
        )
    if code := SQLSTATES.get(problem.sqlstate or ""):
        return Refusal(code)
    return None


def _refusal_of_unique(problem: UniqueViolation, envelope: Envelope, batch: Decoded) -> Exception:
    """A unique key of a chunk means a duplicate id; that of ledger.batch, a used sequence."""
    if problem.diag.constraint_name == "uq_batch_stream_sequence":
        return Refusal("sequence_repeated")
    return _duplicates(envelope.key.operator_id, batch) or DatabaseUnavailable()


def _duplicates(operator_id: int, batch: Decoded) -> Refusal | None:
    with db.connection("dozir_ingest") as conn:
        return duplicates(conn, operator_id, batch)


def duplicates(conn: db.Connection, operator_id: int, batch: Decoded) -> Refusal | None:
    """Name each record whose id is stored already; None when none is (any more)."""
    ids = _uuids(batch.ids, list(range(batch.n)))
    stored = {
        row["find_duplicates"] for row in db.call(conn, "ledger.find_duplicates", operator_id, ids)
    }
    rows = [row for row, id_ in enumerate(ids) if id_ in stored]
    if not rows:
        return None
    return Refusal.of_records(FieldError.at(row, "duplicate_id", "id") for row in rows)
