"""One simulation from the command line: a server if none is given, progress, checks, the end."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from portal.market import checking, declaring, keyring, paying
from portal.market.client import NoAnswer
from portal.market.market import KYIV
from portal.market.model import Operator
from portal.market.own_server import ServerProblem, own_server
from portal.market.progress import Progress
from portal.market.simulation import Plan, Simulation


@contextmanager
def server(url: str | None) -> Iterator[str]:
    """The address of the API; without one a server of our own for the time."""
    if url is not None:
        yield url.rstrip("/")
        return
    try:
        with own_server() as address:
            yield address
    except ServerProblem as problem:
        raise click.ClickException(str(problem)) from problem


@contextmanager
def stoppable() -> Iterator[None]:
    """End a simulation with its summary on SIGTERM as on Ctrl-C, with no server left behind.

    SIGINT is set as well: whoever starts us in the background may have had it ignored.
    """
    stops = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(stop, signal.default_int_handler) for stop in stops]
    try:
        yield
    finally:
        for stop, handler in zip(stops, before, strict=True):
            signal.signal(stop, handler)


def players(operators: int | None) -> tuple[list[Operator], dict[str, str]]:
    """The operators to play and their keys, or a message that says what to do."""
    try:
        market, keys = keyring.players(operators)
    except keyring.NoDemoMarket as problem:
        raise click.ClickException(
            "no demo market is loaded here; load one with `dozir demo`"
        ) from problem
    if operators is not None and operators > len(market):
        raise click.ClickException(
            f"the demo market has {len(market)} operators;"
            f" load more with `dozir demo --operators {operators}`"
        )
    return market, keys


def run(
    plan: Plan,
    operators: Sequence[Operator],
    keys: dict[str, str],
    *,
    check: bool,
    check_database: bool,
) -> tuple[dict[str, Any], bool]:
    """Play, compare, and return the summary and whether all was as it should be."""
    simulation = Simulation(plan, operators, keys)
    progress = Progress()
    started = time.monotonic()
    simulation.run(progress)
    took_s = time.monotonic() - started
    progress.end()
    problems = []
    compared = ["what was sent with the receipts"]
    if check:
        compared.append("with the receipts read back in the end")
        try:
            problems += checking.check_receipts(simulation)
        except NoAnswer as problem:
            problems.append(f"receipts could not be read back: {problem.code}")
    if check_database:
        compared.append("the database's aggregates with its rows")
        problems += checking.check_database(simulation)
    document = simulation.summary.document(took_s)
    document["stream"] = simulation.stream
    document["compared"] = compared
    document["problems"] = problems
    document["all_well"] = document["all_well"] and not problems
    return document, document["all_well"]


def declare(url: str, market: Sequence[Operator], keys: dict[str, str], days: int) -> None:
    """Have the operators declare the days that are over, and pay for the months."""
    today = datetime.now(KYIV).date()
    try:
        made = declaring.declare(url, market, keys, days=days, today=today)
    except declaring.NotDeclared as problem:
        raise click.ClickException(f"a declaration was refused: {problem}") from problem
    click.echo(f"simulate: {made} days declared", err=True)
    click.echo(f"simulate: {paying.pay(market, today)} payments of taxes recorded", err=True)


def tell(document: dict[str, Any], *, as_json: bool) -> None:
    """The closing summary: JSON, or a table for people, on standard output."""
    if as_json:
        json.dump(document, sys.stdout, indent=1)
        click.echo()
        return
    click.echo(
        f"{document['records']:,} transactions in {document['batches']:,} batches accepted in"
        f" {document['seconds']:.1f} s ({document['records_per_s']:,.0f}/s)"
    )
    click.echo(f"{'type':<12}{'count':>12}{'sum, UAH':>22}{'cancelled':>12}{'sum, UAH':>20}")
    for name, total in document["receipts"].items():
        click.echo(
            f"{name:<12}{total['count']:>12,}{total['sum']:>22}"
            f"{total['cancelled_count']:>12,}{total['cancelled_sum']:>20}"
        )
    if latency := document["latency_ms"]:
        shown = ", ".join(f"{name} {value:.0f} ms" for name, value in latency.items())
        click.echo(f"answers: {shown}; retries: {document['retries']}")
    for title, codes in (
        ("refused as meant", document["refused_as_meant"]),
        ("REFUSED UNEXPECTEDLY", document["refused_unexpectedly"]),
        ("WITHOUT ANSWER", document["unanswered"]),
    ):
        if codes:
            shown = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
            click.echo(f"{title}: {shown}")
    for problem in document["problems"]:
        click.echo(f"DIFFERS: {problem}")
    if document["differing_receipts"]:
        click.echo(f"DIFFERS: {document['differing_receipts']} receipts do not say what was sent")
    click.echo(f"compared: {', '.join(document['compared'])}")
    click.echo(
        "every receipt says exactly what was sent"
        if document["all_well"]
        else "NOT all was as it should be"
    )
