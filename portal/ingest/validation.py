"""Checking a batch without storing it: the rules of ``store``, in one read-only transaction.

The same SQL judges in both (``ledger.find_receipt``, ``ledger.find_duplicates``,
``ledger.judge_cancellations``), in the same order, so that what passes here is stored there: unless
something was stored in between, or a batch of the same idempotency key is in flight.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import psycopg
from psycopg.types.json import Jsonb

from portal import db
from portal.ingest import figures, times
from portal.ingest.decoded import Decoded, Int16s, Mask
from portal.ingest.fields import TYPE_NAMES
from portal.ingest.problems import FieldError, Refusal
from portal.ingest.registered import (
    BREACH_LICENCE_TIME,
    BREACH_LICENCE_TYPE,
    BREACH_OBJECT_INACTIVE,
    Registered,
    memory,
)
from portal.ingest.store import SQLSTATES, Submission, duplicates

CHECKS = (
    "access_key",
    "headers",
    "body",
    "records",
    "idempotency_key",
    "sequence",
    "registry",
    "times",
    "duplicates",
    "cancellations",
)
# A batch that is stored already is answered with its receipt, whatever has become of its codes.
CHECKS_OF_A_REPEATED_ONE = CHECKS[: CHECKS.index("sequence")]
BREACHES = {
    "licence_not_in_force": BREACH_LICENCE_TIME,
    "licence_of_another_type": BREACH_LICENCE_TYPE,
    "object_inactive": BREACH_OBJECT_INACTIVE,
}


@dataclass(frozen=True, slots=True)
class Found:
    """What became of the checks; without marks where the batch is stored already."""

    stored_before: bool
    late: Mask | None = None
    breach: Int16s | None = None


def validate(submission: Submission, currencies: dict[str, tuple[int, int]]) -> bytes:
    """Check a batch as ``store`` would; the JSON document that says so. Raises Refusal."""
    try:
        with db.connection("dozir_ingest") as conn, conn.transaction():
            conn.execute("set transaction isolation level repeatable read, read only")
            found = _check(conn, submission)
    except psycopg.Error as problem:
        if code := SQLSTATES.get(problem.sqlstate or ""):
            raise Refusal(code) from problem
        raise
    return msgspec.json.encode(_document(submission, found, currencies))


def _check(conn: db.Connection, submission: Submission) -> Found:
    envelope, batch, operator_id = submission.envelope, submission.columns, submission.operator_id
    registered = memory.get(operator_id)
    answer = db.call(
        conn,
        "ledger.check_batch",
        envelope.key.id,
        envelope.idempotency_key,
        envelope.body_sha256,
        envelope.stream,
        envelope.stream_sequence,
        registered.version if registered else None,
        envelope.key.address,
    )[0]
    if answer["stored_before"]:
        return Found(stored_before=True)
    if answer["codes"] is not None:
        registered = Registered.from_document(answer["codes"])
        memory.put(operator_id, registered)
    registered = registered or Registered.nothing()
    registered.check(batch)
    late = times.check_times(batch, answer["received_us"], answer["oldest_us"])
    if refusal := duplicates(conn, submission):
        raise refusal
    _check_cancellations(conn, operator_id, batch, registered)
    return Found(stored_before=False, late=late, breach=registered.breaches(batch, late))


def _check_cancellations(
    conn: db.Connection, operator_id: int, batch: Decoded, registered: Registered
) -> None:
    cancelling = batch.cancelling.tolist()
    if not cancelling:
        return
    ids, cancels = _uuids(batch.ids), _uuids(batch.cancels)
    taken_back = {cancels[row] for row in cancelling}
    needed = {*cancelling, *(row for row, id_ in enumerate(ids) if id_ in taken_back)}
    rows = _rows(batch, registered, sorted(needed), ids, cancels)
    faults = db.call_value(conn, "ledger.check_cancellations", operator_id, Jsonb(rows))
    if faults:
        raise Refusal.of_records(
            FieldError.at(fault["row_no"] - 1, fault["code"], "cancels") for fault in faults
        )


def _rows(
    batch: Decoded, registered: Registered, rows: list[int], ids: list[UUID], cancels: list[UUID]
) -> list[dict[str, Any]]:
    """Some of a batch as rows of ``ledger.transaction``, as far as cancellations are judged."""
    rounds, players = _uuids(batch.round_id), _uuids(batch.player)
    references = {
        "licence_id": batch.licence.ids({c: x.id for c, x in registered.licences.items()}),
        "channel_id": batch.channel.ids({c: x.id for c, x in registered.channels.items()}),
        "equipment_id": batch.equipment.ids({c: x.id for c, x in registered.equipment.items()}),
        "game_id": batch.game.ids({c: x.id for c, x in registered.games.items()}),
    }
    numbers = {
        name: getattr(batch, name)
        for name in ("type", "amount_minor", "currency", "payment", "flags", "cancel_reason")
    }
    return [
        {
            "row_no": row + 1,
            "id": str(ids[row]),
            "occurred_at": times.from_pg_us(int(batch.occurred_us[row])).isoformat(),
            "round_id": str(rounds[row]),
            "player": str(players[row]),
            "cancels": str(cancels[row]),
        }
        | {name: int(column[row]) for name, column in (references | numbers).items()}
        for row in rows
    ]


def _uuids(column: bytes) -> list[UUID]:
    return [UUID(bytes=column[at : at + 16]) for at in range(0, len(column), 16)]


def _document(
    submission: Submission, found: Found, currencies: dict[str, tuple[int, int]]
) -> dict[str, Any]:
    batch = submission.batch
    names = {number: (code, digits) for code, (number, digits) in currencies.items()}
    return {
        "valid": True,
        "stored_before": found.stored_before,
        "checks": CHECKS_OF_A_REPEATED_ONE if found.stored_before else CHECKS,
        "rows": batch.n,
        "totals": [_total(total, *names[total.currency]) for total in figures.totals(batch)],
        "occurred_from": _moment(batch.occurred_min_us),
        "occurred_until": _moment(batch.occurred_max_us),
        "late_rows": None if found.late is None else int(np.count_nonzero(found.late)),
        "breaches": None if found.breach is None else _breaches(found.breach),
        "body_sha256": submission.envelope.body_sha256.hex(),
    }


def _total(total: figures.Total, currency: str, digits: int) -> dict[str, Any]:
    return {
        "type": TYPE_NAMES[total.type],
        "currency": currency,
        "count": total.count,
        "sum": _sum(total.sum, digits),
        "cancelled_count": total.cancelled_count,
        "cancelled_sum": _sum(total.cancelled_sum, digits),
    }


def _sum(minor: int, digits: int) -> str:
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def _moment(us: int) -> str:
    return times.from_pg_us(us).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _breaches(breach: Int16s) -> list[dict[str, Any]]:
    """How many rows would be marked with each breach, and the first of them."""
    found = []
    for code, bit in BREACHES.items():
        rows = np.flatnonzero(breach & bit)
        if rows.size:
            found.append({"code": code, "rows": int(rows.size), "first_index": int(rows[0])})
    return found
