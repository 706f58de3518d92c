"""``dozir sequence``, ``dozir sign``, ``dozir log`` and ``dozir journal``."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import click
import psycopg
import structlog

from portal import config, logs, runtime
from portal.config import settings
from portal.runtime.instance import INSTANCE_NAME, named
from portal.sequencing import restoring, signer
from portal.sequencing.link import SignerAway, SignerLink
from portal.sequencing.publishing import Publisher
from portal.sequencing.sequencer import Sequencer, parts, record_receipt_keys
from portal.sequencing.vault import FOR_EVER, PUBLIC, Refused, Vault
from portal.transparency import journals, keys
from portal.transparency.journal_link import JournalServer

START_SECONDS = 20.0

log = structlog.get_logger(__name__)


@click.command()
def sequence() -> None:
    """Order entries into the log and publish it, for ever; `dozir serve` runs this too."""
    logs.configure()
    with _told():
        made = Sequencer(parts())
    signal.signal(signal.SIGTERM, made.stop)
    signal.signal(signal.SIGINT, made.stop)
    made.run()


@click.command()
def sign() -> None:
    """Hold the log's keys and sign what extends it, for ever; `dozir serve` runs this too.

    Started by root, it works as the system user dozir-signer.
    """
    logs.configure()
    told = settings()
    with _told():
        client = signer.prepare(told.signer_dir, told.signer_socket)
        vault = Vault(told.signer_dir)
        server = signer.Server(told.signer_socket, signer.Signer(vault), {0, client, os.geteuid()})
    _serve(server)
    told.signer_socket.unlink(missing_ok=True)
    vault.close()


def _serve(server: signer.Server | JournalServer) -> None:
    """Serve until told to stop."""
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the loop, which is this thread's
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    with server:
        server.serve_forever(poll_interval=0.2)


@click.group(name="log")
def log_group() -> None:
    """The log that makes rewriting visible: its keys."""


@log_group.command("keys")
def keys_() -> None:
    """Show the public keys that sign, and until when."""
    with _told(), _link() as link:
        for one in link.state().keys:
            until = "" if one.valid_until == FOR_EVER.isoformat() else f"  until {one.valid_until}"
            click.echo(f"{one.vkey}{until}")


@log_group.command("rotate-key")
@click.option(
    "--overlap-days",
    type=click.FloatRange(0.05, 3650),
    default=30.0,
    show_default=True,
    help="How long the present keys sign beside the next ones; then they are destroyed.",
)
def rotate_key(overlap_days: float) -> None:
    """Make the log's next key; only root or the signer's own account may.

    Give the new verifier keys to everyone who verifies before the overlap is over.
    """
    with _told(), _link() as link:
        state = link.rotate(timedelta(days=overlap_days))
        for one in state.keys:
            until = "" if one.valid_until == FOR_EVER.isoformat() else f"  until {one.valid_until}"
            click.echo(f"{one.vkey}{until}")


@log_group.command("rotate-receipt-key")
@click.option(
    "--overlap-days",
    type=click.FloatRange(0, 3650),
    default=30.0,
    show_default=True,
    help="How long the present key signs beside the next one; then it is destroyed.",
)
def rotate_receipt_key(overlap_days: float) -> None:
    """Make the next key that signs receipts; no process need be restarted.

    Old receipts stay verifiable: /log/receipt-key names all keys, the newest first. Give the new
    one to everyone who verifies before the overlap is over.
    """
    with _told(), psycopg.connect(runtime.role_url("dozir_sequencer"), autocommit=True) as conn:
        row = conn.execute("select origin from ledger.log_state()").fetchone()
        if row is None:
            raise runtime.RuntimeProblem("The database has no log: dozir migrate")
        made = keys.rotate_receipt_key(timedelta(days=overlap_days))
        record_receipt_keys(conn, row[0])
    for one in made:
        until = "" if one.valid_until == keys.FOR_EVER else f"  until {one.valid_until}"
        click.echo(f"{one.public(row[0]).vkey()}{until}")


@log_group.command("replace-signer")
@click.option("--yes", is_flag=True, help="Do not ask.")
def replace_signer(yes: bool) -> None:
    """After the signer's keys were lost: let another signer sign this log from its first leaf on.

    Whoever verifies must be told the new keys; an entry of the log says that it happened. Refused
    where a signer answers that has one of the keys, or its folder is still there, and where there
    is no key to be replaced.
    """
    with _told(), psycopg.connect(runtime.role_url("dozir_migrator")) as conn:
        known = conn.execute(
            "select vkey from ledger.log_key"
            " where purpose = 'log' and valid_until > clock_timestamp()"
        ).fetchall()
        _refuse_to_replace({vkey for (vkey,) in known})
        if not yes:
            click.confirm("Are the keys of the former signer lost for good?", abort=True, err=True)
        gone = conn.execute(
            "update ledger.log_key set valid_until = clock_timestamp()"
            " where purpose = 'log' and valid_until > clock_timestamp() returning vkey"
        ).fetchall()
        document = {"act": "replace-signer", "keys": [vkey for (vkey,) in gone]}
        conn.execute(
            "select ledger.append_document(7::smallint, null, %s::jsonb)", (json.dumps(document),)
        )
    click.echo(f"{len(gone)} keys sign no more. Next: dozir serve; then publish: dozir log keys")


def _refuse_to_replace(known: set[str]) -> None:
    """Raises RuntimeProblem unless keys signed that nobody has any more, as far as can be told."""
    if not known:
        raise runtime.RuntimeProblem(
            "There is no key to be replaced: none has signed since this log began, or since its"
            " last one was replaced. The next signer that works here is the log's."
        )
    with _link() as link, suppress(SignerAway):
        if known & {one.vkey for one in link.state().keys}:
            raise runtime.RuntimeProblem(
                "The signer that answers has a key of this log: it is not lost."
                " A new key beside it: dozir log rotate-key"
            )
    kept = settings().signer_dir / PUBLIC
    with suppress(FileNotFoundError):
        if known & set(kept.read_text().splitlines()):
            raise runtime.RuntimeProblem(
                f"The signer of this log is in {kept.parent} and does not answer: start it."
                " If its keys were stolen or are damaged, move the folder away first."
            )


@click.command("restore-log")
@click.option(
    "--of", "former", metavar="INSTANCE", help="Whose signer, tiles and journal they are."
)
def restore_log(former: str | None) -> None:
    """After dozir restore: bring back the entries of the log that the database forgot.

    They come from the journal, their places from the tiles or the journal; then what still waits is
    sequenced and signed. No sequencer may be at work, on the former instance neither. Rows of
    forgotten batches do not come back: operators send those again.
    """
    if former:
        _as_of(former)
    with _told(), _signer_at_hand() as link:
        done = _restored(link)
        Sequencer(parts()).run_once()
    if done.entries:
        click.echo(
            f"The log has its {done.size} leaves again ({done.size_before} were left)."
            f" {done.entries} entries came back from the journal, {done.batches} of them of batches"
            f" whose rows are gone; {done.waiting} had had no leaf yet."
        )
        click.echo("Next: dozir verify, dozir serve, and have operators send those batches again.")
    else:
        click.echo(f"Nothing is lacking: {done.size} leaves.")


def _restored(link: SignerLink) -> restoring.Restored:
    publisher, made = Publisher(settings().tiles_dir), journals.opened()
    try:
        publisher.lock()
        with psycopg.connect(runtime.role_url("dozir_migrator")) as conn:
            return restoring.restore(conn, publisher, link.state(), made)
    finally:
        publisher.close()
        made.close()


def _as_of(former: str) -> None:
    """Use the signer, tiles and journal of another instance, where no setting names them."""
    if not re.fullmatch(INSTANCE_NAME, former) or not named(former).folder.exists():
        raise click.ClickException(f"There is no instance {former!r} here.")
    folder = named(former).folder
    for name, part in (("SIGNER", "signer"), ("TILES", "tiles"), ("JOURNAL", "journal")):
        os.environ.setdefault(f"DOZIR_{name}", str(folder / part))
    settings.cache_clear()


@contextmanager
def _signer_at_hand() -> Iterator[SignerLink]:
    """The signer that runs; else one for this command alone. Raises RuntimeProblem."""
    with _link() as link:
        try:
            link.state()
        except SignerAway:
            pass
        else:
            yield link
            return
        process = subprocess.Popen([sys.executable, "-m", "portal.cli", "sign"])
        try:
            _await(link, process)
            yield link
        finally:
            process.terminate()
            process.wait()


def _await(link: SignerLink, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            link.state()
        except SignerAway as problem:
            if process.poll() is not None or time.monotonic() > deadline:
                raise runtime.RuntimeProblem(
                    "The signer does not run and cannot be started from here:"
                    " systemctl start dozir-signer"
                ) from problem
            time.sleep(0.05)
        else:
            return


@contextmanager
def _link() -> Iterator[SignerLink]:
    link = SignerLink(settings().signer_socket, settings().signer_dir)
    try:
        yield link
    finally:
        link.close()


@click.group()
def journal() -> None:
    """The leaf journal: every entry in a second place before its receipt is answered."""


@journal.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=9321, show_default=True, help="Port.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where to keep it; by default this instance's own folder.",
)
def serve(host: str, port: int, folder: Path | None) -> None:
    """Keep the journal of an instance on another host, which names it in DOZIR_JOURNAL.

    Both have the same secret: copy secrets/journal-secret of this instance into that one's.
    """
    logs.configure()
    place = folder or settings().instance_dir / "journal"
    with _told():
        try:
            server = JournalServer(host, port, place, config.secret(journals.SECRET).encode())
        except OSError as problem:
            raise runtime.RuntimeProblem(f"{host}:{port}: {problem.strerror}") from problem
    log.info("journal ready", host=host, port=server.server_address[1])
    _serve(server)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (Refused, SignerAway, runtime.RuntimeProblem, ValueError) as problem:
        raise click.ClickException(str(problem)) from problem
