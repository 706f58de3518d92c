"""What the ledger costs and how fast it is: stages, sequencing, signing, verifying, one proof.

The cost is measured stage by stage on the very bytes that the gateway sends, and set against what
the whole costs in CPU on the same machine in the same run. A gateway without a ledger to compare
with does not exist, and shall not: a switch that leaves it out would be the first thing to attack.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg

from portal import runtime
from portal.bench import machine, tables
from portal.bench.clients import Job, Plan, Sent, send
from portal.bench.figures import Figures, percentiles
from portal.bench.http_clients import http_connections
from portal.bench.instance import BenchmarkFailed, gateway, throw_away_database
from portal.bench.load import Batch, Sender, make_load
from portal.bench.population import make_operators
from portal.bench.processes import Family
from portal.config import settings
from portal.ingest.copy_format import HEADER, TRAILER, TUPLE_BYTES
from portal.ledger.export import PUBLISHED, copy_published, export, prepare
from portal.ledger.source import Live
from portal.transparency import merkle, promises, rows
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.journal import Journal
from portal.transparency.notes import Kind, write
from portal.verifier import dozir_verify as verifier

Say = Callable[[str], None]
WORKERS = 2
CLIENTS = 4
PROOF_HASHES = 30  # of a log of a billion entries
POLL_S = 0.005
WAIT_S = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """``sizes`` of batches; ``rows`` with each; ``entries`` to be sequenced at once; ``singles`` to
    be followed from their acknowledgement to a signed checkpoint.
    """

    sizes: tuple[int, ...]
    rows: int
    entries: int
    singles: int
    operators: int
    seed: int


def run(options: Options, say: Say) -> Figures:
    """Everything, as one JSON document. Raises BenchmarkFailed."""
    say("making a database of its own")
    with throw_away_database() as server:
        # Each load has operators of its own: their sequences of batches begin at 1.
        loads = len(options.sizes) + 1
        made = tables.register(make_operators(options.operators * loads, options.seed))
        senders = [made[place::loads] for place in range(loads)]
        described = machine.describe()
        with gateway(WORKERS, DOZIR_DEMO="1") as (pid, port):
            _await_checkpoint(0)
            sizes = [
                _measure_size(options, size, own, (server, pid, port), say)
                for size, own in zip(options.sizes, senders, strict=False)
            ]
            say("verifying")
            verified = _verify(server) | {"export": _verify_export()}
            say(f"{options.singles:,} single transactions, each followed into a checkpoint")
            signed = _acknowledged_to_signed(options, senders[-1], port)
            say(f"{options.entries:,} entries at once")
            sequenced = _sequence(options.entries)
    return {
        "benchmark": "ledger",
        "seed": options.seed,
        "machine": described,
        "batches": sizes,
        "acknowledged_to_signed_ms": signed,
        "entries_sequenced_per_s": sequenced,
        "verification": verified,
        "proof_ms": _proof(),
    }


def _load(options: Options, senders: list[Sender], size: int, rows_: int) -> Any:
    return make_load(
        senders, rows=rows_, rows_per_batch=size, until_ms=int(time.time() * 1000),
        seed=options.seed,
    )  # fmt: skip


def _send(port: int, clients: int, batches: list[Batch], started: Callable[[], None]) -> Sent:
    connect = partial(http_connections, port, clients)
    jobs = [Job(one.rows, one.request) for one in batches]
    return send(Plan(connect, [], jobs), started=started, watch=lambda: None)


def _measure_size(
    options: Options, size: int, senders: list[Sender], where: tuple[int, int, int], say: Say
) -> Figures:
    """The whole over HTTP, then each stage alone on the same batches."""
    server, pid, port = where
    say(f"{options.rows:,} rows in batches of {size}")
    load = _load(options, senders, size, options.rows)
    families = {"database": Family(server), "gateway": Family(pid)}
    before: dict[str, float] = {}

    def started() -> None:
        before.update({part: family.cpu_s() for part, family in families.items()})

    _send(port, CLIENTS, load.warm_up, lambda: None)
    sent = _send(port, CLIENTS, load.batches, started)
    cpu = {part: family.cpu_s() - before[part] for part, family in families.items()}
    total_us = 1e6 * sum(cpu.values()) / sent.rows
    stages, journal_us = _stages(
        load.batches[: max(1, 200_000 // size)], size, families["database"]
    )
    ledger_us = sum(stages.values())
    return {
        "rows_per_batch": size,
        "transactions_per_s": round(sent.rows / sent.wall_s),
        "cpu_us_a_row": {
            **{part: round(1e6 * one / sent.rows, 3) for part, one in cpu.items()},
            "total": round(total_us, 3),
        },
        "ledger_us_a_row": {
            **{stage: round(us, 3) for stage, us in stages.items()},
            "total": round(ledger_us, 3),
        },
        "journal_wait_us_a_row": round(journal_us, 3),
        "ledger_share_of_throughput": round(ledger_us / total_us, 3),
    }


def _stages(batches: list[Batch], size: int, database: Family) -> tuple[dict[str, float], float]:
    """Microseconds of CPU a row of each stage, and of waiting for the journal's disk.

    That is waited for on a thread beside, by all batches that wait at a time together.
    """
    tuples = [one.copy[len(HEADER) : -len(TRAILER)] for one in batches]
    hashes: list[list[bytes]] = []
    count = len(batches) * size
    leaf_s = _time(lambda: hashes.extend(rows.leaf_hashes(one, TUPLE_BYTES) for one in tuples))
    tree_s = _time(lambda: [merkle.root(one) for one in hashes])
    with psycopg.connect(runtime.maintenance_url()) as conn:
        stored = conn.execute(
            "select receipt from ledger.batch where row_count = %s order by id desc limit 200",
            (size,),
        ).fetchall()
        entry_s = _entry_seconds(conn, database)
        conn.rollback()
    receipts = [bytes(one) for (one,) in stored]
    key = PrivateKey.from_seed("bench/receipts", Kind.ED25519, bytes(32))
    read = [promises.read(one) for one in receipts]
    pairs = list(zip(receipts, read, strict=True))
    promise_s = _time(lambda: [promises.complete(*one, key) for one in pairs]) / len(pairs)
    with tempfile.TemporaryDirectory(dir=settings().instance_dir) as folder:
        journal = Journal(Path(folder))
        entries = [one.entry_bytes for one in read]
        journal.append(entries[:1])
        started, cpu = time.perf_counter(), time.process_time()
        for one in entries:
            journal.append([one])
        wait_s = (time.perf_counter() - started) / len(entries)
        journal_s = (time.process_time() - cpu) / len(entries)
        journal.close()
    return {
        "leaf_hashing": 1e6 * leaf_s / count,
        "tree": 1e6 * tree_s / count,
        "entry_sql": 1e6 * entry_s / size,
        "journal": 1e6 * journal_s / size,
        "promise": 1e6 * promise_s / size,
    }, 1e6 * wait_s / size


def _entry_seconds(conn: psycopg.Connection[Any], database: Family) -> float:
    """CPU seconds that one entry takes in the database: body, hash, inserts; rolled back."""
    statement = (
        "select count(a.id) from (select x.* from ledger.batch as x order by x.id desc limit 1)"
        " as b cross join generate_series(1, %s) as n cross join lateral ledger.append_entry("
        "1::smallint, b.operator_id, 'BENCH', b.batch_root, ledger.batch_body(b.schema_version,"
        " b.id + n, b.operator_sequence, b.operator_id, b.stream, b.stream_sequence,"
        " b.idempotency_key, b.access_key_id, b.body_sha256, b.row_count, b.batch_root,"
        " b.occurred_from, b.occurred_until, b.received_at, b.late_count, b.totals)) as a"
    )
    many = 5_000
    conn.execute(statement, (many,))
    before = database.cpu_s()
    conn.execute(statement, (many,))
    return (database.cpu_s() - before) / many


def _time(work: Callable[[], object]) -> float:
    """CPU seconds of this process."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _published() -> int:
    """The size of the checkpoint that is served now; -1 before the first."""
    try:
        return int((settings().tiles_dir / "checkpoint").read_text().split("\n")[1])
    except FileNotFoundError:
        return -1


def _await_checkpoint(size: int) -> float:
    """When a checkpoint of at least this size is there (monotonic clock)."""
    deadline = time.monotonic() + WAIT_S
    while _published() < size:
        if time.monotonic() > deadline:
            raise BenchmarkFailed(f"no checkpoint of {size} entries: {_published()}")
        time.sleep(POLL_S)
    return time.monotonic()


def _entries() -> int:
    with psycopg.connect(runtime.maintenance_url()) as conn:
        row = conn.execute("select count(*) from ledger.entry").fetchone()
    return int(row[0]) if row else 0


def _acknowledged_to_signed(options: Options, senders: list[Sender], port: int) -> Figures:
    """Milliseconds from an acknowledgement to the checkpoint that covers its entry.

    The n-th acknowledged entry is covered by the first checkpoint with n entries more than before:
    entries get their leaves in the order of their commits.
    """
    load = _load(options, senders, 1, options.singles)
    _send(port, CLIENTS, load.warm_up, lambda: None)
    before = _entries()
    _await_checkpoint(before)
    seen: list[tuple[int, float]] = []
    reader, writer = os.pipe()
    watcher = os.fork()
    if not watcher:  # beside the senders: they keep this process busy
        os.close(reader)
        _watch_checkpoints(before + len(load.batches), writer)
    os.close(writer)
    sent = _send(port, CLIENTS, load.batches, lambda: None)
    with os.fdopen(reader) as lines:
        seen = [(int(size), float(at)) for size, at in map(str.split, lines)]
    os.waitpid(watcher, 0)
    waits: list[float] = []
    place = 0
    for number, at in enumerate(sorted(sent.acknowledged_at), before + 1):
        while place < len(seen) and seen[place][0] < number:
            place += 1
        if place == len(seen):
            raise BenchmarkFailed("an acknowledged entry was not signed")
        waits.append(max(0.0, seen[place][1] - at))
    return {**percentiles(waits), "entries_per_s": round(len(waits) / sent.wall_s)}


def _watch_checkpoints(until: int, pipe: int) -> None:
    """In a process of its own: write down when each checkpoint was first seen, and end."""
    last, deadline = -1, time.monotonic() + WAIT_S
    try:
        while last < until and time.monotonic() < deadline:
            if (size := _published()) != last:
                last = size
                os.write(pipe, f"{size} {time.monotonic()}\n".encode())
            time.sleep(POLL_S)
    finally:
        os._exit(0)


def _sequence(entries: int) -> int:
    """Entries a second from their commit to a signed checkpoint, all entered at once."""
    with psycopg.connect(runtime.maintenance_url()) as conn:
        conn.execute(
            "select count(ledger.append_document(5::smallint, null, jsonb_build_object('n', n)))"
            " from generate_series(1, %s) as n",
            (entries,),
        )
    started = time.monotonic()
    return round(entries / (_await_checkpoint(_entries()) - started))


def _verify(server: int) -> Figures:
    """Rows a second that one process verifies, with what the server uses for it."""
    url = runtime.role_url("dozir_migrator")
    family = Family(server)
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("begin isolation level repeatable read read only")
        before, own = family.cpu_s(), time.process_time()
        started = time.perf_counter()
        policy = verifier.Policy.parse((settings().tiles_dir / "policy").read_text())
        report = verifier.verify(
            Live(conn, url), verifier.Question(policy, tiles=settings().tiles_dir)
        )
        wall = time.perf_counter() - started
        cpu = time.process_time() - own
        conn.execute("rollback")
    if report.finding_count:
        raise BenchmarkFailed(report.findings[0].sentence())
    verified = report.figures["rows"]
    return {
        "rows": verified,
        "entries": report.figures["leaves"],
        "rows_per_s": round(verified / wall),
        "rows_per_cpu_s_of_verifier": round(verified / cpu),
        "rows_per_cpu_s_with_server": round(verified / (cpu + family.cpu_s() - before)),
    }


def _verify_export() -> Figures:
    """Rows a second of one core that the separate program verifies in an export."""
    published = settings().tiles_dir
    with tempfile.TemporaryDirectory(prefix="dozir-bench-export-") as scratch:
        folder = Path(scratch, "export")
        prepare(folder)
        copy_published(published, folder / PUBLISHED)
        url = runtime.role_url("dozir_migrator")
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("begin isolation level repeatable read read only")
            written = export(Live(conn, url), folder, lambda _: None)
        before, started = _children_cpu_s(), time.perf_counter()
        done = subprocess.run(  # noqa: S603 - our own program
            [
                sys.executable, verifier.__file__, str(folder), "--json",
                "--policy", str(published / "policy"),
            ],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        wall, cpu = time.perf_counter() - started, _children_cpu_s() - before
    if done.returncode:
        raise BenchmarkFailed(done.stdout or done.stderr)
    return {
        "rows": written["rows"],
        "rows_per_s": round(written["rows"] / wall),
        "rows_per_cpu_s": round(written["rows"] / cpu),
    }


def _children_cpu_s() -> float:
    """Seconds of CPU that ended child processes have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _proof() -> float:
    """Milliseconds to verify one proof offline: both signatures and 30 hashes."""
    keys = [PrivateKey.from_seed("bench", kind, bytes(32)) for kind in
            (Kind.ED25519, Kind.ML_DSA_44_COSIGNATURE)]  # fmt: skip
    leaf = verifier.leaf_hash(sha256(b"entry").digest())
    siblings = [sha256(bytes([number])).digest() for number in range(PROOF_HASHES)]
    root = leaf
    for one in siblings:
        root = verifier.node_hash(root, one)
    size = 2**PROOF_HASHES
    text = Checkpoint("bench", size, root).text()
    note = write(text, [key.sign(text, 1) for key in keys])
    public = [verifier.Key.parse(key.public.vkey()) for key in keys]

    started, many = time.process_time(), 200
    for _ in range(many):
        signed, _ = verifier.signed_by(note, public)
        _, told, top = verifier.checkpoint_of(signed)
        verifier.verify_inclusion(leaf, 0, told, siblings, top)
    return round(1000 * (time.process_time() - started) / many, 3)
