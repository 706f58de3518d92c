"""From what a report tells as declared to the declarations themselves.

Declarations are by operator and day, or month: a report narrowed to anything else tells none.
"""

from __future__ import annotations

from flask import current_app

from portal.identity.login import current_viewer
from portal.reports.answering import last_of
from portal.reports.asking import DEFAULT_CURRENCY, Asked
from portal.reports.lists import Row
from portal.web.periods import ONE_DAY, Period
from portal.web.urls import address, path_of

OF_DAYS = frozenset(
    {
        *("declared_days", "declared_ggr", "declared_difference", "declared_difference_percent"),
        *("open_bets", "declared_balance_change", "identity_error", "balance_liability"),
        *("control_count_difference", "control_sum_difference"),
    }
)
OF_MONTHS = frozenset(
    {
        *("declared_months", "declared_month_ggr", "declared_month_difference"),
        "declared_ggr_tax",
    }
)
# As many as one page of them shows: days of one operator, of all; months.
LONGEST_ONE, LONGEST_ALL, LONGEST_MONTHS = 367, 93, 24
LISTS, DAY, MONTHS = "declarations.index", "declarations.day", "declarations.months"
WITHIN = frozenset({"operator", "from", "to", "period"})


def declared(asked: Asked, row: Row) -> dict[str, str]:
    """The declarations behind the declared figures of a row, those of its operator and time; of one
    day of one operator that day in full. None where a page of them cannot be narrowed to the row.
    """
    told = {name for name in OF_DAYS | OF_MONTHS if row.figures.get(name) is not None}
    operator = row.query.get("operator")
    if not operator and len(asked.operators) == 1:
        operator = str(asked.operators[0].id)
    several = operator is None and len(asked.operators) > 1
    if not told or asked.as_of or row.hour or row.beside or several:
        return {}
    narrowed = (asked.narrowed.keys() | row.query.keys()) - WITHIN
    own = None if asked.currency.code == DEFAULT_CURRENCY else asked.currency.code
    common = {"operator": operator, "currency": own}
    period = row.period or asked.period
    found: dict[str, str] = {}
    longest = LONGEST_ONE if operator else LONGEST_ALL
    by_day, by_month = told & OF_DAYS, told & OF_MONTHS
    if by_day and not narrowed and period.days <= longest and _open_to(LISTS):
        days = _day(common, period) if _one_day(row, period, operator) else _days(common, period)
        found |= dict.fromkeys(by_day, days)
    months = _whole_months(period) if by_month and narrowed <= {"type"} else {}
    if months and _open_to(MONTHS):
        found |= dict.fromkeys(by_month, address(path_of(MONTHS), {**common, **months}))
    return found


def _open_to(endpoint: str) -> bool:
    """Whether the viewer may see a page, which not every application has."""
    view = current_app.view_functions.get(endpoint)
    return current_viewer().role in getattr(view, "audience", frozenset())


def _one_day(row: Row, period: Period, operator: str | None) -> bool:
    return bool(operator and period.days == 1 and row.figures.get("declared_days"))


def _day(common: dict[str, str | None], period: Period) -> str:
    return address(path_of(DAY), {**common, "day": period.first.isoformat()})


def _days(common: dict[str, str | None], period: Period) -> str:
    days = {"from": period.first.isoformat(), "to": period.last.isoformat()}
    return address(path_of(LISTS), {**common, **days, "state": "all"})


def _whole_months(period: Period) -> dict[str, str]:
    """The first and last day of the whole months of a period; nothing where there are none."""
    first, after = period.first, (period.last + ONE_DAY).replace(day=1)
    if first.day > 1:
        first = last_of("month", first.replace(day=1)) + ONE_DAY
    months = 12 * (after.year - first.year) + after.month - first.month
    if not 0 < months <= LONGEST_MONTHS:
        return {}
    return {"from": first.isoformat(), "to": (after - ONE_DAY).isoformat()}
