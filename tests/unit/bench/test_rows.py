"""The benchmark's rows are real batches, and the same ones for the same seed."""

from __future__ import annotations

import numpy as np
import pytest

from portal.bench.population import Operator, make_operators
from portal.bench.rows import make_body
from portal.ingest import wire
from portal.ingest.decoded import Decoded
from portal.ingest.fields import TYPES
from portal.ingest.times import UNIX_TO_PG_MS

CURRENCIES = {"UAH": (980, 2)}
TIMES = range(1_790_000_000_000, 1_790_000_010_000)
ROWS = 4_000


@pytest.fixture(scope="module")
def operators() -> list[Operator]:
    return make_operators(5, seed=1)


def body(operator: Operator, seed: int = 1, rows: int = ROWS) -> bytes:
    return make_body(operator, rows, np.random.default_rng(seed), TIMES)


def decoded(operator: Operator, rows: int = ROWS) -> Decoded:
    return wire.decode(body(operator, rows=rows), wire.ContentKind.JSON, CURRENCIES)


def test_the_same_seed_makes_the_same_bytes(operators: list[Operator]) -> None:
    again = make_operators(5, seed=1)
    assert body(again[2]) == body(operators[2])
    assert body(operators[2], seed=2) != body(operators[2])
    assert make_operators(5, seed=2)[2].players != operators[2].players


@pytest.mark.parametrize("place", [0, 4], ids=["online casino", "slot hall"])
@pytest.mark.parametrize("rows", [1, 7, 100, ROWS])
def test_bodies_decode_to_the_rows_asked_for(
    operators: list[Operator], place: int, rows: int
) -> None:
    batch = decoded(operators[place], rows)
    assert batch.n == rows
    assert batch.occurred_min_us >= (TIMES.start - UNIX_TO_PG_MS) * 1000
    assert batch.occurred_max_us < (TIMES.stop - UNIX_TO_PG_MS) * 1000


def test_rows_are_mostly_play_with_some_cash(operators: list[Operator]) -> None:
    counts = np.bincount(decoded(operators[0]).type, minlength=6)
    shares = {name: counts[number] / ROWS for name, number in TYPES.items()}
    assert shares["bet"] > 0.6
    assert 0.2 < shares["win"] < 0.3
    assert 0 < shares["refund"] < 0.01
    assert shares["deposit"] > shares["withdrawal"] > 0


def test_a_round_keeps_its_player_and_game(operators: list[Operator]) -> None:
    batch = decoded(operators[0])
    rounds = np.frombuffer(batch.round_id, "V16")
    players = np.frombuffer(batch.player, "V16")
    seen: dict[bytes, tuple[bytes, int]] = {}
    for row in np.flatnonzero(batch.type <= TYPES["refund"]).tolist():
        setting = (players[row].tobytes(), int(batch.game.index[row]))
        assert seen.setdefault(rounds[row].tobytes(), setting) == setting
    assert len(seen) < batch.n


def test_a_hall_plays_on_machines_and_a_site_does_not(operators: list[Operator]) -> None:
    site, hall = decoded(operators[0]), decoded(operators[4])
    assert not site.equipment.distinct
    played = hall.type <= TYPES["refund"]
    assert (hall.equipment.index[played] > 0).all()
    assert (hall.equipment.index[~played] == 0).all()
