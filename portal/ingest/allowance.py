"""How much an access key may send: a token bucket for all workers, in the database.

A request takes what it is about to use with ``ledger.take_allowance``, a short statement of its
own. For the requests that follow within a moment a worker takes a fiftieth of a second's allowance
besides, so that a stream of small batches asks only a few times a second.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cached_property

import psycopg
from gevent.lock import BoundedSemaphore

from portal import db
from portal.ingest.problems import Refusal
from portal.ingest.store import SQLSTATES

# No longer than ledger.take_allowance reckons with: what is not used by then is lost.
LEASE_S = 0.25
_LEASE_SHARE = 50
_MAX_KEYS_IN_MEMORY = 10_000
# A key that was refused is asked about again after this at the latest: its limits may be others.
_LONGEST_BLOCK_S = 1.0


@dataclass(frozen=True)
class Limits:
    """A key's limits: a second's allowance, and the most at once."""

    rows_per_s: int
    burst_rows: int
    bytes_per_s: int
    burst_bytes: int

    @property
    def rows_at_once(self) -> int:
        """What a full bucket holds: the burst less what comes in during one lease."""
        return int(self.burst_rows - LEASE_S * self.rows_per_s)

    @property
    def bytes_at_once(self) -> int:
        """The same in bytes."""
        return int(self.burst_bytes - LEASE_S * self.bytes_per_s)

    @cached_property
    def policy(self) -> str:
        """As ``RateLimit-Policy`` says it."""
        rows, size = self.rows_at_once, self.bytes_at_once
        return (
            f'"rows";q={rows};w={math.ceil(rows / self.rows_per_s)};qu="rows", '
            f'"bytes";q={size};w={math.ceil(size / self.bytes_per_s)};qu="content-bytes"'
        )


@dataclass(slots=True)
class Account:
    """What this worker knows of one key. Moments are those of ``time.monotonic``."""

    limits: Limits | None = None
    rows_left: int = 0
    bytes_left: int = 0
    known_at: float = 0.0
    lease_rows: int = 0
    lease_bytes: int = 0
    lease_until: float = 0.0
    blocked_until: float = 0.0
    # Whose request asks the database; what it brings may do for those that wait meanwhile.
    asking: BoundedSemaphore = field(default_factory=BoundedSemaphore)

    def fits(self, rows: int, size: int, now: float) -> bool:
        """Use the lease if it is there and enough."""
        if now >= self.lease_until or rows > self.lease_rows or size > self.lease_bytes:
            return False
        self.lease_rows -= rows
        self.lease_bytes -= size
        return True

    def lease(self) -> tuple[int, int]:
        """Rows and bytes to take besides, for the requests of the next moment."""
        if self.limits is None:
            return 0, 0
        return (
            self.limits.rows_per_s // _LEASE_SHARE,
            self.limits.bytes_per_s // _LEASE_SHARE,
        )


_accounts: OrderedDict[int, Account] = OrderedDict()


def account(access_key_id: int) -> Account:
    """What this worker knows of a key; whoever was not seen for longest is forgotten."""
    found = _accounts.get(access_key_id)
    if found is None:
        found = _accounts[access_key_id] = Account()
        if len(_accounts) > _MAX_KEYS_IN_MEMORY:
            _accounts.popitem(last=False)
    else:
        _accounts.move_to_end(access_key_id)
    return found


def check(access_key_id: int) -> None:
    """Refuse at once a key that was just told to wait; it costs nothing."""
    left_s = account(access_key_id).blocked_until - time.monotonic()
    if left_s > 0:
        raise _limited(left_s)


def take(access_key_id: int, rows: int, size: int) -> None:
    """Take so many rows and bytes for a request. Raises Refusal ``rate_limited``.

    A key that is refused is not looked at again until what it was refused is there, or a second
    later, whatever it sends meanwhile: refusing costs next to nothing.
    """
    own = account(access_key_id)
    if own.fits(rows, size, time.monotonic()):
        return
    with own.asking:
        now = time.monotonic()
        if not own.fits(rows, size, now):
            check(access_key_id)
            _ask(access_key_id, own, rows, size, now)


def _ask(access_key_id: int, own: Account, rows: int, size: int, now: float) -> None:
    """Take from the database, which is asked by one request of a key at a time."""
    more_rows, more_bytes = own.lease()
    try:
        with db.connection(db.MOMENT) as conn:
            answer = db.call(
                conn,
                "ledger.take_allowance",
                access_key_id,
                rows,
                size,
                more_rows,
                more_bytes,
                LEASE_S,
            )[0]
    except psycopg.Error as problem:
        if code := SQLSTATES.get(problem.sqlstate or ""):
            raise Refusal(code) from problem
        raise
    own.limits = Limits(
        answer["rows_per_s"], answer["burst_rows"], answer["bytes_per_s"], answer["burst_bytes"]
    )
    own.rows_left, own.bytes_left = answer["rows_left"], answer["bytes_left"]
    own.known_at = time.monotonic()
    if answer["more_granted"]:
        # What was left of another lease is let go: it is worth less than keeping book of both.
        own.lease_rows, own.lease_bytes = more_rows, more_bytes
        own.lease_until = now + LEASE_S
    if not answer["granted"]:
        own.blocked_until = now + min(answer["wait_s"], _LONGEST_BLOCK_S)
        raise _limited(answer["wait_s"])


def headers(access_key_id: int) -> tuple[tuple[str, str], ...]:
    """``RateLimit-Policy`` and ``RateLimit`` (draft-ietf-httpapi-ratelimit-headers-10).

    The quota is what is there at once after a pause, the window how long it takes to fill again,
    ``t`` how long from now on; when to send again after a refusal is ``Retry-After`` alone.
    """
    own = account(access_key_id)
    limits = own.limits
    if limits is None:
        return ()
    now = time.monotonic()
    leased = now < own.lease_until
    rows = _state(
        limits.rows_at_once,
        own.rows_left + (own.lease_rows if leased else 0),
        limits.rows_per_s,
        now - own.known_at,
    )
    size = _state(
        limits.bytes_at_once,
        own.bytes_left + (own.lease_bytes if leased else 0),
        limits.bytes_per_s,
        now - own.known_at,
    )
    return (
        ("RateLimit-Policy", limits.policy),
        ("RateLimit", f'"rows";{rows}, "bytes";{size}'),
    )


def _state(quota: int, left: int, per_s: int, passed_s: float) -> str:
    """What of a quota remains, ``passed_s`` after so much was left, and until when it fills."""
    remaining = min(quota, int(left + passed_s * per_s))
    return f"r={remaining};t={math.ceil((quota - remaining) / per_s)}"


def _limited(wait_s: float) -> Refusal:
    return Refusal("rate_limited", retry_after=max(1, math.ceil(wait_s)))
