"""Which files of tests run first when several processes share them.

A file is run whole by one process, as its tests share a scene. If a long one came last, the other
processes would have nothing left to do beside it: so those that take longest come first, whatever
the number of their tests. ``pytest --durations=0`` tells when this list is out of date.
"""

from __future__ import annotations

import pytest

# In the order of what they took; all others follow as they are found.
LONGEST_FIRST = (
    "tests/integration/bench/test_ingest_bench.py",
    "tests/integration/backup/test_restore.py",
    "tests/integration/runtime/test_cluster.py",
    "tests/integration/runtime/test_commands.py",
    "tests/integration/bench/test_registry_bench.py",
    "tests/integration/pages/test_attacks.py",
    "tests/integration/isolation/test_isolation.py",
    "tests/integration/pages/test_exports.py",
    "tests/integration/jobs/test_runner.py",
    "tests/integration/players/test_counting.py",
    "tests/integration/bench/test_fairness_bench.py",
    "tests/integration/bench/test_live_bench.py",
    "tests/guards/test_registry_plans.py",
    "tests/unit/exports/test_memory.py",
    "tests/journeys/test_exports.py",
    "tests/integration/market/test_simulation.py",
    "tests/integration/market/test_demo.py",
    "tests/integration/operations/test_doctor.py",
    "tests/integration/ingest/test_campaigns.py",
    "tests/integration/operations/test_metrics.py",
    "tests/integration/operations/test_logs.py",
    "tests/integration/operations/test_restarts.py",
    "tests/integration/schema/test_migrate.py",
    "tests/integration/reports/test_reports.py",
    "tests/integration/reports/test_ways_down.py",
    "tests/integration/schema/test_plan_and_drift.py",
    "tests/integration/live/test_stream.py",
    "tests/unit/signatures/test_fuzz.py",
    "tests/integration/operations/test_proxy.py",
    "tests/integration/operations/test_health.py",
    "tests/integration/bench/test_sql_ways.py",
    "tests/integration/live/test_arrivals.py",
    "tests/integration/ingest/test_failures.py",
    "tests/integration/jobs/test_procedures.py",
    "tests/integration/runtime/test_growth.py",
    "tests/integration/backup/test_copy.py",
    "tests/integration/ingest/test_personal_data.py",
    "tests/integration/ingest/test_grouping.py",
    "tests/integration/ingest/test_slow_clients.py",
    "tests/journeys/test_declarations.py",
    "tests/journeys/test_public.py",
)


def longest_first(items: list[pytest.Item], root: str) -> None:
    """Sort the tests by their files' place in the list; within a file nothing changes."""
    ranks = {f"{root}/{name}": rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(str(item.path), len(ranks)))
