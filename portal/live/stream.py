"""The stream of events of one open page, and all streams that are open in this worker.

A stream holds no database connection and no queue: it waits for its feed, tells the difference
between what it told last and what is there now, and waits again. Its session is asked after every
second, together with all others.
"""

from __future__ import annotations

import logging
import random
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import psycopg
from gevent.monkey import get_original

from portal.errors import DatabaseUnavailable
from portal.identity import login
from portal.identity.login import Viewer
from portal.live.feed import Feed
from portal.live.gateway import Arrivals, Position
from portal.live.state import RESUMABLE, State

HEARTBEAT_S = 15.0
LIFE_S = 600.0
RETRY_MS = 3000
LONGEST_SEND_S = 20.0
WATCH_S = 1.0
MOST_FOR_A_PERSON = 12
MOST = 600  # of the worker's connections; the others are for batches and pages

log = logging.getLogger(__name__)

# From a state, what is new in it (None: all of it) to the data of an event.
Write = Callable[[State, Arrivals | None], str]
# From a position and a state, what the state has that was not visible at the position.
Read = Callable[[Position, State], Arrivals]


class Stream:
    """One reader: its session's digest, and who it is as :func:`login.living` tells it."""

    def __init__(
        self, viewer: Viewer, session: bytes, feed: Feed, connection: socket.socket | None
    ) -> None:
        # Read now: who asks is known in the request alone.
        self.identity = viewer.person_id, viewer.role, viewer.operator_id
        self.session = session
        self.ended = ""  # why, once it is to end
        self._feed = feed
        self._connection = connection
        self._sending_since: float | None = None

    def sending_for(self, now: float) -> float:
        """How many seconds the reader has let us wait with what we send."""
        since = self._sending_since
        return 0.0 if since is None else now - since

    def end(self, why: str) -> None:
        """End the stream, and say why."""
        self.ended = why
        with self._feed.changed:
            self._feed.changed.notify_all()

    def file_number(self) -> int:
        """Of its connection; negative where there is none."""
        return -1 if self._connection is None else self._connection.fileno()

    def cut(self) -> None:
        """Take the connection away, whatever is being sent."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def events(
        self, after: Position | None, missed: Read, write: Write, like: object
    ) -> Iterator[bytes]:
        """The stream itself, chunk by chunk; readers with the same ``like`` read the same words."""
        with opened(self), self._feed.watched() as first:
            for chunk in self._chunks(first, after, missed, write, like):
                self._sending_since = time.monotonic()
                yield chunk
                self._sending_since = None

    def _chunks(
        self, first: int, after: Position | None, missed: Read, write: Write, like: object
    ) -> Iterator[bytes]:
        until = time.monotonic() + LIFE_S * random.uniform(0.9, 1.0)  # noqa: S311 - not all at once
        yield f"retry: {RETRY_MS}\n\n".encode()
        feed, told, silent = self._feed, None, False
        while not self.ended and time.monotonic() < until:
            state = self._wait(first, told, silent, min(until, time.monotonic() + HEARTBEAT_S))
            if state is not None:
                # Readers who have been told the same so far are sent the very same bytes.
                new = _difference(told, state) if told else _resumed(after, state, missed)
                make = partial(_live, write, state, new)
                in_step = new is not None and (told or not new.batch_count + new.refusal_count)
                key = new and (like, new.batch_count, new.refusal_count)
                yield feed.made(state, key, make) if in_step else make()
                told, silent = state, False
            elif feed.silent != silent and not self.ended:
                silent = feed.silent
                if silent:
                    yield _event("stale", "")
            elif not self.ended:
                yield b": still here\n\n"
        if self.ended:
            yield _event("end", self.ended)

    def _wait(self, first: int, told: State | None, silent: bool, until: float) -> State | None:
        """A state to tell; None when none came in time, or there is something else to say."""
        feed = self._feed
        with feed.changed:
            while not self.ended and feed.silent == silent:
                found = feed.from_poll(first) if told is None else feed.told
                if found and (told is None or found.number > told.number):
                    return found
                left = until - time.monotonic()
                if left <= 0 or not feed.changed.wait(left):
                    return None
        return None


def _difference(told: State, state: State) -> Arrivals:
    """What ``state`` has that ``told`` had not."""
    batches = state.batch_total - told.batch_total
    refusals = state.refusal_total - told.refusal_total
    return Arrivals(
        state.position, batches, refusals, {}, state.batches[:batches], state.refusals[:refusals]
    )


def _resumed(after: Position | None, state: State, missed: Read) -> Arrivals | None:
    """What a reader missed since ``after``; None when it is to be given everything."""
    if after is None or state.as_of - after.as_of > RESUMABLE:
        return None
    try:
        return missed(after, state)
    except (DatabaseUnavailable, psycopg.Error):
        return None


def _live(write: Write, state: State, new: Arrivals | None) -> bytes:
    return _event("live", write(state, new), state.position)


def _event(name: str, data: str, position: Position | None = None) -> bytes:
    """An event; ``data`` is one line."""
    id_ = f"id: {position}\n" if position else ""
    return f"{id_}event: {name}\ndata: {data}\n\n".encode()


_open: set[Stream] = set()
_lock = threading.Lock()
_watching = False
_stopping = False


@contextmanager
def opened(stream: Stream) -> Iterator[None]:
    """Count a stream among the open ones, and look after it."""
    global _watching  # noqa: PLW0603 - one watch for all streams of the process
    with _lock:
        _open.add(stream)
        if not _watching:
            _watching = True
            threading.Thread(target=_watch, name="live-watch", daemon=True).start()
    try:
        yield
    finally:
        with _lock:
            _open.discard(stream)


def refusal(viewer: Viewer) -> int | None:
    """The status with which one more stream is refused: 429, 503; None when it may open."""
    if _stopping:
        return 503
    own = sum(stream.identity[0] == viewer.person_id for stream in list(_open))
    if own >= MOST_FOR_A_PERSON:
        return 429
    return 503 if len(_open) >= MOST else None


def stop() -> None:
    """End all streams: the process is asked to stop, and their readers will find another."""
    global _stopping  # noqa: PLW0603
    _stopping = True
    for stream in list(_open):
        stream.end("restart")
        if stream.sending_for(time.monotonic()):
            stream.cut()


def _watch() -> None:
    global _watching  # noqa: PLW0603
    while True:
        time.sleep(WATCH_S)
        with _lock:
            if not _open:
                _watching = False
                return
            streams = list(_open)
        try:
            _end_with_their_sessions(streams)
            _end_with_their_readers(streams)
        except Exception:
            log.exception("the live streams could not be looked after")


def _end_with_their_readers(streams: list[Stream]) -> None:
    """End the streams that nobody reads any more, and cut off those who do not take what we send.

    Nothing is asked for on such a connection: what there is to read is its end.
    """
    now = time.monotonic()
    by_number = {number: one for one in streams if (number := one.file_number()) >= 0}
    poll = get_original("select", "poll")()  # gevent's own would wait for each in turn
    for number in by_number:
        poll.register(number, select.POLLIN)
    for number, _ in poll.poll(0):
        by_number[number].end("gone")
    for stream in streams:
        if stream.sending_for(now) > LONGEST_SEND_S:
            stream.cut()


def _end_with_their_sessions(streams: list[Stream]) -> None:
    """End the streams whose session has ended, or is no longer that of the same reader."""
    try:
        living = login.living({stream.session for stream in streams})
    except (DatabaseUnavailable, psycopg.Error):
        return  # nothing can be read then either
    for stream in streams:
        if living.get(stream.session) != stream.identity:
            stream.end("session")
