"""Throw-away installations: each with its own home, all with the machine's cache of programs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.support.home import place

DOZIR = Path(sys.executable).with_name("dozir")
TIMEOUT_S = 120  # a daemon that held our pipes would keep us waiting: then the test fails here


@dataclass
class Installation:
    """One ``DOZIR_HOME`` and the command line on it, in processes of their own."""

    home: Path
    name: str = "one"
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if k != "DOZIR_DATABASE_URL"}
        own = {"DOZIR_HOME": str(self.home), "DOZIR_INSTANCE": self.name}
        return inherited | own | self.extra

    @property
    def folder(self) -> Path:
        return self.home / "instances" / self.name

    def popen(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [DOZIR, *arguments],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def dozir(
        self, *arguments: str, code: int = 0, **extra: str
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [DOZIR, *arguments],
            env=self.env | extra,
            check=False,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done

    def url(self, *arguments: str) -> str:
        return self.dozir("db", "url", *arguments).stdout.strip()

    def connect(self, url: str | None = None) -> psycopg.Connection[Any]:
        return psycopg.connect(url or self.url(), autocommit=True)

    def one(self, query: str) -> Any:
        with self.connect() as connection:
            row = connection.execute(query).fetchone()
            assert row is not None
            return row[0]

    def execute(self, *statements: str) -> None:
        with self.connect() as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def installation(like: Installation | None = None) -> Iterator[Installation]:
    """An installation with nothing in it, or a copy of one whose database is stopped."""
    # The system user must be able to pass through, which pytest's own folders do not allow
    home = Path(tempfile.mkdtemp(prefix="dozir-test-", dir=place()))
    home.chmod(0o755)
    if like is not None:
        subprocess.run(["cp", "-a", f"{like.home}/.", home], check=True)
    made = Installation(home)
    try:
        yield made
    finally:
        for folder in (home / "instances").glob("*"):
            made.name = folder.name
            made.extra = {}
            made.dozir("db", "stop")
        shutil.rmtree(home)


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """An installation on which nothing was done yet."""
    with installation() as made:
        yield made


@pytest.fixture(scope="module")
def pattern() -> Iterator[Installation]:
    """An installation whose database was made, started and stopped; to be copied only."""
    with installation() as made:
        made.dozir("db", "start")
        made.dozir("db", "stop")
        yield made


@pytest.fixture
def stopped(pattern: Installation) -> Iterator[Installation]:
    """An installation of the test's own whose database was stopped: quicker than to make one."""
    with installation(pattern) as made:
        yield made


@pytest.fixture(scope="module")
def running() -> Iterator[Installation]:
    """An installation whose database runs; tests share it and leave it running."""
    with installation() as made:
        made.dozir("db", "start")
        yield made
