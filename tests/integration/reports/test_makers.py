"""R05 from who made a game down to the rounds, R02 from a rule to what broke it."""

from __future__ import annotations

import json
import random
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner

from portal.cli import main
from portal.reports import catalogue
from portal.reports.catalogue import Definition
from tests.integration.reports.conftest import Pages
from tests.integration.reports.questions import connected
from tests.integration.reports.test_ways_down import number, walk, with_columns
from tests.integration.reports.worlds import TODAY
from tests.support.tables import Table

PERIOD = f"from={TODAY - timedelta(days=28)}&to={TODAY}"


@pytest.fixture(scope="module")
def definitions(pages: Pages) -> dict[str, Definition]:
    with connected(pages.database, "regulator") as conn:
        return {one.code: one for one in catalogue.read(conn)}


@pytest.mark.parametrize(
    ("code", "by"),
    [
        ("R05", "provider"), ("R05", "version"), ("R05", "game,equipment"),
        ("R02", "rule"), ("R02", "operator,rule"),
    ],
)  # fmt: skip
def test_the_way_down_agrees_with_what_it_starts_from(
    pages: Pages, definitions: dict[str, Definition], code: str, by: str
) -> None:
    client = pages.visit("regulator")
    address = f"/reports/{code}?{PERIOD}&by={by}"
    steps = [walk(client, definitions[code], address, random.Random(n)) for n in range(3)]
    assert max(steps) >= 1


def test_a_provider_leads_to_its_versions_their_operators_games_days_and_rounds(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    address = f"/reports/R05?{PERIOD}&by=provider"
    seen = []
    while address.startswith("/reports/"):
        seen.append(re.findall(r"[?&]by=([^&]+)", address)[0])
        page = Table(client.get(with_columns(address, definitions["R05"])))
        address = next(links[0] for links in page.links if links)
    assert seen == ["provider", "version", "operator", "game", "day"]
    assert address.startswith("/ledger/transactions?")
    assert "game=" in address


def test_a_place_leads_to_its_games_their_closed_days_and_the_rounds_of_each(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    """Of a game in one place no list knows its sum by itself: its rows are summed up here."""
    client = pages.visit("regulator")
    names = list(definitions["R05"].measures)
    address, compared = f"/reports/R05?{PERIOD}&by=channel", 0
    page = Table(client.get(with_columns(address, definitions["R05"])))
    for links in [one for one in page.links[: len(page.body)] if one][:4]:
        games = Table(client.get(with_columns(links[0], definitions["R05"])))
        days = Table(client.get(with_columns(games.links[0][0], definitions["R05"])))
        for row, below in zip(days.body, days.links, strict=False):
            figures = dict(zip(names, row[1:], strict=True))
            listed = Table(client.get(below[0]), "transactions").body
            told = sum(
                ((number(one[3]) or 0) for one in listed if one[2] == "Win"), start=Decimal(0)
            )
            assert told == number(figures["win"]), below[0]
            compared += 1
    assert compared > 1


def test_a_stake_says_its_bounds_and_days_that_go_on_are_left_out(pages: Pages) -> None:
    client = pages.visit("regulator", language="uk")
    page = client.get(f"/reports/R05?{PERIOD}&by=stake_band")
    assert page.status_code == 200
    assert "лише за закриті дні" in page.text
    labels = [row[0].replace("\u00a0", " ") for row in Table(page).body]
    assert (labels[0], labels[-1]) == ("ставка невідома", "від 5 000,00"), "from the least on"
    today = client.get(f"/reports/R05?from={TODAY}&to={TODAY}&by=stake_band")
    assert today.status_code == 200


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("by=stake_band&as_of=2026-11-20T10:00:00%2B02:00", "as_of"),
        ("by=channel,equipment", "by"),
        ("by=game&provider=999999", "provider"),
        ("by=game&version=x'--", "version"),
        ("by=game&version=99999999999999999999", "version"),
    ],
)
def test_what_cannot_be_asked_is_said_at_its_field(pages: Pages, query: str, field: str) -> None:
    client = pages.visit("regulator")
    answer = client.get(f"/reports/R05?{PERIOD}&{query}")
    assert answer.status_code == 422
    assert f"{field}-error" in answer.text


def test_an_operator_cannot_narrow_to_anothers_game(pages: Pages) -> None:
    own, other = pages.operators[0], pages.operators[1]
    client = pages.visit("operator", own)
    foreign, absent = (
        client.get(f"/reports/R05?{PERIOD}&by=game&provider={number}")
        for number in (max(other.game.values()), 999_999)
    )
    assert foreign.status_code == absent.status_code == 422


def test_the_command_narrows_by_the_number_in_the_rows(pages: Pages) -> None:
    first = str(TODAY - timedelta(days=28))
    call = ["report", "R05", "--from", first, "--as", "regulator", "--json"]
    whole = json.loads(CliRunner().invoke(main, [*call, "--by", "provider"]).output)
    row = whole["rows"][0]
    number = row["keys"]["provider"]
    narrowed = json.loads(
        CliRunner().invoke(main, [*call, "--by", "version", "--provider", number]).output
    )
    assert narrowed["filters"]["provider"] == [number]
    assert narrowed["totals"] == row["figures"]
    assert whole["totals"]["bet_count"] == sum(one["figures"]["bet_count"] for one in whole["rows"])
