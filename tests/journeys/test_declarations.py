"""An operator declares a day, two officials change a rate; both workspaces are for everyone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from portal import create_app
from portal.web import periods
from tests.integration.registry.desk import operator
from tests.journeys.test_accessibility import LOOKS, faults, settled
from tests.support.batches import BET, row, store
from tests.support.databases import Database, rows
from tests.support.market import Operator
from tests.support.pages import people
from tests.support.sample import one_of, some

DAY = periods.today() - timedelta(days=3)
FIGURES = ("bet", "win", "refund", "deposit", "withdrawal")


@pytest.fixture(scope="module")
def own(database: Database, scene) -> Operator:
    """An operator on whose slot machine 300.00 was staked three days ago, and nothing was won."""
    made = operator(database, "JOURNEY-D")
    noon = periods.midnight(DAY) + timedelta(hours=12)
    common = {
        "licence_id": made.licence["JOURNEY-D-L"],
        "channel_id": made.channel["HALL"],
        "equipment_id": made.equipment["SLOT-1"],
    }
    store(database, made, [row(made, noon, type=BET, amount_minor=300_00, **common)])
    with database.connect() as conn:
        month = periods.today().replace(day=1)
        for when in (month, periods.month_before(month)):
            conn.execute("select rollup.measure_open_bets(%s, %s)", (made.id, when))
    scene.people.update(people(database))
    return made


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_an_operator_declares_a_day_and_corrects_it_by_keyboard(seat, own, scripts):
    day = DAY - timedelta(days=int(scripts))
    page = seat("operator", own, "en", java_script_enabled=scripts).page
    page.goto("/declarations")
    page.click("text=Declare a day")
    page.fill("#field-day", day.isoformat())
    page.locator("#field-bet-count").focus()
    for _ in FIGURES:
        page.keyboard.type("1")
        page.keyboard.press("Tab")
        page.keyboard.type("2,50")
        page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary")
    assert page.locator(".error-summary a").count() == 1
    page.click(".error-summary a")
    assert page.evaluate("document.activeElement.id") == "field-closing"
    assert page.input_value("#field-bet-amount") == "2,50"
    page.keyboard.type("12.5")
    page.keyboard.press("Enter")
    page.wait_for_url("**/declarations/day?*")
    assert page.is_visible("text=The declaration is entered.")
    page.click(".page-actions a")
    assert page.input_value("#field-bet-amount") == "2.50"
    page.fill("#field-bet-amount", "2.51")
    page.fill("#field-reason", "A till was counted twice")
    page.click(".decision button[type=submit]")
    page.wait_for_url("**/declarations/day?*")
    assert page.locator("#versions tbody tr").count() == 2
    assert page.is_visible("#versions >> text=A till was counted twice")


def test_an_official_goes_from_a_missing_day_to_the_records(seat, own):
    page = seat("tax_service", None, "en").page
    page.goto(f"/declarations?operator={own.id}&from={DAY}&to={DAY}&state=all")
    page.click("#days tbody th a")
    assert page.inner_text("h1").endswith("declared and received")
    page.click("#types tbody th a >> text=Stakes")
    page.wait_for_selector("text=300.00")


@pytest.mark.parametrize("scripts", one_of([True, False]))
def test_two_officials_change_a_rate(seat, scene, database, scripts):
    with database.connect() as conn:
        officials = [
            number
            for (number,) in rows(
                conn,
                "select id from api.demo_identities() where role = 'tax_service' order by id"
                " limit 2",
            )
        ]
    pages = []
    for number in officials:
        scene.people["tax_service"] = number
        pages.append(seat("tax_service", None, "en", java_script_enabled=scripts).page)
    first, second = pages
    first.goto("/taxes/rates?day=2033-05-05")
    first.click("#rates tbody tr:has-text('Lotteries') a")
    first.fill("#field-rate", "31.25")
    first.fill("#field-valid_from", f"203{3 + scripts}-01-01")
    first.fill("#field-last_day", f"203{3 + scripts}-12-31")
    first.fill("#field-reason", "A new act")
    first.click(".decision button[type=submit]")
    first.wait_for_selector("#decision >> text=Withdraw")
    assert first.locator("#decision button >> text=Confirm").count() == 0
    second.goto(first.url)
    second.click("#decision button >> text=Confirm")
    second.click("#demo button")
    second.wait_for_selector("text=The rate is confirmed and holds.")
    first.goto(f"/taxes/rates?day=203{3 + scripts}-05-05")
    first.wait_for_selector("#rates tbody tr:has-text('Lotteries') >> text=31.25%")


# Role, address, status. Every address of the two workspaces is here.
VISITS = [
    ("operator", "/declarations?state=all", 200),
    ("operator", "/declarations?period=x", 422),
    ("operator", "/declarations/day?day={day}", 200),
    ("operator", "/declarations/new-day", 200),
    ("operator", "/declarations/new-day?day={day}", 200),
    ("operator", "/declarations/months?period=year", 200),
    ("operator", "/declarations/new-month", 200),
    ("operator", "/declarations/bridge?period=month", 200),
    ("operator", "/taxes/rates", 403),
    ("tax_service", "/declarations", 200),
    ("tax_service", "/declarations?operator={own}&state=missing", 200),
    ("tax_service", "/declarations/day?operator={own}&day={day}", 200),
    ("tax_service", "/declarations/day?operator={own}&day=1990-01-01", 404),
    ("tax_service", "/declarations/months?period=year", 200),
    ("tax_service", "/declarations/bridge", 200),
    ("tax_service", "/declarations/bridge?operator={own}&period=month", 200),
    ("tax_service", "/taxes/rates", 200),
    ("tax_service", "/taxes/rates?day=x", 422),
    ("tax_service", "/taxes/history", 200),
    ("tax_service", "/taxes/propose", 200),
    ("tax_service", "/taxes/changes/1", 200),
    ("operator", "/taxes/payments", 200),
    ("operator", "/taxes/payments/1", 200),
    ("operator", "/taxes/payments/table", 403),
    ("tax_service", "/taxes/payments?operator={own}&kind=pit&state=counts", 200),
    ("tax_service", "/taxes/payments?from=x", 422),
    ("tax_service", "/taxes/payments/1", 200),
    ("tax_service", "/taxes/payments/new", 200),
    ("tax_service", "/taxes/payments/table", 200),
]
FILES = {"taxes.payments_template"}


def test_the_table_names_every_address():
    urls = create_app().url_map
    known = urls.bind("localhost")
    looked_at = {
        known.match(address.format(own=1, day=DAY).partition("?")[0])[0] for _, address, _ in VISITS
    }
    ours = {
        rule.endpoint
        for rule in urls.iter_rules()
        if rule.endpoint.startswith(("declarations.", "taxes.")) and "GET" in (rule.methods or ())
    }
    assert ours - looked_at == FILES


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_used_by_everyone(seat, own, language):
    look = {"reduced_motion": "reduce"} | LOOKS[language]
    desks = {
        role: seat(role, own if role == "operator" else None, language, **look)
        for role in ("operator", "tax_service")
    }
    proposal = desks["tax_service"].page
    proposal.goto("/taxes/propose")
    proposal.click(".decision button[type=submit]")
    found = {"errors of a proposal": settled(desks["tax_service"])}
    for field, text in (("rate", "1"), ("act", "A"), ("source", "S"), ("reason", "R")):
        proposal.fill(f"#field-{field}", text)
    for field, choice in (
        ("action", "set"),
        ("kind", "pit"),
        ("tax_class", "winnings"),
        ("base", "win"),
        ("loss_rule", "none"),
    ):
        proposal.select_option(f"#field-{field}", choice)
    proposal.click(".decision button[type=submit]")
    proposal.wait_for_url("**/taxes/changes/*")
    found["a proposal"] = settled(desks["tax_service"])
    proposal.goto("/taxes/payments/new")
    proposal.click(".decision button[type=submit]")
    found["errors of a payment"] = settled(desks["tax_service"])
    proposal.select_option("#field-kind", "pit")
    for field, text in (
        ("taxpayer", own.document["taxpayer_code"]),
        ("month", "2026-03"),
        ("paid_on", "2026-05-08"),
        ("amount", "10.50"),
        ("document", f"No {language}"),
    ):
        proposal.fill(f"#field-{field}", text)
    proposal.click(".decision button[type=submit]")
    proposal.wait_for_url(re.compile(r"/taxes/payments/\d+$"))
    form = desks["operator"].page
    form.goto("/declarations/new-day")
    form.click(".decision button[type=submit]")
    assert form.locator(".form-wrong").count() > 10
    found["errors of a declaration"] = settled(desks["operator"])
    for role, pattern, status in some(VISITS, list(LOOKS).index(language)):
        address = pattern.format(own=own.id, day=DAY)
        found[f"{role} {address}"] = faults(desks[role], address, status)
    assert not {where: said for where, said in found.items() if said}
