"""``dozir attest run``: has witnesses cosign each newest checkpoint and authorities stamp the time.

Each witness has a thread of its own, so that one that hangs keeps nobody waiting, and is asked for
the newest checkpoint only. One that was cosigned is published first and stored then: the database
may be away. Nothing here is waited for by the sequencer.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import structlog

from portal import logs, runtime
from portal.attest.asking import Asker, Contradicted, Cosignature, NotCosigned
from portal.attest.authorities import Authority, NotStamped, stamp
from portal.lifecycle import Flag
from portal.transparency import checkpoints, notes, policy, publishing
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.notes import NoteInvalid, Signature
from portal.transparency.policy import Policy, Witness
from portal.transparency.tiles import Tiles
from portal.transparency.timestamps import Timestamp

LOGIN = "dozir_sequencer"
ATTESTER_LOCK = 20_261_121
ROUND_SECONDS = 2.0  # between two checkpoints that witnesses are asked for
RENEW_SECONDS = 60.0  # where nothing new is signed they say again that nothing is
LOOK_SECONDS = 0.2
STAMP_SECONDS = 3600.0
STAMP_LOOK_SECONDS = 10.0
BACK_OFF_SECONDS = (1.0, 60.0)
STAMP_BACK_OFF_SECONDS = (60.0, 900.0)
AWAY_SECONDS = (1.0, 30.0)
TAKE_OVER_SECONDS = 5.0
CONNECT_TIMEOUT = 10
KEPT_ROUNDS = 64  # checkpoints whose cosignatures may still come
KEPT_STATEMENTS = 1000  # to be stored when the database is back

Connection = psycopg.Connection[tuple[Any, ...]]
Statement = tuple[LiteralString, tuple[Any, ...]]
log = structlog.get_logger(__name__)

_POLICY = "select ledger.adopt_policy(%s)"
_COSIGNED = "select ledger.record_cosignature(%s, %s, %s, %s, to_timestamp(%s), %s)"
_QUORUM = "select ledger.record_quorum(%s, %s)"
_STAMPED = "select ledger.record_timestamp(%s, %s, %s, %s, %s, %s)"
_LAST_STAMPS = "select authority, size, stamped_at from ledger.last_timestamps()"


@dataclass(frozen=True, slots=True)
class Target:
    """A checkpoint that others are asked to sign, with the log's own signatures."""

    checkpoint: Checkpoint
    text: str
    note: str


def newest(folder: Path, trusted: Policy) -> Target | None:
    """The published checkpoint with the log's own signatures, not those of witnesses.

    Raises OSError, NoteInvalid.
    """
    note = publishing.newest(folder)
    if not note:
        return None
    text, signatures = notes.read(note)
    witnesses = [one.key for one in trusted.witnesses]
    own = [one for one in signatures if not any(one.is_of(key) for key in witnesses)]
    return Target(checkpoints.parse(text), text, notes.write(text, own))


@dataclass(slots=True)
class _Stamped:
    """What is known of an authority."""

    size: int = -1
    due: float = 0.0  # seconds since 1970
    pause: float = STAMP_BACK_OFF_SECONDS[0]


class Attester:
    """The process; ``stop`` may be called from a signal handler."""

    def __init__(
        self,
        folder: Path,
        trusted: Policy,
        authorities: Sequence[Authority] = (),
        *,
        connect: Callable[[], Connection] | None = None,
        round_seconds: float = ROUND_SECONDS,
        renew_seconds: float = RENEW_SECONDS,
    ) -> None:
        self._folder = folder
        self._tiles = Tiles(folder)
        self._policy = trusted
        self._authorities = authorities
        self._connect = connect or connect_by_settings
        self._round_seconds = round_seconds
        self._renew_seconds = renew_seconds
        self._stopping = Flag()
        self._ours = threading.Event()  # no other attester is at work
        self._known = threading.Event()  # what was stamped before is known
        self._asked = threading.Condition()
        self._target: Target | None = None
        self._target_at = float("-inf")
        self._publishing = threading.Lock()
        self._cosigned: dict[str, dict[str, Signature]] = {}  # by the checkpoint's text
        self._to_store: deque[Statement] = deque(maxlen=KEPT_STATEMENTS)
        self._store_soon = threading.Event()
        self._policy_id: int | None = None
        self._stamps = {one.name: _Stamped() for one in authorities}

    def stop(self, *_: Any) -> None:
        """Stop; requests under way are broken off."""
        self._stopping.set()

    def run(self) -> None:
        """Work until told to stop."""
        threads = [threading.Thread(target=self._store, name="store", daemon=True)]
        for url, witnesses in self._by_url().items():
            asker = Asker(url, witnesses)
            threads.append(threading.Thread(target=self._feed, args=(asker,), daemon=True))
        if self._authorities:
            threads.append(threading.Thread(target=self._stamp_all, daemon=True))
        for thread in threads:
            thread.start()
        said = ""
        while not self._stopping.is_set():
            if self._ours.is_set():
                try:
                    self._look()
                    said = ""
                except (OSError, NoteInvalid) as problem:
                    if said != (said := logs.describe(problem)):
                        log.error("the published checkpoint cannot be read", error=said)
            self._stopping.wait(LOOK_SECONDS)
        self._store_soon.set()
        with self._asked:
            self._asked.notify_all()
        threads[0].join(5)  # what is known is stored; who still waits for an answer is left behind

    def _by_url(self) -> dict[str, list[Witness]]:
        """A witness with two keys is asked once."""
        found: dict[str, list[Witness]] = {}
        for one in self._policy.witnesses:
            if one.url:
                found.setdefault(one.url.rstrip("/"), []).append(one)
        return found

    def _look(self) -> None:
        """Ask for the newest checkpoint when its turn has come."""
        age = time.monotonic() - self._target_at
        if age < self._round_seconds:
            return
        found = newest(self._folder, self._policy)
        if found is None:
            return
        if self._target and found.text == self._target.text and age < self._renew_seconds:
            return
        with self._asked:
            self._target, self._target_at = found, time.monotonic()
            self._asked.notify_all()

    # Witnesses.

    def _feed(self, asker: Asker) -> None:
        """Have one witness cosign, for ever."""
        names = [one.name for one in asker.witnesses]
        pause, said, last = BACK_OFF_SECONDS[0], "", None
        while (target := self._next(last)) is not None:
            last = target
            try:
                found = asker.cosign(target.checkpoint, target.note, self._tiles.subtree)
                if said:
                    log.info("a witness cosigns again", witnesses=names)
                pause, said = BACK_OFF_SECONDS[0], ""
                self._keep(target, found)
                continue
            except NotCosigned as problem:
                why, loud = str(problem), isinstance(problem, Contradicted)
            except (OSError, ValueError) as problem:  # of our own disk
                why, loud = logs.describe(problem), True
            if why != said:
                tell = log.error if loud else log.warning
                tell("a witness does not cosign", witnesses=names, why=why)
            said, last = why, None
            self._stopping.wait(pause)
            pause = min(2 * pause, BACK_OFF_SECONDS[1])
        asker.close()

    def _next(self, last: Target | None) -> Target | None:
        """The target, once it is another one than ``last``; None when it is time to stop."""
        with self._asked:
            self._asked.wait_for(
                lambda: (
                    self._stopping.is_set()
                    or (self._target is not None and self._target is not last)
                )
            )
            return None if self._stopping.is_set() else self._target

    def _keep(self, target: Target, found: Sequence[Cosignature]) -> None:
        """Publish cosignatures, then have them stored; likewise a quorum that they make."""
        with self._publishing:
            held = self._cosigned.setdefault(target.text, {})
            while len(self._cosigned) > KEPT_ROUNDS:
                del self._cosigned[next(iter(self._cosigned))]
            held.update((one.witness, one.signature) for one in found)
            publishing.add(self._folder, target.text, [one.signature for one in found])
            met = self._policy.quorum != policy.NONE and self._policy.is_met(held)
            if met:
                self._publish_cosigned(target, list(held.values()))
        size, root = target.checkpoint.size, target.checkpoint.root
        for one in found:
            line = one.signature.line()
            self._to_store.append((_COSIGNED, (size, root, target.note, one.witness, one.at, line)))
        if met:
            self._to_store.append((_QUORUM, (size, self._policy_id)))
        self._store_soon.set()

    def _publish_cosigned(self, target: Target, signatures: list[Signature]) -> None:
        before = publishing.newest_cosigned(self._folder)
        if before and checkpoints.parse(notes.read(before)[0]).size > target.checkpoint.size:
            return
        text, own = notes.read(target.note)
        publishing.publish_cosigned(self._folder, notes.write(text, [*own, *signatures]))

    # Authorities.

    def _stamp_all(self) -> None:
        """Have every authority stamp the newest checkpoint, once an hour."""
        self._known.wait()
        while not self._stopping.is_set():
            for authority in self._authorities:
                known = self._stamps[authority.name]
                if self._ours.is_set() and time.time() >= known.due:
                    self._stamp(authority, known)
            self._stopping.wait(STAMP_LOOK_SECONDS)

    def _stamp(self, authority: Authority, known: _Stamped) -> None:
        try:
            found = newest(self._folder, self._policy)
            if found is None or found.checkpoint.size <= known.size:
                return  # nothing new: what there is has an earlier time-stamp
            made = stamp(authority, found.text)
        except (NotStamped, OSError, NoteInvalid) as problem:
            why = str(problem) if isinstance(problem, NotStamped) else logs.describe(problem)
            log.warning("no time-stamp", authority=authority.name, why=why)
            known.due = time.time() + known.pause
            known.pause = min(2 * known.pause, STAMP_BACK_OFF_SECONDS[1])
            return
        size = found.checkpoint.size
        known.size, known.due = size, time.time() + STAMP_SECONDS
        known.pause = STAMP_BACK_OFF_SECONDS[0]
        self._to_store.append(stamped(found, authority.name, made))
        self._store_soon.set()
        log.info("time-stamped", authority=authority.name, size=size)

    # The database.

    def _store(self) -> None:
        """Store what comes, for ever; what it cannot store waits."""
        pause, away = AWAY_SECONDS[0], False
        while not self._stopping.is_set():
            try:
                with self._connect() as conn:
                    self._take_over(conn)
                    pause, away = AWAY_SECONDS[0], False
                    self._store_with(conn)
            except (psycopg.Error, runtime.RuntimeProblem) as problem:
                if not away:
                    log.warning("the database is away", error=logs.describe(problem))
                away = True
                self._stopping.wait(pause)
                pause = min(2 * pause, AWAY_SECONDS[1])

    def _take_over(self, conn: Connection) -> None:
        """Wait until no other attester is at work; its lock goes with its connection."""
        waiting = False
        while not self._stopping.is_set():
            row = conn.execute("select pg_try_advisory_lock(%s)", (ATTESTER_LOCK,)).fetchone()
            if row is not None and row[0]:
                break
            if not waiting:
                log.info("another attester is at work")
            waiting = True
            self._ours.clear()
            self._stopping.wait(TAKE_OVER_SECONDS)
        else:
            return
        text = policy.write(self._policy.with_logs(())).decode()
        row = conn.execute(_POLICY, (text,)).fetchone()
        self._policy_id = row[0] if row else None
        if not self._known.is_set():
            for name, size, at in conn.execute(_LAST_STAMPS):
                if known := self._stamps.get(name):
                    known.size, known.due = size, at.timestamp() + STAMP_SECONDS
            self._known.set()
        self._ours.set()
        log.info("attester ready", witnesses=len(self._policy.witnesses))

    def _store_with(self, conn: Connection) -> None:
        while not self._stopping.is_set() or self._to_store:
            while self._to_store:
                statement, row = self._to_store.popleft()
                try:
                    store(conn, (statement, row))
                except (psycopg.OperationalError, psycopg.InterfaceError):
                    self._to_store.appendleft((statement, row))
                    raise
                except psycopg.Error as problem:
                    log.error("what others signed cannot be stored", error=logs.describe(problem))
            if self._stopping.is_set():
                return
            self._store_soon.wait(TAKE_OVER_SECONDS)
            self._store_soon.clear()
            if not self._to_store:
                conn.execute("select 1")  # whether the lock is still held


def stamped(target: Target, authority: str, made: Timestamp) -> Statement:
    """What stores a verified time-stamp of a checkpoint."""
    checkpoint = target.checkpoint
    return _STAMPED, (
        checkpoint.size, checkpoint.root, target.note, authority, made.at, made.token,
    )  # fmt: skip


def store(conn: Connection, statement: Statement) -> None:
    """Store what others signed. Raises psycopg.Error."""
    conn.execute(*statement)


def connect_by_settings() -> Connection:
    """A connection that stores; each statement by itself."""
    return psycopg.connect(
        runtime.role_url(LOGIN),
        autocommit=True,
        application_name="dozir attest",
        connect_timeout=CONNECT_TIMEOUT,
    )
