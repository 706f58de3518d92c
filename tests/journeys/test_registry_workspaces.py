"""The regulator at a browser: the queue, a decision, an order; the Tax Service: a taxpayer."""

from __future__ import annotations

import pytest

from tests.integration.registry.desk import operator, proposed, state, submitted
from tests.journeys.test_accessibility import violations
from tests.support.market import Operator

LOOKS = {"uk": {}, "en": {"color_scheme": "dark", "viewport": {"width": 320, "height": 720}}}


@pytest.fixture(scope="module")
def own(database) -> Operator:
    return operator(database, "DAY-OWN")


@pytest.mark.parametrize("scripts", [True, False])
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
    assert page.is_visible("text=The change is approved")
    page.click(".page-actions >> text=The record")
    assert page.inner_text("h1") == "Hall 2"


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


@pytest.mark.parametrize("scripts", [True, False])
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
    page.wait_for_url(f"**{machine}")
    assert page.is_visible("text=The equipment is blocked.")
    page.click(f'a[href="{machine}/unblock"]')
    page.fill("#field-order", "№ 18")
    page.fill("#field-grounds", "Sealed anew")
    page.click(".decision button[type=submit]")
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
    assert page.is_visible("text=Ліцензію анульовано.")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_tax_service_goes_from_a_code_to_a_record(seat, scene, scripts):
    page = seat("tax_service", java_script_enabled=scripts).page
    page.goto("/registry/taxpayers?period=30-days")
    page.fill("#filter-q", scene.first.document["taxpayer_code"])
    page.press("#filter-q", "Enter")
    page.wait_for_url("**q=*")
    page.click(f"#taxpayers tbody th a >> text={scene.first.document['name_uk']}")
    assert page.inner_text("h1") == scene.first.document["name_uk"]
    page.click("#ways a >> text=Транзакції")
    assert "/ledger/transactions" in page.url


@pytest.mark.parametrize("language", LOOKS)
def test_every_desk_can_be_used_by_everyone(seat, own, database, language):
    change = submitted(own, proposed(own, code=f"HALL-{language.upper()}"))
    amended = submitted(
        own, {"address": "вул. Інша, 5"}, action="amend", record_id=own.channel["HALL"]
    )
    licence, machine = own.licence["DAY-OWN-L"], own.equipment["SLOT-1"]
    desk = seat("regulator", None, language, reduced_motion="reduce", **LOOKS[language])
    page, found = desk.page, {}
    page.goto(f"/registry/changes/{amended.id}")
    page.click("#state form button")
    for address in (
        "/registry/queue",
        "/registry/queue?state=x",
        "/registry/queue?kind=game&state=refused",
        f"/registry/changes/{change.id}",
        f"/registry/changes/{amended.id}",
        f"/registry/changes/{amended.id}/approve",
        f"/registry/changes/{change.id}/refuse",
        f"/registry/licence/{licence}/suspend",
        f"/registry/licence/{licence}/revoke",
        f"/registry/equipment/{machine}/block",
        f"/registry/equipment/{machine}/unblock",
        "/registry/blocking-orders",
        "/registry/licence-fees",
        "/registry/operators",
        "/registry/operators?q=zzz",
        "/registry/taxpayers",
        f"/registry/taxpayers/{own.id}",
        "/tasks/waiting",
    ):
        page.goto(address)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        said = violations(page) + desk.complaints() + ([wider] if wider > 0 else [])
        desk.said.clear()
        if said:
            found[address] = said
    assert not found
