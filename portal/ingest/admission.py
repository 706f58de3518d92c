"""Who comes next in this worker: no operator keeps the others out, however much it sends.

Large bodies are decoded one at a time, those of whoever has had least first, with pauses for
others: decoding holds the worker, and twenty in a row would be twenty times the wait.
Of one operator no more than the rows of one full batch are with the database at a time, where the
others find connections and processors free. Refusing costs next to nothing, and whoever collects
refusals gets them slowly.
"""

from __future__ import annotations

import heapq
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

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
# So often in a second whoever is told to wait is heard to the end of its body. Reading what nobody
# will use costs nearly as much as a batch that counts.
TOLD_A_SECOND = 4
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


class place:  # noqa: N801 - used like a function
    """A place among the requests of a key: ``with place(key.id): …``. Raises TooManyWaiting."""

    __slots__ = ("_key", "_own")

    def __init__(self, access_key_id: int) -> None:
        self._key = access_key_id

    def __enter__(self) -> None:
        own = _places.get(self._key)
        if own is None:
            own = _places[self._key] = _Place()
        elif own.present >= PRESENT:
            raise TooManyWaiting
        own.present += 1
        self._own = own

    def __exit__(self, *_: object) -> None:
        self._own.present -= 1
        if not self._own.present:
            del _places[self._key]


def work(access_key_id: int) -> BoundedSemaphore:
    """A place among those of a key that are worked on, for whoever has a place and its body."""
    return _places[access_key_id].working


class storing:  # noqa: N801 - used like a function
    """Wait until so many rows more of an operator may go to the database, in order of arrival.

    ``with storing(operator_id, rows): …``; they may go for as long as it lasts.
    """

    __slots__ = ("_operator", "_own", "_rows")

    def __init__(self, operator_id: int, rows: int) -> None:
        self._operator = operator_id
        self._rows = rows

    def __enter__(self) -> None:
        own = _storing.get(self._operator)
        if own is None:
            own = _storing[self._operator] = _Storing()
        self._own = own
        own.present += 1
        if not own.waiting and (not own.rows or own.rows + self._rows <= MAX_ROWS):
            own.rows += self._rows
            return
        turn = Event()
        own.waiting.append((self._rows, turn))
        try:
            turn.wait()
        except BaseException:
            _give_up(own, self._rows, turn)
            self._leave()
            raise

    def __exit__(self, *_: object) -> None:
        self._own.rows -= self._rows
        _admit(self._own)
        self._leave()

    def _leave(self) -> None:
        self._own.present -= 1
        if not self._own.present:
            del _storing[self._operator]


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


@dataclass(slots=True, order=True)
class _Turn:
    """Who waits: ``tag`` is what its operator will have had, ``number`` the order of arrival."""

    tag: int
    number: int
    begins: int = field(compare=False)
    given: Event = field(compare=False, default_factory=Event)


class Turns:
    """One at a time; whose operator has had least so far comes first (start-time fair queueing).

    What an operator has had is counted from when it last had nothing to do: nobody saves up.
    """

    def __init__(self) -> None:
        self._waiting: list[_Turn] = []
        self._had: dict[int, int] = {}
        self._now = 0
        self._number = 0
        self._taken = False

    @contextmanager
    def of(self, operator_id: int, size: int) -> Iterator[Callable[[], None]]:
        """Wait for a turn; what it yields is to be called now and then while the turn is used.

        It lets others use the worker, and the turn itself if one waits that comes before.
        """
        begins = max(self._now, self._had.get(operator_id, 0))
        self._had[operator_id] = begins + size
        self._number += 1
        turn = _Turn(begins + size, self._number, begins)
        self._wait_for(turn)

        def pause() -> None:
            gevent.sleep(0)
            if self._waiting and self._waiting[0] < turn:
                turn.given = Event()
                heapq.heappush(self._waiting, turn)
                self._next()
                self._until_given(turn)

        try:
            yield pause
        finally:
            if turn.given.is_set():
                # After whatever has arrived meanwhile is noticed.
                gevent.spawn(self._next)

    def _wait_for(self, turn: _Turn) -> None:
        heapq.heappush(self._waiting, turn)
        if not self._taken:
            self._taken = True
            self._next()
        self._until_given(turn)

    def _until_given(self, turn: _Turn) -> None:
        try:
            turn.given.wait()
        except BaseException:  # cut off while it waits
            if turn.given.is_set():
                gevent.spawn(self._next)
                turn.given = Event()
            else:
                self._waiting.remove(turn)
                heapq.heapify(self._waiting)
            raise

    def _next(self) -> None:
        if not self._waiting:
            self._taken = False
            self._had.clear()
            self._now = 0
            return
        turn = heapq.heappop(self._waiting)
        self._now = max(self._now, turn.begins)
        turn.given.set()


decoding = Turns()


def _go_on() -> None:
    pass


_AT_ONCE = nullcontext(_go_on)


def decoding_turn(operator_id: int, size: int) -> AbstractContextManager[Callable[[], None]]:
    """A turn for decoding a large body, with what to call in pauses; a small one needs neither."""
    return _AT_ONCE if size < LARGE_BYTES else decoding.of(operator_id, size)


@dataclass(slots=True)
class _Refusals:
    """How many refusals a key was answered in the second that began at ``since``."""

    since: float
    count: int = 0


_MAX_KEYS_IN_MEMORY = 10_000
_refusals: OrderedDict[int, _Refusals] = OrderedDict()


def hold(access_key_id: int, *, limited: bool) -> bool:
    """Answer a refusal late: every ``rate_limited``, and others when a key collects them.

    True when the key is told to wait and was refused more often within a second than by accident.
    """
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
    return limited and counted.count > TOLD_A_SECOND
