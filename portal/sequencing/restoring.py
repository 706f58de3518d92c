"""``dozir restore-log``: the very same tree again, after the database was restored to a moment.

Such a database has forgotten entries that were signed and acknowledged, and a log that forgets is
what fraud looks like. The journal has the entries, the tiles (or again the journal) their places:
they come back into ``ledger.entry`` and ``ledger.leaf``, and the root must be the one that the
signer has. The rows of their batches are gone; entries of kind 7 name each of them, so that
everyone sees an honest restore where a batch is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import psycopg

from portal.runtime import RuntimeProblem
from portal.sequencing.link import SignerState
from portal.sequencing.publishing import Publisher
from portal.sequencing.sequencer import SEQUENCER_LOCK
from portal.transparency import merkle
from portal.transparency.entries import MAGIC, Entry, Kind
from portal.transparency.journal import LEAVES_MAGIC, Leaves, Place
from portal.transparency.tiles import WIDTH

# How long before the newest entry that the database has one may have begun that it lacks.
LOOK_BACK = timedelta(days=1)
NAMED_AT_ONCE = 2_000  # in one entry of kind 7
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: leaves before and now, entries out of the journal, those of batches."""

    size_before: int
    size: int
    entries: int
    batches: int
    waiting: int


@dataclass
class _Known:
    """What the database has, and what it lacks."""

    origin: str
    size: int
    ids: dict[bytes, int]  # of the newest entries, by hash
    places: dict[int, bytes] = field(default_factory=dict)
    lacking: dict[bytes, bytes] = field(default_factory=dict)  # from the journal, by hash


def restore(
    conn: Connection, publisher: Publisher, signed: SignerState, journal: Place
) -> Restored:
    """Bring back what is lacking, all or nothing. ``conn`` is the owner's, in a transaction.

    Raises RuntimeProblem where the sequencer is at work, something is missing, or the entries that
    were found do not give the root that was signed.
    """
    row = conn.execute("select pg_try_advisory_xact_lock(%s)", (SEQUENCER_LOCK,)).fetchone()
    if row is None or not row[0]:
        raise RuntimeProblem("A sequencer is at work: stop dozir serve and dozir sequence first.")
    known, since = _look(conn)
    if signed.origin not in {"", known.origin}:
        raise RuntimeProblem(f"The signer is that of {signed.origin}, this log is {known.origin}.")
    target = max(signed.size, known.size)
    _read_tiles(publisher, known, target)
    _read_journal(journal, known, since, target)
    missing = [index for index in range(known.size, target) if index not in known.places]
    if missing:
        raise RuntimeProblem(
            f"Which entry is leaf {missing[0]} (and {len(missing) - 1} others) neither the tiles"
            " nor the journal say. Name their folders with DOZIR_TILES and DOZIR_JOURNAL."
        )
    placed = [known.places[index] for index in range(known.size, target)]
    absent = [one for one in placed if one not in known.ids and one not in known.lacking]
    if absent:
        raise RuntimeProblem(
            f"The journal lacks {len(absent)} entries of {len(placed)}; the first is"
            f" {absent[0].hex()}. Nothing was changed."
        )
    _require_root(conn, placed, signed)
    return _put_back(conn, known, placed)


def _look(conn: Connection) -> tuple[_Known, datetime]:
    """What the database has; the beginning of the first day of which it may lack something."""
    row = conn.execute(
        "select l.origin, coalesce((select max(leaf_index) + 1 from ledger.leaf), 0),"
        " (select max(entered_at) from ledger.entry) from ledger.log as l"
    ).fetchone()
    if row is None:
        raise RuntimeProblem("The database has no log: dozir migrate")
    origin, size, newest = row
    since = (newest or EPOCH + LOOK_BACK).astimezone(UTC) - LOOK_BACK
    since = since.replace(hour=0, minute=0, second=0, microsecond=0)
    ids = {
        bytes(hash_): id_
        for id_, hash_ in conn.execute(
            "select id, hash from ledger.entry where entered_at >= %s", (since,)
        )
    }
    return _Known(origin, size, ids), since


def _read_tiles(publisher: Publisher, known: _Known, target: int) -> None:
    """Places from what was published; what is not there the journal may know."""
    newest = publisher.newest()
    published = min(newest.size, target) if newest else 0
    for bundle in range(known.size // WIDTH, -(-published // WIDTH)):
        try:
            hashes = publisher.tiles.entries(bundle, published)
        except (OSError, ValueError):
            continue
        known.places |= {
            bundle * WIDTH + n: one
            for n, one in enumerate(hashes)
            if bundle * WIDTH + n >= known.size
        }


def _read_journal(journal: Place, known: _Known, since: datetime, target: int) -> None:
    """Entries that the database lacks, and the places of entries."""
    # A journal's day is that of the writing, which comes after the entry's.
    for document in journal.read(since.date().isoformat()):
        if document.startswith(MAGIC):
            hash_ = sha256(document).digest()
            if hash_ not in known.ids and _is_of(document, known.origin, since):
                known.lacking[hash_] = document
        elif document.startswith(LEAVES_MAGIC):
            leaves = Leaves.unpack(document)
            for index, one in enumerate(leaves.hashes, leaves.start):
                if known.size <= index < target:
                    known.places.setdefault(index, one)


def _is_of(document: bytes, origin: str, since: datetime) -> bool:
    """Whether an entry is of this log, and not older than what was looked at in the database."""
    entry = Entry.unpack(document)
    began = EPOCH + timedelta(microseconds=entry.entered_at_us)
    return entry.origin == origin and began >= since


def _require_root(conn: Connection, placed: list[bytes], signed: SignerState) -> None:
    tree = merkle.Growing()
    for hash_ in _all_hashes(conn, placed):
        if tree.size == signed.size and tree.root() != signed.root:
            break
        tree.add(merkle.hash_leaf(hash_))
    else:
        if tree.size != signed.size or tree.root() == signed.root:
            return
    raise RuntimeProblem(
        f"The first {signed.size} entries are not those that were signed: the database's leaves"
        " were changed, or these tiles and this journal are another log's. Nothing was changed."
    )


def _all_hashes(conn: Connection, placed: list[bytes]) -> Iterator[bytes]:
    with conn.cursor(name="leaves") as cursor:
        cursor.itersize = 50_000
        cursor.execute(
            "select e.hash from ledger.leaf as x join ledger.entry as e on e.id = x.entry_id"
            " order by x.leaf_index"
        )
        for (hash_,) in cursor:
            yield hash_
    yield from placed


def _put_back(conn: Connection, known: _Known, placed: list[bytes]) -> Restored:
    codes = {
        code: id_ for id_, code in conn.execute("select id, code from registry.operator").fetchall()
    }
    named: list[dict[str, Any]] = []
    for index, hash_ in enumerate(placed, known.size):
        id_ = known.ids.get(hash_)
        if id_ is None:
            id_ = _enter(conn, hash_, known.lacking[hash_], codes)
            named.append(_named(known.lacking.pop(hash_), hash_, index, id_))
        else:
            conn.execute("delete from ledger.unsequenced where entry_id = %s", (id_,))
        conn.execute("insert into ledger.leaf (leaf_index, entry_id) values (%s, %s)", (index, id_))
    came_back = len(named)
    waiting = sorted(known.lacking.items(), key=lambda one: _order(one[1]))
    for hash_, document in waiting:
        id_ = _enter(conn, hash_, document, codes)
        conn.execute("insert into ledger.unsequenced (entry_id) values (%s)", (id_,))
        named.append(_named(document, hash_, None, id_))
    _move_heads(conn, named)
    _tell(conn, known, len(placed), named)
    batches = sum("batch_id" in one for one in named)
    size = known.size + len(placed)
    return Restored(known.size, size, came_back + len(waiting), batches, len(waiting))


def _order(document: bytes) -> tuple[int, int, int]:
    """Waiting entries of one operator go in the order of their chain."""
    entry = Entry.unpack(document)
    if entry.kind is not Kind.BATCH:
        return 0, entry.entered_at_us, 0
    batch = entry.batch()
    return 1, batch.operator_id, batch.operator_sequence


def _enter(conn: Connection, hash_: bytes, document: bytes, codes: dict[str, int]) -> int:
    entry = Entry.unpack(document)
    operator = codes.get(entry.operator, 0)
    if entry.kind in {Kind.BATCH, Kind.EARLIER_BATCH}:
        operator = entry.batch().operator_id
    row = conn.execute(
        "insert into ledger.entry (id, kind, operator_id, entered_at, hash, entry)"
        " values (nextval('ledger.entry_id'), %s, %s, %s, %s, %s) returning id",
        (
            entry.kind,
            operator,
            EPOCH + timedelta(microseconds=entry.entered_at_us),
            hash_,
            document,
        ),
    ).fetchone()
    assert row is not None  # noqa: S101 - RETURNING gives the row
    return int(row[0])


def _named(document: bytes, hash_: bytes, index: int | None, id_: int) -> dict[str, Any]:
    entry = Entry.unpack(document)
    facts: dict[str, Any] = {
        "leaf": index,
        "entry_hash": hash_.hex(),
        "kind": int(entry.kind),
        "operator": entry.operator,
        "id": id_,
    }
    if entry.kind is Kind.BATCH:
        batch = entry.batch()
        facts |= {
            "batch_id": batch.batch_id,
            "operator_id": batch.operator_id,
            "operator_sequence": batch.operator_sequence,
        }
    return facts


def _move_heads(conn: Connection, named: list[dict[str, Any]]) -> None:
    """Numbers that were given are never given again, and chains go on from their true ends."""
    batches = [one for one in named if "batch_id" in one]
    for one in sorted(batches, key=lambda one: one["operator_sequence"]):
        conn.execute(
            "insert into ledger.restored_batch"
            " (entry_id, batch_id, operator_id, operator_sequence) values (%s, %s, %s, %s)",
            (one["id"], one["batch_id"], one["operator_id"], one["operator_sequence"]),
        )
        conn.execute(
            "insert into ledger.operator_head as h (operator_id, last_sequence, last_hash)"
            " values (%s, %s, %s) on conflict (operator_id) do update"
            " set last_sequence = excluded.last_sequence, last_hash = excluded.last_hash"
            " where h.last_sequence < excluded.last_sequence",
            (one["operator_id"], one["operator_sequence"], bytes.fromhex(one["entry_hash"])),
        )
    if batches:
        conn.execute(
            "select setval('ledger.batch_id', greatest(nextval('ledger.batch_id'), %s))",
            (max(one["batch_id"] for one in batches) + 1,),
        )


def _tell(conn: Connection, known: _Known, placed: int, named: list[dict[str, Any]]) -> None:
    """Entries of kind 7 about all that came back, some at a time."""
    told = [{k: v for k, v in one.items() if k not in {"id", "operator_id"}} for one in named]
    for start in range(0, len(told), NAMED_AT_ONCE):
        document = {
            "act": "restore-log",
            "size_before": known.size,
            "size": known.size + placed,
            "from": start,
            "of": len(told),
            "entries": told[start : start + NAMED_AT_ONCE],
        }
        conn.execute(
            "select ledger.append_document(7::smallint, null, %s::jsonb)", (json.dumps(document),)
        )
