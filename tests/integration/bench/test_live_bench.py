"""A tiny run of `dozir bench live`: every page is told of every batch, and the JSON says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

DOZIR = Path(sys.executable).with_name("dozir")


def test_each_page_is_told_of_each_batch() -> None:
    done = subprocess.run(
        [DOZIR, "bench", "live", "--json", "--pages", "8", "--rows", "2000", "--batch", "200",
         "--runs", "1", "--operators", "2", "--clients", "2"],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DOZIR_INSTANCE": "not-to-be-touched"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr  # it fails when a page was told of more or fewer
    figures = json.loads(done.stdout)
    assert figures["gateway_workers"] == 1
    assert figures["pages"] == 8
    watched, without = figures["with_pages"], figures["without_pages"]
    assert figures["ratio"] > 0
    assert watched["events"] >= 8
    assert 0 <= watched["delay_ms"]["p50"] <= watched["delay_ms"]["p95"]
    for side in (watched, without):
        assert side["transactions_per_s"] > 0
        assert side["peak_memory_mb"]["gateway"] > 0
