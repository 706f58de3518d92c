"""Declarations as an operator's system sends them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from portal.docs.problems import DAY, MONTH
from portal.web.formats import KYIV
from tests.support.api import Answer, Client, encoded

TODAY = datetime.now(KYIV).date()
_days = count(200)  # days ago: none is used twice
_months = count(8)


def declaration(period: str, **changes: Any) -> dict[str, Any]:
    """A valid declaration of 150 days or six months ago."""
    if period == "days":
        return DAY | {"day": (TODAY - timedelta(days=150)).isoformat()} | changes
    return MONTH | {"month": f"{month_ago(6):%Y-%m}"} | changes


def new_period(period: str) -> dict[str, str]:
    """A day or a month that nobody has declared yet."""
    if period == "days":
        return {"day": (TODAY - timedelta(days=next(_days))).isoformat()}
    return {"month": f"{month_ago(next(_months)):%Y-%m}"}


def month_ago(number: int) -> date:
    """The first day of the month so many before this one."""
    months = 12 * TODAY.year + TODAY.month - 1 - number
    return date(months // 12, months % 12 + 1, 1)


def declare(api: Client, period: str, declarations: list[Any]) -> Answer:
    """Post declarations."""
    key = (api.key or api.operator.key).text
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    return api.request("POST", f"/declarations/{period}", encoded(declarations), headers)
