"""A step of ``dozir migrate``: what was accepted before there was a log is entered into it.

Rows stream out of the server in the very bytes that are hashed, some batches at a time; each part
commits for itself, so that a run that was cut off goes on where it stood. Sending may go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from portal.transparency import merkle
from portal.transparency.entries import NO_HASH
from portal.transparency.rows import leaf_hashes

# Rows that are held in memory at a time, but for a single batch that has more.
PART_ROWS = 100_000
PART_BATCHES = 500
SAY_EVERY = 50
TUPLE_BYTES = 222
HEADER_BYTES, TRAILER_BYTES = 19, 2  # of a binary COPY stream
_BATCH_ID = slice(46, 54)  # in a tuple, after occurred_at, operator_id and id

Connection = psycopg.Connection[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class _Batch:
    id: int
    row_count: int
    occurred_from: datetime
    occurred_until: datetime
    archived: bool


def enter(conn: Connection, progress: Callable[[str], None]) -> int:
    """Enter all that have no entry; how many could not be, because rows of theirs are missing.

    ``conn`` is the owner's, in autocommit.
    """
    row = conn.execute(
        "select count(*) from ledger.batch as b where b.entry_id is null and not exists ("
        " select from ledger.earlier_batch as e where e.batch_id = b.id)"
    ).fetchone()
    total = row[0] if row else 0
    if not total:
        return 0
    progress(f"batches from before the log are entered into it: {total}")
    done = damaged = after = 0
    for number, part in enumerate(_parts(conn, after), 1):
        with conn.transaction():
            roots = _roots(conn, part)
            for one in part:
                root = roots.get(one.id)
                if root is None:
                    damaged += 1
                    progress(f"batch {one.id} does not have its rows and is left out: dozir verify")
                    continue
                conn.execute("select ledger.enter_earlier_batch(%s, %s)", (one.id, root))
                done += 1
        if number % SAY_EVERY == 0:
            progress(f"batches entered: {done} of {total}")
    progress(f"batches entered: {done} of {total}")
    return damaged


def _parts(conn: Connection, after: int) -> Iterator[list[_Batch]]:
    """Batches without an entry in the order of their ids, some at a time."""
    while True:
        found = [
            _Batch(*row)
            for row in conn.execute(
                "select b.id, b.row_count, b.occurred_from, b.occurred_until,"
                " b.occurred_from < coalesce("
                "  (select max(a.archived_until) from ledger.archive as a), '-infinity')"
                " from ledger.batch as b where b.id > %s and b.entry_id is null"
                " and not exists (select from ledger.earlier_batch as e where e.batch_id = b.id)"
                " order by b.id limit %s",
                (after, PART_BATCHES),
            )
        ]
        if not found:
            return
        after = found[-1].id
        part: list[_Batch] = []
        rows = 0
        for one in found:
            if part and rows + one.row_count > PART_ROWS:
                yield part
                part, rows = [], 0
            part.append(one)
            rows += one.row_count
        yield part


def _roots(conn: Connection, part: list[_Batch]) -> dict[int, bytes]:
    """The root of each batch; no key where rows are missing that retention has not dropped."""
    leaves: dict[int, list[bytes]] = {one.id: [] for one in part}
    for tuples in _tuples(conn, part):
        for place, leaf in enumerate(leaf_hashes(tuples, TUPLE_BYTES)):
            start = place * TUPLE_BYTES
            batch = tuples[start + _BATCH_ID.start : start + _BATCH_ID.stop]
            leaves[int.from_bytes(batch, "big", signed=True)].append(leaf)
    roots = {}
    for one in part:
        if len(leaves[one.id]) == one.row_count:
            roots[one.id] = merkle.root(leaves[one.id])
        elif one.archived and len(leaves[one.id]) < one.row_count:
            roots[one.id] = NO_HASH
    return roots


def _tuples(conn: Connection, part: list[_Batch]) -> Iterator[bytes]:
    """The tuples of batches by batch and row number, whole ones at a time."""
    rest, first = b"", True
    with (
        conn.cursor() as cursor,
        cursor.copy(
            "copy (select * from ledger.transaction where batch_id = any(%s)"
            " and occurred_at between %s and %s order by batch_id, row_no)"
            " to stdout (format binary)",
            (
                [one.id for one in part],
                min(one.occurred_from for one in part),
                max(one.occurred_until for one in part),
            ),
        ) as copy,
    ):
        for data in copy:
            rest += bytes(data)
            if first and len(rest) >= HEADER_BYTES:
                rest, first = rest[HEADER_BYTES:], False
            whole = 0 if first else len(rest) // TUPLE_BYTES * TUPLE_BYTES
            if whole:
                yield rest[:whole]
                rest = rest[whole:]
    if len(rest) != TRAILER_BYTES:
        raise ValueError("the columns of ledger.transaction are not those that the log pins")


def name_log(conn: Connection, origin: str) -> None:
    """Give the log its name while it is empty. Raises ValueError afterwards.

    ``conn`` is the owner's.
    """
    with conn.transaction():
        # append_entry reads the name first: whoever has read it has entered before we look.
        conn.execute("lock table ledger.log in access exclusive mode")
        row = conn.execute(
            "select l.origin, exists (select from ledger.entry) from ledger.log as l"
        ).fetchone()
        if row is None or row[0] == origin:
            return
        if row[1]:
            raise ValueError(
                f"DOZIR_LOG_ORIGIN is {origin}, but this log has entries as {row[0]}: a log keeps"
                " its name for ever. Unset DOZIR_LOG_ORIGIN, or set that name."
            )
        conn.execute("update ledger.log set origin = %s", (origin,))
