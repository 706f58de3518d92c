"""Reports over the API: an operator's own rows, exact; what makes no sense is told."""

from __future__ import annotations

import json
import socket
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

from portal.reports.catalogue import CODES
from portal.reports.commands import report
from portal.web import periods
from tests.support.api import Answer, Client, in_background
from tests.support.databases import Database, value

BAD = {
    "from=yesterday": "from",
    "from=9999-01-01": "from",
    "from=2026-11-20&to=2026-11-19": "to",
    "by=player": "by",
    "by=day,month": "by",
    "by=operator,gambling_type,licence,day": "by",
    "operator=API-SECOND": "operator",
    "operator=NOBODY": "operator",
    "type=roulette": "type",
    "licence=SB-ONLINE": "licence",
    "licence=NO-SUCH": "licence",
    "channel=NOWHERE": "channel",
    "currency=XXX": "currency",
    "as_of=2026-10-25T03:30": "as_of",
    "as_of=2199-01-01T00:00Z": "as_of",
    "sort=ggr;drop%20table%20x": "sort",
    "dir=up": "sort",
    "limit=0": "limit",
    "limit=10001": "limit",
    "by=game&licence=FA-BETS": "by",
}


def ask(api: Client, query: str = "", report: str = "R03") -> Answer:
    return api.with_key("read").get(f"/reports/{report}?{query}")


def document(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    found: dict[str, Any] = answer.document
    return found


def test_the_figures_are_those_of_the_callers_own_records(api: Client) -> None:
    before = document(ask(api, "from=2026-01-01&by=total"))["totals"]
    api.accepted([api.record(amount="12.34"), api.record(amount="0.66")])
    after = document(ask(api, "from=2026-01-01&by=operator"))
    assert Decimal(after["totals"]["stake"]) - Decimal(before["stake"]) == 13
    assert after["totals"]["bet_count"] - before["bet_count"] == 2
    assert [row["keys"] for row in after["rows"]] == [{"operator": api.operator.code}]
    own = after["rows"][0]["figures"]
    assert (own["stake"], own["ggr"]) == (after["totals"]["stake"], after["totals"]["ggr"])
    assert after["provisional"] is True


def test_as_of_a_moment_is_answered_the_same_again(api: Client) -> None:
    api.accepted([api.record(amount="5.00")])
    first = document(ask(api, "from=2026-01-01"))
    moment = first["as_of"]
    api.accepted([api.record(amount="7.00")])
    again = document(ask(api, f"from=2026-01-01&as_of={moment}"))
    assert again["totals"] == first["totals"]
    assert again["rows"] == first["rows"]
    later = document(ask(api, "from=2026-01-01"))
    assert Decimal(later["totals"]["stake"]) == Decimal(first["totals"]["stake"]) + 7


def test_every_report_answers_and_names_its_columns(api: Client) -> None:
    reports = document(api.with_key("read").get("/reports"))["reports"]
    assert [one["code"] for one in reports] == [f"R{number:02}" for number in range(1, 12)]
    for one in reports:
        for grouping in one["groupings"]:
            found = document(ask(api, f"by={grouping['code']}", one["code"]))
            assert found["columns"] == one["columns"]
            assert set(found["totals"]) == {column["code"] for column in one["columns"]}


@pytest.mark.parametrize("code", CODES)
def test_the_command_says_what_the_api_says(api: Client, code: str) -> None:
    """``dozir report --json``, with the rights of the same operator: the same document."""
    api.accepted([api.record(amount="12.34"), api.record(amount="0.66")])
    moment = document(ask(api))["as_of"]
    begun = periods.today() - timedelta(days=30)
    for by in ("operator", "total"):
        asked = {"from": begun.isoformat(), "by": by}
        if code == "R01":  # which counts requests, and these are some
            asked["as-of"] = moment
        query = "&".join(f"{name.replace('-', '_')}={told}" for name, told in asked.items())
        answered = document(ask(api, query, code))
        options = [part for name, told in asked.items() for part in (f"--{name}", told)]
        rights = ("--as", "operator", "--operator", api.operator.code, "--json")
        found = CliRunner().invoke(report, [code, *options, *rights])
        assert found.exit_code == 0, found.output
        told = json.loads(found.output)
        if "as-of" not in asked:
            assert answered.pop("as_of") < told.pop("as_of")
        for one in answered["remarks"] + told["remarks"]:
            assert one.pop("text")  # for people: in the state's language there, in English here
        assert told == answered
        if code != "R06":  # which tells of refusals, and here need be none
            assert bool(told["rows"]) == (by == "operator")


@pytest.mark.parametrize(("query", "parameter"), BAD.items())
def test_what_makes_no_sense_is_named(api: Client, query: str, parameter: str) -> None:
    answer = ask(api, query, "R03" if "game" in query else "R09")
    assert (answer.status, answer.code) == (400, "invalid_parameter")
    assert answer.document["parameter"] == parameter


def test_another_operators_codes_are_answered_as_unknown_ones(api: Client) -> None:
    for field, theirs in (
        ("operator", "API-SECOND"),
        ("licence", "SB-ONLINE"),
        ("channel", "SITE-G"),
    ):
        foreign, unknown = (ask(api, f"{field}={code}") for code in (theirs, "NO-SUCH-CODE"))
        assert foreign.status == unknown.status == 400
        assert foreign.document | {"request_id": ""} == unknown.document | {"request_id": ""}


def test_a_period_that_is_too_long_says_so(api: Client) -> None:
    for query in ("from=2000-01-01&to=2026-11-01", "from=2026-01-01&to=2026-11-01&by=hour"):
        answer = ask(api, query)
        assert (answer.status, answer.code) == (422, "report_period_too_long")


def test_a_list_is_cut_and_says_so(api: Client) -> None:
    found = document(ask(api, "from=2026-11-01&to=2026-11-20&limit=3"))
    assert len(found["rows"]) <= 3
    assert found["more"] is (found["row_count"] > 3)


def test_a_statement_that_is_stopped_is_told_as_too_slow(api: Client, database: Database) -> None:
    """The report waits for a lock until its statement is cancelled, as a timeout does it."""
    with database.connect() as conn, conn.transaction():
        conn.execute("lock table rollup.day in access exclusive mode")
        asked = in_background(lambda: ask(api, "by=day"))
        with database.connect(autocommit=True) as other:
            for _ in range(200):
                found = value(
                    other,
                    "select count(pg_cancel_backend(pid)) from pg_stat_activity"
                    " where query like '%report_r03%' and wait_event_type = 'Lock'",
                )
                if found:
                    break
                other.execute("select pg_sleep(0.05)")
        answer = asked()
    assert (answer.status, answer.code) == (422, "report_too_slow")


def test_a_query_stops_when_its_client_is_gone(api: Client, database: Database) -> None:
    """Long before the statement's timeout, with the lock that it waits for still held."""
    waiting = (
        "select count(*) from pg_stat_activity"
        " where query like '%report_r03%' and wait_event_type = 'Lock'"
    )
    with database.connect() as conn, conn.transaction():
        conn.execute("lock table rollup.day in access exclusive mode")
        with socket.create_connection(("127.0.0.1", api.port), 30) as client:
            client.sendall(
                "GET /api/v1/reports/R03?by=day HTTP/1.1\r\nHost: localhost\r\n"
                f"Authorization: Bearer {api.operator.keys['read'].text}\r\n\r\n".encode()
            )
            assert _becomes(database, waiting, 1)
        assert _becomes(database, waiting, 0)


def _becomes(database: Database, query: str, wanted: int) -> bool:
    deadline = time.monotonic() + 8
    with database.connect(autocommit=True) as conn:
        while time.monotonic() < deadline:
            if value(conn, query) == wanted:
                return True
            time.sleep(0.05)
    return False


def test_a_key_that_may_only_send_reads_no_report(api: Client) -> None:
    assert api.with_key("submit").get("/reports").code == "scope_missing"
    assert api.with_key("submit").get("/reports/R03").code == "scope_missing"
