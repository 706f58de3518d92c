"""``dozir bench``."""

from __future__ import annotations

import json
import signal
import sys

import click

from portal import runtime
from portal.bench.ingest import Options
from portal.bench.ingest import run as run_ingest
from portal.bench.instance import BenchmarkFailed
from portal.bench.live import Options as LiveOptions
from portal.bench.live import run as run_live
from portal.ingest.fields import MAX_ROWS


class Sizes(click.ParamType[tuple[int, ...]]):
    """Sizes of batches, separated by commas."""

    name = "sizes"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        try:
            sizes = tuple(int(part) for part in str(value).split(","))
        except ValueError:
            self.fail(f"{value!r} is not a list of numbers", param, ctx)
        if not all(0 < size <= MAX_ROWS for size in sizes):
            self.fail(f"a batch has 1 to {MAX_ROWS} rows", param, ctx)
        return sizes


@click.group()
def bench() -> None:
    """Benchmarks: JSON on standard output, progress on standard error."""


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option(
    "--batches", type=Sizes(), default="1000,10000", show_default=True, help="Rows in a batch."
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=1_000_000,
    show_default=True,
    help="Rows of each measurement; they are made beforehand (about 0.6 GB a million).",
)
@click.option("--seconds", type=float, help="End each measurement after this at the latest.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Repetitions.")
@click.option(
    "--clients", type=click.IntRange(1), help="HTTP connections (default: 8, 4 for large batches)."
)
@click.option("--operators", type=click.IntRange(1, 999), default=20, show_default=True)
@click.option(
    "--seed", default=1, show_default=True, help="The same rows again, but for the clock."
)
def ingest(
    *,
    as_json: bool,
    batches: tuple[int, ...],
    rows: int,
    seconds: float | None,
    runs: int,
    clients: int | None,
    operators: int,
    seed: int,
) -> None:
    """Batches over HTTP beside raw COPY of the same rows.

    It makes an embedded database of its own and removes it; no other database is touched.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that it is removed then too
    options = Options(batches, rows, seconds, runs, clients, operators, seed)
    try:
        figures = run_ingest(options, lambda text: click.echo(f"bench: {text}", err=True))
    except (BenchmarkFailed, runtime.RuntimeProblem) as problem:
        raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(figures, indent=1, ensure_ascii=False))
        return
    for result in figures["batches"]:
        click.echo(
            f"batches of {result['rows_per_batch']}: "
            f"{result['http']['transactions_per_s']:,.0f} transactions/s over HTTP, "
            f"{result['ratio_to_raw_copy']:.0%} of raw COPY"
        )


@bench.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.option("--pages", type=click.IntRange(1, 500), default=200, show_default=True)
@click.option("--batch", type=click.IntRange(1, MAX_ROWS), default=1000, show_default=True)
@click.option("--rows", type=click.IntRange(1), default=1_000_000, show_default=True)
@click.option("--seconds", type=float, help="End each measurement after this at the latest.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Repetitions.")
@click.option("--clients", type=click.IntRange(1), default=4, show_default=True)
@click.option("--operators", type=click.IntRange(1, 999), default=20, show_default=True)
@click.option("--seed", default=1, show_default=True)
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
