"""How fast batches go in over HTTP, beside raw binary COPY of the same rows into the same tables.

For each size of batch and each run: COPY on one and two connections, without and with the trigger
that counts into the rollups, then HTTP end to end. Every measurement begins with empty tables and
ends with proof that what was acknowledged is stored and counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from portal.bench import clients, figures, machine, tables
from portal.bench.clients import Connect, Plan
from portal.bench.figures import Figures, Measured
from portal.bench.instance import gateway, throw_away_database
from portal.bench.load import Load, Sender, make_load
from portal.bench.population import Operator, make_operators
from portal.bench.processes import Family

WORKERS = 2
RAW_CONNECTIONS = (1, 2)
RAW_CASES = [(on, connections) for on in (False, True) for connections in RAW_CONNECTIONS]

Say = Callable[[str], None]
Raw = tuple[bool, int]  # trigger on, connections


@dataclass(frozen=True, slots=True)
class Options:
    """``rows`` of each measurement; ``seconds`` ends it earlier; ``clients``: HTTP connections."""

    sizes: tuple[int, ...]
    rows: int
    seconds: float | None
    runs: int
    clients: int | None
    operators: int
    seed: int

    def connections(self, rows_per_batch: int) -> int:
        """HTTP connections: enough to keep two cores busy, few enough not to queue."""
        return self.clients or (8 if rows_per_batch <= 1_000 else 4)


@dataclass(slots=True)
class Bench:
    """The benchmark while it runs; what is measured is kept by size of batch."""

    options: Options
    say: Say
    port: int
    parts: dict[str, int]  # database and gateway: the process each family begins with
    raw: dict[tuple[int, Raw], list[Measured]] = field(default_factory=dict)
    http: dict[int, list[Measured]] = field(default_factory=dict)
    facts: dict[int, Figures] = field(default_factory=dict)  # about the rows

    def measure(self, load: Load, run: int) -> None:
        """All measurements of one size of batch, once."""
        size = load.rows_per_batch
        for case in RAW_CASES:
            on, connections = case
            with tables.trigger(on=on):
                plan = Plan(clients.copy_connection, connections, 1, self.options.seconds)
                measured = self._measure(load, plan)
            tables.check_raw(measured.sent.rows + load.warm_up_rows, counted=on)
            self.raw.setdefault((size, case), []).append(measured)
            self._tell(
                run, size, f"COPY x {connections}, trigger {'on' if on else 'off'}", measured
            )
        connect: Connect = partial(clients.http_connection, self.port)
        plan = Plan(connect, 1, self.options.connections(size), self.options.seconds)
        measured = self._measure(load, plan)
        tables.check_batches(measured.sent.rows + load.warm_up_rows)
        late = tables.late_rows()
        self.facts[size] = {
            "rows_per_batch": size,
            "bytes_per_row": round(sum(len(batch.request) for batch in load.batches) / load.rows),
            "distinct_players": load.distinct_players,
            "late_rows": max(late, self.facts.get(size, {}).get("late_rows", 0)),
        }
        self.http.setdefault(size, []).append(measured)
        self._tell(run, size, f"HTTP x {plan.connections}", measured)

    def _measure(self, load: Load, plan: Plan) -> Measured:
        tables.empty()
        families = {part: Family(pid) for part, pid in self.parts.items()}
        before: dict[str, float] = {}

        def started() -> None:
            before.update({part: family.cpu_s() for part, family in families.items()})

        def watch() -> None:
            for family in families.values():
                family.look()

        sent = clients.send(load, plan, started=started, watch=watch)
        return Measured(
            sent=sent,
            cpu_s={part: family.cpu_s() - before[part] for part, family in families.items()},
            peak_mb={part: family.peak_mb for part, family in families.items()},
        )

    def _tell(self, run: int, size: int, what: str, measured: Measured) -> None:
        cpu = (*measured.cpu_s.values(), measured.sent.cpu_s)
        each = " + ".join(f"{1e6 * part / measured.sent.rows:.2f}" for part in cpu)
        self.say(
            f"run {run}, batches of {size}, {what}: {measured.transactions_per_s:,.0f}/s, "
            f"CPU µs a row: {each}"
        )

    def result(self, size: int) -> Figures:
        """What was measured with one size of batch.

        ``ratio_to_raw_copy``: to the best of one and two connections without the trigger in the
        same run, with the same batches; ``ratio_to_best_raw_copy``: with batches of any size.
        """
        off = {case: runs for case, runs in self.raw.items() if not case[1][0]}
        same = [runs for (its_size, _), runs in off.items() if its_size == size]
        http = self.http[size]
        return {
            **self.facts[size],
            "raw_copy": [
                {
                    "trigger": "on" if on else "off",
                    "connections": connections,
                    **figures.of_runs(self.raw[size, (on, connections)]),
                }
                for on, connections in RAW_CASES
            ],
            "http": {
                "connections": self.options.connections(size),
                **figures.of_runs(http),
            },
            **figures.ratios(http, same, "ratio_to_raw_copy"),
            **figures.ratios(http, list(off.values()), "ratio_to_best_raw_copy"),
        }


def run(options: Options, say: Say) -> Figures:
    """Everything, as one JSON document. Raises BenchmarkFailed."""
    say("making a database of its own")
    with throw_away_database() as server, gateway(WORKERS) as (gunicorn, port):
        operators = make_operators(options.operators, options.seed)
        senders = tables.register(operators)
        bench = Bench(options, say, port, {"database": server, "gateway": gunicorn})
        described = machine.describe()
        for size in options.sizes:
            _measure_size(bench, senders, size)
    return {
        "benchmark": "ingest",
        "seed": options.seed,
        "runs": options.runs,
        "gateway_workers": WORKERS,
        "population": _population(operators),
        "machine": described,
        "batches": [bench.result(size) for size in options.sizes],
    }


def _measure_size(bench: Bench, senders: list[Sender], size: int) -> None:
    options = bench.options
    bench.say(f"making {options.rows:,} rows in batches of {size}")
    load = make_load(
        senders,
        rows=options.rows,
        rows_per_batch=size,
        until_ms=int(time.time() * 1000),
        seed=options.seed,
    )
    for number in range(1, options.runs + 1):
        bench.measure(load, number)


def _population(operators: list[Operator]) -> Figures:
    return {
        "operators": len(operators),
        "players": sum(len(operator.players) for operator in operators),
        "games": sum(len(operator.games) for operator in operators),
        "channels": sum(len(operator.channels) for operator in operators),
        "equipment": sum(len(operator.machines) for operator in operators),
    }
