"""Moments as a tired person types them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.backup import moments
from portal.runtime import RuntimeProblem


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-11-26T01:37:00+02:00", 23),
        ("2026-11-26 01:37+02:00", 23),
        ("2026-11-26T01:37:00Z", 1),
        ("2026-11-26T01:37:00 Europe/Kyiv", 23),
        ("2026-07-26T01:37:00 Europe/Kyiv", 22),
    ],
)
def test_moments_with_their_zone_are_understood(text: str, hour: int) -> None:
    assert (moments.parse(text).hour, moments.parse(text).tzinfo) == (hour, UTC)


def test_fractions_are_kept() -> None:
    moment = datetime(2026, 11, 26, 1, 37, 0, 125_001, UTC)
    assert moments.parse("2026-11-26T01:37:00.125001Z") == moment


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-26T01:37:00", "which zone"),
        ("01:37", "not a date and time"),
        ("yesterday", "not a date and time"),
        ("2026-11-26T01:37:00 Europe/Kiyv", "no time zone"),
        ("2026-11-26T01:37:00 ../../etc/passwd", "no time zone"),
        ("2026-02-30T01:37:00Z", "does not exist"),
        ("2026-10-25T03:30:00 Europe/Kyiv", "twice"),
        ("2026-03-29T03:30:00 Europe/Kyiv", "never"),
    ],
)
def test_moments_that_could_mean_several_are_refused(text: str, why: str) -> None:
    with pytest.raises(RuntimeProblem, match=why):
        moments.parse(text)
