"""On paper: A4, whole tables, who and when, nothing to press; read back from the PDF."""

from __future__ import annotations

import io
import re
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb
from pypdf import PdfReader

from portal import db
from portal.guide.glossary import entries
from portal.ingest.fields import MAX_AMOUNT_MINOR
from portal.registry import gateway
from tests.integration.registry.desk import operator, submitted
from tests.support import market
from tests.support.browser import until
from tests.support.market import register, register_alone
from tests.support.pages import day_of_wide_figures
from tests.support.sample import one_of

A4 = (595, 842)  # points
REPORT = "/reports/R03"


def printed(page, address):
    """A page as Chromium prints it: its sheets as texts."""
    page.goto(address)
    until(page, "document.fonts.status === 'loaded'")
    if page.locator(".chart-canvas").count():
        until(page, "document.querySelector('.chart-canvas svg') !== null")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    for sheet in sheets:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == list(A4)
    return [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in sheets]


@pytest.fixture
def page(seat):
    return seat("regulator", color_scheme="dark").page


def test_a_report_prints_whole_with_who_when_and_what_was_chosen(page, scene):
    page.goto(f"{REPORT}?by=hour&period=7-days&operator={scene.first.id}")
    whole_page = page.get_by_role("link", name="Усі на одній сторінці").get_attribute("href")
    sheets = printed(page, whole_page)
    first, whole = sheets[0], " ".join(sheets)
    for text in ("Обсяги ставок і виплат", "Станом на", "Номер запиту", "надруковано", "7 днів"):
        assert text in first
    assert scene.first.document["name_uk"] in first
    assert "Регулятор" in first
    names = page.locator("#rows tbody th").all_inner_texts()
    assert len(names) > 100
    for name in names:
        assert name.split(" ще")[0].replace("\n", " ") in whole
    for number, sheet in enumerate(sheets, 1):
        assert f"{number} / {len(sheets)}" in sheet
        rows = any(name.split(" ще")[0].replace("\n", " ") in sheet for name in names)
        if rows and number > 1:
            assert "Середня ставка" in sheet, "the heading is repeated on each sheet of the table"
    assert 4 <= len(sheets) <= 9
    assert "Застосувати" not in whole
    assert "http" not in whole


def test_the_document_for_print_bears_its_hash_on_paper(page, scene):
    """What the button leads to: every row, the heading on each sheet, who, how many, the hash."""
    page.goto(f"{REPORT}?by=hour&period=7-days&operator={scene.first.id}")
    page.get_by_role("link", name="Для друку").click()
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.querySelector('td.n')).textAlign") == "right"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rows = page.locator("tbody tr").count()
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    for sheet in sheets:
        assert [round(float(side)) for side in sheet.mediabox[2:]] == list(A4[::-1])
    texts = [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in sheets]
    assert rows > 100
    assert scene.first.document["name_uk"] in texts[0]
    assert all("Середня ставка" in text for text in texts[1:-1])
    found = re.search("[0-9a-f]{64}", texts[-1].replace(" ", ""))[0]
    assert f"Рядків {rows}" in texts[-1]
    page.goto(f"/exports/verify?hash={found}")
    assert "Геш є в записах" in page.inner_text("#result")


@pytest.mark.parametrize(
    ("address", "most"),
    # A sheet of the glossary holds at least four entries.
    [("/", 2), ("/help/glossary", len(entries()) // 4), ("/help", 5)],
)
def test_other_pages_print_on_a_sane_number_of_sheets(page, address, most):
    sheets = printed(page, address)
    assert 1 <= len(sheets) <= most
    assert page.inner_text("h1") in sheets[0]
    assert "Демонстрація" not in " ".join(sheets)


def test_a_long_list_repeats_its_heading_and_cuts_no_row(page, database):
    """A refusal takes many lines: each stands whole on one sheet."""
    operator = register_alone(database)
    numbers = range(7001, 7041)
    with database.connect("dozir_ingest") as conn:
        for number in numbers:
            codes = {"unknown_game": 3, "amount_too_precise": 1, "unknown_channel": number % 3}
            fault = {
                "index": number - 1,
                "pointer": f"/{number - 1}/amount",
                "code": "unknown_game",
            }
            conn.execute(
                "select ledger.record_refusal(%s, %s, 'main', 9, 422::smallint, 'invalid_batch',"
                " 4, 500, 1000, %s, %s, %s)",
                (operator.key.id, uuid4(), Jsonb(codes), Jsonb([fault]), f"request-{number}-end"),
            )
    sheets = printed(page, f"/ledger/refusals?operator={operator.id}")
    assert len(sheets) > 3
    lists = [sheet for sheet in sheets if "request-70" in sheet]
    for sheet in lists:
        assert "Причина і що робити" in sheet, "the heading is repeated on each sheet"
        whole = sheet.count("Записи пакета недійсні"), sheet.count("Номер запитуrequest")
        assert whole[0] == whole[1], "a row begins on one sheet and ends on another"
    assert page.inner_text("h1") in sheets[0]
    for number in numbers:
        (begins,) = (sheet for sheet in sheets if f"запис {number}," in sheet)
        assert f"request-{number}-end" in begins


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


@pytest.fixture(scope="module")
def office(database, scene):
    """An operator of the registers with a blocked machine, and a change that the regulator took."""
    own = operator(database, "PAPER")
    change = submitted(
        own, {"address": "вул. Паперова, 5"}, action="amend", record_id=own.channel["HALL"]
    )
    with db.owner_acting_as("regulator", actor=f"person {scene.person('regulator')}") as conn:
        gateway.step(conn, change.id, "take")
        gateway.block_equipment(
            conn, own.equipment["SLOT-1"], order="№ 17", grounds="Пломбу зірвано"
        )
    return own, change.id


def test_what_is_registered_and_decided_can_be_read_on_paper(page, office):
    """A record with its order, its history, the queue, and a decision with what it is about."""
    own, change = office
    machine = f"/registry/equipment/{own.equipment['SLOT-1']}"
    record = " ".join(printed(page, machine))
    for text in ("Загальні відомості", "SLOT-1", "№ 17", "Пломбу зірвано", "Заблоковано"):
        assert text in record
    assert "Зняти блокування" not in record, "nothing to press on paper"
    history = " ".join(printed(page, f"{machine}/history"))
    assert "Версія 2" in history
    assert "Оксана Коваль" in history.split("Версія 2")[1]
    queue = printed(page, f"/registry/queue?operator={own.id}")
    assert "На розгляді" in queue[0]
    decision = " ".join(printed(page, f"/registry/changes/{change}/approve"))
    for text in ("Погодити зміну", "Що пропонують", "Паперова"):
        assert text in decision
    for address in (machine, f"{machine}/history", "/registry/queue"):
        laid_out_for_paper(page, address)
        assert page.evaluate(BEYOND) == [], address


def test_a_register_repeats_its_heading_on_each_sheet(page, database):
    with database.connect() as conn:
        own = register(
            conn,
            market.document(
                "PAPER-LIST",
                channels=[market.venue("HALL")],
                equipment=[market.machine(f"P-{number:02}", "HALL") for number in range(48)],
            ),
        )
    sheets = printed(page, f"/registry/equipment?operator={own.id}")
    assert 2 <= len(sheets) <= 3
    for sheet in sheets:
        assert "Заводський номер" in sheet
    whole = " ".join(sheets)
    for number in range(48):
        assert f"P-{number:02}" in whole


@pytest.fixture(params=one_of([10**6, 10**11, MAX_AMOUNT_MINOR]), ids="{:.0e} kopecks".format)
def wide(request, database):
    """An amount, and the period in which two operators took 200 times as much."""
    day = day_of_wide_figures(database, request.param)
    return request.param, f"from={day}&to={day}"


def laid_out_for_paper(page, address):
    """The page as it is laid out between the margins of a sheet."""
    page.set_viewport_size({"width": 703, "height": 1000})  # 186 mm between the margins
    page.emulate_media(media="print")
    page.goto(address)
    page.evaluate("document.fonts.ready")


# What reaches the very edge is cut as well, since the sheet is no whole number of pixels wide.
BEYOND = """() => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > innerWidth - 1 && one.closest('.main > *')
        && !one.closest('.visually-hidden'))
    .map(one => one.outerHTML.slice(0, 200))"""
BROKEN = """() => [...document.querySelectorAll('#rows td.num')].filter(one => {
        const text = document.createRange();
        text.selectNodeContents(one);
        return new Set([...text.getClientRects()].map(line => Math.round(line.top))).size > 1;
    }).map(one => one.innerText)"""


def fits(page, address):
    """What is laid out wider than the sheet would be lost or shrink everything."""
    laid_out_for_paper(page, address)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0, address
    assert page.evaluate(BEYOND) == [], address


def test_no_figure_is_cut_at_the_edges_of_the_paper(page, scene, wide):
    """Pages that show the amounts of the period."""
    amount, period = wide
    for by in ("operator", "channel", "licence", "hour"):
        fits(page, f"{REPORT}?by={by}&{period}")
        if amount < MAX_AMOUNT_MINOR:
            assert page.evaluate(BROKEN) == [], "a figure is broken into lines"
    fits(page, f"/ledger/batches?{period}")
    fits(page, f"/ledger/transactions?{period}")
    fits(page, f"/registry/taxpayers/{scene.first.id}?{period}")


def test_nothing_is_cut_at_the_edges_of_the_paper(page, scene, database):
    """Pages of no period, beside operators who took much."""
    day_of_wide_figures(database, MAX_AMOUNT_MINOR)
    for address in (
        f"/ledger/batches/{scene.receipts[-2]['batch_id']}",
        *("/ledger/refusals", "/live", "/help", "/", "/today"),
        *("/registry", "/registry/operators", "/registry/taxpayers", "/registry/licence-fees"),
        *(f"/registry/{kind}" for kind in ("licence", "equipment", "game", "representative")),
    ):
        fits(page, address)


def test_paper_is_light_whatever_the_theme(page):
    page.context.add_cookies([{"name": "theme", "value": "dark", "url": page.url}])
    page.goto(f"{REPORT}?by=day")
    page.emulate_media(media="print")
    colour = page.evaluate("getComputedStyle(document.body).color")
    assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 80
