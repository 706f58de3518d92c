"""A tiny run of `dozir bench ingest`: the shape and the meaning of its JSON, and its proofs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from portal import config
from portal.bench.commands import ingest
from portal.bench.table import table

DOZIR = Path(sys.executable).with_name("dozir")
SIZES = (1, 200)
CLIENTS = (1, 2)
OPERATORS = 3  # of --quick
READERS = 2  # of --quick
ROWS = 200  # of --quick
PARTS = {"database", "gateway", "client", "total"}
RATIOS = (
    "ratio_to_raw_copy",
    "ratio_to_best_raw_copy",
    "ratio_to_executemany",
    "ratio_to_json_function",
)
# The command, but somebody adds to a rollup before it is checked.
SPOILED = """
from portal import cli, db
from portal.bench import tables

check = tables.check_batches

def spoiled(rows):
    with db.migrator() as owner:
        owner.execute(
            "update rollup.day set bet_count = bet_count + 1"
            " where ctid = (select min(ctid) from rollup.day)"
        )
    check(rows)

tables.check_batches = spoiled
cli.main()
"""


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    before = instances()
    done = subprocess.run(
        [DOZIR, "bench", "ingest", "--json", "--quick", "--batches", ",".join(map(str, SIZES)),
         "--clients", ",".join(map(str, CLIENTS))],
        capture_output=True, text=True, timeout=300, check=False,
        env={**os.environ, "DOZIR_INSTANCE": "not-to-be-touched"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "run 1, batches of 200, HTTP x 2" in done.stderr
    assert instances() == before, "the benchmark's own instance is left behind"
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def instances() -> set[str]:
    folder = config.settings().home / "instances"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def measurements(size: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything that was measured with one size of batch."""
    yield from size["raw_copy"]
    yield from size["clients"]
    yield from (size["http"], size["executemany"], size["json_function"], size["readers"])
    if "group_commit" in size:
        yield from (size["group_commit"]["on"], size["group_commit"]["off"])


def test_it_says_what_it_ran_on(result: dict[str, Any]) -> None:
    machine = result["machine"]
    assert machine["cores"] >= 1
    assert machine["settings"]["fsync"] == "on"
    assert machine["settings"]["synchronous_commit"] == "on"
    assert result["population"]["operators"] == OPERATORS
    assert result["population"]["players"] == OPERATORS * 10_000
    assert result["runs"] == 1


def test_each_size_has_all_cases(result: dict[str, Any]) -> None:
    assert [size["rows_per_batch"] for size in result["batches"]] == list(SIZES)
    for size in result["batches"]:
        cases = [(raw["trigger"], raw["connections"]) for raw in size["raw_copy"]]
        assert cases == [("off", 1), ("off", 2), ("on", 1), ("on", 2)]
        assert size["late_rows"] == 0
        assert 0 < size["distinct_players"] <= OPERATORS * 10_000
    clients = [[one["connections"] for one in size["clients"]] for size in result["batches"]]
    assert clients == [[1, 2, 256], [1, 2]], "single transactions go over many connections too"


def test_every_measurement_stored_rows_and_says_how_fast(result: dict[str, Any]) -> None:
    for size in result["batches"]:
        for measured in measurements(size):
            assert 0 < measured["rows_per_run"] <= ROWS
            assert measured["rows_per_run"] % size["rows_per_batch"] == 0
            assert measured["cpu_s_per_million_rows"].keys() == PARTS
            latency = measured["latency_ms"]
            assert 0 < latency["p50"] <= latency["p95"] <= latency["p99"]
            assert (
                0
                < measured["transactions_per_s_min"]
                <= measured["transactions_per_s"]
                <= measured["transactions_per_s_max"]
            )


def test_ratios_are_of_the_best_number_of_clients(result: dict[str, Any]) -> None:
    for size in result["batches"]:
        best = max(size["clients"], key=lambda one: one["transactions_per_s"])
        assert size["http"]["connections"] == best["connections"]
        for name in RATIOS:
            assert size[name] == best[name] > 0
        off = [raw for raw in size["raw_copy"] if raw["trigger"] == "off"]
        reached = max(raw["transactions_per_s"] for raw in off)
        assert size["ratio_to_raw_copy"] == pytest.approx(
            size["http"]["transactions_per_s"] / reached, rel=0.02, abs=0.002
        )
        assert size["ratio_to_best_raw_copy"] <= size["ratio_to_raw_copy"]


def test_officials_read_while_batches_come_in(result: dict[str, Any]) -> None:
    for size in result["batches"]:
        readers = size["readers"]
        assert readers["readers"] == READERS
        assert readers["ratio_to_without_readers"] > 0
        assert readers["pages_per_s"] > 0
        assert 0 < readers["page_latency_ms"]["p50"] <= readers["page_latency_ms"]["p95"]


def test_single_transactions_are_compared_without_group_commit(result: dict[str, Any]) -> None:
    single, larger = result["batches"]
    assert single["group_commit"]["connections"] == 256
    assert single["group_commit"]["group_commit_gain"] > 0
    assert "group_commit" not in larger


def test_gateway_and_database_both_worked_for_http(result: dict[str, Any]) -> None:
    cpu = result["batches"][0]["http"]["cpu_s_per_million_rows"]
    assert cpu["gateway"] > 0
    assert cpu["database"] > 0
    assert result["batches"][0]["http"]["peak_memory_mb"]["gateway"] > 0


def test_people_get_a_table_of_all_cases(result: dict[str, Any]) -> None:
    head, *lines = table(result).splitlines()
    assert head.split()[:2] == ["batches", "of"]
    assert len(lines) == (4 + 2 + 3 + 2 + 1) + (4 + 2 + 2 + 2)
    assert "HTTP x 256, group commit off" in lines[11]
    rate = result["batches"][1]["clients"][1]["transactions_per_s"]
    assert lines[-3].split()[:5] == ["200", "HTTP", "x", "2", f"{rate:,}"]


def test_a_wrong_rollup_fails_the_benchmark() -> None:
    """The proof at the end of each measurement proves: with a count too many it fails."""
    done = subprocess.run(
        [sys.executable, "-c", SPOILED, "bench", "ingest", "--quick", "--batches", "200",
         "--cases", "http", "--clients", "1"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "report.check_rollups finds 2 differences" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "options",
    [
        *(("--batches", sizes) for sizes in ("0", "10001", "many", "")),
        ("--clients", "0"),
        ("--cases", "magic"),
        ("--seconds", "0"),
    ],
)
def test_impossible_options_are_refused(options: tuple[str, str]) -> None:
    assert CliRunner().invoke(ingest, options).exit_code == 2
