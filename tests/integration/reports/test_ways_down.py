"""From every figure to what is below it, down to the records: sums agree, a way leads back."""

from __future__ import annotations

import html
import random
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.reports import catalogue
from portal.reports.catalogue import CODES, Definition
from tests.integration.reports.conftest import Pages
from tests.integration.reports.oracle import KYIV
from tests.integration.reports.questions import connected, groupings
from tests.integration.reports.worlds import TODAY
from tests.support.tables import Table

WAYS = 2  # of each report, besides one from each of so many groupings
SINGLE = 5
DEEPEST = 6
TYPES = {"Bet": 1, "Win": 2, "Refund": 3, "Deposit": 4, "Withdrawal": 5}
# Figures that are sums of records -> type of transaction and the sign that it counts with.
AMOUNTS = {
    "stake": {1: 1},
    "refund": {3: 1},
    "net_stake": {1: 1, 3: -1},
    "win": {2: 1},
    "ggr": {1: 1, 3: -1, 2: -1},
    "deposit": {4: 1},
    "withdrawal": {5: 1},
    "net_flow": {4: 1, 5: -1},
    "outside_licence_stake": {1: 1},
    "other_type_stake": {1: 1},
    "inactive_object_stake": {1: 1},
    "amount": {1: 1},
}
COUNTS = {
    "bet_count": {1},
    "refund_count": {3},
    "win_count": {2},
    "deposit_count": {4},
    "withdrawal_count": {5},
    "outside_licence_count": {1},
    "other_type_count": {1},
    "inactive_object_count": {1},
    "record_count": {1, 2, 3, 4, 5},
}


@pytest.fixture(scope="module")
def definitions(pages: Pages) -> dict[str, Definition]:
    with connected(pages.database, "regulator") as conn:
        return {one.code: one for one in catalogue.read(conn)}


def number(text: str) -> Decimal | None:
    plain = re.sub(r"[\s,%]|UAH", "", html.unescape(text)).replace("\u2212", "-")
    return None if plain in ("", "—") else Decimal(plain)


def with_columns(address: str, report: Definition) -> str:
    return f"{address}&column={','.join(report.measures)}"


def sums(page: str) -> tuple[dict[int, Decimal], dict[int, int]]:
    """Amounts and numbers by type, as the list of transactions tells them above its rows."""
    amounts: dict[int, Decimal] = {}
    counts: dict[int, int] = {}
    for tile in re.findall(r'<div class="figure">(.*?)</dd>', page, re.S):
        kind = TYPES[re.sub(r"<[^>]+>", "", tile.split("</dt>")[0].split("<span")[0]).strip()]
        amounts[kind] = number(re.findall(r'figure-value">([^<]*)<', tile)[0]) or Decimal(0)
        counts[kind] = int(number(re.findall(r'figure-note">([^ ]+) record', tile)[0]) or 0)
    return amounts, counts


def check_list(client: Any, address: str, measure: str, value: Decimal | None) -> None:
    """A list of transactions adds up to the figure that led to it, and so do its rows."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    amounts, counts = sums(answer.text)
    if measure in AMOUNTS:
        told = sum(sign * amounts.get(kind, 0) for kind, sign in AMOUNTS[measure].items())
        assert told == value, (measure, address)
    elif measure in COUNTS:
        assert sum(counts.get(kind, 0) for kind in COUNTS[measure]) == value, (measure, address)
    if "No transactions between" not in answer.text and 'rel="next"' not in answer.text:
        rows = [
            (TYPES[one[2]], number(one[3]) or Decimal(0))
            for one in Table(answer, "transactions").body
        ]
        for kind in TYPES.values():
            assert sum(amount for own, amount in rows if own == kind) == amounts.get(kind, 0)


def check_arrivals(client: Any, address: str, measure: str, value: Decimal | None) -> None:
    text = client.get(address).text
    if measure == "batch_count" and "/ledger/batches" in address:
        found = re.search(r"([\d,]+) batch(?:es)? received", text)
        assert found, address
        assert number(found[1]) == value, address
    elif measure in ("refused_batch_count", "batch_count"):
        found = re.search(r"([\d,]+) refused batch(?:es)? in this period", text)
        assert found, address
        assert number(found[1]) == value, address


def walk(client: Any, report: Definition, address: str, rng: random.Random) -> int:
    """Down from one page by random rows; how many steps."""
    names = list(report.measures)
    for depth in range(DEEPEST):
        address = with_columns(address, report)
        answer = client.get(address)
        assert answer.status_code == 200, (address, re.findall("field-error.*?</p>", answer.text))
        if "There is nothing in this period" in answer.text:
            return depth
        page = Table(answer)
        rows = [(row, links) for row, links in zip(page.body, page.links, strict=False) if links]
        if not rows:
            return depth
        row, links = rng.choice(rows)
        figures = dict(zip(names, map(number_or_none, row[1:]), strict=True))
        if links[0].startswith("/reports/") and f"/reports/{report.code}?" not in links[0]:
            assert client.get(links[0]).status_code == 200, links[0]
            return depth + 1  # another report, in which a way begins anew
        if not links[0].startswith("/reports/"):
            cells = re.findall(r"<tr>(.*?)</tr>", answer.text.split("<tbody>")[-1], re.S)
            check_lists(client, cells[page.body.index(row)], names, figures)
            return depth + 1
        below = client.get(with_columns(links[0], report))
        assert below.status_code == 200, links[0]
        if "There is nothing in this period" not in below.text:
            foot = dict(zip(names, map(number_or_none, Table(below).foot[0][1:]), strict=True))
            for name, one in report.measures.items():
                if one.additive:
                    assert foot[name] == figures[name], (name, links[0])
            if depth < 2:
                check_way_up(client, report, below.text, page)
        address = links[0]
    return DEEPEST


def number_or_none(text: str) -> Decimal | None:
    try:
        return number(text)
    except ArithmeticError:
        return None  # a moment


def check_lists(client: Any, row: str, names: list[str], figures: dict[str, Any]) -> None:
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    for name, cell in zip(names, cells, strict=True):
        link = re.search(r'href="([^"]+)"', cell)
        if not link:
            continue
        address = html.unescape(link[1])
        if address.startswith("/ledger/transactions"):
            check_list(client, address, name, figures[name])
        else:
            check_arrivals(client, address, name, figures[name])


def check_way_up(client: Any, report: Definition, text: str, parent: Table) -> None:
    """The way back up leads to the page from which one came."""
    found = re.search(r'<nav class="way-up".*?href="([^"]+)"', text, re.S)
    assert found, "no way back up"
    above = Table(client.get(with_columns(html.unescape(found[1]), report)))
    assert above.foot == parent.foot
    assert len(above.body) == len(parent.body)


@pytest.mark.parametrize("code", CODES)
def test_the_way_down_agrees_with_every_figure_that_it_starts_from(
    pages: Pages, definitions: dict[str, Definition], code: str
) -> None:
    rng = random.Random(f"ways {code}")
    client = pages.visit("regulator")
    report = definitions[code]
    every = [one for one in groupings(report) if one]
    singles = [one for one in every if len(one) == 1]
    deepest = 0
    ways = rng.sample(singles, min(len(singles), SINGLE)) + rng.sample(every, WAYS)
    for by in ways:
        days = rng.choice((6, 28))
        first = TODAY - timedelta(days=days)
        address = f"/reports/{code}?from={first}&to={TODAY}&by={','.join(by)}"
        deepest = max(deepest, walk(client, report, address, rng))
    assert deepest >= 1, "nothing leads anywhere"


def test_refusals_of_an_hour_lead_to_the_refused_batches_of_that_hour(pages: Pages) -> None:
    client = pages.visit("regulator")
    hours: dict[date, set[datetime]] = {}
    for one in pages.world.refusals:
        moment = one.refused_at.astimezone(KYIV)
        hours.setdefault(moment.date(), set()).add(
            one.refused_at.replace(minute=0, second=0, microsecond=0)
        )
    for day in sorted(hours)[-3:]:
        address = f"/reports/R01?from={day}&to={day}&by=hour&column=refused_batch_count"
        body = client.get(address).text.split("<tbody>")[-1].split("</tbody>")[0]
        followed = 0
        for row in re.findall(r"<tr>(.*?)</tr>", body, re.S):
            found = re.search(
                r'<td[^>]*>\s*<a[^>]*href="(/ledger/refusals[^"]+)"[^>]*>([\d,]+)<', row
            )
            if found and (told := number(found[2])):
                assert "hour=" in found[1]
                check_arrivals(client, html.unescape(found[1]), "refused_batch_count", told)
                followed += 1
        assert followed == len(hours[day])
    wrong = client.get("/ledger/refusals?hour=2026-11-20T10:30:00%2B02:00")
    assert wrong.status_code == 422
    assert "Give the hour as it begins." in wrong.text
