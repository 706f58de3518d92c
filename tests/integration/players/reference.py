"""The slow and obvious way to accounts and their counters, in Python, from what was sent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.support.batches import BET, DEPOSIT, REFUND, WIN, WITHDRAWAL, Row
from tests.support.databases import Connection, rows

KYIV = ZoneInfo("Europe/Kyiv")
SUMS = {BET: 0, WIN: 1, REFUND: 2, DEPOSIT: 3, WITHDRAWAL: 4}
NIGHT = 5
ALL_TYPES = 0


@dataclass(frozen=True)
class Sent:
    """A row that was stored: whose it is, its licence's gambling type, when its batch arrived."""

    operator_id: int
    kind: int
    row: Row
    received_at: datetime

    @property
    def day(self) -> date:
        return self.row.occurred_at.astimezone(KYIV).date()


def closes(day: date) -> datetime:
    """03:00 in Kyiv of the day that follows."""
    return datetime.combine(day + timedelta(days=1), time(3), KYIV)


def player_days(sent: Iterable[Sent]) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """(operator, player, day, type, currency) -> bets not taken back in time, and six sums."""
    sent = list(sent)
    by_id = {(one.operator_id, one.row.id): one for one in sent}
    back: set[tuple[int, UUID]] = set()
    for one in sent:
        if one.row.cancel_reason:
            target = by_id[one.operator_id, one.row.cancels]
            if one.received_at < closes(target.day):
                back.add((one.operator_id, one.row.cancels))
    found: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * 7)
    for one in sent:
        row = one.row
        figures = found[one.operator_id, row.player, one.day, one.kind, row.currency]
        signed = -row.amount_minor if row.cancel_reason else row.amount_minor
        if row.type == BET and not row.cancel_reason and (one.operator_id, row.id) not in back:
            figures[0] += 1
        figures[1 + SUMS[row.type]] += signed
        if row.type == BET and row.occurred_at.astimezone(KYIV).hour < 6:
            figures[1 + NIGHT] += signed
    return {key: tuple(figures) for key, figures in found.items()}


GRAINS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
}


def _active_days(sent: Iterable[Sent]) -> dict[tuple[int, UUID, int], set[date]]:
    """(operator, player, type or 0) -> the days on which the account was active."""
    found: dict[tuple[int, UUID, int], set[date]] = defaultdict(set)
    for (operator, player, day, kind, _), figures in player_days(sent).items():
        if figures[0] > 0:
            found[operator, player, kind].add(day)
            found[operator, player, ALL_TYPES].add(day)
    return found


def account_counts(sent: Iterable[Sent]) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """(operator, grain, first day, type or 0) -> accounts active, new, and their days."""
    active: Counter[tuple[Any, ...]] = Counter()
    new: Counter[tuple[Any, ...]] = Counter()
    played: Counter[tuple[Any, ...]] = Counter()
    for (operator, _, kind), days in _active_days(sent).items():
        for grain, start in GRAINS.items():
            for period in {start(day) for day in days}:
                active[operator, grain, period, kind] += 1
            new[operator, grain, start(min(days)), kind] += 1
            played.update((operator, grain, start(day), kind) for day in days)
    return {key: (active[key], new[key], played[key]) for key in active}


def cohorts(sent: Iterable[Sent], until: date) -> dict[tuple[Any, ...], int]:
    """(operator, month, type or 0, first month) -> accounts, of days up to ``until``."""
    month = GRAINS["month"]
    found: Counter[tuple[Any, ...]] = Counter()
    for (operator, _, kind), days in _active_days(sent).items():
        for one in {month(day) for day in days if day <= until}:
            found[operator, one, kind, month(min(days))] += 1
    return dict(found)


def spread(
    sent: Iterable[Sent], grain: str, start: date, until: date
) -> dict[tuple[int, int, int], tuple[Any, ...]]:
    """(operator or 0, type or 0, currency) -> what ``rollup.account_spread`` says of a period."""
    accounts: dict[tuple[int, int, int], dict[Any, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0] * 4)
    )
    for (operator, player, day, kind, currency), figures in player_days(sent).items():
        if GRAINS[grain](day) != start or day > until:
            continue
        bets, stake, win, refund, _, _, night = figures
        for key in ((o, k, currency) for o in (operator, 0) for k in (kind, ALL_TYPES)):
            one = accounts[key][operator, player]
            one[0] += bets
            one[1] += stake
            one[2] += stake - refund - win
            one[3] += night
    found = {}
    for key, played in accounts.items():
        active = sorted((one for one in played.values() if one[0] > 0), key=lambda one: one[2])
        if not active:
            continue
        gains = [max(one[2], 0) for one in active]
        n = len(active)
        found[key] = (
            n,
            sum(one[3] > 0 for one in active),
            sum(one[1] for one in active),
            sum(one[3] for one in active),
            sum(one[2] for one in active),
            sum(gains),
            sum(gains[n - -(-n // 100) :]),
            sum(gains[n - -(-n // 10) :]),
            [sum(gains[: n * k // 20]) for k in range(1, 21)],
            [
                sum(one[2] > step * 100 for one in active)
                for step in (1_000, 5_000, 10_000, 50_000, 100_000)
            ],
        )
    return found


def stored_days(conn: Connection) -> dict[tuple[Any, ...], tuple[int, ...]]:
    """``rollup.player_day`` in the form of :func:`player_days`."""
    found = rows(
        conn,
        "select operator_id, player, day, gambling_type_id, currency, bets, stake_minor, win_minor,"
        " refund_minor, deposit_minor, withdrawal_minor, night_stake_minor from rollup.player_day",
    )
    return {one[:5]: one[5:] for one in found}


def stored_counts(conn: Connection) -> dict[tuple[Any, ...], tuple[int, int, int]]:
    """``rollup.account_count`` in the form of :func:`account_counts`."""
    found = rows(
        conn,
        "select operator_id, grain, period_start, gambling_type_id, active_count, new_count,"
        " active_days from rollup.account_count"
        " where active_count <> 0 or new_count <> 0 or active_days <> 0",
    )
    return {one[:4]: (one[4], one[5], one[6]) for one in found}


def stored_spread(conn: Connection, grain: str, start: date) -> dict[Any, tuple[Any, ...]]:
    """``rollup.account_spread`` of a period in the form of :func:`spread`."""
    found = rows(
        conn,
        "select operator_id, gambling_type_id, currency, account_count, night_account_count,"
        " stake_minor, night_stake_minor, ggr_minor, gain_minor, top1_minor, top10_minor,"
        " lorenz_minor, loss_counts from rollup.account_spread"
        " where grain = %s and period_start = %s",
        (grain, start),
    )
    return {one[:3]: one[3:] for one in found}
