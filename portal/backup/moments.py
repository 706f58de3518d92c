"""The moment to restore to, as a person types it and is told it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from portal.runtime import RuntimeProblem

_EXAMPLE = "for example 2026-11-26T01:37:00+02:00 or '2026-11-26T01:37:00 Europe/Kyiv'"


def parse(text: str) -> datetime:
    """A moment in UTC; RuntimeProblem for one that could mean several.

    Written with an offset from UTC, with Z, or with the name of a zone after a space.
    """
    match = re.fullmatch(
        r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(.*)", text
    )
    if match is None:
        raise RuntimeProblem(f"{text!r} is not a date and time; write it {_EXAMPLE}.")
    wall, where = match.groups()
    if not where:
        raise RuntimeProblem(f"{text!r} does not say which zone's clock; write it {_EXAMPLE}.")
    try:
        if re.fullmatch(r"[Zz]|[+-]\d{2}:?\d{2}", where):
            return datetime.fromisoformat(wall + where.upper()).astimezone(UTC)
        return _in_zone(datetime.fromisoformat(wall), where)
    except ValueError as error:
        raise RuntimeProblem(f"{text!r} does not exist: {error}.") from error


def told(moment: datetime) -> str:
    """A moment for a person, to the second where it has no more."""
    return moment.astimezone(UTC).isoformat(sep=" ").replace("+00:00", " UTC")


def _in_zone(wall: datetime, name: str) -> datetime:
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RuntimeProblem(
            f"There is no time zone {name!r}; write the time {_EXAMPLE}."
        ) from error
    readings = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    true = [one for one in readings if one.astimezone(zone).replace(tzinfo=None) == wall]
    if len(true) != 1:
        times = "never" if not true else "twice"
        raise RuntimeProblem(
            f"The clocks of {name} showed {wall} {times}, as they were changed that day."
            " Write the time with its offset instead."
        )
    return true[0]
