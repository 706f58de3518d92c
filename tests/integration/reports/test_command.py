"""``dozir report``: what the portal says, with a role's rights; what makes no sense is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from portal import db
from portal.reports.commands import report
from portal.web import formats
from tests.integration.reports import oracle
from tests.integration.reports.oracle import Query
from tests.integration.reports.worlds import TODAY, world_in
from tests.support.databases import Cluster


@pytest.fixture(scope="module")
def scene(cluster: Cluster) -> Iterator[Any]:
    with cluster.fresh() as database, database.as_settings():
        db.close()
        yield world_in(database, 11, batches=5)
        db.close()


def run(*arguments: str) -> Any:
    return CliRunner().invoke(report, list(arguments))


def test_the_figures_are_those_of_a_slow_recomputation(scene: Any) -> None:
    world, operators = scene
    found = run(
        "R09", "--from", "2026-01-01", "--by", "operator,month", "--as", "auditor", "--json"
    )
    assert found.exit_code == 0, found.output
    document = json.loads(found.output)
    codes = {one.code: one.id for one in operators}
    query = Query(date(2026, 1, 1), TODAY, ("operator", "month"))
    expected = oracle.r09(world, query)
    totals = expected.pop(None)
    assert document["totals"]["ggr"] == f"{totals['ggr_minor'] / 100:.2f}"
    told = {
        (str(codes[row["keys"]["operator"]]), row["keys"]["month"]): row["figures"]["ggr"]
        for row in document["rows"]
    }
    assert told == {key: f"{row['ggr_minor'] / 100:.2f}" for key, row in expected.items()}


def test_an_operator_sees_itself(scene: Any) -> None:
    _, operators = scene
    own = operators[0].code
    found = run("R03", "--by", "operator", "--as", "operator", "--operator", own, "--json",
                "--from", "2024-01-01")  # fmt: skip
    assert found.exit_code == 0, found.output
    assert {row["keys"]["operator"] for row in json.loads(found.output)["rows"]} <= {own}


def test_a_table_for_people_ends_with_the_total(scene: Any) -> None:
    found = run("R10", "--from", "2026-01-01", "--as", "tax_service")
    assert found.exit_code == 0, found.output
    assert found.output.startswith("R10 Players’ cash flow, 2026-01-01 to ")
    assert found.output.rstrip().splitlines()[-1].startswith("Total")


def test_accounts_say_up_to_when_they_are_counted(scene: Any) -> None:
    asked = ("R07", "--from", "2026-01-01", "--to", "2026-01-31", "--as", "regulator", "--json")
    found = run(*asked)
    assert found.exit_code == 0, found.output
    [remark] = json.loads(found.output)["remarks"]
    assert (remark["code"], remark["warns"]) == ("accounts", False)
    with db.acting_as("regulator", actor="test") as conn:
        row = conn.execute(
            "select max(a.counted_until) as counted, max(a.spread_until) as closed"
            " from api.player_activity('2026-01-01', '2026-01-31', 'month') as a"
        ).fetchone()
    assert row
    counted, closed = row["counted"], row["closed"]
    assert formats.date_time(counted, True) in remark["text"]
    assert (formats.date_only(closed) if closed else "no day of the period") in remark["text"]
    past = json.loads(run(*asked, "--as-of", "2026-11-01T00:00Z").output)
    # Nothing is told then of how far accounts are counted now, but of which days they are.
    assert [one["code"] for one in past["remarks"]] == ["past_closed"]


WRONG = [
    (("R09", "--as", "regulator", "--from", "2026-02-02", "--to", "2026-02-01"), "--to"),
    (("R09", "--as", "regulator", "--from", "9999-01-01"), "--from"),
    (("R09", "--as", "regulator", "--from", "2000-01-01"), "--from"),
    (("R09", "--as", "regulator", "--by", "player"), "--by"),
    (("R09", "--as", "regulator", "--operator", "NOBODY"), "--operator"),
    (("R09", "--as", "regulator", "--sort", "ggr; drop table x"), "--sort"),
    (("R09", "--as", "regulator", "--as-of", "2026-10-25T03:30"), "--as-of"),
    (("R09", "--as", "operator"), "--operator"),
    (("R01", "--as", "tax_service"), "R01"),
    (("R12", "--as", "regulator"), "r12"),
]


@pytest.mark.parametrize(("arguments", "named"), WRONG)
def test_what_makes_no_sense_is_named(scene: Any, arguments: tuple[str, ...], named: str) -> None:
    found = run(*arguments)
    assert found.exit_code != 0
    assert named.lower() in found.output.lower()
    assert "Traceback" not in found.output
