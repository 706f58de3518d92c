"""Pages of rates: one official proposes, another confirms, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from portal.web import periods
from tests.support.databases import rows
from tests.support.tables import Table

LANGUAGES = ("uk", "en")


@pytest.fixture
def officials(app, scene, database) -> Any:
    """``officials("en")``: two clients of the tax service, each another person."""

    def sign_in(language: str = "en") -> tuple[Any, Any]:
        with database.connect() as conn:
            found = rows(
                conn, "select id from api.demo_identities() where role = 'tax_service' order by id"
            )
        made = []
        for (person,) in found:
            client = app.test_client()
            client.set_cookie("lang", language)
            assert client.post(f"/login/demo/{person}").status_code == 303
            made.append(client)
        return made[0], made[1]

    return sign_in


def filled(**changes: str) -> dict[str, str]:
    return {
        "action": "set",
        "kind": "ggr_tax",
        "tax_class": "lotteries",
        "rate": "28,5",
        "base": "ggr",
        "loss_rule": "floor",
        "valid_from": "2031-03-16",
        "last_day": "2031-06-30",
        "act": "Закон № 1",
        "source": "Офіційний вісник",
        "reason": "Нова редакція",
    } | changes


def newest(page: str) -> str:
    found = re.search(r'name="newest" value="(\d*)"', page)
    assert found
    return found[1]


def proposed(client: Any, **changes: str) -> str:
    answer = client.post("/taxes/propose", data=filled(**changes))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def on(client: Any, day: str) -> str:
    lines = Table(client.get(f"/taxes/rates?day={day}"), "rates").body
    [line] = [" | ".join(one) for one in lines if "Lotteries" in one[1] and "GGR" in one[0]]
    return line


def test_a_rate_holds_once_another_official_has_confirmed_it(officials, visitor) -> None:
    first, second = officials()
    assert "30%" in on(first, "2031-04-01")
    assert "not confirmed" in on(first, "2031-04-01")
    where = proposed(first)
    own = first.get(where).text
    assert "/confirm" not in own
    assert "/withdraw" in own
    # Whoever proposed it cannot confirm it, however the form is sent.
    sent = first.post(f"{where}/confirm", data={"newest": "1"})
    assert sent.status_code == 403
    page = second.get(where).text
    assert "/withdraw" not in page
    assert "Нова редакція" in page
    assert "30%" in on(first, "2031-04-01")
    late = second.post(f"{where}/confirm", data={"newest": "0"})
    assert late.status_code == 409
    assert "Someone was faster" in late.text
    mute = second.post(f"{where}/refuse", data={"newest": newest(page)})
    assert mute.status_code == 422
    done = second.post(f"{where}/confirm", data={"newest": newest(page)})
    assert done.status_code == 303
    assert second.post(f"{where}/refuse", data={"reason": "r"}).status_code == 409
    for day, rate in (
        ("2031-03-15", "30%"),
        ("2031-03-16", "28.5%"),
        ("2031-06-30", "28.5%"),
        ("2031-07-01", "30%"),
    ):
        assert rate in on(visitor("regulator", language="en"), day), day
    assert "Hanna Lytvyn" in on(first, "2031-04-01")
    history = visitor("auditor", language="en").get("/taxes/history").text
    assert "Taras Bondar" in history
    assert "28.5%" in history


def test_a_proposal_is_withdrawn_by_its_author_and_refused_by_another(officials) -> None:
    first, second = officials()
    mine, other = proposed(first, rate="1"), proposed(second, rate="2")
    assert second.post(f"{mine}/withdraw").status_code == 403
    assert first.post(f"{mine}/withdraw").status_code == 303
    refused = first.post(f"{other}/refuse", data={"reason": "Немає акта"})
    assert refused.status_code == 303
    assert "Немає акта" in first.get(other).text


def test_a_rate_that_stands_there_is_offered_for_confirmation(officials) -> None:
    first, _ = officials()
    page = first.get("/taxes/rates?day=2024-11-30").text
    link = re.search(r'href="(/taxes/propose\?rate=\d+)" aria-label="[^"]*: Military', page)
    assert link
    form = first.get(link[1]).text
    assert 'value="1.5"' in form
    assert 'value="2024-11-30"' in form  # the last day on which it held


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_input_is_told_at_its_field_and_kept(officials, language) -> None:
    client, _ = officials(language)
    empty = client.post("/taxes/propose", data={})
    assert empty.status_code == 422
    for name in ("action", "kind", "rate", "act", "source", "reason"):
        assert f'id="field-{name}-error"' in empty.text, name
    for changes, field in (
        ({"rate": "101"}, "rate"),
        ({"rate": "-1"}, "rate"),
        ({"rate": "1.00001"}, "rate"),
        ({"rate": "nan"}, "rate"),
        ({"tax_class": "operator_profit"}, "tax_class"),
        ({"tax_class": "x\0"}, "tax_class"),
        ({"base": "win"}, "base"),
        ({"kind": "pit", "tax_class": "winnings", "base": "win"}, "loss_rule"),
        ({"valid_from": "2031-07-01", "last_day": "2031-06-30"}, "last_day"),
        ({"valid_from": "9999-01-01", "last_day": ""}, "valid_from"),
        ({"reason": "r" * 2001}, "reason"),
        ({"action": "end", "kind": "pit", "tax_class": "lotteries"}, "valid_from"),
    ):
        answer = client.post("/taxes/propose", data=filled(**changes))
        assert answer.status_code == 422, changes
        assert f'id="field-{field}-error"' in answer.text, changes
    assert 'value="28,5"' in client.post("/taxes/propose", data=filled(act="")).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_open_for_those_who_read(visitor, officials, language) -> None:
    where = proposed(officials(language)[0])
    for role in ("tax_service", "regulator", "auditor"):
        client = visitor(role, language=language)
        for path in ("/taxes/rates", "/taxes/history", "/taxes/rates?day=2100-01-01", where):
            assert client.get(path).status_code == 200, path
        assert client.get("/taxes/rates?day=x").status_code == 422
        for path in ("/taxes/changes/0", "/taxes/changes/999999", f"/taxes/changes/{2**70}"):
            assert client.get(path).status_code == 404
        assert client.get("/taxes/propose?rate=999999").status_code == (
            404 if role == "tax_service" else 403
        )


def test_others_neither_read_nor_propose_nor_decide(visitor, scene, officials) -> None:
    where = proposed(officials()[0])
    for role in ("operator", "registrar", "regulator", "auditor"):
        client = visitor(role, scene.first if role == "operator" else None)
        if role in ("operator", "registrar"):
            for path in ("/taxes/rates", "/taxes/history", where):
                assert client.get(path).status_code == 403
        assert client.post("/taxes/propose", data=filled()).status_code == 403
        assert client.post(f"{where}/confirm", data={"newest": "1"}).status_code == 403


def test_today_is_the_day_that_is_shown(visitor) -> None:
    page = visitor("tax_service", language="en").get("/taxes/rates").text
    assert f'value="{periods.today().isoformat()}"' in page
