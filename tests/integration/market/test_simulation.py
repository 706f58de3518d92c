"""``dozir simulate``: through the real API, equal to the database's figures to the kopiyka."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.integration.market.conftest import Town
from tests.support.servers import Server

KYIV = ZoneInfo("Europe/Kyiv")
TYPES = ("bet", "win", "refund", "deposit", "withdrawal")


def net_totals(town: Town) -> dict[str, dict[str, object]]:
    """Of all rows: cancelling ones taken off."""
    found = {
        TYPES[number - 1]: {"count": count, "sum": Decimal(minor) / 100}
        for number, count, minor in town.rows(
            "select type, sum(case cancel_reason when 0 then 1 else -1 end),"
            " sum(case cancel_reason when 0 then amount_minor else -amount_minor end)"
            " from ledger.transaction group by 1"
        )
    }
    return {name: found.get(name, {"count": 0, "sum": Decimal(0)}) for name in TYPES}


def added(before: dict[str, dict[str, object]], town: Town) -> dict[str, dict[str, object]]:
    after = net_totals(town)
    return {
        name: {key: after[name][key] - before[name][key] for key in ("count", "sum")}  # type: ignore[operator]
        for name in TYPES
    }


def shown(summary: dict[str, dict[str, dict[str, object]]]) -> dict[str, dict[str, object]]:
    return {
        name: {"count": total["count"], "sum": Decimal(str(total["sum"]))}
        for name, total in summary["totals"].items()
    }


def moment(ago: timedelta) -> str:
    return (datetime.now(KYIV) - ago).isoformat(timespec="seconds")


def test_live_with_late_cancelled_and_refused_records(played: Town, api: Server) -> None:
    before = net_totals(played)
    refusals = played.value("select count(*) from ledger.refusal")
    summary = played.simulate(
        api, "--start", moment(timedelta(seconds=30)), "--rate", "200", "--seconds", "20",
        "--late", "0.05", "--cancel", "0.05", "--refuse", "0.2", "--batch-size", "200",
        "--check", "--check-database",
    )  # fmt: skip
    assert summary["all_well"]
    assert 2_500 < summary["records"] < 6_000
    assert shown(summary) == added(before, played)
    assert summary["receipts"]["bet"]["cancelled_count"] > 20
    refused = sum(summary["refused_as_meant"].values())
    assert refused > 3
    assert played.value("select count(*) from ledger.refusal") - refusals == refused
    assert played.value("select count(*) from ledger.transaction where breach & 8 > 0") > 50
    assert played.rows("select object from report.check_rollups()") == []


def test_the_same_run_again_is_answered_with_the_same_receipts(played: Town, api: Server) -> None:
    arguments = (
        "--start", moment(timedelta(minutes=5)), "--rate", "100", "--seconds", "5",
        "--operators", "4", "--cancel", "0.05", "--seed", "7",
    )  # fmt: skip
    first = played.simulate(api, *arguments)
    before = net_totals(played)
    again = played.simulate(api, *arguments)
    assert again["totals"] == first["totals"]
    assert again["replayed"] == again["batches"] == first["batches"] > 0
    assert net_totals(played) == before


def test_a_past_period_is_filled_by_the_rhythm_of_its_days(played: Town, api: Server) -> None:
    before = net_totals(played)
    summary = played.simulate(
        api, "--days", "3", "--rate", "4000", "--seconds", "2", "--seed", "3",
        "--cancel", "0.01", "--check", "--check-database",
    )  # fmt: skip
    assert abs(summary["records"] - 8_000) < 800
    assert shown(summary) == added(before, played)
    stream = summary["stream"]
    hours = dict(
        played.rows(
            "select extract(hour from t.occurred_at at time zone 'Europe/Kyiv')::int, count(*)"
            " from ledger.transaction as t join ledger.batch as b on b.id = t.batch_id"
            f" where b.stream = '{stream}' group by 1"
        )
    )
    assert len(hours) == 24
    assert sum(hours[h] for h in (20, 21, 22)) > 3 * sum(hours[h] for h in (3, 4, 5))
    days = played.value(
        "select count(distinct t.occurred_at::date) from ledger.transaction as t"
        f" join ledger.batch as b on b.id = t.batch_id where b.stream = '{stream}'"
    )
    assert days >= 3


def test_where_there_are_batches_if_empty_does_nothing(played: Town, api: Server) -> None:
    played.simulate(api, "--rate", "50", "--seconds", "1", "--start", moment(timedelta(seconds=9)))
    before = net_totals(played)
    done = played.dozir("simulate", "--if-empty", "--days", "1", "--rate", "9", "--seconds", "9")
    assert "nothing done" in done.stderr
    assert net_totals(played) == before


def test_a_key_that_was_revoked_makes_it_fail(played: Town, api: Server) -> None:
    with played.database.connect("dozir_migrator") as conn:
        conn.execute(
            "update registry.access_key set revoked_at = now() where operator_id ="
            " (select id from registry.operator where code = 'OC-0001')"
        )
    summary = played.simulate(
        api, "--rate", "50", "--seconds", "2", "--operators", "1",
        "--start", moment(timedelta(seconds=30)), code=1,
    )  # fmt: skip
    assert set(summary["refused_unexpectedly"]) == {"key_revoked"}
    assert not summary["all_well"]
    played.dozir("demo", "--operators", "12")  # makes a new one
    assert played.simulate(
        api, "--rate", "50", "--seconds", "2", "--operators", "1",
        "--start", moment(timedelta(seconds=30)),
    )["all_well"]  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_still_closes_with_exact_totals(
    played: Town, api: Server, how: signal.Signals
) -> None:
    before = net_totals(played)
    process = subprocess.Popen(
        [
            Path(sys.executable).with_name("dozir"), "simulate", "--url", api.url,
            "--rate", "200", "--seconds", "0", "--json",
        ],
        env={**os.environ, **played.environment},
        stdout=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while net_totals(played) == before and time.monotonic() < deadline:
        time.sleep(0.2)
    process.send_signal(how)
    output, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    summary = json.loads(output)
    assert summary["records"] > 0
    assert shown(summary) == added(before, played)


def test_without_an_address_it_serves_itself_and_stops_that_again(played: Town) -> None:
    done = played.dozir(
        "simulate", "--rate", "100", "--seconds", "2", "--start", moment(timedelta(seconds=20))
    )
    assert "every receipt says exactly what was sent" in done.stdout


def test_the_days_that_are_over_are_declared_some_of_them_wrong(played: Town, api: Server) -> None:
    """Of each state of a declaration there is one to be seen."""
    played.simulate(api, "--days", "6", "--rate", "2000", "--seconds", "2", "--declare")
    today = datetime.now(KYIV).date()
    found = dict(
        played.rows(
            "select s.state, s.days from api.declaration_states("
            f" '{today - timedelta(days=7)}', '{today}') as s"
        )
    )
    assert {"matches", "differs", "missing", "unbalanced"} <= found.keys()
    assert found["matches"] > found["differs"]
    assert played.value("select count(*) from report.declared_day where version = 2") > 0
    # What is held to be equal really is: no declared sum differs from the raw rows.
    assert (
        played.value(
            "select count(*) from api.declared_and_observed("
            f" '{today - timedelta(days=7)}', '{today}', p_state => 'matches') as d"
            " where d.declared_bet_minor <> d.observed_bet_minor"
        )
        == 0
    )
