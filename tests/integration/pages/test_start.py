"""The start page: figures of the morning, their trend and the way down, as the person arranged."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest

from portal.reports import morning
from portal.web import periods
from tests.support.databases import rows, value


@pytest.fixture(autouse=True)
def clean(database, scene):
    with database.connect() as conn:
        conn.execute("delete from identity.dashboard")


@pytest.fixture
def yesterday(scene, monkeypatch):
    """The last day of the scene, as if today were the day after."""
    day = scene.days[-1]
    monkeypatch.setattr(periods, "today", lambda: day + timedelta(days=1))
    return day


def cards(page):
    """Code -> text of each card, in their order."""
    found = re.findall(r'<li class="morning-card" id="figure-(\w+)">(.*?)</li>', page, re.S)
    return {code: html.unescape(text).replace("\u00a0", " ") for code, text in found}


def large(text):
    return re.search(r'morning-value"><a[^>]*>([^<]+)<', text)[1]


def sums(database, day, operator=None):
    """Stakes, refunds and winnings of a day, from the raw rows."""
    with database.connect() as conn:
        ((bets, refunds, wins),) = rows(
            conn,
            "select coalesce(sum(s.amount) filter (where type = 1), 0)::bigint,"
            " coalesce(sum(s.amount) filter (where type = 3), 0)::bigint,"
            " coalesce(sum(s.amount) filter (where type = 2), 0)::bigint"
            " from (select t.type, case when cancel_reason = 0 then 1 else -1 end * amount_minor as"
            " amount from ledger.transaction as t where currency = 980"
            " and (occurred_at at time zone 'Europe/Kyiv')::date = %s"
            " and (%s::integer is null or operator_id = %s)) as s",
            (day, operator, operator),
        )
    return bets, refunds, wins


@pytest.mark.parametrize("who", ["regulator", "tax_service", "operator"])
def test_yesterday_beside_the_same_weekday_from_rows_of_the_reader_alone(
    app, visitor, scene, database, yesterday, who
):
    own = scene.second if who == "operator" else None
    client = visitor(who, own)
    shown = cards(client.get("/").text)
    bets, refunds, wins = sums(database, yesterday, own and own.id)
    with app.test_request_context():
        from portal.web import formats

        expected = {
            "stake": formats.compact_money(bets),
            "win": formats.compact_money(wins),
            "ggr": formats.compact_money(bets - refunds - wins),
        }
    for code, text in expected.items():
        assert large(shown[code]) == text.replace("\u00a0", " "), code
        assert f"from={yesterday}&to={yesterday}" in shown[code]
    below = client.get(re.search(r'morning-value"><a href="([^"]+)"', shown["stake"])[1]).text
    assert f"{bets // 100:,}".replace(",", "\u00a0") in below


def test_each_trend_says_in_words_and_a_table_what_its_line_draws(visitor, yesterday):
    for code, text in cards(visitor("regulator").get("/").text).items():
        if "spark" not in text:
            assert code in ("tax", "completeness")
            continue
        assert re.search(r'aria-label="[^"]+Днів: (14|8), до', text), code
        days = 14 if code in ("ggr", "stake", "win", "rtp") else 8
        assert text.count('<th scope="row">') == days
        assert len(re.search(r'points="([^"]*)"', text)[1].split()) <= days


def test_arranged_by_forms_alone_kept_for_the_person_and_put_back(visitor, scene, yesterday):
    client = visitor("regulator")
    before = list(cards(client.get("/").text))
    assert before == list(morning.ORDER["regulator"])
    client.post("/arrange", data={"card": before[2], "act": "up"})
    client.post("/arrange", data={"card": before[0], "act": "up"})  # is the first: stays
    client.post("/arrange", data={"card": before[-1], "act": "hide"})
    after = list(cards(client.get("/").text))
    assert after == [before[0], before[2], before[1], *before[3:-1]]
    assert list(cards(visitor("auditor").get("/").text)) == before
    assert list(cards(visitor("regulator").get("/").text)) == after  # in another session, too
    client.post("/arrange", data={"card": before[-1], "act": "show"})
    assert before[-1] in cards(client.get("/").text)
    client.post("/arrange/reset")
    assert list(cards(client.get("/").text)) == before


def test_with_every_figure_hidden_the_page_says_how_to_come_back(visitor):
    client = visitor("tax_service", language="en")
    for code in morning.ORDER["tax_service"]:
        client.post("/arrange", data={"card": code, "act": "hide"})
    page = client.get("/").text
    assert cards(page) == {}
    assert "You have hidden every figure." in page


@pytest.mark.parametrize(
    "fields",
    [
        {"card": "no_such", "act": "up"},
        {"card": "refusals", "act": "up"},  # not among the tax service's
        {"card": "ggr", "act": "sideways"},
        {},
    ],
)
def test_what_there_is_not_is_not_arranged(visitor, database, fields):
    assert visitor("tax_service").post("/arrange", data=fields).status_code == 404
    with database.connect() as conn:
        assert value(conn, "select count(*) from identity.dashboard") == 0


def test_a_card_that_is_no_more_goes_and_a_new_one_comes_last(visitor, scene, database):
    with database.connect() as conn:
        conn.execute(
            "insert into identity.dashboard"
            " values (%s, 'regulator', '{of_old,win,ggr}', '{of_old}')",
            (scene.person("regulator"),),
        )
    shown = list(cards(visitor("regulator").get("/").text))
    assert shown[:2] == ["win", "ggr"]
    assert sorted(shown) == sorted(morning.ORDER["regulator"])


def test_tasks_come_first_and_who_has_no_figures_has_tasks_alone(visitor):
    page = visitor("regulator").get("/").text
    assert page.index('id="tasks"') < page.index('id="morning"')
    registrar = visitor("registrar")
    assert 'id="tasks"' in registrar.get("/").text
    assert 'id="morning"' not in registrar.get("/").text
    for address in ("/arrange", "/today"):
        assert registrar.get(address).status_code == 403


@pytest.mark.parametrize(
    ("code", "value", "before", "words", "tone"),
    [
        ("stake", 300_00, 200_00, "+50.0% in a week", ""),
        ("ggr", -100_00, -200_00, "+50.0% in a week", ""),
        ("ggr", 100_00, 0, "", ""),
        ("rtp", Decimal("91.5"), Decimal(94), "−2.5 points in a week", ""),
        ("late", 3, 2, "+50.0% in a week", "bad"),
        ("late", 1, 2, "−50.0% in a week", "good"),
        ("refusals", None, 2, "", ""),
    ],
)
def test_a_change_is_against_the_same_weekday(app, code, value, before, words, tone):
    figure = morning.Figure(morning.CARDS[code], value, before, [], "/", currency="UAH")
    with app.test_request_context(headers={"Cookie": "lang=en"}):
        assert figure.change_text == words
        assert figure.tone == tone
