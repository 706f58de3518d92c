"""A small, seeded sample of the long campaigns."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace

import pytest

from portal import config
from tests.campaigns import fuzz, http_races, memory, neighbours, soak, validation
from tests.campaigns.__main__ import play
from tests.campaigns.campaign import Campaign, Task
from tests.support import databases
from tests.support.api import Client, Inspector
from tests.support.databases import Cluster, Database
from tests.support.market import Market
from tests.support.servers import Server


def test_races(api: Client) -> None:
    http_races.run(api, seed=20, count=2, clients=6)


def test_mutated_requests_are_answered_as_documented(api: Client) -> None:
    outcomes = fuzz.run(api, seed=21, count=500)
    assert outcomes["201"] > 50
    assert len(outcomes) > 40, "the mutations reach many of the rules and all addresses"


def test_validating_says_what_posting_says(api: Client) -> None:
    outcomes = validation.run(api, seed=22, count=250)
    assert outcomes["201"] > 50
    stored = {"200", "duplicate_id", "sequence_repeated", "idempotency_key_reused"}
    cancelling = {"cancelled_not_found", "cancelled_differs", "already_cancelled"}
    assert stored | cancelling <= outcomes.keys(), outcomes


def test_neighbours(
    server: Server, inspector: Inspector, market: Market, database: Database
) -> None:
    clients = neighbours.clients_of(market, server.port, inspector, first=1)
    seen = neighbours.rounds(clients, database, seed=22, count=6)
    assert seen["good: 201"] > 30
    assert seen["same ids: duplicate_id"] > 5


@pytest.fixture
def task(cluster: Cluster, fresh_database: Database) -> Iterator[Task]:
    """A run in a database of its own, as a campaign has an installation of its own."""
    with fresh_database.as_settings():
        yield Task(cluster, fresh_database, length=1, seed=23)


def test_soak(task: Task) -> None:
    """Seconds of it, too few to tell a trend: what it sends is stored, counted and receipted."""
    seen = soak.run(replace(task, length=0.06), warm_up=50, probe_s=0.5, judged=False)
    assert seen["batches"] > 10
    assert seen["transactions"] > seen["batches"]
    assert seen["pages"] > 0
    assert seen["workers_mb"]["last"] > 0


def test_memory(task: Task) -> None:
    """Batches too few to tell a trend; through one worker, at full size."""
    seen = memory.run(replace(task, length=10), judged=False)
    assert (seen["batches"], seen["transactions"]) == (10, 100_000)
    assert seen["last"]["workers_mb"] > 0


def test_the_command_lists_each_campaign_with_what_it_proves() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns", "--list", "--json"],
        capture_output=True, text=True, check=True, cwd=config.ROOT,
    )  # fmt: skip
    listed = json.loads(done.stdout)
    assert {"fuzz", "http_races", "memory", "neighbours", "races", "soak"} <= {
        one["campaign"] for one in listed
    }
    assert all(one["proves"] for one in listed)


@pytest.mark.parametrize(
    "options", [("no-such",), (), ("soak", "--rounds", "3"), ("fuzz", "--minutes", "1")]
)
def test_the_command_refuses_what_it_does_not_know(options: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.campaigns", *options],
        capture_output=True, text=True, check=False, cwd=config.ROOT,
    )  # fmt: skip
    assert done.returncode == 2


def test_a_broken_promise_is_told_with_the_way_to_play_it_again(
    monkeypatch: pytest.MonkeyPatch, cluster: Cluster
) -> None:
    def broken(task: Task) -> None:
        raise AssertionError(f"broken at {task.seed}")

    monkeypatch.setattr(databases, "running_cluster", lambda: nullcontext(cluster))
    told = play(Campaign("broken", "nothing", broken, length=5), None, 77)
    assert told["held"] is False
    assert told["problem"] == "AssertionError: broken at 77"
    assert told["again"] == "scripts/campaign broken --rounds 5 --seed 77"
