"""A seeded sample of kills; `scripts/campaign kills` makes a thousand of them."""

from __future__ import annotations

from tests.campaigns import kills
from tests.support.databases import Database

# A gateway that starts anew takes seconds; the campaign kills that, too.
TARGETS = {name: weight for name, weight in kills.TARGETS.items() if name != "gateway"}


def test_killed_at_any_instant_the_log_has_no_gap_no_fork_and_every_receipt(
    fresh_database: Database,
) -> None:
    with fresh_database.as_settings():
        seen = kills.run(fresh_database, 16, seed=20_261_127, targets=TARGETS)
    assert len(seen["kills"]) > 3
    assert seen["batches"] > 5
    assert seen["checkpoints seen"] > 3
