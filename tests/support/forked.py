"""Processes of the log that start in milliseconds: forked from one that has loaded them.

``python -m tests.support.forked`` reads names from standard input (``sign``, ``sequence``,
``journal PORT FOLDER``), forks, and prints the process id. They work with the settings of its
environment, as ``dozir sign``, ``dozir sequence`` and ``dozir journal serve`` do.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from portal import config, logs
from portal.config import settings
from portal.sequencing import signer
from portal.sequencing.sequencer import Sequencer, parts
from portal.sequencing.vault import Vault
from portal.transparency import journals
from portal.transparency.journal_link import JournalServer

Start = Callable[[str], int]


@contextmanager
def forking(environment: Mapping[str, str], said: Path) -> Iterator[Start]:
    """Start processes by their names; killed in the end. What they say goes to a file."""
    with (
        said.open("ab") as log,
        subprocess.Popen(
            [sys.executable, "-m", "tests.support.forked"],
            env={**os.environ, **environment},
            cwd=config.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        ) as process,
    ):
        assert process.stdin
        assert process.stdout

        def start(name: str) -> int:
            print(name, file=process.stdin, flush=True)
            told = process.stdout.readline()  # type: ignore[union-attr]
            assert told, f"{name} does not start:\n{said.read_text()}"
            return int(told)

        try:
            yield start
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _sign() -> None:
    told = settings()
    vault = Vault(told.signer_dir)
    clients = {0, os.geteuid()}
    signer.Server(told.signer_socket, signer.Signer(vault), clients).serve_forever(0.01)


def _sequence() -> None:
    Sequencer(parts(), tick=0.01).run()


def _journal(port: str, folder: str) -> None:
    secret = config.secret(journals.SECRET).encode()
    JournalServer("127.0.0.1", int(port), Path(folder), secret).serve_forever(0.01)


def main() -> None:
    """Fork for each line until there is none."""
    logs.configure()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that were killed
    works: dict[str, Callable[..., None]] = {
        "sign": _sign,
        "sequence": _sequence,
        "journal": _journal,
    }
    for line in sys.stdin:
        name, *arguments = line.split()
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            try:
                works[name](*arguments)
            finally:
                os._exit(1)
        print(pid, flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
