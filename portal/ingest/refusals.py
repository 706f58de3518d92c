"""The record of what was refused: time, key, counts and codes, never a value from the body."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

import msgspec
import psycopg
import structlog
from psycopg.types.json import Jsonb

from portal import db
from portal.errors import DatabaseUnavailable
from portal.ingest.problems import Refusal

ERRORS_KEPT = 10  # pointers kept with a refusal; the sender was told up to 100

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Attempt:
    """What is known of a request so far; filled in while it is read."""

    access_key_id: int | None = None
    idempotency_key: UUID | None = None
    stream: str | None = None
    stream_sequence: int | None = None
    row_count: int | None = None
    body_bytes: int | None = None


def record(attempt: Attempt, refusal: Refusal, request_id: str) -> None:
    """Store a refusal of a known key. Losing this record never changes the answer."""
    if attempt.access_key_id is None:
        return
    codes = Counter(error.code for error in refusal.errors) or Counter([refusal.code])
    try:
        with db.connection("dozir_ingest") as conn:
            db.call(
                conn,
                "ledger.record_refusal",
                attempt.access_key_id,
                attempt.idempotency_key,
                attempt.stream,
                attempt.stream_sequence,
                refusal.status,
                refusal.code,
                max(refusal.total, 1),
                attempt.row_count,
                attempt.body_bytes,
                Jsonb(codes),
                Jsonb(msgspec.to_builtins(refusal.errors[:ERRORS_KEPT])),
                request_id,
            )
    except (DatabaseUnavailable, psycopg.Error) as problem:
        log.warning(
            "refusal not recorded",
            code=refusal.code,
            request_id=request_id,
            sqlstate=getattr(problem, "sqlstate", None),
        )
