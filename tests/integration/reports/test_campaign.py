"""A seeded sample of the campaign of reports: a million rows, for correctness."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.campaigns import reports
from tests.campaigns.campaign import Refused, Task
from tests.campaigns.reports_load import check_room
from tests.support.databases import Cluster, rows, value
from tests.support.sample import some

ROWS = 1_000_000
DAYS = 7
# Enough for every kind; what is counted for each organiser and period takes longer than the rows.
ORGANISERS = 100


def test_a_generated_market_is_whole_and_its_reports_are_right(cluster: Cluster) -> None:
    with cluster.fresh() as database:
        task = Task(cluster, database, length=ROWS, seed=20261127)
        seen = reports.run(
            task, days=DAYS, calls=1, operators=3, questions=4,
            served=False, beside=False, organisers=ORGANISERS,
        )  # fmt: skip
        assert 0.9 * ROWS < seen["the_whole"]["rows"] < 1.1 * ROWS
        assert seen["right"]["answers"] == 3 * 4 * 11
        # What the database itself would count anew is what stands there.
        with database.connect() as conn:
            last = value(conn, "select last_day from campaign.setting")
            for day in some(
                [last - timedelta(days=number) for number in range(DAYS)], parts=DAYS, least=1
            ):
                bounds = "select ({})::timestamp at time zone 'Europe/Kyiv'"
                since, until = (
                    value(conn, bounds.format("%s::date + %s"), (day, days)) for days in (0, 1)
                )
                for check in ("check_rollups", "check_rounds"):
                    wrong = rows(conn, f"select * from report.{check}(%s, %s)", (since, until))
                    assert wrong == [], f"{check} of {day}"
            known, unknown = rows(
                conn, "select sum(known_count), sum(unknown_count) from rollup.matched_day"
            )[0]
            assert known > 1000 > unknown > 0
            assert value(conn, "select count(*) from ledger.cancellation") > 50


def test_a_disk_that_is_too_small_is_told_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="make room, or generate at most"):
        check_room(10**13, tmp_path, present=0)


def measured(ms: float) -> dict[str, dict[str, object]]:
    one = {"p50": ms, "p95": ms}
    return {
        "default": {"R01": one}, "widest": {"R01": one}, "as_of": {"R01": one}, "pages": {"/": one},
        "transactions": one, "players_of_a_quarter": one,
    }  # fmt: skip


def test_what_grows_with_the_market_is_told_where_a_tenth_was_measured() -> None:
    assert reports.broken({"the_whole": measured(90), "a_tenth": measured(80)}) == []
    assert reports.broken({"the_whole": measured(90), "a_tenth": measured(20)}) == [
        "pages / grew from 20 to 90 ms",
        "default R01 grew from 20 to 90 ms",
        "widest R01 grew from 20 to 90 ms",
    ]
    # A query may take a little longer by chance, a page may not.
    assert reports.broken({"the_whole": measured(28), "a_tenth": measured(20)}) == [
        "pages / grew from 20 to 28 ms"
    ]
    assert reports.broken({"the_whole": measured(90)}) == []
    assert "default R01 takes 101 ms instead of 100" in reports.broken({"the_whole": measured(101)})
