"""``scripts/campaign NAME [--rounds N] [--seed S]``: a long run in a throw-away installation.

Each campaign raises AssertionError at the first broken promise and returns what it saw.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.support import home

if TYPE_CHECKING:
    from tests.support.databases import Database


def _races(database: Database, rounds: int, seed: int) -> Any:
    from tests.campaigns import races

    return races.campaign(database, rounds, seed)


def _http_races(database: Database, rounds: int, seed: int) -> Any:
    from tests.campaigns import http_races

    return _over_http(database, http_races.run, rounds, seed)


def _fuzz(database: Database, rounds: int, seed: int) -> Any:
    from tests.campaigns import fuzz

    return _over_http(database, fuzz.run, rounds, seed)


def _over_http(database: Database, run: Callable[..., Any], rounds: int, seed: int) -> Any:
    """Run against a real server, as the operator that has something of everything."""
    from tests.support.api import Client, Inspector
    from tests.support.market import register_market
    from tests.support.servers import serving

    operator = register_market(database).alpha
    inspector = Inspector(database)
    try:
        with serving(database, workers=2) as server:
            return run(Client(server.port, operator, inspector), seed=seed, count=rounds)
    finally:
        inspector.close()


def _restore(_database: Database, rounds: int, seed: int) -> Any:
    from tests.campaigns import restore

    return restore.campaign(rounds, seed)


def _upgrade(_database: Database, rounds: int, seed: int) -> Any:
    from tests.campaigns import upgrade

    return upgrade.campaign(rounds, seed)


# name -> what it does, and how many rounds it usually takes
CAMPAIGNS: dict[str, tuple[Callable[[Database, int, int], Any], int]] = {
    "fuzz": (_fuzz, 5_000),
    "http_races": (_http_races, 50),
    "races": (_races, 200),
    "restore": (_restore, 10),
    "upgrade": (_upgrade, 10),
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/campaign", description=__doc__)
    parser.add_argument("name", nargs="?", choices=CAMPAIGNS, help="which campaign")
    parser.add_argument("--list", action="store_true", help="name the campaigns")
    parser.add_argument("--rounds", type=int, help="how many rounds; without it the usual number")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    told = parser.parse_args()
    if told.name is None and not told.list:
        parser.error("name a campaign, or --list")
    return told


def main() -> int:
    """The exit code: 0 when every promise held."""
    told = _arguments()
    if told.list:
        print("\n".join(CAMPAIGNS))  # noqa: T201 - the answer
        return 0
    home.make()
    try:
        _run(told.name, told.rounds, told.seed)
    finally:
        home.remove()
    return 0


def _run(name: str, rounds: int | None, seed: int) -> None:
    from tests.support.databases import running_cluster

    campaign, usual = CAMPAIGNS[name]
    rounds = rounds or usual
    print(f"campaign {name}: {rounds} rounds, seed {seed}", file=sys.stderr)  # noqa: T201
    with running_cluster() as cluster:
        seen = campaign(cluster.main(), rounds, seed)
    answer = {"campaign": name, "rounds": rounds, "seed": seed, "seen": seen}
    print(json.dumps(answer))  # noqa: T201 - the answer


if __name__ == "__main__":
    sys.exit(main())
