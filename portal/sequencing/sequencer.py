"""``dozir sequence``: gives entries their places in the log, publishes tiles, has them signed.

One at a time, by an advisory lock that goes with its connection. Each step can be cut off anywhere:
what has a leaf in the database is never given another one, tiles of the same leaves are the same
files, and the signer has on its disk what it signed. Nothing is given a leaf before it is known
that the database holds all that was ever signed.
"""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, LiteralString

import psycopg
import structlog

from portal import logs, runtime
from portal.config import settings
from portal.lifecycle import Flag
from portal.sequencing.link import SignerAway, SignerLink, SignerState
from portal.sequencing.publishing import Publisher, policy_of
from portal.sequencing.vault import FOR_EVER, KeyFacts, Refused
from portal.transparency import journals, keys, merkle, notes
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.journal import Leaves, Place
from portal.transparency.policy import PolicyInvalid

LOGIN = "dozir_sequencer"
SEQUENCER_LOCK = 20_261_120
TICK_SECONDS = 0.25
ENTRIES_MOST = 4_096  # given leaves in one transaction
RENEW_SECONDS = 60.0  # without new leaves the same tree is signed again, with a fresh time
TAKE_OVER_SECONDS = 0.25
AWAY_SECONDS = (0.25, 2.0)  # a promise is to be kept within seconds
REFUSED_SECONDS = 10.0
START_SECONDS = 10.0
CONNECT_TIMEOUT = 10
NOT_REPLICATED = "01000"

Connection = psycopg.Connection[tuple[Any, ...]]
log = structlog.get_logger(__name__)


class NotReplicated(Exception):
    """A commit that no standby confirmed: what it did is told to nobody until one has."""


@dataclass
class Parts:
    """What a sequencer works with."""

    publisher: Publisher
    signer: SignerLink
    journal: Place


def parts() -> Parts:
    """Those of the settings."""
    told = settings()
    return Parts(
        Publisher(told.tiles_dir),
        SignerLink(told.signer_socket, told.signer_dir),
        journals.opened(),
    )


class Sequencer:
    """The loop; ``stop`` may be called from a signal handler."""

    def __init__(
        self,
        made: Parts,
        connect: Callable[[], Connection] | None = None,
        tick: float = TICK_SECONDS,
    ) -> None:
        self._publisher, self._signer, self._journal = made.publisher, made.signer, made.journal
        self._connect = connect or _connect
        self._tick = tick
        self._stopping = Flag()
        self._woken, self._wake = os.pipe()
        self._signed: Checkpoint | None = None
        self._signed_at = 0.0
        self._refused_at = 0.0
        self._said = ""
        self._patient_until = time.monotonic() + START_SECONDS
        self._keys: tuple[KeyFacts, ...] = ()
        self._unconfirmed = False

    def stop(self, *_: Any) -> None:
        """Stop after the tick under way."""
        self._stopping.set()
        os.write(self._wake, b"!")

    def run(self) -> None:
        """Work until told to stop; whatever fails is tried again, later and later."""
        try:
            self._run()
        finally:
            self._publisher.close()

    def _run(self) -> None:
        pause = AWAY_SECONDS[0]
        while not self._stopping.is_set():
            try:
                with self._connect() as conn:
                    if self._take_over(conn):
                        self.begin(conn)
                        pause = AWAY_SECONDS[0]
                        while not self._stopping.is_set():
                            self._beat(conn)
            except (
                psycopg.Error, OSError, ValueError, Refused, SignerAway, NotReplicated,
                runtime.RuntimeProblem,
            ) as problem:  # fmt: skip
                self._say(problem)
                self._stopping.wait(pause)
                pause = min(2 * pause, AWAY_SECONDS[1])

    def run_once(self) -> None:
        """Sequence and sign what waits now. Raises what ``run`` would try again."""
        try:
            with self._connect() as conn:
                if not self._take_over(conn):
                    return
                self.begin(conn)
                while self.tick(conn):
                    pass
        finally:
            self._publisher.close()

    def _say(self, problem: Exception) -> None:
        """Once, until something else is the matter."""
        if isinstance(problem, SignerAway) and time.monotonic() < self._patient_until:
            return  # it starts at the same time as we do
        ours = isinstance(problem, Refused | SignerAway | NotReplicated | ValueError)
        said = str(problem) if ours else logs.describe(problem)
        if said != self._said:
            log.error("the log stands still", why=said)
            self._said = said

    def _take_over(self, conn: Connection) -> bool:
        waiting = False
        while not self._stopping.is_set():
            row = conn.execute("select pg_try_advisory_lock(%s)", (SEQUENCER_LOCK,)).fetchone()
            if row is not None and row[0]:
                return True
            if not waiting:
                log.info("another sequencer is at work")
            waiting = True
            select.select([conn.fileno(), self._woken], [], [], TAKE_OVER_SECONDS)
        return False

    def _beat(self, conn: Connection) -> None:
        """One tick, and what is left of its time."""
        started = time.monotonic()
        more = self.tick(conn)
        rest = self._tick - (time.monotonic() - started)
        if not more and rest > 0:
            select.select([self._woken], [], [], rest)

    def begin(self, conn: Connection) -> None:
        """Find out where things stand, before anything gets a leaf.

        Raises Refused where the database does not hold all that was signed or published.
        """
        self._publisher.lock()
        self._signed = None
        conn.add_notice_handler(self._listen)
        self._unconfirmed = False
        conn.execute("select pg_logical_emit_message(true, 'dozir.sequence', '')")
        self._check()
        origin, size = _state(conn)
        told = settings().log_origin
        if told and told != origin:
            raise Refused(
                "origin", f"DOZIR_LOG_ORIGIN is {told}, but this log has entries as {origin}"
            )
        try:
            signed = self._signer.state()
            self._hold_together(conn, origin, size, signed)
        except Refused as refused:
            self._note(conn, refused)
            raise
        self._record_keys(conn, origin, signed)
        self._said = ""
        log.info("sequencer ready", origin=origin, size=size, signed=signed.size)

    def _hold_together(self, conn: Connection, origin: str, size: int, signed: SignerState) -> None:
        """Whether database, tiles and signer are of one log, and none is behind."""
        if signed.origin and signed.origin != origin:
            raise Refused("origin", f"the signer is that of {signed.origin}, this log is {origin}")
        known = {row[0] for row in conn.execute(_LOG_KEYS, ("log",))}
        if known and not known & {one.vkey for one in signed.keys}:
            raise Refused("keys", "the signer has none of the keys that signed this log so far")
        publisher = self._publisher
        newest = publisher.newest()
        behind = max(signed.size, newest.size if newest else 0)
        if size < behind:
            raise Refused(
                "rollback",
                f"the database has {size} leaves, {behind} were signed: dozir restore-log",
            )
        publisher.resume()
        publisher.extend(size, lambda start, count: _leaves(conn, start, count))
        for start in range(signed.size, size, ENTRIES_MOST):
            # Whoever was killed before he told the journal is made up for.
            hashes = _leaves(conn, start, min(ENTRIES_MOST, size - start))
            self._journal.append([Leaves(start, tuple(hashes)).pack()])
        if signed.size and publisher.tiles.subtree(size)(0, signed.size) != signed.root:
            raise Refused("fork", f"the first {signed.size} leaves are not those that were signed")

    def _listen(self, diagnostic: psycopg.errors.Diagnostic) -> None:
        # "Committed locally, but might not have been replicated": PostgreSQL only warns of it.
        self._unconfirmed = self._unconfirmed or diagnostic.sqlstate == NOT_REPLICATED

    def _check(self) -> None:
        if self._unconfirmed:
            raise NotReplicated("no standby confirmed a commit")

    def _note(self, conn: Connection, refused: Refused) -> None:
        """In the database, for metrics and doctor; of one that lasts, once in a while."""
        if time.monotonic() - self._refused_at > REFUSED_SECONDS or not self._refused_at:
            conn.execute("select ledger.note_log_refusal(%s)", (str(refused),))
            self._refused_at = time.monotonic()

    def _record_keys(self, conn: Connection, origin: str, signed: SignerState) -> None:
        """Public keys into the database and the policy; those of the receipts too."""
        for one in signed.keys:
            conn.execute(_RECORD_KEY, (one.vkey, "log", one.valid_from, _moment(one.valid_until)))
        try:
            if signed.keys:
                self._publisher.publish_policy(policy_of([one.vkey for one in signed.keys]))
        except (PolicyInvalid, OSError) as problem:  # what was published stays; the log goes on
            log.error("DOZIR_LOG_POLICY cannot be published", why=str(problem))
        record_receipt_keys(conn, origin)

    def tick(self, conn: Connection) -> bool:
        """Leaves for what waits, tiles, a signature; whether more waits. Raises as ``run`` says."""
        waiting = conn.execute(_WAITING, (ENTRIES_MOST,)).fetchall()
        if waiting:
            self._sequence(conn, waiting)
        due = time.monotonic() - self._signed_at > RENEW_SECONDS
        if self._signed is None or self._signed.size < self._publisher.size or due:
            self._sign(conn)
        return len(waiting) == ENTRIES_MOST

    def _sequence(self, conn: Connection, waiting: list[tuple[Any, ...]]) -> None:
        for id_, hash_, entry in waiting:
            if sha256(entry).digest() != hash_:
                raise ValueError(f"entry {id_} is not what its hash says: dozir verify")
        # Whoever crashed between his commit and the journal is made up for here: what has a leaf is
        # in the journal.
        self._journal.ensure([entry for _, _, entry in waiting])
        start = self._publisher.size
        ids = [id_ for id_, _, _ in waiting]
        row = conn.execute("select ledger.sequence_entries(%s)", (ids,)).fetchone()
        self._check()
        size = row[0] if row else -1
        if size != start + len(waiting):
            raise ValueError(f"the log has {size} leaves, {start + len(waiting)} were expected")
        hashes = tuple(hash_ for _, hash_, _ in waiting)
        self._journal.append([Leaves(start, hashes).pack()])
        self._publisher.extend(size, lambda at, count: hashes[at - start : at - start + count])

    def _sign(self, conn: Connection) -> None:
        origin, _ = _state(conn)
        publisher = self._publisher
        size, root = publisher.size, publisher.root
        state = self._signer.state()
        try:
            if state.size > size:
                raise Refused("rollback", f"{state.size} leaves were signed, {size} are there")
            proof = merkle.consistency_proof(state.size, size, publisher.tiles.subtree(size))
            signatures = self._signer.sign(origin, state.size, size, root, proof)
        except Refused as refused:
            self._note(conn, refused)
            raise
        now = datetime.now(UTC)
        checkpoint = Checkpoint(origin, size, root)
        note = notes.write(checkpoint.text(), signatures)
        publisher.publish(note)
        conn.execute("select ledger.record_checkpoint(%s, %s, %s, %s)", (size, root, note, now))
        if self._signed is None or self._refused_at:
            conn.execute("select ledger.note_log_refusal(null)")
            self._refused_at = 0.0
        first = self._signed is None
        self._signed, self._signed_at = checkpoint, time.monotonic()
        if first or state.keys != self._keys:
            state = self._signer.state()
            self._record_keys(conn, origin, state)
            self._keys = state.keys


_WAITING = "select id, hash, entry from ledger.unsequenced_entries(%s)"
_LOG_KEYS = (
    "select vkey from ledger.log_keys() where purpose = %s and valid_until > clock_timestamp()"
)
_RECORD_KEY: LiteralString = "select ledger.record_log_key(%s, %s, %s, %s)"


def _connect() -> Connection:
    return psycopg.connect(
        runtime.role_url(LOGIN),
        autocommit=True,
        application_name="dozir sequence",
        connect_timeout=CONNECT_TIMEOUT,
    )


def _state(conn: Connection) -> tuple[str, int]:
    row = conn.execute("select origin, size from ledger.log_state()").fetchone()
    if row is None:
        raise ValueError("the database has no log")
    return row[0], row[1]


def _leaves(conn: Connection, start: int, count: int) -> list[bytes]:
    rows = conn.execute(
        "select leaf_index, hash from ledger.leaves(%s, %s)", (start, count)
    ).fetchall()
    if [index for index, _ in rows] != list(range(start, start + count)):
        raise ValueError(f"the database has a gap in its leaves from {start} on: dozir verify")
    return [hash_ for _, hash_ in rows]


def record_receipt_keys(conn: Connection, origin: str) -> None:
    """Note in the database whose keys sign receipts, and until when."""
    for one in keys.receipt_keys():
        begins = one.valid_from or datetime.now(UTC)
        until = "infinity" if one.valid_until == keys.FOR_EVER else one.valid_until
        conn.execute(_RECORD_KEY, (one.public(origin).vkey(), "receipts", begins, until))


def _moment(text: str) -> str:
    return "infinity" if text == FOR_EVER.isoformat() else text
