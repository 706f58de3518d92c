"""The page *Live*: what it shows to whom, and that it needs no script."""

from __future__ import annotations

import re

import pytest

from tests.integration.pages.test_ledger_pages import OF_THE_REQUEST
from tests.support.batches import row, store
from tests.support.market import register_alone
from tests.support.pages import people, refuse


def batch_link(receipt):
    return f'href="/ledger/batches/{receipt["batch_id"]}"'


def test_everyone_sees_the_batches_that_are_for_them(visitor, scene, database):
    first = store(database, scene.first, [row(scene.first)])
    second = store(database, scene.second, [row(scene.second)])
    for role in ("regulator", "tax_service", "auditor"):
        page = visitor(role).get("/live").text
        assert batch_link(first) in page
        assert batch_link(second) in page
        chosen = visitor(role).get(f"/live?operator={scene.second.id}").text
        assert batch_link(second) in chosen
        assert batch_link(first) not in chosen
    own = visitor("operator", scene.second).get("/live").text
    assert batch_link(second) in own
    assert batch_link(first) not in own
    assert "filter-operator" not in own
    assert "PAGES-FIRST" not in own


def test_nobody_sees_a_player(visitor, scene, database):
    sent = row(scene.first)
    store(database, scene.first, [sent])
    for role in ("regulator", "tax_service", "auditor"):
        assert sent.player.hex not in visitor(role).get("/live").text
    assert sent.player.hex not in visitor("operator", scene.first).get("/live").text


def test_a_foreign_operator_and_an_absent_one_answer_alike(visitor, scene):
    client = visitor("operator", scene.second)
    answers = [client.get(f"/live?operator={one}") for one in (scene.first.id, 999_999)]
    assert [answer.status_code for answer in answers] == [422, 422]
    foreign, absent = (
        re.sub(r"operator(=|%3D)\d+", "", OF_THE_REQUEST.sub("", answer.text)) for answer in answers
    )
    assert foreign == absent


def test_a_refusal_leads_to_its_reason(visitor, scene, database):
    refuse(database, scene.first)
    client = visitor("regulator")
    page = client.get("/live").text
    links = re.findall(r'href="(/ledger/refusals\?[^"]*cursor=[^"]+)"', page)
    assert len(links) >= 3
    listed = client.get(links[1].replace("&amp;", "&")).text
    first = listed.partition("<tbody>")[2].partition("</tr>")[0]
    assert "request-of-body_too_large" in first


@pytest.mark.parametrize("language", ["uk", "en"])
def test_it_is_whole_without_scripts(visitor, scene, language):
    client = visitor("regulator", language=language)
    page = client.get("/live").text
    assert 'http-equiv="refresh"' not in page
    assert 'id="live-refresh" href="/live"' in page
    again = client.get(f"/live?operator={scene.first.id}&refresh=10").text
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in again
    for unknown in ("1", "x", "100000"):
        assert 'http-equiv="refresh"' not in client.get(f"/live?refresh={unknown}").text


def test_a_market_without_anything_says_so(app, database):
    operator = register_alone(database)
    person = people(database)[operator.code]
    client = app.test_client()
    client.post(f"/login/demo/{person}")
    page = client.get("/live").text
    assert "Сьогоднішніх транзакцій ще немає" in page
    # Shown by the style sheet just when there are no rows.
    for list_, words in (
        ("batches", "Жодного пакета ще не прийнято"),
        ("refusals", "Відмов немає"),
    ):
        assert f'<tbody id="live-{list_}"></tbody>' in page
        assert words in page
