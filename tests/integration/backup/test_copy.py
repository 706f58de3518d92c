"""Everything of one database copied into another, as a major upgrade does it.

Here between two databases of one server; between two versions: ``scripts/campaign upgrade``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.backup import copying
from portal.runtime import RuntimeProblem
from tests.campaigns.restore import Traffic, hold_exactly, resend
from tests.support.databases import Cluster, Database, value
from tests.support.market import register_alone


@pytest.fixture
def other(cluster: Cluster) -> Iterator[Database]:
    with cluster.fresh() as made:
        yield made


def test_copy_is_exact_and_the_ledger_goes_on(fresh_database: Database, other: Database) -> None:
    operators = [register_alone(fresh_database)]
    with Traffic(fresh_database, operators, seed=7) as traffic:
        traffic.await_batches(10)
    rows = copying.copy(fresh_database.url(), other.url())
    assert rows["ledger.batch"] == len(traffic.sent)
    hold_exactly(other, traffic.sent)
    assert resend(other, traffic.sent[:2]) == [one.receipt for one in traffic.sent[:2]]
    with Traffic(other, operators, seed=8, stream="later") as again:
        again.await_batches(3)
    hold_exactly(other, traffic.sent + again.sent)


def test_copy_never_mixes_two_markets(fresh_database: Database, other: Database) -> None:
    register_alone(fresh_database)
    register_alone(other)
    with pytest.raises(RuntimeProblem, match="not empty"):
        copying.copy(fresh_database.url(), other.url())
    with other.rolled_back() as conn:
        assert value(conn, "select count(*) from registry.operator") == 1


def test_copy_wants_the_same_version(fresh_database: Database, other: Database) -> None:
    with fresh_database.connect() as conn:
        conn.execute("delete from migration._yoyo_migration where migration_id like '0004%'")
    with pytest.raises(RuntimeProblem, match="different versions"):
        copying.copy(fresh_database.url(), other.url())
