"""A database server of a test's own: one that may be killed, and told to wait for standbys.

The suite's own server goes on meanwhile. Only the programs are shared.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal import config
from portal.runtime import instance
from tests.support.databases import Database

DOZIR = Path(sys.executable).with_name("dozir")
STOP_S = 30


@dataclass(frozen=True)
class Installation:
    """An instance beside the suite's own; it takes the suite's passwords and pepper."""

    name: str

    @property
    def folder(self) -> Path:
        return config.settings().home / "instances" / self.name

    def dozir(self, *arguments: str) -> str:
        """Run the command line on this instance; what it printed."""
        environment = {k: v for k, v in os.environ.items() if k != "DOZIR_DATABASE_URL"}
        done = subprocess.run(
            [DOZIR, *arguments],
            env=environment | {"DOZIR_INSTANCE": self.name},
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.stdout.strip()

    def start(self) -> None:
        self.dozir("db", "start")

    def kill(self) -> None:
        """The server is gone at once, as if its machine were: no session ends in order."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + STOP_S
        while Path(f"/proc/{pid}").exists():
            assert time.monotonic() < deadline, "the server does not go"
            time.sleep(0.02)

    @property
    def log(self) -> Path:
        return self.folder / "log" / "postgresql.log"


@dataclass(frozen=True)
class OtherDatabase(Database):
    """A database on another server than the suite's."""

    superuser_url: str

    def url(self, login: str | None = None) -> str:
        if login is None:
            return self.superuser_url
        password = config.secret(f"{login}.password")
        return instance.replace_login(self.superuser_url, login, password)


@contextmanager
def throwaway(name: str) -> Iterator[tuple[Installation, OtherDatabase]]:
    """A running server with a migrated database, stopped in the end."""
    made = Installation(f"{name}-{os.getpid()}")
    made.start()
    try:
        database = OtherDatabase("dozir", made.dozir("db", "url"))
        database.migrate()
        yield made, database
    finally:
        made.dozir("db", "stop")
