"""Which files of tests run first when several processes share them.

A file is run whole by one process, as its tests share a scene. If a long one came last, the other
processes would have nothing left to do beside it: so those that take longest come first, whatever
the number of their tests. ``pytest --durations=0`` tells when this list is out of date.
"""

from __future__ import annotations

import pytest

# In the order of what they took; all others follow as they are found.
LONGEST_FIRST = (
    "tests/integration/reports/test_campaign.py",
    "tests/integration/backup/test_restore.py",
    "tests/integration/runtime/test_commands.py",
    "tests/integration/pages/test_exports.py",
    "tests/journeys/test_print.py",
    "tests/integration/ingest/test_campaigns.py",
    "tests/journeys/test_accessibility.py",
    "tests/integration/runtime/test_cluster.py",
    "tests/integration/market/test_demo.py",
    "tests/integration/bench/test_ingest_bench.py",
    "tests/integration/pages/test_attacks.py",
    "tests/integration/reports/test_ways_down.py",
    "tests/integration/isolation/test_isolation.py",
    "tests/journeys/test_officials.py",
    "tests/journeys/test_documentation.py",
    "tests/journeys/test_live.py",
    "tests/integration/market/test_simulation.py",
    "tests/integration/registry/test_lists.py",
    "tests/integration/schema/test_migrate.py",
    "tests/integration/reports/test_reports.py",
    "tests/integration/schema/test_plan_and_drift.py",
    "tests/integration/bench/test_registry_bench.py",
    "tests/journeys/test_registry_pages.py",
    "tests/journeys/test_registry_market.py",
    "tests/unit/exports/test_memory.py",
    "tests/integration/jobs/test_runner.py",
    "tests/guards/test_registry_plans.py",
    "tests/integration/operations/test_restarts.py",
    "tests/integration/live/test_stream.py",
    "tests/integration/operations/test_metrics.py",
    "tests/integration/players/test_counting.py",
    "tests/journeys/test_registry_operator.py",
    "tests/integration/ledger/test_sequencer.py",
    "tests/integration/pages/test_report.py",
    "tests/integration/bench/test_fairness_bench.py",
    "tests/integration/ingest/test_personal_data.py",
    "tests/journeys/test_registry_workspaces.py",
    "tests/journeys/test_exports.py",
    "tests/journeys/test_declarations.py",
    "tests/integration/operations/test_log.py",
    "tests/integration/ingest/test_failures.py",
    "tests/journeys/test_regulator.py",
    "tests/integration/ledger/test_verify.py",
    "tests/integration/pages/test_access.py",
    "tests/integration/registry/test_bulk.py",
    "tests/integration/ingest/test_limits.py",
    "tests/integration/reports/test_bad_input.py",
    "tests/journeys/test_report_charts.py",
    "tests/integration/ingest/test_grouping.py",
    "tests/integration/registry/test_overviews.py",
    "tests/migrations/test_upgrades.py",
    "tests/security/test_personas.py",
    "tests/integration/operations/test_logs.py",
    "tests/integration/reports/test_closed_days.py",
    "tests/integration/operations/test_doctor.py",
    "tests/integration/pages/test_matrix.py",
    "tests/integration/bench/test_live_bench.py",
    "tests/integration/pages/test_mail.py",
    "tests/integration/bench/test_ledger_bench.py",
    "tests/integration/reports/test_makers.py",
    "tests/integration/operations/test_health.py",
    "tests/journeys/test_log.py",
)


def longest_first(items: list[pytest.Item], root: str) -> None:
    """Sort the tests by their files' place in the list; within a file nothing changes."""
    ranks = {f"{root}/{name}": rank for rank, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: ranks.get(str(item.path), len(ranks)))
