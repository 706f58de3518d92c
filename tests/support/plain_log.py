"""A log kept by the plainest means: every entry in the order of its id, one signature."""

from __future__ import annotations

from hashlib import sha256

from portal.transparency import merkle, notes
from portal.transparency.checkpoints import Checkpoint, PrivateKey
from portal.transparency.notes import Kind
from tests.support.databases import Database, column, value


def key_of(origin: str) -> PrivateKey:
    """The key that signs for a log in tests."""
    return PrivateKey.from_seed(origin, Kind.ED25519, sha256(origin.encode()).digest())


def sequence(database: Database) -> Checkpoint:
    """Give every entry its leaf and publish a checkpoint over all of them."""
    with database.connect() as conn:
        conn.execute(
            "insert into ledger.leaf (leaf_index, entry_id)"
            " select l.count + row_number() over (order by u.entry_id) - 1, u.entry_id"
            " from ledger.unsequenced as u cross join (select count(*) from ledger.leaf) as l"
        )
        conn.execute("delete from ledger.unsequenced")
        hashes = column(
            conn,
            "select e.hash from ledger.leaf as l join ledger.entry as e on e.id = l.entry_id"
            " order by l.leaf_index",
        )
        origin = value(conn, "select origin from ledger.log")
        root = merkle.root([merkle.hash_leaf(bytes(one)) for one in hashes])
        made, key = Checkpoint(origin, len(hashes), root), key_of(origin)
        note = notes.write(made.text(), [key.sign(made.text())])
        conn.execute(
            "insert into ledger.checkpoint (size, root, signed_at, note) values (%s, %s, now(), %s)"
            " on conflict do nothing",
            (made.size, made.root, note),
        )
        conn.execute(
            "insert into ledger.log_key (vkey, purpose) values (%s, 'log') on conflict do nothing",
            (key.public.vkey(),),
        )
    return made
