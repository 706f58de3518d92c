"""The drill: batches are sent while backups are taken, and a chosen second is restored exactly.

Which batches must be in is decided by PostgreSQL's own commit times (``track_commit_timestamp``),
not by ``received_at``, which is when a batch's transaction began: a batch received at 01:36:59.9
may have committed at 01:37:00.1 and then belongs to what was lost. Recovery stops at the first
commit record, in the order of the log, whose time is later; two that commit within microseconds may
stand in the log in the other order. So a second is chosen that has no commit within a millisecond.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.campaigns.campaign import Campaign, Task
from tests.support.batches import Row, random_rows, store
from tests.support.databases import Database, rows
from tests.support.market import Operator, register_alone
from tests.support.throwaway import DOZIR, Installation

SENDERS = 3
CLEAR = timedelta(milliseconds=1)
TIMEOUT_S = 300
PASSPHRASE = "drill drill drill"

Sums = Counter[tuple[int, int, int, str]]


@dataclass(frozen=True)
class Own(Database):
    """The database of an instance, reached with that instance's own passwords."""

    made: Installation
    urls: dict[str | None, str] = field(default_factory=dict)

    def url(self, login: str | None = None) -> str:
        if login not in self.urls:
            told = ("--role", login) if login else ()
            self.urls[login] = self.made.dozir("db", "url", *told)
        return self.urls[login]


@dataclass(frozen=True)
class Sent:
    """A batch that was acknowledged: what was sent, under which key, and the receipt."""

    operator: Operator
    batch: Sequence[Row]
    idempotency_key: UUID
    stream_sequence: int
    receipt: dict[str, Any]

    @property
    def id(self) -> int:
        return int(self.receipt["batch_id"])


def run(made: Installation, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line on an instance and hold it to its exit code."""
    environment = {k: v for k, v in os.environ.items() if k != "DOZIR_DATABASE_URL"}
    environment |= {"DOZIR_INSTANCE": made.name, "DOZIR_BACKUP_PASSPHRASE": PASSPHRASE}
    done = subprocess.run(
        [DOZIR, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=TIMEOUT_S,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done


@contextmanager
def backed_up(name: str) -> Iterator[tuple[Installation, Own]]:
    """An instance with a migrated database that notes when each transaction commits."""
    made = Installation(f"{name}-{os.getpid()}")
    made.start()
    database = Own("dozir", made)
    try:
        with database.connect(autocommit=True) as conn:
            conn.execute("alter system set track_commit_timestamp = on")
        made.dozir("db", "stop")
        made.start()
        made.dozir("migrate")
        yield made, database
    finally:
        remove(made)


def remove(made: Installation) -> None:
    """Stop an instance and remove all of it."""
    if made.folder.exists():
        made.dozir("db", "stop")
        shutil.rmtree(made.folder, ignore_errors=True)


class Traffic:
    """Operators that send batches, each in a thread, until told to stop."""

    def __init__(
        self, database: Database, operators: Sequence[Operator], seed: int, stream: str = "main"
    ) -> None:
        self.sent: list[Sent] = []
        self._stream = stream
        self._database = database
        self._done = threading.Event()
        self._problems: list[Exception] = []
        self._threads = [
            threading.Thread(target=self._send, args=(operator, seed + place))
            for place, operator in enumerate(operators)
        ]

    def __enter__(self) -> Traffic:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()
        for problem in self._problems:
            raise problem

    def await_batches(self, count: int) -> None:
        """Wait until so many batches were acknowledged."""
        deadline = time.monotonic() + TIMEOUT_S
        while len(self.sent) < count and not self._problems:
            assert time.monotonic() < deadline, "the traffic does not flow"
            time.sleep(0.05)

    def _send(self, operator: Operator, seed: int) -> None:
        rng = random.Random(seed)
        try:
            with self._database.connect("dozir_ingest", autocommit=True) as conn:
                for sequence in range(1, 1_000_000):
                    if self._done.is_set():
                        return
                    batch = random_rows(operator, rng.randint(1, 40), rng, [datetime.now(UTC)])
                    key = uuid4()
                    receipt = store(
                        conn,
                        operator,
                        batch,
                        idempotency_key=key,
                        stream=self._stream,
                        sequence=sequence,
                    )
                    self.sent.append(Sent(operator, batch, key, sequence, receipt))
                    time.sleep(rng.uniform(0, 0.03))
        except Exception as problem:
            self._problems.append(problem)


def commit_times(database: Database) -> dict[int, datetime]:
    """When each stored batch committed."""
    with database.rolled_back() as conn:
        return dict(rows(conn, "select id, pg_xact_commit_timestamp(xmin) from ledger.batch"))


def choose_second(times: dict[int, datetime], after: datetime, rng: random.Random) -> datetime:
    """A random whole second between commits, after a moment and before the last commit.

    Where each has a commit close by: the middle of the longest pause.
    """
    moments = sorted(moment for moment in times.values() if moment > after)
    first = after.replace(microsecond=0) + timedelta(seconds=1)
    count = int((moments[-1] - first).total_seconds()) + 1
    seconds = [first + timedelta(seconds=n) for n in range(count)]
    clear = [
        one
        for one in seconds
        if moments[0] < one < moments[-1] and all(abs(one - moment) > CLEAR for moment in moments)
    ]
    if clear:
        return rng.choice(clear)
    pause, start = max((b - a, a) for a, b in itertools.pairwise(moments))
    assert pause > 2 * CLEAR, "the traffic left no pause to choose"
    return start + pause / 2


def sums_of(sent: Sequence[Sent]) -> Sums:
    """Count and sum for each operator, type and currency of what was acknowledged."""
    counted: Sums = Counter()
    for one in sent:
        for row in one.batch:
            counted[one.operator.id, row.type, row.currency, "count"] += 1
            counted[one.operator.id, row.type, row.currency, "sum"] += row.amount_minor
    return counted


def sums_in(database: Database, source: str) -> Sums:
    """The same from the raw rows or from the daily rollup."""
    queries = {
        "rows": "select operator_id, type, currency, count(*), sum(amount_minor)"
        " from ledger.transaction group by 1, 2, 3",
        "rollup": "select d.operator_id, t.type, d.currency, sum(t.n), sum(t.amount)"
        " from rollup.day as d, lateral (values (1, bet_count, bet_minor),"
        " (2, win_count, win_minor), (3, refund_count, refund_minor),"
        " (4, deposit_count, deposit_minor), (5, withdrawal_count, withdrawal_minor))"
        " as t (type, n, amount) group by 1, 2, 3 having sum(t.n) > 0",
    }
    counted: Sums = Counter()
    with database.rolled_back() as conn:
        for operator, type_, currency, n, amount in rows(conn, queries[source]):
            counted[operator, type_, currency, "count"] = int(n)
            counted[operator, type_, currency, "sum"] = int(amount)
    return counted


def hold_exactly(database: Database, sent: Sequence[Sent]) -> None:
    """Ledger, rollups and batches are exactly what was acknowledged, no more, no less."""
    with database.rolled_back() as conn:
        stored = {
            number: json.loads(bytes(receipt))
            for number, receipt in rows(conn, "select id, receipt from ledger.batch")
        }
        assert stored == {one.id: one.receipt for one in sent}
        for operator, count, first, last in rows(
            conn,
            "select operator_id, count(*), min(operator_sequence), max(operator_sequence)"
            " from ledger.batch group by 1",
        ):
            assert (first, last) == (1, count), f"a gap in the sequence of operator {operator}"
        for check in ("check_rollups", "check_receipts", "check_records"):
            assert rows(conn, f"select * from report.{check}()") == []
    expected = sums_of(sent)
    assert sums_in(database, "rows") == expected
    assert sums_in(database, "rollup") == expected


def drill(made: Installation, database: Own, rng: random.Random, seconds: float) -> Counter[str]:
    """One drill: traffic, a base backup under it, a second chosen, restored and held."""
    operators = [register_alone(database) for _ in range(SENDERS)]
    before = set(commit_times(database))
    with Traffic(database, operators, rng.randrange(2**32)) as traffic:
        run(made, "backup")
        finished = datetime.now(UTC)
        time.sleep(seconds)
    times = commit_times(database)
    earlier = [one for one in _known(made) if one.id in before]
    sent = earlier + traffic.sent
    _known(made)[:] = sent
    assert {one.id for one in sent} == set(times), "what was acknowledged is what is stored"
    moment = choose_second(times, finished, rng)
    expected = [one for one in sent if times[one.id] <= moment]
    lost = [one for one in sent if times[one.id] > moment]
    target = Installation(f"{made.name}-restored")
    try:
        told = run(made, "restore", "--at", moment.isoformat(), "--to", target.name, "--json")
        restored = Own("dozir", target)
        hold_exactly(restored, expected)
        _hold_report(json.loads(told.stdout), expected, times, moment)
        run(target, "verify")
        again = [int(receipt["batch_id"]) for receipt in resend(restored, lost)]
        assert min(again) > max(times), "a number was given a second time"
        run(target, "verify")
        everything = {one.idempotency_key for one in sent}
        with restored.rolled_back() as conn:
            keys = {key for (key,) in rows(conn, "select idempotency_key from ledger.batch")}
        assert keys == everything
        assert sums_in(restored, "rollup") == sums_of(sent)
    finally:
        remove(target)
    return Counter({"batches in": len(expected), "batches lost and resent": len(lost)})


_acknowledged: dict[str, list[Sent]] = {}


def _known(made: Installation) -> list[Sent]:
    """All that an instance ever acknowledged."""
    return _acknowledged.setdefault(made.name, [])


def _hold_report(
    told: dict[str, Any], expected: list[Sent], times: dict[int, datetime], moment: datetime
) -> None:
    """What the command says of itself is true; the server's own jobs commit as well as batches."""
    assert told["batches"] == len(expected)
    assert told["transactions"] == sum(len(one.batch) for one in expected)
    last = datetime.fromisoformat(told["last_commit"])
    assert max(times[one.id] for one in expected) <= last <= moment


def resend(database: Database, batches: Sequence[Sent]) -> list[dict[str, Any]]:
    """Operators send batches again, byte for byte under the same keys: the receipts."""
    with database.connect("dozir_ingest", autocommit=True) as conn:
        return [
            store(
                conn,
                one.operator,
                one.batch,
                idempotency_key=one.idempotency_key,
                stream="main",
                sequence=one.stream_sequence,
            )
            for one in batches
        ]


def campaign(task: Task) -> Counter[str]:
    """Drill after drill on one instance whose backups and archive grow."""
    rng = random.Random(task.seed)
    seen: Counter[str] = Counter()
    with backed_up("restore") as (made, database):
        for number in range(task.rounds):
            seen += drill(made, database, rng, seconds=rng.uniform(2, 10))
            if number % 3 == 2:
                run(made, "backup", "prune", "--keep", "2", "--yes")
                run(made, "backup", "verify")
    return seen


CAMPAIGN = Campaign(
    "restore",
    "a chosen second is restored from backup and archive with exactly the sums of its receipts",
    campaign,
    length=10,
)
