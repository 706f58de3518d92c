"""A tiny run of `dozir bench ledger`: each stage has a cost, and everything verified was there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

DOZIR = Path(sys.executable).with_name("dozir")
STAGES = {"leaf_hashing", "tree", "entry_sql", "journal", "promise"}


def test_each_stage_has_its_cost_and_every_row_is_verified_twice() -> None:
    done = subprocess.run(
        [DOZIR, "bench", "ledger", "--json", "--batches", "1000,100", "--rows", "3000",
         "--entries", "50", "--singles", "10", "--operators", "2"],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DOZIR_INSTANCE": "not-to-be-touched"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr  # it fails when the verifier finds anything
    figures = json.loads(done.stdout)
    assert [one["rows_per_batch"] for one in figures["batches"]] == [1000, 100]
    for one in figures["batches"]:
        stages = one["ledger_us_a_row"]
        assert set(stages) == STAGES | {"total"}
        assert all(stages[name] > 0 for name in STAGES)
        assert 0 < one["ledger_share_of_throughput"] < 1
    verified = figures["verification"]
    # What warms up comes besides.
    assert verified["rows"] == verified["export"]["rows"] >= 2 * 3000
    assert verified["export"]["rows_per_cpu_s"] > 0
    assert verified["rows_per_cpu_s_of_verifier"] > verified["rows_per_cpu_s_with_server"] > 0
    signed = figures["acknowledged_to_signed_ms"]
    assert 0 < signed["p50"] <= signed["p99"]
    assert figures["entries_sequenced_per_s"] > 0
    assert figures["proof_ms"] > 0
