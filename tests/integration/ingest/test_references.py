"""Codes of the registry: whose they are, and what of a record breaches them."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.types.json import Jsonb

from tests.support import market
from tests.support.api import DAY, Client, now_ms
from tests.support.databases import Database, become
from tests.support.market import day, game, licence

LICENCE_TIME, LICENCE_TYPE, INACTIVE, LATE = 1, 2, 4, 8
SLOTS: dict[str, Any] = {
    "licence": "FA-SLOTS",
    "channel": "HALL-1",
    "equipment": "SLOT-1",
    "game": "FRUITS",
    "payment": "cash",
}
CASINO = SLOTS | {"licence": "FA-CASINO", "equipment": "TABLE-1", "game": "ROULETTE"}
ONLINE: dict[str, Any] = {"licence": "FA-ONLINE", "channel": "SITE-1", "game": "BOOK"}

FIELDS = ("licence", "channel", "equipment", "game")
# What the second operator (or, where it has none, the first) registered and the other did not.
FOREIGN = {"licence": "SB-ONLINE"}


@pytest.mark.parametrize(("field", "foreign"), FOREIGN.items())
def test_another_operators_code_is_as_unknown_as_one_that_nobody_has(
    api: Client, other: Client, field: str, foreign: str
) -> None:
    other.accepted([other.record(**{field: foreign})])
    answers = [
        api.refused(
            422,
            f"unknown_{field}",
            [(f"/0/{field}", f"unknown_{field}")],
            records=[api.record(**{field: code})],
            headers={"X-Request-Id": "0" * 32},
        )
        for code in (foreign, "NOBODY-HAS-IT")
    ]
    assert answers[0].body.replace(answers[0].headers["x-request-id"].encode(), b"") == answers[
        1
    ].body.replace(answers[1].headers["x-request-id"].encode(), b"")
    assert dict(answers[0].headers).keys() == dict(answers[1].headers).keys()


@pytest.mark.parametrize(
    ("field", "foreign"),
    [("channel", "HALL-1"), ("game", "FRUITS"), ("equipment", "SLOT-1"), ("licence", "FA-ONLINE")],
)
def test_the_first_operators_codes_are_unknown_to_the_second(
    other: Client, field: str, foreign: str
) -> None:
    for code in (foreign, "NOBODY-HAS-IT"):
        other.refused(
            422,
            f"unknown_{field}",
            [(f"/0/{field}", f"unknown_{field}")],
            records=[other.record(**{field: code})],
        )


def test_a_shared_code_means_ones_own_object(api: Client, other: Client) -> None:
    """Both have a SITE-1 and a game BOOK; each batch names its sender's."""
    for client in (api, other):
        answer = client.accepted()
        found = client.inspector.rows(
            "select channel_id, game_id, operator_id from ledger.transaction where batch_id = %s",
            answer.batch_id,
        )
        own = client.operator
        assert found == [(own.channel["SITE-1"], own.game["BOOK"], own.id)]


def test_every_unknown_code_is_named(api: Client) -> None:
    records = api.records(30)
    for field, row in zip(FIELDS, (3, 9, 9, 27), strict=True):
        records[row][field] = "NONE"
    api.refused(
        422,
        "invalid_batch",
        [
            ("/3/licence", "unknown_licence"),
            ("/9/channel", "unknown_channel"),
            ("/9/equipment", "unknown_equipment"),
            ("/27/game", "unknown_game"),
        ],
        records=records,
    )


def test_a_code_registered_a_moment_ago_is_known(api: Client, database: Database) -> None:
    """Workers hold codes in memory; the version that the database names decides."""
    for number in range(3):
        code = f"NEW-{number}"
        for _ in range(4):
            api.refused(422, "unknown_game", records=[api.record(game=code)])
        new = game(code, "online_casino", active_from=day(-1))
        add(database, api, games=[new])
        for _ in range(6):
            api.accepted([api.record(game=code)])


def add(database: Database, client: Client, **parts: list[dict[str, Any]]) -> None:
    """Register more of an operator."""
    nothing: dict[str, Any] = {"licences": [], "channels": [], "equipment": [], "games": []}
    with database.connect() as conn:
        become(conn, "registrar")
        whole = client.operator.document | nothing | parts
        conn.execute("select api.import_operator(%s)", (Jsonb(whole),))


def stored_breaches(client: Client, records: list[dict[str, Any]]) -> list[int]:
    answer = client.accepted(records)
    found = client.inspector.rows(
        "select breach from ledger.transaction where batch_id = %s order by row_no",
        answer.batch_id,
    )
    return [breach for (breach,) in found]


@pytest.mark.parametrize(
    ("days_ago", "values", "breach"),
    [
        (0, ONLINE, 0),
        (0, SLOTS, 0),
        (0, CASINO, 0),
        (0, ONLINE | {"channel": "APP-1"}, 0),
        (0, {"licence": "FA-BETS", "channel": "HALL-1", "game": "FOOTBALL"}, 0),
        (0, {"licence": "FA-LOTTERY", "game": "LOTTO"}, LICENCE_TIME),
        (2, {"licence": "FA-LOTTERY", "game": "LOTTO"}, LATE),
        (7, SLOTS, LICENCE_TIME | LATE),
        (4, SLOTS, LATE),
        (11, SLOTS, LATE),
        (0, ONLINE | {"game": "HOLDEM"}, LICENCE_TYPE),
        (0, ONLINE | {"channel": "HALL-1"}, LICENCE_TYPE),
        (0, SLOTS | {"channel": "SITE-1"}, LICENCE_TYPE | INACTIVE),  # no machine stands there
        (0, CASINO | {"game": "FRUITS"}, LICENCE_TYPE),
        (0, ONLINE | {"game": "GONE"}, INACTIVE),
        (4, ONLINE | {"game": "GONE"}, LATE),
        (0, SLOTS | {"equipment": "SLOT-RETIRED"}, INACTIVE),
        (0, SLOTS | {"channel": "HALL-CLOSED"}, INACTIVE),
        (0, {"licence": "FA-LOTTERY", "channel": "HALL-CLOSED", "game": "GONE"}, 7),
        (0.5, {"licence": "FA-LOTTERY", "channel": "HALL-CLOSED", "game": "GONE"}, 15),
        (0, ONLINE | {"game": None}, 0),
    ],
)
def test_breaches_are_stored_because_the_state_must_see_them(
    api: Client, days_ago: float, values: dict[str, Any], breach: int
) -> None:
    # One minute past the edges of the market's periods, which lie at whole days from its making.
    moment = now_ms() - round(days_ago * DAY) - (60_000 if days_ago else 0)
    assert stored_breaches(api, [api.record(moment, **values)]) == [breach]
    # Among many: only the record it concerns is marked, also where its object has other rows.
    records = [api.record(**ONLINE) for _ in range(20)]
    records[7] = api.record(moment, **values)
    assert stored_breaches(api, records) == [0] * 7 + [breach] + [0] * 12


def test_a_licence_that_begins_tomorrow_breaches(api: Client, database: Database) -> None:
    number = "FA-TOMORROW"
    add(database, api, licences=[licence(number, "lottery", valid_from=day(1))])
    record = api.record(licence=number, game="LOTTO")
    assert stored_breaches(api, [record]) == [LICENCE_TIME]


def order(database: Database, function: str, machine: int) -> int:
    """The regulator's order, in force; the millisecond after it."""
    with database.connect() as conn:
        become(conn, "regulator")
        conn.execute(f"select api.{function}(%s, 'Н-1', 'пломба')", (machine,))
    return now_ms() + 2


def test_what_a_blocked_machine_takes_is_accepted_and_marked(
    api: Client, database: Database
) -> None:
    code = "SLOT-ORDERED"
    add(database, api, equipment=[market.machine(code, "HALL-1")])
    one = api.inspector.value(
        "select id from registry.equipment where operator_id = %s and code = %s",
        api.operator.id,
        code,
    )
    played = SLOTS | {"equipment": code}
    before = now_ms()
    assert stored_breaches(api, [api.record(before, **played)]) == [0]
    during = order(database, "block_equipment", one)
    assert stored_breaches(api, [api.record(during, **played)]) == [INACTIVE]
    assert stored_breaches(api, [api.record(during, **SLOTS)]) == [0]
    after = order(database, "unblock_equipment", one)
    # By when it was played, not by when it is sent.
    records = [api.record(moment, **played) for moment in (before, during, after)]
    assert stored_breaches(api, records) == [0, INACTIVE, 0]


def moved(database: Database, machine: int, channel: int) -> int:
    """An official moves a machine; the millisecond after it."""
    with database.connect() as conn:
        become(conn, "registrar")
        conn.execute(
            "select api.step_change(c.id, 'enter', 'акт') from api.save_change(null, 'equipment',"
            " 'amend', %s, null, jsonb_build_object('channel_id', %s::integer)) as c",
            (machine, channel),
        )
    return now_ms() + 2


def test_a_machine_counts_where_it_stood_at_the_time_of_the_event(
    api: Client, database: Database
) -> None:
    code = "SLOT-MOVED"
    add(
        database,
        api,
        channels=[market.venue("HALL-2")],
        equipment=[market.machine(code, "HALL-1")],
    )
    ids = dict(
        api.inspector.rows(
            "select code, id from registry.equipment where operator_id = %s"
            " union all select code, id from registry.channel where operator_id = %s",
            api.operator.id,
            api.operator.id,
        )
    )
    here, there = (
        SLOTS | {"equipment": code, "channel": channel} for channel in ("HALL-1", "HALL-2")
    )
    before = now_ms()
    assert stored_breaches(api, [api.record(before, **here)]) == [0]
    assert stored_breaches(api, [api.record(before, **there)]) == [INACTIVE]
    after = moved(database, ids[code], ids["HALL-2"])
    for filler in (0, 20):  # alone, and among many
        records = [
            *api.records(filler),
            *(api.record(at, **place) for at in (before, after) for place in (here, there)),
        ]
        expected = [0] * filler + [0, INACTIVE, INACTIVE, 0]
        assert stored_breaches(api, records) == expected
    # Alone each goes the short way.
    for at, place, breach in ((before, here, 0), (after, here, INACTIVE), (after, there, 0)):
        assert stored_breaches(api, [api.record(at, **place)]) == [breach]


def test_the_second_operators_suspended_licence(other: Client) -> None:
    poker = {"licence": "SB-POKER", "game": "HOLDEM"}
    assert stored_breaches(other, [other.record(**poker)]) == [LICENCE_TIME]
    before = other.record(now_ms() - 3 * DAY, **poker)
    assert stored_breaches(other, [before]) == [LATE]


@pytest.mark.parametrize("values", [SLOTS, CASINO], ids=["slot hall", "casino"])
def test_bets_in_halls_and_casinos_name_the_machine(api: Client, values: dict[str, Any]) -> None:
    nameless = values | {"equipment": None}
    for kind in ("bet", "win", "refund"):
        for before in (0, 20):
            api.refused(
                422,
                "equipment_required",
                [(f"/{before}/equipment", "equipment_required")],
                records=[*api.records(before), api.record(type=kind, **nameless)],
            )
    api.accepted([api.record(type=kind, **nameless) for kind in ("deposit", "withdrawal")])
