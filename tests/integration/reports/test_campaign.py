"""A seeded sample of the campaign of reports: a million rows, for correctness."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.campaigns import reports
from tests.campaigns.campaign import Refused, Task
from tests.campaigns.reports_load import check_room
from tests.support.databases import Cluster, rows, value

ROWS = 1_000_000
DAYS = 12


def test_a_generated_market_is_whole_and_its_reports_are_right(cluster: Cluster) -> None:
    with cluster.fresh() as database:
        task = Task(cluster, database, length=ROWS, seed=20261127)
        seen = reports.run(task, days=DAYS, calls=1, operators=3, questions=4, served=False)
        assert 0.9 * ROWS < seen["the_whole"]["rows"] < 1.1 * ROWS
        assert seen["right"]["answers"] == 3 * 4 * 11
        # What the database itself would count anew is what stands there.
        with database.connect() as conn:
            wrong = rows(conn, "select * from report.check_rollups()")
            assert wrong == []
            assert rows(conn, "select * from report.check_rounds()") == []
            known, unknown = rows(
                conn, "select sum(known_count), sum(unknown_count) from rollup.matched_day"
            )[0]
            assert known > 1000 > unknown > 0
            assert value(conn, "select count(*) from ledger.cancellation") > 50


def test_a_disk_that_is_too_small_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="make room, or generate at most"):
        check_room(10**13, tmp_path, present=0)
