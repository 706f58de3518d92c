"""``dozir bench``."""

from __future__ import annotations

import json
import signal
import sys

import click

from portal import runtime
from portal.bench import fairness as fairness_bench
from portal.bench.ingest import run as run_ingest
from portal.bench.instance import BenchmarkFailed
from portal.bench.ledger import Options as LedgerOptions
from portal.bench.ledger import run as run_ledger
from portal.bench.live import Options as LiveOptions
from portal.bench.live import run as run_live
from portal.bench.plan import WAYS, Options
from portal.bench.registry import Options as RegistryOptions
from portal.bench.registry import run as run_registry
from portal.bench.signatures import run as run_signatures
from portal.bench.table import table
from portal.ingest.fields import MAX_ROWS

MAX_CLIENTS = 1_000


class Numbers(click.ParamType[tuple[int, ...]]):
    """Numbers from 1 to ``most``, separated by commas."""

    name = "numbers"

    def __init__(self, most: int) -> None:
        self._most = most

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            numbers = tuple(int(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a list of numbers", param, ctx)
        if not all(0 < number <= self._most for number in numbers):
            self.fail(f"each is 1 to {self._most}", param, ctx)
        return tuple(dict.fromkeys(numbers))


class Ways(click.ParamType[tuple[str, ...]]):
    """Kinds of cases, separated by commas."""

    name = "cases"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        ways = tuple(str(value).split(","))
        if unknown := set(ways) - set(WAYS):
            self.fail(f"unknown: {', '.join(sorted(unknown))}", param, ctx)
        return ways


@click.group()
def bench() -> None:
    """Benchmarks: JSON on standard output, progress on standard error."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--batches",
    type=Numbers(MAX_ROWS),
    default="1,100,1000,10000",
    show_default=True,
    help="Rows in a batch.",
)
@click.option(
    "--clients",
    type=Numbers(MAX_CLIENTS),
    default="1,2,4,16",
    show_default=True,
    help="HTTP connections; single transactions also go over 256.",
)
@click.option(
    "--cases",
    type=Ways(),
    default=",".join(WAYS),
    show_default=True,
    help="What to measure; ratios need what they compare with.",
)
@click.option(
    "--readers",
    type=click.IntRange(1, 200),
    default=8,
    show_default=True,
    help="Officials who open a page every second in the case of that name.",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    help="Rows of each measurement, made beforehand, about 0.6 GB a million"
    " (default: 20,000 to 1,000,000 by size of batch).",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0, min_open=True),
    default=2.0,
    show_default=True,
    help="No batch begins after so long in a measurement.",
)
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Repetitions.")
@click.option(
    "--operators", type=click.IntRange(1, 999), default=20, show_default=True, help="Whose rows."
)
@click.option(
    "--seed", default=1, show_default=True, help="The same rows again, but for the clock."
)
@click.option("--quick", is_flag=True, help="Next to no rows: shows that all works, not how fast.")
def ingest(
    *,
    as_json: bool,
    batches: tuple[int, ...],
    clients: tuple[int, ...],
    cases: tuple[str, ...],
    readers: int,
    rows: int | None,
    seconds: float,
    runs: int,
    operators: int,
    seed: int,
    quick: bool,
) -> None:
    """Batches over HTTP beside raw COPY, executemany and a JSON-taking function, same rows.

    It makes an embedded database of its own and removes it; no other database is touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    options = Options(batches, cases, clients, readers, rows, seconds, runs, operators, seed)
    if quick:
        options = options.quick()
    try:
        figures = run_ingest(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(json.dumps(figures, indent=1, ensure_ascii=False) if as_json else table(figures))


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--operators", type=click.IntRange(1, 99), default=6, show_default=True, help="The others."
)
@click.option("--rate", default=2.0, show_default=True, help="Batches a second of each operator.")
@click.option(
    "--rows", type=click.IntRange(1, MAX_ROWS), default=1000, show_default=True, help="In a batch."
)
@click.option(
    "--connections", type=click.IntRange(1, 500), default=16, show_default=True, help="To flood."
)
@click.option("--seconds", default=20.0, show_default=True, help="Of each measurement.")
@click.option("--runs", type=click.IntRange(1), default=2, show_default=True, help="Repetitions.")
@click.option("--seed", default=1, show_default=True, help="The same operators again.")
def fairness(
    *,
    as_json: bool,
    operators: int,
    rate: float,
    rows: int,
    connections: int,
    seconds: float,
    runs: int,
    seed: int,
) -> None:
    """Operators at a steady rate, alone and beside one that floods.

    It makes an embedded database of its own and removes it; no other database is touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    options = fairness_bench.Options(operators, rate, rows, connections, seconds, runs, seed)
    try:
        figures = fairness_bench.run(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return
    honest = figures["honest"]
    click.echo(
        f"p99 of the others: {honest['alone']['latency_ms']['p99']} ms alone, "
        f"{honest['beside_flooder']['latency_ms']['p99']} ms beside a flooder "
        f"(x {figures['p99_ratio']}), which got "
        f"{figures['flooder']['transactions_per_s']:,} transactions/s"
    )


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--pages", type=click.IntRange(1, 500), default=200, show_default=True, help="Live pages open."
)
@click.option(
    "--batch",
    type=click.IntRange(1, MAX_ROWS),
    default=1000,
    show_default=True,
    help="Rows in a batch.",
)
@click.option(
    "--rows", type=click.IntRange(1), default=1_000_000, show_default=True, help="Rows in all."
)
@click.option("--seconds", type=float, help="End each measurement after this at the latest.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Repetitions.")
@click.option(
    "--clients", type=click.IntRange(1), default=4, show_default=True, help="Senders at once."
)
@click.option(
    "--operators", type=click.IntRange(1, 999), default=20, show_default=True, help="Whose rows."
)
@click.option(
    "--seed", default=1, show_default=True, help="The same rows again, but for the clock."
)
def live(
    *,
    as_json: bool,
    pages: int,
    batch: int,
    rows: int,
    seconds: float | None,
    runs: int,
    clients: int,
    operators: int,
    seed: int,
) -> None:
    """Ingest with no live page open beside ingest with many, on one worker, in turns.

    It makes an embedded database of its own and removes it; no other database is touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    options = LiveOptions(pages, rows, batch, seconds, runs, clients, operators, seed)
    try:
        figures = run_live(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return
    click.echo(
        f"{figures['without_pages']['transactions_per_s']:,.0f} transactions/s without pages, "
        f"{figures['with_pages']['transactions_per_s']:,.0f} with {pages}: {figures['ratio']:.0%}"
    )


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--batches",
    type=Numbers(MAX_ROWS),
    default="10000,1000",
    show_default=True,
    help="Rows in a batch.",
)
@click.option(
    "--rows", type=click.IntRange(1), default=1_000_000, show_default=True, help="With each size."
)
@click.option(
    "--entries",
    type=click.IntRange(1),
    default=30_000,
    show_default=True,
    help="Sequenced at once.",
)
@click.option(
    "--singles",
    type=click.IntRange(1),
    default=5_000,
    show_default=True,
    help="Single transactions, followed from their acknowledgement to a signed checkpoint.",
)
@click.option(
    "--operators", type=click.IntRange(1, 999), default=20, show_default=True, help="Whose rows."
)
@click.option(
    "--seed", default=1, show_default=True, help="The same rows again, but for the clock."
)
def ledger(
    *,
    as_json: bool,
    batches: tuple[int, ...],
    rows: int,
    entries: int,
    singles: int,
    operators: int,
    seed: int,
) -> None:
    """What the ledger costs ingest, and how fast it is sequenced, signed and verified.

    It makes an embedded database of its own and removes it; no other database is touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    options = LedgerOptions(batches, rows, entries, singles, operators, seed)
    try:
        figures = run_ledger(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return
    for size in figures["batches"]:
        click.echo(
            f"batches of {size['rows_per_batch']:,}: {size['transactions_per_s']:,} transactions/s,"
            f" the ledger's share {size['ledger_share_of_throughput']:.1%}"
        )
    verified = figures["verification"]
    click.echo(
        f"{figures['entries_sequenced_per_s']:,} entries/s sequenced; acknowledged to signed, p99:"
        f" {figures['acknowledged_to_signed_ms']['p99']} ms;"
        f" {verified['rows_per_cpu_s_of_verifier']:,} rows verified in a CPU second;"
        f" one proof: {figures['proof_ms']} ms"
    )


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--operators", type=click.IntRange(10), default=1_000, show_default=True, help="Registered."
)
@click.option(
    "--venues", type=click.IntRange(10), default=20_000, show_default=True, help="Registered."
)
@click.option(
    "--equipment", type=click.IntRange(10), default=200_000, show_default=True, help="Registered."
)
@click.option(
    "--games", type=click.IntRange(10), default=5_000, show_default=True, help="Registered."
)
@click.option(
    "--calls", type=click.IntRange(1), default=40, show_default=True, help="Of each function."
)
@click.option(
    "--page-calls", type=click.IntRange(1), default=40, show_default=True, help="Of each page."
)
@click.option(
    "--blocked", type=click.IntRange(1), default=10_000, show_default=True, help="Addresses."
)
@click.option("--keep", is_flag=True, help="Keep the full registers for the next run with --keep.")
def registry(
    *,
    as_json: bool,
    operators: int,
    venues: int,
    equipment: int,
    games: int,
    calls: int,
    page_calls: int,
    blocked: int,
    keep: bool,
) -> None:
    """Lists, counts, searches, records and history of full registers, by role and depth.

    First the functions of the database, then the same as pages through one worker of gunicorn, then
    public pages and lists, as they are kept and after a change.

    It makes an embedded database of its own and removes it; no other database is touched. Filling
    it takes a minute or two: with --keep the instance bench-registry stays, to be measured again.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    kept = "registry" if keep else None
    options = RegistryOptions(operators, venues, equipment, games, calls, page_calls, blocked, kept)
    try:
        figures = run_registry(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return
    for name, roles in figures["latency_ms"].items():
        spread = ", ".join(f"{role} {took['p95']}" for role, took in roles.items())
        click.echo(f"{name}: p95 {spread} ms")
    for name, roles in figures["page_latency_ms"].items():
        spread = ", ".join(f"{role} {took['p95']}" for role, took in roles.items())
        click.echo(f"page {name}: p95 {spread} ms")
    for name, states in figures["public_latency_ms"].items():
        spread = ", ".join(f"{state} {took['p95']}" for state, took in states.items())
        click.echo(f"public {name}: p95 {spread} ms")


@bench.command("signatures")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--repeat", type=click.IntRange(1, 1000), default=15, show_default=True, help="Of each."
)
def signatures(repeat: int, *, as_json: bool) -> None:
    """Measure how fast signatures are verified: curves, hashes, whole signatures."""
    found = run_signatures(repeat)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for name, figures in found.items():
        click.echo(name)
        for what, figure in figures.items():
            click.echo(f"  {what}: {figure:g}")
