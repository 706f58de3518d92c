"""Reports as pages: exact, the same in every form, and only what one may see."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from portal.web.formats import KYIV
from tests.support.pages import AUTUMN, FORMULA, SPRING
from tests.support.tables import Table

REPORT = "/reports/R03"
GROUPINGS = ["day", "hour", "operator", "gambling_type", "licence", "channel"]
MEASURES = [
    "bet_count",
    "stake",
    "refund",
    "net_stake",
    "win",
    "ggr",
    "rtp_percent",
    "average_stake",
    "week_change_percent",
]
CODES = [f"R{number:02}" for number in range(1, 12)]
FOR_TAXES = {"R03", "R04", "R09", "R10", "R11"}
ALL = "bet_count,stake,refund,refund_count,net_stake,win_count,win,ggr,rtp_percent,hold_percent"
ALL += ",average_stake,refund_percent,week_before,week_change_percent"


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


def said(row, language):
    """The day or hour of a row as the page names it."""
    if "day" in row:
        day = date.fromisoformat(row["day"])
        return f"{day:%d.%m.%Y}" if language == "uk" else f"{day.day} {day:%b %Y}"
    return f"{datetime.fromisoformat(row['hour']).astimezone(KYIV):%H:%M}"


@pytest.mark.parametrize("language", ["uk", "en"])
@pytest.mark.parametrize("by", GROUPINGS)
def test_page_csv_and_json_say_the_same(visitor, scene, by, language):
    client = visitor("regulator", language=language)
    asked = query(scene, by=by, column=ALL)
    page = Table(client.get(REPORT, query_string=asked | {"rows": "all"}))
    document = client.get(REPORT, query_string=asked | {"format": "json"}).json
    file = client.get(REPORT, query_string=asked | {"format": "csv"}).get_data(as_text=True)
    lines = list(csv.reader(io.StringIO(file.removeprefix("\ufeff")), delimiter=";"))
    lines = lines[1 : lines.index([])]
    names = [one["name"] for one in document["columns"] if one["name"] in ALL.split(",")]
    assert sorted(names) == sorted(ALL.split(","))
    assert len(page.body) == len(document["rows"]) == len(lines) > 0
    for shown, exact, line in zip(page.body, document["rows"], lines, strict=True):
        expected = [None if exact[name] is None else Decimal(exact[name]) for name in names]
        assert [number(text, language) for text in line[-len(names) :]] == expected
        assert [read(text, language) for text in shown[1:]] == [
            round(value, 2) if name.endswith("percent") and value is not None else value
            for name, value in zip(names, expected, strict=True)
        ]
        assert (exact.get(f"{by}_name") or said(exact, language)) in shown[0]
    total = [document["totals"][name] for name in names[:6]]
    assert [read(text, language) for text in page.foot[0][1:7]] == [Decimal(one) for one in total]


@pytest.mark.parametrize("by", GROUPINGS)
def test_totals_are_those_of_the_rows_and_alike_in_every_grouping(visitor, scene, by):
    document = (
        visitor("regulator").get(REPORT, query_string=query(scene, by=by, format="json")).json
    )
    by_day = visitor("regulator").get(REPORT, query_string=query(scene, format="json")).json
    assert [document["totals"][name] for name in MEASURES[:8]] == [
        by_day["totals"][name] for name in MEASURES[:8]
    ]
    for name in MEASURES[:6]:
        parts = sum(Decimal(row[name]) for row in document["rows"])
        assert parts == Decimal(document["totals"][name])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("role", ["regulator", "tax_service", "auditor", "operator"])
def test_every_report_opens_for_its_readers_and_no_one_else(visitor, scene, role, code):
    client = visitor(role, scene.first if role == "operator" else None, language="en")
    answer = client.get(f"/reports/{code}")
    may = role != "tax_service" or code in FOR_TAXES
    assert answer.status_code == (200 if may else 404)
    listed = f'href="/reports/{code}"' in client.get("/reports/").text
    assert listed == may
    if may:
        assert "How it is computed" in answer.text
        assert "provisional" in answer.text or "closed" in answer.text


def test_the_registrar_has_no_reports(visitor):
    client = visitor("registrar")
    assert client.get("/reports/").status_code == 403
    assert client.get(REPORT).status_code == 403


@pytest.mark.parametrize("code", CODES)
def test_every_grouping_of_every_report_is_a_page(visitor, scene, code):
    client = visitor("regulator")
    page = client.get(f"/reports/{code}").text
    choices = re.search(r'<select[^>]*name="by"[^>]*>(.*?)</select>', page, re.S)[1]
    groupings = re.findall(r'<option value="([a-z_]+)"', choices)
    assert len(groupings) > 2
    for by in groupings:
        answer = client.get(f"/reports/{code}", query_string={"by": by, "period": "30-days"})
        assert answer.status_code == 200, by
        assert "format=csv" in answer.text or "empty-state" in answer.text


def test_where_stakes_and_winnings_was_the_same_is_asked_of_its_successor(visitor, scene):
    answer = visitor("regulator").get("/reports/stakes-and-winnings?by=operator&period=today")
    assert answer.status_code == 301
    assert answer.headers["Location"].endswith("/reports/R03?by=operator&period=today")


def test_kept_figures_stay_as_they_were(visitor, scene):
    client = visitor("regulator")
    page = client.get(REPORT, query_string=query(scene)).text
    kept = re.search(r'href="([^"]*as_of=[^"]+)"', page)[1].replace("&amp;", "&")
    first, second = client.get(kept), client.get(kept)
    assert first.status_code == 200
    assert (
        Table(first).body
        == Table(second).body
        == Table(client.get(REPORT, query_string=query(scene))).body
    )


def test_columns_are_chosen_in_the_address(visitor, scene):
    client = visitor("regulator", language="en")
    page = client.get(REPORT, query_string=query(scene, column=["ggr", "stake"]))
    assert all(len(row) == 3 for row in Table(page).body)
    answer = client.get(REPORT, query_string=query(scene, column="player"))
    assert answer.status_code == 422
    assert "no such column" in answer.text


def test_a_row_leads_to_a_page_whose_total_it_is(visitor, scene):
    """From every grouping one step closer, and from there again, until transactions come."""
    client = visitor("regulator")
    for by in ("operator", "gambling_type", "licence", "day", "month", "operator,day"):
        asked = query(scene, by=by)
        del asked["operator"]
        address = REPORT + "?" + "&".join(f"{name}={value}" for name, value in asked.items())
        for _ in range(4):
            page = Table(client.get(address))
            rows = [
                (row, links[0]) for row, links in zip(page.body, page.links, strict=False)
                if links and links[0] and read(row[1])
            ]  # fmt: skip
            if not rows or "/ledger/" in rows[0][1]:
                break
            row, address = rows[0]
            assert Table(client.get(address)).foot[0][1:7] == row[1:7], address
        else:
            pytest.fail(f"{by}: no end")


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
        figures = dict(zip(MEASURES[:-1], (read(text) for text in row[1:]), strict=True))
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
    assert [row["operator"] for row in document["rows"]] == [scene.first.code]


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
    assert f"R03_{first}_{last}_by-channel_PAGES-FIRST_UAH_as-of-20" in named
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
    assert "немає даних" in answer.text
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
    client = visitor("operator", scene.first)
    assert "/ledger/batches?time=received&amp;period=today" in client.get("/today").text
    assert 'href="/tasks/refusals"' in client.get("/").text
    assert visitor("registrar").get("/").status_code == 200
