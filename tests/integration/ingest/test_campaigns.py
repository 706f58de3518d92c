"""A small, seeded sample of the long campaigns."""

from __future__ import annotations

from tests.campaigns import fuzz, http_races, validation
from tests.support.api import Client


def test_races(api: Client) -> None:
    http_races.run(api, seed=20, count=2, clients=6)


def test_mutated_batches_are_stored_or_refused(api: Client) -> None:
    outcomes = fuzz.run(api, seed=21, count=500)
    assert outcomes["201"] > 50
    assert len(outcomes) > 20, "the mutations reach many of the rules"


def test_validating_says_what_posting_says(api: Client) -> None:
    outcomes = validation.run(api, seed=22, count=250)
    assert outcomes["201"] > 50
    stored = {"200", "duplicate_id", "sequence_repeated", "idempotency_key_reused"}
    cancelling = {"cancelled_not_found", "cancelled_differs", "already_cancelled"}
    assert stored | cancelling <= outcomes.keys(), outcomes
