"""What is under way in the demo market, so that every state of a record and a change can be seen.

Taken through the same doors as people take: operators' people propose, officials decide, with their
reasons; only that nobody is there to sign, so that officials act by the owner's login. Each case
belongs to one operator and is made when that operator is registered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from portal import db
from portal.registry import gateway
from portal.registry.keys import new_key

Document = Mapping[str, Any]
REGULATOR, REGISTRAR, OPERATOR = "regulator", "registrar", "operator"
HRYVNIA = 980  # by ISO 4217
FEES = {
    "land_casino": 60_000_000,
    "online_casino": 50_000_000,
    "bookmaker": 30_000_000,
    "slot_hall": 7_500_000,
    "online_poker": 5_000_000,
    "lottery": 24_000_000,
}


class Market:
    """The registered market as its people meet it; ``today`` is the day of the cases."""

    def __init__(self, today: date) -> None:
        self.today = today
        with db.portal() as conn:
            people = db.call(conn, "api.demo_identities")
        # Of several, the one that was there first: of the regulator, who may everything.
        self._officials = {
            row["role"]: row["id"] for row in reversed(people) if row["operator_id"] is None
        }
        self._managers: dict[str, tuple[int, int]] = {
            row["operator_code"]: (row["operator_id"], row["id"])
            for row in people
            if row["operator_id"] is not None
        }

    def operator(self, code: str) -> int:
        """The id of an operator."""
        return self._managers[code][0]

    @contextmanager
    def official(self, role: str = REGULATOR) -> Iterator[db.Connection]:
        """One transaction of the official of that role."""
        person = self._officials[role]
        with db.owner_acting_as(role, actor=f"person {person}", person_id=person) as conn:
            yield conn

    @contextmanager
    def manager(self, code: str) -> Iterator[db.Connection]:
        """One transaction of an operator's manager; of the applicant where there is no code."""
        operator, person = self._managers[code] if code else (None, self._officials[OPERATOR])
        with db.acting_as(
            OPERATOR, operator_id=operator, actor=f"person {person}", person_id=person
        ) as conn:
            yield conn

    def record(self, code: str, kind: str, own: str) -> int:
        """The record of an operator that bears a code."""
        with self.official() as conn:
            row = conn.execute(
                "select e.record_id from api.entry as e where e.kind = %s and e.code = %s"
                " and e.operator_id = %s and e.recorded_until = 'infinity'",
                (kind, own, self.operator(code)),
            ).fetchone()
        if row is None:
            raise LookupError(f"{code} has no {kind} {own}")
        return int(row["record_id"])

    def draft(
        self, code: str, kind: str, proposed: Document, *, action: str = "create", own: str = ""
    ) -> int:
        """A change that the operator has begun; ``own`` is the code of the record it is about."""
        record = self.record(code, kind, own) if own else None
        with self.manager(code) as conn:
            return int(
                gateway.begin(
                    conn,
                    kind=kind,
                    action=action,
                    record_id=record,
                    operator_id=None,
                    proposed=proposed,
                )["id"]
            )

    def step(self, code: str | None, change: int, action: str, reason: str | None = None) -> None:
        """One step of a change: by the operator's manager or, without a code, by the regulator."""
        with self.official() if code is None else self.manager(code) as conn:
            gateway.step(conn, change, action, reason=reason)

    def submit(self, code: str, kind: str, proposed: Document, **about: str) -> int:
        """A change that waits for a decision."""
        change = self.draft(code, kind, proposed, **about)
        self.step(code, change, "submit")
        return change

    def decide(self, change: int, action: str, reason: str | None = None) -> None:
        """The regulator takes a change for review and decides on it."""
        self.step(None, change, "take")
        self.step(None, change, action, reason)

    def enter(self, code: str | None, kind: str, proposed: Document, grounds: str) -> int:
        """A record that an official enters, nobody's without a code; its id."""
        with self.official(REGISTRAR) as conn:
            begun = gateway.begin(
                conn,
                kind=kind,
                action="create",
                record_id=None,
                operator_id=None if code is None else self.operator(code),
                proposed=proposed,
            )
            return int(gateway.step(conn, begun["id"], "enter", reason=grounds)["record_id"])

    def day(self, days: int) -> str:
        """A day so many days from today, as documents hold it."""
        return (self.today + timedelta(days=days)).isoformat()


def _applicant(market: Market) -> None:
    """An application that came back, for its author to mend."""
    change = market.submit(
        "",
        "organiser",
        {
            "code": "OC-NEW",
            "name_uk": "Нова хвиля Онлайн",
            "name_en": "New Wave Online",
            "taxpayer_code": "98765421",
            "active_from": market.day(14),
        },
    )
    market.decide(
        change,
        "return",
        "Найменування не збігається з випискою з Єдиного державного реєстру. Виправте та подайте"
        " знову.",
    )


def _fees(market: Market) -> None:
    """What a year of each kind of licence costs; the sums are invented."""
    year = date(market.today.year, 1, 1)
    with market.official() as conn:
        kinds = {
            row["code"]: row["id"] for row in conn.execute("select id, code from api.licence_kind")
        }
        for code, hryvnias in FEES.items():
            gateway.set_licence_fee(
                conn,
                kinds[code],
                amount_minor=hryvnias * 100,
                currency=HRYVNIA,
                valid_from=year,
                grounds="Вигаданий розмір для демонстрації",
            )


def _halls(market: Market) -> None:
    """A hall that waits; a machine that is blocked, one that was, one in storage, one retired."""
    code = "SH-0001"
    market.submit(
        code,
        "venue",
        {
            "code": "V-NEW",
            "name_uk": "Зал на вул. Світанковій",
            "name_en": "Hall in Svitankova Street",
            "region": "UA-46",
            "address": "м. Львів, вул. Світанкова, 12",
            "opening_hours": "10:00-22:00",
            "active_from": market.day(30),
        },
    )
    machines = [market.record(code, "equipment", f"M-01-{number:03d}") for number in (1, 2)]
    with market.official() as conn:
        for number, machine in enumerate(machines, 41):
            gateway.block_equipment(
                conn,
                machine,
                order=f"№ {number} від {market.today:%d.%m.%Y}",
                grounds="Контрольна сума програмного забезпечення не збігається із зареєстрованою",
            )
    with market.official() as conn:
        gateway.unblock_equipment(
            conn,
            machines[1],
            order=f"№ 43 від {market.today:%d.%m.%Y}",
            grounds="Програмне забезпечення встановлено заново в присутності інспектора",
        )
    stored = {
        "kind": "slot_machine",
        "manufacturer": "Завод «Кобза»",
        "model": "Kobza Classic",
        "active_from": market.day(-300),
    }
    market.enter(
        code,
        "equipment",
        stored | {"code": "M-STORED", "serial_number": "KBZ-700001"},
        "Лист організатора про придбання",
    )
    market.enter(
        code,
        "equipment",
        stored | {"code": "M-OLD", "serial_number": "KBZ-100001", "active_until": market.day(-20)},
        "Акт про знищення",
    )


def _suppliers(market: Market) -> None:
    """A supplier, a product that machines run, and its certificate, whose term ends soon."""
    supplier = market.enter(
        None,
        "supplier",
        {
            "code": "KOBZA",
            "name_uk": "Завод «Кобза»",
            "name_en": "Kobza Works",
            "country": "UA",
            "supplies": ["software", "hardware"],
            "licence_number": "B2B-0001",
            "valid_from": market.day(-400),
            "valid_until": market.day(1400),
        },
        "Рішення про видачу ліцензії",
    )
    with market.official() as conn:
        machine = gateway.record(
            conn, "equipment", market.record("SH-0001", "equipment", "M-01-003")
        )
    software = {"software_sha256": machine["document"]["software_sha256"]}
    product = market.enter(
        None,
        "product",
        software
        | {
            "code": "KOBZA-1",
            "supplier_id": supplier,
            "name": machine["document"]["model"],
            "version": machine["document"]["software_version"],
            "product_kind": "slot_machine",
            "active_from": market.day(-400),
        },
        "Заява постачальника",
    )
    market.enter(
        None,
        "certificate",
        software
        | {
            "number": "UA-2026-0001",
            "product_id": product,
            "issuer": "Вигадана лабораторія",
            "valid_from": market.day(-340),
            "valid_until": market.day(25),
        },
        "Сертифікат надав постачальник",
    )


# Addresses of the demonstration that are blocked: kind, address, order.
BLOCKED = (
    ("site", "lucky-royal.example.net", "45-Р"),
    ("site", "777-dnipro.example.org", "45-Р"),
    ("site", "xn--80aagr1bl7a.example.org", "51-Р"),
    ("application", "https://store.example.net/apps/lucky-royal", "51-Р"),
    ("social_account", "https://social.example.net/lucky_royal_ua", "51-Р"),
    ("advertisement", "https://video.example.net/watch?v=lucky", "52-Р"),
)
PROVIDERS = (
    ("NET-OBRII", "Мережа «Обрій»", "Obrii Network"),
    ("NET-KURIN", "Зв’язок «Курінь»", "Kurin Telecom"),
)


def _blocked(market: Market) -> None:
    """Illegal sites with a mirror, one whose order was lifted; providers who block them."""
    made = [_block(market, *one, -60 + place) for place, one in enumerate(BLOCKED)]
    _block(market, "mirror", "lucky-royal-2.example.net", "47-Р", -30, mirror_of_id=made[0])
    _block(market, "site", "board-games.example.org", "44-Р", -90, blocked_until=market.day(-80))
    for code, name_uk, name_en in PROVIDERS:
        record = {"code": code, "name_uk": name_uk, "name_en": name_en}
        market.enter(
            None, "provider", record | {"active_from": market.day(-1000)}, "Реєстр провайдерів"
        )


def _block(
    market: Market, kind: str, address: str, order: str, ordered: int, **more: object
) -> int:
    record = {
        "site_kind": kind,
        "address": address,
        "order_number": order,
        "order_date": market.day(ordered),
        "blocked_from": market.day(ordered + 1),
    }
    return market.enter(None, "blocked_site", record | more, "Розпорядження")


def _online(market: Market) -> None:
    """A change in review; a brand that is no more; a licence for the time after the present one."""
    code = "OC-0001"
    change = market.submit(
        code, "brand", {"name_en": "Emerald Valley"}, action="amend", own="BRAND"
    )
    market.step(None, change, "take")
    market.enter(
        code,
        "brand",
        {
            "code": "BRAND-OLD",
            "name_uk": "Стара долина",
            "name_en": "Old Valley",
            "active_from": market.day(-700),
            "active_until": market.day(-90),
        },
        "Заява організатора",
    )
    bookmaking = "3"
    licence = market.enter(
        code,
        "licence",
        {
            "number": "OC-0001-BM",
            "licence_kind_id": bookmaking,
            "valid_from": market.day(-200),
            "valid_until": market.day(800),
        },
        "Рішення про видачу ліцензії",
    )
    with market.official() as conn:
        gateway.revoke_licence(conn, licence, "Рішення № 77: ліцензіат не почав діяльності за рік")
    market.enter(
        code,
        "licence",
        {
            "number": "OC-0001-BM-2",
            "licence_kind_id": bookmaking,
            "valid_from": market.day(60),
            "valid_until": market.day(1000),
        },
        "Рішення про видачу ліцензії",
    )


def _keys(market: Market) -> None:
    """A key that was replaced and works no more, and the one in its place, which was revoked."""
    old, new = new_key("live"), new_key("live")
    with market.official(REGISTRAR) as conn:
        made = gateway.create_key(
            conn,
            operator_id=market.operator("OC-0001"),
            key_id=old.key_id,
            secret_hmac=old.secret_hmac,
            label="Попередня платформа",
            mode="live",
            scopes=["submit"],
            manual=False,
            expires_at=None,
            addresses=["203.0.113.0/24"],
        )
        now = conn.execute("select transaction_timestamp() as moment").fetchone()
        replaced = gateway.rotate_key(
            conn,
            made,
            key_id=new.key_id,
            secret_hmac=new.secret_hmac,
            old_until=(now or {})["moment"],
        )
    with market.official(REGISTRAR) as conn:
        gateway.revoke_key(conn, replaced)


def _bookmaker(market: Market) -> None:
    """A change that came back with a reason."""
    change = market.submit(
        "BM-0001",
        "mobile_application",
        {
            "code": "APP-LITE",
            "name_uk": "Полегшений застосунок",
            "name_en": "Light application",
            "platform": "android",
            "store_identifier": "example.lite",
            "active_from": market.day(10),
        },
    )
    market.decide(change, "return", "Додайте посилання на сторінку застосунку в крамниці.")


def _casino(market: Market) -> None:
    """An amendment that was approved, so a record with two versions; powers that are to come."""
    change = market.submit(
        "LC-0001",
        "representative",
        {"position": "Генеральний директор"},
        action="amend",
        own="R-1",
    )
    market.decide(change, "approve")
    market.enter(
        "LC-0001",
        "representative",
        {
            "code": "R-4",
            "name_uk": "Орест Демченко",
            "name_en": "Orest Demchenko",
            "position": "Юрист",
            "powers": ["portal", "sign"],
            "document": "Довіреність № 402",
            "active_from": market.day(10),
        },
        "Довіреність № 402",
    )


def _second_online(market: Market) -> None:
    """A change that was refused."""
    change = market.submit(
        "OC-0002",
        "game",
        {
            "code": "FAST-DICE",
            "title": "Швидкі кості",
            "provider": "Ігрові системи «Дуб»",
            "gambling_type_id": "2",
            "active_from": market.day(5),
        },
    )
    market.decide(
        change, "refuse", "Гру не сертифіковано: немає висновку випробувальної лабораторії."
    )


def _second_hall(market: Market) -> None:
    """A draft that is not finished, and a change that was withdrawn."""
    code = "SH-0002"
    market.draft(code, "venue", {"code": "V-NEXT", "name_uk": "Зал біля вокзалу"})
    change = market.submit(code, "brand", {"name_en": "Golden Halls"}, action="amend", own="BRAND")
    market.step(code, change, "withdraw")


# By the operator that a case is about; the first of them brings the applicant along.
CASES: dict[str, tuple[Callable[[Market], None], ...]] = {
    "OC-0001": (_fees, _applicant, _online, _keys),
    "SH-0001": (_halls, _suppliers, _blocked),
    "BM-0001": (_bookmaker,),
    "LC-0001": (_casino,),
    "OC-0002": (_second_online,),
    "SH-0002": (_second_hall,),
}


def make_cases(new: Collection[str], today: date) -> None:
    """Make what is under way at these operators, which were registered just now, by code."""
    wanted = [case for code, cases in CASES.items() if code in new for case in cases]
    if wanted:
        market = Market(today)
        for case in wanted:
            case(market)
