"""The invented market: deterministic by seed; the same operators whatever their number.

An operator depends on the seed, its type, its rank within the type and the day the market was
first loaded (``anchor``), on nothing else: a larger market contains the smaller one.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.market.games import make_games
from portal.market.model import Channel, Licence, Operator, Suspension
from portal.market.names import Name, operator_name
from portal.market.premises import make_premises
from portal.market.registers import BRAND_CODE, Registers

KYIV = ZoneInfo("Europe/Kyiv")
DEFAULT_SEED = 1
DEFAULT_OPERATORS = 45


class Kind(NamedTuple):
    """One type of gambling in the market; ``prefix`` begins the codes of its operators."""

    type: str
    prefix: str
    operators: int  # of 45


# 45 operators: 20 online casinos, 12 halls, 4 bookmakers, 4 casinos, 3 lotteries, 2 for poker.
KINDS = (
    Kind("online_casino", "OC", 20),
    Kind("slot_hall", "SH", 12),
    Kind("bookmaker", "BM", 4),
    Kind("land_casino", "LC", 4),
    Kind("lottery", "LT", 3),
    Kind("online_poker", "OP", 2),
)
_TERM_YEARS = 5
_EDRPOU_UNASSIGNED = 9_000_000  # codes from 90 000 000 are given to nobody
_EDRPOU_PRIME = 999_983


def counts(operators: int) -> dict[str, int]:
    """How many operators of each type make a market of this size, by largest remainder."""
    shares = {kind.type: operators * kind.operators for kind in KINDS}
    whole = {gambling_type: share // DEFAULT_OPERATORS for gambling_type, share in shares.items()}
    left = operators - sum(whole.values())
    by_remainder = sorted(shares, key=lambda name: -(shares[name] % DEFAULT_OPERATORS))
    for gambling_type in by_remainder[:left]:
        whole[gambling_type] += 1
    return whole


def make_market(operators: int, *, anchor: date, seed: int = DEFAULT_SEED) -> list[Operator]:
    """The operators of a market, the first of each type first, then mixed in proportion."""
    if operators < 1:
        raise ValueError("a market has at least one operator")
    sizes = counts(operators)
    places = [
        (rank / sizes[kind.type], position, rank)
        for position, kind in enumerate(KINDS)
        for rank in range(sizes[kind.type])
    ]
    return [
        make_operator(KINDS[position], rank, anchor=anchor, seed=seed)
        for _, position, rank in sorted(places)
    ]


def operator_code(kind: Kind, rank: int) -> str:
    """The code of an operator of the demo market."""
    return f"{kind.prefix}-{rank + 1:04d}"


def name_of_code(code: str, seed: int = DEFAULT_SEED) -> str | None:
    """The English name of the demo operator with this code; None: no code of a demo market."""
    for kind in KINDS:
        prefix, _, number = code.partition("-")
        if prefix == kind.prefix and number.isdecimal() and int(number) > 0:
            rank = int(number) - 1
            if operator_code(kind, rank) == code:
                return operator_name(kind.type, rank, seed).en
    return None


def make_operator(kind: Kind, rank: int, *, anchor: date, seed: int = DEFAULT_SEED) -> Operator:
    """One operator with licence, channels, equipment and games."""
    source = random.Random(f"{seed}/{kind.type}/{rank}")  # noqa: S311 - a demo must repeat itself
    name = operator_name(kind.type, rank, seed)
    licence = _licence(kind, rank, anchor, source)
    since = licence.valid_from
    premises = make_premises(kind.type, rank, name, since, source)
    games = make_games(kind.type, rank, since, source)
    code = operator_code(kind, rank)
    registers = Registers(code, name, since, seed)
    return Operator(
        code=code,
        type=kind.type,
        rank=rank,
        name_uk=name.uk,
        name_en=name.en,
        taxpayer_code=_taxpayer_code(KINDS.index(kind), rank),
        active_from=since,
        licences=(licence,),
        channels=(*_online_channels(kind.type, name, since), *premises.venues),
        equipment=tuple(
            replace(one, details=registers.of_equipment(one)) for one in premises.equipment
        ),
        games=tuple(replace(one, details=registers.of_game(one)) for one in games),
        brands=(registers.brand(),),
        representatives=registers.representatives(),
    )


def _licence(kind: Kind, rank: int, anchor: date, source: random.Random) -> Licence:
    """Five years, begun one to four and a half years ago, but for a few among the small ones."""
    days_ago = source.randint(400, 1640)
    suspensions: tuple[Suspension, ...] = ()
    term_days = round(_TERM_YEARS * 365.25)
    match rank % kind.operators, kind.operators - rank % kind.operators:
        case _, 1 if kind.operators > 4:  # the smallest: about to end
            days_ago = term_days - 21
        case _, 2 if kind.operators > 4:  # ended, and still at work
            days_ago = term_days + 12
        case _, 3 if kind.operators > 4:  # suspended now
            suspensions = (_suspension(anchor, 9, None, "Порушення умов звітності"),)
        case 2, _ if kind.operators > 2:  # was suspended
            suspensions = (_suspension(anchor, 75, 61, "Несвоєчасне подання відомостей"),)
    valid_from = _midnight(anchor - timedelta(days=days_ago))
    return Licence(
        number=f"{kind.prefix}-{valid_from.year}-{rank + 1:04d}",
        type=kind.type,
        valid_from=valid_from,
        valid_until=_midnight(anchor - timedelta(days=days_ago - term_days)),
        suspensions=suspensions,
    )


def _suspension(anchor: date, since: int, until: int | None, grounds: str) -> Suspension:
    return Suspension(
        _midnight(anchor - timedelta(days=since)),
        None if until is None else _midnight(anchor - timedelta(days=until)),
        grounds,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KYIV)


def _online_channels(gambling_type: str, name: Name, since: datetime) -> list[Channel]:
    """The website and, where bets are taken by telephone, two applications."""
    if gambling_type in {"slot_hall", "land_casino"}:
        return []
    domain = f"{name.slug}.example"
    identifier = f"example.{name.slug.replace('-', '')}"
    site = Channel("WEB", "website", domain, domain, since, {"domain": domain, "brand": BRAND_CODE})
    apps = [
        Channel(
            f"APP-{platform.upper()}",
            "mobile_application",
            f"{name.uk}: застосунок ({label})",
            f"{name.en} for {label}",
            since,
            {
                "platform": platform,
                "store_identifier": identifier,
                "store_url": f"https://store.example/{platform}/{identifier}",
            },
        )
        for platform, label in (("android", "Android"), ("ios", "iOS"))
    ]
    return [site, *apps]


def _taxpayer_code(position: int, rank: int) -> str:
    """Eight digits in the form of EDRPOU with a right check digit, of a range given to nobody."""
    number = (position * 150_000 + rank + 1) * 7_919 % _EDRPOU_PRIME
    digits = [int(digit) for digit in str(_EDRPOU_UNASSIGNED + number)]
    for first_weight in (1, 3):
        check = sum(d * w for w, d in enumerate(digits, first_weight)) % 11
        if check < 10:
            break
    return "".join(map(str, digits)) + str(check % 10)
