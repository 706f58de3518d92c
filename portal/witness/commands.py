"""``dozir witness``."""

from __future__ import annotations

import signal
from pathlib import Path

import click
import gevent
import structlog

from portal import logs
from portal.transparency import policy
from portal.transparency.notes import PublicKey
from portal.transparency.policy import PolicyInvalid
from portal.witness.cosigning import Witness
from portal.witness.server import Server
from portal.witness.state import State, StateProblem, vkeys

STOP_SECONDS = 5

log = structlog.get_logger(__name__)


@click.command()
@click.option(
    "--origin-key",
    "origin_keys",
    multiple=True,
    metavar="VKEY",
    help="Verifier key of a log to watch, as its policy gives it; may be repeated.",
)
@click.option(
    "--state",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of this witness alone: its keys and what it cosigned. Made when absent.",
)
@click.option("--name", help="Name of a new witness, as in: court.example/w1")
@click.option("--listen", default="127.0.0.1:8007", show_default=True, help="HOST:PORT.")
@click.option("--keys", "only_keys", is_flag=True, help="Print the verifier keys and leave.")
def witness(
    origin_keys: tuple[str, ...], state: Path, name: str | None, listen: str, *, only_keys: bool
) -> None:
    """Watch logs for an authority, an operator or yourself: cosign what only ever grows.

    Speaks C2SP tlog-witness. Needs no database. See docs/witness.md.
    """
    try:
        logs_watched = [policy.read_key(vkey, policy.LOG_KINDS) for vkey in origin_keys]
    except PolicyInvalid as problem:
        raise click.BadParameter(str(problem), param_hint="--origin-key") from problem
    try:
        held = State(state, name)
    except StateProblem as problem:
        raise click.ClickException(str(problem)) from problem
    click.echo(vkeys(held.keys), nl=False)
    if only_keys:
        return
    if not logs_watched:
        raise click.UsageError("Name at least one log: --origin-key")
    logs.configure()
    _serve(held, logs_watched, _address(listen))


def _address(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise click.BadParameter("HOST:PORT, as in 127.0.0.1:8007", param_hint="--listen")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _serve(held: State, logs_watched: list[PublicKey], address: tuple[str, int]) -> None:
    server = Server(address, Witness(held, logs_watched), vkeys(held.keys))
    try:
        server.start()
    except OSError as problem:
        raise click.ClickException(f"Cannot listen there: {problem.strerror}") from problem
    log.info("witness ready", host=server.server_host, port=server.server_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, server.stop, STOP_SECONDS)
    server.serve_forever(stop_timeout=STOP_SECONDS)
    held.close()
