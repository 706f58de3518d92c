"""Limits of cash flow: one official sets them, another verifies, all readers see which hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.integration.reports.conftest import Pages
from tests.support.databases import rows, value
from tests.support.players import close_cash

PAGE = "/reports/limits"
T = {"kind": "large_deposit", "valid_from": "2026-01-01", "value": "30 000,50", "act": "An act"}


def newest(pages: Pages) -> tuple[Any, ...]:
    with pages.database.connect() as conn:
        found = rows(
            conn,
            "select id, kind, valid_from, value, set_by, verified_by, replaced_at"
            " from registry.cash_limit order by id desc limit 1",
        )
    return tuple(found[0])


def test_one_official_sets_a_limit_and_another_verifies_it(pages: Pages) -> None:
    officer = pages.visit("regulator")
    assert officer.post(PAGE, data=T).status_code == 303
    made, kind, since, amount, _, verifier, _ = newest(pages)
    assert (kind, since, amount, verifier) == ("large_deposit", date(2026, 1, 1), 3_000_050, None)
    page = officer.get(PAGE).text
    assert "30,000.50" in page
    assert f"{PAGE}/{made}/verify" not in page, "not by oneself"
    address = f"{PAGE}/{made}/verify"
    agreed = {"source": "Gazette", "compared": "yes"}
    assert officer.post(address, data=agreed).status_code == 409
    assert "You entered this limit yourself" in officer.get(address).text
    with pages.database.connect() as conn:
        [(second,)] = rows(conn, "select id from identity.person where name_en = 'Petro Savchuk'")
    supervisor = pages.visit("regulator")
    supervisor.post("/logout")
    assert supervisor.post(f"/login/demo/{second}").status_code == 303
    assert "I have read the limit there" in supervisor.get(address).text
    assert supervisor.post(address, data={"source": "x"}).status_code == 422
    assert supervisor.post(address, data=agreed).status_code == 303
    assert newest(pages)[5]
    again = supervisor.post(address, data=agreed)
    assert again.status_code == 409
    for absent in (999_999, 2**40):
        path = f"{PAGE}/{absent}/verify"
        assert supervisor.get(path).status_code == 404
        assert supervisor.post(path, data=agreed).status_code == 404


def test_the_report_says_what_holds_and_what_is_not_confirmed(pages: Pages) -> None:
    client = pages.visit("financial_monitoring")
    officer = pages.visit("regulator")
    today = date.today()
    assert officer.post(PAGE, data=T | {"valid_from": str(today), "value": ""}).status_code == 303
    text = client.get("/reports/R10").text
    assert "no official has set from which amount" in text
    assert "Pass-through accounts took in" in text
    assert "not verified" in text
    assert officer.post(PAGE, data=T | {"valid_from": str(today)}).status_code == 303
    text = client.get("/reports/R10").text
    assert "Large deposits are those of" in text
    # The one of the same day stays to be read, and closed days of a limit in the past are due.
    with pages.database.connect() as conn:
        replaced = value(
            conn,
            "select count(*) from registry.cash_limit"
            " where valid_from = %s and replaced_at is not null",
            (today,),
        )
    assert replaced == 1
    assert officer.post(PAGE, data=T | {"valid_from": "2025-12-01"}).status_code == 303
    assert close_cash(pages.database) > 0
    assert "/reports/limits" in client.get("/reports/R10").text
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "x"},
        {"valid_from": ""},
        {"valid_from": "1995-01-01"},
        {"value": "a"},
        {"value": "0"},
        {"value": "-5"},
        {"value": "0.001"},
        {"value": "99999999999999"},
        {"act": ""},
        {"kind": "pass_stake", "value": "10001"},
    ],
)
def test_what_is_no_limit_is_refused_and_stays_in_the_form(
    pages: Pages, wrong: dict[str, str]
) -> None:
    before = newest(pages)
    answer = pages.visit("regulator").post(PAGE, data=T | wrong)
    assert answer.status_code == 422
    for name, text in wrong.items():
        if name == "value":
            assert f'value="{text}"' in answer.text
    assert newest(pages) == before


@pytest.mark.parametrize("role", ["tax_service", "auditor", "financial_monitoring", "fairness"])
def test_others_set_and_verify_nothing(pages: Pages, role: str) -> None:
    client = pages.visit(role)
    assert client.post(PAGE, data=T).status_code == 403
    assert client.post(f"{PAGE}/1/verify", data={}).status_code == 403
    assert client.get(PAGE).status_code == (403 if role == "fairness" else 200)
