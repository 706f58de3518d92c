"""Group commit: small batches that wait for the database together are committed together.

Whoever has a checked batch waits here. Nobody waits for company: a batch that finds the way free
goes at once, and while it is under way others gather behind it. Operators take turns, so one who
sends without pause delays another by one transaction and not by all of its own.

Each batch stays atomic for its sender. When a group fails, every batch of it is committed alone, in
the same order, and the operator of the one to blame shares with nobody for a while: whoever sends
bad batches slows itself down.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from uuid import UUID

import gevent
from gevent.event import AsyncResult

from portal.errors import DatabaseUnavailable
from portal.ingest.problems import Refusal
from portal.ingest.store import Outcome, Stored, Submission, store_alone, store_together

TRANSACTIONS = 4  # at a time in one process, and so connections
# A larger batch commits alone: its rows cost so much that sharing a commit gains it nothing.
SMALL_ROWS = 500
GROUP_ROWS = 2_000
GROUP_BATCHES = 64
GROUPS = 1  # at a time: while one commits the next one gathers
APART_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class _Waiting:
    """A batch, and where its sender waits for the outcome."""

    submission: Submission
    alone: bool
    outcome: AsyncResult = field(default_factory=AsyncResult)


class _Group:
    """Batches that will commit together, and what no other batch may share with them."""

    def __init__(self) -> None:
        self.members: list[_Waiting] = []
        self._rows = 0
        self._places: set[tuple[int, str, int]] = set()
        self._cancelling: dict[int, bool] = {}  # by operator: whether its batches cancel

    def joined_by(self, waiting: _Waiting) -> bool:
        """Take a batch in, if it may join.

        Of one operator a place in a stream may occur once; and a batch that cancels goes without
        others of its operator, or it could take back what has a later number.
        """
        one = waiting.submission
        sequence = one.envelope.stream_sequence
        place = None if sequence is None else (one.operator_id, one.envelope.stream, sequence)
        cancels = one.batch.takes_back
        own = self._cancelling.get(one.operator_id)
        if (
            waiting.alone
            or len(self.members) == GROUP_BATCHES
            or self._rows + one.batch.n > GROUP_ROWS
            or place in self._places
            or (own is not None and (own or cancels))
        ):
            return False
        self.members.append(waiting)
        self._rows += one.batch.n
        if place is not None:
            self._places.add(place)
        self._cancelling[one.operator_id] = cancels
        return True


class Queue:
    """The batches of one process that wait for the database."""

    def __init__(self, *, together: bool) -> None:
        """``together`` False: every batch commits alone, in turn all the same."""
        self._together = together
        self._waiting: OrderedDict[int, deque[_Waiting]] = OrderedDict()  # operators in turn
        self._keys: set[tuple[int, UUID]] = set()  # idempotency keys, of those under way as well
        self._transactions = 0
        self._groups = 0
        self._apart: dict[int, float] = {}  # operators that share with nobody, and until when

    def store(self, submission: Submission) -> Stored:
        """Store a checked batch. Raises Refusal or DatabaseUnavailable; then nothing is stored."""
        key = submission.operator_id, submission.envelope.idempotency_key
        if key in self._keys:
            raise Refusal("in_flight")
        self._keys.add(key)
        try:
            outcome = self._await(submission)
        finally:
            self._keys.discard(key)
        if isinstance(outcome, Refusal):
            raise outcome
        return outcome

    def _await(self, submission: Submission) -> Outcome:
        alone = not self._together or submission.batch.n > SMALL_ROWS
        waiting = _Waiting(submission, alone)
        self._waiting.setdefault(submission.operator_id, deque()).append(waiting)
        self._start()
        outcome: Outcome = waiting.outcome.get()
        return outcome

    def _start(self) -> None:
        """Begin as many transactions as there is room for."""
        while self._transactions < TRANSACTIONS and (members := self._next()):
            shared = not members[0].alone
            self._transactions += 1
            self._groups += shared
            gevent.spawn(self._run, members, shared)

    def _next(self) -> list[_Waiting]:
        """Whose turn it is: a batch that goes alone, or a group; nothing while none may go."""
        for operator_id, own in self._waiting.items():
            if own[0].alone:
                return [self._take(operator_id)]
            if self._groups < GROUPS:
                return self._gather(operator_id)
        return []

    def _gather(self, first: int) -> list[_Waiting]:
        """A group that begins with one operator's batch; the others join by turns."""
        group = _Group()
        turns = deque([first])
        if not self._is_apart(first):
            turns.extend(one for one in self._waiting if one != first and not self._is_apart(one))
        while turns:
            operator_id = turns.popleft()
            own = self._waiting.get(operator_id)
            if own and group.joined_by(own[0]):
                self._take(operator_id)
                turns.append(operator_id)
        return group.members

    def _take(self, operator_id: int) -> _Waiting:
        """The operator's next batch; its next turn comes after everyone else's."""
        own = self._waiting[operator_id]
        taken = own.popleft()
        if own:
            self._waiting.move_to_end(operator_id)
        else:
            del self._waiting[operator_id]
        return taken

    def _run(self, members: list[_Waiting], shared: bool) -> None:
        try:
            if len(members) == 1 or not self._commit_together(members):
                for one in members:
                    self._commit_alone(one, blamed=len(members) > 1)
        finally:
            for one in members:
                if not one.outcome.ready():  # the process is told to end
                    one.outcome.set_exception(DatabaseUnavailable())
            self._transactions -= 1
            self._groups -= shared
            self._start()

    def _commit_together(self, members: list[_Waiting]) -> bool:
        """Commit a group; False when nothing of it is stored and each is to be tried alone."""
        try:
            outcomes = store_together([one.submission for one in members])
        except DatabaseUnavailable:
            for one in members:
                one.outcome.set_exception(DatabaseUnavailable())
        except Exception:  # whatever it is, it is one batch's and not its neighbours'
            return False
        else:
            for one, outcome in zip(members, outcomes, strict=True):
                one.outcome.set(outcome)
        return True

    def _commit_alone(self, one: _Waiting, *, blamed: bool) -> None:
        """Commit a batch; if it fails and was ``blamed``, its operator goes apart for a while."""
        try:
            outcome = store_alone(one.submission)
        except Exception as problem:
            one.outcome.set_exception(problem)
        else:
            one.outcome.set(outcome)
            blamed = blamed and isinstance(outcome, Refusal)
        if blamed:
            self._apart[one.submission.operator_id] = time.monotonic() + APART_SECONDS

    def _is_apart(self, operator_id: int) -> bool:
        until = self._apart.get(operator_id)
        if until is None:
            return False
        if until > time.monotonic():
            return True
        del self._apart[operator_id]
        return False
