"""A database without an operator, and the command line to fill it.

Each has files of its own, so that the keys of one market do not replace those of another.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from portal import config
from tests.support.databases import Cluster, Database, rows, value
from tests.support.servers import Server, serving

OPERATORS = 12
TIMEOUT_S = 120


@dataclass(frozen=True)
class Town:
    """One installation: its database and its commands."""

    database: Database
    home: Path

    @classmethod
    @contextmanager
    def of(cls, database: Database, home: Path, signers: Path | None = None) -> Iterator[Town]:
        """An installation that knows the server's passwords and nothing else.

        ``signers``: where the demo authority and its many keys lie that another made, if one did.
        """
        told = config.settings()
        secrets = home / told.secrets_dir.relative_to(told.home)
        shutil.copytree(
            told.secrets_dir, secrets, ignore=shutil.ignore_patterns("demo-*", "key-pepper")
        )
        own = home / told.demo_authority_dir.relative_to(told.home)
        if signers and signers.exists():
            shutil.copytree(signers, own)
        yield cls(database, home)
        if signers and own.exists() and not signers.exists():
            shutil.copytree(own, signers)

    @property
    def environment(self) -> dict[str, str]:
        return {"DOZIR_DATABASE_URL": self.database.url(), "DOZIR_HOME": str(self.home)}

    @property
    def keys_file(self) -> Path:
        """Where the access keys lie."""
        [path] = self.home.glob("instances/*/secrets/demo-keys.json")
        return path

    def dozir(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a command; it must end with this exit code."""
        done = subprocess.run(
            [Path(sys.executable).with_name("dozir"), *arguments],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
        return done

    def simulate(self, server: Server, *arguments: str, code: int = 0) -> dict[str, Any]:
        """The summary of a simulation."""
        done = self.dozir("simulate", "--url", server.url, *arguments, "--json", code=code)
        summary: dict[str, Any] = json.loads(done.stdout)
        return summary

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with self.database.connect("dozir_migrator") as conn:
            return rows(conn, query)

    def value(self, query: str) -> Any:
        with self.database.connect("dozir_migrator") as conn:
            return value(conn, query)


@pytest.fixture(scope="package")
def signers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first demo authority is kept for those who come after."""
    return tmp_path_factory.mktemp("signers") / "demo-authority"


@pytest.fixture
def new_town(fresh_database: Database, tmp_path: Path) -> Iterator[Town]:
    """An installation with nothing in it."""
    with Town.of(fresh_database, tmp_path) as town:
        yield town


@pytest.fixture
def town(fresh_database: Database, tmp_path: Path, signers: Path) -> Iterator[Town]:
    """The same, with a demo authority where another has made one."""
    with Town.of(fresh_database, tmp_path, signers) as town:
        yield town


@pytest.fixture(scope="module")
def played(
    cluster: Cluster, tmp_path_factory: pytest.TempPathFactory, signers: Path
) -> Iterator[Town]:
    """An installation with a small demo market."""
    home = tmp_path_factory.mktemp("town")
    with cluster.fresh() as made, Town.of(made, home, signers) as town:
        town.dozir("demo", "--operators", str(OPERATORS))
        yield town


@pytest.fixture(scope="module")
def api(played: Town) -> Iterator[Server]:
    """Its portal."""
    with serving(played.database, **played.environment) as server:
        yield server
