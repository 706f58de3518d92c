"""An operator's manager: what was received, what was refused and why, and nothing of others."""

from __future__ import annotations


def test_from_what_was_received_to_a_refusal_and_its_reason(seat, scene):
    desk = seat("operator", scene.first)
    page = desk.page
    page.click('.side a[href="/ledger/batches"]')
    assert page.inner_text("h1") == "Що ми отримали від вас"
    assert page.locator("#filter-operator").count() == 0
    page.check("input[name=period][value=year]", force=True)
    page.wait_for_url("**period=year*")
    batch = page.locator(f'#batches a[href$="/{scene.receipts[1]["batch_id"]}"]')
    while not batch.count():  # others may have sent since
        page.goto(page.evaluate("document.querySelector('a[rel=next]').href"))
    batch.click()
    assert str(scene.receipts[1]["body_sha256"]) in page.inner_text("#facts")
    page.click('.side a[href="/ledger/refusals"]')
    page.wait_for_selector("text=Записи пакета недійсні")
    assert page.is_visible("text=Спершу зареєструйте цей об’єкт або вкажіть зареєстрований код.")
    assert desk.complaints() == []


def test_its_report_is_of_itself(seat, scene):
    page = seat("operator", scene.second).page
    page.click('.side a[href="/reports/"]')
    page.click('main a[href="/reports/R03"]')
    page.wait_for_selector("#rows")
    assert page.locator("#filter-operator").count() == 0
    assert page.locator('#filter-by option[value="operator"]').count() == 0
    page.select_option("#filter-by", "licence")
    page.wait_for_url("**by=licence*")
    page.wait_for_selector("#rows >> text=PS-BETS")
    assert "PF-" not in page.inner_text("#rows")
