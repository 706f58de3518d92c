"""From measurements to the figures that are published: medians with their extremes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from portal.bench.clients import Sent

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement: what clients saw, and what the processes used meanwhile.

    ``cpu_s`` and ``peak_mb`` by part: database, and gateway where there is one.
    """

    sent: Sent
    cpu_s: dict[str, float]
    peak_mb: dict[str, float]

    @property
    def transactions_per_s(self) -> float:
        """Committed transactions a second."""
        return self.sent.rows / self.sent.wall_s


def of_runs(runs: Sequence[Measured]) -> Figures:
    """Rates and CPU as medians over the runs; latencies of all batches of all runs."""
    latencies_ms = [1000 * latency for run in runs for latency in run.sent.latencies_s]
    parts = {part: [run.cpu_s[part] / run.sent.rows for run in runs] for part in runs[0].cpu_s}
    parts["client"] = [run.sent.cpu_s / run.sent.rows for run in runs]
    cpu = {part: round(1e6 * median(values), 2) for part, values in parts.items()}
    return {
        "rows_per_run": min(run.sent.rows for run in runs),
        **spread("transactions_per_s", [run.transactions_per_s for run in runs], digits=0),
        "latency_ms": {
            f"p{percent}": round(float(np.percentile(latencies_ms, percent)), 1)
            for percent in (50, 95, 99)
        },
        "cpu_s_per_million_rows": {**cpu, "total": round(sum(cpu.values()), 2)},
        "peak_memory_mb": {
            part: round(max(run.peak_mb[part] for run in runs)) for part in runs[0].peak_mb
        },
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


def ratios(http: Sequence[Measured], raw: Sequence[Sequence[Measured]], name: str) -> Figures:
    """HTTP as a share of the best of some raw figures, run by run."""
    best = [max(run.transactions_per_s for run in same) for same in zip(*raw, strict=True)]
    values = [run.transactions_per_s / reached for run, reached in zip(http, best, strict=True)]
    return spread(name, values, digits=3)
