"""A day of the ledger written into an archive: one snapshot, streamed, verified, then named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from psycopg import sql
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb

from portal import db
from portal.archive import layout, manifest, store, verifying, writing
from portal.archive.manifest import Log, Manifest, Total
from portal.archive.store import Store
from portal.ingest.copy_format import COLUMNS, HEADER, TRAILER
from portal.runtime import RuntimeProblem
from portal.transparency.entries import Entry, EntryInvalid
from portal.transparency.notes import PublicKey

ONE_DAY = timedelta(days=1)
SCHEMA_VERSION = 1
_BLOCK_BYTES = layout.ROW_GROUP_ROWS * layout.TUPLE_BYTES
# With their entries some 10 MB.
_BATCHES_AT_A_TIME = 16_384


class NotArchived(RuntimeProblem):
    """A day cannot be archived; the message says why and what to do."""


@dataclass(frozen=True)
class Figures:
    """``ledger.day_figures``: what must be equal for an archive to hold all of a day."""

    row_count: int
    batch_count: int
    batches_sha256: bytes
    totals: list[dict[str, int]]

    def are_of(self, told: Manifest) -> bool:
        """Whether an archive holds exactly these rows."""
        return (self.row_count, self.batch_count, self.batches_sha256.hex()) == (
            told.rows,
            told.batches,
            told.batches_sha256,
        ) and tuple(Total(**one) for one in self.totals) == told.totals


@dataclass(frozen=True)
class Recorded:
    """An archive as the database knows it.

    ``dropped_at`` and ``act`` (an entry of the log) are of the day's retention, where it was
    dropped under this archive.
    """

    name: str
    day: date
    manifest_sha256: bytes
    figures: Figures
    stored_bytes: int
    archived_at: datetime
    dropped_at: datetime | None
    act: bytes | None


def origin(conn: db.Connection) -> str:
    """The name of the log."""
    row = conn.execute("select l.origin from ledger.log as l").fetchone()
    if row is None:
        raise RuntimeProblem("The database has no log: dozir migrate")
    return str(row["origin"])


def log_keys(conn: db.Connection) -> list[PublicKey]:
    """The public keys that signed this database's checkpoints."""
    found = conn.execute("select k.vkey from ledger.log_key as k where k.purpose = 'log'")
    return [PublicKey.parse(row["vkey"]) for row in found]


def days(conn: db.Connection, until: date) -> list[date]:
    """The days (UTC) before ``until`` that the ledger has, oldest first."""
    found = conn.execute(
        "select (c.range_start at time zone 'UTC')::date as day"
        " from timescaledb_information.chunks as c"
        " where c.hypertable_schema = 'ledger' and c.hypertable_name = 'transaction'"
        " and c.range_end <= %s order by 1",
        (midnight(until),),
    )
    return [row["day"] for row in found]


def retention_horizon(conn: db.Connection) -> date | None:
    """The first day that retention keeps today; None while all are kept."""
    row = conn.execute("select s.keep_days from maintenance.setting as s").fetchone()
    if row is None or row["keep_days"] is None:
        return None
    return datetime.now(UTC).date() - timedelta(days=row["keep_days"])


def recorded(conn: db.Connection, day: date | None = None) -> list[Recorded]:
    """The archives that were verified and recorded, oldest day first."""
    found = conn.execute(
        "select a.name, a.day, a.manifest_sha256, a.row_count, a.batch_count, a.batches_sha256,"
        " a.totals, a.stored_bytes, a.archived_at, d.dropped_at, e.entry as act"
        " from ledger.archived_day as a left join ledger.dropped_day as d on d.archive = a.name"
        " left join ledger.entry as e on e.hash = d.entry_hash"
        " where %(day)s::date is null or a.day = %(day)s order by a.day, a.archived_at",
        {"day": day},
    )
    return [
        Recorded(
            row["name"],
            row["day"],
            row["manifest_sha256"],
            Figures(row["row_count"], row["batch_count"], row["batches_sha256"], row["totals"]),
            row["stored_bytes"],
            row["archived_at"],
            row["dropped_at"],
            row["act"],
        )
        for row in found
    ]


@contextmanager
def alone() -> Iterator[None]:
    """Keep others from archiving this database meanwhile. Raises RuntimeProblem where one does."""
    with db.migrator(autocommit=True) as conn:
        row = conn.execute("select pg_try_advisory_lock(2, 1) as free").fetchone()
        if row is None or not row["free"]:
            raise RuntimeProblem("Somebody is archiving this database already.")
        yield


def figures(conn: db.Connection, day: date) -> Figures:
    """What the rows of a day add up to; reads all of them."""
    (row,) = db.call(conn, "ledger.day_figures", midnight(day), midnight(day + ONE_DAY))
    return Figures(**row)


def archive_day(into: Store, day: date) -> Recorded | None:
    """Archive a day; None where an archive is there that holds all of its rows.

    Written from one snapshot, read back and verified, then named, then recorded. Raises NotArchived
    and OSError; then no archive is there.
    """
    with db.migrator() as conn:
        conn.execute("set transaction isolation level repeatable read, read only")
        # Other plans than these would look into every day there is.
        conn.execute("set local plan_cache_mode = force_custom_plan")
        seen, known = figures(conn, day), recorded(conn, day)
        if any(one.figures == seen and _is_there(into, one) for one in known):
            return None
        name = _left_unrecorded(conn, into, day, seen, {one.name for one in known})
        if name is None:
            name = _next_name(into, day, {one.name for one in known})
            with into.making(name) as folder:
                told = _write(conn, folder, name, day, seen)
                found = verifying.verify(folder, name=name, keys=log_keys(conn)).findings
                if found:
                    raise NotArchived(f"{day} is not archived: {found[0].object} {found[0].found}")
                if not seen.are_of(told):
                    raise NotArchived(f"{day} is not archived: the files hold other rows")
    return _record(into, name)


def _is_there(into: Store, one: Recorded) -> bool:
    try:
        raw = (into.path(one.name) / manifest.FILE_NAME).read_bytes()
    except OSError:
        return False
    return manifest.hash_of(raw) == one.manifest_sha256


def _left_unrecorded(
    conn: db.Connection, into: Store, day: date, seen: Figures, known: set[str]
) -> str | None:
    """An archive of the day that is whole; whoever made it was killed before it was recorded."""
    for name in reversed(into.names()):
        if name.partition(".")[0] == day.isoformat() and name not in known:
            found = verifying.verify(into.path(name), name=name, keys=log_keys(conn))
            if found.manifest and not found.findings and seen.are_of(found.manifest):
                return name
    return None


def _next_name(into: Store, day: date, known: set[str]) -> str:
    """A name that neither the folder nor the database has for another archive of the day."""
    name = into.next_name(day)
    while name in known:
        name = f"{day}.{int(name.partition('.')[2] or 1) + 1}"
    return name


def _record(into: Store, name: str) -> Recorded:
    """Tell the database of a verified archive."""
    raw = (into.path(name) / manifest.FILE_NAME).read_bytes()
    told = manifest.read(raw)
    totals = msgspec.to_builtins(told.totals)
    with db.migrator() as conn:
        conn.execute(
            "insert into ledger.archived_day (name, day, manifest_sha256, row_count, batch_count,"
            " batches_sha256, totals, stored_bytes) values (%s, %s, %s, %s, %s, %s, %s, %s)",
            (
                name,
                told.day,
                manifest.hash_of(raw),
                told.rows,
                told.batches,
                bytes.fromhex(told.batches_sha256),
                Jsonb(totals),
                len(raw) + sum(one.bytes for one in told.files),
            ),
        )
        found = recorded(conn, date.fromisoformat(told.day))
    return next(one for one in found if one.name == name)


def _write(conn: db.Connection, folder: Path, name: str, day: date, seen: Figures) -> Manifest:
    """All files of an archive and its manifest."""
    batches = _Batches(conn, day)
    files = writing.write_transactions(folder, _blocks(conn, day))
    files.append(
        writing.write_file(folder / "batches.parquet", "batches", layout.BATCHES, batches.tables())
    )
    files.append(
        writing.write_file(folder / "leaves.parquet", "leaves", layout.LEAVES, _leaves(conn, day))
    )
    told = Manifest(
        format=manifest.FORMAT,
        name=name,
        day=day.isoformat(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        schema_version=SCHEMA_VERSION,
        rows=seen.row_count,
        batches=seen.batch_count,
        batches_sha256=seen.batches_sha256.hex(),
        totals=tuple(Total(**one) for one in seen.totals),
        files=tuple(files),
        log=_checkpoint(conn, day, batches.last_leaf),
    )
    store.write(folder / manifest.FILE_NAME, told.pack())
    return told


def _blocks(conn: db.Connection, day: date) -> Iterator[bytes]:
    """The day's COPY tuples by batch and row number, a row group at a time."""
    statement = sql.SQL(
        "copy (select {} from ledger.transaction as t where t.occurred_at >= {} and"
        " t.occurred_at < {} order by t.batch_id, t.row_no) to stdout (format binary)"
    ).format(
        sql.SQL(", ").join(sql.Identifier("t", name) for name, _ in COLUMNS),
        sql.Literal(midnight(day)),
        sql.Literal(midnight(day + ONE_DAY)),
    )
    waiting = bytearray()
    begun = False
    with conn.cursor().copy(statement) as copy:
        for part in copy:
            waiting += part
            if not begun and len(waiting) >= len(HEADER):
                if not waiting.startswith(HEADER):
                    raise layout.NotTuples("a COPY stream with another header")
                del waiting[: len(HEADER)]
                begun = True
            if len(waiting) >= _BLOCK_BYTES + len(TRAILER):
                yield bytes(waiting[:_BLOCK_BYTES])
                del waiting[:_BLOCK_BYTES]
    if not waiting.endswith(TRAILER):
        raise layout.NotTuples("a COPY stream without an end")
    del waiting[-len(TRAILER) :]
    if waiting:
        yield bytes(waiting)


_OF_DAY = """
select
  h.batch_id, b.operator_id, b.row_count, h.rows_of_day, e.hash as entry_hash, l.leaf_index,
  e.entry, b.occurred_from, b.occurred_until
from (
  select t.batch_id, count(*)::integer as rows_of_day
  from ledger.transaction as t
  where t.occurred_at >= %(start)s and t.occurred_at < %(end)s
  group by t.batch_id
) as h
left join ledger.batch as b on b.id = h.batch_id
left join ledger.earlier_batch as eb on eb.batch_id = b.id
left join ledger.entry as e on e.id = coalesce(b.entry_id, eb.entry_id)
left join ledger.leaf as l on l.entry_id = e.id
"""


class _Batches:
    """The batches that have rows of a day; ``last_leaf`` is known once they were read."""

    def __init__(self, conn: db.Connection, day: date) -> None:
        self._conn, self._day = conn, day
        self.last_leaf = -1

    def tables(self) -> Iterator[Any]:
        """Tables of ``layout.BATCHES``, by id. Raises NotArchived."""
        with self._conn.cursor("batches") as cursor:
            cursor.itersize = _BATCHES_AT_A_TIME
            cursor.execute(_OF_DAY + "order by h.batch_id", _bounds(self._day))
            while rows := cursor.fetchmany(_BATCHES_AT_A_TIME):
                yield writing.table_of(layout.BATCHES, [self._values(row) for row in rows])

    def _values(self, row: db.Row) -> tuple[Any, ...]:
        """The columns of a batch, its root as its entry has it. Raises NotArchived.

        What the log does not vouch for is not archived.
        """
        why = None
        if row["row_count"] is None:
            why = "has rows and is not in ledger.batch; see dozir verify"
        elif row["entry"] is None:
            why = "has no entry in the log"
        elif row["leaf_index"] is None:
            why = "is not sequenced into the log yet"
        if why:
            raise NotArchived(f"{self._day} is not archived: batch {row['batch_id']} {why}")
        try:
            root = Entry.unpack(row["entry"]).batch().batch_root
        except EntryInvalid as problem:
            raise NotArchived(
                f"{self._day} is not archived: the entry of batch {row['batch_id']}: {problem}"
            ) from problem
        self.last_leaf = max(self.last_leaf, row["leaf_index"])
        known = row | {"batch_root": root}
        return tuple(known[name] for name in layout.BATCHES.names)


def _leaves(conn: db.Connection, day: date) -> Iterator[Any]:
    """Tables of ``layout.LEAVES``: of the day's batches the rows that are of other days."""
    waiting: list[tuple[Any, ...]] = []
    with conn.cursor("spanning") as cursor:
        cursor.itersize = _BATCHES_AT_A_TIME
        cursor.execute(
            _OF_DAY + "where b.row_count > h.rows_of_day order by h.batch_id", _bounds(day)
        )
        for batch in cursor:
            # A batch at a time, with plain bounds: only its own days are looked into.
            waiting += conn.cursor(row_factory=tuple_row).execute(
                "select t.batch_id, t.row_no, ledger.row_leaf(t) from ledger.transaction as t"
                " where t.batch_id = %(batch_id)s and t.occurred_at >= %(occurred_from)s"
                " and t.occurred_at <= %(occurred_until)s"
                " and (t.occurred_at < %(start)s or t.occurred_at >= %(end)s)"
                " union all select d.batch_id, d.row_no, d.leaf from ledger.dropped_leaf as d"
                " where d.batch_id = %(batch_id)s order by 2",
                batch | _bounds(day),
            )
            while len(waiting) >= layout.ROW_GROUP_ROWS:
                yield writing.table_of(layout.LEAVES, waiting[: layout.ROW_GROUP_ROWS])
                del waiting[: layout.ROW_GROUP_ROWS]
    if waiting:
        yield writing.table_of(layout.LEAVES, waiting)


def _checkpoint(conn: db.Connection, day: date, last_leaf: int) -> Log:
    """The smallest published checkpoint that covers a leaf. Raises NotArchived where none does."""
    row = conn.execute(
        "select c.size, c.root, c.note from ledger.checkpoint as c where c.size > %s"
        " order by c.size limit 1",
        (last_leaf,),
    ).fetchone()
    if row is not None:
        return Log(origin(conn), row["size"], row["root"].hex(), row["note"])
    if last_leaf >= 0:
        raise NotArchived(
            f"{day} is not archived: no checkpoint covers leaf {last_leaf} of the log yet;"
            " is the sequencer running?"
        )
    return Log(origin(conn), 0, "", "")


def _bounds(day: date) -> dict[str, datetime]:
    return {"start": midnight(day), "end": midnight(day + ONE_DAY)}


def midnight(day: date) -> datetime:
    """The moment at which a day of UTC begins."""
    return datetime.combine(day, datetime.min.time(), UTC)
