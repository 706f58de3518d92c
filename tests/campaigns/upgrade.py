"""A major upgrade, as a person makes it: the old version beside the new one, `dozir copy` between.

The new version is this checkout with another ``[tool.dozir.postgresql]``: PostgreSQL 18 with
TimescaleDB from the Debian release that has them.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.config import ROOT
from tests.campaigns.campaign import Campaign, Task
from tests.campaigns.restore import SENDERS, Own, Traffic, backed_up, hold_exactly, resend, run
from tests.support.databases import value
from tests.support.market import register_alone
from tests.support.throwaway import Installation

MAJOR, RELEASE = 18, "forky"


@dataclass(frozen=True)
class NewVersion(Installation):
    """An instance run by another checkout."""

    checkout: Path

    def dozir(self, *arguments: str) -> str:
        environment = {k: v for k, v in os.environ.items() if k != "DOZIR_DATABASE_URL"}
        environment |= {"DOZIR_INSTANCE": self.name, "PYTHONPATH": str(self.checkout)}
        done = subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments],
            cwd=self.checkout,
            env=environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()


@contextmanager
def checkout(major: int, release: str) -> Iterator[Path]:
    """This checkout, told to use another PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="dozir-new-", dir="/var/tmp"))
    try:
        for part in ("portal", "sql", "migrations"):
            shutil.copytree(ROOT / part, folder / part)
        text = (ROOT / "pyproject.toml").read_text()
        text = re.sub(r"(?m)^major = \d+", f"major = {major}", text)
        text = re.sub(r'(?m)^debian_release = "\w+"', f'debian_release = "{release}"', text)
        text = re.sub(r'(?m)^  "postgresql-\d+', f'  "postgresql-{major}', text)
        (folder / "pyproject.toml").write_text(text)
        yield folder
    finally:
        shutil.rmtree(folder)


def campaign(task: Task, major: int = MAJOR, release: str = RELEASE) -> Counter[str]:
    """Fill an instance for as many seconds as rounds, copy it to the new version's, hold both."""
    with backed_up("old") as (made, database), checkout(major, release) as folder:
        operators = [register_alone(database) for _ in range(SENDERS)]
        with Traffic(database, operators, random.Random(task.seed).randrange(2**32)) as traffic:
            time.sleep(task.rounds)
        (made.folder / "secrets/key-pepper").write_text("an old pepper")
        new = NewVersion(f"new-{os.getpid()}", folder)
        try:
            new.dozir("migrate")
            new.dozir("copy", made.name)
            new.dozir("verify")
            upgraded = Own("dozir", new)
            hold_exactly(upgraded, traffic.sent)
            assert (new.folder / "secrets/key-pepper").read_text() == "an old pepper"
            _goes_on(upgraded, traffic)
            new.dozir("verify")
            run(made, "verify")
            said = json.loads(new.dozir("db", "status", "--json"))
            assert said["postgresql"].startswith(f"{major}.")
            versions = f"PostgreSQL {said['postgresql']}, TimescaleDB {said['timescaledb']}"
            return Counter({"batches copied": len(traffic.sent), versions: 1})
        finally:
            new.dozir("db", "stop")
            shutil.rmtree(new.folder, ignore_errors=True)


def _goes_on(database: Own, traffic: Traffic) -> None:
    """Replays get their old receipts; new batches continue every sequence."""
    with database.rolled_back() as conn:
        before = value(conn, "select count(*) from ledger.batch")
    replayed = resend(database, traffic.sent[:3])
    assert replayed == [one.receipt for one in traffic.sent[:3]]
    with database.rolled_back() as conn:
        assert value(conn, "select count(*) from ledger.batch") == before
    operators = {one.operator.id: one.operator for one in traffic.sent}
    again = Traffic(database, list(operators.values()), 1, stream="after the upgrade")
    with again:
        again.await_batches(20)
    assert min(one.id for one in again.sent) > max(one.id for one in traffic.sent)
    hold_exactly(database, traffic.sent + again.sent)


CAMPAIGN = Campaign(
    "upgrade",
    "a newer PostgreSQL takes over everything, and batches go on where they were",
    campaign,
    length=10,
)
