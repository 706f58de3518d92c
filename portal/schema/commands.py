"""``dozir migrate``."""

from __future__ import annotations

import click
import psycopg

from portal import runtime
from portal.schema.migrate import migrate as apply


@click.command()
def migrate() -> None:
    """Bring the database to this version: roles, migrations, repeatable SQL."""
    try:
        runtime.ensure_running()
        apply(lambda step: click.echo(f"migrate: {step}", err=True))
    except runtime.RuntimeProblem as problem:
        raise click.ClickException(str(problem)) from problem
    except psycopg.Error as problem:
        notes = "; ".join(getattr(problem, "__notes__", []))
        raise click.ClickException(f"{problem} {notes}".strip()) from problem
