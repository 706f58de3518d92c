"""A fresh install equals an upgraded one, with rows in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import config
from tests.migrations import builds
from tests.support.batches import cancellation, random_rows, store
from tests.support.databases import Cluster, Database, rows, value
from tests.support.market import alpha, gamma, register
from tests.support.players import count_players


@pytest.fixture(scope="module")
def fresh(cluster: Cluster) -> Iterator[dict[str, str]]:
    """What `dozir migrate` makes of an empty database."""
    with cluster.fresh() as database:
        yield builds.schema_of(database)


def _with_rows(database: Database) -> dict[str, int]:
    """An operator, three batches on several days; the number of rows by table."""
    rng = random.Random(4)
    now = datetime.now(UTC)
    with database.connect() as conn:
        operator = register(conn, alpha())
    batch = random_rows(operator, 60, rng, [now - timedelta(days=n) for n in range(4)])
    store(database, operator, batch)
    store(database, operator, [cancellation(batch[0])])
    return _counts(database)


def _counts(database: Database) -> dict[str, int]:
    tables = (
        "ledger.transaction",
        "ledger.batch",
        "ledger.cancellation",
        "rollup.hour",
        "rollup.game_hour",
        "rollup.day",
        "rollup.ingest_hour",
        "registry.licence",
        "registry.history",
        "registry.access_key",
    )
    with database.rolled_back() as conn:
        return {table: value(conn, f"select count(*) from {table}") for table in tables}


def _still_exact(database: Database) -> None:
    count_players(database)
    with database.rolled_back() as conn:
        assert rows(conn, "select * from report.check_rollups()") == []
        assert rows(conn, "select * from report.check_players()") == []
        assert value(conn, "select sum(active_count) > 0 from rollup.account_count")


def _differences(left: dict[str, str], right: dict[str, str]) -> list[str]:
    return [
        f"{name}\n--- fresh\n{left.get(name)}\n--- upgraded\n{right.get(name)}"
        for name in sorted(left.keys() | right.keys())
        if left.get(name) != right.get(name)
    ]


def test_migrations_one_by_one_and_reloads_with_rows_come_to_the_same(
    cluster: Cluster, fresh: dict[str, str]
) -> None:
    with cluster.empty() as database:
        builds.roles(database, config.ROOT)
        builds.versioned(database, config.ROOT, one_at_a_time=True)
        builds.repeatable(database, config.ROOT)
        before = _with_rows(database)
        builds.roles(database, config.ROOT)
        builds.repeatable(database, config.ROOT)
        database.migrate()
        assert _differences(fresh, builds.schema_of(database)) == []
        assert _counts(database) == before
        _still_exact(database)
        with database.connect() as conn:
            operator = register(conn, gamma())
        store(database, operator, random_rows(operator, 5, random.Random(5), [datetime.now(UTC)]))
        _still_exact(database)


def test_the_last_release_upgraded_comes_to_the_same(
    cluster: Cluster, fresh: dict[str, str], tmp_path: Path
) -> None:
    released = builds.released_tree(tmp_path)
    if released is None:
        pytest.skip("nothing was released yet: there is no tag v…")
    with cluster.empty() as database:
        builds.roles(database, released)
        builds.versioned(database, released)
        builds.repeatable(database, released)
        before = _with_rows(database)
        database.migrate()
        assert _differences(fresh, builds.schema_of(database)) == []
        assert _counts(database) == before
        _still_exact(database)


def test_a_second_migrate_changes_nothing(cluster: Cluster, fresh: dict[str, str]) -> None:
    with cluster.fresh() as database:
        database.migrate()
        assert _differences(fresh, builds.schema_of(database)) == []
