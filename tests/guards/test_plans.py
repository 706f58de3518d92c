"""Queries over transactions open the chunks of their period and no other."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from psycopg.errors import Diagnostic

from portal.reports.answering import FUNCTIONS
from portal.web.formats import KYIV
from tests.support.batches import Row, random_rows, store
from tests.support.databases import Cluster, Connection, Database, become, value
from tests.support.market import Operator, alpha, register
from tests.support.players import sequence_waiting

DAYS = 60
MIDNIGHT = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


class Ledger:
    """A ledger of 60 days (chunks), and a batch of two of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        rng = random.Random(60)
        with database.connect() as conn:
            self.operator: Operator = register(conn, alpha())
        for n in range(DAYS):
            batch = random_rows(self.operator, 3, rng, [_noon(n)])
            store(database, self.operator, batch)
        self.rows: list[Row] = random_rows(self.operator, 30, rng, [_noon(20), _noon(21)])
        self.batch_id = store(database, self.operator, self.rows)["batch_id"]


def _noon(days_ago: int) -> datetime:
    return MIDNIGHT - timedelta(days=days_ago) + timedelta(hours=12)


@pytest.fixture(scope="module")
def ledger(cluster: Cluster) -> Iterator[Ledger]:
    with cluster.fresh() as database:
        yield Ledger(database)


def _scanned(node: Any) -> set[str]:
    """The chunks named in a plan."""
    return {name for name in _relations(node) if name.startswith("_hyper_")}


def _relations(node: Any) -> set[str]:
    """The tables named in a plan."""
    if isinstance(node, list):
        return set().union(*map(_relations, node)) if node else set()
    if not isinstance(node, dict):
        return set()
    found = {str(node["Relation Name"])} if "Relation Name" in node else set()
    return found.union(*map(_relations, node.values()))


def _chunks_of(conn: Connection, query: str, parameters: tuple[Any, ...]) -> set[str]:
    """Run a query; the chunks in the plans of it and of every statement in its functions."""
    return _scanned(_plans_of(conn, query, parameters))


def _plans_of(conn: Connection, query: str, parameters: tuple[Any, ...]) -> list[Any]:
    plans: list[Any] = []

    def listen(said: Diagnostic) -> None:
        text = said.message_primary or ""
        if "plan:" in text:
            plans.append(json.loads(text.partition("plan:")[2]))

    conn.add_notice_handler(listen)
    conn.execute(query, parameters)
    conn.remove_notice_handler(listen)
    assert plans
    return plans


def _explaining(conn: Connection) -> None:
    conn.execute(
        "load 'auto_explain'; set auto_explain.log_min_duration = 0;"
        "set auto_explain.log_nested_statements = on; set auto_explain.log_format = 'json';"
        "set auto_explain.log_level = 'notice'; set client_min_messages = notice"
    )


TWO_DAYS = (_noon(21).replace(hour=0), _noon(19).replace(hour=0))
CASES: dict[str, tuple[str, int]] = {
    "select * from api.transactions(%(from)s, %(until)s)": ("two days", 2),
    "select * from api.transactions(%(from)s, %(until)s, array[%(operator)s],"
    " array[2, 3]::smallint[], array[1]::smallint[], 980::smallint)": ("all filters", 2),
    "select * from api.transactions(%(from)s, %(until)s, p_licences => array[1],"
    " p_channels => array[1], p_games => array[1], p_payment => 1::smallint)": ("one place", 2),
    "select * from api.transaction_sums(%(from)s, %(until)s)": ("sums of days", 0),
    "select * from api.transaction_sums(%(from)s::timestamptz + interval '12 hours',"
    " %(from)s::timestamptz + interval '12 hours 30 minutes')": ("sums of part of an hour", 1),
    "select * from api.batch_transactions(%(batch)s)": ("one batch", 2),
    "select * from api.batch_transactions(%(batch)s, 10, 5)": ("a page of it", 2),
    "select * from api.batch_transactions(0)": ("no such batch", 0),
    "select * from api.live_arrivals(null, %(from)s)": ("live", 0),
    "select * from api.live_arrivals(%(operator)s, %(from)s, '3:3:')": ("live, what is new", 0),
    "select * from api.live_money(%(until)s::timestamptz::date)": ("live, money of a day", 0),
}


@pytest.mark.parametrize("role", ["operator", "regulator"])
@pytest.mark.parametrize("query", CASES, ids=[what for what, _ in CASES.values()])
def test_a_page_opens_its_own_days(ledger: Ledger, role: str, query: str) -> None:
    with ledger.database.rolled_back() as conn:
        _explaining(conn)
        become(conn, role, ledger.operator.id)
        chunks = _chunks_of(
            conn,
            query,
            {  # type: ignore[arg-type]
                "from": TWO_DAYS[0],
                "until": TWO_DAYS[1],
                "operator": ledger.operator.id,
                "batch": ledger.batch_id,
            },
        )
    assert len(chunks) == CASES[query][1], sorted(chunks)


def test_the_same_connection_plans_each_period_anew(ledger: Ledger) -> None:
    """A generic plan, made after five calls, would name all 60 chunks."""
    with ledger.database.rolled_back() as conn:
        _explaining(conn)
        become(conn, "regulator")
        for n in range(8):
            start = _noon(n + 5).replace(hour=0)
            chunks = _chunks_of(
                conn, "select * from api.transactions(%s, %s)", (start, start + timedelta(days=1))
            )
            assert len(chunks) == 1


def test_looking_up_ids_opens_their_days(ledger: Ledger) -> None:
    ids = [row.id for row in ledger.rows]
    with ledger.database.rolled_back() as conn:
        _explaining(conn)
        chunks = _chunks_of(
            conn, "select * from ledger.find_duplicates(%s, %s)", (ledger.operator.id, ids)
        )
    assert len(chunks) == 2


def test_checking_a_day_opens_that_day(ledger: Ledger) -> None:
    """A day of Kyiv lies in two days of UTC, which the chunks are."""
    with ledger.database.rolled_back() as conn:
        _explaining(conn)
        start = _noon(20)
        chunks = _chunks_of(
            conn, "select * from report.check_rollups(%s, %s)", (start, start + timedelta(hours=1))
        )
    assert len(chunks) == 2


def test_counting_accounts_opens_the_days_of_their_batches(ledger: Ledger) -> None:
    with ledger.database.rolled_back() as conn:
        sequence_waiting(conn)
        last = value(conn, "select max(leaf_index) from ledger.leaf")
        conn.execute("update rollup.player_progress set leaf_count = %s", (last,))
        _explaining(conn)
        chunks = _chunks_of(conn, "select maintenance.count_some_players(%s)", (1,))  # type: ignore[arg-type]
        assert len(chunks) == 2, "of the last batch"


def test_activity_of_accounts_opens_no_day(ledger: Ledger) -> None:
    """It is read from counters, whatever the period."""
    with ledger.database.rolled_back() as conn:
        _explaining(conn)
        become(conn, "regulator")
        plans = _plans_of(
            conn,
            "select * from api.player_activity(%s, %s, 'quarter', '{operator,gambling_type}')",
            (MIDNIGHT.date() - timedelta(days=400), MIDNIGHT.date()),
        )
        assert not [name for name in _relations(plans) if "hyper" in name or name == "player_day"]


@pytest.mark.parametrize("code", FUNCTIONS)
def test_a_report_as_of_a_moment_opens_days_of_what_arrived_in_its_hour_alone(
    ledger: Ledger, code: str
) -> None:
    with ledger.database.rolled_back() as conn:
        conn.execute("set local session_replication_role = replica")
        conn.execute(
            "update ledger.batch set received_at = received_at - interval '2 days' where id <> %s",
            (ledger.batch_id,),
        )
        arrived = value(
            conn, "select received_at from ledger.batch where id = %s", (ledger.batch_id,)
        )
        _explaining(conn)
        become(conn, "regulator")
        for moment in (arrived, arrived - timedelta(milliseconds=1)):  # with the batch, and before
            chunks = _chunks_of(
                conn,
                f"select * from {FUNCTIONS[code]}(%s, %s, p_as_of => %s)",
                (MIDNIGHT.date() - timedelta(days=DAYS), MIDNIGHT.date(), moment),
            )
            assert len(chunks) <= 2, sorted(chunks)
            # Both days of the batch are opened by what tells money as of its arrival.
            assert len(chunks) == 2 or code != "R03" or moment < arrived


def test_measuring_open_bets_opens_the_days_round_the_beginning_of_the_month(
    ledger: Ledger,
) -> None:
    """A day before and a day after midnight in Kyiv lie in three days of UTC."""
    month = datetime.now(KYIV).date().replace(day=1)
    with ledger.database.rolled_back() as conn:
        conn.execute("update report.settlement_rule set window_days = 1")
        _explaining(conn)
        chunks = _chunks_of(
            conn, "select rollup.measure_open_bets(%s, %s)", (ledger.operator.id, month)
        )
    assert 0 < len(chunks) <= 3, sorted(chunks)
