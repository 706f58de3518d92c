"""From every figure to what is below it, down to the records: sums agree, a way leads back."""

from __future__ import annotations

import html
import random
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.registry.names import Currency
from portal.reports import catalogue, drill
from portal.reports.answering import Key, Line
from portal.reports.asking import Asked
from portal.reports.catalogue import CODES, Definition
from portal.web.periods import Period
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
            check_other(client, report, row_of(answer.text, page.body.index(row)), figures)
            return depth + 1  # another report, in which a way begins anew
        if not links[0].startswith("/reports/"):
            check_lists(client, row_of(answer.text, page.body.index(row)), names, figures)
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


def row_of(text: str, place: int) -> str:
    """A row of the table of a report's page."""
    return re.findall(r"<tr>(.*?)</tr>", text.rsplit("<tbody>", maxsplit=1)[-1], re.S)[place]


def check_other(client: Any, report: Definition, row: str, figures: dict[str, Any]) -> int:
    """Figures lead to the same sums in another report, as far as it has them; how many it has."""
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    found = 0
    for name, cell in zip(report.measures, cells, strict=True):
        link = re.search(r'href="(/reports/[^"]+)"', cell)
        if not link or not report.measures[name].additive:
            continue
        answer = client.get(html.unescape(link[1]) + f"&column={name}")
        if answer.status_code == 422:
            assert "The report has no such column" in answer.text, link[1]
            continue
        assert number(Table(answer).foot[0][1]) == figures[name], (name, link[1])
        found += 1
    return found


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


def rows_of(
    client: Any, report: Definition, address: str
) -> list[tuple[list[str], dict[str, Decimal | None], str]]:
    """Each row of a page: its cells, its figures, its markup."""
    answer = client.get(with_columns(address, report))
    assert answer.status_code == 200, address
    return [
        (row, dict(zip(report.measures, map(number_or_none, row[1:]), strict=True)),
         row_of(answer.text, place))
        for place, row in enumerate(Table(answer).body)
    ]  # fmt: skip


def first_link(row: str) -> str:
    found = re.search(r'href="([^"]+)"', row)
    assert found
    return html.unescape(found[1])


def foot(client: Any, report: Definition, address: str) -> dict[str, Decimal | None]:
    answer = client.get(with_columns(address, report))
    assert answer.status_code == 200, address
    return dict(zip(report.measures, map(number_or_none, Table(answer).foot[0][1:]), strict=True))


def test_a_tax_class_leads_to_its_months_and_these_to_their_days(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("tax_service")
    report = definitions["R11"]
    own = pages.operators[0].id
    period = f"from={TODAY - timedelta(days=70)}&to={TODAY}"
    followed = 0
    for _, figures, row in rows_of(
        client, report, f"/reports/R11?{period}&by=tax_class&operator={own}"
    ):
        below = first_link(row)
        assert "by=month" in below
        assert foot(client, report, below) | {"tax_rate_percent": None} == figures | {
            "tax_rate_percent": None
        }
        for _, monthly, month in rows_of(client, report, below):
            assert "by=day" in first_link(month)
            followed += check_other(client, report, month, monthly)
    assert followed >= 3


def test_operators_of_the_market_lead_to_their_places(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R08"]
    period = f"from={TODAY - timedelta(days=28)}&to={TODAY}"
    [first, *_] = rows_of(client, report, f"/reports/R08?{period}&by=operator")
    link = first_link(first[2])
    assert link.startswith("/reports/R09?")
    assert "by=channel" in link
    assert check_other(client, report, first[2], first[1]) >= 1


def test_revenue_leads_from_operator_and_kind_to_the_licence(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    address = f"/reports/R09?from={TODAY - timedelta(days=28)}&to={TODAY}&by=operator"
    for step in ("gambling_type", "licence", "day", "hour"):
        first = next(one for one in rows_of(client, definitions["R09"], address) if one[1]["ggr"])
        address = first_link(first[2])
        assert f"by={step}" in address
        assert foot(client, definitions["R09"], address)["ggr"] == first[1]["ggr"]


def test_a_rule_leads_to_operators_and_days_of_a_long_period_too(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R06"]
    address = f"/reports/R06?from={TODAY - timedelta(days=80)}&to={TODAY}&by=rule"
    rows = rows_of(client, report, address)
    assert len(rows) > 2
    for _, figures, row in rows:
        below = first_link(row)
        assert "by=operator" in below
        assert foot(client, report, below) == figures
    one = next(row for row in rows if "breach" in first_link(row[2]))
    address, figures = first_link(one[2]), one[1]
    for step in ("month", "day"):
        [_, figures, row] = rows_of(client, report, address)[0]
        address = first_link(row)
        assert f"by={step}" in address
        assert foot(client, report, address) == figures
    [_, figures, row] = next(
        one for one in rows_of(client, report, address) if one[1]["record_count"]
    )
    check_lists(client, row, list(report.measures), figures)
    assert first_link(row).startswith("/ledger/transactions?")


def test_a_day_of_an_operator_leads_to_the_numbers_noticed_missing_on_it(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    own = pages.operators[0].id
    address = f"/reports/R02?from={TODAY - timedelta(days=6)}&to={TODAY}&by=day&operator={own}"
    [_, figures, row], *_ = (
        one for one in rows_of(client, definitions["R02"], address) if one[1]["batch_count"]
    )
    link = first_link(row)
    assert link.startswith(f"/ledger/missing?operator={own}&from=20")
    assert client.get(link).status_code == 200
    check_lists(client, row, list(definitions["R02"].measures), figures)


START = {"month": date(2026, 10, 1), "quarter": date(2026, 7, 1), "year": date(2026, 1, 1)}
SPANS = (
    Period(date(2026, 10, 1), date(2026, 10, 31)),
    Period(date(2026, 1, 1), date(2026, 11, 20)),
)


def test_every_step_that_the_catalogue_names_is_taken(definitions: dict[str, Definition]) -> None:
    for report in definitions.values():
        for one in report.dimensions.values():
            if one.leads_to is None:
                continue
            key = Key(
                one, "breach:1", "breach:1", "", 1, ids=(1,),
                start=START.get(one.code, date(2026, 10, 5)) if one.in_time else None,
            )  # fmt: skip
            taken = set()
            for span in SPANS:
                asked = Asked(report, span, (one.code,), Currency(980, "UAH", 2))
                row = drill.Row()
                assert drill._narrow(asked, key, row)
                taken.add(drill._step(asked, Line((key,), {}), row))
            assert one.leads_to in taken, (report.code, one.code)


def test_a_second_grouping_is_chosen_beside_the_first(pages: Pages) -> None:
    client = pages.visit("regulator")
    page = client.get("/reports/R09?period=7-days&by=operator&by=day").text
    first, second = re.findall(r'<select[^>]*name="by".*?</select>', page, re.S)
    assert re.findall(r'value="([^"]+)" selected', first) == ["operator"]
    assert re.findall(r'value="([^"]+)" selected', second) == ["day"]
    three = client.get("/reports/R09?period=7-days&by=operator&by=gambling_type,day").text
    assert 'value="gambling_type,day" selected' in three
    alone = client.get("/reports/R09?period=7-days&by=operator&by=").text
    assert (
        "selected" not in re.findall(r'<select[^>]*id="filter-and-by".*?</select>', alone, re.S)[0]
    )
    wrong = client.get("/reports/R09?period=7-days&by=day&by=hour")
    assert wrong.status_code == 422


def test_a_transaction_leads_to_its_round(pages: Pages) -> None:
    client = pages.visit("regulator")
    moment = TODAY - timedelta(days=2)
    listed = client.get(f"/ledger/transactions?from={moment}T00:00&until={TODAY}T00:00&type=win")
    for link in re.findall(r'href="(/ledger/batches/\d+/transactions/\d+)"', listed.text)[:9]:
        found = re.search(r'href="([^"]+round=([0-9a-f-]+)[^"]*)"', client.get(link).text)
        if found:
            break
    else:
        pytest.fail("no transaction of a round")
    whole = client.get(html.unescape(found[1]))
    assert whole.status_code == 200
    assert f'href="{link}"' in whole.text
    for other in set(re.findall(r'href="(/ledger/batches/\d+/transactions/\d+)"', whole.text)):
        assert found[2] in client.get(other).text
    amounts, _ = sums(whole.text)
    assert amounts
    wrong = client.get("/ledger/transactions?round=x")
    assert wrong.status_code == 422
    assert "Give the identifier of the round" in wrong.text
