"""Times of records against the clock of the database: future, archive horizon, days, lateness."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from portal.ingest.decoded import Decoded, Mask
from portal.ingest.problems import MAX_ERRORS, FieldError, Refusal

MAX_DAYS = 40  # distinct UTC days in a batch, and among what it takes back; each has its chunk
FUTURE_US = 5 * 60 * 1_000_000
LATE_US = 15 * 60 * 1_000_000

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
UNIX_TO_PG_MS = 946_684_800_000


def to_pg_us(moment: datetime) -> int:
    """Microseconds since 2000-01-01 UTC of an aware datetime."""
    return (moment - _EPOCH) // _MICROSECOND


def from_pg_us(us: int) -> datetime:
    """Aware UTC datetime of microseconds since 2000-01-01 UTC."""
    return _EPOCH + us * _MICROSECOND


def check_times(decoded: Decoded, now_us: int, oldest_us: int) -> Mask:
    """Return the rows that are late (True: more than 15 minutes before ``now_us``).

    ``oldest_us``: the first moment still accepted, inclusive; all in microseconds since 2000.
    Raises Refusal ``occurred_at_in_future`` (beyond 5 minutes), ``occurred_at_too_old`` or
    ``too_many_days``.
    """
    if decoded.occurred_max_us > now_us + FUTURE_US or decoded.occurred_min_us < oldest_us:
        raise _outside(decoded, now_us, oldest_us)
    if decoded.days > MAX_DAYS or decoded.cancelled_days > MAX_DAYS:
        raise Refusal("too_many_days")
    return decoded.occurred_us < now_us - LATE_US


def in_time(occurred_us: int, now_us: int, oldest_us: int) -> bool:
    """Whether a record is neither late nor outside what ``check_times`` accepts."""
    return max(oldest_us, now_us - LATE_US) <= occurred_us <= now_us + FUTURE_US


def _outside(decoded: Decoded, now_us: int, oldest_us: int) -> Refusal:
    """Name the records outside the accepted span."""
    old = decoded.occurred_us < oldest_us
    rows = np.flatnonzero(old | (decoded.occurred_us > now_us + FUTURE_US)).tolist()
    errors = [
        FieldError.at(
            row, "occurred_at_too_old" if old[row] else "occurred_at_in_future", "occurred_at"
        )
        for row in rows[:MAX_ERRORS]
    ]
    return Refusal.of_records(errors, total=len(rows))
