"""Batches without a server: for benchmarks and tests that need bodies of a known population.

operators = market.make_market(45, anchor=date(2026, 1, 1))
for operator, body in generator.batches(operators, seed=1, size=10_000, start_ms=...):
    ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from portal.market.batch import json_body
from portal.market.columns import Columns
from portal.market.model import Operator
from portal.market.source import Shares, Source

_ROOM = 1.02  # a little more than asked for, so that most windows fill their batch at once


def batches(
    operators: Sequence[Operator],
    *,
    seed: int,
    size: int,
    start_ms: int,
    span_ms: int = 60_000,
    accounts: int = 2_000,
    late: float = 0.0,
    run: str = "bench",
) -> Iterator[tuple[Operator, bytes]]:
    """Bodies (JSON arrays) of exactly ``size`` records, the operators in turn, for ever.

    Each turn of all operators covers the next ``span_ms`` from ``start_ms`` on (milliseconds
    since 1970 UTC); ``accounts``: players of each operator; ``run`` makes ids of its own.
    """
    sources = [
        Source(
            operator,
            run=run,
            seed=seed,
            accounts=accounts,
            rounds_per_s=size / (span_ms / 1000),
            shares=Shares(late=late),
        )
        for operator in operators
    ]
    since = start_ms
    while True:
        for source in sources:
            yield source.operator, json_body(_exactly(source, since, since + span_ms, size))
        since += span_ms


def _exactly(source: Source, since: int, until: int, size: int) -> Columns:
    """The first ``size`` records of a window, drawn busy enough to hold them."""
    rounds = size / source.economy.records_per_round * _ROOM + 10
    while True:
        columns, _ = source.window(since, until, rounds)
        if len(columns) >= size:
            return columns.take(size)
        rounds *= 1.1
