"""A seeded sample of each race; `scripts/campaign races` runs many more rounds."""

from __future__ import annotations

import pytest

from tests.campaigns.races import RACES, Stage
from tests.support.databases import Database

ROUNDS = {"revocation": 5, "idempotency": 12, "duplicates": 3, "cancellations": 6, "sequences": 12}
# What must have happened at least once, or there was no race.
SHOWN = {
    "revocation": "batches before",
    "idempotency": "stored",
    "duplicates": "stored",
    "cancellations": "DZC01",
    "sequences": "DZC01",
}


@pytest.mark.parametrize("name", RACES)
def test_race(database: Database, name: str) -> None:
    outcome = RACES[name](Stage(database, seed=20261120), ROUNDS[name])
    assert outcome[SHOWN[name]] > 0, outcome
