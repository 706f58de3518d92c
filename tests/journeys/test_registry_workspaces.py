"""The regulator at a browser: the queue, a decision, an order; the Tax Service: a taxpayer."""

from __future__ import annotations

import pytest

from tests.integration.registry.desk import operator, proposed, state, submitted
from tests.support.databases import rows
from tests.support.market import Operator
from tests.support.sample import one_of


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "DAY-OWN")


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_an_application_is_taken_returned_and_approved(seat, own, scripts):
    first = submitted(own, proposed(own, code=f"HALL-A{scripts:d}"))
    page = seat("regulator", language="en", java_script_enabled=scripts).page
    page.goto(f"/registry/queue?operator={own.id}")
    page.click(f'a[href="/registry/changes/{first.id}"]')
    page.click("text=Take for review")
    assert page.is_visible("text=You have taken this change for review.")
    page.click("text=Return with reason")
    page.click(".decision button[type=submit]")
    assert page.get_attribute("#field-reason", "aria-invalid") == "true"
    assert page.is_visible(".error-summary")
    page.fill("#field-reason", "No lease is attached")
    page.click(".decision button[type=submit]")
    assert page.is_visible("#log >> text=No lease is attached")
    assert state(first) == "returned"
    second = submitted(own, proposed(own, code=f"HALL-B{scripts:d}"))
    page.goto(f"/registry/changes/{second.id}")
    page.click("text=Take for review")
    page.click(f'a[href="/registry/changes/{second.id}/approve"]')
    page.click(".decision button[type=submit]")
    page.click("#demo button")
    assert page.is_visible("text=The change is approved")
    assert page.is_visible("#signatures >> text=Oksana Koval")
    page.click(".page-actions >> text=The record")
    assert page.inner_text("h1") == "Hall 2"


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_a_change_is_given_to_a_colleague_by_keyboard_alone(seat, own, scripts):
    change = submitted(own, proposed(own, code=f"HALL-G{scripts:d}"))
    page = seat("regulator", language="en", java_script_enabled=scripts).page
    page.goto(f"/registry/changes/{change.id}")
    page.locator("text=Give to a colleague").focus()
    page.keyboard.press("Enter")
    page.locator("#field-person").focus()
    page.keyboard.type("Iryna")
    page.keyboard.press("Tab")
    page.keyboard.type("The address, please")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/registry/changes/{change.id}")
    assert page.is_visible("text=The change is given to the colleague.")
    assert page.is_visible("#log >> text=The address, please")
    theirs = seat("registrar").page
    theirs.goto("/registry/queue?whose=mine")
    theirs.click(f'a[href="/registry/changes/{change.id}"]')
    assert theirs.is_visible("text=доручено колезі: Ірина Мельник")


def test_two_officials_decide_at_once(seat, own):
    change = submitted(own, proposed(own, code="HALL-TWO"))
    first, second = seat("regulator").page, seat("registrar").page
    first.goto(f"/registry/changes/{change.id}")
    first.click("text=Узяти на розгляд")
    first.goto(f"/registry/changes/{change.id}/refuse")
    second.goto(f"/registry/changes/{change.id}")
    second.click("text=Перебрати на себе")
    first.fill("#field-reason", "Моя причина")
    first.click(".decision button[type=submit]")
    assert first.inner_text("h1") == "Хтось вас випередив"
    assert first.is_visible("#yours >> text=Моя причина")
    assert first.is_visible("#theirs >> text=узято на розгляд")
    assert state(change) == "in_review"


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_a_machine_is_blocked_by_keyboard_alone(seat, own, scripts):
    page = seat("registrar", language="en", java_script_enabled=scripts).page
    machine = f"/registry/equipment/{own.equipment['SLOT-1']}"
    page.goto(machine)
    page.locator(f'a[href="{machine}/block"]').focus()
    page.keyboard.press("Enter")
    page.locator("#field-order").focus()
    page.keyboard.type("№ 17")
    page.keyboard.press("Tab")
    page.keyboard.type("The seal is broken")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#demo button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{machine}")
    assert page.is_visible("text=The equipment is blocked.")
    page.click(f'a[href="{machine}/unblock"]')
    page.fill("#field-order", "№ 18")
    page.fill("#field-grounds", "Sealed anew")
    page.click(".decision button[type=submit]")
    page.click("#demo button")
    assert page.is_visible("text=The blocking is lifted.")


def test_a_licence_is_revoked_only_knowingly(seat, database):
    mine = operator(database, "DAY-REVOKED")
    number = mine.licence["DAY-REVOKED-L"]
    page = seat("regulator").page
    page.goto(f"/registry/licence/{number}/revoke")
    page.fill("#field-grounds", "Рішення № 5")
    page.click(".decision button[type=submit]")
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id") == "field-confirm"
    assert page.input_value("#field-grounds") == "Рішення № 5"
    page.check("#field-confirm input")
    page.click(".decision button[type=submit]")
    page.click("#demo button")
    assert page.is_visible("text=Ліцензію анульовано.")


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_the_tax_service_goes_from_a_code_to_a_record(seat, scene, database, scripts):
    """Down to the single record with its receipt; whose money it was stays untold."""
    page = seat("tax_service", java_script_enabled=scripts).page
    page.goto("/registry/taxpayers?period=30-days")
    page.fill("#filter-q", scene.first.document["taxpayer_code"])
    page.press("#filter-q", "Enter")
    page.wait_for_url("**q=*")
    page.click(f"#taxpayers tbody th a >> text={scene.first.document['name_uk']}")
    assert page.inner_text("h1") == scene.first.document["name_uk"]
    page.click("#ways a >> text=Транзакції")
    day = scene.days[-1]
    page.fill("input[name=from]", f"{day}T00:00")
    page.fill("input[name=until]", f"{day}T12:00")
    page.press("input[name=until]", "Enter")
    page.wait_for_url(f"**from={day}*")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/transactions/*")
    assert page.locator("#receipt").count() == 1
    with database.connect() as conn:
        [(player,)] = rows(
            conn,
            "select player from ledger.transaction where id::text = any (%s)",
            (page.locator("#facts code").all_inner_texts(),),
        )
    assert str(player) not in page.content()
    assert player.hex not in page.content()
