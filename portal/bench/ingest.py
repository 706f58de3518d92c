"""How fast batches go in over HTTP, beside what people would write without a gateway.

For each size of batch and each run: COPY without and with the trigger that counts into the rollups,
executemany, a JSON-taking function, and HTTP end to end with more and more clients, with officials
reading meanwhile, and with group commit off. Every measurement begins with empty tables and ends
with proof that what was acknowledged is stored and counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial

from portal.bench import figures, machine, sql_clients, tables
from portal.bench import plan as plans
from portal.bench.clients import Connect, Job, Plan, send
from portal.bench.figures import Figures, Measured
from portal.bench.http_clients import http_connections
from portal.bench.instance import gateway, throw_away_database
from portal.bench.load import Batch, Load, Sender, make_load
from portal.bench.plan import Case, Options
from portal.bench.population import Operator, make_operators
from portal.bench.processes import Family
from portal.bench.readers import reading

WORKERS = 2

Say = Callable[[str], None]
Runs = dict[Case, list[Measured]]  # what was measured with one size of batch, run by run

_SQL: dict[str, tuple[Connect, Callable[[Batch], Job]]] = {
    "raw_copy": (sql_clients.copy_connection, sql_clients.copy_job),
    "executemany": (sql_clients.executemany_connection, sql_clients.executemany_job),
    "json_function": (sql_clients.json_connection, sql_clients.json_job),
}
_MOST_ROWS = {"executemany": plans.EXECUTEMANY_ROWS, "json_function": plans.JSON_ROWS}


@dataclass(frozen=True, slots=True)
class Gateway:
    """A running gateway: its first process and its port."""

    pid: int
    port: int


@dataclass(slots=True)
class Prepared:
    """A load as each way of sending takes it."""

    load: Load
    jobs: dict[str, tuple[list[Job], list[Job]]]  # way: warm-up, jobs

    @classmethod
    def make(cls, load: Load, ways: set[str]) -> Prepared:
        """Made before the clock runs, so that no client pays for it."""
        jobs = {}
        for way in ways:
            make_job = _SQL[way][1] if way in _SQL else _request
            # Every worker of a gateway shall know every operator; a database needs less.
            warm_up = load.warm_up if way not in _MOST_ROWS else load.warm_up[:2]
            count = -(-_MOST_ROWS.get(way, load.rows) // load.rows_per_batch)
            batches = load.batches[: max(count, plans.BASELINE_CONNECTIONS)]
            jobs[way] = ([make_job(one) for one in warm_up], [make_job(one) for one in batches])
        return cls(load, jobs)


@dataclass(slots=True)
class Bench:
    """The benchmark while it runs."""

    options: Options
    say: Say
    database: int  # the first process of the server
    gateways: dict[bool, Gateway]  # by whether they commit groups
    runs: dict[int, Runs] = field(default_factory=dict)  # by size of batch
    facts: dict[int, Figures] = field(default_factory=dict)  # about the rows

    def measure(self, prepared: Prepared, case: Case, run: int) -> None:
        """One measurement, and the proof that it stored and counted everything."""
        load = prepared.load
        with tables.trigger(on=case.trigger):
            measured = self._measure(prepared, case)
        rows = measured.sent.rows + sum(job.rows for job in prepared.jobs[case.way][0])
        if case.way == "http":
            tables.check_batches(rows)
            late = max(tables.late_rows(), self.facts[load.rows_per_batch]["late_rows"])
            self.facts[load.rows_per_batch]["late_rows"] = late
        else:
            tables.check_rows(rows, counted=case.trigger)
        self.runs[load.rows_per_batch].setdefault(case, []).append(measured)
        cpu = (*measured.cpu_s.values(), measured.sent.cpu_s)
        each = " + ".join(f"{1e6 * part / measured.sent.rows:.2f}" for part in cpu)
        self.say(
            f"run {run}, batches of {load.rows_per_batch}, {case}: "
            f"{measured.transactions_per_s:,.0f}/s, CPU µs a row: {each}"
        )

    def _measure(self, prepared: Prepared, case: Case) -> Measured:
        tables.empty()
        target = self.gateways[case.group_commit]
        families = {"database": Family(self.database), "gateway": Family(target.pid)}
        before: dict[str, float] = {}

        def started() -> None:
            before.update({part: family.cpu_s() for part, family in families.items()})

        def watch() -> None:
            for family in families.values():
                family.look()

        warm_up, jobs = prepared.jobs[case.way]
        if case.way == "http":
            connect: Connect = partial(http_connections, target.port, case.connections)
            plan = Plan(connect, warm_up, jobs, seconds=self.options.seconds)
        else:
            connect = _SQL[case.way][0]
            plan = Plan(connect, warm_up, jobs, case.connections, self.options.seconds)
        with reading(target.port, case.readers) if case.readers else nullcontext() as pages:
            sent = send(plan, started=started, watch=watch)
            cpu_s = {part: family.cpu_s() - before[part] for part, family in families.items()}
        peak_mb = {part: family.peak_mb for part, family in families.items()}
        return Measured(sent, cpu_s, peak_mb, pages)


def run(options: Options, say: Say) -> Figures:
    """Everything, as one JSON document. Raises BenchmarkFailed."""
    say("making a database of its own")
    with throw_away_database() as server, _gateways(options) as gateways:
        operators = make_operators(options.operators, options.seed)
        senders = tables.register(operators)
        sql_clients.make_json_function()
        bench = Bench(options, say, server, gateways)
        described = machine.describe()
        for size in options.sizes:
            _measure_size(bench, senders, size)
    return {
        "benchmark": "ingest",
        "seed": options.seed,
        "runs": options.runs,
        "seconds_per_measurement": options.seconds,
        "gateway_workers": WORKERS,
        "population": _population(operators),
        "machine": described,
        "batches": [
            {**bench.facts[size], **figures.of_size(bench.runs[size], bench.runs)}
            for size in options.sizes
        ],
    }


@contextmanager
def _gateways(options: Options) -> Iterator[dict[bool, Gateway]]:
    """The gateway, and one without group commit if that is asked for."""
    compared = any(
        not case.group_commit for size in options.sizes for case in plans.cases(options, size)
    )
    with ExitStack() as stack:
        yield {
            on: Gateway(
                *stack.enter_context(
                    gateway(WORKERS, DOZIR_DEMO="1", DOZIR_GROUP_COMMIT="1" if on else "0")
                )
            )
            for on in ((True, False) if compared else (True,))
        }


def _measure_size(bench: Bench, senders: list[Sender], size: int) -> None:
    options = bench.options
    cases = plans.cases(options, size)
    rows = options.rows_of(size)
    bench.say(f"making {rows:,} rows in batches of {size}")
    load = make_load(
        senders,
        rows=rows,
        rows_per_batch=size,
        until_ms=int(time.time() * 1000),
        seed=options.seed,
    )
    prepared = Prepared.make(load, {case.way for case in cases})
    bench.runs[size] = {}
    bench.facts[size] = {
        "rows_per_batch": size,
        "bytes_per_row": round(load.bytes_per_row),
        "distinct_players": load.distinct_players,
        "late_rows": 0,
    }
    for number in range(1, options.runs + 1):
        for case in cases:
            bench.measure(prepared, case, number)


def _request(batch: Batch) -> Job:
    return Job(batch.rows, batch.request)


def _population(operators: list[Operator]) -> Figures:
    return {
        "operators": len(operators),
        "players": sum(len(operator.players) for operator in operators),
        "games": sum(len(operator.games) for operator in operators),
        "channels": sum(len(operator.channels) for operator in operators),
        "equipment": sum(len(operator.machines) for operator in operators),
    }
