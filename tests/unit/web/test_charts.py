"""A chart is figures first: what is drawn and what the table says are the same integers."""

from __future__ import annotations

import json
import re

import pytest

from portal.web.charts import MOST_POINTS, Chart, Series


def chart(**changes) -> Chart:
    given = {
        "id": "c",
        "title": "T",
        "description": "D",
        "heading": "Day",
        "labels": ["1", "2"],
        "series": [Series("Stakes", [100, None])],
    }
    return Chart(**{**given, **changes})


def test_the_page_carries_the_figures_as_data_that_is_not_run(client):
    page = client.get("/report").text
    (data,) = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.S)
    figures = json.loads(data)
    assert figures["series"][0]["scale"] == 100
    assert figures["language"] == "uk"
    assert len(figures["labels"]) == len(figures["links"]) == len(figures["series"][0]["values"])


def test_a_name_cannot_leave_the_data(app):
    hostile = chart(series=[Series("</script><script>alert(1)</script>", [1, 2])])
    template = app.jinja_env.from_string("{{ ui.chart(chart) }}")
    with app.test_request_context():
        drawn = template.render(chart=hostile)
    assert "<script>alert" not in drawn


def test_a_gap_is_a_dash_in_the_table(app):
    with app.test_request_context():
        known = chart()
        assert known.text(known.series[0], 1) == "—"
        assert known.text(known.series[0], 0) == "1,00\u00a0₴"


def test_a_series_is_written_in_its_own_unit(app):
    units = ("money", "count", "percent", "number", "milliseconds")
    known = chart(series=[Series(one, [-123456, None], unit=one) for one in units])
    with app.test_request_context():
        texts = [known.text(one, 0).replace("\u00a0", " ") for one in known.series]
        told = known.for_browser("uk")["series"]
    assert texts == ["−1 234,56 ₴", "−123 456", "−1 234,56%", "−1 234,56", "−123 456 мс"]
    shown = [(one["values"][0] / one["scale"], one["sign"]) for one in told]
    assert shown == [
        (-1234.56, "₴"), (-123456, ""), (-1234.56, "%"), (-1234.56, ""), (-123.456, "с")
    ]  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": ["1"]},
        {"links": ["/1"]},
        {"labels": ["d"] * (MOST_POINTS + 1), "series": [Series("S", [1] * (MOST_POINTS + 1))]},
    ],
)
def test_what_does_not_fit_together_is_refused(changes):
    with pytest.raises(ValueError, match=r"label|links|points"):
        chart(**changes)
