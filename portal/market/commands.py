"""``dozir demo`` and ``dozir simulate``."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from portal import runtime
from portal.errors import DatabaseUnavailable
from portal.market import checking, loading, running
from portal.market.market import DEFAULT_OPERATORS
from portal.market.progress import counting
from portal.market.simulation import Plan

_DAY_S = 86_400
_SHARE = click.FloatRange(0, 1)


@contextmanager
def _spoken_problems() -> Iterator[None]:
    """What may go wrong around a command, said in one line."""
    try:
        yield
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    except DatabaseUnavailable as problem:
        raise click.ClickException(
            "the database cannot be reached; see `dozir doctor`"
        ) from problem


@click.command()
@click.option(
    "--operators",
    type=click.IntRange(1, 10_000),
    default=DEFAULT_OPERATORS,
    show_default=True,
    help="How many; the proportions of their types stay the same.",
)
def demo(operators: int) -> None:
    """Load the demo market: invented operators with all that is registered of them.

    Also makes an access key for each and a test key for the first, kept among this instance's
    secrets, and the demo identities with keys and certificates to sign by. What is there already
    stays as it is.
    """
    with _spoken_problems(), counting("demo: operators", operators) as count:
        runtime.ensure_running(make_absent=True)
        try:
            loaded = loading.load(operators, count)
        except loading.RealData as problem:
            raise click.ClickException(
                f"the registry holds the operator {problem.code}, which is not of the demo market;"
                " a demo market is loaded into an empty registry only"
            ) from problem
    if loaded.operators_new or loaded.keys_new:
        click.echo(
            f"demo: {loaded.operators} operators, {loaded.operators_new} of them new;"
            f" {loaded.keys_new} new access keys; {loaded.identities} demo identities",
            err=True,
        )
    else:
        click.echo(
            f"demo: the demo market is loaded already ({loaded.operators} operators);"
            " nothing changed",
            err=True,
        )


@click.command()
@click.option(
    "--rate",
    type=click.FloatRange(0.01),
    default=200,
    show_default=True,
    help="Transactions a second, all operators together.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0),
    default=60,
    show_default=True,
    help="How long; 0: until Ctrl-C.",
)
@click.option(
    "--operators",
    type=click.IntRange(1),
    help="Play so many of the loaded operators  [default: all]",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1, 10_000),
    default=1_000,
    show_default=True,
    help="Records in a batch, at most.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="The same seed and start make the same batches.",
)
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z"]),
    help="Play from this moment on, with offset; a past one is caught up with.",
)
@click.option(
    "--backlog",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="Spread RATE times SECONDS transactions over so long a past, then end.",
)
@click.option("--days", type=click.FloatRange(0), help="The same as --backlog, in days.")
@click.option(
    "--late",
    type=_SHARE,
    default=0.0,
    metavar="SHARE",
    help="Share of rounds that come more than 15 minutes late.",
)
@click.option(
    "--cancel",
    type=_SHARE,
    default=0.0,
    metavar="SHARE",
    help="Share of rounds and payments that are taken back later.",
)
@click.option(
    "--refuse",
    type=_SHARE,
    default=0.0,
    metavar="SHARE",
    help="Share of batches that are sent with a wrong record first.",
)
@click.option("--url", help="Where the API is  [default: a server started for the time]")
@click.option(
    "--connections",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="Connections to the API.",
)
@click.option("--declare", is_flag=True, help="Have the operators declare the days that are over.")
@click.option("--if-empty", is_flag=True, help="Do nothing where batches were accepted before.")
@click.option("--check", is_flag=True, help="Read all receipts back and compare.")
@click.option("--check-database", is_flag=True, help="Have the aggregates recounted.")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output.")
def simulate(  # noqa: PLR0917 - one parameter for each option
    rate: float, seconds: float, operators: int | None, batch_size: int, seed: int,
    start: datetime | None, backlog: float | None, days: float | None, late: float, cancel: float,
    refuse: float, url: str | None, connections: int, declare: bool, if_empty: bool, check: bool,
    check_database: bool, as_json: bool,
) -> None:  # fmt: skip
    """Play operators of the demo market through the public API.

    Stakes, winnings, payments in and out, and the rhythm of the day follow studies of real
    markets. Ends with a summary; the exit status is 0 only if every receipt says exactly what
    was sent and nothing was refused but what was meant to be.
    """
    if backlog and days:
        raise click.UsageError("--backlog and --days say the same; give one of them")
    backlog_s = backlog or (days or 0) * _DAY_S
    if backlog_s and not seconds:
        raise click.UsageError("--backlog needs --seconds: RATE times SECONDS are spread")
    with _spoken_problems():
        if if_empty or check_database:
            runtime.ensure_running()
        if if_empty and not checking.ledger_is_empty():
            click.echo("simulate: there are batches already; nothing done", err=True)
            return
        market, keys = running.players(operators)
        with running.stoppable(), running.server(url) as address:
            plan = Plan(
                url=address,
                rate=rate,
                seconds=seconds,
                batch_size=batch_size,
                seed=seed,
                start_ms=round((start.timestamp() if start else time.time()) * 1000),
                connections=connections,
                backlog_s=backlog_s,
                late=late,
                cancel=cancel,
                refuse=refuse,
            )
            summary, all_well = running.run(
                plan, market, keys, check=check, check_database=check_database
            )
            if declare:
                days = math.ceil(backlog_s / _DAY_S) + 1
                running.declare(address, market, keys, days)
    running.tell(summary, as_json=as_json)
    if not all_well:
        raise SystemExit(1)
