"""Opening and accepting a batch: who may, once, in which order, and what is answered."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from portal.ingest.uuid7 import make_id
from tests.support.batches import (
    Refused,
    accept_batch,
    copy_rows,
    open_batch,
    random_rows,
    row,
    store,
    totals,
)
from tests.support.databases import Connection, Database, become, column, rows, value
from tests.support.market import Key, Market, day, gamma, register, register_alone

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
CURRENCIES = {"UAH": 980, "USD": 840, "EUR": 978}
TYPES = ["bet", "win", "refund", "deposit", "withdrawal"]


def _refused(conn: Connection, key: Key, **other: Any) -> str | None:
    with pytest.raises(psycopg.Error) as caught, conn.transaction():
        open_batch(conn, key, **other)
    return caught.value.sqlstate


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("revoked", "DZK02"),
        ("expired", "DZK03"),
        ("read", "DZK05"),
        ("test", "DZK06"),
    ],
)
def test_a_key_that_may_not_submit_opens_nothing(
    database: Database, market: Market, name: str, state: str
) -> None:
    with database.rolled_back("dozir_ingest") as conn:
        assert _refused(conn, market.alpha.keys[name]) == state


def test_an_unknown_key_opens_nothing(database: Database) -> None:
    with database.rolled_back("dozir_ingest") as conn:
        assert _refused(conn, Key(0, "")) == "DZK01"


def test_an_operator_that_ended_opens_nothing(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        operator = register(conn, gamma())
        conn.execute(
            "update registry.operator set active_until = now() where id = %s", (operator.id,)
        )
    with fresh_database.rolled_back("dozir_ingest") as conn:
        assert _refused(conn, operator.key) == "DZK04"


def test_keys_other_than_manual_ones_number_their_batches(
    database: Database, market: Market
) -> None:
    with database.rolled_back("dozir_ingest") as conn:
        assert _refused(conn, market.alpha.key, sequence=None) == "DZS01"
        assert open_batch(conn, market.alpha.keys["manual"], sequence=None).batch_id


def test_codes_come_when_they_are_not_known(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        operator = register(conn, gamma())
    with fresh_database.rolled_back("dozir_ingest") as conn:
        codes = open_batch(conn, operator.key).codes
        assert codes is not None
        assert codes["licences"]["G-BETS"][0] == operator.licence["G-BETS"]
        assert open_batch(conn, operator.key, version=codes["version"]).codes is None
    with fresh_database.connect() as conn:
        conn.execute(
            "insert into registry.licence_suspension"
            " (operator_id, licence_id, suspended_from, grounds) values (%s, %s, now(), 'x')",
            (operator.id, operator.licence["G-BETS"]),
        )
    with fresh_database.rolled_back("dozir_ingest") as conn:
        anew = open_batch(conn, operator.key, version=codes["version"]).codes
        assert anew is not None
        assert anew["version"] > codes["version"]
        [period] = anew["licences"]["G-BETS"][4]
        assert period[1] < codes["licences"]["G-BETS"][4][0][1]


def test_the_oldest_moment_is_the_first_licence(database: Database, market: Market) -> None:
    with database.rolled_back("dozir_ingest") as conn:
        opened = open_batch(conn, market.gamma.key)
    oldest = EPOCH + timedelta(microseconds=opened.oldest_us)
    first = datetime.fromisoformat(market.gamma.document["licences"][0]["valid_from"])
    assert oldest == first
    assert abs(EPOCH + timedelta(microseconds=opened.received_us) - datetime.now(UTC)) < timedelta(
        minutes=1
    )


def test_the_receipt_says_what_was_stored(database: Database, market: Market) -> None:
    rng = random.Random(12)
    now = datetime.now(UTC)
    batch = random_rows(market.alpha, 37, rng, [now, now - timedelta(days=3)])
    key = uuid4()
    receipt = store(
        database,
        market.alpha,
        batch,
        idempotency_key=key,
        body=b"the body",
        stream="desk",
        sequence=71,
    )
    assert list(receipt) == [
        "receipt_version",
        "batch_id",
        "operator",
        "operator_sequence",
        "stream",
        "stream_sequence",
        "idempotency_key",
        "rows",
        "totals",
        "occurred_from",
        "occurred_until",
        "received_at",
        "body_sha256",
        "origin",
        "batch_root",
        "entry_hash",
        "entry",
        "merge_by",
    ]
    assert receipt["receipt_version"] == 1
    assert receipt["operator"] == "TEST-ALPHA"
    assert (receipt["stream"], receipt["stream_sequence"]) == ("desk", 71)
    assert receipt["idempotency_key"] == str(key)
    assert receipt["rows"] == 37
    assert receipt["body_sha256"] == hashlib.sha256(b"the body").hexdigest()
    assert datetime.fromisoformat(receipt["occurred_from"]) == min(one.occurred_at for one in batch)
    assert datetime.fromisoformat(receipt["occurred_until"]) == max(
        one.occurred_at for one in batch
    )
    assert receipt["received_at"].endswith("Z")
    found = [
        (
            CURRENCIES[part["currency"]],
            TYPES.index(part["type"]) + 1,
            part["count"],
            round(float(part["sum"]) * 100),
            part["cancelled_count"],
            round(float(part["cancelled_sum"]) * 100),
        )
        for part in receipt["totals"]
    ]
    assert found == totals(batch)


def test_the_same_batch_again_is_answered_with_the_same_bytes(
    database: Database, market: Market
) -> None:
    key, batch = uuid4(), [row(market.alpha)]
    first = store(database, market.alpha, batch, idempotency_key=key, body=b"x")
    with database.rolled_back() as conn:
        stored = value(conn, "select receipt from ledger.batch where id = %s", (first["batch_id"],))
    with database.rolled_back("dozir_ingest") as conn:
        again = open_batch(conn, market.alpha.key, key, body=b"x")
        assert again.batch_id is None
        assert again.receipt == stored
        assert json.loads(stored) == first
        # Another key of the same operator, a number it need not repeat: the same batch.
        assert open_batch(conn, market.alpha.keys["second"], key, body=b"x").receipt == stored
        assert _refused(conn, market.alpha.key, idempotency_key=key, body=b"y") == "DZI02"
        # Another operator's idempotency keys are its own.
        assert open_batch(conn, market.beta.key, key, body=b"x").batch_id is not None


def test_a_key_in_flight_is_told_and_free_again_after_a_failure(
    database: Database, market: Market
) -> None:
    key = uuid4()
    with database.rolled_back("dozir_ingest") as second:
        with database.rolled_back("dozir_ingest") as first:
            assert open_batch(first, market.alpha.key, key).batch_id
            assert _refused(second, market.alpha.key, idempotency_key=key) == "DZI01"
        assert open_batch(second, market.alpha.key, key).batch_id


def test_a_stream_counts_each_number_once(database: Database, market: Market) -> None:
    stream = uuid4().hex
    store(database, market.alpha, [row(market.alpha)], stream=stream, sequence=5)
    with pytest.raises(Refused) as caught:
        store(database, market.alpha, [row(market.alpha)], stream=stream, sequence=5)
    assert caught.value.sqlstate == "DZS02"
    store(database, market.alpha, [row(market.alpha)], stream=stream, sequence=6)
    store(database, market.beta, [row(market.beta)], stream=stream, sequence=5)


def test_a_duplicate_id_refuses_the_whole_batch_and_can_be_named(
    database: Database, market: Market
) -> None:
    old = [row(market.alpha, datetime.now(UTC) - timedelta(days=n)) for n in (0, 4)]
    store(database, market.alpha, old)
    new = row(market.alpha)
    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        store(database, market.alpha, [new, *old])
    assert caught.value.diag.schema_name == "ledger_chunks"
    assert not caught.value.diag.message_detail, "no value of a row reaches the caller"
    with database.rolled_back("dozir_ingest") as conn:
        ids = [new.id, *(one.id for one in old)]
        found = column(conn, "select * from ledger.find_duplicates(%s, %s)", (market.alpha.id, ids))
        assert sorted(found) == sorted(one.id for one in old)
        assert (
            column(conn, "select * from ledger.find_duplicates(%s, %s)", (market.beta.id, ids))
            == []
        )


def test_another_operator_may_use_the_same_id(database: Database, market: Market) -> None:
    mine = row(market.alpha)
    store(database, market.alpha, [mine])
    theirs = row(market.beta, mine.occurred_at, id=mine.id)
    store(database, market.beta, [theirs])


def test_sequence_numbers_have_no_gaps(database: Database) -> None:
    operator = register_alone(database)
    for number in range(1, 5):
        with database.rolled_back("dozir_ingest") as conn:  # this one fails at the very end
            opened = open_batch(conn, operator.key, sequence=1000 + number)
            assert opened.batch_id
            copy_rows(conn, operator.id, opened.batch_id, batch := [row(operator)])
            accept_batch(conn, operator, opened.batch_id, uuid4(), batch, sequence=1000 + number)
        assert store(database, operator, [row(operator)])["operator_sequence"] == number


def test_nothing_of_a_batch_remains_when_it_is_not_committed(
    database: Database, market: Market
) -> None:
    tables = (
        "ledger.transaction",
        "ledger.batch",
        "ledger.operator_head",
        "rollup.hour",
        "rollup.day",
    )
    with database.rolled_back() as conn:
        before = {table: value(conn, f"select count(*) from {table}") for table in tables}
    with database.rolled_back("dozir_ingest") as conn:
        opened = open_batch(conn, market.alpha.key, sequence=10**9)
        assert opened.batch_id
        batch = random_rows(market.alpha, 20, random.Random(2), [datetime.now(UTC)])
        copy_rows(conn, market.alpha.id, opened.batch_id, batch)
    with database.rolled_back() as conn:
        assert {table: value(conn, f"select count(*) from {table}") for table in tables} == before


def test_a_refusal_is_recorded_with_codes_and_counts(database: Database, market: Market) -> None:
    request = uuid4().hex
    errors = [{"index": 7, "pointer": "/7/id", "code": "duplicate_id"}]
    with database.connect("dozir_ingest") as conn:
        for key in (market.beta.keys["revoked"].id, 0):  # an unknown key is nobody's refusal
            conn.execute(
                "select ledger.record_refusal(%s, %s, 'main', 4, 422::smallint, 'invalid_records',"
                " 3, 50, 9000, %s, %s, %s)",
                (key, uuid4(), json.dumps({"duplicate_id": 3}), json.dumps(errors), request),
            )
    with database.rolled_back() as conn:
        found = rows(
            conn,
            "select operator_id, status, code, codes, errors from ledger.refusal"
            " where request_id = %s",
            (request,),
        )
    assert found == [(market.beta.id, 422, "invalid_records", {"duplicate_id": 3}, errors)]


def test_an_import_adds_what_is_new_and_keeps_what_is_there(fresh_database: Database) -> None:
    document = gamma()
    with fresh_database.connect() as conn:
        operator = register(conn, document)
        before = value(
            conn,
            "select version from registry.operator_version where operator_id = %s",
            (operator.id,),
        )
        history = value(conn, "select count(*) from registry.history")
        become(conn, "registrar")
        text = json.dumps(document)
        assert value(conn, "select api.import_operator(%s::jsonb)", (text,)) == operator.id
        conn.execute("reset role")
        assert value(conn, "select count(*) from registry.history") == history
        document["games"].append(document["games"][0] | {"code": "CHESS", "active_from": day(-1)})
        value(conn, "select api.import_operator(%s::jsonb)", (json.dumps(document),))
        assert value(conn, "select count(*) from registry.history") == history + 1
        after = value(
            conn,
            "select version from registry.operator_version where operator_id = %s",
            (operator.id,),
        )
        assert after > before


def test_history_tells_who_changed_what(fresh_database: Database) -> None:
    with fresh_database.connect() as conn:
        operator = register(conn, gamma())
        conn.execute("select set_config('dozir.actor', 'official 12', true)")
        conn.execute(
            "update registry.game set title = 'New' where operator_id = %s", (operator.id,)
        )
        conn.execute(
            "update registry.game set title = 'New' where operator_id = %s", (operator.id,)
        )
        found = rows(
            conn,
            "select actor, operation, before ->> 'title', after ->> 'title' from registry.history"
            " where table_name = 'game' and operation = 'update'",
        )
        actors = Counter(
            column(conn, "select actor from registry.history where operation = 'insert'")
        )
        login = value(conn, "select session_user::text")
    assert found == [("official 12", "update", "Game TENNIS", "New")]
    assert set(actors) == {login}, "without an actor, the login"


def test_ids_are_looked_up_across_days(database: Database, market: Market) -> None:
    """Whatever the millisecond, the moment in the id is that of the row."""
    moments = [
        datetime(2026, 3, 1, 23, 59, 59, 999_000, tzinfo=UTC),
        datetime(2026, 3, 2, 0, 0, 0, 1_000, tzinfo=UTC),
        datetime(2026, 3, 2, 12, 34, 56, 789_000, tzinfo=UTC),
    ]
    batch = [row(market.gamma, moment) for moment in moments]
    store(database, market.gamma, batch)
    ids: list[UUID] = [one.id for one in batch]
    with database.rolled_back() as conn:
        found = column(conn, "select * from ledger.find_duplicates(%s, %s)", (market.gamma.id, ids))
    assert sorted(found) == sorted(ids)


def test_looking_up_ids_of_very_many_days_takes_no_time(database: Database, market: Market) -> None:
    """Whoever sends ten thousand records that cancel things of ten thousand days stops nobody."""
    first = datetime(1990, 1, 1, tzinfo=UTC)
    ids = [
        make_id(round((first + timedelta(days=n)).timestamp() * 1000), bytes(n))
        for n in range(10_000)
    ]
    with database.rolled_back("dozir_ingest") as conn:
        conn.execute("set local statement_timeout = '10s'")
        found = column(conn, "select * from ledger.find_duplicates(%s, %s)", (market.gamma.id, ids))
    assert found == []


def test_an_id_asked_for_twice_is_named_once(database: Database, market: Market) -> None:
    one = row(market.gamma)
    store(database, market.gamma, [one])
    with database.rolled_back("dozir_ingest") as conn:
        found = column(
            conn,
            "select * from ledger.find_duplicates(%s, %s)",
            (market.gamma.id, [one.id, one.id]),
        )
    assert found == [one.id]
