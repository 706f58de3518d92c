"""``dozir attest``: witnesses and time-stamps for the log's checkpoints."""

from __future__ import annotations

import signal
from datetime import UTC, datetime

import click
import psycopg

from portal import logs, runtime
from portal.attest import attester, authorities
from portal.attest.attester import Attester, Target
from portal.attest.authorities import Authority, ConfigurationInvalid, NotStamped
from portal.config import settings
from portal.transparency import checkpoints, notes, publishing, trusted
from portal.transparency.notes import NoteInvalid
from portal.transparency.policy import NONE, Policy, PolicyInvalid


@click.group()
def attest() -> None:
    """Have others vouch for the log's checkpoints: witnesses, time-stamping authorities."""


@attest.command()
def run() -> None:
    """Ask for cosignatures and time-stamps, for ever; `dozir serve` runs this too.

    DOZIR_LOG_POLICY names a tlog-policy file with the witnesses, DOZIR_TSA a file of authorities.
    """
    policy, known = _policy(), _authorities()
    if not any(one.url for one in policy.witnesses) and not known:
        raise click.ClickException("Nobody to ask: set DOZIR_LOG_POLICY or DOZIR_TSA.")
    logs.configure()
    made = Attester(settings().tiles_dir, policy, known)
    signal.signal(signal.SIGTERM, made.stop)
    signal.signal(signal.SIGINT, made.stop)
    made.run()


@attest.command()
@click.option("--authority", help="This one alone, by its name in the file of DOZIR_TSA.")
def stamp(authority: str | None) -> None:
    """Have the newest checkpoint time-stamped now; exit status 1 unless every stamp holds."""
    known = [one for one in _authorities() if authority in (None, one.name)]
    if not known:
        raise click.ClickException("There is no such authority in the file that DOZIR_TSA names.")
    target = _newest(_policy())
    failed = False
    try:
        with attester.connect_by_settings() as conn:
            for one in known:
                try:
                    stamped = authorities.stamp(one, target.text)
                except NotStamped as problem:
                    click.echo(f"{one.name}: {problem}", err=True)
                    failed = True
                    continue
                attester.store(conn, attester.stamped(target, one.name, stamped))
                click.echo(f"{one.name}: {target.checkpoint.size} leaves at {_moment(stamped.at)}")
    except (psycopg.OperationalError, runtime.RuntimeProblem) as problem:
        raise click.ClickException(f"The database is away: {logs.describe(problem)}") from problem
    if failed:
        raise SystemExit(1)


@attest.command()
def show() -> None:
    """Show who cosigned the newest checkpoint, and whether that is enough."""
    policy = _policy()
    target = _newest(policy)
    _show("newest", publishing.newest(settings().tiles_dir), policy)
    cosigned = publishing.newest_cosigned(settings().tiles_dir)
    if cosigned and notes.read(cosigned)[0] != target.text:
        _show("newest with a quorum", cosigned, policy)


def _show(title: str, note: str, policy: Policy) -> None:
    text, signatures = notes.read(note)
    click.echo(f"{title}: {checkpoints.parse(text).size} leaves")
    cosigned = []
    for witness in policy.witnesses:
        said = "has not cosigned"
        try:
            if signature := notes.find(signatures, witness.key):
                at = checkpoints.verify_signature(text, signature, witness.key)
                said = f"cosigned {_moment(datetime.fromtimestamp(at, UTC))}"
                cosigned.append(witness.name)
        except (NoteInvalid, OverflowError, ValueError) as problem:
            said = f"signature that does not hold: {problem}"
        click.echo(f"  {witness.name}: {said}")
    if policy.quorum == NONE:
        click.echo("  quorum: none is asked for")
    else:
        met = "met" if policy.is_met(cosigned) else "not met"
        click.echo(f"  quorum {policy.quorum}: {met}")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _newest(policy: Policy) -> Target:
    try:
        found = attester.newest(settings().tiles_dir, policy)
    except (OSError, NoteInvalid) as problem:
        raise click.ClickException(f"The published checkpoint: {problem}") from problem
    if found is None:
        raise click.ClickException("No checkpoint is published yet: dozir sequence")
    return found


def _policy() -> Policy:
    try:
        return trusted.policy()
    except (PolicyInvalid, OSError) as problem:
        raise click.ClickException(f"{settings().log_policy}: {problem}") from problem


def _authorities() -> list[Authority]:
    path = settings().tsa
    try:
        return authorities.read(path) if path else []
    except ConfigurationInvalid as problem:
        raise click.ClickException(str(problem)) from problem
