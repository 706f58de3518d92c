"""Sequencer, signer, journal and gateway are killed at random instants while batches arrive.

What must be true afterwards: the log has every entry once and in one order, no checkpoint that
anybody ever saw contradicts another, every receipt that was answered is of a batch that is stored
once, stands in the journal and in the log, and the verifier finds nothing.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.ledger.source import Live
from portal.runtime.instance import free_port
from portal.sequencing.publishing import Publisher
from portal.transparency import checkpoints, keys, merkle, notes
from portal.transparency.journal import read
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import Key, Policy, Question
from tests.campaigns.campaign import Campaign, Task, say
from tests.support.api import Answer, Client, Inspector, encoded
from tests.support.databases import Database, column, rows, value
from tests.support.forked import Start, forking
from tests.support.market import alpha, beta, gamma, register

# What is killed, and how often among the others. Of the log's processes some are killed at the very
# moment when a file of theirs changes: tiles or checkpoint, the signer's state.
TARGETS = {
    "sequencer": 8, "publishing": 8, "signer": 6, "signing": 6, "journal": 8, "worker": 4,
    "gateway": 1,
}  # fmt: skip
ANSWER_S, SETTLE_S, READY_S = 180, 120, 180
CHANGE_S = 2.0  # so long a change of a file is waited for
ACCEPTED = {200, 201}
COME_AGAIN = {409, 429, 503}  # in flight still, or not now
CHECKPOINTS_SHOWN = 300  # to the verifier, of those that were seen


@dataclass
class Answered:
    """What operators were told."""

    receipts: dict[UUID, bytes] = field(default_factory=dict)
    repeated: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


@dataclass
class Place:
    """The processes of one installation, each by its id; whatever was killed is started again."""

    database: Database
    folder: Path
    start: Start
    port: int
    environment: dict[str, str]
    journal_port: int
    pids: dict[str, int] = field(default_factory=dict)
    gateway: subprocess.Popen[bytes] | None = None

    @property
    def tiles(self) -> Path:
        return self.folder / "tiles"

    def start_all(self) -> None:
        for name in ("journal", "signer", "sequencer"):
            self.restart(name)
        self.start_gateway()

    def restart(self, name: str) -> None:
        words = {
            "journal": f"journal {self.journal_port} {self.folder / 'journal'}",
            "signer": "sign",
            "sequencer": "sequence",
        }
        self.pids[name] = self.start(words[name])

    def start_gateway(self) -> None:
        said = (self.folder / "gateway.log").open("ab")
        dozir = Path(sys.executable).with_name("dozir")
        options = ["--port", str(self.port), "--workers", "2", "--no-log", "--no-jobs"]
        self.gateway = subprocess.Popen(
            [dozir, "serve", *options],
            env={**os.environ, **self.environment},
            stdout=said,
            stderr=said,
        )
        said.close()

    def workers(self) -> list[int]:
        """The gateway's workers, at this moment."""
        master = self.gateway.pid if self.gateway else 0
        with suppress(FileNotFoundError):
            told = Path(f"/proc/{master}/task/{master}/children").read_text()
            return [int(one) for one in told.split()]
        return []

    def kill_gateway(self) -> None:
        """Master and workers, as when the machine stops."""
        if self.gateway is not None:
            for pid in (self.gateway.pid, *self.workers()):
                kill(pid)
            self.gateway.wait()

    def said(self) -> str:
        """What the processes said at last."""
        return "\n".join(
            (self.folder / name).read_text(errors="replace")[-3_000:]
            for name in ("said", "gateway.log")
        )


def kill(pid: int) -> None:
    """At once, without a word; its locks and sockets are free when this returns.

    A process is a zombie while its other threads still hold what it had open: only its descriptor
    tells when the last of them has gone.
    """
    with suppress(ProcessLookupError):
        whole = os.pidfd_open(pid)
        try:
            os.kill(pid, signal.SIGKILL)
            select.select([whole], [], [])
        finally:
            os.close(whole)


@contextmanager
def placed(database: Database) -> Iterator[Place]:
    """Everything runs; all of it is gone in the end."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="dozir-kills-")))
        journal_port = free_port()
        environment = {
            "DOZIR_DATABASE_URL": database.url(),
            "DOZIR_SIGNER": str(folder / "signer"),
            "DOZIR_SIGNER_SOCKET": str(folder / "socket"),
            "DOZIR_TILES": str(folder / "tiles"),
            "DOZIR_JOURNAL": f"tcp://127.0.0.1:{journal_port}",
        }
        start = opened.enter_context(forking(environment, folder / "said"))
        place = Place(database, folder, start, free_port(), environment, journal_port)
        opened.callback(place.kill_gateway)
        place.start_all()
        yield place


# Operators.


def send(client: Client, rng: random.Random, told: Answered, done: Callable[[], bool]) -> None:
    """Post batch after batch, each again until it is answered."""
    while not done():
        key = UUID(int=rng.getrandbits(128))
        request = {"idempotency_key": key, "sequence": client.next_sequence()}
        body = encoded(client.records(rng.choice((1, 1, 3, 40))))
        answer = insist(told, partial(client.post, body=body, **request))
        told.repeated += answer.status == 200
        told.receipts[key] = answer.body
        time.sleep(rng.uniform(0, 0.02))


def insist(told: Answered, post: Callable[[], Answer]) -> Answer:
    """The answer with which a sender is content."""
    deadline = time.monotonic() + ANSWER_S
    while True:
        try:
            answer = post()
        except (OSError, http.client.HTTPException):
            told.refused["no answer"] += 1
        else:
            if answer.status in ACCEPTED:
                return answer
            told.refused[answer.code] += 1
            assert answer.status in COME_AGAIN, f"{answer.status} {answer.body!r}"
        assert time.monotonic() < deadline, f"no answer any more: {told.refused}"
        time.sleep(0.02)


# Whoever looks at the log.


def watch(place: Place, seen: dict[str, int], done: Callable[[], bool]) -> None:
    """Keep every checkpoint that was ever published; it never gets smaller."""
    newest = 0
    while not done():
        with suppress(FileNotFoundError):
            note = (place.tiles / "checkpoint").read_text()
            size = seen.setdefault(note, int(note.split("\n")[1]))
            assert size >= newest, f"the log went back from {newest} to {size}"
            newest = size
        time.sleep(0.003)


# The killer.


def strike(place: Place, name: str, rng: random.Random) -> None:
    """Kill one process, then start it again, at once or a little later."""
    match name:
        case "worker":
            if workers := place.workers():
                kill(rng.choice(workers))  # its master starts another one
        case "gateway":
            place.kill_gateway()
            time.sleep(rng.uniform(0, 0.3))
            place.start_gateway()
            await_ready(place)
        case _:
            if name == "publishing":
                await_change(place.tiles, rng)
            if name == "signing":
                await_change(place.folder / "signer", rng)
            own = {"publishing": "sequencer", "signing": "signer"}.get(name, name)
            kill(place.pids[own])
            time.sleep(rng.choice((0, 0, rng.uniform(0, 0.3))))
            place.restart(own)


def await_change(folder: Path, rng: random.Random) -> None:
    """Return when a name in a folder has changed, or up to milliseconds later."""
    before, deadline = state(folder), time.monotonic() + CHANGE_S
    while state(folder) == before and time.monotonic() < deadline:
        pass
    if rng.random() < 0.5:
        time.sleep(rng.uniform(0, 0.004))


def state(folder: Path) -> int:
    with suppress(FileNotFoundError):
        return folder.stat().st_mtime_ns
    return 0


def run(
    database: Database, kills: int, seed: int, targets: Mapping[str, int] = TARGETS
) -> dict[str, Any]:
    """So many kills under load, and what must be true after them."""
    rng = random.Random(seed)
    inspector = Inspector(database)
    with database.connect() as conn:
        operators = [register(conn, one()) for one in (alpha, beta, gamma)]
    struck: Counter[str] = Counter()
    with placed(database) as place:
        await_ready(place)
        told, seen = Answered(), dict[str, int]()
        stopping = threading.Event()

        def guarded(work: Callable[..., None], *arguments: Any) -> threading.Thread:
            def whole() -> None:
                try:
                    work(*arguments, stopping.is_set)
                except BaseException as problem:  # told below
                    told.problems.append(f"{type(problem).__name__}: {problem}")
                    stopping.set()

            thread = threading.Thread(target=whole, daemon=True)
            thread.start()
            return thread

        threads = [guarded(watch, place, seen)]
        for number, operator in enumerate(operators):
            client = Client(place.port, operator, inspector)
            threads.append(guarded(send, client, random.Random(seed + number), told))
        while struck.total() < kills and not stopping.wait(rng.expovariate(1 / 0.12)):
            name = rng.choices(list(targets), list(targets.values()))[0]
            strike(place, name, rng)
            struck[name] += 1
            if struck.total() % 100 == 0:
                say(f"kills: {struck.total()}, {len(told.receipts)} batches")
        await_ready(place)
        # On a busy machine little was sent meanwhile: some more before it is judged.
        deadline = time.monotonic() + ANSWER_S
        while (len(told.receipts) < 6 or len(seen) < 4) and time.monotonic() < deadline:
            if stopping.wait(0.1):
                break
        stopping.set()
        for thread in threads:
            thread.join(ANSWER_S)
        assert not told.problems, f"{told.problems[0]}\n{place.said()}"
        settle(place)
        hold(place, told, seen)
    inspector.close()
    return {
        "kills": dict(struck),
        "batches": len(told.receipts),
        "answered again": told.repeated,
        "not answered": dict(told.refused),
        "checkpoints seen": len(seen),
    }


def await_ready(place: Place) -> None:
    """Wait until the gateway answers."""
    deadline = time.monotonic() + READY_S
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        assert time.monotonic() < deadline, f"the gateway does not come back:\n{place.said()}"
        time.sleep(0.05)


def settle(place: Place) -> None:
    """Wait until all that was entered is published."""
    deadline = time.monotonic() + SETTLE_S
    with place.database.connect(autocommit=True) as conn:
        while True:
            entries = value(conn, "select count(*) from ledger.entry")
            note = (place.tiles / "checkpoint").read_text()
            if int(note.split("\n")[1]) >= entries:
                return
            assert time.monotonic() < deadline, f"the log stands still:\n{place.said()}"
            time.sleep(0.05)


def hold(place: Place, told: Answered, seen: dict[str, int]) -> None:
    """No gap, no fork, nothing twice, every receipt redeemed."""
    with place.database.connect(autocommit=True) as conn:
        conn.execute("begin isolation level repeatable read")
        [(leaves, distinct, first, end)] = rows(
            conn,
            "select count(*), count(distinct entry_id), min(leaf_index), max(leaf_index) + 1"
            " from ledger.leaf",
        )
        entries = value(conn, "select count(*) from ledger.entry")
        assert (leaves, distinct, first, end) == (entries, entries, 0, entries)
        hashes = [bytes(one) for one in column(
            conn,
            "select e.hash from ledger.leaf as l join ledger.entry as e on e.id = l.entry_id"
            " order by l.leaf_index",
        )]  # fmt: skip
        stored = dict(rows(conn, "select idempotency_key, count(*) from ledger.batch group by 1"))
        assert {*told.receipts} <= {*stored}, "a receipt of a batch that is not stored"
        assert {*stored.values()} <= {1}, "a batch was stored twice"

        published = Publisher(place.tiles)
        policy = Policy.parse((place.tiles / "policy").read_text())
        log_keys = [notes.PublicKey.parse(vkey_of(one)) for one in policy.logs]
        by_size: dict[int, bytes] = {}
        for note in seen:
            checkpoint = checkpoints.verify(note, log_keys, log_keys[0].name).checkpoint
            assert by_size.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root, "a fork"
        for size, root in by_size.items():
            assert merkle.root([merkle.hash_leaf(one) for one in hashes[:size]]) == root, size
            assert published.tiles.subtree(len(hashes))(0, size) == root if size else True
        published.close()

        journal = place.folder / "journal"
        journaled = {sha256(one).digest() for one in read(journal)}
        for receipt in told.receipts.values():
            document = json.loads(receipt)
            hashed = sha256(base64.b64decode(document["entry"])).digest()
            assert hashed in journaled, "answered before the journal had its entry"
            assert hashed.hex() == document["entry_hash"]
        policy.receipts = [Key.parse(one.vkey()) for one in keys.verifying_keys(log_keys[0].name)]
        shown = sorted(seen, key=lambda note: seen[note])
        shown = shown[:: len(shown) // CHECKPOINTS_SHOWN + 1]
        source = Live(conn, None)
        source.manifest["made_at"] += 3_600_000_000  # an hour later every promise is due
        question = Question(
            policy,
            [(f"seen, {seen[one]} leaves", one) for one in shown],
            [(f"{key}.json", one) for key, one in told.receipts.items()],
            core.entries_of(core.journal_of(journal)),
            place.tiles,
        )
        report = core.verify(source, question)
        conn.execute("rollback")
    assert not report.finding_count, "\n".join(one.sentence() for one in report.findings[:20])


def vkey_of(key: Key) -> str:
    """A verifier key as text."""
    material = base64.b64encode(bytes([key.kind]) + key.raw).decode()
    return f"{key.name}+{key.id.hex()}+{material}"


def campaign(task: Task) -> dict[str, Any]:
    """``task.rounds`` kills."""
    with task.cluster.fresh() as database:
        return run(database, task.rounds, task.seed)


CAMPAIGN = Campaign(
    "kills",
    "killed at any instant under load, the log has no gap, no fork, nothing twice, all receipts",
    campaign,
    length=1000,
)
