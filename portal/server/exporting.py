"""``dozir exports``: makes the files that nobody waits for, and checks a file without a page."""

from __future__ import annotations

import signal
from pathlib import Path

import click

from portal import logs


@click.group()
def exports() -> None:
    """Files that people take away: their runner, and the check of one."""


@exports.command()
def run() -> None:
    """Make the files that were asked for, for ever; SIGTERM gives back what is under way."""
    from portal import create_app  # noqa: PLC0415 - `dozir exports verify` needs no pages
    from portal.exports.running import Runner  # noqa: PLC0415

    logs.configure()
    runner = Runner(create_app())
    signal.signal(signal.SIGTERM, runner.stop)
    signal.signal(signal.SIGINT, runner.stop)
    runner.run()


@exports.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify(file: Path) -> None:
    """Recompute the hash of what FILE says and look it up; exit status 1 unless it is on record."""
    from portal import db  # noqa: PLC0415
    from portal.exports import gateway, reading  # noqa: PLC0415

    try:
        found = reading.read(file)
    except reading.Unreadable as problem:
        raise click.ClickException("The file is no export: it cannot be read as one.") from problem
    click.echo(f"{found.name}: {found.row_count} rows, hash {found.computed}")
    if found.computed != found.stated:
        raise click.ClickException(f"The file was altered: it bears the hash {found.stated}.")
    with db.portal() as conn:
        if not gateway.knows_export(conn, bytes.fromhex(found.computed)):
            raise click.ClickException("No export of this portal has that hash.")
    click.echo("The file is genuine and unaltered.")
