"""Published figures are medians, and ratios compare within one run."""

from __future__ import annotations

import pytest

from portal.bench import figures
from portal.bench.clients import Sent
from portal.bench.figures import Measured


def measured(rate: float, rows: int = 1_000, cpu_s: float = 0.01) -> Measured:
    sent = Sent(
        rows=rows, wall_s=rows / rate, latencies_s=[0.01, 0.03], cpu_s=0.001, acknowledged_at=[]
    )
    return Measured(sent, {"database": cpu_s, "gateway": 2 * cpu_s}, {"database": 300.4})


def test_the_median_run_stands_for_all() -> None:
    found = figures.of_runs([measured(100), measured(900), measured(300)])
    assert found["transactions_per_s"] == 300
    assert (found["transactions_per_s_min"], found["transactions_per_s_max"]) == (100, 900)


def test_cpu_is_counted_for_a_million_rows() -> None:
    found = figures.of_runs([measured(100)])
    assert found["cpu_s_per_million_rows"] == {
        "database": 10.0,
        "gateway": 20.0,
        "client": 1.0,
        "total": 31.0,
    }
    assert found["peak_memory_mb"] == {"database": 300}


def test_latencies_are_milliseconds() -> None:
    found = figures.of_runs([measured(100)])
    assert found["latency_ms"]["p50"] == pytest.approx(20.0)
    assert found["latency_ms"]["p99"] == pytest.approx(29.8)


def test_a_ratio_is_to_the_best_of_the_same_run() -> None:
    http = [measured(100), measured(100), measured(100)]
    one = [measured(200), measured(400), measured(100)]
    two = [measured(400), measured(200), measured(1_000)]
    found = figures.ratios(http, [one, two], "ratio_to_raw_copy")
    assert found == {
        "ratio_to_raw_copy": 0.25,
        "ratio_to_raw_copy_min": 0.1,
        "ratio_to_raw_copy_max": 0.25,
    }
