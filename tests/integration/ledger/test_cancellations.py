"""What may be taken back, by whom and how often; each rule by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.support.batches import Row, cancellation, row, store
from tests.support.databases import Database, rows, value
from tests.support.market import Market

Make = Callable[[Market, Row], Row]


def _refusals(database: Database, market: Market, batch: list[Row]) -> list[dict[str, Any]]:
    """The rows that do not hold, as the gateway gets them; nothing of the batch is stored."""
    with pytest.raises(psycopg.Error) as caught:
        store(database, market.alpha, batch)
    assert caught.value.sqlstate == "DZC01"
    with database.rolled_back() as conn:
        found = value(
            conn,
            "select count(*) from ledger.transaction where id = any (%s)",
            ([r.id for r in batch],),
        )
        assert found == 0
    faults: list[dict[str, Any]] = json.loads(caught.value.diag.message_detail or "")
    return faults


def _target(database: Database, market: Market, **values: Any) -> Row:
    target = row(market.alpha, datetime.now(UTC) - timedelta(hours=3), **values)
    store(database, market.alpha, [target])
    return target


UNEQUAL: dict[str, Any] = {
    "type": 2,
    "amount_minor": 10_001,
    "currency": 978,
    "licence_id": 999,
    "channel_id": 999,
    "equipment_id": 999,
    "game_id": 999,
    "round_id": uuid4(),
    "player": uuid4(),
    "payment": 1,
    "flags": 1,
}


@pytest.mark.parametrize("field", UNEQUAL)
def test_the_record_repeats_what_it_takes_back(
    database: Database, market: Market, field: str
) -> None:
    target = _target(database, market)
    values = {field: UNEQUAL[field]}
    if field == "licence_id":
        values[field] = max(market.alpha.licence.values())
    unequal = cancellation(target, **values)
    assert _refusals(database, market, [row(market.alpha), unequal]) == [
        {"row_no": 2, "code": "cancelled_differs"}
    ]


def test_absent_and_foreign_records_cannot_be_told_apart(
    database: Database, market: Market
) -> None:
    foreign = row(market.beta)
    store(database, market.beta, [foreign])
    absent = row(market.alpha)
    batch = [cancellation(absent), cancellation(foreign)]
    assert _refusals(database, market, batch) == [
        {"row_no": 1, "code": "cancelled_not_found"},
        {"row_no": 2, "code": "cancelled_not_found"},
    ]


def test_a_cancellation_is_final(database: Database, market: Market) -> None:
    target = _target(database, market)
    first = cancellation(target)
    store(database, market.alpha, [first])
    assert _refusals(database, market, [cancellation(target)]) == [
        {"row_no": 1, "code": "already_cancelled"}
    ]
    of_it = replace(cancellation(first), cancel_reason=1)
    assert _refusals(database, market, [of_it]) == [
        {"row_no": 1, "code": "cancelled_is_cancellation"}
    ]


def test_one_batch_cannot_take_a_record_back_twice(database: Database, market: Market) -> None:
    target = _target(database, market)
    batch = [cancellation(target), cancellation(target, cancel_reason=2)]
    assert _refusals(database, market, batch) == [{"row_no": 2, "code": "already_cancelled"}]


def test_a_refused_batch_takes_nothing_back(database: Database, market: Market) -> None:
    target = _target(database, market)
    _refusals(database, market, [cancellation(target), cancellation(row(market.alpha))])
    store(database, market.alpha, [cancellation(target)])


def test_records_of_the_same_batch_can_be_taken_back(database: Database, market: Market) -> None:
    target = row(market.alpha)
    store(database, market.alpha, [target, cancellation(target)])


def test_it_is_recorded_which_row_took_what_back(database: Database, market: Market) -> None:
    days = [datetime.now(UTC) - timedelta(days=n) for n in (0, 3, 9)]
    targets = [row(market.alpha, moment, equipment_id=0, flags=1) for moment in days]
    store(database, market.alpha, targets)
    receipt = store(database, market.alpha, [row(market.alpha), *map(cancellation, targets)])
    with database.rolled_back() as conn:
        found = rows(
            conn,
            "select cancelled_id, row_no from ledger.cancellation where batch_id = %s"
            " order by row_no",
            (receipt["batch_id"],),
        )
    assert found == [(target.id, number) for number, target in enumerate(targets, 2)]
    [total] = receipt["totals"]
    assert (total["count"], total["cancelled_count"]) == (1, 3)
    assert (total["sum"], total["cancelled_sum"]) == ("100.00", "300.00")


def test_a_record_is_not_taken_back_before_it_was_made(database: Database, market: Market) -> None:
    """Or a closed period could be lowered afterwards."""
    target = _target(database, market)
    earlier = cancellation(target, target.occurred_at - timedelta(milliseconds=1))
    same = cancellation(target, target.occurred_at)
    assert _refusals(database, market, [earlier]) == [{"row_no": 1, "code": "cancelled_is_later"}]
    store(database, market.alpha, [same])
