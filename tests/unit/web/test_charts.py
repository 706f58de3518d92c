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
    assert figures["scale"] == 100
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
        assert chart().text(None) == "—"
        assert chart().text(100) == "1,00\u00a0₴"
        assert chart(unit="count").text(1000) == "1\u00a0000"


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
