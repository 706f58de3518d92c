"""Every page of the registers, as one table: whoever it is for opens it in both languages and finds
no accessibility violation, nothing in the console, nothing that scrolls sideways; empty lists,
pages with errors, 403, 404 and 409 included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import create_app, db
from portal.registry import gateway
from tests.integration.registry.desk import operator, proposed, submitted
from tests.journeys.test_accessibility import LOOKS, faults, settled
from tests.support.market import Operator
from tests.support.pages import people
from tests.support.sample import one_of, some

REASON = "Немає договору оренди"
DAY = "2026-01-01"
# Where the way by keyboard leads back up: what follows stands wholly above and not in a later
# column; and what is made to come before its place.
JUMPS = """() => {
    const stops = [...document.querySelectorAll('main :is(a[href], button, input, select, textarea,'
        + ' summary, [tabindex="0"])')].filter(one => one.type !== 'hidden'
        && one.checkVisibility()
        && !one.closest('.visually-hidden, .skip, [popover], .table-scroll'));
    const up = stops.slice(1).filter((one, number) => {
        const [here, before] = [one, stops[number]].map(each => each.getBoundingClientRect());
        return here.bottom <= before.top && here.left < before.right;
    });
    return [...up, ...document.querySelectorAll('[tabindex]:not([tabindex="0"], [tabindex="-1"])')]
        .map(one => one.outerHTML.slice(0, 200));
}"""


@dataclass(frozen=True)
class Place:
    """What the pages are about: an operator, and a change of it in each state that has a page."""

    own: Operator
    waiting: int
    mine: int
    draft: int
    returned: int
    planned: int
    fee: int
    many: int
    wrong: int
    product: int

    @property
    def hall(self) -> int:
        return self.own.channel["HALL"]

    @property
    def machine(self) -> int:
        return self.own.equipment["SLOT-1"]

    @property
    def licence(self) -> int:
        return self.own.licence["EVERY-L"]


@pytest.fixture(scope="module")
def place(database, scene) -> Place:
    """A blocked machine, a suspended licence, and changes; the regulator has taken two of them."""
    own = operator(database, "EVERY")
    scene.people.update(people(database))
    official = {"actor": f"person {scene.person('regulator')}"}
    taken = []
    for change in (
        submitted(own, {"address": "вул. Інша, 5"}, action="amend", record_id=own.channel["HALL"]),
        submitted(own, proposed(own, code="HALL-R")),
    ):
        with db.acting_as("regulator", **official) as conn:
            taken.append(gateway.step(conn, change.id, "take"))
    with db.owner_acting_as("regulator", **official) as conn:
        gateway.step(conn, taken[1]["id"], "return", reason=REASON)
        gateway.block_equipment(conn, own.equipment["SLOT-1"], order="№ 1", grounds="Пломба")
        now = datetime.now(UTC)
        planned = gateway.suspend_licence(
            conn,
            own.licence["EVERY-L"],
            since=now + timedelta(days=9),
            until=None,
            grounds="Рішення № 3",
        )
        gateway.suspend_licence(
            conn,
            own.licence["EVERY-L"],
            since=None,
            until=now + timedelta(days=5),
            grounds="Рішення № 2",
        )
    with db.acting_as("operator", operator_id=own.id) as conn:
        draft = gateway.begin(
            conn,
            kind="representative",
            action="create",
            record_id=None,
            operator_id=None,
            proposed={"code": "EVERY-1", "name_uk": "Ім’я"},
        )
    with db.acting_as("registrar") as conn:
        fee = gateway.set_licence_fee(
            conn, 11, amount_minor=10**9, currency=980, valid_from=now.date(), grounds="Закон"
        )
    waiting = submitted(own, proposed(own, code="HALL-W"))
    many, wrong = (many_of(own, names) for names in ("Зірка", ""))
    return Place(
        own, waiting.id, taken[0]["id"], draft["id"], taken[1]["id"], planned, fee, many, wrong,
        supplied(),
    )  # fmt: skip


def many_of(own: Operator, name: str) -> int:
    """A draft of two brands, checked; without a name it has problems."""
    rows = [
        (number, {"code": f"M-{number}", "name_uk": name, "name_en": "Star", "active_from": DAY})
        for number in (2, 3)
    ]
    with db.acting_as("operator", operator_id=own.id) as conn:
        begun = gateway.begin_rows(
            conn, kind="brand", operator_id=None, file="brands.csv", rows=rows
        )
        gateway.check_rows(conn, begun["id"], 9)
    return int(begun["id"])


def supplied() -> int:
    """A supplier's product."""
    supplier = {
        "code": "EVERY-S",
        "name_uk": "Постачальник",
        "name_en": "Supplier",
        "country": "UA",
        "supplies": ["software"],
        "licence_number": "B2B-1",
        "valid_from": DAY,
    }
    product = {
        "code": "EVERY-P",
        "name": "Star",
        "version": "1",
        "product_kind": "game",
        "active_from": DAY,
    }
    made = 0
    for kind, proposal in (("supplier", supplier), ("product", product)):
        given = proposal | ({"supplier_id": made} if made else {})
        with db.owner_acting_as("registrar", actor="person 0") as conn:
            begun = gateway.begin(
                conn, kind=kind, action="create", record_id=None, operator_id=None, proposed=given
            )
            made = gateway.step(conn, begun["id"], "enter", reason=REASON)["record_id"]
    return made


# Role, address, status. Every address that the registers answer is here: a test compares.
VISITS: list[tuple[str, str, int]] = [
    ("operator", "/registry/own", 200),
    ("operator", "/registry/changes", 200),
    ("operator", "/registry/changes?state=refused", 200),
    ("operator", "/registry/new", 200),
    ("operator", "/registry/new/equipment", 200),
    ("operator", "/registry/changes/{draft}/step/1", 200),
    ("operator", "/registry/changes/{draft}/step/2?back=check", 200),
    ("operator", "/registry/changes/{draft}/step/9", 404),
    ("operator", "/registry/changes/{draft}/check", 200),
    ("operator", "/registry/changes/{returned}/check", 200),
    ("operator", "/registry/changes/{returned}", 200),
    ("operator", "/registry/changes/{waiting}/withdraw", 200),
    ("operator", "/registry/changes/{mine}/check", 409),
    ("operator", "/registry/venue/{hall}/amend", 200),
    ("operator", "/registry/venue/{hall}/end", 200),
    ("operator", "/registry/equipment/{machine}", 200),
    ("operator", "/registry/website", 200),
    ("operator", "/registry/mobile_application", 200),
    ("operator", "/registry/blocking-orders", 200),
    ("operator", "/registry/people", 200),
    ("operator", "/registry/keys", 200),
    ("operator", "/registry/bulk", 200),
    ("operator", "/registry/bulk/{many}", 200),
    ("operator", "/registry/bulk/{wrong}", 200),
    ("operator", "/registry/bulk/{draft}", 404),
    ("registrar", "/registry/bulk", 200),
    ("registrar", "/registry/new/supplier", 200),
    ("regulator", "/registry/product", 200),
    ("regulator", "/registry/product/{product}", 200),
    ("operator", "/registry/product/{product}", 200),
    ("operator", "/registry/keys/new", 200),
    ("operator", "/registry/keys/{key}", 200),
    ("operator", "/registry/keys/{key}/rotate", 200),
    ("operator", "/registry/keys/{key}/restrict", 200),
    ("operator", "/registry/keys/{key}/revoke", 200),
    ("operator", "/registry/queue", 403),
    ("operator", "/registry/venue/1000000", 404),
    ("regulator", "/registry", 200),
    ("regulator", "/registry/queue", 200),
    ("regulator", "/registry/queue?state=x", 422),
    ("regulator", "/registry/queue?kind=brand&state=refused", 200),
    ("regulator", "/registry/changes", 200),
    ("regulator", "/registry/new/licence", 200),
    ("regulator", "/registry/changes/{waiting}", 200),
    ("regulator", "/registry/changes/{mine}", 200),
    ("regulator", "/registry/changes/{mine}/approve", 200),
    ("regulator", "/registry/changes/{mine}/give", 200),
    ("regulator", "/registry/changes/{mine}/refuse", 200),
    ("regulator", "/registry/changes/{waiting}/return", 200),
    ("regulator", "/registry/licence/{licence}", 200),
    ("regulator", "/registry/licence/{licence}/history", 200),
    ("regulator", "/registry/licence/{licence}/suspend", 200),
    ("regulator", "/registry/licence/{licence}/revoke", 200),
    ("regulator", "/registry/licence/{licence}/suspensions/{planned}/withdraw", 200),
    ("regulator", "/registry/equipment/{machine}/block", 200),
    ("regulator", "/registry/equipment/{machine}/unblock", 200),
    ("regulator", "/registry/blocking-orders", 200),
    ("regulator", "/registry/blocking-orders?state=x", 422),
    ("regulator", "/registry/licence-fees", 200),
    ("regulator", "/registry/licence-fees/{fee}/verify", 200),
    ("regulator", "/registry/operators", 200),
    ("regulator", "/registry/operators?q=zzz", 200),
    ("regulator", "/registry/keys?operator={own}", 200),
    ("regulator", "/registry/access_key?operator={own}&mode=live", 200),
    ("regulator", "/registry/access_key?q=nothing-of-the-kind", 200),
    ("regulator", "/registry/access_key/{key}/history", 200),
    ("operator", "/registry/access_key/{key}", 200),
    ("regulator", "/registry/equipment?operator={own}&state=blocked&q=model", 200),
    ("regulator", "/registry/equipment?as_of=2020-01-01T00:00", 200),
    ("regulator", "/registry/equipment?as_of=x&operator=x", 422),
    ("regulator", "/registry/venue/{hall}?as_of=2020-01-01T00:00", 200),
    ("regulator", "/registry/venue/{hall}/history", 200),
    ("regulator", "/registry/search?q=EVERY", 200),
    ("regulator", "/registry/search?q=x", 200),
    ("regulator", "/registry/search?q=nothing-of-the-kind", 200),
    ("regulator", "/tasks/waiting", 200),
    ("tax_service", "/registry/taxpayers", 200),
    ("tax_service", "/registry/taxpayers?q=zzz", 200),
    ("tax_service", "/registry/taxpayers?period=x", 422),
    ("tax_service", "/registry/taxpayers/{own}", 200),
    ("tax_service", "/registry/organiser/{own}", 200),
    ("tax_service", "/registry/representative", 200),
    ("tax_service", "/registry/keys", 403),
    ("tax_service", "/registry/access_key", 404),
]


def at(place: Place, address: str) -> str:
    return address.format(
        own=place.own.id,
        hall=place.hall,
        machine=place.machine,
        licence=place.licence,
        key=place.own.key.id,
        waiting=place.waiting,
        mine=place.mine,
        draft=place.draft,
        returned=place.returned,
        planned=place.planned,
        fee=place.fee,
        many=place.many,
        wrong=place.wrong,
        product=place.product,
    )


def test_the_table_names_every_address():
    """A page that somebody adds is looked at, too."""
    urls = create_app().url_map
    ids = dict.fromkeys(
        (
            "own", "hall", "machine", "licence", "key", "waiting", "mine", "draft", "returned",
            "planned", "fee", "many", "wrong", "product",
        ),
        1,
    )  # fmt: skip
    known = urls.bind("localhost")
    looked_at = {
        known.match(address.format(**ids).partition("?")[0])[0] for _, address, _ in VISITS
    }
    ours = {
        rule.endpoint
        for rule in urls.iter_rules()
        if rule.endpoint.startswith("registry.")
        and "GET" in (rule.methods or ())
        # Options of a form and files are no pages.
        and rule.endpoint
        not in ("registry.choices", "registry.bulk_template", "registry.bulk_problems")
    }
    assert ours - looked_at == set()


@pytest.mark.parametrize("language", LOOKS)
def test_every_page_can_be_used_by_everyone(seat, scene, place, language):
    """In both languages and looks; of one run each gets pages that the other does not."""
    desks: dict[str, Any] = {}
    found = {}
    for role, pattern, status in some(VISITS, list(LOOKS).index(language)):
        if role not in desks:
            who = place.own if role == "operator" else None
            desks[role] = seat(role, who, language, reduced_motion="reduce", **LOOKS[language])
        address = at(place, pattern)
        said = faults(desks[role], address, status)
        said += [("jumps up", one) for one in desks[role].page.evaluate(JUMPS)]
        if said:
            found[f"{role} {address}"] = said
    assert not found


@pytest.mark.parametrize("language", one_of([*LOOKS]))
def test_what_is_answered_to_a_form_can_be_used_by_everyone(seat, place, language):
    """Errors at the fields, a draft that two write, a decision that came too late, a secret."""
    look = {"reduced_motion": "reduce"} | LOOKS[language]
    desk = seat("operator", place.own, language, **look)
    page, found = desk.page, {}
    page.goto("/registry/new/representative")
    page.click(".form-buttons .btn-primary")
    assert page.locator(".form-wrong").count() > 3
    assert page.evaluate("document.activeElement.matches('.error-summary')")
    found["errors"] = settled(desk)
    page.goto(f"/registry/changes/{place.draft}/step/1")
    twin = page.context.new_page()
    twin.goto(page.url)
    twin.fill("#field-name_uk", f"Перша {language}")
    twin.click("button[value=later]")
    page.fill("#field-name_uk", "Друга")
    page.click("button[value=later]")
    assert f"Перша {language}" in page.inner_text("#versions")
    found["two who write one draft"] = settled(desk)
    page.goto("/registry/keys/new")
    page.fill("#field-label", "AXE")
    page.click(".form-buttons .btn-primary")
    page.wait_for_selector("#demo")
    found["a decision that is to be signed"] = settled(desk)
    page.click("#demo button")
    page.wait_for_selector("#secret code")
    found["secret"] = settled(desk)
    official = seat("regulator", None, language, **look)
    first, second = official.page, official.page.context.new_page()
    for one in (first, second):
        one.goto(f"/registry/equipment/{place.machine}/unblock")
        one.fill("#field-order", "№ 9")
        one.fill("#field-grounds", "Опломбовано")
    second.click(".decision button[type=submit]")
    second.click("#demo button")
    second.wait_for_selector("#notices .notice-ok")
    first.click(".decision button[type=submit]")
    assert "№ 9" in first.inner_text(".notice-attention")
    found["an order that came too late"] = settled(official)
    second.goto(f"/registry/equipment/{place.machine}/block")
    second.click(".decision button[type=submit]")
    second.wait_for_selector(".form-wrong")
    assert second.locator(".form-wrong").count() == 2
    second.fill("#field-order", "№ 10")
    second.fill("#field-grounds", "Знову")
    second.click(".decision button[type=submit]")
    second.click("#demo button")
    second.wait_for_selector("#notices .notice-ok")
    first.goto(f"/registry/changes/{place.waiting}")
    second.goto(f"/registry/changes/{place.waiting}")
    second.click("#state form button")
    first.click("#state form button")
    first.wait_for_selector("#yours")
    found["two who take one change"] = settled(official)
    second.goto(f"/registry/changes/{place.waiting}")
    second.click("#state form button")  # back into the queue, for the other language
    assert not {where: said for where, said in found.items() if said}
