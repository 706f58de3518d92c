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
from portal.reports.lists import Row
from portal.web.periods import Period
from tests.integration.reports.conftest import Pages
from tests.integration.reports.oracle import KYIV
from tests.integration.reports.questions import connected, groupings
from tests.integration.reports.worlds import NOW, TODAY
from tests.support.sample import whole
from tests.support.tables import Table

# Ways of each report: from so many groupings by one thing, and so many by any number of things;
# a run follows the first of them (tests/support/sample.py), ``scripts/campaign ways`` all.
SINGLE, WAYS = 5, 2
FOLLOWED = 3, 1
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
    "balance_change": {4: 1, 5: -1, 1: -1, 3: 1, 2: 1},
    "night_stake": {1: 1, 3: -1},
    "undeclared_stake": {1: 1, 3: -1},
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
    "critical_count": {1, 2, 3, 4, 5},
    "night_bet_count": {1},
}
Cells = dict[str, tuple[str, str | None]]


@pytest.fixture(scope="module")
def definitions(pages: Pages) -> dict[str, Definition]:
    with connected(pages.database, "regulator") as conn:
        return {one.code: one for one in catalogue.read(conn)}


def number(text: str) -> Decimal | None:
    plain = re.sub(r"[\s,%]|\b[A-Z]{3}\b", "", html.unescape(text)).replace("\u2212", "-")
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
        rows = [one for one in ways_of(answer.text, names)[:-1] if one[1]]
        if not rows:
            return depth
        label, link, cells = rng.choice(rows)
        assert link is not None
        figures = figures_of(cells)
        if link.startswith("/reports/") and f"/reports/{report.code}?" not in link:
            check_other(client, report, cells)
            return depth + 1  # another report, in which a way begins anew
        if not link.startswith("/reports/"):
            check_lists(client, cells, figures)
            return depth + 1
        below = client.get(with_columns(link, report))
        assert below.status_code == 200, link
        if "There is nothing in this period" not in below.text:
            if is_apart(link):
                every = ways_of(client.get(f"{address}&rows=all").text, names)[:-1]
                alike = [own for one, way, own in every if (one, way) == (label, link)]
                check_apart(client, report, link, label, alike)
            else:
                foot = dict(zip(names, map(number_or_none, Table(below).foot[0][1:]), strict=True))
                for name, (_, way) in cells.items():
                    if way == link and report.measures[name].additive:  # others may go on
                        assert foot[name] == figures[name], (name, link)
            if depth < 2:
                check_way_up(client, report, below.text, page)
        address = link
    return DEEPEST


def check_other(client: Any, report: Definition, cells: Cells) -> int:
    """Figures lead to the same sums in another report, as far as it has them; how many it has."""
    found = 0
    for name, (text, way) in cells.items():
        link = way or ""
        other = link.startswith("/reports/") and f"/reports/{report.code}?" not in link
        if not other or not report.measures[name].additive:
            continue
        answer = client.get(f"{link}&column={name}")
        if answer.status_code == 422:
            assert "The report has no such column" in answer.text, link
            continue
        assert number(Table(answer).foot[0][1]) == number_or_none(text), (name, link)
        found += 1
    return found


def ways_of(text: str, names: list[str]) -> list[tuple[str, str | None, Cells]]:
    """The rows of a report's table, the total last: label, its link, each figure with its link."""
    _, _, table = text.partition('id="rows-table"')
    assert table, "the page has no table of rows"
    found = []
    for part in ("tbody", "tfoot"):
        inside = table.split(f"<{part}>", 1)[1].split(f"</{part}>", 1)[0]
        for row in re.findall(r"<tr>(.*?)</tr>", inside, re.S):
            head = re.search(r"<th[^>]*>(.*?)<a class=\"term-mark", row, re.S)
            assert head, row
            link = re.match(r'\s*<a href="([^"]*)"', head[1])
            cells = {}
            for name, cell in zip(
                names, re.findall(r"<td[^>]*>(.*?)</td>", row, re.S), strict=True
            ):
                way = re.search(r'href="([^"]*)"', cell)
                text = html.unescape(re.sub(r"<[^>]+>", "", cell)).strip()
                cells[name] = (text, html.unescape(way[1]) if way else None)
            label = html.unescape(re.sub(r"<[^>]+>", "", head[1])).strip()
            found.append((label, html.unescape(link[1]) if link else None, cells))
    return found


def is_apart(link: str) -> bool:
    """Whether a page is not narrowed to the row, but tells it beside others over time."""
    return "sort=label" in link


def check_apart(client: Any, report: Definition, link: str, label: str, alike: list[Cells]) -> None:
    """What a row of a page that is not narrowed to it adds up to is its figure; of rows of one
    name, such as machines of a model, those of all of them.
    """
    rows = ways_of(client.get(f"{with_columns(link, report)}&rows=all").text, [*report.measures])
    if len(rows) > 500 or " · " in label:
        return
    for name in report.measures:
        if alike[0][name][1] == link:
            own = [one[2][name][0] for one in rows if one[0].startswith(f"{label} · ")]
            told = sum(number_or_none(one) or 0 for one in own)
            expected = sum(number_or_none(cells[name][0]) or 0 for cells in alike)
            assert told == expected, (name, link)


def number_or_none(text: str) -> Decimal | None:
    try:
        return number(text)
    except ArithmeticError:
        return None  # a moment


def figures_of(cells: Cells) -> dict[str, Decimal | None]:
    return {name: number_or_none(text) for name, (text, _) in cells.items()}


def check_lists(client: Any, cells: Cells, figures: dict[str, Any]) -> None:
    for name, (_, address) in cells.items():
        if address is None:
            continue
        if address.startswith("/ledger/transactions"):
            check_list(client, address, name, figures[name])
        elif address.startswith("/ledger/"):
            check_arrivals(client, address, name, figures[name])
        else:
            assert client.get(address).status_code == 200, (name, address)


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
    some_single, some_any = (SINGLE, WAYS) if whole() else FOLLOWED
    by_one = rng.sample(singles, min(len(singles), SINGLE))[:some_single]
    for by in [*by_one, *rng.sample(every, WAYS)[:some_any]]:
        days = rng.choice((6, 28))
        first = TODAY - timedelta(days=days)
        address = f"/reports/{code}?from={first}&to={TODAY}&by={','.join(by)}"
        deepest = max(deepest, walk(client, report, address, rng))
    assert deepest >= 1, "nothing leads anywhere"


@pytest.mark.parametrize("code", CODES)
def test_every_number_leads_to_what_tells_it_alike_or_is_declared_to_have_no_way(
    pages: Pages, definitions: dict[str, Definition], code: str
) -> None:
    client = pages.visit("regulator")
    report = definitions[code]
    names = [*report.measures]
    moment = f"&as_of={NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    seen: dict[str, list[tuple[str, str | None, Cells]]] = {}
    for days, as_of in ((6, ""), (45, ""), (45, moment)):
        last = TODAY - timedelta(days=1)
        address = f"/reports/{code}?from={TODAY - timedelta(days=days)}&to={last}{as_of}"
        answer = client.get(with_columns(address, report))
        assert answer.status_code == 200, address
        if "There is nothing in this period" in answer.text:
            continue
        *rows, total = ways_of(answer.text, names)
        for label, link, cells in [total, *rows[:2]]:
            # At the end of a way, or beside others, not each figure has one.
            ends = link is not None and (not link.startswith("/reports/") or is_apart(link))
            for name, (text, way) in cells.items():
                nothing = not number_or_none(text)
                silent = code == "R04" and not number_or_none(cells["bet_count"][0])
                if name in drill.APART or nothing or ((ends or silent) and way is None):
                    continue  # of what no bets were, the register tells
                assert way, (label, name, text, address)
                if f"/reports/{code}?" not in way or is_apart(way):
                    continue
                if way not in seen:
                    seen[way] = ways_of(client.get(with_columns(way, report)).text, names)
                assert seen[way][-1][2][name][0] == text, (label, name, way)


def test_declared_figures_lead_to_declarations_that_add_up_to_them(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    report = definitions["R09"]
    names = [*report.measures]
    address = f"/reports/R09?from={TODAY - timedelta(days=20)}&to={TODAY}&by=operator"
    for role in ("regulator", "tax_service"):
        client = pages.visit(role)
        followed = 0
        for _, _, cells in ways_of(client.get(with_columns(address, report)).text, names)[:-1]:
            text, way = cells["declared_ggr"]
            if not number_or_none(text):
                continue
            assert way, cells
            assert way.startswith("/declarations?")
            days = Table(client.get(way)).body
            assert sum(number(one[4]) or 0 for one in days) == number(text), way
            assert sum(number(one[6]) or 0 for one in days) == number(
                cells["declared_difference"][0]
            )
            followed += 1
        assert followed
    cash = pages.visit("financial_monitoring")
    flows = cash.get(f"/reports/R10?from={TODAY - timedelta(days=20)}&to={TODAY}&by=operator")
    assert "/declarations" not in flows.text.split('id="rows-table"')[1]


def test_large_deposits_lead_to_those_deposits(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    """Where one limit holds: 300.00 until 21 days ago, then none, 70.00 since 7 days ago."""
    names = [*definitions["R10"].measures]

    def told(client: Any, first: int, last: int) -> list[tuple[str, str | None]]:
        days = f"from={TODAY - timedelta(days=first)}&to={TODAY - timedelta(days=last)}"
        page = client.get(with_columns(f"/reports/R10?{days}&by=operator", definitions["R10"]))
        if "rows-table" not in page.text:
            return []  # nothing came in those days
        return [cells["large_deposit_count"] for _, _, cells in ways_of(page.text, names)]

    for role in ("regulator", "financial_monitoring"):
        client = pages.visit(role)
        large = 0
        for first, last, least in ((6, 2, "70.00"), (51, 21, "300.00"), (82, 52, "300.00")):
            for text, way in told(client, first, last):
                assert way is not None
                assert way.startswith("/ledger/transactions?")
                assert way.endswith(f"type=deposit&amount_from={least}")
                answer = client.get(way)
                listed = Table(answer).body if '<table class="data' in answer.text else []
                # A record that takes another back counts the other way.
                signs = [-1 if (number(one[3]) or 0) < 0 else 1 for one in listed]
                assert sum(signs) == number(text), way
                large += len(signs)
        assert large
    client = pages.visit("regulator")
    for first, last in ((10, 2), (30, 20), (6, 0)):  # two limits; one and none; not closed
        ways = [way for _, way in told(client, first, last)]
        assert ways
        assert not any(way and "amount_from" in way for way in ways)


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
) -> list[tuple[str, dict[str, Decimal | None], Cells]]:
    """Each row of a page: its link, its figures, its cells."""
    answer = client.get(with_columns(address, report))
    assert answer.status_code == 200, address
    return [
        (link or "", figures_of(cells), cells)
        for _, link, cells in ways_of(answer.text, [*report.measures])[:-1]
    ]


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
    for below, figures, _ in rows_of(
        client, report, f"/reports/R11?{period}&by=tax_class&operator={own}"
    ):
        assert "by=month" in below
        assert foot(client, report, below) | {"tax_rate_percent": None} == figures | {
            "tax_rate_percent": None
        }
        for link, _, cells in rows_of(client, report, below):
            assert "by=day" in link
            followed += check_other(client, report, cells)
    assert followed >= 3


def test_operators_of_the_market_lead_to_their_places(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R08"]
    period = f"from={TODAY - timedelta(days=28)}&to={TODAY}"
    [(link, _, cells), *_] = rows_of(client, report, f"/reports/R08?{period}&by=operator")
    assert link.startswith("/reports/R09?")
    assert "by=channel" in link
    assert check_other(client, report, cells) >= 1


def test_revenue_leads_from_operator_and_kind_to_the_licence(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    address = f"/reports/R09?from={TODAY - timedelta(days=28)}&to={TODAY}&by=operator"
    for step in ("gambling_type", "licence", "day", "hour"):
        rows = rows_of(client, definitions["R09"], address)
        address, figures, _ = next(one for one in rows if one[1]["ggr"])
        assert f"by={step}" in address
        assert foot(client, definitions["R09"], address)["ggr"] == figures["ggr"]


def test_a_rule_leads_to_operators_and_days_of_a_long_period_too(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R06"]
    address = f"/reports/R06?from={TODAY - timedelta(days=80)}&to={TODAY}&by=rule"
    rows = rows_of(client, report, address)
    assert len(rows) > 2
    for below, figures, _ in rows:
        assert "by=operator" in below
        assert foot(client, report, below) == figures
    address = next(below for below, _, _ in rows if "breach" in below)
    for step in ("month", "day"):
        address, figures, _ = rows_of(client, report, address)[0]
        assert f"by={step}" in address
        assert foot(client, report, address) == figures
    link, figures, cells = next(
        one for one in rows_of(client, report, address) if one[1]["record_count"]
    )
    check_lists(client, cells, figures)
    assert link.startswith("/ledger/transactions?")


def test_a_day_of_an_operator_leads_to_the_numbers_noticed_missing_on_it(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    own = pages.operators[0].id
    address = f"/reports/R02?from={TODAY - timedelta(days=6)}&to={TODAY}&by=day&operator={own}"
    link, figures, cells = next(
        one for one in rows_of(client, definitions["R02"], address) if one[1]["batch_count"]
    )
    assert link.startswith(f"/ledger/missing?operator={own}&from=20")
    assert client.get(link).status_code == 200
    check_lists(client, cells, figures)


START = {"month": date(2026, 10, 1), "quarter": date(2026, 7, 1), "year": date(2026, 1, 1)}
KEYS = {"rule": "breach:1", "object_kind": "venue"}
SPANS = (
    Period(date(2026, 10, 1), date(2026, 10, 31)),
    Period(date(2026, 1, 1), date(2026, 11, 20)),
)


def test_every_step_that_the_catalogue_names_is_taken(definitions: dict[str, Definition]) -> None:
    for report in definitions.values():
        for one in report.dimensions.values():
            if one.leads_to is None:
                continue
            own = KEYS.get(one.code, "1")
            key = Key(
                one, own, own, "", 1, ids=(1,),
                start=START.get(one.code, date(2026, 10, 5)) if one.in_time else None,
            )  # fmt: skip
            taken = set()
            for span in SPANS:
                asked = Asked(report, span, (one.code,), Currency(980, "UAH", 2))
                row = Row()
                assert drill._narrow(asked, key, row)
                taken.add(drill._step(asked, Line(lambda key=key: (key,), {}), row))
            assert one.leads_to in taken, (report.code, one.code)


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


@pytest.mark.parametrize("size", [1, 3, 40])
def test_pages_of_the_transactions_of_all_are_one_list_from_the_newest_on(
    pages: Pages, size: int
) -> None:
    """Read in parts that hold many rows or none, of a period that begins within a millisecond."""
    until = NOW - timedelta(hours=20, microseconds=123)
    since = until - timedelta(days=31, microseconds=77)
    listed = "select id from api.transactions(%s, %s, p_before => %s, p_limit => %s)"
    found: list[Any] = []
    with connected(pages.database, "regulator") as conn:
        every = conn.execute(
            "select id from api.transaction where occurred_at >= %s and occurred_at < %s"
            " order by id desc",
            (since, until),
        ).fetchall()
        while page := conn.execute(
            listed, (since, until, found[-1]["id"] if found else None, size)
        ).fetchall():
            assert len(page) <= size
            found += page
    assert len(found) > 20
    assert found == every
