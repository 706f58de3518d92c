"""When people play: weights of the hours of Kyiv, of weekdays and of days of wages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from portal.market.profiles import PROFILES

_KYIV = ZoneInfo("Europe/Kyiv")
_HOURS = (
    4.6, 3.4, 2.4, 1.7, 1.3, 1.2, 1.4, 1.9, 2.6, 3.2, 3.6, 3.9,
    4.2, 4.3, 4.3, 4.5, 4.8, 5.2, 5.7, 6.2, 6.9, 7.4, 7.6, 7.7,
)  # fmt: skip
_CURFEW_HOURS = 5  # from midnight
_SATURDAY, _SUNDAY = 5, 6
_BETTING_WEEKEND = {_SATURDAY: 1.6, _SUNDAY: 1.5}
_WAGES_DAYS = {5, 20}
_WAGES = 1.15


def weight(gambling_type: str, moment_ms: int) -> float:
    """How busy this hour is beside the mean hour of an ordinary day (1.0); 0 where closed."""
    local = datetime.fromtimestamp(moment_ms / 1000, _KYIV)
    hall = PROFILES[gambling_type].hall
    if hall and local.hour < _CURFEW_HOURS:
        return 0.0
    share = _HOURS[local.hour] / sum(_HOURS[_CURFEW_HOURS if hall else 0 :])
    if gambling_type == "bookmaker":
        share *= _BETTING_WEEKEND.get(local.weekday(), 1.0)
    if local.day in _WAGES_DAYS:
        share *= _WAGES
    return share * 24
