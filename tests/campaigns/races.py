"""Races between clients, at the level of the database's own functions.

Each race runs ``rounds`` times with a seed and raises AssertionError at the first round that breaks
its promise; it returns what happened, so that a run can show that the race took place at all.
``campaign`` runs them all: ``scripts/campaign races`` with many rounds, the suite with few.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg

from tests.campaigns.campaign import Campaign, Task
from tests.support.batches import Row, cancellation, random_rows, row, store
from tests.support.databases import Connection, Database, become, column, rows, value
from tests.support.market import Key, Operator, add_key, register_alone

IN_FLIGHT = "DZI01"
OTHER_BODY = "DZI02"
REVOKED = "DZK02"
NOT_HOLDING = "DZC01"
DUPLICATE = psycopg.errors.UniqueViolation.sqlstate
DEADLOCK = psycopg.errors.DeadlockDetected.sqlstate
OLDEST_S = 3_600


@dataclass
class Stage:
    """One operator of its own, so that races disturb nobody."""

    database: Database
    seed: int
    rng: random.Random = field(init=False)
    operator: Operator = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.operator = register_alone(self.database)

    def rows(self, n: int) -> list[Row]:
        moments = [datetime.now(UTC) - timedelta(seconds=self.rng.randrange(OLDEST_S))]
        return random_rows(self.operator, n, self.rng, moments)

    def new_key(self) -> Key:
        with self.database.connect() as conn:
            become(conn, "registrar")
            return add_key(conn, self.operator.id)

    def connect(self) -> Any:
        return self.database.connect("dozir_ingest", autocommit=True)

    def value(self, query: str, *parameters: Any) -> Any:
        with self.database.rolled_back() as conn:
            return value(conn, query, parameters)


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """Run functions at the same moment, each in a thread; what each returned, or its exception."""
    outcomes: list[Any] = [None] * len(work)
    barrier = threading.Barrier(len(work))

    def one(place: int) -> None:
        try:
            barrier.wait(timeout=30)
            outcomes[place] = work[place]()
        except Exception as problem:
            outcomes[place] = problem

    threads = [threading.Thread(target=one, args=(place,)) for place in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def _name(outcome: Any) -> str:
    if isinstance(outcome, psycopg.Error):
        return outcome.sqlstate or type(outcome).__name__
    if isinstance(outcome, Exception):
        raise outcome
    return "stored"


def revocation(stage: Stage, rounds: int) -> Counter[str]:
    """Once ``revoke_access_key`` has returned, no batch of the key commits."""
    seen: Counter[str] = Counter()
    for _ in range(rounds):
        seen += _revoke_under_fire(stage, stage.new_key(), clients=3)
    return seen


def _revoke_under_fire(stage: Stage, key: Key, clients: int) -> Counter[str]:
    def send() -> str:
        with stage.connect() as conn:
            for _ in range(1000):
                try:
                    store(conn, stage.operator, [row(stage.operator)], key=key, stream=uuid4().hex)
                except psycopg.Error as problem:
                    return _name(problem)
        return "never refused"

    def revoke() -> tuple[int, int]:
        time.sleep(stage.rng.uniform(0.005, 0.06))
        with stage.database.connect() as conn:
            become(conn, "registrar")
            conn.execute("select api.revoke_access_key(%s)", (key.id,))
        return stored(), committed_at_return()

    def stored() -> int:
        found: int = stage.value(
            "select count(*) from ledger.batch where access_key_id = %s", key.id
        )
        return found

    def committed_at_return() -> int:
        found: int = stage.value(
            "select coalesce(sum(batch_count), 0)::integer from rollup.ingest_hour"
            " where access_key_id = %s",
            key.id,
        )
        return found

    *senders, at_return = at_once(*[send] * clients, revoke)
    if isinstance(at_return, Exception):
        raise at_return
    assert set(senders) == {REVOKED}, senders
    assert stored() == at_return[0] == at_return[1], "a batch committed after revocation"
    return Counter({"revoked": 1, "batches before": at_return[0]})


def idempotency(stage: Stage, rounds: int) -> Counter[str]:
    """Clients with one key: exactly one batch, and nobody gets another's receipt."""
    seen: Counter[str] = Counter()
    for number in range(rounds):
        clients = stage.rng.randint(2, 4)
        key, batch = uuid4(), stage.rows(stage.rng.randint(1, 60))
        bodies = [b"same"] * clients
        if number % 3 == 2:
            bodies[-1] = b"other"
        outcomes = at_once(*(_sender(stage, key, batch, body) for body in bodies))
        names = [_name(outcome) for outcome in outcomes]
        receipts = [outcome for outcome in outcomes if isinstance(outcome, dict)]
        assert set(names) <= {"stored", IN_FLIGHT, OTHER_BODY}, names
        assert len(receipts) >= 1
        assert all(receipt == receipts[0] for receipt in receipts)
        found = stage.value("select count(*) from ledger.batch where idempotency_key = %s", key)
        assert found == 1, f"{found} batches under one key"
        kept = stage.value(
            "select count(*) from ledger.transaction where batch_id = %s and occurred_at > now()"
            " - interval '1 day'",
            receipts[0]["batch_id"],
        )
        assert kept == len(batch)
        seen += Counter(names)
    return seen


def _sender(stage: Stage, key: UUID, batch: Sequence[Row], body: bytes) -> Callable[[], Any]:
    def send() -> dict[str, Any]:
        with stage.connect() as conn:
            return store(
                conn, stage.operator, batch, idempotency_key=key, body=body, stream=uuid4().hex
            )

    return send


def duplicates(stage: Stage, rounds: int) -> Counter[str]:
    """Two clients send the same records in opposite order: one is stored, one is told."""
    seen: Counter[str] = Counter()
    for _ in range(rounds):
        batch = stage.rows(stage.rng.choice((2, 50, 2500)))
        outcomes = at_once(
            _sender(stage, uuid4(), batch, b"forth"), _sender(stage, uuid4(), batch[::-1], b"back")
        )
        names = sorted(map(_name, outcomes))
        assert names in (sorted(["stored", DUPLICATE]), sorted(["stored", DEADLOCK])), names
        ids = [one.id for one in batch]
        with stage.connect() as conn:
            found = column(
                conn, "select * from ledger.find_duplicates(%s, %s)", (stage.operator.id, ids)
            )
        assert sorted(found) == sorted(ids), "the loser can learn every duplicate by name"
        seen += Counter(names)
    return seen


def cancellations(stage: Stage, rounds: int) -> Counter[str]:
    """Clients take the same records back, in opposite order: each is taken back once."""
    seen: Counter[str] = Counter()
    for _ in range(rounds):
        targets = stage.rows(stage.rng.randint(1, 40))
        with stage.connect() as conn:
            store(conn, stage.operator, targets, stream=uuid4().hex)
        forth = [cancellation(one) for one in targets]
        back = [cancellation(one) for one in reversed(targets)]
        outcomes = at_once(
            *(_sender(stage, uuid4(), batch, body) for batch, body in ((forth, b"f"), (back, b"b")))
        )
        names = sorted(map(_name, outcomes))
        assert names == sorted(["stored", NOT_HOLDING]), names
        found = stage.value(
            "select count(*) from ledger.cancellation where cancelled_id = any (%s)",
            [one.id for one in targets],
        )
        assert found == len(targets)
        seen += Counter(names)
    return seen


def sequences(stage: Stage, rounds: int) -> Counter[str]:
    """An operator's sequence numbers never show a gap, whatever fails in between."""
    done = threading.Event()

    def watch() -> int:
        looks = 0
        with stage.database.connect(autocommit=True) as conn:
            while not done.is_set():
                count, first, last = _sequence_of(conn, stage.operator)
                assert count == 0 or (first, last) == (1, count), "a gap was seen"
                looks += 1
        return looks

    def send(seed: int) -> Counter[str]:
        rng = random.Random(seed)
        outcome: Counter[str] = Counter()
        with stage.connect() as conn:
            for _ in range(rounds):
                batch = random_rows(stage.operator, 3, rng, [datetime.now(UTC)])
                if rng.random() < 0.3:  # refused at the very end, after everything was written
                    batch.append(cancellation(row(stage.operator)))
                try:
                    store(conn, stage.operator, batch, stream=uuid4().hex)
                except psycopg.errors.Error as problem:
                    outcome[_name(problem)] += 1
                else:
                    outcome["stored"] += 1
        return outcome

    def all_senders() -> Counter[str]:
        try:
            seeds = [stage.rng.randrange(2**32) for _ in range(4)]
            parts = at_once(*((lambda s=seed: send(s)) for seed in seeds))
            for part in parts:
                if isinstance(part, Exception):
                    raise part
            return sum(parts, Counter())
        finally:
            done.set()

    looks, outcome = at_once(watch, all_senders)
    for part in (looks, outcome):
        if isinstance(part, Exception):
            raise part
    assert set(outcome) <= {"stored", NOT_HOLDING}, outcome
    found: Counter[str] = outcome + Counter({"looks": looks})
    return found


def _sequence_of(conn: Connection, operator: Operator) -> tuple[int, int, int]:
    count, first, last = rows(
        conn,
        "select count(*), min(operator_sequence), max(operator_sequence) from ledger.batch"
        " where operator_id = %s",
        (operator.id,),
    )[0]
    return count, first, last


RACES: dict[str, Callable[[Stage, int], Counter[str]]] = {
    "revocation": revocation,
    "idempotency": idempotency,
    "duplicates": duplicates,
    "cancellations": cancellations,
    "sequences": sequences,
}


def campaign(task: Task) -> dict[str, Counter[str]]:
    """All races; afterwards every rollup must still be exact."""
    outcome = {
        name: race(Stage(task.database, task.seed), task.rounds) for name, race in RACES.items()
    }
    with task.database.rolled_back() as conn:
        assert rows(conn, "select * from report.check_rollups()") == []
    return outcome


CAMPAIGN = Campaign(
    "races",
    "racing sessions of the database never break a promise of its ingest functions",
    campaign,
    length=200,
)
