"""Bodies for benchmarks: exactly as many records as asked for, of a known population."""

from __future__ import annotations

from itertools import islice

from portal.ingest import wire
from portal.market.generator import batches
from tests.unit.market.support import CURRENCIES, EVERY_KIND, NOON


def test_batches_have_exactly_the_size_and_no_id_twice() -> None:
    made = list(islice(batches(EVERY_KIND, seed=1, size=500, start_ms=NOON), 12))
    assert [operator for operator, _ in made] == EVERY_KIND * 2
    ids = set()
    for _, body in made:
        records = wire.decode(body, wire.ContentKind.JSON, CURRENCIES)
        assert records.n == 500
        ids |= {records.ids[place : place + 16] for place in range(0, len(records.ids), 16)}
    assert len(ids) == 500 * 12


def test_the_same_seed_makes_the_same_bodies() -> None:
    def bodies(seed: int) -> list[bytes]:
        made = batches(EVERY_KIND[:2], seed=seed, size=100, start_ms=NOON)
        return [body for _, body in islice(made, 4)]

    assert bodies(1) == bodies(1)
    assert bodies(1) != bodies(2)


def test_the_population_is_the_one_asked_for() -> None:
    made = batches(EVERY_KIND[:1], seed=1, size=10_000, start_ms=NOON, accounts=50)
    records = wire.decode(next(made)[1], wire.ContentKind.JSON, CURRENCIES)
    players = {records.player[place : place + 16] for place in range(0, len(records.player), 16)}
    assert 10 < len(players) <= 50
