"""The live ledger as the verifier reads it: the same tables that an export has, and ranges of rows.

All is of one snapshot, which the processes that read rows share: what arrives meanwhile is neither
missed nor halved. Rows are read by ranges of batches with plain bounds of time, so that the server
opens only the chunks that hold them; they come in the order of the disk and are sorted here.
"""

from __future__ import annotations

import os
import struct
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, LiteralString

import numpy as np
import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from portal.ingest.copy_format import COLUMNS, HEADER, TRAILER, TUPLE, TUPLE_BYTES
from portal.ingest.figures import LAG_STARTS
from portal.verifier import dozir_verify as core
from portal.verifier.dozir_verify import EPOCH_2000_US, Known

Connection = psycopg.Connection[Any]
# Rows in one range: some 45 MB.
PART_ROWS = 200_000
# From so many rows on, a batch is summed up by columns.
BY_COLUMNS = 50
# Where more rows than these stand outside of their batches, all is said already.
MAX_STRAYS = 100_000
# Years 1 to 9999, microseconds since 1970.
EARLIEST_US, LATEST_US = -62_135_596_800_000_000, 253_402_300_799_000_000
# A range of batches and the moments between which their rows occurred, since 2000.
Part = tuple[int, int, int, int]

_COLUMN_NAMES: LiteralString = (
    "occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,"
    " channel_id, equipment_id, game_id, round_id, player, payment, flags, breach, cancels,"
    " cancel_reason, exclusion_receipt"
)
TABLES: dict[str, LiteralString] = {
    "entries": (
        "select l.leaf_index, l.entry_id, e.id, e.kind, e.operator_id, e.entered_at, e.hash,"
        " e.entry from ledger.leaf as l full join ledger.entry as e on e.id = l.entry_id"
        " order by l.leaf_index nulls last, e.id"
    ),
    # Totals as in an entry, the histogram as 4-byte integers: simple types alone.
    "batches": (
        "select l.leaf_index, b.entry_id, b.id, b.schema_version, b.shard, b.operator_id,"
        " b.operator_sequence, b.access_key_id, b.idempotency_key, b.stream, b.stream_sequence,"
        " b.row_count, (select string_agg(int2send(t.currency) || int2send(t.type)"
        " || int4send(t.count) || int8send(t.amount_minor) || int4send(t.cancelled_count)"
        " || int8send(t.cancelled_minor), '' order by t.place) from unnest(b.totals)"
        " with ordinality as t (currency, type, count, amount_minor, cancelled_count,"
        " cancelled_minor, place)),"
        " b.occurred_from, b.occurred_until, b.received_at, b.late_count,"
        " (select string_agg(int4send(h.count), '' order by h.place) from unnest(b.lag_histogram)"
        " with ordinality as h (count, place)),"
        " b.body_sha256, b.receipt_version, b.receipt, b.batch_root"
        " from ledger.batch as b left join ledger.leaf as l on l.entry_id = b.entry_id"
        " order by l.leaf_index nulls last, b.entry_id nulls last, b.id"
    ),
    "heads": (
        "select h.operator_id, h.last_sequence, h.last_hash from ledger.operator_head as h"
        " order by h.operator_id"
    ),
    "checkpoints": (
        "select c.size, c.root, c.signed_at, c.note from ledger.checkpoint as c order by c.size"
    ),
    "cosignatures": (
        "select c.size, c.witness, c.cosigned_at, c.line from ledger.cosignature as c"
        " order by c.size, c.witness"
    ),
    "timestamps": (
        "select t.size, t.authority, t.stamped_at, t.token from ledger.timestamp_token as t"
        " order by t.size, t.authority"
    ),
    # What retention took of batches that reach into days which are still here.
    "dropped": "select d.batch_id, d.row_no, d.leaf from ledger.dropped_leaf as d order by 1, 2",
    # The audit trail, each tuple as its leaf hash was made of it.
    "events": (
        "select e.id, e.at, e.person_id, e.role, e.operator_id, e.concerns, e.kind, e.object,"
        " e.object_id, e.facts::text, e.request_id, e.address, e.told, e.salt"
        " from audit.event as e order by e.id"
    ),
    "strays": (
        "select t.* from ledger.transaction as t where not exists ("
        "select from ledger.batch as b where b.id = t.batch_id"
        " and t.occurred_at between b.occurred_from and b.occurred_until"
        ") order by t.batch_id, t.row_no"
    ),
}
_MANIFEST: LiteralString = """
select
  l.origin,
  (extract(epoch from transaction_timestamp()) * 1000000)::bigint as made_at,
  ledger.shard() as shard,
  (
    select jsonb_object_agg(c.id, jsonb_build_array(c.code, c.minor_digits))
    from registry.currency as c
  ) as currencies
from ledger.log as l
"""


class Live:
    """A database as ``dozir_verify.verify`` takes it; ``conn`` in a repeatable-read transaction.

    With ``url``, an address of the same login, everything is read over connections of its own on
    the snapshot of ``conn``; without, over ``conn`` alone and in one process.
    """

    def __init__(self, conn: Connection, url: str | None) -> None:
        self._conn, self._url = conn, url
        self._own: tuple[int, Connection] | None = None
        with conn.cursor(row_factory=tuple_row) as cursor:
            described = cursor.execute(_MANIFEST).fetchone()
            exported = cursor.execute("select pg_export_snapshot()").fetchone() if url else ("",)
        if described is None or exported is None:
            raise core.Invalid("the database has no log")
        names = ("origin", "made_at", "shard", "currencies")
        self.manifest: dict[str, Any] = dict(zip(names, described, strict=True))
        self._snapshot = str(exported[0])

    def _connect(self) -> Connection:
        """One more connection on the snapshot of all."""
        conn = psycopg.connect(self._url or "", autocommit=True)
        conn.execute("set idle_in_transaction_session_timeout = 0")
        conn.execute("begin isolation level repeatable read read only")
        conn.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(self._snapshot)))
        return conn

    def reader(self) -> Connection:
        """The connection of this process, for rows."""
        if self._url is None:
            return self._conn
        if self._own is None or self._own[0] != os.getpid():
            self._own = os.getpid(), self._connect()
        return self._own[1]

    def table(self, name: str) -> Iterator[list[bytes | None]]:
        """The tuples of one of ``TABLES``; two may be read at a time."""
        return core.copied(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """The binary COPY stream of one of ``TABLES``, in parts."""
        if self._url is None:
            yield b"".join(_copy(self._conn, sql.SQL(TABLES[name])))
            return
        with self._connect() as conn:
            yield from _copy(conn, sql.SQL(TABLES[name]))

    def parts(self, known: dict[int, Known]) -> list[Part]:
        """Ranges of batches that together have all rows of the log."""
        found: list[Part] = []
        first, rows, early, late = -1, 0, 0, 0
        last = -1
        for batch in sorted(known):
            one = known[batch]
            count = max(one.row_count, 1)  # what an altered entry tells may be no number of rows
            if rows and rows + count > PART_ROWS:
                found.append((first, last, early, late))
                rows = 0
            # What an altered entry tells may be no moment at all.
            from_, until = (
                min(max(at, EARLIEST_US), LATEST_US)
                for at in (one.occurred_from, one.occurred_until)
            )
            if not rows:
                first, early, late = batch, from_, until
            early, late = min(early, from_), max(late, until)
            rows, last = rows + count, batch
        if rows:
            found.append((first, last, early, late))
        return found

    def rows(self, part: Part) -> bytes:
        """The tuples of a range, ordered by batch and row."""
        first, last, early, late = part
        query = sql.SQL(
            "select {columns} from ledger.transaction as t"
            " where t.batch_id between {first} and {last}"
            " and t.occurred_at between {early}::timestamptz and {late}::timestamptz"
        ).format(
            columns=sql.SQL(_COLUMN_NAMES),
            first=sql.Literal(first),
            last=sql.Literal(last),
            early=sql.Literal(core.moment(early)),
            late=sql.Literal(core.moment(late)),
        )
        return _sorted(b"".join(_copy(self.reader(), query)))

    def dropped(self) -> dict[int, dict[int, bytes]]:
        """Leaf hashes of rows that retention took of batches that have others, by batch and row."""
        return core.dropped_of(self.table("dropped"))

    def strays(self, known: dict[int, Known]) -> dict[int, list[bytes]]:
        """Rows that no range has: of no batch, or at a moment when none of their batch occurred."""
        parts = self.parts(known)
        firsts = [part[0] for part in parts]
        found: dict[int, list[bytes]] = defaultdict(list)
        for number, fields in enumerate(self.table("strays")):
            batch, at = core.number(fields[3]) or 0, core.since_1970(fields[0])
            place = bisect_right(firsts, batch) - 1
            if place >= 0:
                _, last, early, late = parts[place]
                if batch <= last and early <= at <= late:
                    continue
            found[batch].append(core.packed(fields))
            if number >= MAX_STRAYS:
                break
        return found

    @staticmethod
    def figures(rows: bytes, received_at: int) -> core.Figures:
        """``dozir_verify.figures_of``, by columns; one is held to the other by a test."""
        if len(rows) < BY_COLUMNS * TUPLE_BYTES:
            return core.figures_of(rows, received_at)
        view = np.frombuffer(rows, TUPLE)
        cancelling = (view["cancel_reason"] != 0).astype(np.int64)
        kinds = view["currency"].astype(np.int64) << 16 | view["type"].astype(np.int64) & 0xFFFF
        keys, of_row = np.unique(kinds, return_inverse=True)
        groups = 2 * of_row + cancelling
        counts = np.bincount(groups, minlength=2 * len(keys))
        sums = np.zeros(2 * len(keys), np.int64)
        np.add.at(sums, groups, view["amount_minor"].astype(np.int64))
        totals = b"".join(
            struct.pack(
                ">hhiqiq",
                int(key) >> 16,
                int(key) & 0xFFFF,
                *(
                    int(one)
                    for pair in zip(counts[at : at + 2], sums[at : at + 2], strict=True)
                    for one in pair
                ),
            )
            for at, key in zip(range(0, 2 * len(keys), 2), keys, strict=True)
        )
        moments = view["occurred_at"].astype(np.int64)
        lag_ms = np.maximum((received_at - EPOCH_2000_US - moments) // 1000, 1)
        lags = np.bincount(np.searchsorted(LAG_STARTS, lag_ms, side="right") - 1)
        early, late = int(moments.min()) + EPOCH_2000_US, int(moments.max()) + EPOCH_2000_US
        return totals, early, late, lags.astype(">i4").tobytes()


def _copy(conn: Connection, query: sql.Composable) -> Iterator[bytes]:
    """A query's binary COPY stream, in parts."""
    statement = sql.SQL("copy ({}) to stdout (format binary)").format(query)
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        for part in copy:
            yield bytes(part)


def _sorted(stream: bytes) -> bytes:
    """The tuples of a COPY stream by batch and row; as they came where some has another form."""
    body = stream[len(HEADER) : -len(TRAILER)]
    if len(body) % TUPLE_BYTES:
        return body
    view = np.frombuffer(body, TUPLE)
    if (view["fields"] != len(COLUMNS)).any():
        return body
    batches, numbers = view["batch_id"].astype(np.int64), view["row_no"].astype(np.int64)
    same = batches[1:] == batches[:-1]
    if ((batches[1:] > batches[:-1]) | same & (numbers[1:] >= numbers[:-1])).all():
        return body
    whole = np.frombuffer(body, f"V{TUPLE_BYTES}")  # moved as they are, not field by field
    return whole[np.lexsort((numbers, batches))].tobytes()
