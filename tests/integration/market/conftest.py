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
    def of(cls, database: Database, home: Path) -> Town:
        """An installation that knows the server's passwords and nothing else."""
        told = config.settings()
        secrets = home / told.secrets_dir.relative_to(told.home)
        shutil.copytree(
            told.secrets_dir, secrets, ignore=shutil.ignore_patterns("demo-*", "key-pepper")
        )
        return cls(database, home)

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


@pytest.fixture
def town(fresh_database: Database, tmp_path: Path) -> Town:
    """An installation with nothing in it."""
    return Town.of(fresh_database, tmp_path)


@pytest.fixture(scope="module")
def played(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """An installation with a small demo market."""
    with cluster.fresh() as made:
        town = Town.of(made, tmp_path_factory.mktemp("town"))
        town.dozir("demo", "--operators", str(OPERATORS))
        yield town


@pytest.fixture(scope="module")
def api(played: Town) -> Iterator[Server]:
    """Its portal."""
    with serving(played.database, **played.environment) as server:
        yield server
