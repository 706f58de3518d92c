"""From error codes, places and severities down to refusals with reasons and to records."""

from __future__ import annotations

import html
import random
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from portal.ingest.problem_codes import CODES
from portal.reports import catalogue
from portal.reports.catalogue import Definition
from tests.integration.reports.conftest import Pages
from tests.integration.reports.questions import connected
from tests.integration.reports.test_ways_down import (
    check_arrivals,
    check_list,
    check_lists,
    figures_of,
    number_or_none,
    ways_of,
    with_columns,
)
from tests.integration.reports.worlds import TODAY
from tests.support.tables import Table

SINCE = TODAY - timedelta(days=28)
PERIOD = f"from={SINCE}&to={TODAY}"


@pytest.fixture(scope="module")
def definitions(pages: Pages) -> dict[str, Definition]:
    with connected(pages.database, "regulator") as conn:
        return {one.code: one for one in catalogue.read(conn)}


def addresses(text: str, *parts: str) -> list[str]:
    """The addresses of a page that hold all of these, each once."""
    found = {html.unescape(one) for one in re.findall(r'href="([^"]+)"', text)}
    return sorted(one for one in found if all(part in one for part in parts))


def test_a_code_leads_to_its_refusals_each_with_its_reasons(pages: Pages) -> None:
    client = pages.visit("regulator")
    answer = client.get(f"/reports/R01?{PERIOD}&by=error_code")
    for code, number in Counter(one.code for one in pages.world.refusals).items():
        [link] = addresses(answer.text, "/ledger/refusals", f"code={code}")
        check_arrivals(client, link, "refused_batch_count", Decimal(number))
        assert html.escape(CODES[code].title) in client.get(link).text
    # And by operator and key: to the refusals of that key.
    one = pages.world.refusals[0]
    below = client.get(f"/reports/R01?{PERIOD}&by=access_key&operator={one.operator}")
    [link] = addresses(below.text, "/ledger/refusals", f"key={one.key}&")
    own = [other for other in pages.world.refusals if other.key == one.key]
    check_arrivals(client, link, "refused_batch_count", Decimal(len(own)))


def test_what_the_server_failed_at_has_no_records_and_no_link(pages: Pages) -> None:
    client = pages.visit("regulator")
    answer = client.get(f"/reports/R01?from={TODAY - timedelta(days=92)}&to={TODAY}&by=error_code")
    assert "(service_unavailable)" in answer.text
    assert "code=service_unavailable" not in answer.text


def test_a_kind_of_place_leads_to_its_places_and_these_to_their_records(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R04"]
    names = list(report.measures)
    alpha = pages.operators[0]
    answer = client.get(
        with_columns(f"/reports/R04?{PERIOD}&by=object_kind&operator={alpha.id}", report)
    )
    page = Table(answer)
    followed = 0
    for row, links in zip(page.body, page.links, strict=False):
        assert links, row
        figures = dict(zip(names, map(number_or_none, row[1:]), strict=True))
        below = client.get(with_columns(links[0], report))
        places = Table(below)
        foot = dict(zip(names, map(number_or_none, places.foot[0][1:]), strict=True))
        assert {name: foot[name] for name, one in report.measures.items() if one.additive} == {
            name: figures[name] for name, one in report.measures.items() if one.additive
        }
        for _, _, cells in ways_of(below.text, names)[:-1]:
            check_lists(client, cells, figures_of(cells))
            followed += 1
    assert followed >= 3


@pytest.mark.parametrize("by", ["rule", "operator,rule"])
def test_a_breach_of_a_licence_leads_to_the_records_with_its_mark(
    pages: Pages, definitions: dict[str, Definition], by: str
) -> None:
    client = pages.visit("regulator")
    report = definitions["R04"]
    names = list(report.measures)
    answer = client.get(with_columns(f"/reports/R04?{PERIOD}&by={by}", report))
    for _, link, cells in random.Random(by).sample(ways_of(answer.text, names)[:-1], 3):
        assert link
        assert link.startswith("/ledger/transactions?")
        check_lists(client, cells, figures_of(cells))


def test_what_is_critical_leads_to_the_records_without_a_fitting_licence(
    pages: Pages, definitions: dict[str, Definition]
) -> None:
    client = pages.visit("regulator")
    report = definitions["R06"]
    names = list(report.measures)
    answer = client.get(with_columns(f"/reports/R06?{PERIOD}&by=severity", report))
    rows = {row[0]: row for row in Table(answer).body}
    [critical] = [row for label, row in rows.items() if label.startswith("critical")]
    figures: dict[str, Any] = dict(zip(names, map(number_or_none, critical[1:]), strict=True))
    assert figures["record_count"] == figures["critical_count"]
    [link] = [
        one
        for one in addresses(answer.text, "/ledger/transactions", "breach=unlicensed")
        if "type=" not in one
    ]
    check_list(client, link, "record_count", figures["record_count"])
    listed = client.get(link)
    assert "Without a fitting licence" in listed.text
    assert client.get("/ledger/transactions?breach=3").status_code == 422


def test_who_sees_no_keys_is_told_no_number_of_them(pages: Pages) -> None:
    tax = pages.visit("tax_service").get(
        f"/reports/R04?{PERIOD}&by=operator&column=active_key_count"
    )
    assert set(Table(tax).foot[0][1:]) <= {"—", ""}
    own = pages.visit("operator", pages.operators[0])
    told = own.get(f"/reports/R04?{PERIOD}&by=operator&column=active_key_count")
    assert number_or_none(Table(told).foot[0][-1]) == 6
