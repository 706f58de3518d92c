"""What makes no sense is refused by every report in every form, and never guessed at."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from portal import db
from portal.reports.answering import FUNCTIONS
from portal.reports.catalogue import CODES
from portal.reports.commands import report as command
from tests.integration.reports.conftest import Pages
from tests.integration.reports.worlds import TODAY
from tests.support.databases import Database, value

# What an address asks -> the field that is at fault.
WRONG = {
    "from=2026-11-20&to=2026-11-19": "to",
    "from=0001-01-01": "from",
    "from=9999-12-31": "from",
    "from=2000-01-01&to=2199-12-31": "from",
    "from=yesterday": "from",
    "period=decade": "period",
    "by=player": "by",
    "by=day,month,operator,hour": "by",
    "operator=999999": "operator",
    "operator=1%20or%201=1": "operator",
    "currency=XXX": "currency",
    "as_of=2026-10-25T03:30": "as_of",
    "as_of=2026-03-29T03:30": "as_of",
    "as_of=2199-01-01T00:00Z": "as_of",
    "as_of=then": "as_of",
    "sort=ggr%20desc;%20drop%20table%20report.report": "sort",
    "sort=keys": "sort",
    "dir=sideways": "sort",
    "against=century": "against",
    "against=days&against_from=2026-11-20&against_to=2026-11-19": "against_to",
    "against=days&against_from=1066-01-01&against_to=1066-01-02": "against_from",
    "against=days&against_from=2001-01-01&against_to=2026-01-01": "against_from",
}


@pytest.mark.parametrize("beside", ["type=bookmaker", "by=gambling_type"])
def test_classes_of_taxes_beside_kinds_of_gambling_are_refused(pages: Pages, beside: str) -> None:
    client = pages.visit("tax_service")
    answer = client.get(f"/reports/R11?tax_class=lotteries&{beside}")
    assert answer.status_code == 422
    assert "Taxes are of classes" in answer.text
    api = client.get(f"/reports/R11?tax_class=lotteries&{beside}&format=json")
    assert [one["field"] for one in api.json["errors"]] == ["tax_class"]


@pytest.mark.parametrize("code", CODES)
def test_a_page_names_the_field_at_fault_and_shows_no_figure(pages: Pages, code: str) -> None:
    client = pages.visit("regulator")
    for query, field in list(WRONG.items())[CODES.index(code) % 4 :: 4]:  # each in some reports
        answer = client.get(f"/reports/{code}?{query}")
        assert answer.status_code == 422, query
        assert answer.text.count('role="alert"') == 1, query
        assert 'id="rows-table"' not in answer.text
        errors = client.get(f"/reports/{code}?{query}&format=json").json["errors"]
        assert [one["field"] for one in errors] == [field], query


@pytest.mark.parametrize("code", CODES)
def test_the_command_names_the_option_at_fault(pages: Pages, code: str) -> None:
    db.close()
    every = (
        (("--from", "2026-11-20", "--to", "2026-11-19"), "--to"),
        (("--from", "2000-01-01", "--to", "2199-12-31"), "--from"),
        (("--by", "player"), "--by"),
        (("--operator", "NOBODY"), "--operator"),
        (("--sort", "ggr; drop table x"), "--sort"),
        (("--as-of", "2026-10-25T03:30"), "--as-of"),
        (("--against", "century"), "--against"),
        (("--against-from", "2026-11-20", "--against-to", "2026-11-19"), "--against-to"),
    )
    for arguments, option in every[CODES.index(code) % 2 :: 2]:
        found = CliRunner().invoke(command, [code, "--as", "regulator", *arguments])
        assert found.exit_code == 2, arguments
        assert option in found.output


@pytest.mark.parametrize("code", CODES)
def test_things_of_another_operator_are_answered_as_things_that_are_not_there(
    pages: Pages, code: str
) -> None:
    own, other = pages.operators[0], pages.operators[1]
    client = pages.visit("operator", own)
    fields = {
        "operator": other.id,
        "licence": next(iter(other.licence.values())),
        "channel": next(iter(other.channel.values())),
        "game": next(iter(other.game.values()), 1),
    }
    for field, theirs in fields.items():
        answers = [
            client.get(f"/reports/{code}?{field}={number}&format=json")
            for number in (theirs, 2_000_000_000)
        ]
        assert [one.status_code for one in answers] == [422, 422], field
        assert answers[0].data == answers[1].data
        found = client.get(f"/registry/choices/{field}?find_{field}={other.code}").text
        assert other.code not in found


@pytest.mark.parametrize(
    "query",
    ["licence={licence}", "channel={channel}", "equipment=2000000000", "game=x", "payment=gold"],
)
def test_lists_refuse_what_is_anothers_or_unknown(pages: Pages, query: str) -> None:
    own, other = pages.operators[0], pages.operators[1]
    asked = query.format(
        licence=next(iter(other.licence.values())), channel=next(iter(other.channel.values()))
    )
    answer = pages.visit("operator", own).get(f"/ledger/transactions?{asked}")
    assert answer.status_code == 422
    assert answer.text.count('role="alert"') == 1


@pytest.mark.parametrize("text", ["javascript:alert(1)", "//evil.example", "/login", "https:/x"])
def test_the_way_back_leads_to_a_report_or_nowhere(pages: Pages, text: str) -> None:
    client = pages.visit("regulator")
    page = client.get("/ledger/transactions", query_string={"back": text}).text
    assert "Back up to the report" not in page
    page = client.get("/ledger/transactions", query_string={"back": "/reports/R03?by=day"}).text
    assert 'href="/reports/R03?by=day"' in page


@pytest.mark.parametrize(
    "up",
    ["x", "player~today", "day~never", "day~2026-01-02_2026-01-01", "day~today~x'.1", "~" * 300],
)
def test_a_way_up_that_makes_no_sense_is_left_out(pages: Pages, up: str) -> None:
    answer = pages.visit("regulator").get("/reports/R03", query_string={"up": up})
    assert answer.status_code == 200
    assert 'class="way-up"' not in answer.text


def stopped(database: Database, code: str, ask: Callable[[], Any]) -> Any:
    """What is answered when the report's statement is cancelled, as its timeout does it."""
    answers: list[Any] = []
    function = FUNCTIONS[code].removeprefix("api.")
    with database.connect() as conn, conn.transaction():
        conn.execute("lock table rollup.day, rollup.hour, ledger.batch in access exclusive mode")
        thread = threading.Thread(target=lambda: answers.append(ask()))
        thread.start()
        with database.connect(autocommit=True) as other:
            for _ in range(200):
                if value(
                    other,
                    "select count(pg_cancel_backend(pid)) from pg_stat_activity where"
                    f" (query like '%{function}%' or query like '%report_state%')"
                    " and wait_event_type = 'Lock'",
                ):
                    break
                other.execute("select pg_sleep(0.05)")
        thread.join(20)
    return answers[0]


def test_a_report_that_takes_too_long_says_what_to_narrow(pages: Pages) -> None:
    client = pages.visit("regulator")
    answer = stopped(pages.database, "R09", lambda: client.get("/reports/R09?period=month"))
    assert answer.status_code == 422
    assert "Choose a shorter period, fewer groupings, or one operator." in answer.text
    grid = stopped(
        pages.database,
        "R02",
        lambda: client.get("/reports/R02?period=month&only=grid", headers={"HX-Request": "true"}),
    )
    assert grid.status_code == 422
    assert 'id="own-chart"' in grid.text
    assert "Choose a shorter period, fewer groupings, or one operator." in grid.text
    found = stopped(
        pages.database, "R09", lambda: CliRunner().invoke(command, ["R09", "--as", "regulator"])
    )
    assert found.exit_code == 1
    assert "ask for a shorter period" in found.output


def test_another_period_stands_beside_and_changes_are_of_daily_means(pages: Pages) -> None:
    """The same figures as that period's own report; a page, a file and the command say the same."""
    client = pages.visit("regulator")
    first = TODAY - timedelta(days=6)
    then = (first - timedelta(days=40), first - timedelta(days=11))
    against = f"against=days&against_from={then[0]}&against_to={then[1]}"
    asked = f"/reports/R09?from={first}&to={TODAY}&by=operator&format=json"
    both = client.get(f"{asked}&{against}").json
    own = client.get(asked).json
    earlier = client.get(f"/reports/R09?from={then[0]}&to={then[1]}&by=operator&format=json").json
    before = {row["operator"]: row for row in earlier["rows"]}
    assert len(both["rows"]) == len(own["rows"]) > 1
    for row, alone in zip(both["rows"], own["rows"], strict=True):
        other = before.get(row["operator"], {})
        for name in ("stake", "ggr", "hold_percent"):
            assert row[name] == alone[name]
            assert row[f"{name}_before"] == other.get(name)
    total, was = float(own["totals"]["stake"]), float(earlier["totals"]["stake"])
    expected = 100 * ((total / 7) / (was / 30) - 1)
    assert abs(float(both["totals"]["stake_change"]) - expected) < 0.001
    db.close()
    arguments = ["R09", "--from", str(first), "--to", str(TODAY), "--as", "regulator", "--json"]
    given = ["--against-from", str(then[0]), "--against-to", str(then[1])]
    told = json.loads(CliRunner().invoke(command, [*arguments, *given]).output)
    assert told["totals_before"]["stake"] == earlier["totals"]["stake"]
    assert told["filters"]["against"] == {"from": str(then[0]), "to": str(then[1])}


@pytest.mark.parametrize("code", CODES)
def test_every_figure_of_a_row_says_how_it_came_about(pages: Pages, code: str) -> None:
    client = pages.visit("regulator")
    page = client.get(f"/reports/{code}?period=30-days").text
    assert "How to read this report" in page
    explained = client.get(f"/reports/{code}?period=30-days&explain=total").text
    panel = explained.split('id="explained"')[1].split("</section>")[0]
    assert "Completeness" in panel
    assert "As of" in panel
    assert panel.count('<tr><th scope="row"') == page.count('<div class="term-card"') > 1
    assert 'id="explained"' not in client.get(f"/reports/{code}?explain=nothing").text
