"""The slow and obvious way to the rollups, in Python, from the rows that were sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.batches import Row
from tests.support.databases import Connection, rows

KYIV = ZoneInfo("Europe/Kyiv")
TYPES = {1: "bet", 2: "win", 3: "refund", 4: "deposit", 5: "withdrawal"}
FIGURES = ", ".join(f"{name}_count, {name}_minor" for name in TYPES.values())
Figures = dict[tuple[Any, ...], tuple[int, ...]]


def expected(batch: Iterable[Row], keys: Any) -> Figures:
    """Ten figures (count and sum of each type) by key; cancelling records count negative."""
    counted: dict[tuple[Any, ...], Counter[str]] = {}
    for one in batch:
        sign = -1 if one.cancel_reason else 1
        figures = counted.setdefault(keys(one), Counter())
        figures[f"{one.type}c"] += sign
        figures[f"{one.type}m"] += sign * one.amount_minor
    return {
        key: tuple(figures[f"{type_}{what}"] for type_ in TYPES for what in "cm")
        for key, figures in counted.items()
    }


def hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def by_hour(one: Row) -> tuple[Any, ...]:
    return (
        hour(one.occurred_at),
        one.licence_id,
        one.channel_id,
        one.currency,
        one.payment,
        one.flags,
        one.breach,
    )


def by_game_hour(one: Row) -> tuple[Any, ...]:
    return (hour(one.occurred_at), one.game_id, one.equipment_id, one.currency)


def by_day(one: Row) -> tuple[Any, ...]:
    return (one.occurred_at.astimezone(KYIV).date(), one.licence_id, one.currency)


def by_month(one: Row) -> tuple[Any, ...]:
    day = one.occurred_at.astimezone(KYIV).date()
    return (day.replace(day=1), one.licence_id, one.currency)


def by_game_day(one: Row) -> tuple[Any, ...]:
    day = one.occurred_at.astimezone(KYIV).date()
    return (day, one.game_id, one.equipment_id, one.currency)


def by_play_day(one: Row) -> tuple[Any, ...]:
    day = one.occurred_at.astimezone(KYIV).date()
    return (day, one.game_id, one.equipment_id != 0, one.currency)


def by_play_month(one: Row) -> tuple[Any, ...]:
    day, *rest = by_play_day(one)
    return (day.replace(day=1), *rest)


def by_mark_day(one: Row) -> tuple[Any, ...]:
    day = one.occurred_at.astimezone(KYIV).date()
    return (day, one.licence_id, one.channel_id, one.currency, one.breach)


def by_mark_month(one: Row) -> tuple[Any, ...]:
    day, *rest = by_mark_day(one)
    return (day.replace(day=1), *rest)


def by_market_mark_day(one: Row) -> tuple[Any, ...]:
    return (one.occurred_at.astimezone(KYIV).date(), one.currency, one.breach)


def stored(conn: Connection, table: str, columns: str, operator_id: int) -> Figures:
    """What a rollup holds of an operator, whenever it was received."""
    width = columns.count(",") + 1
    sums = ", ".join(f"sum({name.strip()})" for name in FIGURES.split(","))
    found = rows(
        conn,
        f"select {columns}, {sums} from api.rollup_{table}"
        f" where operator_id = %s group by {columns}",
        (operator_id,),
    )
    return {row[:width]: tuple(int(figure) for figure in row[width:]) for row in found}
