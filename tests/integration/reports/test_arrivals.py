"""Reports on ingestion say the same whether hours of arrival are counted into days or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from portal.web.formats import KYIV
from tests.support.databases import Connection, Database, become, rows
from tests.support.pages import Scene, scene_in

OVER = datetime.now(UTC) + timedelta(hours=1)
TODAY = datetime.now(KYIV).date()
BYS = {
    "r01": (
        "operator",
        "access_key",
        "day",
        "operator,day",
        "month",
        "access_key,month",
        "",
        "hour",
    ),
    "r02": ("operator", "day", "operator,day", "week", "operator,month", ""),
}


@pytest.fixture(scope="module")
def scene(database: Database, the_log: None) -> Scene:
    """Two operators; what came of one of them is put some days back in each test."""
    return scene_in(database)


def _shift(conn: Connection, scene: Scene) -> None:
    conn.execute("set session_replication_role = replica")
    for table, column in (
        ("rollup.ingest_hour", "hour"), ("ledger.batch", "received_at"),
        ("ledger.refusal", "refused_at"),
    ):  # fmt: skip
        conn.execute(
            f"update {table} set {column} = {column} - interval '50 hours' where operator_id = %s",
            (scene.first.id,),
        )
    conn.execute(
        "update rollup.ingest_hour set last_at = last_at - interval '50 hours'"
        " where operator_id = %s",
        (scene.first.id,),
    )
    conn.execute("update rollup.arrival_progress set counted_until = now() - interval '10 days'")
    conn.execute("truncate rollup.arrival_day")
    conn.execute("set session_replication_role = origin")


def _count(conn: Connection, until: datetime) -> None:
    while rows(conn, "select maintenance.count_some_arrivals(%s)", (until,)) != [(None,)]:
        pass


def _answers(conn: Connection, role: str, operator_id: int | None) -> list[object]:
    become(conn, role, operator_id)
    found: list[object] = []
    first = TODAY - timedelta(days=7)
    for report, groupings in BYS.items():
        for by, operators, as_of in product(
            groupings,
            (None, [operator_id] if operator_id else None),
            (None, datetime.now(UTC) - timedelta(hours=40)),
        ):
            found.append(
                rows(
                    conn,
                    f"select * from api.report_{report}(%s, %s, %s, %s, p_as_of => %s)",
                    (first, TODAY, [one for one in by.split(",") if one], operators, as_of),
                )
            )
    conn.execute("reset role")
    return found


@pytest.mark.parametrize("role", ["regulator", "operator"])
@pytest.mark.parametrize(
    "until", [OVER, OVER - timedelta(hours=48), OVER - timedelta(hours=30)],
    ids=["all", "some", "a part of a day"],
)  # fmt: skip
def test_days_of_arrival_change_no_figure(
    database: Database, scene: Scene, role: str, until: datetime
) -> None:
    with database.rolled_back() as conn:
        _shift(conn, scene)
        own = scene.first.id if role == "operator" else None
        before = _answers(conn, role, own)
        _count(conn, until)
        counted = rows(conn, "select count(*), coalesce(sum(row_count), 0) from rollup.arrival_day")
        assert counted[0][0] > 0
        assert _answers(conn, role, own) == before


def test_a_day_of_all_is_the_sum_of_its_operators(database: Database, scene: Scene) -> None:
    with database.rolled_back() as conn:
        _shift(conn, scene)
        _count(conn, OVER)
        differing = rows(
            conn,
            "select day from rollup.arrival_day group by day having"
            " sum(row_count) filter (where operator_id = 0)"
            " <> sum(row_count) filter (where operator_id <> 0 and access_key_id = 0)"
            " or sum(row_count) filter (where operator_id = 0)"
            " <> sum(row_count) filter (where access_key_id <> 0)",
        )
        assert differing == []
        assert rows(conn, "select maintenance.count_some_arrivals(%s)", (OVER,)) == [(None,)]
