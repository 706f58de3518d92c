"""What an operator is told of the market beside R08: the same on the page, in files, by command."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from portal.reports.commands import report as command
from tests.integration.reports.conftest import Pages
from tests.integration.reports.questions import connected
from tests.integration.reports.worlds import TODAY

FIRST = date(2026, 1, 1)
DAYS = f"from={FIRST}&to={TODAY}"


def minor(text: str) -> int:
    """An amount in minor units, however it is written."""
    negative = text.strip().startswith(("-", "−"))
    return int(re.sub(r"[^0-9]", "", text)) * (-1 if negative else 1)


def by_command(role: str, *more: str) -> dict[str, Any]:
    found = CliRunner().invoke(
        command, ["R08", "--as", role, "--from", f"{FIRST}", "--to", f"{TODAY}", "--json", *more]
    )
    assert found.exit_code == 0, found.output
    document: dict[str, Any] = json.loads(found.output)
    return document


def expected(pages: Pages) -> list[tuple[str, str, int, int, int]]:
    with connected(pages.database, "operator", pages.operators[0].id) as conn:
        found = conn.execute(
            "select to_char(m.month, 'YYYY-MM') as month, t.code, m.operator_count,"
            " m.net_stake_minor, m.ggr_minor from api.market_months(%s, %s) as m"
            " join api.gambling_type as t on t.id = m.gambling_type_id"
            " order by m.month, m.gambling_type_id",
            (FIRST, TODAY),
        ).fetchall()
    return [tuple(row.values()) for row in found]


def told(months: list[dict[str, Any]]) -> list[tuple[str, str, int, int, int]]:
    return [
        (
            one["month"],
            one["type"],
            one["operator_count"],
            minor(one["net_stake"]),
            minor(one["ggr"]),
        )
        for one in months
    ]


@pytest.fixture
def two_operators(pages: Pages) -> Iterator[None]:
    """Nobody but two takes bets."""
    kept = [one.id for one in pages.operators[:2]]
    with pages.database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("create table public.aside as select * from rollup.day where false")
        conn.execute(
            "with gone as (delete from rollup.day where operator_id <> all (%s) returning *)"
            " insert into public.aside select * from gone",
            (kept,),
        )
    yield
    with pages.database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute("insert into rollup.day select * from public.aside")
        conn.execute("drop table public.aside")


def test_the_market_of_three_is_the_same_on_the_page_in_files_and_by_command(pages: Pages) -> None:
    own = pages.operators[0]
    months = expected(pages)
    assert months, "nothing to tell: the test would prove nothing"
    assert told(by_command("operator", "--operator", own.code)["market"]) == months
    client = pages.visit("operator", own)
    page = client.get(f"/reports/R08?{DAYS}").text.split('id="market"')[1].split("</section>")[0]
    cells = [re.findall(r"<td[^>]*>([^<]*)</td>", one) for one in page.split("<tr>")[2:]]
    assert [tuple(map(minor, one[1:])) for one in cells] == [one[2:] for one in months]
    lines = client.get(f"/reports/R08?{DAYS}&format=json").get_json()["lines"]
    of_market = [text for name, text in lines if name.startswith("The market as a whole: ")]
    assert [tuple(minor(one.split(": ")[1]) for one in text.split("; ")) for text in of_market] == [
        one[2:] for one in months
    ]
    table = client.get(f"/reports/R08?{DAYS}&format=csv").text
    assert table.count("The market as a whole: ") >= len(months)
    for code, role in (("R08", "regulator"), ("R09", "operator")):
        other = pages.visit(role, own if role == "operator" else None)
        assert "The market as a whole" not in other.get(f"/reports/{code}?{DAYS}&format=csv").text
    assert "market" not in by_command("regulator")


def test_the_market_of_two_is_told_nowhere(pages: Pages, two_operators: None) -> None:
    own = pages.operators[0]
    assert by_command("operator", "--operator", own.code)["market"] == []
    client = pages.visit("operator", own)
    lines = dict(client.get(f"/reports/R08?{DAYS}&format=json").get_json()["lines"])
    assert lines["The market as a whole"].startswith("No month of three operators")
    assert "No such month lies in this period" in client.get(f"/reports/R08?{DAYS}").text
