"""``dozir backup`` and ``dozir restore``."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from portal.backup import (
    checking,
    copying,
    log,
    moments,
    pruning,
    reach,
    restoring,
    sealing,
    store,
    taking,
)
from portal.backup.store import Store
from portal.config import settings, use_instance
from portal.runtime import (
    RuntimeProblem,
    archiving,
    ensure_running,
    machine,
    maintenance_url,
    packages,
)
from portal.runtime.instance import INSTANCE_NAME, Instance, absent, instance
from portal.runtime.progress import say

SEALED = "secrets-sealed"  # beside the data: when the secrets were last written apart
MOMENT = "%Y%m%d-%H%M%S"
EXTERNAL = (
    "DOZIR_DATABASE_URL names a server of your own: back it up with its own tooling (pgBackRest,"
    " barman, or what its provider offers), with continuous archiving of the log and restores to a"
    " moment. What to configure and what to keep besides: docs/backup.md, `Your own server`."
)
FROM = click.option(
    "--from",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The backup folder, when it is not the one in use.",
)


def _embedded() -> Instance:
    if settings().database_url:
        raise RuntimeProblem(EXTERNAL)
    return instance()


@click.group(invoke_without_command=True)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="The backup folder, best on another disk; remembered. Or DOZIR_BACKUP_DIR.",
)
@click.option("--rate", help="At most so much a second, such as 32M, to spare the disk.")
@click.pass_context
def backup(context: click.Context, folder: Path | None, rate: str | None) -> None:
    """Take a base backup; the first one also switches on continuous archiving.

    From then on any second can be restored: see `dozir restore` and docs/backup.md.
    """
    if context.invoked_subcommand is not None:
        return
    here = _embedded()
    ensure_running()
    found = packages.binaries()
    place = store.chosen(here, folder).folder
    made = taking.switch_on(here, found, place)
    _warn_of_disk(here, made)
    base = taking.take(here, found, made, rate)
    if not (here.folder / SEALED).exists():
        say("next, apart from the backups: dozir backup secrets FILE")
    click.echo(
        f"Instance {settings().instance}, {base.name}: {_size(base.database_bytes)} in"
        f" {_size(base.stored_bytes)}; any moment from {moments.told(base.finished)} on can be"
        " restored."
    )


def _warn_of_disk(here: Instance, made: Store) -> None:
    if here.data.stat().st_dev == made.folder.stat().st_dev:
        say(
            f"warning: {made.folder} is on the same disk as the database; both are lost together."
            " Name another disk with --to."
        )


def _size(value: int) -> str:
    mib = value / machine.MIB
    return f"{mib / 1024:.1f} GiB" if mib >= 1024 else f"{mib:.1f} MiB"


@backup.command("list")
@FROM
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(folder: Path | None, as_json: bool) -> None:
    """Say what can be restored: from when to when."""
    made = store.chosen(_embedded(), folder)
    made.owner()
    every = made.bases()
    bases = [base for base in every if not made.abandoned(base)]
    if not bases:
        raise RuntimeProblem(f"There is no base backup in {made.folder} yet: dozir backup")
    until = log.last_commit(made, bases[0], packages.binaries())
    if as_json:
        facts = {
            "folder": str(made.folder),
            "restorable_from": bases[0].finished_at,
            "restorable_until": until.isoformat() if until else None,
            "archived_log_bytes": made.stored_bytes(),
            "history": made.current_history(),
            "left_histories": [asdict(left) for left in made.left_histories()],
            "bases": [asdict(base) | {"abandoned": base not in bases} for base in every],
        }
        click.echo(json.dumps(facts, default=str, indent=1))
        return
    click.echo(f"{'base backup':<18}{'finished (UTC)':<22}{'size':<12}{'stored':<12}verified")
    for base in every:
        click.echo(
            f"{base.name:<18}{base.finished:%Y-%m-%d %H:%M:%S}   "
            f"{_size(base.database_bytes):<12}{_size(base.stored_bytes):<12}"
            f"{base.verified_at or 'not yet'}"
            f"{'' if base in bases else '; of a history that was left, not restorable'}"
        )
    click.echo(f"log: {_size(made.stored_bytes())} in {made.wal}")
    end = moments.told(until) if until else moments.told(bases[0].finished)
    click.echo(f"restorable: any moment from {moments.told(bases[0].finished)} to {end}")
    for line in reach.out_of_reach(made):
        click.echo(line)


@backup.command()
@FROM
def verify(folder: Path | None) -> None:
    """Read every backup and all of the log, and name what is damaged or missing."""
    made = store.chosen(_embedded(), folder)
    made.owner()
    bases = made.bases()
    if not bases:
        raise RuntimeProblem(f"There is no base backup in {made.folder} yet: dozir backup")
    broken: set[str] = set()
    found: list[str] = []
    for base in bases:
        say(f"base backup {base.name}")
        own = list(checking.base_faults(made.base_folder(base)))
        found += own
        broken |= {base.name} if own else set()
    oldest = min(bases, key=lambda base: base.first_segment)
    say(f"log from segment {oldest.first_wal} on")
    in_log = list(checking.log_faults(made, oldest, lambda number: number >= oldest.first_segment))
    found += in_log
    for one in found:
        click.echo(one)
    if not in_log:
        for base in bases:
            if base.name not in broken:
                taking.mark_verified(made, base)
    if found:
        raise RuntimeProblem(f"{len(found)} faults. Take a new one now: dozir backup")
    counted = "1 base backup" if len(bases) == 1 else f"{len(bases)} base backups"
    click.echo(f"{counted} and the log are whole.")


@backup.command()
@FROM
@click.option("--keep", required=True, help="3: the newest three; 14d: any moment of 14 days.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(folder: Path | None, keep: str, yes: bool) -> None:
    """Remove what the kept backups do not need."""
    made = store.chosen(_embedded(), folder)
    made.owner()
    decided = pruning.plan(made, keep)
    if not decided.gone and not decided.gone_segments:
        click.echo("Nothing to remove.")
        return
    names = ", ".join(base.name for base in decided.gone) or "none"
    click.echo(
        f"Goes: base backups {names}; {decided.gone_segments} segments of the log;"
        f" {_size(decided.gone_bytes)}. Then restorable from"
        f" {moments.told(decided.kept[0].finished)} on."
    )
    if not yes:
        click.confirm("Remove them?", abort=True)
    pruning.carry_out(made, decided, packages.binaries())
    click.echo("Removed.")


@backup.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.password_option(
    "--passphrase",
    envvar="DOZIR_BACKUP_PASSPHRASE",
    show_envvar=True,
    help="Asked for when not given; on a command line others can see it.",
)
def secrets(file: Path, passphrase: str) -> None:
    """Write the instance's secrets, encrypted, into FILE: to be kept apart from the backups."""
    here = instance()
    folder = settings().secrets_dir
    if not folder.exists():
        raise absent(settings().instance)
    place = store.chosen(here, None).folder
    if file.resolve().is_relative_to(place.resolve()):
        raise RuntimeProblem(
            "Keep it apart: whoever takes the backups must not get this with them."
        )
    sealed = sealing.seal(folder, passphrase)
    try:
        descriptor, fresh = tempfile.mkstemp(dir=file.absolute().parent)  # mode 0600
        with os.fdopen(descriptor, "wb") as out:
            out.write(sealed)
        Path(fresh).replace(file)
    except OSError as error:
        raise RuntimeProblem(f"{file} cannot be written: {error.strerror}.") from error
    (here.folder / SEALED).write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')}\n")
    click.echo(f"{file}: keep it and its passphrase apart from each other and from the backups.")


@backup.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
def off(yes: bool) -> None:
    """Archive no more; what was archived stays, and no later moment can be restored."""
    here = _embedded()
    if archiving.state(here) is None:
        click.echo("Backups are off.")
        return
    if not yes:
        click.confirm("No moment from now on will be restorable. Stop archiving?", abort=True)
    ensure_running()
    taking.switch_off(here, packages.binaries())
    click.echo("Backups are off.")


@backup.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def status(as_json: bool) -> None:
    """Say how backups stand: the last one, the last archived segment, what failed."""
    _embedded()
    health = archiving.health()
    if as_json:
        click.echo(json.dumps(asdict(health) | {"failing": health.failing}, default=str, indent=1))
        return
    for name, value in asdict(health).items():
        click.echo(f"{name.replace('_', ' ') + ':':<20}{'-' if value is None else value}")


@click.command()
@click.option("--at", help="The moment: 2026-11-26T01:37:00+02:00 or '… 01:37:00 Europe/Kyiv'.")
@click.option("--latest", is_flag=True, help="All that is archived.")
@click.option("--to", "target", help="The instance to make; by default one named after the moment.")
@FROM
@click.option(
    "--secrets",
    "sealed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file of dozir backup secrets, where this instance's own are lost.",
)
@click.option(
    "--passphrase",
    envvar="DOZIR_BACKUP_PASSPHRASE",
    show_envvar=True,
    help="Asked for when not given; on a command line others can see it.",
)
@click.option("--replace", is_flag=True, help="Into this instance itself, setting its data aside.")
@click.option("--yes", is_flag=True, help="Do not ask before replacing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def restore(  # noqa: PLR0917 - click passes them by name
    at: str | None,
    latest: bool,
    target: str | None,
    folder: Path | None,
    sealed: Path | None,
    passphrase: str | None,
    replace: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Restore a backup to a moment, beside what runs, and leave it running.

    All that committed up to the moment is in, nothing that committed later.
    """
    here = _embedded()
    if (at is None) != latest:
        raise RuntimeProblem("Say --at MOMENT or --latest, one of the two.")
    moment = moments.parse(at) if at else None
    if replace and target:
        raise RuntimeProblem("--replace restores into this instance itself; leave --to out.")
    if target and not re.fullmatch(INSTANCE_NAME, target):
        raise RuntimeProblem("The instance's name takes letters, digits, dots, dashes and _ only.")
    name = settings().instance
    stamp = (moment or datetime.now(UTC)).strftime(MOMENT)
    wanted = restoring.Wanted(
        source=store.chosen(here, folder),
        target=name if replace else target or f"{name}-at-{stamp}",
        moment=moment,
        replace=replace,
        secrets=_unsealed(sealed, passphrase) if sealed else None,
    )
    found = packages.binaries()
    base = reach.choose(wanted.source, moment, found)
    for line in reach.out_of_reach(wanted.source, moment):
        say(f"note: {line}")
    if replace and here.exists() and not yes:
        end = moments.told(moment) if moment else "the archive’s end"
        click.confirm(
            f"Stop instance {name}, set its data aside and put the state of {end} in their place?"
            " What was archived after that moment can then no longer be restored.",
            abort=True,
            err=True,
        )
    say(f"restoring base backup {base.name} into instance {wanted.target}")
    done = restoring.restore(wanted, base, found)
    if as_json:
        click.echo(json.dumps(asdict(done), default=str, indent=1))
    else:
        _tell(done, name)


def _unsealed(file: Path, passphrase: str | None) -> dict[str, str]:
    known = passphrase or click.prompt("Passphrase", hide_input=True)
    return sealing.unseal(file.read_bytes(), known)


def _tell(done: restoring.Restored, former: str) -> None:
    last = moments.told(done.last_commit) if done.last_commit else "none after the base backup"
    newest = moments.told(done.newest_received_at) if done.newest_received_at else "none"
    of = "" if done.instance == former else f" --of {former}"
    lines = [
        f"Instance {done.instance} is restored and runs.",
        f"Last transaction that is in: {last}. Newest batch received: {newest}.",
        f"{done.batches} batches with {done.transactions} transactions, in {done.seconds} s.",
        "Next:",
        f"  DOZIR_INSTANCE={done.instance} dozir restore-log{of}",
        f"  DOZIR_INSTANCE={done.instance} dozir verify",
        f"  DOZIR_INSTANCE={done.instance} dozir serve    # when it holds: switch to it",
        "  then have operators resend what is missing: docs/backup.md, `What operators do`",
    ]
    if done.set_aside:
        lines += [
            "The archive goes on from here: what committed later in the former history is out of"
            " its reach.",
            f"It is in {done.set_aside} alone; remove that when all is well, or put it back:"
            " docs/backup.md, `Back to the data that were set aside`.",
        ]
    click.echo("\n".join(lines))


@click.command()
@click.argument("source")
def copy(source: str) -> None:
    """Copy everything of SOURCE into this instance's migrated, empty database.

    SOURCE is the name of another instance on this machine, whose database runs, or an address (its
    password in PGPASSWORD: others see what a command was called with). For upgrades to another
    major version of PostgreSQL: docs/backup.md. Nobody may send meanwhile.
    """
    if "://" in source:
        address, others = source, dict[str, str]()
    else:
        address, others = _of_instance(source)
    ensure_running()
    rows = copying.copy(address, maintenance_url())
    sealing.put(others, settings().secrets_dir)
    for name, count in rows.items():
        if count:
            click.echo(f"{name}: {count}")
    click.echo("Copied. Next: dozir verify")


def _of_instance(name: str) -> tuple[str, dict[str, str]]:
    """Another instance's address, and its secrets but the database's passwords."""
    if not re.fullmatch(INSTANCE_NAME, name):
        raise RuntimeProblem(f"There is no instance {name!r} with a database here.")
    own = settings().instance
    use_instance(name)
    try:
        if not instance().exists():
            raise absent(name)
        secrets = {
            path.name: path.read_text()
            for path in settings().secrets_dir.iterdir()
            if path.is_file() and path.suffix != ".password"
        }
        return maintenance_url(), secrets
    finally:
        use_instance(own)
