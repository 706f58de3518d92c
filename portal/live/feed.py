"""One poller for each scope that somebody watches in this worker.

A poller asks the database at most once a second, through the pool, and holds no connection in
between; it ends when nobody watches. Readers wait for a state newer than the one they have: one
that is slow skips states, and nothing is kept for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import psycopg

from portal import db
from portal.errors import DatabaseUnavailable
from portal.live import state as states
from portal.live.state import Scope, State

INTERVAL_S = 1.0
# Ingest comes first: with more readers in this worker than this, all are told more rarely.
EVENTS_A_SECOND = 60
QUIET_POLLS = 5  # with nothing new, only every so many polls are told
log = logging.getLogger(__name__)


class Feed:
    """The states of one scope, for as many readers as there are.

    ``changed`` is notified when there is something to look at: a state told, the database fallen
    silent, a reader to end.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.changed = threading.Condition()
        self.told: State | None = None
        self.silent = False  # the database does not answer
        self._latest: State | None = None
        self._begun = 0  # polls so far
        self._readers = 0
        self._polling = False
        self._made: dict[object, bytes] = {}
        self._made_of: State | None = None

    @contextmanager
    def watched(self) -> Iterator[int]:
        """Keep the poller going for one reader; yields the number of the first poll it can trust.

        What was polled before may be older than what the reader has seen elsewhere.
        """
        with self.changed:
            self._readers += 1
            if not self._polling:
                self._polling = True
                threading.Thread(target=self._poll, name="live", daemon=True).start()
            number = self._begun + 1
        try:
            yield number
        finally:
            with self.changed:
                self._readers -= 1

    @property
    def readers(self) -> int:
        """How many watch."""
        return self._readers

    @property
    def idle(self) -> bool:
        """Whether nobody watches and nobody polls."""
        return not self._readers and not self._polling

    def from_poll(self, number: int) -> State | None:
        """The newest state, when it comes from this poll or a later one."""
        latest = self._latest
        return latest if latest and latest.number >= number else None

    def made(self, state: State, key: object, make: Callable[[], bytes]) -> bytes:
        """What ``make`` makes of ``state``, made once for all readers that need the same."""
        if self._made_of is not state:
            self._made_of, self._made = state, {}
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        return found

    def _poll(self) -> None:
        while True:
            with self.changed:
                if not self._readers:
                    self._polling = False
                    self.told = self._latest = None
                    self.silent = False
                    return
                self._begun += 1
                number = self._begun
            begun = time.monotonic()
            self._step(number)
            time.sleep(max(INTERVAL_S / 10, interval(readers()) - (time.monotonic() - begun)))

    def _step(self, number: int) -> None:
        try:
            latest = replace(self._read(), number=number)
        except (DatabaseUnavailable, psycopg.Error):
            latest = None
        except Exception:
            log.exception("a live feed could not be read")
            latest = None
        with self.changed:
            if latest is None:
                self.silent = True
            else:
                self._latest = latest
                if self.silent or _worth_telling(latest, self.told):
                    self.told = latest
                self.silent = False
            # Whoever has just come waits for a poll, not for news.
            self.changed.notify_all()

    def _read(self) -> State:
        scope = self.scope
        with db.acting_as(scope.role, operator_id=scope.operator_id, actor="live") as conn:
            if self._latest is None:
                return states.first(conn, scope)
            return states.following(conn, scope, self._latest)


def _worth_telling(latest: State, told: State | None) -> bool:
    """Whether a reader would see another page, or has not been told the time for long."""
    return (
        told is None
        or latest.number - told.number >= QUIET_POLLS
        or (latest.batch_total, latest.refusal_total) != (told.batch_total, told.refusal_total)
        or latest.now_rows != told.now_rows
    )


_feeds: dict[Scope, Feed] = {}


def feed_of(scope: Scope) -> Feed:
    """This worker's feed of a scope; feeds that nobody needs any more are forgotten."""
    for idle in [known for known, feed in list(_feeds.items()) if feed.idle and known != scope]:
        del _feeds[idle]
    return _feeds.setdefault(scope, Feed(scope))


def readers() -> int:
    """How many watch in this worker."""
    return sum(feed.readers for feed in list(_feeds.values()))


def interval(watching: int) -> float:
    """Seconds between two polls of a feed: so many events a second are sent at most."""
    return max(INTERVAL_S, watching / EVENTS_A_SECOND)
