"""A small market of the simulator, brought in by forms alone, plays; and what officials then order.

Operators of three kinds apply and are approved, get their licences, register what they play on and
with, and make keys: each over real pages without JavaScript, as a person would. Then the generator
posts with those keys.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count, islice
from typing import Any
from uuid import uuid4

import pytest

from portal.ingest.uuid7 import make_id
from portal.market import generator
from portal.market.client import Answer, Client
from portal.market.market import KINDS, make_operator
from portal.market.model import Operator
from portal.web.formats import KYIV
from portal.web.periods import today
from tests.support.api import encoded, now_ms, rfc3339
from tests.support.databases import Database, rows
from tests.support.forms import Page, Value, Walker
from tests.support.pages import people
from tests.support.servers import Server

LICENCE_TIME, INACTIVE = 1, 4
SECRET = re.compile(r"dz_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}")
TYPES = {"online_casino": "2", "bookmaker": "3", "slot_hall": "4"}
BATCH, BATCHES = 120, 3
# What is kept of each operator, so that filling in takes seconds: the rest is more of the same.
KEPT = {
    "online_casino": ("WEB", "APP-ANDROID", "ROULETTE", "SLOT-01", "SLOT-02"),
    "bookmaker": ("WEB", "APP-IOS", "V-01", "K-01-001", "FOOTBALL", "TENNIS"),
    "slot_hall": ("V-01", "V-02", "M-01-001", "M-01-002", "M-02-001", "SLOT-01", "SLOT-02"),
}


def small(gambling_type: str) -> Operator:
    """An operator of the simulator's market with few of its objects."""
    kind = next(one for one in KINDS if one.type == gambling_type)
    whole = make_operator(kind, 0, anchor=today())
    [licence] = whole.licences
    until = licence.valid_until - timedelta(days=1)  # five years and an hour would be too long
    kept = KEPT[gambling_type]
    return replace(
        whole,
        licences=(replace(licence, valid_until=until),),
        channels=tuple(one for one in whole.channels if one.code in kept),
        equipment=tuple(one for one in whole.equipment if one.code in kept),
        games=tuple(one for one in whole.games if one.code in kept),
        representatives=whole.representatives[:1],
    )


def typed(document: dict[str, Any], **other: Value) -> dict[str, Value]:
    """A document as people type it: days, per cent, multiples of the stake, codes."""
    words: dict[str, Value] = {}
    for name, value in document.items():
        if name.endswith(("_from", "_until")):
            words[name] = datetime.fromisoformat(value).astimezone(KYIV).date().isoformat()
        elif name == "declared_rtp_ppm":
            words[name] = f"{Decimal(value).scaleb(-4):f}".replace(".", ",")
        elif name == "declared_sigma_ppm":
            words[name] = f"{Decimal(value).scaleb(-6):f}".replace(".", ",")
        elif name == "powers":
            words[name] = value
        elif name in ("type", "channel", "brand"):
            renamed = {"type": "gambling_type_id", "channel": "channel_id", "brand": "brand_id"}
            words[renamed[name]] = TYPES.get(value, value)
        elif value is not None:
            words[name] = str(value)
    return words | other


@dataclass
class Member:
    """An operator of the market with the person who acts for it; ``key`` once it is made."""

    operator: Operator
    person: Walker
    id: int = 0
    key: str = ""
    sequences: Iterator[int] = field(default_factory=lambda: count(1))


@dataclass
class Office:
    """The regulator and whoever comes to it, at the pages of one portal."""

    url: str
    database: Database
    regulator: Walker

    def applicant(self) -> Walker:
        """Somebody who acts for no operator yet."""
        with self.database.connect() as conn:
            conn.execute("select identity.start_demo()")
            [(person,)] = rows(
                conn,
                "select id from identity.person where demo and role = 'operator'"
                " and operator_id is null",
            )
        walker = Walker(self.url)
        walker.send(walker.get("/login"), "/login/demo", {"person": str(person)})
        return walker

    def fill_in(self, walker: Walker, address: str, values: dict[str, Value]) -> int:
        """Fill in all steps of a form: the draft, with its answers still to be confirmed."""
        left = dict(values)
        page = walker.get(address)
        while not page.path.endswith("/check"):
            form = page.form(page.path)
            step = {name: left.pop(name) for name in form.fields if name in left}
            page = walker.send(page, page.path, step)
            assert page.status == 200, (page.url, page.wrong)
        assert not left, f"no step asked for {left}"
        return int(page.path.split("/")[-2])

    def proposes(self, walker: Walker, address: str, values: dict[str, Value]) -> None:
        """An operator's person fills in a form and submits it; the regulator approves."""
        change = self.fill_in(walker, address, values)
        listed = walker.send(walker.get(f"/registry/changes/{change}/check"), "/submit")
        assert listed.path == "/registry/changes"
        queue = self.regulator.get(f"/registry/changes/{change}")
        taken = self.regulator.send(queue, f"/registry/changes/{change}/take")
        decision = f"/registry/changes/{change}/approve"
        assert f'href="{decision}"' in taken.text
        done = self.regulator.send(self.regulator.get(decision), decision)
        assert "notice-ok" in done.text, done.text

    def enters_record(self, kind: str, values: dict[str, Value]) -> None:
        """An official enters a record on grounds of its own."""
        change = self.fill_in(self.regulator, f"/registry/new/{kind}", values)
        page = self.regulator.get(f"/registry/changes/{change}/check")
        done = self.regulator.send(page, "/submit", {"draft-reason": "Рішення № 15"})
        assert "notice-ok" in done.text, done.wrong

    def orders(self, address: str, **form: Value) -> Page:
        """The regulator acts on a record."""
        done = self.regulator.send(self.regulator.get(address), address, form)
        assert "notice-ok" in done.text, (done.url, done.wrong)
        return done

    def register(self, member: Member) -> None:
        """From the application to the key, all by forms."""
        operator, person = member.operator, member.person
        document = operator.document()
        own = {name: value for name, value in document.items() if not isinstance(value, list)}
        self.proposes(person, "/registry/new/organiser", typed(own))
        for licence in document["licences"]:
            term = {name: licence[name] for name in ("number", "valid_from", "valid_until")}
            kind = {"draft-owner": operator.code, "licence_kind_id": TYPES[operator.type]}
            self.enters_record("licence", typed(term, **kind))
        for one in document["brands"]:
            self.proposes(person, "/registry/new/brand", typed(one))
        for one in document["channels"]:
            about = {name: value for name, value in one.items() if name != "kind"}
            self.proposes(person, f"/registry/new/{one['kind']}", typed(about))
        for kind, several in (
            ("equipment", document["equipment"]),
            ("game", document["games"]),
            ("representative", document["representatives"]),
        ):
            for one in several:
                self.proposes(person, f"/registry/new/{kind}", typed(one))
        member.key = self.key(person)
        with self.database.connect() as conn:
            [(member.id,)] = rows(
                conn, "select id from registry.operator where code = %s", (operator.code,)
            )

    def key(self, person: Walker) -> str:
        """A key that works from here alone, and for another month."""
        page = person.send(
            person.get("/registry/keys/new"),
            "/registry/keys/new",
            {
                "label": "Каса",
                "addresses": "127.0.0.0/8",
                "expires": (today() + timedelta(days=30)).isoformat(),
            },
        )
        assert page.status == 201, page.wrong
        found = SECRET.search(page.text)
        assert found is not None
        return found[0]


@pytest.fixture(scope="module")
def office(server: Server, scene: object, database: Database) -> Office:
    regulator = Walker(server.url)
    regulator.send(regulator.get("/login"), f"/login/demo/{people(database)['regulator']}")
    return Office(server.url, database, regulator)


@pytest.fixture(scope="module")
def members(office: Office) -> list[Member]:
    """The market: an online casino, a bookmaker and halls of slot machines."""
    made = []
    for gambling_type in KEPT:
        member = Member(small(gambling_type), office.applicant())
        office.register(member)
        made.append(member)
    return made


def post(server: Server, member: Member, body: bytes) -> Answer:
    """A batch as an operator's system sends it."""
    with closing(Client(server.url, threading.Event())) as client:
        return client.post(
            body,
            {
                "Authorization": f"Bearer {member.key}",
                "Idempotency-Key": str(uuid4()),
                "Batch-Sequence": str(next(member.sequences)),
                "Content-Type": "application/json",
            },
        )


def stored(database: Database, answer: Answer) -> list[int]:
    """The marks of a batch that must have been accepted, in the order of its records."""
    assert answer.status == 201, answer.body
    with database.connect() as conn:
        found = rows(
            conn,
            "select breach from ledger.transaction where batch_id = %s order by row_no",
            (answer.body["batch_id"],),
        )
    return [breach for (breach,) in found]


def registered(office: Office, member: Member, kind: str) -> dict[str, dict[str, Any]]:
    """What a register says of an operator, by code, as its file tells it; and the documents that
    the file's numbers lead to.
    """
    page = office.regulator.get(f"/registry/{kind}?operator={member.id}&format=json")
    found = json.loads(page.text)["rows"]
    with office.database.connect() as conn:
        documents = {
            (id_, version): document
            for id_, version, document in rows(
                conn,
                "select record_id, version, document from registry.entry_document"
                " where kind = %s and operator_id = %s",
                (kind, member.id),
            )
        }
    return {
        one["code"]: one | {"document": documents[one["record_id"], one["record_version"]]}
        for one in found
    }


def test_the_market_is_registered_as_it_was_meant(office: Office, members: list[Member]) -> None:
    for member in members:
        document = member.operator.document()
        by_kind = {
            kind: [one for one in document["channels"] if one["kind"] == kind]
            for kind in ("venue", "website", "mobile_application")
        } | {
            kind: document[several]
            for kind, several in (
                ("brand", "brands"),
                ("equipment", "equipment"),
                ("game", "games"),
                ("representative", "representatives"),
            )
        }
        for kind, meant in by_kind.items():
            found = registered(office, member, kind)
            assert found.keys() == {one["code"] for one in meant}, kind
            for one in meant:
                said = found[one["code"]]["document"]
                same = one.keys() & said.keys() - {"active_from", "kind", "powers"}
                assert {name: said[name] for name in same} == {name: one[name] for name in same}
                assert set(said.get("powers", ())) == set(one.get("powers", ()))
                assert found[one["code"]]["state_code"] in ("active", "installed")


def test_the_generators_batches_are_accepted_without_a_breach(
    server: Server, database: Database, members: list[Member]
) -> None:
    by_code = {member.operator.code: member for member in members}
    sent = islice(
        generator.batches(
            [member.operator for member in members],
            seed=1,
            size=BATCH,
            start_ms=now_ms() - 5 * 60_000,
            accounts=200,
            run=secrets.token_hex(4),
        ),
        BATCHES * len(members),
    )
    for operator, body in sent:
        answer = post(server, by_code[operator.code], body)
        assert stored(database, answer) == [0] * BATCH, operator.code


def bet(member: Member, at: int, **values: str) -> dict[str, Any]:
    """A stake on the first machine of the halls."""
    return {
        "id": str(make_id(at, secrets.token_bytes(16))),
        "type": "bet",
        "occurred_at": rfc3339(at),
        "amount": "12.50",
        "currency": "UAH",
        "licence": member.operator.licences[0].number,
        "channel": "V-01",
        "equipment": "M-01-001",
        "game": "SLOT-01",
        "round_id": str(uuid4()),
        "player": secrets.token_hex(16),
        "payment": "cash",
    } | values


def test_what_changes_is_seen_as_of_the_time_of_the_event(
    office: Office, server: Server, database: Database, members: list[Member]
) -> None:
    halls = next(member for member in members if member.operator.type == "slot_hall")

    def marks(*records: dict[str, Any]) -> list[int]:
        return stored(database, post(server, halls, encoded(records)))

    # The operator moves a machine from one hall to the other; the regulator approves.
    before = now_ms()
    assert marks(bet(halls, before)) == [0]
    machines = {
        code: one["record_id"] for code, one in registered(office, halls, "equipment").items()
    }
    moving = f"/registry/equipment/{machines['M-01-001']}/amend"
    office.proposes(halls.person, moving, {"channel_id": "V-02"})
    moved = now_ms() + 2
    assert marks(bet(halls, before), bet(halls, moved), bet(halls, moved, channel="V-02")) == [
        0,
        INACTIVE,
        0,
    ]

    # The regulator blocks the other machine there, and later lifts it.
    other = {"channel": "V-02", "equipment": "M-02-001"}
    block = f"/registry/equipment/{machines['M-02-001']}"
    office.orders(f"{block}/block", order="№ 17", grounds="Пломбу пошкоджено")
    blocked = now_ms() + 2
    office.orders(f"{block}/unblock", order="№ 18", grounds="Опломбовано")
    lifted = now_ms() + 2
    assert marks(*(bet(halls, at, **other) for at in (moved, blocked, lifted))) == [0, INACTIVE, 0]

    # A suspension that was planned is taken back; one from now on holds until it is lifted.
    licence = registered(office, halls, "licence")[halls.operator.licences[0].number]["record_id"]
    page = f"/registry/licence/{licence}"
    begin = (datetime.now(KYIV) + timedelta(days=10)).strftime("%Y-%m-%dT%H:%M")
    planned = office.orders(f"{page}/suspend", **{"from": begin, "grounds": "Рішення № 19"})
    taking_back = re.search(rf'href="({page}/suspensions/\d+/withdraw)"', planned.text)
    assert taking_back is not None
    office.orders(taking_back[1], grounds="Рішення № 20")
    office.orders(f"{page}/suspend", grounds="Рішення № 21")
    suspended = now_ms() + 2
    office.orders(f"{page}/resume", grounds="Рішення № 22")
    resumed = now_ms() + 2
    assert marks(*(bet(halls, at, **other) for at in (lifted, suspended, resumed))) == [
        0,
        LICENCE_TIME,
        0,
    ]
