"""The charts of reports: what is drawn is what the report says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from portal.reports.charts.treemap import areas
from tests.integration.reports.conftest import Pages
from tests.integration.reports.worlds import TODAY

MONTH = f"from={TODAY.replace(day=1)}&to={TODAY}"
RECT = re.compile(
    r'<rect class="draw-([a-z]+)" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)">'
    r"<title>([^<]*)</title>"
)


@pytest.fixture(scope="module")
def seen(pages: Pages):
    """The page of a report, and the same asked as JSON."""
    client = pages.visit("regulator")

    def see(code: str, by: str, query: str = MONTH) -> tuple[str, dict]:
        address = f"/reports/{code}?by={by}&{query}"
        page = client.get(address)
        assert page.status_code == 200
        return page.get_data(as_text=True), client.get(f"{address}&format=json").get_json()

    return see


def rects(page: str) -> list[tuple[str, float, float, float, float, str]]:
    return [
        (look, *(float(one) for one in at), told)  # type: ignore[misc]
        for look, *at, told in RECT.findall(page)
    ]


def test_reports_show_their_own_chart(pages: Pages) -> None:
    client = pages.visit("regulator")
    for code in ("R02", "R06", "R08", "R09", "R10", "R04"):
        by = {"R04": "licence", "R06": "rule"}
        page = client.get(f"/reports/{code}?by={by.get(code, 'operator')}&{MONTH}")
        text = page.get_data(as_text=True)
        assert ('id="grid"' if code == "R02" else 'id="own-chart"') in text, code
        assert len(text) < 400_000
        assert "style=" not in text


def test_the_waterfall_ends_at_ggr(seen) -> None:
    page, _ = seen("R09", "operator")
    stake, refund, win, ggr = rects(page)
    assert refund[2] == pytest.approx(stake[2], abs=0.2)  # each begins where the last one ended
    assert win[2] == pytest.approx(refund[2] + refund[4], abs=1.2)
    axis = float(re.findall(r'class="draw-axis" x1="[^"]*" y1="([^"]*)"', page)[0])
    end = win[2] + win[4]
    assert {round(ggr[2]), round(ggr[2] + ggr[4])} == {round(axis), round(end)}
    assert [one[0] for one in (stake, refund, win, ggr)] == ["stake", "win", "win", "stake"]


def test_areas_are_in_proportion_and_fill_the_field() -> None:
    values = [50, 20, 12, 9, 5, 3, 1]
    found = areas(values, (0, 0, 720, 300))
    for value, (x, y, width, height) in zip(values, found, strict=True):
        assert width * height == pytest.approx(720 * 300 * value / 100)
        assert 0 <= x <= x + width <= 720.001
        assert 0 <= y <= y + height <= 300.001


def test_the_treemap_has_each_operator_by_its_ggr(seen) -> None:
    page, said = seen("R08", "operator")
    ggr = [Decimal(str(row["ggr"])) for row in said["rows"]]
    drawn = [one[3] * one[4] for one in rects(page)]
    wanted = sorted((one for one in ggr if one > 0), reverse=True)
    assert len(drawn) == len(wanted) > 1
    for area, value in zip(drawn, wanted, strict=True):
        share = float(value / sum(wanted))
        assert area / (720 * 300) == pytest.approx(share, abs=0.002)


def test_every_day_of_an_operator_has_its_cell(seen) -> None:
    page, said = seen("R02", "operator")
    table = page.split('class="status-grid"')[1].split("</table>")[0]
    rows = re.findall(r'<tr><th scope="row">.*?</tr>', table, re.S)
    assert len(rows) == min(len(said["rows"]), 12)
    assert {row.count("<td") for row in rows} == {TODAY.day}
    _, by_day = seen("R02", "operator,day")
    whole = sum(row["completeness_percent"] is not None for row in by_day["rows"])
    assert len(re.findall(r'<td class="grid-level-\d">', table)) == whole


def test_nothing_is_drawn_of_nothing(seen) -> None:
    page, _ = seen("R09", "operator", "from=2020-01-01&to=2020-01-02")
    assert "own-chart" not in page
