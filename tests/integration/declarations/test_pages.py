"""The pages of declarations over HTTP: an operator declares, officials compare."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from portal.web import periods
from portal.web.formats import KYIV
from tests.integration.registry.desk import operator
from tests.support.batches import BET, WIN, row, store
from tests.support.databases import rows
from tests.support.market import Operator
from tests.support.tables import Table

AGO = timedelta(days=4)
LANGUAGES = ("uk", "en")


@pytest.fixture(scope="module")
def own(database) -> Operator:
    """An operator of whom 300.00 was staked and 120.50 won, four days ago."""
    made = operator(database, "DECL-OWN")
    common = {
        "licence_id": made.licence["DECL-OWN-L"],
        "channel_id": made.channel["HALL"],
        "game_id": made.game["FRUITS"],
        "equipment_id": made.equipment["SLOT-1"],
    }
    noon = periods.midnight(day()) + timedelta(hours=12)
    store(
        database,
        made,
        [
            row(made, noon, type=BET, amount_minor=300_00, **common),
            row(made, noon + timedelta(minutes=1), type=WIN, amount_minor=120_50, **common),
        ],
    )
    return made


@pytest.fixture
def signed_in(visitor, scene, database, own) -> Iterator[Any]:
    """``signed_in("operator", "en")``: somebody at the pages, an operator's people of ``own``."""
    from tests.support.pages import people

    scene.people.update(people(database))

    def sign_in(role: str, language: str = "en") -> Any:
        return visitor(role, own if role == "operator" else None, language=language)

    return sign_in


def day(ago: timedelta = AGO):
    return periods.today() - ago


def filled(**changes: str) -> dict[str, str]:
    """The form for a day as it should be: what the records say, and balances that fit."""
    form = {"day": day().isoformat(), "currency": "UAH", "version": "1"}
    for name in ("bet", "win", "refund", "deposit", "withdrawal"):
        form |= {f"{name}-count": "0", f"{name}-amount": "0"}
    form |= {"bet-count": "1", "bet-amount": "300,00", "win-count": "1", "win-amount": "120.50"}
    form |= {"opening": "1 000,00", "closing": "820.50", "open-bets": "0"}
    return form | changes


def address(own: Operator, path: str, **query: str) -> str:
    days = {"from": day().isoformat(), "to": day().isoformat(), "operator": str(own.id)}
    return f"/declarations{path}?" + "&".join(f"{k}={v}" for k, v in (days | query).items())


def kept(database, own: Operator) -> list[tuple[Any, ...]]:
    with database.connect() as conn:
        return rows(
            conn,
            "select version, bet_minor, closing_balance_minor, reason, declared_by"
            " from report.declared_day where operator_id = %s and day = %s order by version",
            (own.id, day()),
        )


def test_a_day_is_declared_compared_and_corrected(signed_in, database, own) -> None:
    client = signed_in("operator")
    before = signed_in("regulator").get(address(own, "", state="missing"))
    assert [line[0] for line in Table(before, "days").body]
    form = client.get(f"/declarations/new-day?day={day().isoformat()}").text
    assert f'value="{day().isoformat()}"' in form
    wrong = filled(**{"win-amount": "120.49"})
    answer = client.post("/declarations/new-day", data=wrong)
    assert answer.status_code == 303
    told = client.get(answer.headers["Location"])
    assert "The declaration is entered." in told.text
    [(version, bet, closing, reason, by)] = kept(database, own)
    assert (version, bet, closing, reason) == (1, 300_00, 820_50, None)
    assert by.startswith("person ")
    # The difference, to the kopiyka, for officials and for the operator alike.
    for role in ("regulator", "tax_service", "auditor", "operator"):
        listed = Table(signed_in(role).get(address(own, "", state="differs")), "days")
        assert len(listed.body) == 1
        assert "0.01" in " ".join(listed.body[0])
    page = signed_in("tax_service").get(address(own, "/day", day=day().isoformat()))
    types = Table(page, "types")
    win = next(line for line in types.body if line[0].strip() == "Winnings")
    assert [cell.strip() for cell in win[1:]] == [
        "1", "1", "0", "120.49\xa0UAH", "120.50\xa0UAH", "−0.01\xa0UAH",
    ]  # fmt: skip
    [to_records] = [link for line in types.links for link in line if "type=win" in link]
    behind = signed_in("tax_service").get(to_records)
    assert "120.50" in behind.text
    # A correction is a version beside it; it says why.
    correct = re.search(r'href="(/declarations/new-day[^"]+)"', client.get(
        address(own, "/day", day=day().isoformat())).text)  # fmt: skip
    assert correct
    again = client.get(unescape(correct[1])).text
    assert 'name="version" value="2"' in again
    assert 'value="120.49"' in again
    silent = client.post("/declarations/new-day", data=filled(version="2"))
    assert silent.status_code == 422
    assert 'id="field-reason-error"' in silent.text
    assert len(kept(database, own)) == 1
    done = client.post("/declarations/new-day", data=filled(version="2", reason="Помилка в файлі"))
    assert done.status_code == 303
    assert [one[0] for one in kept(database, own)] == [1, 2]
    page = signed_in("regulator").get(address(own, "/day", day=day().isoformat()))
    assert "Помилка в файлі" in page.text
    assert "120.49" in page.text  # what was declared before stays
    assert Table(signed_in("auditor").get(address(own, "", state="matches")), "days").body


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_is_told_at_its_field_and_kept(signed_in, database, own, language) -> None:
    client = signed_in("operator", language)
    before = kept(database, own)
    bad = {
        "day": (periods.today() + AGO).isoformat(),
        "currency": "XXX",
        "bet-count": "1.5",
        "bet-amount": "1.005",
        "win-count": "9" * 30,
        "win-amount": "nan",
        "refund-amount": "1e5",
        "deposit-amount": "9" * 50,
        "opening": "",
        "closing": "<b>",
    }
    answer = client.post("/declarations/new-day", data=filled(**bad))
    assert answer.status_code == 422
    for name in bad.keys() - {"day"}:
        assert f'id="field-{name}-error"' in answer.text, name
    assert 'value="1.005"' in answer.text
    assert "<b>" not in answer.text.split("<main")[1].replace("<body", "")
    for ahead, word in ((periods.today(), "day"), (day(timedelta(days=9000)), "day")):
        only = client.post("/declarations/new-day", data=filled(day=ahead.isoformat()))
        assert only.status_code == 422
        assert f'id="field-{word}-error"' in only.text
    assert kept(database, own) == before


def test_a_version_that_is_not_next_meets_what_stands_there(signed_in, database, own) -> None:
    client = signed_in("operator")
    other = day(timedelta(days=6)).isoformat()
    assert client.post("/declarations/new-day", data=filled(day=other)).status_code == 303
    for version in ("0", "1", "3", "99999999", "-1", "x", ""):
        form = filled(day=other, version=version, closing="1", reason="r")
        answer = client.post("/declarations/new-day", data=form)
        assert answer.status_code == 409, version
        assert f"/declarations/new-day?day={other}" in unescape(answer.text)


def test_a_month_is_declared_and_stands_beside_the_records(signed_in, own) -> None:
    client = signed_in("operator")
    month = periods.month_before(periods.today())
    form = {"month": f"{month:%Y-%m}", "type": "slot_hall", "currency": "UAH", "version": "1"}
    refused = client.post("/declarations/new-month", data=form)
    assert refused.status_code == 422
    for name in ("basis", "ggr"):
        assert f'id="field-{name}-error"' in refused.text
    for field, text in (("type", "lottery"), ("month", "2026-13"), ("month", "9999-01")):
        bad = client.post(
            "/declarations/new-month", data=form | {"basis": "cash", "ggr": "1", field: text}
        )
        assert (bad.status_code, f'id="field-{field}-error"' in bad.text) == (422, True)
    made = client.post("/declarations/new-month", data=form | {"basis": "cash", "ggr": "−1,50"})
    assert made.status_code == 303
    listed = Table(client.get(made.headers["Location"]), "months")
    assert any("−1.50" in cell for line in listed.body for cell in line)


@pytest.mark.parametrize("path", ["", "/months"])
@pytest.mark.parametrize("role", ["operator", "regulator"])
def test_a_table_is_taken_away_as_the_page_shows_it(signed_in, own, role, path) -> None:
    """Row by row, in the same order: days and states as words, amounts exact."""
    begun = (day() - timedelta(days=2)).isoformat()
    if path:
        month = periods.month_before(periods.today())
        form = {"month": f"{month:%Y-%m}", "type": "slot_hall", "currency": "UAH", "version": "1"}
        form |= {"basis": "cash", "ggr": "−1,50"}
        made = signed_in("operator").post("/declarations/new-month", data=form)
        assert made.status_code in (303, 409), "declared now, or by an earlier test"
        at = address(own, path, **{"from": month.isoformat()})
    else:
        at = address(own, path, **{"from": begun, "state": "all"})
    client = signed_in(role)
    page = client.get(at)
    links = re.findall(r'href="([^"]*format=(?:csv|json|xlsx|parquet|html)[^"]*)"', page.text)
    assert len(links) == 5
    assert "/views/new" in page.text, "the page can be saved as a view"
    file = client.get(f"{at}&format=json").json
    shown = Table(page).body
    assert len(file["rows"]) == len(shown) > 0
    money = [one["name"] for one in file["columns"] if one["kind"] == "money"]
    for row_, cells in zip(file["rows"], shown, strict=True):
        told = " ".join(" ".join(cells).split()).replace("\u2212", "-").replace(",", "")
        for name in money:
            assert row_[name] is None or row_[name] in told, name
        for state in row_["state"].split(", "):
            assert state in told
        assert (row_["operator"] in told) == (role == "regulator")
        assert (row_.get("differing_types") or "") in " ".join(" ".join(cells).split())
    if not path:
        states = {row_["state"] for row_ in client.get(f"{at}&format=json").json["rows"]}
        one = address(own, "", **{"from": begun, "state": "missing"})
        narrowed = client.get(f"{one}&format=json")
        told = {row_["state"] for row_ in narrowed.json["rows"]}
        assert told == {state for state in states if state == "missing"}
    wrong = client.get(f"{at}&format=exe")
    assert wrong.status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", ["operator", "regulator", "tax_service", "auditor"])
def test_every_page_opens(signed_in, own, role, language) -> None:
    client = signed_in(role, language)
    for path in ("", "/months", "/bridge"):
        for query in ("", "?period=last-month", f"?operator={own.id}", "?currency=EUR"):
            answer = client.get(f"/declarations{path}{query}")
            assert answer.status_code == 200, (path, query)
        for query in ("?period=x", "?from=2026-02-02&to=2026-02-01", "?currency=x", "?from=x"):
            assert client.get(f"/declarations{path}{query}").status_code == 422
    assert client.get("/declarations?from=2020-01-01&to=2026-01-01").status_code == 422
    assert client.get("/declarations?state=x").status_code == 422
    assert client.get("/declarations?cursor=IjIwMjYi").status_code == 400
    assert client.get("/declarations/months?from=2016-01-01&to=2026-01-01").status_code == 422


def test_another_operators_day_answers_like_an_absent_one(signed_in, visitor, scene, own) -> None:
    theirs = {"operator": str(scene.first.id), "day": day().isoformat()}
    mine = signed_in("operator")
    asked = "&".join(f"{k}={v}" for k, v in theirs.items())
    page = mine.get(f"/declarations/day?{asked}")
    assert scene.first.document["name_en"] not in page.text  # its own day, whatever is asked
    listed = mine.get(f"/declarations?{asked}").text
    assert scene.first.document["name_en"] not in listed
    regulator = signed_in("regulator")
    for query in (
        "",
        "?day=x",
        "?operator=999999&day=2026-01-01",
        f"?operator={own.id}&day=1990-01-01",
    ):
        assert regulator.get(f"/declarations/day{query}").status_code == 404, query
    assert regulator.get("/declarations?operator=999999").status_code == 422


@pytest.mark.parametrize("role", ["regulator", "tax_service", "registrar", "auditor"])
def test_only_an_operator_declares(signed_in, role) -> None:
    client = signed_in(role)
    for path in ("new-day", "new-month"):
        assert client.get(f"/declarations/{path}").status_code == 403
        assert client.post(f"/declarations/{path}", data=filled()).status_code == 403


def test_the_bridge_says_what_was_measured(signed_in, database, own) -> None:
    month = periods.month_before(periods.today())
    asked = f"/declarations/bridge?operator={own.id}&period=month"
    assert "not measured" in signed_in("tax_service").get(asked).text
    with database.connect() as conn:
        for when in (periods.today().replace(day=1), month):
            conn.execute("select rollup.measure_open_bets(%s, %s)", (own.id, when))
    page = signed_in("tax_service").get(f"/declarations/bridge?operator={own.id}&period=month")
    assert page.status_code == 200
    assert "Open as the month began, proven" in page.text


@pytest.fixture(scope="module")
def straddling(database) -> Operator:
    """An operator with a bet of 75.25 placed as last month ended and won as this one began."""
    made = operator(database, "DECL-OVER")
    common = {
        "licence_id": made.licence["DECL-OVER-L"],
        "channel_id": made.channel["HALL"],
        "game_id": made.game["FRUITS"],
        "equipment_id": made.equipment["SLOT-1"],
        "round_id": UUID(int=7),
    }
    began = periods.midnight(periods.today().replace(day=1))
    minute = timedelta(minutes=1)
    store(
        database,
        made,
        [
            row(made, began - minute, type=BET, amount_minor=75_25, **common),
            row(made, began + minute, type=WIN, amount_minor=40_00, **common),
        ],
    )
    with database.connect() as conn:
        for month in (began.astimezone(KYIV).date(), periods.month_before(periods.today())):
            conn.execute("select rollup.measure_open_bets(%s, %s)", (made.id, month))
    return made


def test_lines_of_the_bridge_lead_to_their_records(
    visitor, scene, database, straddling, own
) -> None:
    from tests.support.pages import people

    scene.people.update(people(database))
    client = visitor("tax_service", language="en")
    at = f"/declarations/bridge?operator={straddling.id}&period=last-month"
    months = {"closing": at, "opening": at.replace("last-month", "month")}
    seen = {}
    for line, page in months.items():
        body = client.get(page).text
        for found in re.findall(r'href="(/ledger/open-bets[^"]+)"[^>]*>([^<]+)<', body):
            seen[line, re.search("told=([a-z]+)", found[0])[1]] = unescape(found[0]), found[1]
    assert "75.25" in seen["closing", "proven"][1]
    assert "75.25" in seen["opening", "proven"][1]
    assert "40.00" in seen["opening", "won"][1]
    for (line, told), (link, figure) in seen.items():
        page = client.get(link)
        assert page.status_code == 200, link
        listed = Table(page, "transactions").body if "No such records" not in page.text else []
        amounts = " ".join(" ".join(one) for one in listed)
        number = re.search(r"[\d.,]+", figure)[0]
        assert (number in amounts) is bool(listed), (line, told)
        # The way back is the month of the line, whichever end of it the list is of.
        back = unescape(re.search(r'href="(/declarations/bridge[^"]+)"', page.text)[1])
        first = periods.today().replace(day=1)
        month = periods.month_before(first) if line == "closing" else first
        assert f"from={month.isoformat()}" in back
    link = seen["opening", "proven"][0]
    theirs = visitor("operator", own, language="en").get(link)
    assert theirs.status_code == 404
    assert visitor("operator", straddling, language="uk").get(link).status_code == 200
    unmeasured = client.get(link.replace("month=20", "month=21")).text
    assert "has not been measured yet" in unmeasured
    for wrong in (("told=proven", "told=x"), ("month=", "month=x"), ("type=", "type=x")):
        assert client.get(link.replace(*wrong)).status_code == 404, wrong
