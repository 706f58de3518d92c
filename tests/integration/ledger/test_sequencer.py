"""The sequencer, its signer and the restoration of the log, on a real database."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from portal.runtime import RuntimeProblem
from portal.sequencing import restoring
from portal.sequencing.publishing import Publisher
from portal.sequencing.sequencer import SEQUENCER_LOCK, NotReplicated
from portal.sequencing.vault import Refused
from portal.transparency import checkpoints, merkle
from portal.transparency.entries import Entry, Kind
from portal.transparency.journal import Journal, read
from portal.transparency.notes import NoteInvalid, PublicKey
from tests.integration.ledger.test_batches import register_alone
from tests.support.batches import row, store
from tests.support.databases import Cluster, Database, column, rows, value
from tests.support.logs import Log, enter, logged, signing

SEED = 20261127


@pytest.fixture
def own(fresh_database: Database, tmp_path: Path) -> Iterator[Log]:
    with logged(fresh_database, tmp_path) as made:
        yield made


def test_entries_get_leaves_tiles_and_a_signed_checkpoint(own: Log) -> None:
    assert (own.sequence().size, own.published().root) == (0, merkle.EMPTY_ROOT)
    enter(own.database, 300)
    first = own.sequence()
    assert (first.size, first.root) == (300, own.root())
    with own.connected() as (sequencer, conn):
        sequencer.begin(conn)
        enter(own.database, 5)
        assert not sequencer.tick(conn)
        assert own.published().size == 305
        before = (own.tiles / "checkpoint").stat().st_mtime_ns
        assert not sequencer.tick(conn)
        assert (own.tiles / "checkpoint").stat().st_mtime_ns == before
    with own.database.connect() as conn:
        # Whoever lacks the journal gets it from the sequencer, before the leaf.
        assert set(map(_hash, read(own.folder / "journal"))) == set(
            column(conn, "select hash from ledger.entry")
        )
        # The newest, and an older one a minute apart.
        assert column(conn, "select size from ledger.checkpoint order by 1") == [0, 305]
        assert value(conn, "select refused_because from ledger.log") is None
        assert value(conn, "select count(*) from ledger.log_key") == 3
    policy = (own.tiles / "policy").read_text()
    assert all(f"log {one.vkey}\n" in policy for one in own.signer.state().keys)


def _hash(document: bytes) -> bytes:
    return sha256(document).digest()


def test_tiles_that_are_lost_are_made_again(own: Log) -> None:
    enter(own.database, 700)
    before = own.sequence()
    shutil.rmtree(own.tiles)
    enter(own.database, 1)
    after = own.sequence()
    assert (after.size, after.root) == (701, own.root())
    assert own.root(700) == before.root


def test_a_database_that_forgot_or_was_changed_gets_no_leaf_and_no_signature(
    own: Log, cluster: Cluster
) -> None:
    enter(own.database, 10)
    with cluster.copy_of(own.database) as older:
        newest = own.sequence()
        enter(older, 40)
        with pytest.raises(Refused, match="10 were signed: dozir restore-log"):
            own.on(older).sequence()
        with older.connect() as conn:
            assert value(conn, "select count(*) from ledger.leaf") == 0
            assert "restore-log" in value(conn, "select refused_because from ledger.log")
            assert value(conn, "select refusal_count from ledger.log") == 1
            # Enough leaves, but others.
            conn.execute(
                "insert into ledger.leaf (leaf_index, entry_id)"
                " select row_number() over (order by id desc) - 1, id from ledger.entry"
            )
        shutil.rmtree(own.tiles)
        with pytest.raises(Refused, match="not those that were signed"):
            own.on(older).sequence()
    shutil.rmtree(own.tiles)
    assert own.sequence() == newest


def test_another_logs_signer_and_another_name_are_refused(
    own: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter(own.database, 3)
    own.sequence()
    with signing(tmp_path / "other") as other:
        strange = Log(own.database, tmp_path, other, own.journal)
        with pytest.raises(Refused, match="none of the keys"):
            strange.sequence()
    with own.database.connect() as conn:
        conn.execute("update ledger.log set origin = 'another.example/log'")
    with pytest.raises(Refused, match=r"this log is another\.example/log"):
        own.sequence()


def test_a_changed_entry_gets_no_leaf(own: Log) -> None:
    enter(own.database, 2)
    with own.database.connect() as conn:
        conn.execute("alter table ledger.entry disable trigger refuse_change")
        conn.execute("update ledger.entry set entry = entry || 'x' where id = 2")
    with pytest.raises(ValueError, match="entry 2 is not what its hash says"):
        own.sequence()


def test_keys_are_rotated_with_an_overlap(own: Log) -> None:
    enter(own.database, 1)
    own.sequence()
    [*old] = own.signer.state().keys
    state = own.signer.rotate(timedelta(seconds=1))
    assert [one.vkey for one in state.keys[:2]] == [one.vkey for one in old]
    assert len(state.keys) == 4
    enter(own.database, 1)
    own.sequence()  # which verifies that all four sign
    with own.database.connect() as conn:
        assert value(conn, "select count(*) from ledger.log_key where purpose = 'log'") == 4
    time.sleep(1)
    enter(own.database, 1)
    own.sequence()
    assert not set(old) & set(own.signer.state().keys)
    assert not list((own.folder / "signer").glob("1.*"))
    with pytest.raises(NoteInvalid):
        _verify_with(own, old[0].vkey)
    # What only the former keys signed is no finding of the nightly run, which has no other policy
    # than the published one.
    with own.database.connect() as conn:
        assert value(conn, "select min(size) from ledger.checkpoint") == 1
    done = _run(own, "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr


def _verify_with(own: Log, vkey: str) -> None:
    key = PublicKey.parse(vkey)
    checkpoints.verify((own.tiles / "checkpoint").read_text(), [key], key.name)


def _replace(own: Log, *options: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return _run(own, "log", "replace-signer", *options, said=said)


def _run(own: Log, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    """A command on this log."""
    return subprocess.run(
        [Path(sys.executable).with_name("dozir"), *words],
        env=os.environ
        | {
            "DOZIR_DATABASE_URL": own.database.url(),
            "DOZIR_SIGNER": str(own.folder / "signer"),
            "DOZIR_SIGNER_SOCKET": str(own.folder / "signer" / "socket"),
            "DOZIR_TILES": str(own.tiles),
            "DOZIR_JOURNAL": str(own.folder / "journal"),
        },
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_signer_that_is_lost_is_replaced_and_the_log_says_so(
    fresh_database: Database, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal")
    with signing(tmp_path / "signer") as link:
        own = Log(fresh_database, tmp_path, link, journal)
        done = _replace(own, "--yes")
        assert (done.returncode, "no key to be replaced" in done.stderr) == (1, True)
        enter(own.database, 5)
        before = own.sequence()
        note = (own.tiles / "checkpoint").read_text()
        old = [one.vkey for one in link.state().keys]
        done = _replace(own, "--yes")
        assert (done.returncode, "it is not lost" in done.stderr) == (1, True)
        assert own.sequence() == before
    done = _replace(own, "--yes")
    assert (done.returncode, "does not answer: start it" in done.stderr) == (1, True)
    (tmp_path / "signer").rename(tmp_path / "lost")

    # A new signer alone signs nothing of this log, and whoever hesitates changes nothing.
    with signing(tmp_path / "signer") as link:
        own = Log(fresh_database, tmp_path, link, journal)
        with pytest.raises(Refused, match="none of the keys"):
            own.sequence()
        assert _replace(own, said="n\n").returncode == 1
        with pytest.raises(Refused, match="none of the keys"):
            own.sequence()
        assert link.state().size == 0, "nor has it signed anything"

        done = _replace(own, said="y\n")
        assert (done.returncode, done.stdout[:22]) == (0, "2 keys sign no more. N"), done.stderr
        done = _replace(own, "--yes")
        assert (done.returncode, "no key to be replaced" in done.stderr) == (1, True)
        enter(own.database, 2)
        after = own.sequence()  # signed by the new keys, and by these alone
        assert after.size == before.size + 3
        assert own.root(before.size) == before.root, "the former tree is the new one's beginning"
        fresh = [one.vkey for one in link.state().keys]
        assert not set(fresh) & set(old)
        published = (own.tiles / "policy").read_text()
        assert all(one in published for one in fresh)
        assert not any(one in published for one in old)
        with own.database.connect() as conn:
            told = Entry.unpack(value(conn, "select entry from ledger.entry where kind = 7"))
            assert json.loads(told.body) == {"act": "replace-signer", "keys": old}
        # Whoever has the former keys still believes what they signed, and no more than that.
        former = [PublicKey.parse(one) for one in old]
        assert checkpoints.verify(note, former, former[0].name).checkpoint == before
        with pytest.raises(NoteInvalid):
            _verify_with(own, old[0])

    # The lost one turns up again: it has signed less than the log has, with keys that are none.
    with signing(tmp_path / "lost") as link, pytest.raises(Refused, match="none of the keys"):
        Log(fresh_database, tmp_path, link, journal).sequence()
    journal.close()


# As PostgreSQL warns of a commit whose wait for a standby was cancelled.
WARN = """
create function public.warn() returns trigger language plpgsql
as $$ begin
  raise warning using errcode = '01000', message = 'committed locally';
  return null;
end $$;
create trigger warn after insert on ledger.leaf
for each statement execute function public.warn();
"""


def test_what_no_standby_confirmed_is_not_signed(own: Log) -> None:
    own.sequence()
    enter(own.database, 1)
    with own.database.connect() as conn:
        conn.execute(WARN)
    with own.connected() as (sequencer, conn):
        sequencer.begin(conn)
        with pytest.raises(NotReplicated):
            sequencer.tick(conn)
    assert own.published().size == 0
    with own.database.connect() as conn:
        conn.execute("drop trigger warn on ledger.leaf")
    assert own.sequence().size == 1


def test_a_second_sequencer_waits_and_an_intruder_gives_no_leaf_twice(own: Log) -> None:
    enter(own.database, 4)
    with own.connected() as (first, conn), own.connected() as (second, other):
        first.begin(conn)
        conn.execute("select pg_advisory_lock(%s)", (SEQUENCER_LOCK,))
        assert other.execute("select pg_try_advisory_lock(%s)", (SEQUENCER_LOCK,)).fetchone() == (
            False,
        )
        with pytest.raises(Refused, match="another sequencer writes"):
            second.begin(other)
        other.execute("select ledger.sequence_entries(array[1, 2]::bigint[])")
        with pytest.raises(ValueError, match="4 leaves, 2 were expected"):
            first.tick(conn)
    assert own.sequence().size == 4


def test_after_a_restore_the_very_same_tree_comes_back(
    own: Log, cluster: Cluster, tmp_path: Path
) -> None:
    operator = register_alone(own.database)
    store(own.database, operator, [row(operator)])
    own.sequence()
    with cluster.copy_of(own.database) as older:
        lost = [store(own.database, operator, [row(operator)]) for _ in range(3)]
        enter(own.database, 2)
        newest = own.sequence()
        waiting = store(own.database, operator, [row(operator)])
        with own.database.connect() as conn:
            own.journal.ensure(column(conn, "select entry from ledger.entry"))
        with pytest.raises(Refused, match="restore-log"):
            own.on(older).sequence()
        done = _restore(own, older)
        assert (done.size, done.entries, done.batches, done.waiting) == (newest.size, 6, 4, 1)
        assert own.on(older).root() == newest.root
        after = own.on(older).sequence()
        assert after.size == newest.size + 2  # the waiting one, and what tells of all this
        assert own.on(older).root(newest.size) == newest.root
        with older.connect() as conn:
            told = Entry.unpack(value(conn, "select entry from ledger.entry where kind = 7"))
            assert told.kind is Kind.RESTORATION
            named = {one["entry_hash"]: one for one in json.loads(told.body)["entries"]}
            for receipt in (*lost, waiting):
                assert named[receipt["entry_hash"]]["batch_id"] == receipt["batch_id"]
            assert named[waiting["entry_hash"]]["leaf"] is None
            assert rows(conn, "select * from report.check_receipts()") == []
        again = store(older, operator, [row(operator)])
        assert again["operator_sequence"] == 6
        assert again["batch_id"] > waiting["batch_id"]
        assert own.on(older).sequence().size == after.size + 1
        with older.connect() as conn:
            entry = value(
                conn, "select entry from ledger.entry where kind = 1 order by id desc limit 1"
            )
            assert Entry.unpack(entry).previous.hex() == waiting["entry_hash"]
        assert _restore(own, older).entries == 0


def _restore(own: Log, database: Database) -> restoring.Restored:
    with database.connect("dozir_migrator") as conn:
        return restoring.restore(conn, Publisher(own.tiles), own.signer.state(), own.journal)


def test_the_journal_alone_gives_the_tree_back_and_without_it_nothing_is_changed(
    own: Log, cluster: Cluster, tmp_path: Path
) -> None:
    own.sequence()
    with cluster.copy_of(own.database) as older:
        enter(own.database, 600)
        newest = own.sequence()
        tiles = own.tiles.rename(tmp_path / "aside")
        empty = Journal(tmp_path / "empty")
        with (
            older.connect("dozir_migrator") as conn,
            pytest.raises(RuntimeProblem, match=r"leaf 0 .and 599 others"),
        ):
            restoring.restore(conn, Publisher(own.tiles), own.signer.state(), empty)
        with (
            older.connect("dozir_migrator") as conn,
            pytest.raises(RuntimeProblem, match="lacks 600 entries of 600"),
        ):
            restoring.restore(conn, Publisher(tiles), own.signer.state(), empty)
        assert _restore(own, older).size == 600
        assert own.on(older).root() == newest.root


def test_a_forged_place_is_not_restored(own: Log, cluster: Cluster, tmp_path: Path) -> None:
    own.sequence()
    with cluster.copy_of(own.database) as older:
        enter(own.database, 3)
        own.sequence()
        with own.database.connect() as conn:
            hashes = column(conn, "select hash from ledger.entry order by id desc")
        forged = Publisher(tmp_path / "forged")
        root = forged.tiles.append(0, hashes)
        forged.publish(f"forged\n3\n{_base64(root)}\n\n— forged AAAAAAAA\n")
        with (
            older.connect("dozir_migrator") as conn,
            pytest.raises(RuntimeProblem, match="not those that were signed"),
        ):
            restoring.restore(conn, forged, own.signer.state(), own.journal)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def test_where_a_sequencer_is_at_work_nothing_is_restored(own: Log) -> None:
    with own.connected() as (_, conn):
        conn.execute("select pg_advisory_lock(%s)", (SEQUENCER_LOCK,))
        with pytest.raises(RuntimeProblem, match="stop dozir serve"):
            _restore(own, own.database)
