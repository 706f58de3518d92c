"""*Stakes and winnings*: exact, the same in every form, and only what one may see."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from portal import db
from portal.reports.figures import Figures
from portal.web.formats import KYIV
from tests.support.pages import AUTUMN, FORMULA, SPRING
from tests.support.tables import Table

REPORT = "/reports/stakes-and-winnings"
GROUPINGS = ["day", "hour", "operator", "gambling_type", "licence", "channel"]
MEASURES = [
    "bet_count",
    "stake",
    "refund",
    "net_stake",
    "win",
    "ggr",
    "rtp_percent",
    "hold_percent",
    "average_stake",
]


def query(scene, **more):
    first, last = scene.days[2].isoformat(), scene.days[-1].isoformat()
    return {"from": first, "to": last, "operator": scene.first.id, **more}


def read(text, language="uk"):
    """A figure as a page writes it: as a CSV, but with the sign of subtraction for a hyphen."""
    assert "-" not in text
    return number(text.replace("\u2212", "-"), language)


def number(text, language="uk"):
    """A figure as a CSV writes it, exact; None for a dash or nothing."""
    plain = re.sub(r"[\s%]", "", text)
    plain = plain.replace(",", ".") if language == "uk" else plain.replace(",", "")
    return None if plain in ("", "—") else Decimal(plain)


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("by", GROUPINGS)
def test_page_csv_and_json_say_the_same(visitor, scene, by, language):
    client = visitor("regulator", language=language)
    asked = query(scene, by=by)
    page = Table(client.get(REPORT, query_string=asked))
    document = client.get(REPORT, query_string=asked | {"format": "json"}).json
    file = client.get(REPORT, query_string=asked | {"format": "csv"}).get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";"))[1:]
    assert len(page.body) == len(document["rows"]) == len(lines) > 0
    for shown, exact, line in zip(page.body, document["rows"], lines, strict=True):
        expected = [None if exact[name] is None else Decimal(exact[name]) for name in MEASURES]
        assert [number(text, language) for text in line[-9:]] == expected
        assert [read(text, language) for text in shown[1:]] == [
            round(value, 2) if name.endswith("percent") and value is not None else value
            for name, value in zip(MEASURES, expected, strict=True)
        ]
        assert exact["label"] in shown[0]
    total = [document["totals"][name] for name in MEASURES[:6]]
    assert [read(text, language) for text in page.foot[0][1:7]] == [Decimal(one) for one in total]


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals_are_those_of_the_rows_and_alike_in_every_grouping(visitor, scene, by):
    document = (
        visitor("regulator").get(REPORT, query_string=query(scene, by=by, format="json")).json
    )
    by_day = visitor("regulator").get(REPORT, query_string=query(scene, format="json")).json
    assert document["totals"] == by_day["totals"]
    for name in MEASURES[:6]:
        parts = sum(Decimal(row[name]) for row in document["rows"])
        assert parts == Decimal(document["totals"][name])


def test_figures_follow_from_sums_as_the_database_has_it(database):
    day = datetime.now(KYIV).date()
    with db.acting_as("regulator") as conn:
        for by in GROUPINGS:
            rows = db.call(conn, "api.stakes_and_winnings", day - timedelta(days=90), day, by)
            assert rows
            for row in rows:
                figures = Figures.of(row)
                assert figures.net_stake == row["net_stake_minor"]
                assert figures.ggr == row["ggr_minor"]
                assert figures.rtp_percent == row["rtp_percent"]
                assert figures.hold_percent == row["hold_percent"]
                assert figures.average_stake == row["average_stake_minor"]


@pytest.mark.parametrize(("day", "hours"), [(AUTUMN, 25), (SPRING, 23)])
def test_days_on_which_clocks_change_have_all_their_hours(visitor, scene, day, hours):
    asked = query(scene, by="hour") | {"from": day.isoformat(), "to": day.isoformat()}
    page = Table(visitor("regulator").get(REPORT, query_string=asked))
    labels = [row[0].strip() for row in page.body]
    assert len(labels) == len(set(labels)) == hours
    assert all(read(row[1]) == 1 for row in page.body)
    assert ("03:00 (UTC+3)" in labels) == ("03:00 (UTC+2)" in labels) == (hours == 25)


def test_every_figure_of_an_hour_leads_to_exactly_its_records(visitor, scene):
    client = visitor("regulator")
    asked = query(scene, by="hour") | {"from": AUTUMN.isoformat(), "to": AUTUMN.isoformat()}
    page = Table(client.get(REPORT, query_string=asked))
    signs = {"Ставка": 1, "Повернення": -1, "Виграш": -1}
    for row, links in list(zip(page.body, page.links, strict=False))[:6]:
        figures = dict(zip(MEASURES, (read(text) for text in row[1:]), strict=True))
        # the label's link, then bets, stakes, refunds, net stakes, winnings, GGR
        records = {place: Table(client.get(links[place])).body for place in (1, 2, 6)}
        assert len(records[1]) == figures["bet_count"]
        assert sum(read(one[3].replace("₴", "")) for one in records[2]) == figures["stake"]
        ggr = sum(signs[one[2]] * read(one[3].replace("₴", "")) for one in records[6])
        assert ggr == figures["ggr"]


def test_a_day_leads_to_its_hours_and_an_operator_to_its_days(visitor, scene):
    client = visitor("regulator")
    days = Table(client.get(REPORT, query_string=query(scene)))
    hours = Table(client.get(days.links[0][0]))
    assert hours.foot[0][1:7] == days.body[0][1:7]
    asked = query(scene, by="operator")
    del asked["operator"]
    operators = Table(client.get(REPORT, query_string=asked))
    for row, links in zip(operators.body, operators.links, strict=False):
        if scene.first.code in row[0]:
            assert Table(client.get(links[0])).foot[0][1:7] == row[1:7]
            break
    else:
        pytest.fail("the operator is not in the report")


def test_days_without_records_are_told(visitor, scene):
    asked = query(scene) | {"to": (scene.days[-1] + timedelta(days=1)).isoformat()}
    page = Table(visitor("regulator").get(REPORT, query_string=asked))
    assert read(page.body[-1][1]) == 0
    assert page.body[-1][7] == "—"


def test_an_operator_sees_itself_only(visitor, scene):
    client = visitor("operator", scene.first)
    page = client.get(REPORT, query_string={"by": "licence"}).text
    assert "PS-BETS" not in page
    assert scene.second.code not in page
    assert 'name="operator"' not in page
    document = client.get(REPORT, query_string={"by": "operator", "format": "json"}).json
    assert [row["code"] for row in document["rows"]] == [scene.first.code]


def test_a_foreign_operator_and_an_absent_one_are_the_same_error(visitor, scene):
    client = visitor("operator", scene.first)
    answers = [
        client.get(REPORT, query_string={"operator": own, "format": "json"})
        for own in (scene.second.id, 999_999_999)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].data == answers[1].data


BAD = {
    "from": [{"from": "yesterday"}, {"from": "1066-01-01"}, {"from": "2001-01-01"}],
    "to": [{"from": "2026-11-20", "to": "2026-11-19"}],
    "by": [{"by": "player"}],
    "operator": [
        {"operator": "0"},
        {"operator": "x"},
        {"operator": "9" * 5000},
        {"operator": ["1", "2"]},
    ],
    "type": [{"type": "roulette"}],
    "currency": [{"currency": "XXX"}],
    "period": [{"period": "zzz"}],
    "sort": [{"sort": "operator_id; drop"}, {"dir": "up"}],
}


@pytest.mark.parametrize("field", BAD)
def test_what_makes_no_sense_is_said_and_nothing_is_guessed(visitor, field):
    client = visitor("regulator")
    for asked in BAD[field]:
        page = client.get(REPORT, query_string=asked)
        assert page.status_code == 422
        assert 'role="alert"' in page.text
        assert "<table" not in page.text
        answer = client.get(REPORT, query_string=asked | {"format": "json"})
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json["errors"]] == [field]


def test_what_is_wrong_stands_before_the_form_and_beside_its_field(visitor):
    client = visitor("regulator", language="en")
    page = client.get(REPORT, query_string={"by": "player"}).text
    assert page.index('href="#filter-by"') < page.index('<form class="filters"')
    assert 'id="filter-by-error"' in page
    assert "period-by-error" not in page
    page = client.get("/ledger/transactions?from=2026-13-01").text
    assert page.index('href="#period-from"') < page.index('<form class="filters"')
    assert 'value="" aria-invalid="true" aria-describedby="period-from-error"' in page
    assert "Give the date and the time to begin from." in page


@pytest.mark.parametrize(
    ("path", "wrong", "field"),
    [
        (REPORT, "from=2026-11-20&to=2026-11-19", "period-to"),
        ("/ledger/batches", "period=zzz", "period-from"),
        ("/ledger/transactions", "from=2026-13-01", "period-from"),
        ("/ledger/refusals", "period=zzz", "filter-period"),
        ("/live", "operator=999999", "filter-operator"),
    ],
)
def test_every_page_with_filters_tells_what_is_wrong_first_and_takes_it_back(
    visitor, path, wrong, field
):
    """A fragment always brings the summary's place, so that a mended form leaves none behind."""
    client = visitor("regulator")
    page = client.get(f"{path}?{wrong}").text
    told = page.index('<div id="errors">')
    assert told < page.index(f'href="#{field}"') < page.index('<form class="filters"')
    assert page.count('role="alert"') == 1
    assert re.search(f'id="{field}"[^>]*aria-invalid="true"', page)
    of_htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
    part = client.get(f"{path}?{wrong}", headers=of_htmx).text
    assert part.count('<div id="errors" hx-swap-oob="outerHTML">') == 1
    assert part.count('role="alert"') == 1
    part = client.get(path, headers=of_htmx).text
    assert '<div id="errors" hx-swap-oob="outerHTML"></div>' in part
    assert "hx-swap-oob" not in client.get(path).text


def test_an_unknown_form_of_the_report_is_refused(visitor):
    answer = visitor("regulator").get(REPORT, query_string={"format": "xml"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_day_that_goes_on_is_marked_in_words(visitor, scene):
    page = visitor("regulator", language="en").get(REPORT, query_string={"period": "7-days"})
    table = Table(page)
    assert [number for number, row in enumerate(table.body) if "still going on" in row[0]] == [
        len(table.body) - 1
    ]


def test_hours_of_a_long_period_are_refused_with_the_reason(visitor):
    asked = {"from": "2026-01-01", "to": "2026-06-01", "by": "hour"}
    answer = visitor("regulator").get(REPORT, query_string=asked)
    assert answer.status_code == 422
    assert "93" in answer.text


def test_the_file_is_named_after_what_it_holds_and_runs_no_formula(visitor, scene):
    answer = visitor("regulator").get(REPORT, query_string=query(scene, by="channel", format="csv"))
    assert answer.mimetype == "text/csv"
    named = answer.headers["Content-Disposition"]
    first, last = scene.days[2], scene.days[-1]
    assert f"stakes-and-winnings_{first}_{last}_by-channel_PAGES-FIRST_UAH_as-of-20" in named
    assert re.search(r"_as-of-[0-9T-]+Z\.csv\"; filename\*=UTF-8''.+Z_.+\.csv$", named)
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    cells = [cell for line in csv.reader(io.StringIO(text[1:]), delimiter=";") for cell in line]
    assert f"'{FORMULA}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_moment_of_the_figures_is_that_of_reading(visitor, scene):
    before = datetime.now(UTC)
    answer = visitor("auditor", language="en").get(REPORT, query_string={"format": "json"})
    assert "_as-of-" in answer.headers["Content-Disposition"]
    document = answer.json
    assert document["author"]["role"] == "auditor"
    as_of = datetime.fromisoformat(document["as_of"])
    assert before - timedelta(seconds=1) <= as_of <= datetime.now(UTC)


def test_sorting_is_by_the_exact_figure_both_ways(visitor, scene):
    client = visitor("regulator")
    for direction in ("asc", "desc"):
        asked = query(scene, by="hour", sort="ggr", dir=direction, format="json")
        rows = client.get(REPORT, query_string=asked).json["rows"]
        values = [Decimal(row["ggr"]) for row in rows]
        assert values == sorted(values, reverse=direction == "desc")


def test_an_empty_period_says_so_and_shows_a_way_on(visitor, scene):
    day = date(2019, 5, 5).isoformat()
    answer = visitor("regulator").get(REPORT, query_string={"from": day, "to": day})
    assert answer.status_code == 200
    assert "немає ставок" in answer.text
    assert "period=30-days" in answer.text


def test_htmx_gets_the_part_that_changes(visitor, scene):
    answer = visitor("regulator").get(
        REPORT,
        query_string=query(scene),
        headers={"HX-Request": "true", "HX-Request-Type": "partial"},
    )
    assert "<html" not in answer.text
    assert 'id="report"' in answer.text


def test_the_start_page_tells_of_today(visitor, scene):
    page = visitor("operator", scene.first).get("/").text
    assert "/ledger/batches?time=received&amp;period=today" in page
    assert 'href="/tasks/refusals"' in page
    assert visitor("registrar").get("/").status_code == 200
