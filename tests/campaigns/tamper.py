"""Everything that someone with all rights in the database and its files can do to the ledger.

Each attack of ``ATTACKS`` is made at random in a transaction as superuser, past all triggers, and
verified before it is rolled back. The verifier must name what was touched: of a row its batch, its
number and its column; of a batch, an entry or a checkpoint which one, and which column. Less is
asked for only where the log cannot know more (docs/ledger.md, "What can be named"):

- which of the columns ``OPAQUE`` of a row has another value. They hold 128 bits of which nothing
  else tells; that one of them is it is demanded;
- which row it is, where the attacker wrote all of a batch's rows anew to hide it, and the value was
  one of those. That the batch is named is demanded.

Between the attacks clean states are verified, each another one, which must give no finding at all.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import random
import re
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.ingest.uuid7 import make_id
from portal.ledger.source import Live
from portal.ledger.traces import Traces
from portal.transparency import entries, events, merkle, notes, promises, timestamps
from portal.transparency.checkpoints import Checkpoint
from portal.transparency.entries import Entry
from portal.transparency.journal import record
from portal.transparency.proofs import LogProof
from portal.transparency.tiles import Tiles, path
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import Finding, Key, Policy, Question, Report
from portal.verifier.locate import Locator
from portal.verifier.rules import OPAQUE
from tests.support import home
from tests.support.authority import TestAuthority
from tests.support.batches import COLUMNS, cancellation, random_rows, store
from tests.support.databases import Connection, Database, rows, value
from tests.support.log import SignedLog, origin_of
from tests.support.market import Operator, register_alone

BATCHES = 18
AUTHORITY = "a time-stamping authority"


@dataclass(frozen=True)
class Stored:
    """A batch as it was accepted."""

    id: int
    entry: int
    operator: Operator
    rows: int
    receipt: bytes
    leaf: int


@dataclass
class Must:
    """What must be found: a finding of one of these kinds with these attributes."""

    kinds: tuple[str, ...]
    where: dict[str, Any] = field(default_factory=dict)
    why: str = ""  # what its explanation must speak of

    def met(self, found: Sequence[Finding]) -> bool:
        return any(
            one.kind in self.kinds
            and self.why in one.why
            and all(_named(getattr(one, name), value) for name, value in self.where.items())
            for one in found
        )


def _named(told: Any, must: Any) -> bool:
    """Whether a finding names this; of columns it may name several among which it is."""
    return must in told.split(", ") if isinstance(told, str) else told == must


def row_altered(batch: Stored, no: int, column: str | None = None) -> Must:
    """That a row is named, and its column."""
    where = {"batch": batch.id, "row": no}
    return Must(("row_altered",), where | ({"column": column} if column else {}))


# The attack was refused on the spot, and nothing of the ledger was touched.
REFUSED: list[Must] = []


@dataclass
class Stage:
    """A small ledger with a signed log, and the connection on which attacks are made."""

    database: Database
    conn: Connection
    log: SignedLog
    batches: list[Stored]
    question: Question
    journal: dict[bytes, int | None]
    authority: TestAuthority
    of_known_rounds: set[int]  # batches of whose first row another batch knows round and player
    later: timedelta = timedelta(0)  # the verifier comes so much later

    def run(self, sql: str, *parameters: Any) -> int:
        """One statement of the attacker; how many rows it touched."""
        return self.conn.execute(sql.encode(), parameters or None).rowcount

    def value(self, sql: str, *parameters: Any) -> Any:
        return value(self.conn, sql.encode(), parameters)

    def verify(self, question: Question | None = None) -> Report:
        """What the verifier says of the state on this connection."""
        source = Live(self.conn, None)
        source.manifest["made_at"] += self.later // timedelta(microseconds=1)
        question = question or self.question
        if question.locate is core.explain:
            question = replace(question, locate=Locator(traces=Traces(source)))
        return core.verify(source, question)

    @property
    def questioned(self) -> Question:
        """A copy of the usual question, for evidence to be added."""
        return replace(self.question, checkpoints=list(self.question.checkpoints), receipts=[])


# What must be found, and the question if it is another than usual.
Outcome = tuple[Must | list[Must], Question | None]
Attack = Callable[[Stage, random.Random], Outcome]
ATTACKS: dict[str, Attack] = {}


def attack(made: Attack) -> Attack:
    """Note an attack under its name."""
    ATTACKS[made.__name__] = made
    return made


@contextmanager
def staged(database: Database, seed: int) -> Iterator[Stage]:
    """A ledger of three operators, sequenced and signed in six rounds."""
    rng = random.Random(seed)
    operators = [register_alone(database) for _ in range(3)]
    now = datetime.now(UTC)
    moments = [now - timedelta(minutes=20), now - timedelta(hours=30)]
    folder = Path(tempfile.mkdtemp(prefix="dozir-tamper-", dir=home.place()))
    try:
        with database.connect() as conn:
            log = SignedLog(origin_of(conn), folder / "log")
        of_known_rounds = set()
        for number in range(BATCHES):
            operator = rng.choice(operators)
            batch = random_rows(operator, rng.choice((1, 2, 7, rng.randint(8, 30))), rng, moments)
            receipt = store(database, operator, batch)
            if number % 4 == 3:
                [win] = random_rows(operator, 1, rng, [batch[0].occurred_at])
                known = {"round_id": batch[0].round_id, "player": batch[0].player}
                store(database, operator, [replace(win, **known)])
                of_known_rounds.add(receipt["batch_id"])
            if number % 4 == 1:
                store(
                    database,
                    operator,
                    [cancellation(batch[0]), *random_rows(operator, 2, rng, moments)],
                )
            if number % 3 == 2:
                with database.connect() as conn:
                    noted(conn, rng)
                    conn.execute("select audit.seal_events()")
                    log.sequence(conn)
        journal = folder / "journal"
        journal.mkdir()
        with database.connect() as conn:
            (journal / f"{now.date()}.entries").write_bytes(
                b"".join(record(bytes(e)) for (e,) in rows(conn, "select entry from ledger.entry"))
            )
            found = rows(
                conn,
                "select b.id, b.entry_id, b.operator_id, b.row_count, b.receipt, l.leaf_index"
                " from ledger.batch as b join ledger.leaf as l on l.entry_id = b.entry_id"
                " order by l.leaf_index",
            )
        by_id = {one.id: one for one in operators}
        batches = [
            Stored(id_, entry, by_id[operator], count, bytes(receipt), leaf)
            for id_, entry, operator, count, receipt, leaf in found
        ]
        authority = TestAuthority(folder / "authority")
        with database.connect() as conn:
            for note in (log.notes[2], log.notes[-1]):
                stamp(conn, authority, note)
        policy = Policy.parse(log.policy)
        policy.receipts.append(Key.parse(log.receipt_key.public.vkey()))
        kept = core.entries_of(core.journal_of(journal))
        question = Question(
            policy,
            checkpoints=[("published", log.notes[-1])],
            tiles=log.folder,
            journal=kept,
            authorities=[core.Authority(AUTHORITY, [authority.root])],
        )
        with database.connect(autocommit=True) as conn:
            conn.execute(
                "set idle_in_transaction_session_timeout = 0"
            )  # a slow machine is no attack
            yield Stage(database, conn, log, batches, question, kept, authority, of_known_rounds)
    finally:
        shutil.rmtree(folder)


def noted(conn: Connection, rng: random.Random) -> None:
    """Some events of the audit trail."""
    for number in range(rng.randint(2, 6)):
        conn.execute(
            "select audit.note(%s, 'batch', %s,"
            " jsonb_build_object('reason', 'audit', 'text', %s::text), null, %s::integer,"
            " 'regulator')",
            (
                rng.choice(("view", "login", "decision")),
                str(number),
                f"справа {rng.random()}",
                rng.choice((None, 7)),
            ),
        )


def stamp(conn: Connection, authority: TestAuthority, note: str) -> None:
    """Have a checkpoint time-stamped and keep the token."""
    text, _ = notes.read(note)
    asked = timestamps.request(text)
    made = timestamps.read_answer(authority.reply(asked.body), text, asked.nonce, [authority.root])
    conn.execute(
        "insert into ledger.timestamp_token (size, authority, stamped_at, token)"
        " values (%s, %s, %s, %s)", (size_of(note), AUTHORITY, made.at, made.token),
    )  # fmt: skip


def play(stage: Stage, name: str, seed: int) -> None:
    """One attack and its verification; raises AssertionError where it is not found."""
    rng = random.Random(f"{name} {seed}")
    stage.conn.execute("begin isolation level repeatable read")
    try:
        stage.conn.execute("set local session_replication_role = replica")
        stage.later = timedelta(0)
        asked, question = ATTACKS[name](stage, rng)
        if asked is REFUSED:
            return
        report = stage.verify(question)
    finally:
        stage.conn.execute("rollback")
    told = "\n".join(one.sentence() for one in report.findings) or "nothing"
    for must in asked if isinstance(asked, list) else [asked]:
        assert must.met(report.findings), f"{name}, seed {seed}: {must} not in:\n{told}"


def clean(stage: Stage, seed: int = 0) -> None:
    """Verify a state in which nothing but honest things happened since: each seed another one.

    More batches arrive, some wait for their leaves, some are sequenced, signed and time-stamped.
    """
    rng = random.Random(f"clean {seed}")
    stage.later = timedelta(0)
    stage.conn.execute("begin isolation level repeatable read")
    try:
        question = _gone_on(stage, rng) if seed else None
        report = stage.verify(question)
    finally:
        stage.conn.execute("rollback")
    told = "\n".join(one.sentence() for one in report.findings)
    assert not report.finding_count, f"false alarm, clean seed {seed}:\n{told}"


def _gone_on(stage: Stage, rng: random.Random) -> Question:
    """Let the log go on in this transaction; the question, with what is published then."""
    folder = stage.log.folder.parent / "another"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(stage.log.folder, folder)
    log = replace(stage.log, folder=folder, notes=list(stage.log.notes))
    now = datetime.now(UTC)
    moments = [now - timedelta(minutes=2), now - timedelta(days=rng.randint(1, 20))]
    operators = {one.operator.id: one.operator for one in stage.batches}
    for number in range(rng.randint(0, 4)):
        operator = rng.choice(list(operators.values()))
        made = random_rows(operator, rng.choice((1, 3, 60)), rng, moments)
        store(stage.conn, operator, made, stream="later", sequence=number + 1)
        if rng.random() < 0.3:
            taken = cancellation(rng.choice(made))
            store(stage.conn, operator, [taken], stream="taken back", sequence=number + 1)
        if rng.random() < 0.5:
            noted(stage.conn, rng)
        if rng.random() < 0.5:
            stage.run("select audit.seal_events(%s)", rng.choice((1, 3, 1000)))
        if rng.random() < 0.5:
            log.sequence(stage.conn)
    if len(log.notes) > len(stage.log.notes) and rng.random() < 0.3:
        stamp(stage.conn, stage.authority, log.notes[-1])
    question = stage.questioned
    question.checkpoints = [(f"checkpoint {n}", one) for n, one in enumerate(log.notes)]
    question.tiles = folder
    question.receipts = [
        (
            f"{one.id}.json",
            promises.complete(one.receipt, promises.read(one.receipt), log.receipt_key),
        )
        for one in rng.sample(stage.batches, 3)
    ]
    return question


# Rows.


def pick(stage: Stage, rng: random.Random, least: int = 1) -> Stored:
    return rng.choice([one for one in stage.batches if one.rows >= least])


def another(rng: random.Random, type_: str, old: Any) -> Any:
    """Another value of a column's type."""
    while True:
        new: Any
        if type_ == "uuid":
            new = UUID(bytes=rng.randbytes(16)) if rng.random() < 0.9 else UUID(int=0)
        elif type_ == "timestamptz":
            new = old + timedelta(microseconds=rng.choice((1, -1)) * 10 ** rng.randrange(11))
        else:
            bits = {"int2": 15, "int4": 31, "int8": 63}[type_]
            near = old + rng.choice((-1, 1)) * rng.randint(1, 3)
            new = rng.choice((near, rng.getrandbits(rng.randrange(1, bits)), -old))
            new = max(-(2**bits), min(new, 2**bits - 1))
        if new != old:
            return new


def put(stage: Stage, rng: random.Random, batch: Stored, no: int, name: str, new: Any) -> None:
    """Give a column of a row another value."""
    where = "where batch_id = %s and row_no = %s"
    if name == "occurred_at":  # it may have to stand in another chunk then
        old = stage.value(f"select {name} from ledger.transaction {where}", batch.id, no)
        copy_row(stage, rng, batch, no, id="t.id", occurred_at=f"timestamptz '{new}'")
        stage.run(f"delete from ledger.transaction {where} and occurred_at = %s", batch.id, no, old)
    else:
        stage.run(f"update ledger.transaction set {name} = %s {where}", new, batch.id, no)


def _altered(name: str) -> Attack:
    def made(stage: Stage, rng: random.Random) -> Outcome:
        batch = pick(stage, rng)
        no = rng.randint(1, batch.rows)
        old = value_at(stage, batch, no, name)
        new = another(rng, COLUMNS[name], old)
        if name == "batch_id" and rng.random() < 0.5:
            new = rng.choice([one.id for one in stage.batches if one is not batch])
        put(stage, rng, batch, no, name, new)
        if name in ("batch_id", "row_no"):
            return Must(("row_missing",), {"batch": batch.id, "row": no}), None
        return row_altered(batch, no, name), None

    return made


def value_at(stage: Stage, batch: Stored, no: int, name: str) -> Any:
    """What stands in a column of a row."""
    return stage.value(
        f"select {name} from ledger.transaction where batch_id = %s and row_no = %s", batch.id, no
    )


for _column in COLUMNS:
    ATTACKS[f"altered_{_column}"] = _altered(_column)


@attack
def altered_random_bits_of_id(stage: Stage, rng: random.Random) -> Outcome:
    """The id still has its form and its moment; nothing but the root knows its other bits."""
    batch = pick(stage, rng)
    no = rng.randint(1, batch.rows)
    stage.run(
        "update ledger.transaction set id = overlay(id::text placing %s from 25)::uuid"
        " where batch_id = %s and row_no = %s", rng.randbytes(6).hex(), batch.id, no,
    )  # fmt: skip
    return row_altered(batch, no, "id"), None


@attack
def altered_two_columns(stage: Stage, rng: random.Random) -> Outcome:
    """Two values of one row that have few possible ones."""
    batch = pick(stage, rng)
    no = rng.randint(1, batch.rows)
    names = rng.sample(["type", "payment", "flags", "breach", "occurred_at", "licence_id"], 2)
    _set_all(stage, rng, batch, no, names)
    return [row_altered(batch, no, name) for name in names], None


def _set_all(stage: Stage, rng: random.Random, batch: Stored, no: int, names: list[str]) -> None:
    """Give columns of a row other values."""
    for name in names:
        put(
            stage,
            rng,
            batch,
            no,
            name,
            another(rng, COLUMNS[name], value_at(stage, batch, no, name)),
        )


@attack
def altered_without_a_trace(stage: Stage, rng: random.Random) -> Outcome:
    """All rows of the batch are written anew, so that nothing tells which one was altered."""
    batch = pick(stage, rng, 2)
    no = rng.randint(1, batch.rows)
    stage.run("update ledger.transaction set flags = flags where batch_id = %s", batch.id)
    name = rng.choice(["player", "round_id", "amount_minor", "payment", "game_id", "breach"])
    _set_all(stage, rng, batch, no, [name])
    if name in OPAQUE:  # 128 bits that nothing else knows, in any of the rows
        # (Nil, which no row has, is named by row even so.)
        return Must(("rows_altered", "row_altered"), {"batch": batch.id}), None
    return row_altered(batch, no, name), None


@attack
def altered_in_a_round_that_others_know(stage: Stage, rng: random.Random) -> Outcome:
    """Another batch has a row of this round: it knows the player, and of the player the round."""
    batch = rng.choice([one for one in stage.batches if one.id in stage.of_known_rounds])
    name = rng.choice(["player", "round_id"])
    was = stage.value(
        f"select {name} from ledger.transaction where batch_id = %s and row_no = 1", batch.id
    )
    _set_all(stage, rng, batch, 1, [name])
    must = row_altered(batch, 1, name)
    must.where["expected"] = was.bytes.hex()
    return must, None


@attack
def altered_value_named_by_an_older_export(stage: Stage, rng: random.Random) -> Outcome:
    """With the true rows at hand every value is named."""
    batch = pick(stage, rng)
    no = rng.randint(1, batch.rows)
    name = rng.choice([one for one in COLUMNS if one not in ("batch_id", "row_no")])
    kept = [
        core.packed(fields)
        for fields in core.copied(
            _copied(
                stage,
                f"select * from ledger.transaction where batch_id = {batch.id} order by row_no",
            )
        )
    ]
    put(stage, rng, batch, no, name, another(rng, COLUMNS[name], value_at(stage, batch, no, name)))
    question = stage.questioned
    question.locate = Locator(Kept({batch.id: kept}))  # type: ignore[arg-type]
    return Must(("row_altered",), {"batch": batch.id, "row": no, "column": name}), question


def _copied(stage: Stage, query: str) -> list[bytes]:
    with stage.conn.cursor().copy(f"copy ({query}) to stdout (format binary)".encode()) as copy:
        return [bytes(part) for part in copy]


@dataclass
class Kept:
    """An older export, as far as a locator looks at it."""

    batches: dict[int, list[bytes]]

    def parts(self, _known: Any) -> list[Path]:
        return [Path(f"{one}-{one}.copy") for one in self.batches]

    def rows(self, part: Path) -> bytes:
        return b"".join(self.batches[int(part.stem.split("-")[0])])


WHOLE = {
    "amount_minor": ["amount_minor * 2", "amount_minor + 7", "9223372036854775807 - row_no"],
    "player": ["round_id", "exclusion_receipt"],
    "round_id": ["player"],
    "currency": ["840"],
    "occurred_at": ["occurred_at + interval '1 microsecond'"],
    "type": ["1"],
    "payment": ["1"],
    "exclusion_receipt": ["player"],
    "operator_id": ["operator_id + 1"],
}


def _whole_column(name: str) -> Attack:
    def made(stage: Stage, rng: random.Random) -> Outcome:
        """All rows that had another value; where those are few, or all, the values are proved."""
        batch, term = pick(stage, rng), rng.choice(WHOLE[name])
        touched = [no for (no,) in rows(
            stage.conn,
            f"update ledger.transaction set {name} = {term} where batch_id = {batch.id}"
            f" and {name} is distinct from {term} returning row_no",
        )]  # fmt: skip
        if not touched:
            return made(stage, rng)
        if name in ("payment", "type") and len(touched) > 3:
            # So many combinations of what they were cannot be tried: the rows that were touched are
            # named, or where that were all of them the batch; and the column where sums tell.
            where = {"batch": batch.id} | ({"column": name} if name == "type" else {})
            if len(touched) < batch.rows:
                where["row"] = rng.choice(touched)
            return Must(("row_altered", "rows_altered"), where), None
        if name == "currency" and len(touched) == batch.rows:
            return Must(("row_altered", "rows_altered"), {"batch": batch.id, "column": name}), None
        return row_altered(batch, rng.choice(touched), name), None

    return made


for _column in WHOLE:
    ATTACKS[f"altered_whole_{_column}"] = _whole_column(_column)


@attack
def altered_whole_breach(stage: Stage, rng: random.Random) -> Outcome:
    """Sixteen values each, and no sum tells: few rows are proved, of more it is told which."""
    batch = pick(stage, rng)
    touched = [no for (no,) in rows(
        stage.conn,
        f"update ledger.transaction set breach = 0 where batch_id = {batch.id} and breach <> 0"
        " returning row_no",
    )]  # fmt: skip
    if not touched:
        return altered_whole_breach(stage, rng)
    if len(touched) <= 3:
        return row_altered(batch, rng.choice(touched), "breach"), None
    if len(touched) < batch.rows:
        return row_altered(batch, rng.choice(touched)), None
    return Must(("row_altered", "rows_altered"), {"batch": batch.id}), None


@attack
def columns_exchanged(stage: Stage, rng: random.Random) -> Outcome:
    """Two columns of the table change their names: every row of every batch is another."""
    batch = pick(stage, rng)
    one, other = rng.choice(
        [("round_id", "player"), ("player", "exclusion_receipt"), ("round_id", "exclusion_receipt")]
    )
    for old, new in ((one, "x"), (other, one), ("x", other)):
        stage.run(f"alter table ledger.transaction rename column {old} to {new}")
    return row_altered(batch, rng.randint(1, batch.rows), one), None


@attack
def column_rewritten_as_another_type(stage: Stage, rng: random.Random) -> Outcome:
    """No trigger sees it, and every row has another form."""
    batch = pick(stage, rng)
    stage.run("drop schema api cascade")
    stage.run("drop function ledger.row_leaf cascade")
    name = rng.choice(["payment", "breach", "game_id"])
    stage.run(f"alter table ledger.transaction alter column {name} type bigint")
    return row_altered(batch, rng.randint(1, batch.rows), name), None


@attack
def column_of_another_type(stage: Stage, rng: random.Random) -> Outcome:
    """The tuple's form changes: a column that may be empty now."""
    batch = pick(stage, rng)
    no = rng.randint(1, batch.rows)
    name = rng.choice(["player", "round_id", "exclusion_receipt", "game_id", "payment"])
    stage.run(f"alter table ledger.transaction alter column {name} drop not null")
    stage.run(
        f"update ledger.transaction set {name} = null where batch_id = %s and row_no = %s",
        batch.id, no,
    )  # fmt: skip
    return row_altered(batch, no, name), None


@attack
def deleted_rows(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    gone = rng.sample(range(1, batch.rows + 1), rng.randint(1, min(3, batch.rows)))
    stage.run(
        "delete from ledger.transaction where batch_id = %s and row_no = any (%s)", batch.id, gone
    )
    return [Must(("row_missing",), {"batch": batch.id, "row": one}) for one in gone], None


@attack
def deleted_and_renumbered(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng, 2)
    no = rng.randint(1, batch.rows)
    stage.run("delete from ledger.transaction where batch_id = %s and row_no = %s", batch.id, no)
    stage.run(
        "update ledger.transaction set row_no = row_no - 1 where batch_id = %s and row_no > %s",
        batch.id, no,
    )  # fmt: skip
    missing = Must(("row_missing",), {"batch": batch.id, "row": batch.rows})
    if 1 < no < batch.rows:  # the first that was renumbered stands where the deleted one stood
        return [missing, row_altered(batch, no)], None
    return missing, None


def copy_row(stage: Stage, rng: random.Random, batch: Stored, no: int, **new: str) -> None:
    """Put in a copy of a row in which some columns are other expressions."""
    fresh = make_id(int(time.time() * 1000), rng.randbytes(16))
    own = {"id": f"'{fresh}'::uuid"} | new
    columns = ", ".join(own.get(name, f"t.{name}") for name in COLUMNS)
    stage.run(
        f"insert into ledger.transaction ({', '.join(COLUMNS)}) select {columns}"
        " from ledger.transaction as t where t.batch_id = %s and t.row_no = %s",
        batch.id, no,
    )  # fmt: skip


@attack
def inserted_row(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    no = rng.choice([0, -1, batch.rows + 1, batch.rows + rng.randint(2, 10_000)])
    copy_row(stage, rng, batch, rng.randint(1, batch.rows), row_no=str(no))
    return Must(("row_invented",), {"batch": batch.id, "row": no}), None


@attack
def duplicated_row(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    no = rng.randint(1, batch.rows)
    if rng.random() < 0.5:  # the very same row, in another chunk or beside it
        stage.run("alter table ledger.transaction drop constraint if exists uq_transaction_id")
        shift = rng.choice(["t.occurred_at + interval '1 microsecond'",
                            "t.occurred_at - interval '40 days'"])  # fmt: skip
        copy_row(stage, rng, batch, no, id="t.id", occurred_at=shift)
    else:
        copy_row(stage, rng, batch, no)
    return Must(("row_duplicated",), {"batch": batch.id, "row": no}), None


@attack
def row_of_no_batch(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    known = {one.id for one in stage.batches}
    foreign = rng.choice([0, 2**40, min(known) - 1, max(known) + 1])
    day = rng.choice(["t.occurred_at", "t.occurred_at - interval '300 days'"])
    copy_row(stage, rng, batch, 1, batch_id=f"{foreign}", occurred_at=day)
    return Must(("row_invented",), {"batch": foreign, "row": 1}), None


@attack
def exchanged_rows(stage: Stage, rng: random.Random) -> Outcome:
    """The numbers of two rows of a batch."""
    batch = pick(stage, rng, 2)
    one, two = rng.sample(range(1, batch.rows + 1), 2)
    stage.run(
        "update ledger.transaction set row_no = case row_no when %s then %s else %s end"
        " where batch_id = %s and row_no in (%s, %s)", one, two, one, batch.id, one, two,
    )  # fmt: skip
    return [row_altered(batch, no, "row_no") for no in (one, two)], None


@attack
def exchanged_values(stage: Stage, rng: random.Random) -> Outcome:
    """One column of two rows of a batch: every sum still holds."""
    batch = pick(stage, rng, 2)
    one, two = rng.sample(range(1, batch.rows + 1), 2)
    name = rng.choice(["player", "round_id"])
    stage.run(
        f"update ledger.transaction as t set {name} = o.{name} from ledger.transaction as o"
        " where t.batch_id = %s and o.batch_id = %s and t.row_no in (%s, %s)"
        " and o.row_no in (%s, %s) and o.row_no <> t.row_no",
        batch.id, batch.id, one, two, one, two,
    )  # fmt: skip
    return [row_altered(batch, no, name) for no in (one, two)], None


@attack
def shuffled_rows(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng, 3)
    old = list(range(1, batch.rows + 1))
    new = old[rng.randint(1, batch.rows - 1) :]
    new += old[: batch.rows - len(new)]
    stage.run(
        "update ledger.transaction as t set row_no = o.new from unnest(%s::int[], %s::int[])"
        " as o (old, new) where t.batch_id = %s and t.row_no = o.old", old, new, batch.id,
    )  # fmt: skip
    return row_altered(batch, rng.choice(new), "row_no"), None


@attack
def scattered_rows(stage: Stage, rng: random.Random) -> Outcome:
    """Some rows of many in another order, of which there are too many to be tried."""
    batch = pick(stage, rng, 7)
    old = rng.sample(range(1, batch.rows + 1), rng.randint(4, batch.rows - 1))
    new = old[1:] + old[:1]
    stage.run(
        "update ledger.transaction as t set row_no = o.new from unnest(%s::int[], %s::int[])"
        " as o (old, new) where t.batch_id = %s and t.row_no = o.old", old, new, batch.id,
    )  # fmt: skip
    return [row_altered(batch, no) for no in old], None


@attack
def exchanged_between_batches(stage: Stage, rng: random.Random) -> Outcome:
    one, two = rng.sample(stage.batches, 2)
    a, b = rng.randint(1, one.rows), rng.randint(1, two.rows)
    stage.run(
        "update ledger.transaction as t set batch_id = n.batch, row_no = n.no from"
        " (values (%s::bigint, %s::int, %s::bigint, %s::int), (%s, %s, %s, %s))"
        " as n (old_batch, old_no, batch, no)"
        " where t.batch_id = n.old_batch and t.row_no = n.old_no",
        one.id, a, two.id, b, two.id, b, one.id, a,
    )  # fmt: skip
    return [row_altered(one, a), row_altered(two, b)], None


@attack
def chunk_truncated(stage: Stage, rng: random.Random) -> Outcome:
    chunks = rows(
        stage.conn,
        "select c.oid::regclass::text, t.batch_id, t.row_no from ledger.transaction as t"
        " join pg_class as c on c.oid = t.tableoid order by 1, 2, 3",
    )
    chunk, batch, no = rng.choice(chunks)
    stage.run(f"truncate {chunk}")
    return Must(("row_missing",), {"batch": batch, "row": no}), None


# Batches.

BATCH_COLUMNS = {
    "schema_version": "int2", "shard": "int2", "operator_id": "int4", "operator_sequence": "int8",
    "access_key_id": "int4", "idempotency_key": "uuid", "stream_sequence": "int8",
    "row_count": "int4", "occurred_from": "timestamptz", "occurred_until": "timestamptz",
    "received_at": "timestamptz", "late_count": "int4", "receipt_version": "int2",
}  # fmt: skip


def unchecked(stage: Stage) -> None:
    """Whoever has all rights drops what is in the way."""
    for table, name in rows(
        stage.conn,
        "select conrelid::regclass::text, conname from pg_constraint where contype in ('c', 'u')"
        " and connamespace = 'ledger'::regnamespace and conrelid <> 'ledger.transaction'::regclass"
        " and conrelid <> 0",
    ):
        stage.run(f"alter table {table} drop constraint {name}")


def _batch_altered(name: str) -> Attack:
    def made(stage: Stage, rng: random.Random) -> Outcome:
        batch = pick(stage, rng)
        unchecked(stage)
        old = stage.value(f"select {name} from ledger.batch where id = %s", batch.id)
        new = another(rng, BATCH_COLUMNS[name], old)
        stage.run(f"update ledger.batch set {name} = %s where id = %s", new, batch.id)
        return Must(("batch_altered",), {"batch": batch.id, "column": name}), None

    return made


for _column in BATCH_COLUMNS:
    ATTACKS[f"altered_batch_{_column}"] = _batch_altered(_column)


@attack
def altered_batch_text_or_hash(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    name = rng.choice(["stream", "body_sha256", "batch_root", "receipt", "lag_histogram"])
    unchecked(stage)
    term = {
        "stream": "stream || 'x'",
        "lag_histogram": rng.choice(["lag_histogram || 0", "lag_histogram || 1", "'{}'"]),
    }.get(
        name,
        f"set_byte({name}, {rng.randrange(32)}, {rng.randrange(256)})",
    )
    touched = stage.run(
        f"update ledger.batch set {name} = {term} where id = %s and {name} is distinct from {term}",
        batch.id,
    )
    if not touched:
        name = "stream"
        stage.run("update ledger.batch set stream = 'y' where id = %s", batch.id)
    return Must(("batch_altered",), {"batch": batch.id, "column": name}), None


@attack
def altered_sums(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    part = rng.choice(["amount_minor", "count", "currency", "cancelled_minor"])
    names = ["currency", "type", "count", "amount_minor", "cancelled_count", "cancelled_minor"]
    terms = [f"{one} + {rng.randint(1, 9)}" if one == part else one for one in names]
    types = ["smallint", "smallint", "integer", "bigint", "integer", "bigint"]
    fields_ = ", ".join(f"(t.{term})::{type_}" for term, type_ in zip(terms, types, strict=True))
    stage.run(
        "update ledger.batch as b set totals = ("
        f" select array_agg(row({fields_})::ledger.type_total) from unnest(b.totals) as t)"
        " where b.id = %s", batch.id,
    )  # fmt: skip
    return Must(("batch_altered",), {"batch": batch.id, "column": "totals"}), None


@attack
def altered_receipt(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    text = batch.receipt.decode()
    places = [match.start() for match in re.finditer("[0-9]", text)]
    place = rng.choice(places)
    text = text[:place] + str((int(text[place]) + rng.randint(1, 9)) % 10) + text[place + 1 :]
    stage.run("update ledger.batch set receipt = %s where id = %s", text.encode(), batch.id)
    return Must(("batch_altered",), {"batch": batch.id, "column": "receipt"}), None


@attack
def deleted_batch(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    stage.run("delete from ledger.batch where id = %s", batch.id)
    if rng.random() < 0.7:
        stage.run("delete from ledger.transaction where batch_id = %s", batch.id)
    return Must(("batch_missing",), {"batch": batch.id}), None


@attack
def deleted_batch_and_entry(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    deleted_everywhere(stage, batch)
    return Must(("entry_missing",), {"leaf": batch.leaf}), None


def deleted_everywhere(stage: Stage, batch: Stored) -> None:
    stage.run("delete from ledger.transaction where batch_id = %s", batch.id)
    stage.run("delete from ledger.batch where id = %s", batch.id)
    stage.run("delete from ledger.entry where id = %s", batch.entry)


@attack
def deleted_batch_entry_and_leaf(stage: Stage, rng: random.Random) -> Outcome:
    """No trace in the tables: the journal and the signed root still know it."""
    batch = pick(stage, rng)
    unchecked(stage)
    deleted_everywhere(stage, batch)
    stage.run("delete from ledger.leaf where leaf_index = %s", batch.leaf)
    if rng.random() < 0.5 and batch.leaf < stage.log.size - 1:  # and the gap is closed
        stage.run(
            "update ledger.leaf set leaf_index = leaf_index - 1 - 1000000 where leaf_index > %s",
            batch.leaf,
        )
        stage.run("update ledger.leaf set leaf_index = leaf_index + 1000000 where leaf_index < 0")
    return Must(("entry_lost",), {"batch": batch.id}), None


TOTALS = (
    "(select array_agg(row(t.currency, t.type, t.count, t.minor, t.taken, t.taken_minor)"
    "::ledger.type_total) from unnest(%s::int2[], %s::int2[], %s::int[], %s::bigint[], %s::int[],"
    " %s::bigint[]) as t (currency, type, count, minor, taken, taken_minor))"
)


def columns(body: entries.Batch) -> list[list[int]]:
    """A batch's totals by columns, for ``TOTALS``."""
    names = [one.name for one in dataclasses.fields(entries.Total)]
    return [[getattr(one, name) for one in body.totals] for name in names]


def forged(
    stage: Stage,
    rng: random.Random,
    like: Stored,
    *,
    id_: int,
    at: datetime,
    sequence: int,
    previous: bytes,
) -> bytes:
    """A batch that never was, with rows, record, receipt and entry that all fit; the entry."""
    first = stage.value("select occurred_from from ledger.batch where id = %s", like.id)
    for no in range(1, like.rows + 1):
        fresh = make_id(int(first.timestamp() * 1000) + no, rng.randbytes(16))
        copy_row(
            stage, rng, like, no, id=f"'{fresh}'::uuid", batch_id=str(id_), row_no=str(no),
            occurred_at=f"timestamptz '{first}' + {no} * interval '1 ms'",
        )  # fmt: skip
    tuples = [
        core.packed(one)
        for one in core.copied(_copied(
            stage, f"select * from ledger.transaction where batch_id = {id_} order by row_no"
        ))
    ]  # fmt: skip
    root = merkle.root([merkle.hash_leaf(one) for one in tuples])
    us = round(at.timestamp() * 1_000_000)
    totals, early, late, _ = core.figures_of(b"".join(tuples), us)
    old = Entry.unpack(
        bytes(stage.value("select entry from ledger.entry where id = %s", like.entry))
    )
    body = old.batch()
    made = entries.Batch(
        **{
            name: getattr(body, name)
            for name in ("schema_version", "operator_id", "stream", "access_key_id", "body_sha256",
                         "row_count", "late_count", "operator_signature")
        },
        batch_id=id_, operator_sequence=sequence, stream_sequence=rng.getrandbits(40),
        idempotency_key=rng.randbytes(16), batch_root=root, occurred_from_us=early,
        occurred_until_us=late, received_at_us=us,
        totals=tuple(entries.Total(*one) for one in entries._TOTAL.iter_unpack(totals)),
    )  # fmt: skip
    raw = replace(old, entered_at_us=us, previous=previous, body=made.pack()).pack()
    entry = stage.value("select max(id) + 1 from ledger.entry")
    stage.run(
        "insert into ledger.entry (id, kind, operator_id, entered_at, hash, entry)"
        " values (%s, 1, %s, %s, %s, %s)", entry, body.operator_id, at, sha256(raw).digest(), raw,
    )  # fmt: skip
    stage.run(
        "insert into ledger.batch (id, schema_version, shard, operator_id, operator_sequence,"
        " access_key_id, idempotency_key, stream, stream_sequence, row_count, totals,"
        " occurred_from, occurred_until, received_at, late_count, lag_histogram, body_sha256,"
        " receipt_version, receipt, batch_root, entry_id)"
        " select %s, b.schema_version, b.shard, b.operator_id, %s,"
        " b.access_key_id, %s, b.stream, %s, b.row_count, "
        + TOTALS
        + ", to_timestamp(%s::bigint / 1000000.0), to_timestamp(%s::bigint / 1000000.0), %s,"
        " b.late_count, b.lag_histogram, b.body_sha256, 1, '', %s, %s"
        " from ledger.batch as b where b.id = %s",
        id_, sequence, UUID(bytes=made.idempotency_key), made.stream_sequence, *columns(made),
        early, late, at, root, entry, like.id,
    )  # fmt: skip
    stage.run(
        "update ledger.batch as b set receipt = ledger.receipt(b.id, o.code, b.operator_sequence,"
        " b.stream, b.stream_sequence, b.idempotency_key, b.row_count, b.totals, b.occurred_from,"
        " b.occurred_until, b.received_at, b.body_sha256, b.batch_root, e.entry)"
        " from ledger.entry as e, registry.operator as o"
        " where b.id = %s and e.id = b.entry_id and o.id = b.operator_id", id_,
    )  # fmt: skip
    stage.run(
        "update ledger.operator_head set last_sequence = greatest(last_sequence, %s),"
        " last_hash = %s where operator_id = %s", sequence, sha256(raw).digest(), body.operator_id,
    )  # fmt: skip
    return raw


def at_the_end(stage: Stage, like: Stored) -> dict[str, Any]:
    """What a batch must have to follow the last one of its operator."""
    sequence, hashed = rows(
        stage.conn,
        "select last_sequence, last_hash from ledger.operator_head where operator_id = %s",
        (like.operator.id,),
    )[0]
    return {"id_": 10**6, "sequence": sequence + 1, "previous": bytes(hashed)}


@attack
def invented_batch(stage: Stage, rng: random.Random) -> Outcome:
    """With everything that a batch has, but without the log's signature."""
    like = pick(stage, rng)
    at = datetime.now(UTC) - timedelta(seconds=rng.randint(70, 10_000))
    forged(stage, rng, like, at=at, **at_the_end(stage, like))
    if rng.random() < 0.5:
        stage.run(
            "insert into ledger.leaf (leaf_index, entry_id) select max(leaf_index) + 1,"
            " (select max(id) from ledger.entry) from ledger.leaf"
        )
    return Must(("not_merged",), {"batch": 10**6}), None


@attack
def invented_batch_without_entry(stage: Stage, rng: random.Random) -> Outcome:
    like = pick(stage, rng)
    forged(stage, rng, like, at=datetime.now(UTC), **at_the_end(stage, like))
    stage.run("delete from ledger.entry where id = (select max(id) from ledger.entry)")
    if rng.random() < 0.3:  # with another's entry
        stage.run("update ledger.batch set entry_id = %s where id = %s", like.entry, 10**6)
    return Must(("batch_invented",), {"batch": 10**6}), None


@attack
def back_dated_batch(stage: Stage, rng: random.Random) -> Outcome:
    """Sequenced and signed in earnest, as from long ago: the sequencer knows no better."""
    like = pick(stage, rng)
    at = datetime.now(UTC) - timedelta(seconds=rng.randint(180, 10**6))
    forged(stage, rng, like, at=at, **at_the_end(stage, like))
    stage.run("insert into ledger.unsequenced select max(id) from ledger.entry")
    return Must(("back_dated",), {"batch": 10**6}), resigned(stage)


def resigned(stage: Stage, *, without: str | None = None, seed: int | None = None) -> Question:
    """Make leaves, tiles and a checkpoint of what the tables now hold; ask with these.

    ``seed``: signed with other keys. The checkpoint that was published before stays known only
    where the question says so.
    """
    folder = stage.log.folder.parent / "another"
    shutil.rmtree(folder, ignore_errors=True)
    made = replace(stage.log, folder=folder, size=0, notes=[], seed=seed or stage.log.seed)
    waiting = rows(stage.conn, "select entry_id from ledger.unsequenced order by entry_id")
    for (entry,) in waiting:
        stage.run("insert into ledger.leaf (leaf_index, entry_id)"
                  " select max(leaf_index) + 1, %s from ledger.leaf", entry)  # fmt: skip
    hashes = [
        bytes(one)
        for (one,) in rows(
            stage.conn,
            "select e.hash from ledger.leaf as l join ledger.entry as e on e.id = l.entry_id"
            " order by l.leaf_index",
        )
    ]
    root = Tiles(folder).append(0, hashes)
    note = made.sign(len(hashes), root)
    if without == "history":
        stage.run("delete from ledger.checkpoint")
    stage.run(
        "insert into ledger.checkpoint (size, root, signed_at, note) values (%s, %s, now(), %s)"
        " on conflict (size) do update set root = excluded.root, note = excluded.note",
        len(hashes), root, note,
    )  # fmt: skip
    question = stage.questioned
    question.checkpoints = [("published", note)]
    question.tiles = folder
    return question


@attack
def reordered_batches(stage: Stage, rng: random.Random) -> Outcome:
    """Two of one operator's batches change their sequence numbers."""
    one = pick(stage, rng)
    other = rng.choice([x for x in stage.batches if x.operator is one.operator and x is not one])
    unchecked(stage)
    stage.run(
        "update ledger.batch as b set operator_sequence = o.operator_sequence"
        " from ledger.batch as o where b.id in (%s, %s) and o.id in (%s, %s) and o.id <> b.id",
        one.id, other.id, one.id, other.id,
    )  # fmt: skip
    return Must(("batch_altered",), {"batch": one.id, "column": "operator_sequence"}), None


@attack
def reordered_leaves(stage: Stage, rng: random.Random) -> Outcome:
    one, other = rng.sample(stage.batches, 2)
    unchecked(stage)
    stage.run(
        "update ledger.leaf set entry_id = case leaf_index when %s then %s::bigint else %s end"
        " where leaf_index in (%s, %s)",
        one.leaf, other.entry, one.entry, one.leaf, other.leaf,
    )  # fmt: skip
    return Must(("leaf_altered",), {"leaf": rng.choice((one.leaf, other.leaf))}), None


# The log.


@attack
def altered_entry_column(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    unchecked(stage)
    name, term = rng.choice(
        [("kind", "kind + 1"), ("operator_id", "operator_id + 1"), ("hash", "sha256(hash)"),
         ("entered_at", "entered_at - interval '1 day'")]
    )  # fmt: skip
    stage.run(f"update ledger.entry set {name} = {term} where id = %s", batch.entry)
    return Must(("entry_altered",), {"entry": batch.entry, "column": name}), None


@attack
def altered_entry_bytes(stage: Stage, rng: random.Random) -> Outcome:
    """With its hash recomputed: the chain, the tiles and the roots know better."""
    batch = pick(stage, rng)
    raw = bytearray(stage.value("select entry from ledger.entry where id = %s", batch.entry))
    raw[rng.randrange(len(raw))] ^= rng.randint(1, 255)
    if rng.random() < 0.2:
        raw = raw[: rng.randrange(1, len(raw))]
    stage.run(
        "update ledger.entry set entry = %s, hash = sha256(%s) where id = %s",
        bytes(raw), bytes(raw), batch.entry,
    )  # fmt: skip
    return Must(("leaf_altered",), {"leaf": batch.leaf}), None


@attack
def altered_entry_numbers(stage: Stage, rng: random.Random) -> Outcome:
    """Of more rows or batches than any memory holds, or of fewer than none."""
    batch = pick(stage, rng)
    if rng.random() < 0.5:  # before an operator's first there may be earlier ones
        batch = next(one for one in stage.batches if one.operator is batch.operator)
    raw = bytes(stage.value("select entry from ledger.entry where id = %s", batch.entry))
    body = Entry.unpack(raw).batch()
    name, form, root = rng.choice(
        [("row_count", ">i32s", body.batch_root), ("operator_sequence", ">qi", body.operator_id)]
    )
    bits = 8 * struct.calcsize(form[:2]) - 1
    old = getattr(body, name)
    new = another(rng, f"int{(bits + 1) // 8}", old)
    new = rng.choice([2**bits - 1, -(2**bits), 0, new])
    made = raw.replace(struct.pack(form, old, root), struct.pack(form, new, root))
    assert made != raw
    stage.run(
        "update ledger.entry set entry = %s, hash = sha256(%s) where id = %s",
        made, made, batch.entry,
    )  # fmt: skip
    if rng.random() < 0.3:
        stage.run("delete from ledger.transaction where batch_id = %s", batch.id)
    return Must(("leaf_altered",), {"leaf": batch.leaf}), None


@attack
def altered_entry_without_tiles(stage: Stage, rng: random.Random) -> Outcome:
    """Where the tiles are gone too, the next checkpoint bounds the place."""
    batch = pick(stage, rng)
    raw = bytearray(stage.value("select entry from ledger.entry where id = %s", batch.entry))
    raw[-rng.randint(3, 40)] ^= rng.randint(1, 255)
    stage.run(
        "update ledger.entry set entry = %s, hash = sha256(%s) where id = %s",
        bytes(raw), bytes(raw), batch.entry,
    )  # fmt: skip
    question = stage.questioned
    question.tiles = None
    sizes = [size for (size,) in rows(stage.conn, "select size from ledger.checkpoint order by 1")]
    first = next(size for size in sizes if size > batch.leaf)
    # The journal had the entry; and the first checkpoint that differs bounds the place besides.
    bounded = Must(("root_differs",), {"checkpoint": first})
    return [bounded, Must(("entry_lost",), {"batch": batch.id})], question


@attack
def leaf_gap_or_twice(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    unchecked(stage)
    if rng.random() < 0.5:
        stage.run(
            "update ledger.leaf set leaf_index = leaf_index + 1000000 where leaf_index >= %s",
            batch.leaf,
        )
        return Must(("leaf_order",), {"leaf": batch.leaf + 10**6, "entry": batch.entry}), None
    stage.run(
        "insert into ledger.leaf (leaf_index, entry_id) select max(leaf_index) + 1, %s"
        " from ledger.leaf", batch.entry,
    )  # fmt: skip
    return Must(("leaf_order",), {"leaf": stage.log.size, "entry": batch.entry}), None


@attack
def altered_head(stage: Stage, rng: random.Random) -> Outcome:
    batch = pick(stage, rng)
    term = rng.choice(
        ["last_sequence = last_sequence - 1", "last_hash = sha256(last_hash)", "last_hash = null"]
    )
    stage.run(f"update ledger.operator_head set {term} where operator_id = %s", batch.operator.id)
    return Must(("head_altered",), {"operator": batch.operator.code}), None


@attack
def altered_checkpoint(stage: Stage, rng: random.Random) -> Outcome:
    size = rng.choice(rows(stage.conn, "select size from ledger.checkpoint"))[0]
    term = rng.choice(
        ["root = sha256(root)", "size = size + 1000", "signed_at = signed_at - interval '2 min'",
         "note = translate(note, 'AB', 'BA')", "note = note || note", "note = ''"]
    )  # fmt: skip
    stage.run(f"update ledger.checkpoint set {term} where size = %s", size)
    if term.startswith("size"):
        size += 1000
    return Must(("checkpoint_altered", "checkpoint_invalid"), {"checkpoint": size}), None


@attack
def truncated_tail(stage: Stage, rng: random.Random) -> Outcome:
    """The last batches are gone from all tables; the published checkpoint is there."""
    cut_off(stage, rng)
    return Must(("truncated",), {"checkpoint": stage.log.size}), None


def cut_off(stage: Stage, rng: random.Random) -> list[Stored]:
    """Take out everything from some batch's leaf on; the batches that are gone."""
    first = rng.choice(stage.batches)
    gone = [one for one in stage.batches if one.leaf >= first.leaf]
    for batch in gone:
        deleted_everywhere(stage, batch)
    stage.run(
        "delete from ledger.entry as e using ledger.leaf as l"
        " where l.entry_id = e.id and l.leaf_index >= %s", first.leaf,
    )  # fmt: skip
    stage.run("delete from ledger.leaf where leaf_index >= %s", first.leaf)
    stage.run("delete from ledger.checkpoint where size > %s", first.leaf)
    stage.run(
        "update ledger.operator_head as h set last_sequence = coalesce(b.sequence, 0),"
        " last_hash = (select e.hash from ledger.batch as x join ledger.entry as e"
        " on e.id = x.entry_id where x.operator_id = h.operator_id"
        " and x.operator_sequence = b.sequence) from (select o.operator_id,"
        " (select max(y.operator_sequence) from ledger.batch as y"
        " where y.operator_id = o.operator_id) as sequence from ledger.operator_head as o) as b"
        " where b.operator_id = h.operator_id"
    )
    return gone


@attack
def restored_to_an_older_state(stage: Stage, rng: random.Random) -> Outcome:
    """Tables and what is published; the journal or one operator's receipt still knows."""
    gone = cut_off(stage, rng)
    question = stage.questioned
    kept = gone[0].leaf
    question.checkpoints, question.tiles = [], None
    if kept:
        stage.run("delete from ledger.checkpoint")
        hashes = [bytes(h) for (h,) in rows(
            stage.conn, "select hash from ledger.leaves(0, %s)", (kept,))]  # fmt: skip
        root = merkle.root([merkle.hash_leaf(one) for one in hashes])
        question.checkpoints = [("published", stage.log.sign(kept, root))]
    lost = rng.choice(gone)
    if rng.random() < 0.5:
        return Must(("entry_lost",), {"batch": lost.id}), question
    question.journal = {}
    question.receipts = [(f"receipt-{lost.id}.json", promise_of(stage, lost.receipt))]
    return Must(("promise_broken",), {"batch": lost.id}), question


def promise_of(stage: Stage, receipt: bytes) -> bytes:
    """A receipt as it was answered; who verifies comes when its moment has passed."""
    stage.later = timedelta(minutes=3)
    return promises.complete(receipt, promises.read(receipt), stage.log.receipt_key)


@attack
def receipt_never_merged(stage: Stage, rng: random.Random) -> Outcome:
    """A promise was given and its batch never entered: the signed receipt proves it."""
    like = pick(stage, rng)
    at = datetime.now(UTC) - timedelta(minutes=5)
    forged(stage, rng, like, at=at, **at_the_end(stage, like))
    receipt = bytes(stage.value("select receipt from ledger.batch where id = 1000000"))
    stage.conn.execute("rollback")
    stage.conn.execute("begin isolation level repeatable read")
    question = stage.questioned
    question.receipts = [("receipt.json", promise_of(stage, receipt))]
    return Must(("promise_broken",), {"batch": 10**6}), question


@attack
def forged_receipt(stage: Stage, rng: random.Random) -> Outcome:
    """Someone accuses the log with a receipt that it never signed."""
    batch = pick(stage, rng)
    text = promise_of(stage, batch.receipt).decode()
    places = [m.start() for m in re.finditer("[0-9]", text[text.index('"entry"') :])]
    place = text.index('"entry"') + rng.choice(places)
    altered = text[:place] + str((int(text[place]) + rng.randint(1, 9)) % 10) + text[place + 1 :]
    question = stage.questioned
    question.receipts = [("receipt.json", altered.encode())]
    return Must(("receipt_invalid",), why="receipt.json"), question


def rewrite(stage: Stage, rng: random.Random) -> Stored:
    """Alter a row, then make all anew that follows: roots, entries, chain, receipts, heads."""
    batch = pick(stage, rng)
    stage.run(
        "update ledger.transaction set amount_minor = amount_minor + %s where batch_id = %s"
        " and row_no = %s", rng.randint(1, 10**6), batch.id, rng.randint(1, batch.rows),
    )  # fmt: skip
    previous: dict[int, bytes] = {}
    for one in stage.batches:
        raw = bytes(stage.value("select entry from ledger.entry where id = %s", one.entry))
        entry = Entry.unpack(raw)
        body = entry.batch()
        if one is batch:
            tuples = [core.packed(x) for x in core.copied(_copied(
                stage, f"select * from ledger.transaction where batch_id = {one.id} order by row_no"
            ))]  # fmt: skip
            totals = core.figures_of(b"".join(tuples), body.received_at_us)[0]
            body = replace(
                body,
                batch_root=merkle.root([merkle.hash_leaf(x) for x in tuples]),
                totals=tuple(entries.Total(*x) for x in entries._TOTAL.iter_unpack(totals)),
            )
            stage.run(
                f"update ledger.batch set batch_root = %s, totals = {TOTALS} where id = %s",
                body.batch_root, *columns(body), one.id,
            )  # fmt: skip
        made = replace(
            entry, previous=previous.get(one.operator.id, bytes(32)), body=body.pack()
        ).pack()
        previous[one.operator.id] = sha256(made).digest()
        if made != raw:
            stage.run(
                "update ledger.entry set entry = %s, hash = %s where id = %s",
                made, sha256(made).digest(), one.entry,
            )  # fmt: skip
            stage.run(
                "update ledger.batch as b set receipt = ledger.receipt(b.id, o.code,"
                " b.operator_sequence, b.stream, b.stream_sequence, b.idempotency_key, b.row_count,"
                " b.totals, b.occurred_from, b.occurred_until, b.received_at, b.body_sha256,"
                " b.batch_root, e.entry) from ledger.entry as e, registry.operator as o"
                " where b.id = %s and e.id = b.entry_id and o.id = b.operator_id", one.id,
            )  # fmt: skip
    for operator, hashed in previous.items():
        stage.run(
            "update ledger.operator_head set last_hash = %s where operator_id = %s",
            hashed, operator,
        )  # fmt: skip
    return batch


@attack
def rewritten_without_the_key(stage: Stage, rng: random.Random) -> Outcome:
    """All is made anew and fits; the checkpoints are signed with a key of the forger's own."""
    rewrite(stage, rng)
    question = resigned(stage, without="history", seed=99)
    question.journal = {}
    return Must(("checkpoint_invalid",), {"checkpoint": stage.log.size}), question


@attack
def rewritten_under_the_old_checkpoint(stage: Stage, rng: random.Random) -> Outcome:
    """All is made anew and fits, but nobody signs it."""
    batch = rewrite(stage, rng)
    question = stage.questioned
    question.tiles, question.journal = None, {}
    sizes = [size_of(one) for one in stage.log.notes if size_of(one) > batch.leaf]
    return [Must(("root_differs",), {"checkpoint": size}) for size in sizes], question


@attack
def rewritten_with_the_key(stage: Stage, rng: random.Random) -> Outcome:
    """The signer is stolen too: what others kept proves it."""
    batch = rewrite(stage, rng)
    question = resigned(stage, without="history")
    question.journal = {}
    match rng.randrange(4):
        case 3:  # an authority stamped the true one
            return Must(("timestamp_invalid",), {"checkpoint": stage.log.size}), question
        case 0:  # a witness kept a checkpoint
            note = rng.choice([one for one in stage.log.notes if size_of(one) > batch.leaf])
            question.checkpoints.append(("witness", note))
            return Must(("root_differs", "split_view"), {"checkpoint": size_of(note)}), question
        case 1:  # the operator kept its receipt
            question.receipts = [("receipt.json", promise_of(stage, batch.receipt))]
            return Must(("promise_broken",), {"batch": batch.id}), question
    question.journal = stage.journal
    return Must(("entry_lost",), {"batch": batch.id}), question


def size_of(note: str) -> int:
    return int(note.split("\n")[1])


@attack
def split_view(stage: Stage, rng: random.Random) -> Outcome:
    """The log signed another root of the same size, for someone else."""
    note = rng.choice(stage.log.notes)
    size = size_of(note)
    question = stage.questioned
    question.checkpoints.append(("an operator", stage.log.sign(size, rng.randbytes(32))))
    return Must(("split_view",), {"checkpoint": size}), question


@attack
def bigger_view(stage: Stage, rng: random.Random) -> Outcome:
    """Someone was shown a log that goes on, or one between two checkpoints that is another."""
    size = rng.choice(
        [one for one in range(1, 2 * stage.log.size) if one not in map(size_of, stage.log.notes)]
    )
    question = stage.questioned
    question.checkpoints.append(("an operator", stage.log.sign(size, rng.randbytes(32))))
    kind = "truncated" if size > stage.log.size else "root_differs"
    return Must((kind,), {"checkpoint": size}), question


@attack
def damaged_tile(stage: Stage, rng: random.Random) -> Outcome:
    """What is published of an entry is another; the database holds what was signed."""
    folder = stage.log.folder.parent / "another"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(stage.log.folder, folder)
    width = stage.log.size
    file = folder / path("entries", 0, width)
    data = bytearray(file.read_bytes())
    leaf = rng.randrange(width)
    data[34 * leaf + 2 + rng.randrange(32)] ^= rng.randint(1, 255)
    file.write_bytes(data)
    question = stage.questioned
    question.tiles = folder
    return Must(("tile_differs",), {"leaf": leaf}), question


def broken(line: str, rng: random.Random) -> str:
    """A signature line with another signature of the same key."""
    head, _, data = line.rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(data))
    raw[rng.randrange(12, len(raw))] ^= 1 << rng.randrange(8)
    return f"{head} {base64.b64encode(raw).decode()}\n"


@attack
def forged_checkpoint(stage: Stage, rng: random.Random) -> Outcome:
    """Shown from elsewhere: signed by nobody, twice, for another log, or cut."""
    note = rng.choice(stage.log.notes)
    size = size_of(note)
    lines = note.splitlines(keepends=True)
    root = Checkpoint(stage.log.origin, size, rng.randbytes(32)).text().splitlines(keepends=True)[2]
    forged_ = rng.choice(
        [
            [*lines, lines[4]],  # one key's signature twice
            [*lines[:2], root, *lines[3:]],
            [lines[0], f"{size + 1}\n", *lines[2:]],
            ["another.example/log\n", *lines[1:]],
            [*lines[:4], lines[5], broken(lines[4], rng)],
            lines[:4],
            [*lines[:1], f"0{size}\n", *lines[2:]],
            [*lines[:3], "\n", *lines[3:]],
        ]
    )
    if forged_ == lines or "".join(forged_) == note:
        forged_ = lines[:3]
    question = stage.questioned
    question.checkpoints.append(("an operator", "".join(forged_)))
    return Must(("checkpoint_invalid",), why="an operator"), question


@attack
def doubled_signature(stage: Stage, rng: random.Random) -> Outcome:
    """One key's signature twice, the same or another, so that it may count for two."""
    note = rng.choice(stage.log.notes)
    lines = note.splitlines(keepends=True)
    own = rng.choice(lines[4:])
    again = own if rng.random() < 0.5 else broken(own, rng)
    question = stage.questioned
    question.checkpoints.append(("an operator", "".join([*lines, again])))
    return Must(("checkpoint_invalid",), {"checkpoint": size_of(note)}, "an operator"), question


# Events of the audit trail.


def sealed(stage: Stage, rng: random.Random) -> int:
    """An event that an entry of the log vouches for."""
    return int(rng.choice(rows(stage.conn, "select event_id from audit.sealed_event"))[0])


def event_proof(stage: Stage, rng: random.Random, *, taken_out: bool = False) -> bytes:
    """What somebody was given of an event: of the log, or of one whose last entry is not in it."""
    own = sealed(stage, rng)
    (((raw, index, told),)) = rows(
        stage.conn,
        "select n.entry, l.leaf_index, audit.event_tuple(e) from audit.event as e"
        " join audit.sealed_event as x on x.event_id = e.id"
        " join audit.seal as s on s.id = x.seal_id"
        " join ledger.entry as n on n.id = s.entry_id join ledger.leaf as l on l.entry_id = n.id"
        " where e.id = %s",
        (own,),
    )
    hashes = rows(
        stage.conn,
        "select n.hash from ledger.leaf as l join ledger.entry as n on n.id = l.entry_id"
        " order by l.leaf_index",
    )
    entry, leaves = bytes(raw), [entries.leaf_of(bytes(one)) for (one,) in hashes]
    if taken_out:
        entry, index = entry.replace(b'"seal": ', b'"seal": 9', 1), len(leaves) - 1
        leaves[index] = entries.leaf_of(entries.hash_of(entry))
    path = merkle.inclusion_proof(index, len(leaves), merkle.subtree_of(leaves))
    place = LogProof(index, path, stage.log.sign(len(leaves), merkle.root(leaves)))
    return events.make_proof(bytes(told), entry, place).json()


@attack
def event_taken_out_of_the_log(stage: Stage, rng: random.Random) -> Outcome:
    """The log is another than that of which somebody has the proof of an event."""
    question = stage.questioned
    question.receipts = [("event.json", event_proof(stage, rng, taken_out=True))]
    return [
        Must(("entry_lost",), why="event.json"),
        Must(("split_view",), {"checkpoint": stage.log.size}),
    ], question


@attack
def forged_event_proof(stage: Stage, rng: random.Random) -> Outcome:
    """Someone accuses the log with an event that it never had, or that nobody signed."""
    proof = json.loads(event_proof(stage, rng))
    name = rng.choice(["tuple", "entry", "proof"])
    if name == "proof":
        at = proof["proof"].rindex("\n\n") + 2
        proof["proof"] = proof["proof"][:at] + "\n".join(
            line for line in proof["proof"][at:].split("\n") if stage.log.origin not in line
        )
    else:
        raw = bytearray(base64.b64decode(proof[name]))
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        proof[name] = base64.b64encode(raw).decode()
    question = stage.questioned
    question.receipts = [("event.json", json.dumps(proof).encode())]
    return Must(("receipt_invalid",), why="event.json"), question


@attack
def event_altered(stage: Stage, rng: random.Random) -> Outcome:
    """Who, when, what or why is another."""
    own = sealed(stage, rng)
    others = [
        ("at", "at + interval '1 microsecond'"),
        ("at", "at - interval '3 days'"),
        ("person_id", "coalesce(person_id, 0) + 1"),
        ("person_id", "case when person_id is null then 0 end"),
        ("role", "role || 's'"),
        ("operator_id", "3"),
        ("concerns", "3"),
        ("kind", "'logout'"),
        ("object", "null"),
        ("object_id", "object_id || '1'"),
        ("facts", "facts - 'reason'"),
        ("facts", 'facts || jsonb \'{"text": "1"}\''),
        ("request_id", "coalesce(request_id, '') || '0'"),
        ("address", "'127.0.0.1'"),
        ("told", "not told"),
        ("salt", "gen_random_uuid()"),
    ]
    for column, term in rng.sample(others, len(others)):
        also = ", object_id = null" if column == "object" else ""
        if stage.run(
            f"update audit.event set {column} = {term}{also}"
            f" where id = %s and {column} is distinct from {term}",
            own,
        ):
            break  # what it says already is no other
    return Must(("event_altered",), {"event": own}), None


@attack
def events_exchanged(stage: Stage, rng: random.Random) -> Outcome:
    """One did what the other did."""
    pairs = rows(
        stage.conn,
        "select a.id, b.id from audit.event as a join audit.event as b"
        " on a.id < b.id and a.facts <> b.facts"
        " where a.id in (select event_id from audit.sealed_event)"
        " and b.id in (select event_id from audit.sealed_event) order by 1, 2",
    )
    one, other = rng.choice(pairs)
    stage.run("update audit.event as e set facts = o.facts from audit.event as o"
              " where e.id in (%s, %s) and o.id in (%s, %s) and e.id <> o.id",
              one, other, one, other)  # fmt: skip
    return [Must(("event_altered",), {"event": own}) for own in (one, other)], None


@attack
def event_deleted(stage: Stage, rng: random.Random) -> Outcome:
    """It never happened; its mark in the database is taken away too, or not."""
    own = sealed(stage, rng)
    stage.run("delete from audit.event where id = %s", own)
    if rng.random() < 0.5:
        stage.run("delete from audit.sealed_event where event_id = %s", own)
    return Must(("event_missing",), {"event": own}), None


def invented(stage: Stage, rng: random.Random) -> int:
    """An event that somebody puts in, of a time before the newest entries of events."""
    like, own = sealed(stage, rng), 10**9
    stage.run(
        "insert into audit.event (id, at, person_id, role, kind, object, object_id, facts, told)"
        " overriding system value select %s, at - %s * interval '1 minute', 8, role, kind, object,"
        " object_id, facts, told from audit.event where id = %s",
        own, rng.randint(12, 10**5), like,
    )  # fmt: skip
    return own


@attack
def event_inserted(stage: Stage, rng: random.Random) -> Outcome:
    """Somebody is said to have looked, days ago or in days to come."""
    own = invented(stage, rng)
    if rng.random() < 0.3:
        stage.run("update audit.event set at = now() + interval '1 day' where id = %s", own)
    if rng.random() < 0.5:
        stage.run("insert into audit.sealed_event select %s, max(id) from audit.seal", own)
    return Must(("event_invented",), {"event": own}), None


@attack
def event_back_dated(stage: Stage, rng: random.Random) -> Outcome:
    """The same, and the log is made to vouch for it: it cannot be made to have done so then."""
    own = invented(stage, rng)
    stage.run(
        "select ledger.append_document(5::smallint, null, jsonb_build_object('act', 'events',"
        " 'seal', 1000, 'at', ledger.rfc3339(now()), 'complete', true, 'events',"
        " jsonb_build_array(jsonb_build_array(e.id, encode(audit.event_leaf(e), 'hex')))))"
        " from audit.event as e where e.id = %s", own,
    )  # fmt: skip
    return Must(("event_back_dated",), {"event": own}), None


# Proofs: how one is falsified, of leaf ``index`` among ``size``.
Proof = tuple[bytes, int, int, list[bytes], bytes]
CHEATS: dict[str, Callable[[random.Random, Proof], Proof]] = {
    "trailing_hash": lambda r, p: (*p[:3], [*p[3], r.randbytes(32)], p[4]),
    "hash_put_in": lambda r, p: (*p[:3], _put_in(r, p[3]), p[4]),
    "hash_taken_out": lambda r, p: (*p[:3], _taken_out(r, p[3]), p[4]),
    "hash_altered": lambda r, p: (*p[:3], [*p[3][:-1], r.randbytes(32)], p[4]),
    "short_hashes": lambda _, p: (*p[:3], [one[:31] for one in p[3]], p[4]),
    "other_order": lambda _, p: (*p[:3], [*p[3][1:], p[3][0]], p[4]),
    "empty_tree": lambda _, p: (p[0], 0, 0, [], merkle.EMPTY_ROOT),
    "leaf_beyond_the_end": lambda _, p: (p[0], p[2], p[2], p[3], p[4]),
    "leaf_before_the_first": lambda _, p: (p[0], -1, p[2], p[3], p[4]),
    "other_leaf": lambda r, p: (r.randbytes(32), *p[1:]),
    "other_root": lambda r, p: (*p[:4], r.randbytes(32)),
    "other_place": lambda r, p: (p[0], _another_place(r, p), *p[2:]),
    "double_size": lambda _, p: (p[0], p[1], 2 * p[2], p[3], p[4]),
}


def _put_in(rng: random.Random, proof: list[bytes]) -> list[bytes]:
    place = rng.randrange(len(proof) + 1)
    return [*proof[:place], rng.randbytes(32), *proof[place:]]


def _taken_out(rng: random.Random, proof: list[bytes]) -> list[bytes]:
    place = rng.randrange(len(proof))
    return proof[:place] + proof[place + 1 :]


def _another_place(rng: random.Random, proof: Proof) -> int:
    return rng.choice([one for one in range(proof[2]) if one != proof[1]])


def _cheated(name: str) -> Attack:
    def made(_: Stage, rng: random.Random) -> Outcome:
        """Nobody believes the false proof, and the true one holds."""
        size = rng.randint(4, 300)
        leaves = [merkle.hash_leaf(rng.randbytes(4)) for _ in range(size)]
        root, proof = merkle.root(leaves), list[bytes]()
        while len(proof) < 2:  # so that its order counts
            index = rng.randrange(size)
            proof = merkle.inclusion_proof(index, size, merkle.subtree_of(leaves))
        core.verify_inclusion(leaves[index], index, size, proof, root)
        false = CHEATS[name](rng, (leaves[index], index, size, proof, root))
        for verifier, problem in (
            (core.verify_inclusion, core.Invalid),
            (merkle.verify_inclusion, merkle.ProofInvalid),
        ):
            with refused(problem):
                verifier(*false)
        return REFUSED, None

    return made


for _name in CHEATS:
    ATTACKS[f"proof_with_{_name}"] = _cheated(_name)


@attack
def false_consistency(_: Stage, rng: random.Random) -> Outcome:
    """A proof that one tree continues another, with a wrong size, root or hash."""
    size = rng.randint(3, 300)
    old = rng.randint(1, size - 1)
    leaves = [merkle.hash_leaf(rng.randbytes(4)) for _ in range(size)]
    proof = merkle.consistency_proof(old, size, merkle.subtree_of(leaves))
    old_root, root = merkle.root(leaves[:old]), merkle.root(leaves)
    merkle.verify_consistency(old, old_root, size, root, proof)
    cheats: list[tuple[int, bytes, int, bytes, list[bytes]]] = [
        (old, old_root, size, root, [*proof, rng.randbytes(32)]),
        (old, old_root, size, root, [*proof[:-1], rng.randbytes(32)]),
        (old, old_root, size, root, proof[:-1]),
        (old, rng.randbytes(32), size, root, proof),
        (old, old_root, size, rng.randbytes(32), proof),
        (old, old_root, old, root, []),
        (size, root, old, old_root, proof),
        (0, old_root, size, root, proof),
        (old, old_root, 4 * size, root, proof),
        (old, old_root, size, root, [one[:31] for one in proof]),
    ]
    with refused(merkle.ProofInvalid):
        merkle.verify_consistency(*rng.choice(cheats))
    return REFUSED, None


@contextmanager
def refused(problem: type[Exception]) -> Iterator[None]:
    """Whoever believes what is done inside has been cheated."""
    try:
        yield
    except problem:
        return
    raise AssertionError("a proof that shows nothing was believed")


# Time-stamps and witnesses.


@attack
def false_timestamp(stage: Stage, rng: random.Random) -> Outcome:
    """Another token, another checkpoint's, another authority's, another time."""
    size, token = rng.choice(
        rows(stage.conn, "select size, token from ledger.timestamp_token order by size")
    )
    token = bytearray(token)
    new: dict[str, Any] = {}
    match rng.randrange(5):
        case 0:  # a byte of what is signed
            stamped = token.index(bytes.fromhex("060b2a864886f70d0109100104")) + 20
            token[stamped + rng.randrange(60)] ^= 1 << rng.randrange(8)
        case 1:  # a byte of the signature
            token[-rng.randint(1, 60)] ^= 1 << rng.randrange(8)
        case 2:
            stage.run("update ledger.timestamp_token set stamped_at = stamped_at - %s * interval"
                      " '1 minute' where size = %s", rng.randint(1, 10**6), size)  # fmt: skip
        case 3:  # the token of another checkpoint
            other = next(s for s in (size_of(one) for one in stage.log.notes) if s != size)
            new = {"size": other}
        case _:  # who stamps is somebody else
            folder = stage.log.folder.parent / "somebody"
            shutil.rmtree(folder, ignore_errors=True)
            stranger = TestAuthority(folder)
            stage.run("delete from ledger.timestamp_token where size = %s", size)
            stamp(stage.conn, stranger, next(n for n in stage.log.notes if size_of(n) == size))
            return Must(("timestamp_invalid",), {"checkpoint": size}, AUTHORITY), None
    stage.run("delete from ledger.timestamp_token where size = %s", new.get("size", -1))
    stage.run("update ledger.timestamp_token set token = %s, size = %s where size = %s",
              bytes(token), new.get("size", size), size)  # fmt: skip
    return Must(("timestamp_invalid",), {"checkpoint": new.get("size", size)}, AUTHORITY), None


@attack
def missing_timestamp(stage: Stage, rng: random.Random) -> Outcome:
    """Hours later nobody has stamped the newest checkpoint: the tokens were taken away."""
    stage.run("delete from ledger.timestamp_token where size >= %s",
              rng.choice([0, stage.log.size]))  # fmt: skip
    stage.later = timedelta(hours=rng.randint(4, 100))
    return Must(("timestamp_missing",), {"checkpoint": stage.log.size}, AUTHORITY), None


@attack
def false_cosignature(stage: Stage, rng: random.Random) -> Outcome:
    """What the database says that a witness signed, the witness never did."""
    note = rng.choice(stage.log.notes)
    size = size_of(note)
    witness = SignedLog("witness.example/w", Path(), seed=rng.randint(40, 200)).keys[1]
    line = witness.sign(notes.read(note)[0], int(time.time())).line()
    stage.run("insert into ledger.cosignature (size, witness, cosigned_at, line)"
              " values (%s, 'w', now(), %s)", size, broken(line, rng))  # fmt: skip
    question = stage.questioned
    text = stage.log.policy + f"witness w {witness.public.vkey()}\n"
    question.policy = Policy.parse(text)
    question.policy.receipts += stage.question.policy.receipts
    return Must(("checkpoint_invalid",), {"checkpoint": size}), question
