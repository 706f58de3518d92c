"""The rhythm of the day, in the time of Kyiv."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.market import rhythm

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = datetime(2026, 3, 2, tzinfo=KYIV)


def weights(gambling_type: str, day: datetime) -> list[float]:
    return [
        rhythm.weight(gambling_type, round((day + timedelta(hours=hour)).timestamp() * 1000))
        for hour in range(24)
    ]


@pytest.mark.parametrize("gambling_type", ["online_casino", "slot_hall", "bookmaker"])
def test_an_ordinary_day_has_a_mean_of_one(gambling_type: str) -> None:
    assert sum(weights(gambling_type, MONDAY)) / 24 == pytest.approx(1)


def test_evenings_are_busiest_and_early_mornings_quiet() -> None:
    day = weights("online_casino", MONDAY)
    assert day.index(max(day)) == 23
    assert day.index(min(day)) == 5


def test_halls_and_casinos_are_closed_in_curfew() -> None:
    for gambling_type in ("slot_hall", "land_casino"):
        day = weights(gambling_type, MONDAY)
        assert day[:5] == [0] * 5
        assert min(day[5:]) > 0


def test_weekends_are_for_betting_and_wages_for_everyone() -> None:
    saturday, wages = MONDAY + timedelta(days=5), MONDAY + timedelta(days=3)
    ordinary = weights("bookmaker", MONDAY)[12]
    assert weights("bookmaker", saturday)[12] == pytest.approx(ordinary * 1.6)
    assert weights("bookmaker", wages)[12] == pytest.approx(ordinary * 1.15)
