"""A scene for pages: two operators whose every record is known, and the demo identities.

* ``PAGES-FIRST``: online casino and slot hall; records of every type on three plain days and on the
  two days when the clocks change, one taken back today, some late, some bonus stakes; refusals.
* ``PAGES-SECOND``: a bookmaker with a few bets, so that there is something foreign to see.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from portal.web.formats import KYIV
from tests.support import market
from tests.support.batches import BET, REFUND, WIN, Row, cancellation, row, store
from tests.support.databases import Database, rows
from tests.support.market import Operator, register

AUTUMN = date(2025, 10, 26)  # 25 hours in Kyiv
SPRING = date(2026, 3, 29)  # 23 hours in Kyiv
FORMULA = '=HYPERLINK("http://evil.example";"x")'
SEED = 20261120


@dataclass(frozen=True)
class Scene:
    """Who and what is on the pages."""

    first: Operator
    second: Operator
    days: tuple[date, ...]
    receipts: tuple[dict[str, Any], ...]
    taken_back: Row
    people: dict[str, int]

    def person(self, role: str, operator: Operator | None = None) -> int:
        """The demo identity of a role, for an operator's people of that operator."""
        return self.people[operator.code if operator else role]


@cache
def scene_in(database: Database) -> Scene:
    """Set the scene, once in a database."""
    with database.connect() as conn:
        first, second = register(conn, first_document()), register(conn, second_document())
    rng = random.Random(SEED)
    today = datetime.now(KYIV).date()
    days = (AUTUMN, SPRING, *(today - timedelta(days=number) for number in (4, 3, 2)))
    receipts, taken_back = [], None
    for day in days:
        batch = records(first, day, rng)
        receipts.append(store(database, first, batch))
        taken_back = batch[0]
    assert taken_back is not None
    takes_back = cancellation(taken_back, datetime.now(UTC) - timedelta(minutes=1))
    receipts.append(store(database, first, [takes_back]))
    store(database, second, records(second, days[-1], rng)[:6])
    refuse(database, first)
    return Scene(first, second, days, tuple(receipts), taken_back, people(database))


def records(operator: Operator, day: date, rng: random.Random) -> list[Row]:
    """About three records for each hour of a day in Kyiv, in the order of time."""
    start = datetime(day.year, day.month, day.day, tzinfo=KYIV).astimezone(UTC)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=KYIV).astimezone(UTC)
    made: list[Row] = []
    while start < end:
        licence, channel, game, equipment = rng.choice(places(operator))
        common: dict[str, Any] = {
            "licence_id": licence,
            "channel_id": channel,
            "game_id": game,
            "equipment_id": equipment,
            "round_id": UUID(bytes=rng.randbytes(16)),
        }
        stake = rng.randint(100, 5_000_00)
        bet = {"amount_minor": stake, "flags": int(rng.random() < 0.1)} | common
        made.append(row(operator, start + timedelta(minutes=5), type=BET, **bet))
        won = {"amount_minor": rng.randint(1, 2 * stake)} | common
        late = {"breach": 8 if rng.random() < 0.2 else 0}
        made.append(row(operator, start + timedelta(minutes=6), type=WIN, **won, **late))
        if rng.random() < 0.3:
            given = {"amount_minor": rng.randint(1, stake)} | common
            made.append(row(operator, start + timedelta(minutes=59), type=REFUND, **given))
        start += timedelta(hours=1)
    return made


def day_of_wide_figures(database: Database, amount: int) -> date:
    """A day of the amount's own, two years back, on which two operators took 200 times as much."""
    day = date(2024, 6, 10 + len(str(amount)))
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    for operator in (market.register_alone(database), market.register_alone(database)):
        kinds = [(BET, amount), (WIN, amount * 9 // 10 + 7), (REFUND, 1_234)]
        batch = [
            row(operator, moment + timedelta(minutes=number), type=kind, amount_minor=taken)
            for number in range(100)
            for kind, taken in kinds
        ]
        store(database, operator, batch)
    return day


def places(operator: Operator) -> list[tuple[int, int, int, int]]:
    """Licence, channel, game and equipment that go together."""
    if operator.code == "PAGES-SECOND":
        return [(operator.licence["PS-BETS"], operator.channel["SITE"], 0, 0)]
    return [
        (
            operator.licence["PF-ONLINE"],
            operator.channel["SITE"],
            operator.game["BOOK"],
            0,
        ),
        (
            operator.licence["PF-SLOTS"],
            operator.channel["HALL"],
            operator.game["FRUITS"],
            operator.equipment["SLOT-1"],
        ),
    ]


def refuse(database: Database, operator: Operator) -> None:
    """Refusals: one of records, one of the whole, one whose code nobody knows any more."""
    with database.connect("dozir_ingest") as conn:
        for code, status, codes in (
            ("invalid_batch", 422, {"unknown_game": 3, "amount_too_precise": 1}),
            ("body_too_large", 413, {"body_too_large": 1}),
            ("code_of_old", 409, {"code_of_old": 1}),
        ):
            conn.execute(
                "select ledger.record_refusal"
                "(%s, %s, 'main', 9, %s::smallint, %s, %s, 500, 1000, %s, %s, %s)",
                (
                    operator.key.id,
                    uuid4(),
                    status,
                    code,
                    sum(codes.values()),
                    Jsonb(codes),
                    Jsonb([{"index": 6543, "pointer": "/6543/amount", "code": code}]),
                    f"request-of-{code}",
                ),
            )


# Who is asked why before single transactions are shown.
ASKED_WHY = frozenset({"regulator", "tax_service", "auditor", "financial_monitoring"})
REASON = {"kind": "inspection", "text": "Справа № 7-тест"}


def people(database: Database) -> dict[str, int]:
    """Demo identities by role, operators' people by the operator's code."""
    with database.connect() as conn:
        conn.execute("select identity.start_demo()")
        found = rows(
            conn,
            "select coalesce(operator_code, role), id from api.demo_identities() order by id desc",
        )
    return dict(found)  # of several, the one that was there first


def first_document() -> dict[str, Any]:
    return market.document(
        "PAGES-FIRST",
        licences=[
            market.licence("PF-ONLINE", "online_casino"),
            market.licence("PF-SLOTS", "slot_hall"),
        ],
        channels=[
            market.website("SITE", name_uk=FORMULA, name_en=FORMULA),
            market.venue("HALL"),
        ],
        equipment=[market.machine("SLOT-1", "HALL")],
        games=[market.game("BOOK", "online_casino"), market.game("FRUITS", "slot_hall")],
    )


def second_document() -> dict[str, Any]:
    return market.document(
        "PAGES-SECOND",
        licences=[market.licence("PS-BETS", "bookmaker")],
        channels=[market.website("SITE")],
    )
