"""The proof of one row: its tuple, its path to its batch's root, the batch's entry in the log."""

from __future__ import annotations

import structlog
from psycopg.rows import tuple_row

from portal import db
from portal.errors import NotFound, Unconfirmed
from portal.ingest import vouching
from portal.transparency import entries, proofs, rows
from portal.transparency.entries import Entry, EntryInvalid
from portal.transparency.merkle import ProofInvalid
from portal.transparency.published import LogUnavailable
from portal.transparency.rows import Row

log = structlog.get_logger(__name__)

LARGEST_ROW = 10_000
# Those who may see a player; everyone else's proof is sealed.
SEE_PLAYERS = frozenset({"operator", "regulator"})
_MICROSECONDS = "(extract(epoch from t.occurred_at) * 1000000)::bigint - 946684800000000"
_QUERY = f"""
select {_MICROSECONDS}, t.operator_id, uuid_send(t.id), t.batch_id, t.row_no, t.type,
  t.amount_minor, t.currency, t.licence_id, t.channel_id, t.equipment_id, t.game_id,
  uuid_send(t.round_id), %s::bytea, t.payment, t.flags, t.breach, uuid_send(t.cancels),
  t.cancel_reason, uuid_send(t.exclusion_receipt)
from api.transaction as t
where t.occurred_at = %s and t.operator_id = %s and t.batch_id = %s and t.row_no = %s
"""  # noqa: S608 - of constants only
_PLAYER = """
select uuid_send(p.player) as player from api.transaction_player as p
where p.occurred_at = %s and p.operator_id = %s and p.batch_id = %s and p.row_no = %s
"""


def row_proof(conn: db.Connection, role: str, batch_id: int, row_no: int) -> bytes | None:
    """The proof's document; None while the batch waits for its place in the log.

    ``conn`` acts as ``role``, whose rights decide what there is. Raises NotFound, and Unconfirmed
    where rows or entry are not those of the log.
    """
    if not 1 <= row_no <= LARGEST_ROW or not 0 < batch_id < 2**63:
        raise NotFound
    found = db.call(conn, "api.batch_transactions", batch_id, row_no - 1, 1)
    if not found or found[0]["row_no"] != row_no:
        raise NotFound
    place = (found[0]["occurred_at"], found[0]["operator_id"], batch_id, row_no)
    player, withhold = rows.NO_PLAYER, role not in SEE_PLAYERS
    if not withhold:
        shown = conn.execute(_PLAYER, place).fetchone()
        if shown is None:
            raise NotFound
        player = bytes(shown["player"])
    values = conn.cursor(row_factory=tuple_row).execute(_QUERY, (player, *place)).fetchone()
    if values is None:
        raise NotFound
    one = rows.write(Row(*values))
    leaves = [bytes(row["leaf"]) for row in db.call(conn, "api.row_leaves", batch_id)]
    return _made(batch_id, one, leaves, withhold=withhold)


def _made(batch_id: int, one: bytes, leaves: list[bytes], *, withhold: bool) -> bytes | None:
    entered = vouching.entry_of(batch_id)
    try:
        if entered is None:
            raise ProofInvalid("the log has no entry of the batch")
        entry, index = entered
        origin = Entry.unpack(entry).origin
        proof = vouching.the_log().proof(entries.hash_of(entry), index, origin)
        if proof is None:
            return None
        return proofs.make_row_proof(one, leaves, entry, proof, withhold=withhold).json()
    except (ProofInvalid, EntryInvalid, LogUnavailable) as problem:
        log.error("row not confirmed", batch=batch_id, why=str(problem))
        raise Unconfirmed from problem
