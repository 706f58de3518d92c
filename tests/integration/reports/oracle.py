"""The slow and obvious way to every figure of every report, from the rows that were sent.

Nothing of ``portal`` or ``sql`` computes here. Ratios are exact fractions, rounded in the end as
the reports say: four decimals, half away from zero.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

KYIV = ZoneInfo("Europe/Kyiv")
TYPES = {1: "bet", 2: "win", 3: "refund", 4: "deposit", 5: "withdrawal"}
IN_TIME = ("hour", "day", "week", "month", "quarter", "year")
Rows = dict[tuple[str, ...] | None, dict[str, Any]]


@dataclass(frozen=True)
class Fact:
    """One transaction as the reports may see it; ``sign`` is -1 for what takes another back."""

    operator: int
    type: str
    amount: int
    sign: int
    occurred_at: datetime
    received_at: datetime
    licence: int
    gambling_type: int
    channel: int
    game: int
    equipment: int
    payment: int
    breach: int
    currency: int
    batch: int
    player: str = ""
    # When the batch arrived that took this record back.
    taken_back_at: datetime | None = None
    round: str = ""
    # The id of the record that it takes back.
    cancels: str = ""

    @property
    def day(self) -> date:
        return self.occurred_at.astimezone(KYIV).date()

    @property
    def at_night(self) -> bool:
        return self.occurred_at.astimezone(KYIV).hour < 6


@dataclass(frozen=True)
class Paid:
    """What a day changed of one round that was paid for: rounds, those that won, multiples in
    millionths, their squares. ``fact`` is one of the day's records of it."""

    fact: Fact
    rounds: int
    hits: int
    multiple: int
    square: int


@dataclass(frozen=True)
class Batch:
    """An accepted batch as reports on arrival see it."""

    operator: int
    key: int
    stream: str
    sequence: int
    received_at: datetime
    lags_ms: tuple[int, ...]
    corrections: int


@dataclass(frozen=True)
class Refusal:
    operator: int
    key: int
    code: str
    rows: int
    duplicates: int
    refused_at: datetime


@dataclass(frozen=True)
class Request:
    """Requests of the API that were answered alike within an hour; operator and key 0: nobody's."""

    operator: int
    key: int
    endpoint: str
    outcome: str
    hour: datetime
    number: int
    faults: int


@dataclass(frozen=True)
class DeclaredDay:
    """What an operator declared of a day; counts and sums by type, in the order of ``TYPES``."""

    operator: int
    day: date
    currency: int
    version: int
    declared_at: datetime
    counts: tuple[int, ...]
    sums: tuple[int, ...]
    opening: int
    closing: int
    open_bets: int


@dataclass(frozen=True)
class DeclaredMonth:
    operator: int
    month: date
    gambling_type: int
    currency: int
    version: int
    declared_at: datetime
    basis: str
    ggr: int


@dataclass(frozen=True)
class Rate:
    """A rate of tax by the days for which it holds, ``until`` not included."""

    id: int
    kind: str
    tax_class: str
    ppm: int
    base: str
    loss_rule: str
    since: date
    until: date
    verified: bool
    recorded_from: datetime
    recorded_until: datetime


@dataclass(frozen=True)
class Limit:
    """From which amount (kopiykas) or share (millionths) cash flow is counted apart, from a day."""

    id: int
    kind: str
    since: date
    value: int | None
    verified_at: datetime | None

    def unverified(self, as_of: datetime | None) -> bool:
        return self.verified_at is None or (as_of is not None and self.verified_at > as_of)


@dataclass(frozen=True)
class Thing:
    """A registered place or piece of equipment; ``kind`` of a place."""

    operator: int
    kind: str
    since: datetime
    until: datetime


@dataclass(frozen=True)
class Term:
    """For how long a licence holds, until it is revoked and but for suspensions; or a key."""

    operator: int
    since: datetime
    until: datetime
    revoked: datetime
    suspended: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True)
class Certified:
    """A game or a piece of equipment whose software may be under certificates: validity of each."""

    operator: int
    since: datetime
    until: datetime
    certificates: tuple[tuple[datetime, datetime], ...]


@dataclass
class Register:
    """What else is registered: terms of licences, live keys, certified software."""

    licences: dict[int, Term] = field(default_factory=dict)
    keys: list[Term] = field(default_factory=list)
    certified: list[Certified] = field(default_factory=list)

    def of(self, operator: int) -> Register:
        return Register(
            self.licences,
            [one for one in self.keys if one.operator == operator],
            [one for one in self.certified if one.operator == operator],
        )


@dataclass(frozen=True)
class Query:
    """One question: what every report takes."""

    first: date
    last: date
    by: tuple[str, ...] = ()
    operators: tuple[int, ...] | None = None
    gambling_types: tuple[int, ...] | None = None
    licences: tuple[int, ...] | None = None
    channels: tuple[int, ...] | None = None
    games: tuple[int, ...] | None = None
    currency: int = 980
    as_of: datetime | None = None


@dataclass(frozen=True)
class Payment:
    """A tax that was paid for a month: when it was recorded, and taken back if it was."""

    operator: int
    kind: str
    month: date
    amount: int
    recorded_at: datetime
    taken_back_at: datetime | None

    def counts(self, as_of: datetime | None) -> bool:
        if as_of is None:
            return self.taken_back_at is None
        back = self.taken_back_at
        return self.recorded_at <= as_of and (back is None or back > as_of)


@dataclass
class World:
    """All that was sent, and what is registered of it."""

    facts: list[Fact] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    licences: dict[int, tuple[int, int, datetime]] = field(default_factory=dict)
    games: dict[int, tuple[int, int | None, int | None]] = field(default_factory=dict)
    unrated_types: frozenset[int] = frozenset()
    declared_days: list[DeclaredDay] = field(default_factory=list)
    declared_months: list[DeclaredMonth] = field(default_factory=list)
    rates: list[Rate] = field(default_factory=list)
    # Tax classes: their key in rows, and the kinds of gambling of each.
    tax_classes: dict[str, tuple[int, frozenset[int]]] = field(default_factory=dict)
    channels: dict[int, Thing] = field(default_factory=dict)
    equipment: dict[int, Thing] = field(default_factory=dict)
    # Accounts are kept from this day on.
    accounts_from: date = date.min
    requests: list[Request] = field(default_factory=list)
    register: Register = field(default_factory=Register)
    # Days that are counted by amount, and the last of which accounts are closed.
    counted_days: frozenset[date] = frozenset()
    closed_day: date = date.min
    limits: list[Limit] = field(default_factory=list)
    # When each of these days was counted last; the same of rounds, by operator.
    counted_at: dict[date, datetime] = field(default_factory=dict)
    matched_at: dict[tuple[int, date], datetime] = field(default_factory=dict)
    # How many days back the bet of a payout is looked for, by kind of gambling.
    windows: dict[int, int] = field(default_factory=dict)
    # Provider, title and version of each game.
    makers: dict[int, tuple[str, str, str | None]] = field(default_factory=dict)
    # Days that closed before are counted by round; none without.
    closed_at: datetime | None = None
    by_round: dict[tuple[int, str, int], list[Fact]] = field(default_factory=dict)
    paid: list[Paid] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    # Places -> the region of each: its place in the list of regions, 0 online.
    regions: dict[int, int] = field(default_factory=dict)
    # (grain, first day) -> the last day of which it is counted how play is spread over accounts.
    spread_until: dict[tuple[str, date], date] = field(default_factory=dict)


def closes(day: date) -> datetime:
    """When a day closes: at 03:00 of the next."""
    return datetime(day.year, day.month, day.day, 3, tzinfo=KYIV) + timedelta(days=1)


def closed(world: World, day: date, as_of: datetime | None = None) -> bool:
    """Whether the rounds of a day are counted, or were by a moment at the soonest."""
    if as_of is not None and closes(day) > as_of:
        return False
    return world.closed_at is not None and closes(day) <= world.closed_at


def anchor(fact: Fact) -> date:
    """The day as of which a round's stake is looked for: that of what a fact takes back, if any."""
    if fact.sign > 0:
        return fact.day
    milliseconds = int(fact.cancels.replace("-", "")[:12], 16)
    return datetime.fromtimestamp(milliseconds / 1000, KYIV).date()


def stake_of(world: World, fact: Fact) -> int | None:
    """What was staked on a fact's round: on its day, else on the newest day before with a bet."""
    found = staked(world, fact)
    return found[1] if found else None


def staked(world: World, fact: Fact) -> tuple[date, int] | None:
    """That, after the day on which it was staked."""
    if not world.by_round:
        for one in world.facts:
            if one.type in ("bet", "win", "refund"):
                world.by_round.setdefault((one.operator, one.round, one.currency), []).append(one)
    own = world.by_round[fact.operator, fact.round, fact.currency]
    since = anchor(fact)
    windows = [
        world.windows.get(one.gambling_type, 1)
        for one in own
        if one.day == fact.day and anchor(one) == since
    ]
    reach = max(min(31, window) for window in windows)
    for back in range(reach + 1):
        day = since - timedelta(days=back)
        stakes = [
            one.amount
            for one in own
            if one.type == "bet"
            and one.sign > 0
            and one.day == day >= fact.day - timedelta(days=31)
            # Far back only bets of kinds that are paid out late are looked at.
            and (back < 2 or world.windows.get(one.gambling_type, 1) > 1)
        ]
        if stakes:
            return day, sum(stakes)
    return None


def multiple(facts: list[Fact]) -> int | None:
    """What a round won over what was bet on it, in millionths; None where it was not paid for."""
    bet, win, refund = (
        sum(one.sign * one.amount for one in facts if one.type == kind)
        for kind in ("bet", "win", "refund")
    )
    if bet <= 0 or refund:
        return None
    exact = Fraction(win * 1_000_000, bet)
    return int(math.copysign(math.floor(abs(exact) + Fraction(1, 2)), exact))


def paid_rounds(world: World) -> list[Paid]:
    """Each round of a game and place on each closed day that changed what it came to."""
    if not world.paid:
        rounds: dict[tuple[object, ...], list[Fact]] = defaultdict(list)
        for fact in world.facts:
            if fact.type in OF_ROUNDS and (found := staked(world, fact)):
                own = (fact.operator, fact.round, fact.currency, fact.game, fact.channel, found[0])
                rounds[own].append(fact)
        for facts in rounds.values():
            for day in sorted({fact.day for fact in facts if closed(world, fact.day)}):
                before = multiple([one for one in facts if one.day < day])
                after = multiple([one for one in facts if one.day <= day])
                world.paid.append(
                    Paid(
                        next(one for one in facts if one.day == day),
                        (after is not None) - (before is not None),
                        ((after or 0) > 0) - ((before or 0) > 0),
                        (after or 0) - (before or 0),
                        (after or 0) ** 2 - (before or 0) ** 2,
                    )
                )
    return world.paid


def key_of(dimension: str, day: date, moment: datetime | None = None) -> str:
    if dimension == "hour":
        assert moment is not None
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H}:00:00Z"
    if dimension == "day":
        return day.isoformat()
    if dimension == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    if dimension == "month":
        return f"{day:%Y-%m}"
    if dimension == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    assert dimension == "year"
    return f"{day.year}"


def fact_key(fact: Fact, day: date, by: Iterable[str]) -> tuple[str, ...]:
    return tuple(
        key_of(one, day, fact.occurred_at) if one in IN_TIME else str(getattr(fact, one))
        for one in by
    )


def months_later(day: date, months: int) -> date:
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def later(query: Query, against: str) -> Callable[[date], date]:
    """Under which day of the period a day of the earlier one is told."""
    if against == "week":
        return lambda day: day + timedelta(days=7)
    if against == "year":
        return lambda day: months_later(day, 12)
    after = query.last + timedelta(days=1)
    if query.first.day == 1 and after.day == 1:
        months = 12 * (after.year - query.first.year) + after.month - query.first.month
        return lambda day: months_later(day, months)
    return lambda day: day + (after - query.first)


def chosen(world: World, query: Query, *, of_games: bool = False) -> list[Fact]:
    """What the filters leave over, of any day."""
    return [
        fact
        for fact in world.facts
        if fact.currency == query.currency
        and (query.as_of is None or fact.received_at <= query.as_of)
        and (query.operators is None or fact.operator in query.operators)
        and (of_games or query.gambling_types is None or fact.gambling_type in query.gambling_types)
        and (query.licences is None or fact.licence in query.licences)
        and (query.channels is None or fact.channel in query.channels)
        and (query.games is None or fact.game in query.games)
    ]


def in_period(facts: Iterable[Fact], query: Query) -> list[Fact]:
    return [fact for fact in facts if query.first <= fact.day <= query.last]


def grouped(
    facts: Iterable[Fact], query: Query, told: Callable[[date], date] = lambda day: day
) -> dict[tuple[str, ...] | None, list[Fact]]:
    """By key, and all under None; ``told`` maps days of an earlier period into this one."""
    found: dict[tuple[str, ...] | None, list[Fact]] = defaultdict(list)
    found[None] = []
    for fact in facts:
        day = told(fact.day)
        if query.first <= day <= query.last:
            found[None].append(fact)
            if query.by:
                found[fact_key(fact, day, query.by)].append(fact)
    return found


def count(facts: Iterable[Fact], kind: str) -> int:
    return sum(fact.sign for fact in facts if fact.type == kind)


def money(facts: Iterable[Fact], kind: str) -> int:
    return sum(fact.sign * fact.amount for fact in facts if fact.type == kind)


def net_stake(facts: list[Fact]) -> int:
    return money(facts, "bet") - money(facts, "refund")


def ggr(facts: list[Fact]) -> int:
    return net_stake(facts) - money(facts, "win")


def rounded(value: Fraction | None, step: str = "0.0001") -> Decimal | None:
    if value is None:
        return None
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(step), ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    return rounded(Fraction(100 * part, whole)) if whole > 0 else None


def average(total: int, number: int) -> int | None:
    found = rounded(Fraction(total, number), "1") if number > 0 else None
    return None if found is None else int(found)


def rtp(facts: list[Fact]) -> Decimal | None:
    return percent(money(facts, "win"), net_stake(facts))


def hold(facts: list[Fact]) -> Decimal | None:
    net = net_stake(facts)
    return rounded(100 - Fraction(100 * money(facts, "win"), net)) if net > 0 else None


def days_of(query: Query, key: tuple[str, ...] | None) -> set[date]:
    """The days of the period that lie in a row."""
    every = {query.first + timedelta(days=n) for n in range((query.last - query.first).days + 1)}
    time = next((n for n, one in enumerate(query.by) if one in IN_TIME), None)
    if key is None or time is None or query.by[time] == "hour":
        return every
    return {day for day in every if key_of(query.by[time], day) == key[time]}


def days_before(query: Query, key: tuple[str, ...] | None, against: str) -> int:
    """How many days of the earlier period a row tells: from its first to before the next's."""
    days = days_of(query, key)
    back = {"previous": None, "year": 12}[against]
    if against == "previous":
        after = query.last + timedelta(days=1)
        if not (query.first.day == 1 and after.day == 1):
            return len(days)
        back = 12 * (after.year - query.first.year) + after.month - query.first.month
    assert back is not None
    return (
        months_later(max(days) + timedelta(days=1), -back) - months_later(min(days), -back)
    ).days


def change(now: int, now_days: int, before: int | None, before_days: int) -> Decimal | None:
    if before is None or before <= 0 or now_days <= 0:
        return None
    return rounded(100 * (Fraction(now * before_days, before * now_days) - 1))


def newest_days(world: World, query: Query) -> list[DeclaredDay]:
    """The last version of each declaration of the period, as it stood at the moment asked for."""
    found: dict[tuple[int, date], DeclaredDay] = {}
    for one in sorted(world.declared_days, key=lambda one: one.version):
        if (
            query.first <= one.day <= query.last
            and one.currency == query.currency
            and (query.operators is None or one.operator in query.operators)
            and (query.as_of is None or one.declared_at <= query.as_of)
        ):
            found[one.operator, one.day] = one
    return list(found.values())


def received_of(world: World, query: Query, one: DeclaredDay) -> list[Fact]:
    """What had come of an operator's day."""
    return [
        fact
        for fact in world.facts
        if (fact.operator, fact.day, fact.currency) == (one.operator, one.day, one.currency)
        and (query.as_of is None or fact.received_at <= query.as_of)
    ]


def by_declaration(world: World, query: Query) -> dict[tuple[str, ...] | None, list[DeclaredDay]]:
    """Declared days by key, and all under None: by operators and time alone."""
    if query.gambling_types or query.licences or query.channels:
        return {}
    found: dict[tuple[str, ...] | None, list[DeclaredDay]] = defaultdict(list)
    for one in newest_days(world, query):
        found[None].append(one)
        if query.by and set(query.by) <= {"operator", *IN_TIME} - {"hour"}:
            key = tuple(
                str(one.operator) if name == "operator" else key_of(name, one.day)
                for name in query.by
            )
            found[key].append(one)
    return found


def declared_ggr(one: DeclaredDay) -> int:
    bet, win, refund = one.sums[:3]
    return bet - refund - win


def last_declared(own: list[DeclaredDay]) -> list[DeclaredDay]:
    """Each operator's last declared day."""
    newest: dict[int, DeclaredDay] = {}
    for one in sorted(own, key=lambda one: one.day):
        newest[one.operator] = one
    return list(newest.values())


def r03(world: World, query: Query) -> Rows:
    facts = chosen(world, query)
    told = not set(query.by) & {"hour", "month", "quarter", "year"}
    earlier = grouped(facts, query, later(query, "week")) if told else {}
    rows: Rows = {}
    for key, own in grouped(facts, query).items():
        before = net_stake(earlier[key]) if key in earlier else None
        bets, stake, net = count(own, "bet"), money(own, "bet"), net_stake(own)
        rows[key] = {
            "bet_count": bets,
            "stake_minor": stake,
            "refund_count": count(own, "refund"),
            "refund_minor": money(own, "refund"),
            "net_stake_minor": net,
            "win_count": count(own, "win"),
            "win_minor": money(own, "win"),
            "ggr_minor": ggr(own),
            "rtp_percent": rtp(own),
            "hold_percent": hold(own),
            "average_stake_minor": average(net, bets - count(own, "refund")),
            "refund_percent": percent(money(own, "refund"), stake),
            "week_before_minor": before,
            "week_change_percent": change(net, 1, before, 1),
        }
    return rows


def r09(world: World, query: Query) -> Rows:
    facts = chosen(world, query)
    previous = grouped(facts, query, later(query, "previous"))
    year = grouped(facts, query, later(query, "year"))
    by_hours = {"hour", "week", "channel", "payment", "breach", "game", "equipment"}
    cumulated = query.channels is None and query.games is None and not by_hours & set(query.by)
    time = next((n for n, one in enumerate(query.by) if one in IN_TIME), None)
    rows: Rows = {}
    told = by_declaration(world, query)
    groups = grouped(facts, query)
    for key in told:
        groups.setdefault(key, [])
    for key, own in groups.items():
        to_date: int | None = None
        if cumulated and (key is not None or time is None or query.first.year == query.last.year):
            last = max(days_of(query, key))
            others = [one for one in query.by if one not in IN_TIME]
            names = (
                None
                if key is None
                else tuple(
                    part for part, one in zip(key, query.by, strict=True) if one not in IN_TIME
                )
            )
            to_date = ggr(
                [
                    fact
                    for fact in facts
                    if date(last.year, 1, 1) <= fact.day <= last
                    and (names is None or fact_key(fact, fact.day, others) == names)
                ]
            )
        before = ggr(previous[key]) if key in previous else None
        year_before = ggr(year[key]) if key in year else None
        days = len(days_of(query, key))
        rows[key] = {
            "stake_minor": money(own, "bet"),
            "refund_minor": money(own, "refund"),
            "net_stake_minor": net_stake(own),
            "win_minor": money(own, "win"),
            "ggr_minor": ggr(own),
            "hold_percent": hold(own),
            "year_to_date_minor": to_date,
            "previous_ggr_minor": before,
            "previous_change_percent": change(
                ggr(own), days, before, days_before(query, key, "previous")
            ),
            "year_before_ggr_minor": year_before,
            "year_change_percent": change(
                ggr(own), days, year_before, days_before(query, key, "year")
            ),
            "declared_days": None,
            "declared_ggr_minor": None,
            "declared_difference_minor": None,
            "declared_difference_percent": None,
            "open_bets_minor": None,
        }
        if key in told:
            declared = sum(map(declared_ggr, told[key]))
            observed = sum(ggr(received_of(world, query, one)) for one in told[key])
            rows[key] |= {
                "declared_days": len(told[key]),
                "declared_ggr_minor": declared,
                "declared_difference_minor": declared - observed,
                "declared_difference_percent": percent(declared - observed, observed),
                "open_bets_minor": sum(one.open_bets for one in last_declared(told[key])),
            }
    return rows


# From the smallest amount of each band on, minor units.
BANDS = {
    "101": 0, "102": 100_00, "103": 500_00, "104": 1_000_00, "105": 5_000_00, "106": 20_000_00,
    "107": 50_000_00,
}  # fmt: skip


def r10_by_amount(world: World, query: Query) -> Rows:
    whole = r10(world, replace(query, by=()))
    groups: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in in_period(chosen(world, query), query):
        band = "none"
        if fact.day in world.counted_days:
            band = max(one for one, least in BANDS.items() if least <= fact.amount)
        if fact.type in ("deposit", "withdrawal"):
            key = tuple(
                band if one == "amount_band" else fact_key(fact, fact.day, (one,))[0]
                for one in query.by
            )
            groups[key].append(fact)
    for key, own in groups.items():
        deposit, withdrawal = money(own, "deposit"), money(own, "withdrawal")
        deposits, withdrawals = count(own, "deposit"), count(own, "withdrawal")
        if "none" in key and not any((deposit, withdrawal, deposits, withdrawals)):
            continue
        whole[key] = dict.fromkeys(whole[None]) | {
            "deposit_count": deposits,
            "deposit_minor": deposit,
            "withdrawal_count": withdrawals,
            "withdrawal_minor": withdrawal,
            "net_flow_minor": deposit - withdrawal,
            "withdrawal_percent": percent(withdrawal, deposit),
            "average_deposit_minor": average(deposit, deposits),
            "average_withdrawal_minor": average(withdrawal, withdrawals),
        }
    return whole


def limits_on(world: World, day: date) -> dict[str, Limit]:
    held = sorted((one for one in world.limits if one.since <= day), key=lambda one: one.since)
    return {kind: one for kind, one in {one.kind: one for one in held}.items() if one.value}


def _passed(facts: list[Fact], limits: dict[str, Limit]) -> int:
    """Accounts of one operator and day that took in much, staked little, gave out most."""
    least, stake, drawn = (
        limits[f"pass_{one}"].value or 0 for one in ("deposit", "stake", "withdrawal")
    )
    found = 0
    for player in {fact.player for fact in facts}:
        own = [fact for fact in facts if fact.player == player]
        paid_in = money(own, "deposit")
        if paid_in >= least:
            played = Fraction(net_stake(own), paid_in) < Fraction(stake, 10**6)
            found += played and Fraction(money(own, "withdrawal"), paid_in) > Fraction(drawn, 10**6)
    return found


def _apart(
    world: World, query: Query, key: tuple[str, ...] | None, own: list[Fact]
) -> dict[str, Any]:
    """Large deposits and accounts that money passed through, of closed days, in hryvnias."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("large_deposit_count", "large_deposit_minor", "pass_through_count",
         "unverified_limit_count"))  # fmt: skip
    narrowed = (query.gambling_types, query.licences, query.channels)
    by_time_alone = key is None or set(query.by) <= {"operator", *IN_TIME} - {"hour"}
    if query.currency != 980 or not by_time_alone or any(one is not None for one in narrowed):
        return nothing
    days = {
        day
        for day in days_of(query, key) & world.counted_days
        if query.as_of is None or closes(day) <= query.as_of
    }
    groups: dict[tuple[int, date], list[Fact]] = defaultdict(list)
    for fact in own:
        if fact.day in days:
            groups[fact.operator, fact.day].append(fact)
    # What is kept of a day holds what came until it was counted, and tells nothing of before.
    again = query.as_of is not None and any(world.counted_at[day] > query.as_of for day in days)
    if not groups or again:
        return nothing
    found = dict(nothing)
    for (_, day), facts in groups.items():
        limits = limits_on(world, day)
        if "large_deposit" in limits:
            least = limits["large_deposit"].value or 0
            large = [one for one in facts if one.type == "deposit" and one.amount >= least]
            for name, more in (
                ("large_deposit_count", count(large, "deposit")),
                ("large_deposit_minor", money(large, "deposit")),
            ):
                found[name] = (found[name] or 0) + more
        if {"pass_deposit", "pass_stake", "pass_withdrawal"} <= limits.keys():
            passed = _passed(facts, limits)
            found["pass_through_count"] = (found["pass_through_count"] or 0) + passed
    used = {
        limit.id
        for day in days
        for limit in limits_on(world, day).values()
        if limit.unverified(query.as_of)
    }
    return found | {"unverified_limit_count": len(used)}


def r10(world: World, query: Query) -> Rows:
    if "amount_band" in query.by:
        return r10_by_amount(world, query)
    rows: Rows = {}
    told = by_declaration(world, query)
    groups = grouped(chosen(world, query), query)
    for key in told:
        groups.setdefault(key, [])
    for key, own in groups.items():
        deposit, withdrawal = money(own, "deposit"), money(own, "withdrawal")
        rows[key] = {
            "deposit_count": count(own, "deposit"),
            "deposit_minor": deposit,
            "withdrawal_count": count(own, "withdrawal"),
            "withdrawal_minor": withdrawal,
            "net_flow_minor": deposit - withdrawal,
            "withdrawal_percent": percent(withdrawal, deposit),
            "turnover_percent": percent(net_stake(own), deposit),
            "average_deposit_minor": average(deposit, count(own, "deposit")),
            "average_withdrawal_minor": average(withdrawal, count(own, "withdrawal")),
            "ggr_minor": ggr(own),
            "balance_change_minor": deposit - withdrawal - ggr(own),
            "declared_days": None,
            "declared_balance_change_minor": None,
            "identity_error_minor": None,
            "balance_liability_minor": None,
        } | _apart(world, query, key, own)
        if key in told:
            grown = sum(one.closing - one.opening for one in told[key])
            seen = [received_of(world, query, one) for one in told[key]]
            flow = sum(money(part, "deposit") - money(part, "withdrawal") for part in seen)
            rows[key] |= {
                "declared_days": len(told[key]),
                "declared_balance_change_minor": grown,
                "identity_error_minor": grown - (flow - sum(map(ggr, seen))),
                "balance_liability_minor": sum(one.closing for one in last_declared(told[key])),
            }
    return rows


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=KYIV)


def standing(things: dict[int, Thing], query: Query, operator: int | None) -> dict[int, Thing]:
    """What is registered as active when the period ends, of one operator or of all."""
    end = midnight(query.last + timedelta(days=1))
    return {
        id_: one
        for id_, one in things.items()
        if one.since < end <= one.until
        and (query.operators is None or one.operator in query.operators)
        and operator in (None, one.operator)
    }


def whose_estate(query: Query, key: tuple[str, ...] | None) -> tuple[bool, int | None]:
    """Whether places and equipment are told of a row, and of which operator."""
    told = (query.gambling_types, query.licences, query.channels) == (None, None, None)
    if key is None:
        return told, None
    return told and query.by == ("operator",), int(key[0]) if query.by == ("operator",) else None


def r04(world: World, query: Query) -> Rows:
    """Every licence that the filters leave over, with bets or without."""
    facts = in_period(chosen(world, query), query)
    kept = {
        licence: (operator, kind, until)
        for licence, (operator, kind, until) in world.licences.items()
        if (query.operators is None or operator in query.operators)
        and (query.gambling_types is None or kind in query.gambling_types)
        and (query.licences is None or licence in query.licences)
        and (
            query.channels is None
            or operator in {world.channels[one].operator for one in query.channels}
        )
    }
    if {"channel", "object_kind", "rule"} & set(query.by):
        rows = {None: r04(world, replace(query, by=()))[None]}
        return rows | _objects(world, query, [one for one in facts if one.licence in kept])
    end = midnight(query.last + timedelta(days=1))
    statuses = {licence: status(world.register.licences[licence], end) for licence in kept}
    groups: dict[tuple[str, ...] | None, list[int]] = defaultdict(list)
    groups[None] = list(kept)
    for licence, (operator, kind, _) in kept.items():
        own = {"licence": licence, "operator": operator, "gambling_type": kind}
        if query.by:
            groups[tuple(str(own[one]) for one in query.by)].append(licence)
    rows: Rows = {}
    for key, licences in groups.items():
        own = [fact for fact in facts if fact.licence in licences]
        standings = [statuses[licence] for licence in licences]
        ends = min((kept[licence][2] for licence in licences), default=None)
        rows[key] = {
            "valid_until": ends,
            "days_left": (ends.astimezone(KYIV).date() - query.last).days if ends else None,
            **_breaches(own),
            "licence_status": standings[0] if len(set(standings)) == 1 else None,
            "licence_count": len(standings),
            "licence_in_force_count": standings.count("active"),
            "active_key_count": None,
            "expired_certificate_count": None,
            "equipment_count": None,
            "active_equipment_count": None,
            "silent_equipment_count": None,
        }
        told, operator = whose_estate(query, key)
        if told:
            there = standing(world.equipment, query, operator)
            playing = {
                (fact.operator, fact.equipment)
                for fact in in_period(world.facts, query)
                if query.as_of is None or fact.received_at <= query.as_of
            }
            played = query.as_of is None or (query.last - query.first).days < 93
            silent = [id_ for id_, one in there.items() if (one.operator, id_) not in playing]
            rows[key] |= {
                "equipment_count": len(there),
                "active_equipment_count": len(there) - len(silent) if played else None,
                "silent_equipment_count": len(silent) if played else None,
                "active_key_count": len(
                    [one for one in world.register.keys if holds(one, end)
                     and (query.operators is None or one.operator in query.operators)
                     and operator in (None, one.operator)]
                ),
                "expired_certificate_count": len(
                    [one for one in world.register.certified
                     if one.certificates and one.since < end <= one.until
                     and not any(since < end <= until for since, until in one.certificates)
                     and (query.operators is None or one.operator in query.operators)
                     and operator in (None, one.operator)]
                ),
            }  # fmt: skip
    return rows


def holds(term: Term, end: datetime) -> bool:
    return term.since < end <= term.until and end <= term.revoked


def status(term: Term, end: datetime) -> str:
    """How a licence stands when the period ends."""
    if term.revoked < end:
        return "revoked"
    if term.until < end:
        return "expired"
    if term.since >= end:
        return "upcoming"
    return "suspended" if any(a < end <= b for a, b in term.suspended) else "active"


def _breaches(own: list[Fact]) -> dict[str, int]:
    marked = {mark: [fact for fact in own if fact.breach & mark] for mark in (1, 2, 4)}
    return {
        "bet_count": count(own, "bet"),
        "stake_minor": money(own, "bet"),
        "outside_licence_count": count(marked[1], "bet"),
        "outside_licence_stake_minor": money(marked[1], "bet"),
        "other_type_count": count(marked[2], "bet"),
        "other_type_stake_minor": money(marked[2], "bet"),
        "inactive_object_count": count(marked[4], "bet"),
        "inactive_object_stake_minor": money(marked[4], "bet"),
    }


def _objects(world: World, query: Query, facts: list[Fact]) -> Rows:
    """R04 by place, kind of place or breach: of what there are records."""
    groups: dict[tuple[str, ...] | None, list[Fact]] = defaultdict(list)
    for fact in facts:
        marks = [mark for mark in (1, 2, 4) if fact.breach & mark]
        for mark in marks if "rule" in query.by else [0]:
            place = world.channels.get(fact.channel)
            own = {"rule": f"breach:{mark}", "object_kind": place.kind if place else "none"}
            groups[
                tuple(own[one] if one in own else str(getattr(fact, one)) for one in query.by)
            ].append(fact)
    absent = dict.fromkeys(
        ("valid_until", "days_left", "equipment_count", "active_equipment_count",
         "silent_equipment_count", "licence_status", "licence_count", "licence_in_force_count",
         "active_key_count", "expired_certificate_count")
    )  # fmt: skip
    return {key: {**_breaches(own), **absent} for key, own in groups.items()}


STAKES = [100, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 500_000]
OF_ROUNDS = ("bet", "win", "refund")


def game_key(world: World, fact: Fact, dimension: str) -> str:
    """The key of a fact of a game: what the game is of, or the stake of its round."""
    if dimension == "gambling_type":
        return str(world.games[fact.game][0])
    if dimension in ("provider", "version"):
        parts = 1 if dimension == "provider" else 3
        own = world.makers[fact.game][:parts]
        return str(min(one for one in world.games if world.makers[one][:parts] == own))
    if dimension == "stake_band":
        stake = stake_of(world, fact)
        return str(0 if stake is None else 1 + bisect_right(STAKES, stake))
    return fact_key(fact, fact.day, [dimension])[0]


def r05(world: World, query: Query) -> Rows:
    facts = [
        fact
        for fact in in_period(chosen(world, query, of_games=True), query)
        if fact.game in world.games
        and world.games[fact.game][0] not in world.unrated_types
        and (query.gambling_types is None or world.games[fact.game][0] in query.gambling_types)
    ]
    groups: dict[tuple[str, ...] | None, list[Fact]] = defaultdict(list)
    if query.channels or {"channel", "stake_band"} & set(query.by):
        facts = [fact for fact in facts if closed(world, fact.day) and fact.type in OF_ROUNDS]
    groups[None] = facts
    for fact in facts:
        if query.by:
            groups[tuple(game_key(world, fact, one) for one in query.by)].append(fact)
    paid: dict[tuple[str, ...] | None, list[Paid]] = defaultdict(list)
    seen = {id(fact) for fact in facts}
    paid[None] = [one for one in paid_rounds(world) if id(one.fact) in seen]
    for one in paid[None]:
        if query.by:
            paid[tuple(game_key(world, one.fact, by) for by in query.by)].append(one)
    rows: Rows = {}
    for key, own in groups.items():
        declared = [fact for fact in own if world.games[fact.game][1] is not None]
        weight = net_stake(declared)
        weighted = sum(net_stake([fact]) * (world.games[fact.game][1] or 0) for fact in declared)
        mean = rounded(Fraction(weighted, 10_000 * weight)) if weight > 0 else None
        observed = rtp(own)
        rows[key] = {
            "bet_count": count(own, "bet"),
            "net_stake_minor": net_stake(own),
            "win_minor": money(own, "win"),
            "declared_rtp_percent": mean,
            "rtp_percent": observed,
            "rtp_difference": None if mean is None or observed is None else observed - mean,
            "undeclared_stake_minor": net_stake(own) - weight,
        } | returned(world, paid[key], query)
    judge(rows)
    return rows


def returned(world: World, own: list[Paid], query: Query) -> dict[str, Any]:
    """What paid rounds returned beside what their games declare; ``judge`` says what it means."""
    told = dict.fromkeys(
        ("round_count", "unit_rtp_percent", "hit_percent", "declared_sigma", "observed_sigma",
         "band_points", "z_score", "log_e_low", "log_e_high", "return_verdict")
    )  # fmt: skip
    if query.as_of is not None or "equipment" in query.by:
        return told
    rounds = told["round_count"] = sum(one.rounds for one in own)
    if rounds > 0:
        multiples, squares = sum(one.multiple for one in own), sum(one.square for one in own)
        told["unit_rtp_percent"] = rounded(Fraction(multiples, 10_000 * rounds))
        told["hit_percent"] = rounded(Fraction(100 * sum(one.hits for one in own), rounds))
        if (spread := squares * rounds - multiples**2) >= 0:
            told["observed_sigma"] = root(Fraction(spread, (rounds * 1_000_000) ** 2))
    rated = [one for one in own if None not in world.games[one.fact.game][1:]]
    number = sum(one.rounds for one in rated)
    should, spreads = (
        [world.games[one.fact.game][place] or 0 for one in rated] for place in (1, 2)
    )
    gap = sum(rtp * one.rounds - one.multiple for one, rtp in zip(rated, should, strict=True))
    distance = sum(
        one.square - 2 * rtp * one.multiple + rtp**2 * one.rounds
        for one, rtp in zip(rated, should, strict=True)
    )
    variance = sum(spread**2 * one.rounds for one, spread in zip(rated, spreads, strict=True))
    if number > 0 and variance > 0 and distance >= 0:
        told["declared_sigma"] = root(Fraction(variance, number * 10**12))
        told["band_points"] = root(Fraction(variance * 2576**2, (number * 10_000 * 1000) ** 2))
        size = root(Fraction(gap**2, variance))
        told["z_score"] = -size if gap > 0 else size
        told["log_e_low"], told["log_e_high"] = (
            evidence(way * gap / 1e6, (distance + 2 * variance) / 3e12, variance / number / 1e12)
            for way in (1, -1)
        )
        told["return_verdict"] = "below" if gap > 0 else "above"
    return told


def root(square: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = 60
        exact = (Decimal(square.numerator) / Decimal(square.denominator)).sqrt()
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def evidence(gap: float, spread: float, variance: float) -> float:
    """The mean of four mixtures of bets, each with a half-normal prior; as logarithm."""
    found = []
    for rounds in (1e4, 1e5, 1e6, 1e7):
        wide = variance * rounds / 20
        z = -gap / math.sqrt(2 * (wide + spread))
        tail = -math.log(z * math.sqrt(math.pi)) if z > 25 else z * z + math.log(math.erfc(z))
        found.append(math.log(wide / (wide + spread)) / 2 + tail)
    return math.log(sum(math.exp(one - max(found)) for one in found) / 4) + max(found)


def judge(rows: Rows) -> None:
    """The verdicts of rows: proven among all of them, worth a look by e-BH, or within."""
    for told in ([None], [key for key in rows if key is not None]):
        proofs = {}
        for key in told:
            low, high = rows[key]["log_e_low"], rows[key]["log_e_high"]
            if low is not None:
                most = max(low, high)
                proofs[key] = most + math.log((math.exp(low - most) + math.exp(high - most)) / 2)
                rows[key] |= {
                    "log_e_low": rounded(Fraction(low)), "log_e_high": rounded(Fraction(high))
                }  # fmt: skip
        ranked = sorted(proofs, key=lambda key: -proofs[key])
        passed = [
            place
            for place, key in enumerate(ranked, 1)
            if proofs[key] >= math.log(len(ranked) / (0.1 * place))
        ]
        for place, key in enumerate(ranked, 1):
            if proofs[key] < math.log(len(ranked) / 0.01):
                rows[key]["return_verdict"] = "watch" if place <= max(passed, default=0) else "fair"


def r06(world: World, query: Query) -> Rows:
    narrowed = (query.gambling_types, query.licences, query.channels)
    found: list[tuple[list[str], int, date, int, int, int, int]] = []
    for fact in in_period(chosen(world, query), query):
        if marks := [f"breach:{mark}" for mark in (1, 2, 4, 8) if fact.breach & mark]:
            stake = fact.sign * fact.amount if fact.type == "bet" else 0
            found.append(
                (
                    marks,
                    fact.operator,
                    fact.day,
                    fact.sign,
                    0,
                    stake,
                    fact.sign if fact.breach & 3 else 0,
                )
            )
    for one in world.refusals:
        day = one.refused_at.astimezone(KYIV).date()
        if (
            query.first <= day <= query.last
            and (query.as_of is None or one.refused_at <= query.as_of)
            and (query.operators is None or one.operator in query.operators)
            and narrowed == (None, None, None)
        ):
            found.append(([f"refusal:{one.code}"], one.operator, day, 0, 1, 0, 0))
    groups: dict[tuple[str, ...] | None, list[Any]] = defaultdict(list)
    groups[None] = found
    by_rule = "rule" in query.by
    for row in found:
        critical = {"breach:1", "breach:2"} & set(row[0])
        for rule in row[0] if by_rule else row[0][:1]:
            grave = rule in ("breach:1", "breach:2") if by_rule else critical
            own = {
                "rule": rule,
                "operator": str(row[1]),
                "severity": "critical" if grave else "other",
            }
            key = tuple(own[one] if one in own else key_of(one, row[2]) for one in query.by)
            if query.by:
                groups[key].append(row)
    return {
        key: {
            "record_count": sum(row[3] for row in own),
            "critical_count": sum(row[6] for row in own),
            "batch_count": sum(row[4] for row in own),
            "amount_minor": sum(row[5] for row in own),
            "operator_count": len({row[1] for row in own}),
            "repeat_count": _repeats(own, key[query.by.index("rule")] if key and by_rule else None),
        }
        for key, own in groups.items()
    }


def _repeats(found: list[Any], rule: str | None) -> int:
    """Days on which an operator broke a rule again, of one or of all; cancelled since or not."""
    days = {
        (mark, row[1], row[2]) for row in found for mark in (row[0] if rule is None else [rule])
    }
    return len(days) - len({one[:2] for one in days})


def accounts_of(
    world: World, query: Query, grain: str, kinds: tuple[int, ...] | None
) -> dict[tuple[int, int, str], dict[str, set[date]]]:
    """The days on which accounts were active, by operator, kind of gambling (0: all) and period.

    A bet counts unless it was taken back before 03:00 of the next day; in any currency, of any day.
    """
    found: dict[tuple[int, int, str], dict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for fact in world.facts:
        if (
            _stands(fact)
            and fact.day >= world.accounts_from
            and (query.operators is None or fact.operator in query.operators)
        ):
            for kind in (0, fact.gambling_type):
                if kinds is None or kind in kinds:
                    period = key_of(grain, fact.day)
                    found[fact.operator, kind, period][fact.player].add(fact.day)
    return found


def _whole(query: Query, today: date) -> str | None:
    """The one day, week, month or quarter that all the days asked for are, up to today."""
    for grain in ("day", "week", "month", "quarter"):
        before, after = query.first - timedelta(days=1), query.last + timedelta(days=1)
        begins = key_of(grain, before) != key_of(grain, query.first)
        within = key_of(grain, query.last) == key_of(grain, query.first)
        ends = key_of(grain, after) != key_of(grain, query.last) or query.last >= today
        if begins and within and ends:
            return grain
    return None


def r07_by_cohort(world: World, query: Query, today: date) -> Rows:
    """By the month of the first bet, in whole months; what is of none of them under ``none``."""
    whole = r07(world, replace(query, by=()), today)
    by_type = "gambling_type" in query.by
    firsts: dict[tuple[int, int, str], date] = {}
    played: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
    for (operator, kind, day), players in accounts_of(world, query, "day", None).items():
        if by_type == (kind > 0) and (not kind or kind in (query.gambling_types or (kind,))):
            for player in players:
                own, on = (operator, kind, player), date.fromisoformat(day)
                firsts[own] = min(firsts.get(own, date.max), on)
                if on <= world.closed_day:
                    played[key_of("month", on)].add(own)
    days = sorted(days_of(query, None))
    months = {
        key_of("month", day)
        for day in days
        if day.day == 1
        and (months_later(day, 1) <= days[-1] + timedelta(days=1) or days[-1] >= today)
    }

    def key(operator: int, kind: int, month: str, cohort: str) -> tuple[str, ...]:
        known = {"operator": operator, "gambling_type": kind, "month": month, "cohort": cohort}
        return tuple(str(known[one]) for one in query.by)

    accounts: dict[tuple[str, ...], int] = defaultdict(int)
    for month in months:
        for operator, kind, player in played[month]:
            cohort = key_of("month", firsts[operator, kind, player])
            accounts[key(operator, kind, month, cohort)] += 1
    told: dict[tuple[str, ...], list[Fact]] = defaultdict(list)
    for fact in in_period(chosen(world, query), query):
        kind, month = fact.gambling_type if by_type else 0, key_of("month", fact.day)
        first = firsts.get((fact.operator, kind, fact.player), date.max)
        cohort = "none"
        if (
            month in months
            and world.accounts_from <= fact.day <= world.closed_day
            and first <= world.closed_day
            and key_of("month", first) <= month
        ):
            cohort = key_of("month", first)
        told[key(fact.operator, kind, month, cohort)].append(fact)
    for one in accounts.keys() | told.keys():
        facts, number = told.get(one, []), accounts.get(one, 0)
        if "none" in one and not net_stake(facts) and not ggr(facts):
            continue
        counted = "none" not in one and ("month" in query.by or len(months) == 1)
        whole[one] = dict.fromkeys(whole[None]) | {
            "active_count": number if counted else None,
            "net_stake_minor": net_stake(facts),
            "ggr_minor": ggr(facts),
            "arppa_minor": average(ggr(facts), number) if counted else None,
        }
    return whole


def r07(world: World, query: Query, today: date | None = None) -> Rows:
    today = today or datetime.now(KYIV).date()
    if "cohort" in query.by:
        return r07_by_cohort(world, query, today)
    time = next((one for one in query.by if one in IN_TIME), None)
    whole = _whole(query, today)
    rows: Rows = {}
    for key, own in grouped(chosen(world, query), query).items():
        night = [fact for fact in own if fact.at_night]
        bets = count(own, "bet")
        rows[key] = {
            "bet_count": bets,
            "net_stake_minor": net_stake(own),
            "ggr_minor": ggr(own),
            "average_stake_minor": average(net_stake(own), bets - count(own, "refund")),
            "night_bet_count": count(night, "bet"),
            "night_bet_percent": percent(count(night, "bet"), bets),
            "night_stake_minor": net_stake(night),
            "night_stake_percent": percent(net_stake(night), net_stake(own)),
        } | _accounts(world, query, key, own, whole if key is None else time or whole, today)
    return rows


def _accounts(
    world: World,
    query: Query,
    key: tuple[str, ...] | None,
    own: list[Fact],
    grain: str | None,
    today: date,
) -> dict[str, Any]:
    names = (
        "active_count", "new_count", "returning_count", "mean_daily_active",
        "daily_to_period_percent", "active_days_per_account", "bets_per_active",
        "stake_per_active_minor", "arppa_minor",
    )  # fmt: skip
    nothing: dict[str, Any] = dict.fromkeys((*names, *SPREAD))
    told = dict(zip(query.by, key or (), strict=False))
    kinds = query.gambling_types
    if "gambling_type" in told:
        kinds = (int(told["gambling_type"]),)
    counted_by = {"operator", "gambling_type", "day", "week", "month", "quarter"}
    if (
        grain not in counted_by
        or (key is not None and not set(query.by) <= counted_by)
        or query.licences is not None
        or (kinds is not None and len(kinds) > 1)
    ):
        return nothing
    period = next((told[one] for one in IN_TIME if one in told), key_of(grain, query.first))
    days = [one for one in _days_around(query) if key_of(grain, one) == period]
    if days[0] < query.first or (days[-1] > query.last and query.last < today):
        return nothing
    kind = kinds[0] if kinds else 0
    # What came since the moment, of accounts that the row counts.
    late = [
        fact.day
        for fact in world.facts
        if query.as_of is not None
        and fact.received_at > query.as_of
        and (query.operators is None or fact.operator in query.operators)
        and str(fact.operator) == told.get("operator", str(fact.operator))
        and kind in (0, fact.gambling_type)
        and fact.day <= days[-1]
    ]
    if query.as_of is not None and (
        closes(days[-1]) > query.as_of or max(late, default=date.min) >= days[0]
    ):
        return nothing
    every = accounts_of(world, query, grain, (kind,))
    active: dict[tuple[int, str], set[date]] = {}
    first_days: dict[tuple[int, str], date] = {}
    for (operator, _, start), players in every.items():
        if "operator" in told and operator != int(told["operator"]):
            continue
        for player, played in players.items():
            known = first_days.get((operator, player), date.max)
            first_days[operator, player] = min(known, *played)
            if start == period:
                active[operator, player] = played
    if not active and not own:
        return nothing
    new = sum(first_days[one] in played for one, played in active.items())
    number, played_days = len(active), sum(map(len, active.values()))
    begun = sum(one <= today for one in days)

    def per(total: int, many: int) -> Decimal | None:
        return rounded(Fraction(total, many), "0.01") if many else None

    return {
        "active_count": number,
        "new_count": None if late else new,
        "returning_count": None if late else number - new,
        "mean_daily_active": per(played_days, begun) if number else None,
        "daily_to_period_percent": per(100 * played_days, begun * number),
        "active_days_per_account": per(played_days, number),
        "bets_per_active": per(count(own, "bet"), number),
        "stake_per_active_minor": average(money(own, "bet"), number),
        "arppa_minor": average(ggr(own), number),
    } | _spread(world, query, told.get("operator"), kind, grain, days[0])


LOSSES = {
    "loss_1000_count": 1_000_00,
    "loss_10000_count": 10_000_00,
    "loss_100000_count": 100_000_00,
}
SPREAD = ("top1_share_percent", "top10_share_percent", "night_account_count", *LOSSES)


def _spread(
    world: World, query: Query, operator: str | None, kind: int, grain: str, start: date
) -> dict[str, Any]:
    """How GGR is spread over the accounts active in the closed days of a period, of ten and more.

    Of all operators or of one; an account is one operator's. Active in a currency is an account
    with a bet in it that was not taken back before its day closed.
    """
    whose = {int(operator)} if operator else set(query.operators or ())
    until = world.spread_until.get((grain, start))
    if until is None or len(whose) > 1:
        return dict.fromkeys(SPREAD)
    accounts: dict[tuple[int, str], list[Fact]] = defaultdict(list)
    for fact in world.facts:
        if (
            start <= fact.day <= until
            and fact.currency == query.currency
            and kind in (0, fact.gambling_type)
            and (not whose or fact.operator in whose)
        ):
            accounts[fact.operator, fact.player].append(fact)
    active = [own for own in accounts.values() if any(map(_stands, own))]
    if len(active) < 10:
        return dict.fromkeys(SPREAD)
    results = sorted((ggr(own) for own in active), reverse=True)
    gains = [max(one, 0) for one in results]
    nights = [money([one for one in own if one.at_night], "bet") for own in active]

    def share(percents: int) -> Decimal | None:
        most = gains[: math.ceil(Fraction(percents * len(gains), 100))]
        return rounded(Fraction(100 * sum(most), sum(gains)), "0.01") if sum(gains) else None

    return {
        "top1_share_percent": share(1),
        "top10_share_percent": share(10),
        "night_account_count": sum(one > 0 for one in nights),
    } | {name: sum(one > least for one in results) for name, least in LOSSES.items()}


def _stands(fact: Fact) -> bool:
    """Whether it is a bet that was not taken back before 03:00 of the day after it."""
    closes = midnight(fact.day + timedelta(days=1)) + timedelta(hours=3)
    return (
        fact.type == "bet"
        and fact.sign > 0
        and (fact.taken_back_at is None or fact.taken_back_at >= closes)
    )


def _days_around(query: Query) -> list[date]:
    first = query.first - timedelta(days=100)
    return [first + timedelta(days=n) for n in range((query.last - first).days + 101)]


def _trends(facts: list[Fact], query: Query) -> dict[Any, Decimal | None]:
    """The slope of the last 12 whole months over their mean: of all under None, else by operator
    and kind of gambling, None where rows are not by them; none where rows are by anything else.
    """
    until = (query.last + timedelta(days=1)).replace(day=1)
    months = [months_later(until, number - 12) for number in range(12)]
    sums: dict[Any, dict[date, int]] = defaultdict(dict)
    for month in months:
        of_month = [one for one in facts if one.day.replace(day=1) == month]
        keyed: dict[Any, list[Fact]] = defaultdict(list)
        for one in of_month:
            keyed[None].append(one)
            if query.by and set(query.by) <= {"operator", "gambling_type"}:
                operator = one.operator if "operator" in query.by else None
                kind = str(one.gambling_type) if "gambling_type" in query.by else None
                keyed[operator, kind].append(one)
        for key, own in keyed.items():
            sums[key][month] = ggr(own)
    found = {}
    for key, by_month in sums.items():
        a_day = [
            Fraction(by_month.get(one, 0), (months_later(one, 1) - one).days) for one in months
        ]
        if len(by_month) == 12 and sum(a_day) > 0:
            slope = sum((n - Fraction(11, 2)) * y for n, y in enumerate(a_day)) / 143
            found[key] = rounded(100 * slope / (sum(a_day) / 12))
    return found


def r08(world: World, query: Query, *, own: bool = False) -> Rows:
    """``own``: as an operator sees it, nothing of the market."""
    facts = chosen(world, query)
    cell_by = tuple(one for one in query.by if one != "operator")

    def cell_of(fact: Fact, day: date) -> tuple[str, ...]:
        return tuple(
            str(world.regions[fact.channel]) if one == "region" else fact_key(fact, day, (one,))[0]
            for one in cell_by
        )

    trends = _trends(facts, query)

    def cells(told: Callable[[date], date]) -> dict[Any, dict[int, list[Fact]]]:
        found: dict[Any, dict[int, list[Fact]]] = defaultdict(lambda: defaultdict(list))
        for fact in facts:
            day = told(fact.day)
            if query.first <= day <= query.last:
                found[None][fact.operator].append(fact)
                if query.by:
                    found[cell_of(fact, day)][fact.operator].append(fact)
        return found

    spans = {
        "now": cells(lambda day: day),
        "previous": cells(later(query, "previous")),
        "year": cells(later(query, "year")),
    }
    revenue = {
        span: {
            cell: {operator: ggr(own) for operator, own in parts.items()}
            for cell, parts in found.items()
        }
        for span, found in spans.items()
    }

    def place(span: str, cell: Any, operator: int) -> int | None:
        every = revenue[span].get(cell, {})
        if operator not in every:
            return None
        return 1 + sum(other > every[operator] for other in every.values())

    def row(cell: Any, operator: int | None) -> dict[str, Any]:
        now = revenue["now"].get(cell, {})
        key_cell = None
        if cell is not None:
            key_cell = list(cell)
            if "operator" in query.by:
                key_cell.insert(query.by.index("operator"), "")
            key_cell = tuple(key_cell)

        def of(span: str) -> int | None:
            every = revenue[span].get(cell)
            if every is None:
                return None
            return sum(every.values()) if operator is None else every.get(operator)

        positive = {one: max(value, 0) for one, value in now.items()}
        whole = sum(positive.values())
        current = of("now") or 0
        parts = spans["now"].get(cell, {})
        stake = (
            sum(net_stake(part) for part in parts.values())
            if operator is None
            else net_stake(parts[operator])
        )
        days = len(days_of(query, key_cell))
        before_all = sum(revenue["previous"].get(cell, {}).values())
        previous, year = of("previous"), of("year")
        squares = sum(value * value for value in positive.values())
        four = sum(sorted(positive.values(), reverse=True)[:4])
        alone = operator is not None
        ranks = (
            (place("now", cell, operator), place("previous", cell, operator))
            if alone
            else (
                None,
                None,
            )
        )
        market = {
            "share_percent": percent(positive[operator], whole) if alone else None,
            "market_rank": ranks[0],
            "previous_rank": ranks[1],
            "rank_change": None if None in ranks else ranks[1] - ranks[0],
            "hhi": rounded(Fraction(10_000 * squares, whole * whole))
            if whole and not alone
            else None,
            "effective_operators": rounded(Fraction(whole * whole, squares))
            if squares and not alone
            else None,
            "top_four_percent": percent(four, whole) if not alone else None,
            "operator_count": len(now) if not alone else None,
            "growth_contribution_percent": rounded(
                Fraction(100 * (current - (previous or 0)), before_all)
            )
            if before_all > 0
            else None,
        }
        if own:
            market = dict.fromkeys(market)
        return (
            {
                "ggr_minor": current,
                "net_stake_minor": stake,
                "previous_ggr_minor": previous,
                "previous_change_percent": change(
                    current, days, previous, days_before(query, key_cell, "previous")
                ),
                "trend_percent": trends.get(
                    None if cell is None else (operator, cell[0] if cell else None)
                ),
                "year_before_ggr_minor": year,
                "year_change_percent": change(
                    current, days, year, days_before(query, key_cell, "year")
                ),
            }
            | market
            | _estate(world, query, operator, cell)
        )

    rows: Rows = {None: row(None, None)}
    for cell, parts in spans["now"].items():
        if cell is None or not query.by:
            continue
        if "operator" not in query.by:
            rows[cell] = row(cell, None)
            continue
        for operator in parts:
            key = list(cell)
            key.insert(query.by.index("operator"), str(operator))
            rows[tuple(key)] = row(cell, operator)
    return rows


def _estate(world: World, query: Query, operator: int | None, cell: Any) -> dict[str, Any]:
    names = ("venue_count", "site_count", "equipment_count", "ggr_per_equipment_day_minor")
    told = query.gambling_types is None and query.licences is None
    if not told or (cell is not None and query.by != ("operator",)):
        return dict.fromkeys(names)
    places = standing(world.channels, query, operator).values()
    begin, end = midnight(query.first), midnight(query.last + timedelta(days=1))
    seconds = Fraction(0)
    for one in world.equipment.values():
        if operator in (None, one.operator) and (
            query.operators is None or one.operator in query.operators
        ):
            since = max(one.since.timestamp(), begin.timestamp())
            seconds += max(0, Fraction(min(one.until.timestamp(), end.timestamp()) - since))
    played = [
        fact
        for fact in in_period(chosen(world, query), query)
        if fact.equipment and operator in (None, fact.operator)
    ]
    mean = Fraction(ggr(played) * 86_400) / seconds if seconds else None
    return {
        "venue_count": sum(one.kind == "venue" for one in places),
        "site_count": sum(one.kind != "venue" for one in places),
        "equipment_count": len(standing(world.equipment, query, operator)),
        "ggr_per_equipment_day_minor": None if mean is None else int(rounded(mean, "1") or 0),
    }


@dataclass(frozen=True)
class Part:
    """A taxpayer's base of one tax in a part of a month with one rate."""

    operator: int
    month: date
    rate: Rate
    base: str
    amount: int
    taxable: int
    tax: int


def rates_of(world: World, query: Query) -> list[Rate]:
    """The rates that are recorded, or were at the moment."""
    if query.as_of is None:
        return [one for one in world.rates if one.recorded_until.year > 2200]
    return [one for one in world.rates if one.recorded_from <= query.as_of < one.recorded_until]


def tax_parts(world: World, query: Query) -> list[Part]:
    """Every part in which something was received; losses are not carried by any rate here."""
    facts = in_period(chosen(world, query), query)
    parts = []
    for rate in rates_of(world, query):
        assert rate.loss_rule in ("floor", "none")
        kinds = world.tax_classes[rate.tax_class][1]
        own: dict[tuple[int, date], list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.gambling_type in kinds and rate.since <= fact.day < rate.until:
                own[fact.operator, fact.day.replace(day=1)].append(fact)
        bases = ("win", "withdrawal") if rate.base == "win_or_withdrawal" else (rate.base,)
        for (operator, month), part in own.items():
            for base in bases:
                amount = ggr(part) if base == "ggr" else money(part, base)
                taxable = max(0, amount) if rate.loss_rule == "floor" else amount
                tax = int(rounded(Fraction(taxable * rate.ppm, 1_000_000), "1") or 0)
                parts.append(Part(operator, month, rate, base, amount, taxable, tax))
    return parts


def r11(world: World, query: Query) -> Rows:
    of_class = bool({"tax_class", "tax_kind"} & set(query.by))
    taxed = (
        "gambling_type" not in query.by
        and query.gambling_types is None
        and query.licences is None
        and bool(rates_of(world, query))
    )
    base = Query(**(vars(query) | {"by": () if of_class else query.by}))
    groups = grouped(chosen(world, query), base)
    months = _declared_months(world, query)
    for key in months:
        groups.setdefault(key, [])
    parts: dict[tuple[str, ...] | None, list[Part]] = defaultdict(list)
    for part in tax_parts(world, query) if taxed else ():
        own = {
            "operator": str(part.operator),
            "tax_class": str(world.tax_classes[part.rate.tax_class][0]),
            "tax_kind": TAXES[part.rate.kind],
        }
        key = tuple(own[one] if one in own else key_of(one, part.month) for one in query.by)
        parts[None].append(part)
        if query.by:
            parts[key].append(part)
    payable = taxed and query.currency == 980 and "tax_class" not in query.by
    paid = _paid(world, query) if payable else {}
    for key in paid:
        groups.setdefault(key, [])
    rows: Rows = {}
    for key, own_facts in groups.items():
        if key is not None and of_class:
            nothing = dict.fromkeys(("ggr_minor", "win_minor", "withdrawal_minor"))
            rows[key] = nothing | _taxes([], None)
            continue
        rows[key] = {
            "ggr_minor": ggr(own_facts),
            "win_minor": money(own_facts, "win"),
            "withdrawal_minor": money(own_facts, "withdrawal"),
        } | _taxes(parts.get(key, []), 0 if taxed else None)
    if of_class:
        for key, own_parts in parts.items():
            if key is not None:
                rows[key] = {
                    "ggr_minor": _sum(own_parts, "ggr_tax", "ggr", "amount"),
                    "win_minor": _sum(own_parts, "pit", "win", "amount"),
                    "withdrawal_minor": _sum(own_parts, "pit", "withdrawal", "amount"),
                } | _taxes(own_parts, None)
    for key, row in rows.items():
        row.update(_gaps(query, key, parts.get(key, []), sum(paid.get(key, [])), payable))
        told = months.get(key)
        declared = _declared_tax(world, query, key) if taxed else {}
        row["declared_ggr_tax_minor"] = sum(declared.values()) if declared else None
        doubtful = {one.rate.id for one in parts.get(key, []) if not one.rate.verified}
        doubtful |= {rate.id for _, _, rate in declared if not rate.verified}
        if doubtful:
            row["unverified_rate_count"] = len(doubtful)
        row |= {
            "declared_months": len(told) if told else None,
            "declared_month_ggr_minor": sum(one for one, _ in told) if told else None,
            "declared_month_difference_minor": sum(one - seen for one, seen in told)
            if told
            else None,
        }
    return rows


TAXES = {"ggr_tax": "1", "pit": "2", "military_levy": "3"}


def _whole_months(query: Query, key: tuple[str, ...] | None = None) -> set[date]:
    """Months that lie whole within the period and within a row of time."""
    found = set()
    for number in range((query.last.year - query.first.year + 1) * 12):
        month = months_later(date(query.first.year, 1, 1), number)
        if month < query.first or months_later(month, 1) - timedelta(days=1) > query.last:
            continue
        own = {one: key_of(one, month) for one in query.by if one in IN_TIME}
        if key is None or all(
            own.get(one, text) == text for one, text in zip(query.by, key, strict=True)
        ):
            found.add(month)
    return found


def _paid(world: World, query: Query) -> dict[tuple[str, ...] | None, list[int]]:
    months = _whole_months(query)
    found: dict[tuple[str, ...] | None, list[int]] = defaultdict(list)
    for one in world.payments:
        if not one.counts(query.as_of) or one.month not in months:
            continue
        if query.operators is not None and one.operator not in query.operators:
            continue
        own = {"operator": str(one.operator), "tax_kind": TAXES[one.kind]}
        found[None].append(one.amount)
        if query.by:
            key = tuple(own[name] if name in own else key_of(name, one.month) for name in query.by)
            found[key].append(one.amount)
    return found


def _gaps(
    query: Query, key: tuple[str, ...] | None, parts: list[Part], paid: int, payable: bool
) -> dict[str, Any]:
    months = _whole_months(query, key)
    row: dict[str, Any] = {"paid_minor": paid if payable and months else None}
    for base in ("win", "withdrawal"):
        due = sum(one.tax for one in parts if one.month in months and _reads(one, base))
        gap = due - paid if payable and months else None
        row[f"gap_of_{base}_minor"] = gap
        row[f"gap_of_{base}_percent"] = None if gap is None else percent(gap, due)
    return row


def _declared_tax(
    world: World, query: Query, key: tuple[str, ...] | None
) -> dict[tuple[int, date, Rate], int]:
    """The tax on what was declared on the cash basis, of whole months with one rate."""
    whose: dict[tuple[int, date, Rate], int] = defaultdict(int)
    for operator, month, kind, told in _newest_declared(world, query):
        own = {"operator": str(operator)}
        at = tuple(own[one] if one in own else key_of(one, month) for one in query.by)
        if key is not None and at != key:
            continue
        for rate in rates_of(world, query):
            if (
                rate.kind == "ggr_tax"
                and rate.loss_rule != "carry_year"
                and kind in world.tax_classes[rate.tax_class][1]
                and rate.since <= month
                and months_later(month, 1) <= rate.until
            ):
                whose[operator, month, rate] += told
    taxes = {}
    for at, told in whose.items():
        rate = at[2]
        taxable = max(told, 0) if rate.loss_rule == "floor" else told
        taxes[at] = int(rounded(Fraction(taxable * rate.ppm, 1_000_000), "1") or 0)
    return taxes


def _reads(part: Part, base: str) -> bool:
    """Whether a part counts in this reading of the players' base."""
    return part.base in ("ggr", base) or part.rate.base != "win_or_withdrawal"


def _all_taxes(parts: list[Part], base: str, absent: int | None) -> int | None:
    found = [one.tax for one in parts if _reads(one, base)]
    return sum(found) if found else absent


def _sum(parts: list[Part], kind: str, base: str, name: str, absent: int | None = None) -> Any:
    found = [getattr(one, name) for one in parts if (one.rate.kind, one.base) == (kind, base)]
    return sum(found) if found else absent


def _taxes(parts: list[Part], absent: int | None) -> dict[str, Any]:
    rates = {one.rate.ppm for one in parts if one.rate.kind == "ggr_tax"}
    return {
        "taxable_ggr_minor": _sum(parts, "ggr_tax", "ggr", "taxable", absent),
        "tax_rate_percent": rounded(Fraction(rates.pop(), 10_000)) if len(rates) == 1 else None,
        "ggr_tax_minor": _sum(parts, "ggr_tax", "ggr", "tax", absent),
        "pit_of_win_minor": _sum(parts, "pit", "win", "tax", absent),
        "pit_of_withdrawal_minor": _sum(parts, "pit", "withdrawal", "tax", absent),
        "levy_of_win_minor": _sum(parts, "military_levy", "win", "tax", absent),
        "levy_of_withdrawal_minor": _sum(parts, "military_levy", "withdrawal", "tax", absent),
        "estimated_of_win_minor": _all_taxes(parts, "win", absent),
        "estimated_of_withdrawal_minor": _all_taxes(parts, "withdrawal", absent),
        "unverified_rate_count": 0 if parts else absent,
    }


def _declared_months(
    world: World, query: Query
) -> dict[tuple[str, ...] | None, list[tuple[int, int]]]:
    """Declared and received GGR of whole months declared on the cash basis, by key."""
    found: dict[tuple[str, ...] | None, list[tuple[int, int]]] = defaultdict(list)
    for operator, month, kind, told in _newest_declared(world, query):
        seen = ggr(
            [
                fact
                for fact in chosen(world, query)
                if (fact.operator, fact.gambling_type) == (operator, kind)
                and fact.day.replace(day=1) == month
            ]
        )
        own = {"operator": str(operator), "gambling_type": str(kind)}
        found[None].append((told, seen))
        if query.by:
            key = tuple(own[name] if name in own else key_of(name, month) for name in query.by)
            found[key].append((told, seen))
    return found


def _newest_declared(world: World, query: Query) -> list[tuple[int, date, int, int]]:
    """Operator, month, kind of gambling and GGR of what was declared last, where that is cash."""
    if query.licences is not None or {"tax_class", "tax_kind"} & set(query.by):
        return []
    newest: dict[tuple[int, date, int], DeclaredMonth] = {}
    for one in sorted(world.declared_months, key=lambda one: one.version):
        if (
            query.first <= one.month
            and months_later(one.month, 1) - timedelta(days=1) <= query.last
            and one.currency == query.currency
            and (query.operators is None or one.operator in query.operators)
            and (query.gambling_types is None or one.gambling_type in query.gambling_types)
            and (query.as_of is None or one.declared_at <= query.as_of)
        ):
            newest[one.operator, one.month, one.gambling_type] = one
    return [(*key, one.ggr) for key, one in newest.items() if one.basis == "cash"]


def _arrivals(world: World, query: Query) -> tuple[list[Batch], list[Refusal]]:
    def holds(operator: int, moment: datetime) -> bool:
        return (
            query.first <= moment.astimezone(KYIV).date() <= query.last
            and (query.as_of is None or moment <= query.as_of)
            and (query.operators is None or operator in query.operators)
        )

    return (
        [one for one in world.batches if holds(one.operator, one.received_at)],
        [one for one in world.refusals if holds(one.operator, one.refused_at)],
    )


def _arrival_key(one: Batch | Refusal | Request, by: Iterable[str]) -> tuple[str, ...]:
    if isinstance(one, Request):
        moment = one.hour
        code = "ok" if one.outcome in ("accepted", "replayed") else one.outcome
    else:
        moment = one.received_at if isinstance(one, Batch) else one.refused_at
        code = one.code if isinstance(one, Refusal) else ""
    own = {
        "operator": str(one.operator),
        "access_key": str(one.key),
        "endpoint": getattr(one, "endpoint", ""),
        "error_code": code,
    }
    return tuple(
        own[name] if name in own else key_of(name, moment.astimezone(KYIV).date(), moment)
        for name in by
    )


BOUNDS = [math.ceil(2 ** ((n + 1) / 4)) for n in range(200)]


def lag_bound(lag_ms: int) -> int:
    """The upper bound of the histogram's bucket in which a lag lies."""
    bucket = math.floor(4 * math.log2(max(lag_ms, 1)))
    return BOUNDS[bucket]


def quantile(lags: list[int], share: Fraction) -> int | None:
    """The bound up to which so large a share of the lags lies."""
    bounds = sorted(map(lag_bound, lags))
    wanted = [share * len(bounds)]
    if not bounds:
        return None
    return bounds[max(0, bisect_left(range(1, len(bounds) + 1), wanted[0]))]


def _ended(query: Query) -> bool:
    """Whether the period was over by the moment, and all that was counted of it handed over."""
    if query.as_of is None:
        return True
    return midnight(query.last + timedelta(days=1)) <= query.as_of - timedelta(minutes=1)


def _requests(world: World, query: Query) -> list[Request]:
    return [
        one
        for one in world.requests
        if query.first <= one.hour.astimezone(KYIV).date() <= query.last
        and _ended(query)
        and (query.operators is None or one.operator in query.operators)
    ]


@dataclass(frozen=True)
class Between:
    """Equal to all from ``least`` to ``most``: what depends on the moment of asking."""

    least: Decimal | None
    most: Decimal | None

    def __eq__(self, other: object) -> bool:
        if self.least is None or self.most is None or not isinstance(other, Decimal):
            return other is self.least is self.most
        return self.least <= other <= self.most

    __hash__ = None  # type: ignore[assignment]


def mean_rate(query: Query, number: int) -> Between:
    """Rows a second of the time of the period that had passed when asked: within two minutes."""
    now = query.as_of or datetime.now(UTC)
    begun, over = midnight(query.first), midnight(query.last + timedelta(days=1))

    def at(moment: datetime) -> Decimal | None:
        passed = (min(over, moment).astimezone(UTC) - begun.astimezone(UTC)).total_seconds()
        return rounded(number / Fraction(passed), "0.01") if passed > 0 else None

    # A day that began less than two minutes ago was asked for no earlier than its first second.
    earliest = max(now - timedelta(minutes=2), min(now, begun + timedelta(seconds=1)))
    return Between(at(now), at(now if query.as_of else earliest))


def r01(world: World, query: Query) -> Rows:
    batches, refusals = _arrivals(world, query)
    of_requests = bool({"endpoint", "error_code"} & set(query.by))
    of_refusals = "endpoint" not in query.by
    timed = bool(set(query.by) & set(IN_TIME))
    everything: list[Batch | Refusal | Request] = [
        *([] if of_requests else batches),
        *(refusals if of_refusals else []),
        *_requests(world, query),
    ]
    groups: dict[tuple[str, ...] | None, list[Batch | Refusal | Request]] = {None: []}
    for one in everything:
        for key in [None, *([_arrival_key(one, query.by)] if query.by else [])]:
            groups.setdefault(key, []).append(one)
    rows: Rows = {}
    for key, all_of in groups.items():
        own = [one for one in all_of if isinstance(one, Batch)]
        refused = [one for one in all_of if isinstance(one, Refusal)]
        asked = [one for one in all_of if isinstance(one, Request)]
        lags = [lag for one in own for lag in one.lags_ms]
        late = sum(lag > 15 * 60_000 for lag in lags)
        moments = [one.received_at for one in own] + [one.refused_at for one in refused]
        minutes: dict[datetime, int] = defaultdict(int)
        for batch in own:
            moment = batch.received_at.astimezone(UTC).replace(second=0, microsecond=0)
            minutes[moment] += len(batch.lags_ms)
        peak = max(minutes.values(), default=0)
        rows[key] = {
            "row_count": len(lags),
            "batch_count": len(own),
            "refused_batch_count": len(refused),
            "refused_batch_percent": percent(len(refused), len(own) + len(refused)),
            "refused_row_count": sum(one.rows for one in refused),
            "valid_percent": percent(len(lags), len(lags) + sum(one.rows for one in refused)),
            "rows_per_s": mean_rate(query, len(lags)) if key is None or not timed else None,
            "peak_rows_per_s": rounded(Fraction(peak, 60), "0.01") if moments else None,
            "lag_p50_ms": quantile(lags, Fraction(1, 2)),
            "lag_p95_ms": quantile(lags, Fraction(95, 100)),
            "lag_p99_ms": quantile(lags, Fraction(99, 100)),
            "late_count": late,
            "late_percent": percent(late, len(lags)),
            "last_at": max(moments, default=None),
        }
        if of_requests:
            kept = ("refused_batch_count", "refused_row_count") if of_refusals else ()
            rows[key] = {name: own if name in kept else None for name, own in rows[key].items()}
        number = sum(one.number for one in asked)
        faults = sum(one.faults for one in asked)
        again = sum(one.number for one in asked if one.outcome == "replayed")
        told = _ended(query)
        rows[key] |= {
            "request_count": number if told else None,
            "replay_count": again if told else None,
            "fault_count": faults if told else None,
            "availability_percent": percent(number - faults, number) if told else None,
        }
    return rows


def r02_by_rule(world: World, query: Query) -> Rows:
    """What fell short, by code of the refusal or mark of late rows; else nothing is told."""
    batches, refusals = _arrivals(world, query)
    rows: Rows = {None: r02(world, replace(query, by=()))[None]}
    found: dict[tuple[str, ...], list[Batch | Refusal]] = defaultdict(list)
    for one in [*batches, *refusals]:
        rule = f"refusal:{one.code}" if isinstance(one, Refusal) else "breach:8"
        if isinstance(one, Refusal) or late_rows(one):
            place = query.by.index("rule")
            rest = _arrival_key(one, [name for name in query.by if name != "rule"])
            found[(*rest[:place], rule, *rest[place:])].append(one)
    for key, own in found.items():
        refused = [one for one in own if isinstance(one, Refusal)]
        rows[key] = dict.fromkeys(rows[None]) | {
            "refused_batch_count": len(refused),
            "refused_row_count": sum(one.rows for one in refused),
            "duplicate_count": sum(one.duplicates for one in refused),
            "late_count": sum(late_rows(one) for one in own if isinstance(one, Batch)),
        }
    return rows


def late_rows(batch: Batch) -> int:
    return sum(lag > 15 * 60_000 for lag in batch.lags_ms)


def r02(world: World, query: Query) -> Rows:
    if "rule" in query.by:
        return r02_by_rule(world, query)
    batches, refusals = _arrivals(world, query)
    timed = bool(set(query.by) & set(IN_TIME))
    groups: dict[tuple[str, ...] | None, tuple[list[Batch], list[Refusal]]] = {None: ([], [])}
    for one in [*batches, *refusals]:
        for key in [None, *([_arrival_key(one, query.by)] if query.by else [])]:
            own = groups.setdefault(key, ([], []))
            own[0].append(one) if isinstance(one, Batch) else own[1].append(one)
    numbers: dict[int, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for batch in world.batches:
        if (query.operators is None or batch.operator in query.operators) and (
            query.as_of is None or batch.received_at <= query.as_of
        ):
            numbers[batch.operator][batch.stream].append(batch.sequence)
    spans = {
        operator: (
            sum(max(own) - min(own) + 1 for own in streams.values()),
            sum(map(len, streams.values())),
        )
        for operator, streams in numbers.items()
    }
    if not timed and query.by:
        for operator in spans:
            groups.setdefault((str(operator),), ([], []))
    declared: dict[tuple[str, ...] | None, list[DeclaredDay]] = defaultdict(list)
    for day in newest_days(world, query):
        key = tuple(
            str(day.operator) if name == "operator" else key_of(name, day.day) for name in query.by
        )
        for one_key in (None, key) if query.by else (None,):
            declared[one_key].append(day)
            groups.setdefault(one_key, ([], []))
    payouts: dict[tuple[str, ...] | None, list[Fact]] = defaultdict(list)
    days_closed: dict[tuple[str, ...] | None, set[date]] = defaultdict(set)
    again: set[tuple[str, ...] | None] = set()
    for fact in world.facts:
        if (
            query.first <= fact.day <= query.last
            and closed(world, fact.day, query.as_of)
            and (query.operators is None or fact.operator in query.operators)
        ):
            for one_key in (None, fact_key(fact, fact.day, query.by)) if query.by else (None,):
                groups.setdefault(one_key, ([], []))
                days_closed[one_key].add(fact.day)
                if query.as_of and world.matched_at[fact.operator, fact.day] > query.as_of:
                    again.add(one_key)
                if fact.type in ("win", "refund") and fact.sign > 0:
                    payouts[one_key].append(fact)
    rows: Rows = {}
    for key, (own, refused) in groups.items():
        lags = [lag for one in own for lag in one.lags_ms]
        late = sum(lag > 15 * 60_000 for lag in lags)
        known = sum(stake_of(world, one) is not None for one in payouts[key])
        paid = len(payouts[key]) if key not in again else 0
        sent = len(lags) + sum(one.rows for one in refused)
        duplicates = sum(one.duplicates for one in refused)
        expected: int | None = None
        received: int | None = None
        if key is None:
            expected = sum(one[0] for one in spans.values())
            received = sum(one[1] for one in spans.values())
        elif query.by == ("operator",) and int(key[0]) in spans:
            expected, received = spans[int(key[0])]
        missing = None if expected is None or received is None else expected - received
        rows[key] = {
            "expected": expected,
            "received": received,
            "missing": missing,
            "completeness_percent": percent(received or 0, expected or 0),
            "row_count": len(lags),
            "batch_count": len(own),
            "refused_batch_count": len(refused),
            "refused_row_count": sum(one.rows for one in refused),
            "valid_percent": percent(len(lags), sent),
            "on_time_percent": percent(sum(lag < 2**16 for lag in lags), len(lags)),
            "late_count": late,
            "late_percent": percent(late, len(lags)),
            "duplicate_count": duplicates,
            "unique_percent": percent(sent - duplicates, sent),
            "correction_count": sum(one.corrections for one in own),
            "declared_days": len(declared.get(key, [])),
            "control_count_difference": None,
            "control_sum_difference_minor": None,
            "closed_days": None if key in again else len(days_closed[key]),
            "matched_percent": percent(known, paid),
            "quality_score": rounded(
                30 * Fraction(received or 0, expected)
                + 25 * Fraction(sum(lag < 2**16 for lag in lags), len(lags))
                + 20 * Fraction(len(lags), sent)
                + 15 * Fraction(known, paid)
                + 10 * Fraction(sent - duplicates, sent)
            )
            if expected and lags and paid > 0
            else None,
        }
        if key in declared:
            counts = sums = 0
            for day in declared[key]:
                seen = received_of(world, query, day)
                for place, kind in enumerate(TYPES.values()):
                    counts += abs(day.counts[place] - count(seen, kind))
                    sums += abs(day.sums[place] - money(seen, kind))
            rows[key] |= {
                "control_count_difference": counts,
                "control_sum_difference_minor": sums,
            }
    return rows


REPORTS: dict[str, Callable[[World, Query], Rows]] = {
    "R01": r01,
    "R02": r02,
    "R03": r03,
    "R04": r04,
    "R05": r05,
    "R06": r06,
    "R07": r07,
    "R08": r08,
    "R09": r09,
    "R10": r10,
    "R11": r11,
}
