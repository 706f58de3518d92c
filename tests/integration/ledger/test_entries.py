"""What the database enters into the log is what docs/ledger.md pins, byte for byte."""

from __future__ import annotations

import base64
import json
import random
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import dict_row

from portal.registry.keys import parse_key
from portal.transparency import entries, merkle
from portal.transparency.entries import NO_HASH, Entry, Kind, Total
from tests.integration.ledger.test_batches import register_alone
from tests.support.batches import (
    accept_batch,
    cancellation,
    copy_rows,
    open_batch,
    random_rows,
    row,
    store,
)
from tests.support.databases import rows, value

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def of_batch(conn, receipt):
    """The stored batch, its entry and its operator's code, as dictionaries."""
    return (
        conn.cursor(row_factory=dict_row)
        .execute(
            "select b.*, e.entry, e.hash, e.kind, e.operator_id as entry_operator, o.code, l.origin"
            " from ledger.batch as b join ledger.entry as e on e.id = b.entry_id"
            " join registry.operator as o on o.id = b.operator_id cross join ledger.log as l"
            " where b.id = %s",
            (receipt["batch_id"],),
        )
        .fetchone()
    )


def copied(conn, receipt) -> list[bytes]:
    """The tuples of a batch as COPY gives them out."""
    with conn.cursor().copy(
        "copy (select * from ledger.transaction where batch_id = %s order by row_no)"
        " to stdout (format binary)",
        (receipt["batch_id"],),
    ) as copy:
        stream = b"".join(bytes(part) for part in copy)
    body = stream[19:-2]
    return [body[place : place + 222] for place in range(0, len(body), 222)]


def test_an_entry_tells_what_was_stored(database):
    operator = register_alone(database)
    rng = random.Random(7)
    now = datetime.now(UTC)
    target = row(operator)
    first = store(database, operator, [target])
    batch = random_rows(operator, 300, rng, [now - timedelta(minutes=20), now])
    batch.append(cancellation(target))
    receipt = store(database, operator, batch, stream="second", sequence=4)
    with database.rolled_back() as conn:
        before, stored = of_batch(conn, first), of_batch(conn, receipt)
        entry = Entry.unpack(bytes(stored["entry"]))
        assert entry.pack() == bytes(stored["entry"])
        assert (entry.kind, stored["kind"]) == (Kind.BATCH, 1)
        assert (entry.origin, entry.operator) == (stored["origin"], operator.code)
        assert entry.entered_at_us == us(stored["received_at"])
        assert entry.previous == bytes(before["hash"]) == sha256(bytes(before["entry"])).digest()
        assert Entry.unpack(bytes(before["entry"])).previous == NO_HASH
        assert entry.batch() == entries.Batch(
            schema_version=1,
            batch_id=stored["id"],
            operator_sequence=2,
            operator_id=operator.id,
            stream="second",
            stream_sequence=4,
            idempotency_key=stored["idempotency_key"].bytes,
            access_key_id=operator.key.id,
            body_sha256=bytes(stored["body_sha256"]),
            row_count=301,
            batch_root=merkle.root([merkle.hash_leaf(one) for one in copied(conn, receipt)]),
            occurred_from_us=us(min(one.occurred_at for one in batch)),
            occurred_until_us=us(max(one.occurred_at for one in batch)),
            received_at_us=us(stored["received_at"]),
            late_count=stored["late_count"],
            totals=tuple(Total(*one) for one in totals_of(conn, stored["id"])),
            operator_signature=b"",
        )
        assert bytes(stored["batch_root"]) == entry.batch().batch_root
        head = value(
            conn,
            "select last_hash from ledger.operator_head where operator_id = %s",
            (operator.id,),
        )
        assert bytes(head) == bytes(stored["hash"])


def totals_of(conn, batch_id):
    return conn.execute(
        "select t.currency, t.type, t.count, t.amount_minor, t.cancelled_count, t.cancelled_minor"
        " from ledger.batch as b, unnest(b.totals) as t where b.id = %s"
        " order by t.currency, t.type",
        (batch_id,),
    ).fetchall()


def test_the_receipt_carries_the_entry(database):
    operator = register_alone(database)
    receipt = store(database, operator, [row(operator)])
    entry = base64.b64decode(receipt["entry"])
    assert receipt["receipt_version"] == 1
    assert receipt["entry_hash"] == entries.hash_of(entry).hex()
    assert receipt["batch_root"] == Entry.unpack(entry).batch().batch_root.hex()
    assert receipt["origin"] == Entry.unpack(entry).origin
    received, merge_by = (
        datetime.fromisoformat(receipt[name]) for name in ("received_at", "merge_by")
    )
    assert merge_by - received == timedelta(seconds=10)


def test_batches_that_are_not_committed_leave_no_entry_and_no_gap_in_the_chain(database):
    operator = register_alone(database)
    store(database, operator, [row(operator)])
    with database.rolled_back("dozir_ingest") as conn:
        opened = open_batch(conn, operator.key, sequence=99)
        assert opened.batch_id
        copy_rows(conn, operator.id, opened.batch_id, batch := [row(operator)])
        accept_batch(conn, operator, opened.batch_id, uuid4(), batch, sequence=99)
    last = store(database, operator, [row(operator)])
    with database.rolled_back() as conn:
        assert (
            value(
                conn,
                "select count(*) from ledger.entry where kind = 1 and operator_id = %s",
                (operator.id,),
            )
            == 2
        )
        assert last["operator_sequence"] == 2


def test_documents_are_entered_as_they_are(database):
    with database.rolled_back() as conn:
        document = {"zero": 0, "text": "ґ'\"", "list": [1.5, None]}
        found = value(
            conn,
            "select ledger.append_document(6::smallint, null, %s::jsonb)",
            (json.dumps(document),),
        )
        raw = value(conn, "select entry from ledger.entry where hash = %s", (found,))
        entry = Entry.unpack(bytes(raw))
        assert (entry.kind, entry.operator, entry.previous) == (Kind.RETENTION, "", NO_HASH)
        assert json.loads(entry.body) == document
        assert (
            value(
                conn,
                "select count(*) from ledger.unsequenced as u"
                " join ledger.entry as e on e.id = u.entry_id"
                " where e.hash = %s",
                (found,),
            )
            == 1
        )


def test_each_refusal_of_a_known_key_is_entered_once(database):
    operator = register_alone(database)
    said = (
        uuid4(),
        "main",
        9,
        422,
        "invalid_records",
        1,
        2,
        300,
        '{"unknown_game": 1}',
        "[]",
        "r-1",
    )
    statement = (
        "select ledger.record_refusal(%s, %s, %s, %s::bigint, %s::smallint, %s, %s, %s, %s, %s,"
        " %s, %s)"
    )
    with database.rolled_back("dozir_ingest") as conn:
        conn.execute(statement, (operator.key.id, *said))
    with database.connect("dozir_ingest") as conn:
        conn.execute(statement, (operator.key.id, *said))
        conn.execute(statement, (2_000_000_000, *said))
    with database.rolled_back() as conn:
        found = rows(
            conn,
            "select entry from ledger.entry where kind = 3 and operator_id = %s",
            (operator.id,),
        )
        [(raw,)] = found
        entry = Entry.unpack(bytes(raw))
    document = json.loads(entry.body)
    refused_at = datetime.fromisoformat(document.pop("refused_at"))
    assert abs(datetime.now(UTC) - refused_at) < timedelta(minutes=1)
    assert (entry.kind, entry.operator) == (Kind.REFUSAL, operator.code)
    assert document == {
        "key_id": parse_key(operator.key.text).key_id,
        "idempotency_key": str(said[0]), "stream": "main", "stream_sequence": 9, "status": 422,
        "code": "invalid_records", "errors": 1, "rows": 2, "bytes": 300,
        "codes": {"unknown_game": 1}, "request_id": "r-1",
    }  # fmt: skip


@pytest.mark.parametrize("role", ["dozir_ingest", "dozir_portal", "dozir_readonly"])
def test_nobody_but_functions_writes_into_the_log(database, role):
    for statement in (
        "insert into ledger.entry (id, kind, operator_id, entered_at, hash, entry)"
        " values (1, 1, 1, now(), sha256(''), '')",
        "select ledger.append_document(6::smallint, 0, '{}')",
        "delete from ledger.unsequenced",
        "insert into ledger.leaf (leaf_index, entry_id) values (0, 1)",
    ):
        with (
            database.rolled_back(role) as conn,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            conn.execute(statement)
