"""On paper: A4, whole tables, who and when, nothing to press; read back from the PDF."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

A4 = (595, 842)  # points
REPORT = "/reports/stakes-and-winnings"


def printed(page, address):
    """A page as Chromium prints it: its sheets as texts."""
    page.goto(address)
    page.wait_for_function("document.fonts.status === 'loaded'")
    if page.locator(".chart-canvas").count():
        page.wait_for_function("document.querySelector('.chart-canvas svg') !== null")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    for sheet in sheets:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == list(A4)
    return [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in sheets]


@pytest.fixture
def page(seat):
    return seat("regulator", color_scheme="dark").page


def test_a_report_prints_whole_with_who_when_and_what_was_chosen(page, scene):
    sheets = printed(page, f"{REPORT}?by=hour&period=7-days&operator={scene.first.id}")
    first, whole = sheets[0], " ".join(sheets)
    for text in ("Ставки та виграші", "Станом на", "Номер запиту", "надруковано", "7 днів"):
        assert text in first
    assert scene.first.document["name_uk"] in first
    assert "Регулятор" in first
    rows = page.locator("#rows tbody th").all_inner_texts()
    assert len(rows) > 100
    for row in rows:
        assert row.split(" ще")[0].replace("\n", " ") in whole
    for number, sheet in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in sheet
        if "Середня ставка" not in sheet:
            assert number == 1, "the heading is repeated on each sheet"
    assert 4 <= len(sheets) <= 9
    assert "Застосувати" not in whole
    assert "http" not in whole


@pytest.mark.parametrize(
    ("address", "most"),
    [("/", 2), ("/ledger/refusals?period=yesterday", 2), ("/help/glossary", 16), ("/help", 4)],
)
def test_other_pages_print_on_a_sane_number_of_sheets(page, address, most):
    sheets = printed(page, address)
    assert 1 <= len(sheets) <= most
    assert page.inner_text("h1") in sheets[0]
    assert "Демонстрація" not in " ".join(sheets)


def test_a_batch_prints_with_its_receipt_and_every_row(page, scene):
    batch = scene.receipts[-2]["batch_id"]
    sheets = printed(page, f"/ledger/batches/{batch}")
    whole = " ".join(sheets)
    assert str(scene.receipts[-2]["body_sha256"]) in whole.replace(" ", "")
    numbers = page.locator("#transactions tbody th").all_inner_texts()
    assert numbers
    later = [sheet for sheet in sheets[1:] if "Баланс рахунку" in sheet]
    assert later
    for sheet in later:
        assert "Розрахунок" in sheet, "the heading is repeated on each sheet"


def test_nothing_is_cut_at_the_edges_of_the_paper(page):
    """What is laid out wider than the sheet would be lost or shrink everything."""
    for address in (f"{REPORT}?by=operator", "/ledger/batches", "/ledger/refusals", "/help"):
        page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm between the margins
        page.emulate_media(media="print")
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        page.emulate_media(media="screen")


def test_paper_is_light_whatever_the_theme(page):
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.goto(f"{REPORT}?by=day")
    page.emulate_media(media="print")
    colour = page.evaluate("getComputedStyle(document.body).color")
    assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 80
