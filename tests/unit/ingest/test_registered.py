"""What breaches the registry: decided per record, by the moment it occurred."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import uuid4

import msgspec
import numpy as np
import pytest

from portal.ingest import wire
from portal.ingest.problems import Refusal
from portal.ingest.registered import MAX_CODES_IN_MEMORY, Memory, Registered
from portal.ingest.single import Single
from portal.ingest.times import UNIX_TO_PG_MS
from portal.ingest.uuid7 import make_id

HOUR_MS = 3_600_000
START_MS = 1_790_000_000_000  # 2026-09-21T13:33:20Z
FOREVER = 2**62
LICENCE_TIME, LICENCE_TYPE, INACTIVE, LATE = 1, 2, 4, 8


def pg_us(hours: float) -> int:
    return int((START_MS + hours * HOUR_MS - UNIX_TO_PG_MS) * 1000)


def registered(**changes: Any) -> Registered:
    document = {
        "version": 7,
        "licences": {
            "ONLINE": [1, 2, False, ["website"], [[pg_us(-10), pg_us(10)]]],
            "HALL": [2, 4, True, ["venue"], [[pg_us(-10), pg_us(1)], [pg_us(2), pg_us(10)]]],
        },
        "channels": {
            "site": [11, "website", pg_us(-10), FOREVER],
            "hall": [12, "venue", pg_us(-10), FOREVER],
        },
        "equipment": {"m1": [21, [[pg_us(-10), pg_us(0.5)], [pg_us(0.75), pg_us(3)]]]},
        "games": {
            "slot": [31, 2, pg_us(-10), FOREVER],
            "hall-slot": [32, 4, pg_us(-10), FOREVER],
        },
    }
    return Registered.from_document(document | changes)


def body(*records: dict[str, Any]) -> bytes:
    """Records with ``hours`` after START; everything else defaults to an online bet."""
    bodies = []
    for place, record in enumerate(records):
        occurred_ms = START_MS + int(record.pop("hours", 0) * HOUR_MS)
        moment = np.datetime64(occurred_ms, "ms")
        bodies.append(
            {
                "id": str(make_id(occurred_ms, f"own-{place}")),
                "type": "bet",
                "occurred_at": f"{moment}Z",
                "amount": "1.00",
                "currency": "UAH",
                "licence": "ONLINE",
                "channel": "site",
                "round_id": str(uuid4()),
                "player": "0123456789abcdef0123456789abcdef",
                "payment": "balance",
            }
            | record
        )
    return msgspec.json.encode(bodies)


def batch(*records: dict[str, Any]) -> wire.Decoded:
    return wire.decode(body(*records), wire.ContentKind.JSON, {"UAH": (980, 2)})


def breaches(*records: dict[str, Any], late: list[bool] | None = None) -> list[int]:
    decoded = batch(*records)
    mask = np.array(late or [False] * decoded.n)
    return registered().breaches(decoded, mask).tolist()


def test_a_single_record_in_force_is_one_that_columns_would_neither_refuse_nor_mark() -> None:
    known = registered()
    ids = {"ONLINE": 1, "HALL": 2, "site": 11, "hall": 12, "m1": 21, "slot": 31, "hall-slot": 32}
    seen = []
    for licence, channel, equipment, game, hours, kind in product(
        ["ONLINE", "HALL", "unknown"],
        ["site", "hall", "unknown"],
        [None, "m1", "unknown"],
        [None, "slot", "hall-slot", "unknown"],
        [-11, -10, 0, 0.5, 1, 2, 3, 10],
        ["bet", "deposit"],
    ):
        record = {"licence": licence, "channel": channel, "equipment": equipment, "game": game}
        record = {name: code for name, code in record.items() if code}
        sent = body(record | {"hours": hours, "type": kind})
        single = wire.decode_lazily(sent, wire.ContentKind.JSON, {"UAH": (980, 2)})
        assert isinstance(single, Single)
        found = known.ids_in_force(single.row, single.occurred_min_us)
        try:
            known.check(single.columns)
            plain = not known.breaches(single.columns, np.array([False])).any()
        except Refusal:
            plain = False
        if found is None:  # whether a machine has to be named is looked at in columns
            assert not plain or (licence == "HALL" and equipment is None and kind == "deposit")
        else:
            assert plain
            sent = (licence, channel, equipment, game)
            assert found == tuple(ids.get(code or "", 0) for code in sent)
        seen.append(found is None)
    assert 0 < seen.count(False) < len(seen)


def test_a_record_in_order_breaches_nothing() -> None:
    assert breaches({}, {"game": "slot"}) == [0, 0]


def test_a_licence_binds_by_the_moment_of_the_event_suspension_included() -> None:
    hall = {"licence": "HALL", "channel": "hall", "equipment": "m1"}
    assert breaches(
        hall | {"hours": 0.4}, hall | {"hours": 1.5}, hall | {"hours": 2}, hall | {"hours": 11}
    ) == [0, LICENCE_TIME, 0, LICENCE_TIME | INACTIVE]


def test_the_end_of_a_licence_is_its_first_moment_without() -> None:
    assert breaches({"hours": -10}, {"hours": 10}) == [0, LICENCE_TIME]


def test_a_channel_or_game_of_another_type_is_marked() -> None:
    assert breaches({"channel": "hall"}, {"game": "hall-slot"}, {"game": "slot"}) == [
        LICENCE_TYPE,
        LICENCE_TYPE,
        0,
    ]


def test_inactive_equipment_is_marked_where_it_is_named_only() -> None:
    assert breaches({"hours": 4}, {"hours": 4, "equipment": "m1"}) == [0, INACTIVE]


def test_equipment_is_inactive_while_it_was_blocked() -> None:
    machine = {"equipment": "m1"}
    assert breaches(
        machine | {"hours": 0.49}, machine | {"hours": 0.5}, machine | {"hours": 0.75}
    ) == [0, INACTIVE, 0]


PLACES = {
    "m1": [[12, pg_us(-10), pg_us(0)], [13, pg_us(0), pg_us(0.25)], [12, pg_us(0.25), FOREVER]]
}


def test_a_machine_counts_where_it_stood() -> None:
    """In one venue all the time of a batch, moved within it, or in storage."""
    other = {"channels": {
        "site": [11, "website", pg_us(-10), FOREVER],
        "hall": [12, "venue", pg_us(-10), FOREVER],
        "annex": [13, "venue", pg_us(-10), FOREVER],
    }}  # fmt: skip

    def marks(places: dict[str, Any], *stays: tuple[str, float]) -> list[int]:
        known = registered(**other, places=places)
        records = [
            {"licence": "HALL", "channel": channel, "equipment": "m1", "hours": hours}
            for channel, hours in stays
        ]
        alone = []
        for record in records:
            single = wire.decode_lazily(
                body(dict(record)), wire.ContentKind.JSON, {"UAH": (980, 2)}
            )
            assert isinstance(single, Single)
            alone.append(known.ids_in_force(single.row, single.occurred_min_us) is None)
        decoded = batch(*records)
        found: list[int] = known.breaches(decoded, np.zeros(decoded.n, np.bool_)).tolist()
        assert [bool(mark) for mark in found] == alone
        return found

    assert marks(PLACES, ("hall", -1), ("annex", -1)) == [0, INACTIVE]
    within = [("hall", -0.1), ("hall", 0), ("annex", 0.1), ("annex", 0.25), ("hall", 0.3)]
    assert marks(PLACES, *within) == [0, INACTIVE, 0, INACTIVE, 0]
    assert marks({"m1": []}, ("hall", -1), ("annex", 0)) == [INACTIVE, INACTIVE]
    assert marks({"m1": [[14, pg_us(-10), FOREVER]]}, ("hall", 0)) == [INACTIVE]


def test_late_is_its_own_bit_beside_others() -> None:
    assert breaches({}, {"hours": 11}, late=[True, True]) == [LATE, LATE | LICENCE_TIME]


def test_bets_of_a_slot_hall_must_name_the_machine_and_deposits_need_not() -> None:
    hall = {"licence": "HALL", "channel": "hall"}
    deposit = batch(hall | {"type": "deposit"})
    registered().check(deposit)
    with pytest.raises(Refusal) as refusal:
        registered().check(batch(hall, hall | {"equipment": "m1"}, hall))
    assert refusal.value.code == "equipment_required"
    assert [error.pointer for error in refusal.value.errors] == ["/0/equipment", "/2/equipment"]


@pytest.mark.parametrize("field", ["licence", "channel", "equipment", "game"])
def test_codes_that_are_not_the_operators_own_are_unknown(field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        registered().check(batch({}, {field: "somebody-else"}))
    assert refusal.value.code == f"unknown_{field}"
    assert refusal.value.errors[0].pointer == f"/1/{field}"


def test_memory_forgets_whoever_was_not_seen_for_longest() -> None:
    many = {f"g{i}": [i, 2, 0, FOREVER] for i in range(MAX_CODES_IN_MEMORY // 2)}
    memory = Memory()
    memory.put(1, registered())
    memory.put(2, registered(games=many))
    assert memory.get(1) is not None  # both fit; 2 is now the one not seen for longest
    memory.put(3, registered(games=many))
    assert memory.get(2) is None
    assert memory.get(1) is not None
    assert memory.get(3) is not None
