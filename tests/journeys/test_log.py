"""A receipt on its way: downloaded by whom it was given to, checked by somebody with no login."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.journeys.test_accessibility import LOOKS, faults, violations
from tests.journeys.test_print import BEYOND, laid_out_for_paper


def downloaded(page, name, folder):
    with page.expect_download() as waiting:
        page.click(f'a[href$="/{name}"]')
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_from_the_batch_to_a_check_without_signing_in(seat, scene, tmp_path: Path, scripts):
    own = scene.receipts[-2]["batch_id"]
    page = seat("operator", scene.first, java_script_enabled=scripts).page
    page.goto(f"/ledger/batches/{own}")
    assert "У журналі" in page.inner_text("#receipt")
    receipt = downloaded(page, "proof", tmp_path)
    page.goto(f"/ledger/batches/{own}/transactions/1")
    proof = downloaded(page, "transactions/1/proof", tmp_path)

    stranger = seat(None, java_script_enabled=scripts).page
    stranger.click('a[href="/log/"] >> nth=0')
    stranger.fill("#document", receipt.read_text())
    stranger.keyboard.press("Tab")
    stranger.keyboard.press("Tab")
    stranger.keyboard.press("Enter")
    stranger.wait_for_selector("#result")
    assert stranger.inner_text("#result h2").strip() == "Справжня і є в журналі"
    if scripts:
        assert stranger.evaluate("document.activeElement.id") == "result"
    stranger.set_input_files("#file", proof)
    stranger.fill("#document", "")
    stranger.click("#check button")
    stranger.wait_for_selector("text=Транзакція є в журналі такою, як тут")
    altered = json.loads(receipt.read_text()) | {"operator": "X"}
    stranger.fill("#document", json.dumps(altered))
    stranger.click("#check button")
    stranger.wait_for_selector("text=Документ несправжній")
    assert "не підтверджено" in stranger.inner_text("#result")


@pytest.mark.parametrize("language", LOOKS)
def test_the_log_can_be_used_by_everyone(seat, scene, language):
    desk = seat(None, language=language, reduced_motion="reduce", **LOOKS[language])
    page = desk.page
    assert faults(desk, "/log/") == []
    for document in ("", "x", json.dumps(scene.receipts[0] | {"promise": "x"})):
        page.fill("#document", document)
        page.click("#check button")
        page.wait_for_load_state()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert desk.complaints() == []
    laid_out_for_paper(page, "/log/")
    assert page.evaluate(BEYOND) == []
