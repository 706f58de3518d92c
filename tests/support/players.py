"""Accounts of players in tests: a market of few players, and the jobs that count them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.support.batches import BET, Row, random_rows
from tests.support.databases import Connection, Database, column, value
from tests.support.market import Operator


def players_rows(
    operator: Operator,
    n: int,
    rng: random.Random,
    moments: Sequence[datetime],
    players: int = 12,
) -> list[Row]:
    """Random transactions, most of them bets, of few players; their pseudonyms are the numbers."""
    return [
        replace(
            one,
            player=UUID(int=operator.id * 1000 + rng.randint(1, players)),
            type=rng.choice((BET, BET, one.type)),
        )
        for one in random_rows(operator, n, rng, moments)
    ]


def sequence(database: Database) -> None:
    """Give what waits its place in the log, as the sequencer does."""
    with database.connect() as conn:
        sequence_waiting(conn)


def sequence_waiting(conn: Connection) -> None:
    """The same on a superuser's connection, which commits it."""
    waiting = column(conn, "select entry_id from ledger.unsequenced order by entry_id")
    if waiting:
        conn.execute("select ledger.sequence_entries(%s::bigint[])", (waiting,))


def count_players(database: Database, rows: int = 200_000) -> int:
    """Count all that has a place in the log, ``rows`` at a time; how many rows that were."""
    sequence(database)
    total = 0
    with database.connect("dozir_jobs", autocommit=True) as conn:
        while (counted := count_step(conn, rows)) is not None:
            total += counted
    return total


def count_step(conn: Connection, rows: int) -> Any:
    """One step; None when nothing is left. ``conn`` is of dozir_jobs."""
    return value(conn, "select maintenance.count_some_players(%s)", (rows,))


def close_players(database: Database) -> int:
    """Make all spreads that are due; how many."""
    made = 0
    with database.connect("dozir_jobs", autocommit=True) as conn:
        while value(conn, "select maintenance.close_some_players()"):
            made += 1
    return made


def close_cash(database: Database) -> int:
    """Count all closed days that are due by amount; how many."""
    made = 0
    with database.connect("dozir_jobs", autocommit=True) as conn:
        while value(conn, "select maintenance.close_some_cash()"):
            made += 1
    return made
