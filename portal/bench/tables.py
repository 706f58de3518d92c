"""The benchmark's own database: filled, emptied and checked between the measurements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.types.json import Jsonb

from portal import config, db, runtime
from portal.bench.instance import BenchmarkFailed
from portal.bench.load import Sender
from portal.bench.population import Operator
from portal.ingest.registered import Registered
from portal.registry.keys import new_key

_FILLED: LiteralString = (
    "ledger.transaction, ledger.batch, ledger.operator_head, ledger.cancellation, ledger.refusal,"
    " rollup.hour, rollup.game_hour, rollup.day, rollup.month, rollup.game_day, rollup.ingest_hour"
)
_COUNTS: LiteralString = """
select 'ledger.transaction' as object, count(*) as rows from ledger.transaction
union all
select 'rollup.hour',
  coalesce(sum(bet_count + win_count + refund_count + deposit_count + withdrawal_count), 0)
from rollup.hour
union all
select 'rollup.game_hour',
  coalesce(sum(bet_count + win_count + refund_count + deposit_count + withdrawal_count), 0)
from rollup.game_hour
union all
select 'rollup.day',
  coalesce(sum(bet_count + win_count + refund_count + deposit_count + withdrawal_count), 0)
from rollup.day
union all
select 'rollup.month',
  coalesce(sum(bet_count + win_count + refund_count + deposit_count + withdrawal_count), 0)
from rollup.month
union all
select 'api.rollup_game_day',
  coalesce(sum(bet_count + win_count + refund_count + deposit_count + withdrawal_count), 0)
from api.rollup_game_day
"""
_TRIGGER = config.ROOT / "sql" / "rollup" / "triggers" / "count_transactions.sql"


# More than any machine takes: what is measured is the machine.
UNLIMITED = (10**9, 10**10, 10**12, 10**13)


def register(operators: list[Operator], *, limited: bool = False) -> list[Sender]:
    """Put the operators into the registry, each with a key that may submit; let officials in.

    ``limited``: with the default limits; otherwise with none that matter.
    """
    with db.migrator() as conn:
        senders = [_register(conn, operator, limited=limited) for operator in operators]
        db.call(conn, "identity.start_demo")
        return senders


def _register(conn: db.Connection, operator: Operator, *, limited: bool) -> Sender:
    id_ = db.call_value(conn, "registry.import_operator", Jsonb(operator.document()))
    key = new_key("live")
    key_id = db.call_value(
        conn,
        "registry.create_access_key",
        id_,
        key.key_id,
        key.secret_hmac,
        "benchmark",
        "live",
        ["submit"],
        False,
        None,
    )
    if not limited:
        db.call(conn, "registry.limit_access_key", key_id, *UNLIMITED)
    codes = Registered.from_document(db.call_value(conn, "ledger.operator_codes", id_))
    return Sender(operator, id_, key.text, codes)


def empty() -> None:
    """Remove every batch and what was counted of it, then write all out: each start is alike."""
    with psycopg.connect(runtime.maintenance_url(), autocommit=True) as superuser:
        # The ledger's triggers refuse this to everyone; here alone they are passed over.
        superuser.execute("set session_replication_role = replica")
        _truncate(superuser)
        superuser.execute("checkpoint")


def _truncate(superuser: psycopg.Connection, attempts: int = 5) -> None:
    # A gateway looks into these tables by itself, in an order of its own: of a circle of waiting
    # whoever loses tries again.
    for left in reversed(range(attempts)):
        try:
            superuser.execute(f"truncate {_FILLED}")
            return
        except psycopg.errors.DeadlockDetected:
            if not left:
                raise


@contextmanager
def trigger(*, on: bool) -> Iterator[None]:
    """With or without the trigger that counts rows into the rollups."""
    if on:
        yield
        return
    with db.migrator() as owner:
        owner.execute("drop trigger count_transactions on ledger.transaction")
    try:
        yield
    finally:
        with db.migrator() as owner:
            owner.execute(_TRIGGER.read_bytes())


def check_rows(rows: int, *, counted: bool) -> None:
    """Every row sent by SQL is there, and in the rollups just when it was to be counted."""
    with db.migrator() as owner:
        found = owner.execute(_COUNTS).fetchall()
    for row in found:
        expected = rows if counted or row["object"] == "ledger.transaction" else 0
        if row["rows"] != expected:
            raise BenchmarkFailed(f"{row['object']} holds {row['rows']} rows of {expected}")


def check_batches(rows: int) -> None:
    """Every acknowledged row is there, in a batch, and counted exactly."""
    stored = _value("select count(*) from ledger.transaction")
    in_batches = _value("select coalesce(sum(row_count), 0) from ledger.batch")
    if (stored, in_batches) != (rows, rows):
        raise BenchmarkFailed(f"{rows} acknowledged, {stored} stored, {in_batches} in batches")
    if differences := _value("select count(*) from report.check_rollups()"):
        raise BenchmarkFailed(f"report.check_rollups finds {differences} differences")
    if differences := _value("select count(*) from report.check_receipts()"):
        raise BenchmarkFailed(f"report.check_receipts finds {differences} differences")


def late_rows() -> int:
    """Rows that came more than 15 minutes after their event."""
    return int(_value("select coalesce(sum(late_count), 0) from ledger.batch"))


def _value(query: LiteralString) -> Any:
    with db.migrator() as owner:
        return next(iter(owner.execute(query).fetchall()[0].values()))
