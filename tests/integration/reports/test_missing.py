"""The way from missing numbers in R02 to the ranges and the batches around them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.integration.reports.conftest import Pages
from tests.integration.reports.worlds import TODAY
from tests.support.batches import row, store
from tests.support.databases import become, rows

SENT = (1, 4, 9, 10)


def _numbers(pages: Pages, operator: int) -> dict[str, list[int]]:
    streams: dict[str, list[int]] = (
        {"gaps": list(SENT)} if operator == pages.operators[0].id else {}
    )
    for one in pages.world.batches:
        if one.operator == operator:
            streams.setdefault(one.stream, []).append(one.sequence)
    return streams


def _missing(pages: Pages, operator: int) -> set[tuple[str, int]]:
    return {
        (stream, number)
        for stream, own in _numbers(pages, operator).items()
        for number in range(min(own), max(own))
        if number not in own
    }


@pytest.fixture(scope="module")
def lacking(pages: Pages) -> int:
    """An operator that has left out numbers of a stream."""
    operator = pages.operators[0]
    for number in SENT:
        store(pages.database, operator, [row(operator)], stream="gaps", sequence=number)
    return operator.id


def test_ranges_are_what_is_missing_page_after_page(pages: Pages, lacking: int) -> None:
    expected = _missing(pages, lacking)
    assert len(expected) >= 6
    with pages.database.rolled_back() as conn:
        become(conn, "regulator")
        found: set[tuple[str, int]] = set()
        before = None
        while ranges := rows(
            conn,
            "select operator_sequence, stream, from_number, to_number"
            " from api.missing_numbers(%s, %s, 1)",
            (lacking, before),
        ):
            [(before, stream, first, last)] = ranges
            found |= {(str(stream), one) for one in range(first, last + 1)}  # type: ignore[call-overload,operator]
    assert found == expected


def test_the_figure_leads_to_its_ranges_and_they_to_batches(pages: Pages, lacking: int) -> None:
    client = pages.visit("regulator")
    page = client.get("/reports/R02?period=30-days").text
    link = re.search(rf'href="(/ledger/missing\?operator={lacking}&amp;[^"]+)"', page)
    assert link
    listed = client.get(unescape(link[1])).text
    expected = _missing(pages, lacking)
    assert f"{len(expected)} numbers of all streams are missing up to now" in listed
    told = re.findall(r'<td class="num">(\d+)</td>', listed)
    assert sum(map(int, told)) == len(expected)
    batch = re.search(r'href="(/ledger/batches/\d+)"', listed)
    assert batch
    assert client.get(batch[1]).status_code == 200
    assert "/reports/R02" in listed, "and back up"


def test_each_sees_its_own_and_is_told_of_no_other(pages: Pages, lacking: int) -> None:
    own = next(one for one in pages.operators if one.id == lacking)
    other = next(one for one in pages.operators if one.id != lacking)
    client = pages.visit("operator", own)
    assert f"{len(_missing(pages, lacking))} numbers of all streams" in (
        client.get("/ledger/missing").text
    )
    foreign = client.get(f"/ledger/missing?operator={other.id}")
    absent = client.get("/ledger/missing?operator=999999")
    assert foreign.status_code == absent.status_code == 422
    said = [
        re.findall(r'class="[^"]*error[^"]*"[^>]*>(.*?)<', one.text, re.DOTALL)
        for one in (foreign, absent)
    ]
    assert said[0] == said[1] != []
    assert pages.visit("tax_service").get("/ledger/missing").status_code == 403
    with pages.database.rolled_back() as conn:
        become(conn, "operator", other.id)
        assert rows(conn, "select 1 from api.missing_numbers(%s)", (lacking,)) == []


def test_what_makes_no_sense_is_said_at_its_field(pages: Pages, lacking: int) -> None:
    client = pages.visit("regulator", language="uk")
    assert "Виберіть організатора" in client.get("/ledger/missing").text
    wrong = client.get(f"/ledger/missing?operator={lacking}&from=2026-02-02&to=2026-02-01")
    assert wrong.status_code == 422
    old = TODAY - timedelta(days=3000)
    empty = client.get(f"/ledger/missing?operator={lacking}&from={old}&to={old}")
    assert empty.status_code == 200
    assert "Нічого не бракує" in empty.text
