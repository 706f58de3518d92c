"""Questions to reports, their answers, and how these are compared with the oracle's."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import psycopg
from psycopg.rows import dict_row

from portal.reports import catalogue
from tests.integration.reports import oracle
from tests.integration.reports.oracle import Query, World
from tests.integration.reports.worlds import NOW
from tests.support.databases import Database, become
from tests.support.market import Operator

Span = tuple[date, date]
NOT_BY_GAMES = {"licence", "channel", "payment", "gambling_type"}
NOT_BY_EQUIPMENT = {"channel", "stake_band"}  # beside which R05 has none
TAX = {"tax_class", "tax_kind"}
# What is counted when a day has closed, and beside which groupings.
CLOSED = {
    "amount_band": {"operator", "day", "week", "month", "quarter", "year"},
    "cohort": {"operator", "gambling_type", "month"},
}


def connected(database: Database, role: str, operator: int | None = None) -> Any:
    conn = psycopg.connect(database.url("dozir_portal"), row_factory=dict_row)
    become(conn, role, operator)
    return conn


def answer(conn: Any, code: str, query: Query) -> oracle.Rows:
    """The rows of a report by key, the total under None."""
    lists = (query.operators, query.gambling_types, query.licences, query.channels, query.games)
    found = conn.execute(
        f"select * from api.report_{code.lower()}(%s, %s, %s::text[], %s, %s::smallint[], %s, %s,"
        " %s, %s::smallint, %s)",
        (
            query.first,
            query.last,
            list(query.by),
            *(None if one is None else list(one) for one in lists),
            query.currency,
            query.as_of,
        ),
    ).fetchall()
    rows: oracle.Rows = {}
    for row in found:
        key = None if row.pop("is_total") else tuple(row["keys"])
        del row["keys"]
        assert key not in rows
        rows[key] = row
    assert None in rows
    return rows


def groupings(definition: catalogue.Definition) -> list[tuple[str, ...]]:
    """All that make sense together: up to three, one of time, games not beside licences."""
    found = [()]
    for number in (1, 2, 3):
        for by in itertools.permutations(definition.dimensions, number):
            in_time = [one for one in by if definition.dimensions[one].in_time]
            of_games = {"game", "equipment"} & set(by) and NOT_BY_GAMES & set(by)
            if TAX & set(by) and "gambling_type" in by:
                continue
            if "region" in by and number == 3 and "operator" not in by:
                continue
            if "equipment" in by and set(by) & NOT_BY_EQUIPMENT:
                continue
            if any(one in by and set(by) - {one} - beside for one, beside in CLOSED.items()):
                continue
            if len(in_time) < 2 and (definition.code == "R05" or not of_games):
                found.append(by)
    return found


def queries(
    definition: catalogue.Definition,
    world: World,
    operators: list[Operator],
    rng: random.Random,
    periods: Sequence[Span],
    longer: Sequence[Span] = (),
) -> Iterator[Query]:
    """Questions without end; ``longer`` periods are asked where the grouping allows them."""
    every = groupings(definition)
    for number in itertools.count():
        by = every[number] if number < 8 and number < len(every) else rng.choice(every)
        of_games = bool({"game", "equipment"} & set(by))
        closed = bool(CLOSED.keys() & set(by))
        longest = definition.longest(by)
        fitting = [span for span in longer if (span[1] - span[0]).days < longest]
        first, last = rng.choice([*periods, *fitting])
        narrow: dict[str, Any] = {}
        operator = rng.choice(operators)
        if rng.random() < 0.3:
            narrow["operators"] = (operator.id,)
        by_type = not of_games or definition.code == "R05"
        by_type = by_type and (not closed or "gambling_type" in by)
        if "gambling_type" in definition.filters and by_type and rng.random() < 0.2:
            narrow["gambling_types"] = tuple(rng.sample(range(1, 7), 3))
        if "licence" in definition.filters and not of_games and not closed and rng.random() < 0.2:
            narrow["licences"] = tuple(
                rng.sample(sorted(world.licences), min(2, len(world.licences)))
            )
        by_channel = not of_games and not closed and (last - first).days < 93
        if "channel" in definition.filters and by_channel and rng.random() < 0.2:
            narrow["channels"] = tuple(rng.sample(list(operator.channel.values()), 1))
        if "game" in definition.filters and of_games and rng.random() < 0.3:
            narrow["games"] = (*operator.game.values(),)[:2]
        if rng.random() < 0.15:
            narrow["currency"] = 978
        by_round = definition.code == "R05" and (
            "channels" in narrow or set(by) & NOT_BY_EQUIPMENT
        )  # counted as it is now
        if not by_round and not closed and rng.random() < 0.4:
            narrow["as_of"] = NOW - timedelta(
                minutes=rng.choice((0, 20, 60, 75, 600, 3000, 20_000))
            )
        yield Query(first, last, by, **narrow)


def compare(found: oracle.Rows, expected: oracle.Rows, told: Any) -> None:
    assert set(found) == set(expected), (
        told,
        {k: v for k, v in expected.items() if k not in found},
    )
    for key, row in expected.items():
        assert set(found[key]) == set(row), (told, key)  # a measure that nobody recomputes
        for name, value in row.items():
            assert found[key][name] == value, (told, key, name)
