"""Venues of invented operators and what stands in them."""

from __future__ import annotations

import random
from datetime import datetime
from typing import NamedTuple

from portal.market import names
from portal.market.model import Channel, Equipment
from portal.market.names import Name
from portal.market.places import place

HALLS = (12, 9, 7, 6, 5, 5, 4, 4, 3, 2, 2, 1)  # by rank: 60 halls for 12 operators
_MACHINES_IN_HALL = (40, 60)
_MACHINES_IN_CASINO = (50, 80)
_TABLES_IN_CASINO = 10
_SHOPS = {"bookmaker": 3, "lottery": 4}
_HOURS = {"slot_hall": "05:00-24:00", "land_casino": "05:00-24:00"}  # closed in curfew
_HOURS_OF_SHOPS = "09:00-21:00"
_VENUE_WORDS = {
    "slot_hall": ("Зал", "Hall"),
    "land_casino": ("Казино", "Casino"),
    "bookmaker": ("Пункт прийому ставок", "Betting shop"),
    "lottery": ("Пункт продажу", "Sales point"),
}


class Premises(NamedTuple):
    """Venues and the equipment in them."""

    venues: tuple[Channel, ...]
    equipment: tuple[Equipment, ...]


def make_premises(
    gambling_type: str, rank: int, name: Name, since: datetime, source: random.Random
) -> Premises:
    """The venues of an operator; none for those who work online alone."""
    venues = [
        _venue(gambling_type, number, since, source)
        for number in range(1, _venue_count(gambling_type, rank) + 1)
    ]
    equipment: list[Equipment] = []
    for number, venue in enumerate(venues, 1):
        for kind, prefix, count, models in _furnishing(gambling_type, source):
            equipment += [
                Equipment(
                    code=f"{prefix}-{number:02d}-{position:03d}",
                    kind=kind,
                    channel=venue.code,
                    serial_number=f"{name.slug[:3].upper()}{source.randrange(10**9):09d}",
                    model=source.choice(models),
                    active_from=since,
                )
                for position in range(1, count + 1)
            ]
    return Premises(tuple(venues), tuple(equipment))


# Which point a venue is, as the register calls it.
_PURPOSES = {
    "land_casino": "casino",
    "slot_hall": "slot_hall",
    "bookmaker": "betting_point",
    "totalisator": "totalisator",
}


def _venue_count(gambling_type: str, rank: int) -> int:
    if gambling_type == "slot_hall":
        return HALLS[rank % len(HALLS)]
    if gambling_type == "land_casino":
        return 1
    return _SHOPS.get(gambling_type, 0)


def _furnishing(
    gambling_type: str, source: random.Random
) -> list[tuple[str, str, int, tuple[str, ...]]]:
    """Kind, prefix of codes, number and models of what stands in one venue."""
    if gambling_type == "slot_hall":
        return [("slot_machine", "M", source.randint(*_MACHINES_IN_HALL), names.MACHINE_MODELS)]
    if gambling_type == "land_casino":
        machines = source.randint(*_MACHINES_IN_CASINO)
        return [
            ("slot_machine", "M", machines, names.MACHINE_MODELS),
            ("gaming_table", "T", _TABLES_IN_CASINO, names.TABLE_MODELS),
        ]
    return [("terminal", "K", 1, names.TERMINAL_MODELS)]


def _venue(gambling_type: str, number: int, since: datetime, source: random.Random) -> Channel:
    where = place(source)
    word_uk, word_en = _VENUE_WORDS[gambling_type]
    return Channel(
        code=f"V-{number:02d}",
        kind="venue",
        name_uk=f"{word_uk} № {number}, {where.city.name}",
        name_en=f"{word_en} No. {number}",
        active_from=since,
        details={
            "region": where.city.region,
            "address": where.address,
            "latitude": where.latitude,
            "longitude": where.longitude,
            "purpose": _PURPOSES.get(gambling_type),
            "opening_hours": _HOURS.get(gambling_type, _HOURS_OF_SHOPS),
        },
    )
