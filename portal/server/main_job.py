"""The main job: database, market, portal and simulator in one, for a person or as a check.

For a person it runs until Ctrl-C and keeps the data. As a check it works on an instance of its own,
proves that what operators posted is what an official reads, and leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from portal.runtime.instance import free_port

DOZIR = [sys.executable, "-m", "portal.cli"]
SIMULATION = ["--rate", "200", "--operators", "45", "--late", "0.01", "--cancel", "0.005"]
HISTORY = ["--days", "14", "--rate", "20000", "--seconds", "20"]
CHECK_SECONDS = 10
STOP_SECONDS = 35


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port of the portal.")
@click.option("--check", is_flag=True, help="Prove it all on a throw-away instance.")
def main(host: str, port: int, check: bool) -> None:
    """Run everything: Ctrl-C stops it all. A second start is fast and keeps the data."""
    # Both end the same way; also where whoever started us had SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ["DOZIR_DEMO"] = "1"
    os.environ.setdefault("DOZIR_LOG_LEVEL", "warning")  # a line for each request tells nobody here
    if check:
        run_check()
    else:
        run_for_a_person(host, port)


def run_for_a_person(host: str, port: int) -> None:
    """Start all, print the address, and wait for Ctrl-C."""
    if taken(host, port):
        raise click.ClickException(f"port {port} is taken: choose another with --port")
    try:
        dozir("migrate")
        dozir("demo")
        dozir("simulate", "--if-empty", "--declare", *HISTORY)
        with serving(host, port) as address:
            click.echo(f"\nDozir is at {address}\nEnter as one of the demo identities shown there.")
            click.echo(f"Operators' keys: {demo_keys()}\nCtrl-C stops it all.\n")
            dozir("simulate", "--url", address, *SIMULATION, "--seconds", "0")
    except KeyboardInterrupt:
        click.echo("\nStopped.", err=True)
    finally:
        dozir("db", "stop", check=False)


def run_check() -> None:
    """The same, without a person; exit status 0 only if all of it held."""
    from portal.config import ROOT, default_instance  # noqa: PLC0415 - reads the environment

    os.environ["DOZIR_INSTANCE"] = f"{default_instance(ROOT)}-check-{os.getpid()}"
    from portal.config import settings  # noqa: PLC0415
    from portal.server import check  # noqa: PLC0415

    started = time.monotonic()
    try:
        dozir("migrate")
        dozir("demo")
        with serving("127.0.0.1", free_port()) as address:
            summary = dozir(
                "simulate", "--url", address, *SIMULATION, "--refuse", "0.02",
                "--seconds", str(CHECK_SECONDS), "--json",
            )  # fmt: skip
            check.report_equals(address, summary)
        dozir("verify")
    finally:
        dozir("db", "stop", check=False)
        shutil.rmtree(settings().instance_dir, ignore_errors=True)
    click.echo(f"check: all held, in {time.monotonic() - started:.0f} s")


def dozir(*arguments: str, check: bool = True) -> bytes:
    """Run one command of ours and return what it printed for machines; its failure is ours.

    Standard output is passed on to our standard error, where people look. Each command has a
    session of its own: a Ctrl-C reaches us alone, and we stop what runs in order.
    """
    command = subprocess.Popen(  # noqa: S603
        [*DOZIR, *arguments], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        printed, _ = command.communicate()
    except KeyboardInterrupt:
        command.send_signal(signal.SIGINT)
        printed, _ = command.communicate(timeout=STOP_SECONDS)
        sys.stderr.buffer.write(printed)
        raise
    if "--json" not in arguments:
        sys.stderr.buffer.write(printed)
    if check and command.returncode:
        raise SystemExit(command.returncode)
    return printed


def demo_keys() -> Path:
    """Where the demo operators' access keys lie."""
    from portal.config import settings  # noqa: PLC0415

    return settings().secrets_dir / "demo-keys.json"


@contextmanager
def serving(host: str, port: int) -> Iterator[str]:
    """The portal, answering; stopped gracefully afterwards."""
    server = subprocess.Popen(  # noqa: S603
        [*DOZIR, "serve", "--host", host, "--port", str(port)], start_new_session=True
    )
    address = f"http://{host}:{port}"
    try:
        wait_until_answering(server, address)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def wait_until_answering(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait up to a minute for the first answer."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise click.ClickException("the portal did not start; see its messages above")
        try:
            with urllib.request.urlopen(f"{address}/login", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("the portal does not answer")


def taken(host: str, port: int) -> bool:
    """Whether somebody listens there already."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


if __name__ == "__main__":
    main(prog_name="scripts/run")
