"""Who comes next in this worker: no operator keeps the others out, however much it sends.

Before anything of a body is read a request has a place among those of its key. Large bodies are
decoded one at a time, operator after operator, with pauses for small ones: decoding holds the
worker, so that twenty in a row would be twenty times the wait for everybody else. And of one operator no more than the rows of one
full batch are with the database at a time, where the others find connections and processors free.
Refusing costs next to nothing; whoever collects refusals gets them slowly.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

import gevent
from gevent.event import Event
from gevent.lock import BoundedSemaphore

from portal.ingest.fields import MAX_ROWS

# Requests of one key in this worker, and how many of them are worked on at a time: the others wait
# for their bodies, for their turn, or for the answer to a refusal.
PRESENT = 128
AT_A_TIME = 32
# So many refusals in a second are an accident; what comes beyond is answered late. Whoever is told
# to wait is told so late as well: he has a second at least, so that it costs him nothing.
REFUSALS_A_SECOND = 100
HELD_S = 0.5
# A smaller body is decoded at once: in less than a millisecond.
LARGE_BYTES = 64 * 1024


class TooManyWaiting(Exception):
    """More requests of a key than anybody needs are here already."""


@dataclass(slots=True)
class _Place:
    """The requests of one key; kept only while there are some."""

    working: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_A_TIME))
    present: int = 0


@dataclass(slots=True)
class _Storing:
    """The rows of one operator that are with the database; kept only while there are some."""

    rows: int = 0
    present: int = 0
    waiting: deque[tuple[int, Event]] = field(default_factory=deque)


_places: dict[int, _Place] = {}
_storing: dict[int, _Storing] = {}


@contextmanager
def place(access_key_id: int) -> Iterator[None]:
    """A place among the requests of a key. Raises TooManyWaiting."""
    own = _places.setdefault(access_key_id, _Place())
    if own.present >= PRESENT:
        raise TooManyWaiting
    own.present += 1
    try:
        yield
    finally:
        own.present -= 1
        if not own.present:
            del _places[access_key_id]


@contextmanager
def work(access_key_id: int) -> Iterator[None]:
    """A place among those of a key that are worked on, for whoever has a place and its body."""
    with _places[access_key_id].working:
        yield


@contextmanager
def storing(operator_id: int, rows: int) -> Iterator[None]:
    """Wait until so many rows more of an operator may go to the database, in order of arrival."""
    own = _storing.setdefault(operator_id, _Storing())
    own.present += 1
    try:
        if own.waiting or (own.rows and own.rows + rows > MAX_ROWS):
            turn = Event()
            own.waiting.append((rows, turn))
            try:
                turn.wait()
            except BaseException:
                _give_up(own, rows, turn)
                raise
        else:
            own.rows += rows
        try:
            yield
        finally:
            own.rows -= rows
            _admit(own)
    finally:
        own.present -= 1
        if not own.present:
            del _storing[operator_id]


def _admit(own: _Storing) -> None:
    while own.waiting and (not own.rows or own.rows + own.waiting[0][0] <= MAX_ROWS):
        rows, turn = own.waiting.popleft()
        own.rows += rows
        turn.set()


def _give_up(own: _Storing, rows: int, turn: Event) -> None:
    """Whoever is cut off while it waits leaves the line, or hands on what it was just given."""
    if turn.is_set():
        own.rows -= rows
    else:
        own.waiting.remove((rows, turn))
    _admit(own)


class Turns:
    """One at a time, and among several operators each in turn."""

    def __init__(self) -> None:
        self._lines: OrderedDict[int, deque[Event]] = OrderedDict()
        self._taken = False

    @contextmanager
    def of(self, operator_id: int) -> Iterator[None]:
        """Wait for this operator's turn."""
        # Whoever comes lets those that are already there go first, and those whose bytes have just
        # arrived queue up.
        mine = Event()
        self._lines.setdefault(operator_id, deque()).append(mine)
        if not self._taken:
            self._taken = True
            gevent.spawn(self._next)
        try:
            mine.wait()
        except BaseException:
            self._leave(operator_id, mine)
            raise
        try:
            yield
        finally:
            gevent.spawn(self._next)

    def _next(self) -> None:
        if not self._lines:
            self._taken = False
            return
        operator_id, line = self._lines.popitem(last=False)
        first = line.popleft()
        if line:
            self._lines[operator_id] = line  # behind the others
        first.set()

    def _leave(self, operator_id: int, mine: Event) -> None:
        if mine.is_set():
            gevent.spawn(self._next)
            return
        line = self._lines[operator_id]
        line.remove(mine)
        if not line:
            del self._lines[operator_id]


decoding = Turns()


@contextmanager
def decoding_turn(operator_id: int, size: int) -> Iterator[Callable[[], None]]:
    """A turn for decoding a large body, with what to call in pauses; a small one needs neither."""
    if size < LARGE_BYTES:
        yield _go_on
        return
    with decoding.of(operator_id):
        yield partial(gevent.sleep, 0)


def _go_on() -> None:
    pass


@dataclass(slots=True)
class _Refusals:
    """How many refusals a key was answered in the second that began at ``since``."""

    since: float
    count: int = 0


_MAX_KEYS_IN_MEMORY = 10_000
_refusals: OrderedDict[int, _Refusals] = OrderedDict()


def hold(access_key_id: int, *, limited: bool) -> None:
    """Answer a refusal late: every ``rate_limited``, and others when a key collects them."""
    now = time.monotonic()
    counted = _refusals.get(access_key_id)
    if counted is None or now - counted.since > 1:
        counted = _refusals[access_key_id] = _Refusals(now)
    _refusals.move_to_end(access_key_id)
    if len(_refusals) > _MAX_KEYS_IN_MEMORY:
        _refusals.popitem(last=False)
    counted.count += 1
    if limited or counted.count > REFUSALS_A_SECOND:
        gevent.sleep(HELD_S)
