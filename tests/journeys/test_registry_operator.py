"""A new operator in a browser and with curl: application, objects, licence, key, first batch."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest

from portal.ingest.uuid7 import make_id
from portal.web.periods import today
from tests.support.api import now_ms, rfc3339
from tests.support.databases import rows
from tests.support.sample import one_of

SCREENSHOTS = os.environ.get("DOZIR_SCREENSHOTS")


def shot(page, name):
    """A picture to look at, where one was asked for."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


@pytest.fixture
def applicant(seat, database):
    """``applicant(scripts)``: somebody who acts for no operator yet, and a code to apply with."""

    def enter(scripts):
        with database.connect() as conn:
            conn.execute("select identity.start_demo()")
            [(person,)] = rows(
                conn,
                "select id from identity.person where demo and role = 'operator'"
                " and operator_id is null",
            )
            [(taxpayer,)] = rows(
                conn,
                "select n::text from generate_series(41000000, 41999999) as n"
                " where registry.is_edrpou(n::text) and not exists ("
                " select from registry.operator as o where o.taxpayer_code = n::text) limit 1",
            )
        desk = seat(None, java_script_enabled=scripts)
        desk.page.select_option("#person", str(person))
        desk.page.click("form:has(#person) button")
        return desk, f"NEW-{secrets.token_hex(3).upper()}", taxpayer

    return enter


def fill(page, **values):
    """Fill in a step of a form by its names of fields, and go on."""
    for name, value in values.items():
        field = page.locator(f"#field-{name}")
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.click(".form-buttons .btn-primary")


def number_of(page):
    """The number of the last change on the list."""
    return int(page.locator("#changes tbody th").first.inner_text().removeprefix("№ "))


def approve(official, change):
    """Find a change in the queue, take it for review and approve it, as officials do."""
    official.goto("/registry/queue")
    while not (found := official.locator(f'a[href="/registry/changes/{change}"]')).count():
        official.click(".pager a[rel=next]")
    found.click()
    official.click("text=Узяти на розгляд")
    official.click(".decisions a:has-text('Погодити')")
    official.click("form.decision button.btn-primary")
    official.click("#demo button")
    official.wait_for_selector("#notices .notice-ok")


def curl(*arguments):
    """Status and body that curl got."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("there is no curl on this machine")
    done = subprocess.run(
        [program, "-sS", "-w", "\n%{http_code}", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_from_an_application_to_the_first_batch(seat, applicant, database, server, scripts):
    desk, code, taxpayer = applicant(scripts)
    page = desk.page
    day = today().isoformat()

    # The application: a wrong check digit is told at its field, and what was typed is kept.
    page.click('.side a[href="/registry/changes"]')
    page.click("text=Подати заявку на реєстрацію")
    page.click("text=Організатор")
    names = {"code": code, "name_uk": f"Організатор {code}", "name_en": f"Organiser {code}"}
    wrong = taxpayer[:-1] + str((int(taxpayer[-1]) + 1) % 10)
    fill(page, taxpayer_code=wrong, **names)
    assert page.is_visible("#field-taxpayer_code-error")
    assert page.input_value("#field-name_uk") == names["name_uk"]
    shot(page, "apply-error")
    fill(page, taxpayer_code=taxpayer)
    fill(page, active_from=day)
    assert names["name_uk"] in page.inner_text("#step-1")
    shot(page, "apply-check")
    page.click("text=Подати")
    assert "Подано" in page.inner_text("#changes")
    application = number_of(page)

    # The regulator approves it.
    official = seat("regulator", java_script_enabled=scripts).page
    approve(official, application)

    # The applicant is the new operator's manager now and registers what it plays on.
    page.goto("/registry/changes")
    assert "Погоджено" in page.inner_text("#changes")
    shot(page, "changes")
    page.goto("/registry/new/website")
    fill(page, code="SITE", name_uk="Сайт", name_en="Site", domain=f"{code.lower()}.example")
    fill(page, active_from=day)
    page.click(".form-buttons .btn-primary")
    approve(official, number_of(page))
    page.goto("/registry/new/game")
    fill(page, code="BOOK", title="Book", provider="Provider", gambling_type_id="2")
    fill(page, version="1.0", declared_rtp_ppm="96,5", declared_sigma_ppm="8,0")
    fill(page, active_from=day)
    page.click(".form-buttons .btn-primary")
    approve(official, number_of(page))

    # An official issues the licence.
    official.goto("/registry/new/licence")
    fill(official, **{"draft-owner": code, "number": f"{code}-1", "licence_kind_id": "2"})
    fill(official, valid_from=day, valid_until=today().replace(year=today().year + 4).isoformat())
    shot(official, "licence-check")
    fill(official, **{"draft-reason": "Рішення № 15"})
    official.click("#demo button")
    official.wait_for_selector("#notices .notice-ok")
    assert "Внесено" in official.inner_text("#notices")

    # A key, and with it the first batch.
    page.click('.side a[href="/registry/keys"]')
    page.click("text=Створити ключ")
    fill(page, label="Каса")
    page.click("#demo button")
    page.wait_for_selector("#secret code")
    shot(page, "key-made")
    secret = page.inner_text("#secret code")
    trial = page.inner_text("#trial code")
    assert secret not in trial
    status, body = curl("-H", f"Authorization: Bearer {secret}", trial.split()[-1])
    assert status == 200
    assert {one["code"] for one in json.loads(body)["channels"]} == {"SITE"}
    moment = now_ms()
    record = {
        "id": str(make_id(moment, secrets.token_bytes(16))),
        "type": "bet",
        "occurred_at": rfc3339(moment),
        "amount": "12.50",
        "currency": "UAH",
        "licence": f"{code}-1",
        "channel": "SITE",
        "game": "BOOK",
        "round_id": str(uuid4()),
        "player": secrets.token_hex(16),
        "payment": "balance",
    }
    status, body = curl(
        "-H", f"Authorization: Bearer {secret}", "-H", f"Idempotency-Key: {uuid4()}",
        "-H", "Batch-Sequence: 1", "-H", "Content-Type: application/json",
        "--data-binary", json.dumps([record]), f"{server.url}/api/v1/batches",
    )  # fmt: skip
    assert status == 201, body
    page.click("text=Ключ збережено")
    assert "Прийнято" in page.inner_text("#log")
    shot(page, "key")
    with database.connect() as conn:
        [(breach,)] = rows(
            conn,
            "select t.breach from ledger.transaction as t join registry.operator as o"
            " on o.id = t.operator_id where o.code = %s",
            (code,),
        )
    assert breach == 0
    assert desk.complaints() == []


def test_a_form_is_filled_in_by_keyboard_alone(seat, scene):
    page = seat("operator", scene.first).page
    page.goto("/registry/new/brand")
    page.focus("#field-code")
    for text in ("KEYBOARD", "Марка", "Brand", ""):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first button: save and go on
    page.wait_for_url("**/step/2")
    page.go_back()
    page.goto("/registry/changes")
    assert "Марка" in page.inner_text("#changes")
