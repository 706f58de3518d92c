"""Files of long runs that take turns: each run of the tests has a quarter of them, by its seed.

Four runs with seeds that follow each other, as those of four days do, have all. A file that is
named is run in any case, and with ``DOZIR_WHOLE=1`` all are, as ``scripts/campaign turns`` does.
Of the samples within such a file (:mod:`tests.support.sample`) chance decides which its turns meet.
None of the files may skip a test, as a campaign takes that for a fault.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.support.sample import seed, whole

PARTS = 4

# Those that take longest first, so that each quarter takes about as long as the others.
IN_TURNS = (
    "tests/integration/backup/test_restore.py",
    "tests/integration/ingest/test_campaigns.py",
    "tests/integration/market/test_demo.py",
    "tests/journeys/test_print.py",
    "tests/integration/bench/test_ingest_bench.py",
    "tests/integration/players/test_counting.py",
    "tests/journeys/test_documentation.py",
    "tests/journeys/test_accessibility.py",
    "tests/integration/runtime/test_cluster.py",
    "tests/integration/market/test_simulation.py",
    "tests/integration/runtime/test_commands.py",
    "tests/journeys/test_declarations.py",
    "tests/journeys/test_live.py",
    "tests/integration/schema/test_plan_and_drift.py",
    "tests/integration/ingest/test_failures.py",
    "tests/integration/operations/test_restarts.py",
    "tests/integration/schema/test_migrate.py",
    "tests/unit/exports/test_memory.py",
    "tests/integration/bench/test_fairness_bench.py",
    "tests/journeys/test_registry_pages.py",
    "tests/integration/bench/test_registry_bench.py",
    "tests/journeys/test_exports.py",
    "tests/integration/operations/test_metrics.py",
    "tests/integration/bench/test_ledger_bench.py",
    "tests/integration/live/test_stream.py",
    "tests/integration/registry/test_bulk.py",
    "tests/integration/bench/test_live_bench.py",
    "tests/journeys/test_registry_market.py",
    "tests/integration/operations/test_doctor.py",
    "tests/integration/operations/test_logs.py",
    "tests/integration/ingest/test_limits.py",
    "tests/integration/jobs/test_runner.py",
    "tests/integration/ingest/test_grouping.py",
    "tests/integration/operations/test_log.py",
    "tests/integration/ledger/test_sequencer.py",
    "tests/integration/operations/test_companions.py",
    "tests/integration/ingest/test_slow_clients.py",
    "tests/integration/registry/test_upgrade.py",
    "tests/unit/signatures/test_fuzz.py",
)


def waiting(named: Iterable[str] = ()) -> list[str]:
    """Which of them wait for another run; ``named`` are this one's arguments, from the root on."""
    if whole():
        return []
    called = {name.partition("::")[0] for name in named}
    return [
        file
        for place, file in enumerate(IN_TURNS)
        if place % PARTS != seed() % PARTS and file not in called
    ]


def waiting_now(config: pytest.Config) -> set[Path]:
    """Those that wait in this run, which names files or folders in its arguments."""
    root = config.rootpath
    paths = (Path(config.invocation_params.dir, one.partition("::")[0]) for one in config.args)
    named = [str(one.relative_to(root)) for one in paths if one.is_relative_to(root)]
    return {root / file for file in waiting(named)}


def take_turns(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose files wait, as pytest says in its last line."""
    later = waiting_now(config)
    left = [item for item in items if item.path in later]
    if left:
        items[:] = [item for item in items if item.path not in later]
        config.hook.pytest_deselected(items=left)
