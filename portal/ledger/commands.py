"""``dozir verify``."""

from __future__ import annotations

import json
import time
from dataclasses import asdict

import click

from portal import db, runtime
from portal.config import settings
from portal.ledger import verify as verification

MAX_SHOWN = 100


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def verify(as_json: bool) -> None:
    """Recompute the ledger and compare; name what does not hold. Exit status 1 if anything."""
    try:
        runtime.ensure_running()
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    where = "external database" if settings().database_url else f"instance {settings().instance}"
    started = time.monotonic()
    found: list[verification.Difference] = []
    with db.migrator() as conn:
        # One snapshot for all checks: batches arriving meanwhile are neither missed nor halved.
        conn.execute("set transaction isolation level repeatable read, read only")
        figures = verification.figures(conn)
        for check in verification.CHECKS:
            click.echo(f"verify: {where}: {check}", err=True)
            found += verification.differences(conn, check)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "database": where,
                    **asdict(figures),
                    "seconds": round(time.monotonic() - started, 3),
                    "differences": [asdict(one) for one in found[:MAX_SHOWN]],
                    "difference_count": len(found),
                }
            )
        )
    else:
        for one in found[:MAX_SHOWN]:
            click.echo(f"{one.object} {one.key}: stored {one.stored}, must be {one.recomputed}")
        click.echo(
            f"{where}: {figures.batches} batches with {figures.transactions} transactions of "
            f"{figures.operators} operators: "
            + (f"{len(found)} differences" if found else "every figure holds")
        )
    if found:
        raise SystemExit(1)
