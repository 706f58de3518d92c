"""A tiny run of `dozir bench ingest`: the shape and the meaning of its JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from portal import config

DOZIR = Path(sys.executable).with_name("dozir")
SIZES = (200, 1_000)
ROWS = 4_000
OPERATORS = 3
PARTS = {"database", "gateway", "client", "total"}


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    before = instances()
    done = subprocess.run(
        [DOZIR, "bench", "ingest", "--json", "--batches", ",".join(map(str, SIZES)),
         "--rows", str(ROWS), "--runs", "2", "--operators", str(OPERATORS), "--clients", "2"],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DOZIR_INSTANCE": "not-to-be-touched"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "run 2, batches of 1000, HTTP x 2" in done.stderr
    assert instances() == before, "the benchmark's own instance is left behind"
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def instances() -> set[str]:
    folder = config.settings().home / "instances"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_it_says_what_it_ran_on(result: dict[str, Any]) -> None:
    machine = result["machine"]
    assert machine["cores"] >= 1
    assert machine["settings"]["fsync"] == "on"
    assert machine["settings"]["synchronous_commit"] == "on"
    assert result["population"]["operators"] == OPERATORS
    assert result["population"]["players"] == OPERATORS * 10_000
    assert result["runs"] == 2


def test_each_size_has_all_raw_figures_and_http(result: dict[str, Any]) -> None:
    assert [batches["rows_per_batch"] for batches in result["batches"]] == list(SIZES)
    for batches in result["batches"]:
        cases = [(raw["trigger"], raw["connections"]) for raw in batches["raw_copy"]]
        assert cases == [("off", 1), ("off", 2), ("on", 1), ("on", 2)]
        assert batches["http"]["connections"] == 2
        assert batches["late_rows"] == 0
        assert 0 < batches["distinct_players"] <= OPERATORS * 10_000


def test_every_measurement_sent_the_same_rows(result: dict[str, Any]) -> None:
    for batches in result["batches"]:
        for measured in (*batches["raw_copy"], batches["http"]):
            assert measured["rows_per_run"] == ROWS
            assert measured["cpu_s_per_million_rows"].keys() == PARTS
            latency = measured["latency_ms"]
            assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]
            assert (
                0
                < measured["transactions_per_s_min"]
                <= measured["transactions_per_s"]
                <= measured["transactions_per_s_max"]
            )


def test_the_ratio_is_to_the_best_raw_figure_without_the_trigger(result: dict[str, Any]) -> None:
    for batches in result["batches"]:
        off = [raw for raw in batches["raw_copy"] if raw["trigger"] == "off"]
        most = batches["http"]["transactions_per_s_max"] / max(
            raw["transactions_per_s_min"] for raw in off
        )
        least = batches["http"]["transactions_per_s_min"] / max(
            raw["transactions_per_s_max"] for raw in off
        )
        assert least * 0.99 <= batches["ratio_to_raw_copy_min"]
        assert batches["ratio_to_raw_copy"] <= most * 1.01
        assert batches["ratio_to_best_raw_copy"] <= batches["ratio_to_raw_copy"]


def test_gateway_and_database_both_worked_for_http(result: dict[str, Any]) -> None:
    for batches in result["batches"]:
        http = batches["http"]["cpu_s_per_million_rows"]
        assert http["gateway"] > 0
        assert http["database"] > 0
        assert batches["http"]["peak_memory_mb"]["gateway"] > 0


@pytest.mark.parametrize("sizes", ["0", "10001", "many", ""])
def test_impossible_sizes_are_refused(sizes: str) -> None:
    done = subprocess.run(
        [DOZIR, "bench", "ingest", "--batches", sizes], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
