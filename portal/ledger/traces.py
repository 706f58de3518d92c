"""What the database knows of a damaged batch beside its rows, to name what was altered.

None of it is evidence: whoever has all rights over the database could have made it fit. It only
says where to look; what was altered is proved by the batch's root, or said to be unproved.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any, LiteralString
from uuid import UUID

from psycopg.rows import tuple_row

from portal.ledger.source import Live
from portal.verifier.dozir_verify import EPOCH_2000_US, PLACE, UNPACK, Known
from portal.verifier.guesses import Clues

# Rows whose partners in the same round are looked for.
MOST_PARTNERS = 5

_WRITERS: LiteralString = """
select t.row_no, t.xmin::text::bigint as writer, t.tableoid::bigint as chunk,
  (select b.xmin::text::bigint from ledger.batch as b where b.id = t.batch_id) as own
from ledger.transaction as t
where t.batch_id = %s
"""
_REGISTERED: dict[str, LiteralString] = {
    "licence_id": "select r.id from registry.licence as r where r.operator_id = %s",
    "channel_id": "select r.id from registry.channel as r where r.operator_id = %s",
    "equipment_id": "select r.id from registry.equipment as r where r.operator_id = %s",
    "game_id": "select r.id from registry.game as r where r.operator_id = %s",
}
_CANCELLED: LiteralString = (
    "select c.row_no, c.cancelled_id from ledger.cancellation as c"
    " where c.operator_id = %s and c.batch_id = %s"
)
# Ids of version 7 begin with their moment.
_IDS_CANCELLED: LiteralString = (
    "select c.cancelled_id from ledger.cancellation as c"
    " where c.operator_id = %s and c.cancelled_id between %s and %s"
)
_PARTNERS: LiteralString = """
select distinct t.player, t.round_id
from ledger.transaction as t
where t.operator_id = %s and t.batch_id <> %s
  and t.occurred_at between ledger.moment(%s) - interval '10 min'
    and ledger.moment(%s) + interval '10 min'
  and (t.player = %s or t.round_id = %s)
limit 100
"""


class Traces:
    """``portal.verifier.locate.Traces`` of a live database."""

    def __init__(self, source: Live) -> None:
        self._source = source

    def _rows(self, query: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        with self._source.reader().cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query, parameters).fetchall()

    def touched(self, batch: int) -> frozenset[int]:
        """Numbers of rows that another transaction wrote than the one that stored the batch.

        Rows, record and entry of a batch are written by one transaction. In a database that was
        copied, tables were written apart: there those rows of a chunk count that differ from most.
        Nothing is told where all rows were written otherwise.
        """
        found = self._rows(_WRITERS, batch)
        if any(writer == own for _, writer, _, own in found):
            return frozenset(no for no, writer, _, own in found if writer != own)
        chunks: dict[int, Counter[int]] = defaultdict(Counter)
        for _, writer, chunk, _ in found:
            chunks[chunk][writer] += 1
        usual = {chunk: seen.most_common(1)[0] for chunk, seen in chunks.items()}
        return frozenset(
            no
            for no, writer, chunk, _ in found
            if writer != usual[chunk][0] and 2 * usual[chunk][1] > chunks[chunk].total()
        )

    def clues(self, batch: int, known: Known, rows: list[bytes], touched: frozenset[int]) -> Clues:
        """Registered references, what the batch's rows take back, and partners in a round."""
        values = {
            column: [one.to_bytes(4) for (one,) in self._rows(query, known.operator_id)]
            for column, query in _REGISTERED.items()
        }
        of_rows: dict[tuple[int, str], list[bytes]] = defaultdict(list)
        for no, cancelled in self._rows(_CANCELLED, known.operator_id, batch):
            of_rows[no - 1, "cancels"].append(cancelled.bytes)
        for no in sorted(touched)[:MOST_PARTNERS]:
            self._of_row(batch, known, no - 1, rows[no - 1], of_rows)
        return Clues(frozenset(no - 1 for no in touched), values, of_rows)

    def _of_row(
        self,
        batch: int,
        known: Known,
        place: int,
        row: bytes,
        of_rows: dict[tuple[int, str], list[bytes]],
    ) -> None:
        at = UNPACK.unpack(row)[0]
        player, round_id = (row[PLACE[name]] for name in ("player", "round_id"))
        values = UUID(bytes=player), UUID(bytes=round_id)
        if known.occurred_from <= at + EPOCH_2000_US <= known.occurred_until:
            for theirs, their_round in self._rows(
                _PARTNERS, known.operator_id, batch, at, at, *values
            ):
                if their_round == values[1]:
                    of_rows[place, "player"].append(theirs.bytes)
                if theirs == values[0]:
                    of_rows[place, "round_id"].append(their_round.bytes)
        ms = ((at + EPOCH_2000_US) // 1000) % 2**48
        first, last = (UUID(bytes=ms.to_bytes(6) + end * 10) for end in (b"\0", b"\xff"))
        for (one,) in self._rows(_IDS_CANCELLED, known.operator_id, first, last):
            of_rows[place, "id"].append(one.bytes)
