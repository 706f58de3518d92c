"""A tiny run of `dozir bench fairness`: the shape and the meaning of its JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

DOZIR = Path(sys.executable).with_name("dozir")


def test_it_measures_both_and_the_flooder_meets_its_limits() -> None:
    done = subprocess.run(
        [DOZIR, "bench", "fairness", "--json", "--operators", "2", "--rate", "5", "--rows", "20",
         "--connections", "4", "--seconds", "3", "--runs", "1"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    honest, flooder = figures["honest"], figures["flooder"]
    for phase in (honest["alone"], honest["beside_flooder"]):
        assert phase["batches"] == 2 * 5 * 3
        latency = phase["latency_ms"]
        assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]
    quotient = honest["beside_flooder"]["latency_ms"]["p99"] / honest["alone"]["latency_ms"]["p99"]
    assert abs(figures["p99_ratio"] - quotient) < 0.05 * quotient + 0.02
    # The burst and its seconds, a second more for the last answers.
    assert 0 < 7 * flooder["transactions_per_s"] <= 101_250 + 8 * 5_000
    # 200: towards the end it repeats its last batch.
    assert flooder["answers"].keys() <= {"200", "201", "429"}
