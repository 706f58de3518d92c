"""Batches from before the log are entered into it by `dozir migrate`, once, with their roots."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from portal import config
from portal.runtime import RuntimeProblem
from portal.schema import earlier
from portal.transparency.entries import NO_HASH, Entry, Kind
from tests.integration.ledger.test_batches import register_alone
from tests.support.batches import cancellation, random_rows, row, store
from tests.support.databases import Database, column, rows, value

SEED = 20261127


@pytest.fixture
def before(fresh_database: Database):
    """A database whose batches have no entry, and the entries that they had."""
    rng = random.Random(SEED)
    now = datetime.now(UTC)
    for _ in range(2):
        operator = register_alone(fresh_database)
        target = row(operator)
        store(fresh_database, operator, [target])
        batch = random_rows(operator, 1_200, rng, [now - timedelta(days=2), now])
        store(fresh_database, operator, [*batch, cancellation(target)])
    with fresh_database.connect() as conn:
        entries = dict(
            rows(
                conn,
                "select b.id, e.entry from ledger.batch as b join ledger.entry as e"
                " on e.id = b.entry_id",
            )
        )
        conn.execute("set session_replication_role = replica")
        conn.execute("update ledger.batch set entry_id = null, batch_root = null")
        conn.execute("update ledger.operator_head set last_hash = null")
        conn.execute("truncate ledger.entry, ledger.unsequenced, audit.seal, audit.sealed_event")
    return fresh_database, {id_: Entry.unpack(entry) for id_, entry in entries.items()}


def test_each_is_entered_once_with_the_root_of_its_rows(before, monkeypatch) -> None:
    database, originals = before
    monkeypatch.setattr(earlier, "PART_ROWS", 1_000)
    said: list[str] = []
    with database.connect("dozir_migrator", autocommit=True) as conn:
        # Cut off after two, it goes on where it stood.
        first = sorted(originals)[:2]
        for one in first:
            root = originals[one].batch().batch_root
            conn.execute("select ledger.enter_earlier_batch(%s, %s)", (one, root))
        assert earlier.enter(conn, said.append) == 0
        assert said == [
            "batches from before the log are entered into it: 2",
            "batches entered: 2 of 2",
        ]
        assert earlier.enter(conn, said.append) == 0
        assert len(said) == 2
        found = rows(
            conn,
            "select x.batch_id, e.entry, e.hash from ledger.earlier_batch as x"
            " join ledger.entry as e on e.id = x.entry_id order by e.id",
        )
        assert value(conn, "select count(*) from ledger.unsequenced") == 4
        heads = column(conn, "select last_hash from ledger.operator_head")
    assert [id_ for id_, _, _ in found] == sorted(originals)
    ends: dict[str, bytes] = {}
    for id_, raw, hash_ in found:
        entry = Entry.unpack(raw)
        assert entry.kind is Kind.EARLIER_BATCH
        assert entry.previous == ends.get(entry.operator, NO_HASH)
        ends[entry.operator] = hash_
        assert replace(entry, kind=Kind.BATCH, entered_at_us=0, previous=NO_HASH) == replace(
            originals[id_], entered_at_us=0, previous=NO_HASH
        )
    assert sorted(heads) == sorted(ends.values())


def test_a_batch_without_its_rows_is_named_and_one_after_its_time_has_no_root(before) -> None:
    database, originals = before
    gone, kept = sorted(originals)[1], sorted(originals)[3]
    said: list[str] = []
    with database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("delete from ledger.transaction where batch_id = %s and row_no = 7", (gone,))
    with database.connect("dozir_migrator", autocommit=True) as conn:
        assert earlier.enter(conn, said.append) == 1
        assert f"batch {gone} does not have its rows and is left out: dozir verify" in said
        assert kept in column(conn, "select batch_id from ledger.earlier_batch")
        conn.execute(
            "insert into ledger.archive (archived_until) values (now() + interval '1 day')"
        )
        assert earlier.enter(conn, said.append) == 0
        entry = value(
            conn,
            "select e.entry from ledger.earlier_batch as x join ledger.entry as e"
            " on e.id = x.entry_id where x.batch_id = %s",
            (gone,),
        )
    assert Entry.unpack(entry).batch().batch_root == NO_HASH


def test_the_logs_name_is_given_while_it_is_empty_and_kept_afterwards(
    fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(origin: str) -> str:
        with fresh_database.connect("dozir_migrator", autocommit=True) as conn:
            earlier.name_log(conn, origin)
            return str(value(conn, "select origin from ledger.log"))

    assert named("log.example/first") == "log.example/first"
    assert named("log.example/second") == "log.example/second"
    with pytest.raises(psycopg.errors.CheckViolation):
        named("two words")
    operator = register_alone(fresh_database)
    store(fresh_database, operator, [row(operator)])
    monkeypatch.setenv("DOZIR_LOG_ORIGIN", "log.example/third")
    with pytest.raises(RuntimeProblem, match=r"has entries as log\.example/second"):
        fresh_database.migrate()
    assert named("log.example/second") == "log.example/second"
    monkeypatch.undo()
    config.settings.cache_clear()
