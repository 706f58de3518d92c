"""What was paid in R11: told where it can be, down to the payments, and the same on other pages."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from portal.reports import catalogue, gateway
from portal.web import periods
from tests.integration.reports import oracle
from tests.integration.reports.conftest import Pages
from tests.integration.reports.oracle import Query
from tests.integration.reports.questions import answer, compare, connected
from tests.integration.reports.worlds import TODAY

VERIFIED = (
    "update registry.tax_rate set verified_by = 1, verified_at = now() where verified_by is null"
)
LONG = (date(2025, 12, 10), TODAY)


@pytest.fixture
def conn(pages: Pages) -> Iterator[Any]:
    with connected(pages.database, "tax_service") as made:
        yield made


@pytest.mark.parametrize(
    "by",
    [(), ("operator",), ("tax_kind",), ("quarter",), ("operator", "tax_kind", "month"), ("year",)],
    ids=".".join,
)
def test_gaps_are_what_a_slow_recomputation_says(
    pages: Pages, conn: Any, by: tuple[str, ...]
) -> None:
    query = Query(*LONG, by)
    found = answer(conn, "R11", query)
    compare(found, oracle.r11(pages.world, query), query)
    assert found[None]["paid_minor"] > 0
    assert found[None]["gap_of_win_minor"] != found[None]["gap_of_withdrawal_minor"]


def test_nothing_is_told_where_it_cannot_be(pages: Pages, conn: Any) -> None:
    kinds = (1, 2)
    for query in (
        Query(*LONG, ("tax_class",)),
        Query(*LONG, ("operator",), gambling_types=kinds),
        Query(*LONG, ("gambling_type",)),
        Query(*LONG, ("operator",), currency=978),
        Query(TODAY, TODAY, ("operator",)),
    ):
        rows = answer(conn, "R11", query)
        for row in rows.values():
            assert (row["paid_minor"], row["gap_of_win_minor"]) == (None, None), query


def test_a_rate_that_is_no_longer_disputed_counts_in_both_readings(pages: Pages) -> None:
    whose = pages.operators[0].id
    with connected(pages.database, "tax_service") as conn:
        before = answer(conn, "R11", Query(*LONG, ("operator",)))[None]
    with pages.database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        conn.execute(
            "update registry.tax_rate set base = 'win' where kind in ('pit', 'military_levy')"
        )
    try:
        with connected(pages.database, "operator", whose) as conn:
            own = answer(conn, "R11", Query(*LONG, ("month",)))
        with connected(pages.database, "tax_service") as conn:
            after = answer(conn, "R11", Query(*LONG, ("operator",)))[None]
        assert after["estimated_of_win_minor"] == before["estimated_of_win_minor"]
        assert after["estimated_of_withdrawal_minor"] == before["estimated_of_win_minor"]
        for row in own.values():
            assert row["gap_of_win_minor"] == row["gap_of_withdrawal_minor"]
    finally:
        with pages.database.connect() as conn:
            conn.execute("set session_replication_role = replica")
            conn.execute(
                "update registry.tax_rate set base = 'win_or_withdrawal'"
                " where kind in ('pit', 'military_levy')"
            )


def test_declared_tax_counts_the_rates_it_is_told_by(pages: Pages, conn: Any) -> None:
    """A month that was declared and of which nothing came is told by rates nobody confirmed."""
    month, last = date(2024, 7, 1), date(2024, 7, 31)
    whose = pages.operators[0].id
    rates = [
        one
        for one in pages.world.rates
        if one.kind == "ggr_tax" and one.since <= month and last < one.until and not one.verified
    ]
    kind = min(pages.world.tax_classes[rates[0].tax_class][1])
    behind = sum(kind in pages.world.tax_classes[one.tax_class][1] for one in rates)
    with pages.database.connect() as admin:
        admin.execute("set session_replication_role = replica")
        admin.execute(
            "insert into report.declared_month (operator_id, month, currency, gambling_type_id,"
            " version, declared_at, declared_by, reason, basis, ggr_minor, entry_hash)"
            " values (%s, %s, 980, %s, 1, now(), 'test', 'test', 'cash', 100000, sha256('x'))",
            (whose, month, kind),
        )
    for query in (
        Query(month, last, ("operator",)),
        Query(month, last),
        Query(month, last, ("month",)),
    ):
        rows = answer(conn, "R11", query)
        for key, row in rows.items():
            assert row["declared_ggr_tax_minor"] > 0, key
            assert row["ggr_tax_minor"] == 0, key
            assert row["unverified_rate_count"] == behind, key


def test_unverified_rates_are_marked_wherever_taxes_are_told(pages: Pages) -> None:
    """Whatever columns the page shows, in what it fetches, in files; not once all are verified."""
    client = pages.visit("tax_service")
    days = f"from={LONG[0]}&to={LONG[1]}"

    def told() -> list[int]:
        page = client.get(f"/reports/R11?{days}&by=operator&column=ggr_tax").text
        tiles = page.split('class="figures"')[-1].split("</dl>")[0]
        chart = client.get(
            f"/reports/R11?{days}&by=month&only=chart", headers={"HX-Request": "true"}
        )
        file = client.get(f"/reports/R11?{days}&by=operator&format=json").get_json()
        cover = dict(file["lines"])
        return [
            page.count('id="remark-unverified_rates"'),
            int("rates not verified" in tiles),
            int("rates not verified" in page.split('id="own-chart"')[1].split("</section>")[0]),
            chart.text.count("rates not verified"),
            int(cover.get("Tax rates", "").startswith("not verified: ")),
        ]

    assert told() == [1] * 5
    with pages.database.connect() as conn:
        conn.execute("set session_replication_role = replica")
        before = conn.execute(
            "select id from registry.tax_rate where verified_by is null"
        ).fetchall()
        conn.execute(VERIFIED)
    try:
        assert told() == [0] * 5
    finally:
        with pages.database.connect() as conn, conn.cursor() as cursor:
            conn.execute("set session_replication_role = replica")
            cursor.executemany(
                "update registry.tax_rate set verified_by = null, verified_at = null where id = %s",
                before,
            )


def test_every_figure_of_a_tax_says_that_it_is_estimated(pages: Pages) -> None:
    with connected(pages.database, "tax_service") as conn:
        (found,) = catalogue.read(conn, "R11")
    of_taxes = [
        one
        for one in found.measures.values()
        if "registry.tax_rate" in one.source and one.kind == "money"
    ]
    assert len(of_taxes) >= 10
    for one in of_taxes:
        assert "(estimated)" in one.name_en, one.code
        assert "(оцінка)" in one.name_uk, one.code


def test_the_payments_behind_a_row_add_up_to_it(pages: Pages) -> None:
    client = pages.visit("tax_service")
    days = f"from={LONG[0]}&to={LONG[1]}"
    followed = 0
    for by in ("operator", "tax_kind", "operator,tax_kind", "quarter"):
        page = client.get(f"/reports/R11?{days}&by={by}&column=paid").text
        body = page.split("<tbody>")[-1].split("</tbody>")[0]
        for link, told in re.findall(r'<td class="num"><a href="([^"]+)"[^>]*>([^<]+)</a>', body):
            assert link.startswith("/taxes/payments?")
            rows = json.loads(client.get(html.unescape(link) + "&format=json").text)["rows"]
            paid = sum(int(one["amount"].replace(".", "")) for one in rows)
            assert paid == int(re.sub(r"\D", "", told)), link
            followed += 1
    assert followed > 5


def test_the_start_page_tells_what_the_report_tells(pages: Pages) -> None:
    yesterday = periods.today() - periods.ONE_DAY
    first = yesterday.replace(day=1)
    with connected(pages.database, "tax_service") as conn:
        told = gateway.tax_of(conn, first, yesterday, 980)
        row = answer(conn, "R11", Query(first, yesterday))[None]
    assert (told.of_win, told.of_withdrawal, told.verified) == (
        row["estimated_of_win_minor"],
        row["estimated_of_withdrawal_minor"],
        row["unverified_rate_count"] == 0,
    )
    card = pages.visit("tax_service").get("/").text.split('id="figure-tax"')[1].split("</li>")[0]
    assert "by=operator" in card
    if told.of_win != told.of_withdrawal:
        assert " – " in card
        assert "on winnings or withdrawals" in card
