"""From measurements to the figures that are published: medians with their extremes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from portal.bench.clients import Sent
from portal.bench.plan import Case
from portal.bench.readers import Reading

Figures = dict[str, Any]
Runs = Mapping[Case, list["Measured"]]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: what clients saw, and what the processes used meanwhile.

    ``cpu_s`` and ``peak_mb`` by part: database and gateway. ``pages``: what readers saw, if any.
    """

    sent: Sent
    cpu_s: dict[str, float]
    peak_mb: dict[str, float]
    pages: Reading | None = None

    @property
    def transactions_per_s(self) -> float:
        """Committed transactions a second."""
        return self.sent.rows / self.sent.wall_s


def of_size(runs: Runs, of_all_sizes: Mapping[int, Runs]) -> Figures:
    """What was measured with one size of batch.

    ``http`` is the best number of clients, ``clients`` has them all. Ratios are those of ``http``
    and compare within each run, with the same batches: ``ratio_to_raw_copy`` with the best of one
    and two connections without the trigger, ``ratio_to_best_raw_copy`` with batches of any size.
    """
    http = {case: found for case, found in runs.items() if _plain(case)}
    found: Figures = {
        "raw_copy": [
            {
                "trigger": "on" if case.trigger else "off",
                "connections": case.connections,
                **of_runs(measured),
            }
            for case, measured in runs.items()
            if case.way == "raw_copy"
        ]
    }
    for way in ("executemany", "json_function"):
        for case, measured in runs.items():
            if case.way == way:
                found[way] = {"connections": case.connections, **of_runs(measured)}
    if not http:
        return found
    best = max(http, key=lambda case: _rate(http[case]))
    found["clients"] = [
        {
            "connections": case.connections,
            **of_runs(measured),
            **_ratios_of(measured, runs, of_all_sizes),
        }
        for case, measured in http.items()
    ]
    found["http"] = {"connections": best.connections, **of_runs(http[best])}
    found |= _ratios_of(http[best], runs, of_all_sizes)
    for case, measured in runs.items():
        beside = http.get(Case("http", case.connections))
        if case.readers and beside:
            found["readers"] = _with_readers(case, measured, beside)
        if not case.group_commit and beside:
            found["group_commit"] = {
                "connections": case.connections,
                "on": of_runs(beside),
                "off": of_runs(measured),
                **ratios(beside, [measured], "group_commit_gain"),
            }
    return found


def of_runs(runs: Sequence[Measured]) -> Figures:
    """Rates and CPU as medians over the runs; latencies of all batches of all runs."""
    parts = {part: [run.cpu_s[part] / run.sent.rows for run in runs] for part in runs[0].cpu_s}
    parts["client"] = [run.sent.cpu_s / run.sent.rows for run in runs]
    cpu = {part: round(1e6 * median(values), 2) for part, values in parts.items()}
    return {
        "rows_per_run": min(run.sent.rows for run in runs),
        **spread("transactions_per_s", [run.transactions_per_s for run in runs], digits=0),
        "latency_ms": percentiles([one for run in runs for one in run.sent.latencies_s]),
        "cpu_s_per_million_rows": {**cpu, "total": round(sum(cpu.values()), 2)},
        "peak_memory_mb": {
            part: round(max(run.peak_mb[part] for run in runs)) for part in runs[0].peak_mb
        },
    }


def percentiles(latencies_s: Sequence[float]) -> Figures:
    """Milliseconds that half, 95 % and 99 % stay within; null where nothing was measured."""
    return {
        f"p{percent}": round(1000 * float(np.percentile(latencies_s, percent)), 1)
        if latencies_s
        else None
        for percent in (50, 95, 99)
    }


def spread(name: str, values: Sequence[float], *, digits: int) -> Figures:
    """The median under ``name``, and the extremes beside it."""

    def rounded(value: float) -> float:
        return round(value, digits or None)

    return {
        name: rounded(median(values)),
        f"{name}_min": rounded(min(values)),
        f"{name}_max": rounded(max(values)),
    }


def ratios(measured: Sequence[Measured], to: Sequence[Sequence[Measured]], name: str) -> Figures:
    """A rate as a share of the best of some others, run by run."""
    best = [max(run.transactions_per_s for run in same) for same in zip(*to, strict=True)]
    values = [run.transactions_per_s / reached for run, reached in zip(measured, best, strict=True)]
    return spread(name, values, digits=3)


def _ratios_of(
    measured: Sequence[Measured], runs: Runs, of_all_sizes: Mapping[int, Runs]
) -> Figures:
    others = {
        "ratio_to_raw_copy": _raw(runs),
        "ratio_to_best_raw_copy": [one for each in of_all_sizes.values() for one in _raw(each)],
        "ratio_to_executemany": _of_way(runs, "executemany"),
        "ratio_to_json_function": _of_way(runs, "json_function"),
    }
    found: Figures = {}
    for name, to in others.items():
        if to:
            found |= ratios(measured, to, name)
    return found


def _with_readers(case: Case, measured: Sequence[Measured], beside: Sequence[Measured]) -> Figures:
    pages = [run.pages for run in measured if run.pages]
    return {
        "connections": case.connections,
        "readers": case.readers,
        **of_runs(measured),
        **ratios(measured, [beside], "ratio_to_without_readers"),
        **spread("pages_per_s", [len(one.latencies_s) / one.wall_s for one in pages], digits=1),
        "page_latency_ms": percentiles([one for run in pages for one in run.latencies_s]),
    }


def _plain(case: Case) -> bool:
    return case.way == "http" and case.group_commit and not case.readers


def _raw(runs: Runs) -> list[list[Measured]]:
    return [one for case, one in runs.items() if case.way == "raw_copy" and not case.trigger]


def _of_way(runs: Runs, way: str) -> list[list[Measured]]:
    return [one for case, one in runs.items() if case.way == way]


def _rate(runs: Sequence[Measured]) -> float:
    return median(run.transactions_per_s for run in runs)
