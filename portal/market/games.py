"""Games that invented operators offer, with the return and deviation they declare."""

from __future__ import annotations

import random
from datetime import datetime
from typing import NamedTuple

from portal.market.model import Game
from portal.market.names import PROVIDERS, game_title
from portal.market.paytables import pay_table


class _Offer(NamedTuple):
    """A game that is no slot: code, title, pay table and declared return."""

    code: str
    title: str
    table: str
    rtp: float


_TABLE_GAMES = (
    _Offer("ROULETTE-1", "European Roulette", "roulette", 0.973),
    _Offer("ROULETTE-2", "Quick Roulette", "roulette", 0.973),
    _Offer("BLACKJACK-1", "Classic Blackjack", "blackjack", 0.995),
    _Offer("BACCARAT-1", "Baccarat", "baccarat", 0.988),
)
_OFFERS: dict[str, tuple[_Offer, ...]] = {
    "online_casino": _TABLE_GAMES,
    "land_casino": _TABLE_GAMES,
    "bookmaker": tuple(  # a margin of 6 to 8 %
        _Offer(title.upper().replace(" ", "-"), title, "betting", rtp)
        for title, rtp in (
            ("Football", 0.94), ("Tennis", 0.935), ("Basketball", 0.93), ("Volleyball", 0.925),
            ("Ice Hockey", 0.93), ("Esports", 0.92), ("Boxing", 0.925), ("Handball", 0.92),
        )
    ),
    "online_poker": tuple(  # a rake of 4 %
        _Offer(f"POKER-{number}", title, "poker", 0.96)
        for number, title in enumerate(("Hold'em Cash", "Omaha Cash", "Evening Tournament"), 1)
    ),
    "lottery": (  # 50 to 60 % paid out
        _Offer("DRAW-1", "Evening Draw", "lottery", 0.50),
        _Offer("DRAW-2", "Six of Forty", "lottery", 0.55),
        _Offer("INSTANT-1", "Lucky Hedgehog", "lottery", 0.60),
        _Offer("INSTANT-2", "Copper Penny", "lottery", 0.58),
    ),
}  # fmt: skip
_SLOTS = {"online_casino": 40, "land_casino": 8, "slot_hall": 14}
_SLOT_RTP_PER_MILLE = {
    "online_casino": (940, 970),
    "land_casino": (930, 960),
    "slot_hall": (900, 940),
}
_SLOT_TABLES = ("slot_calm", "slot", "slot", "slot_wild")


def make_games(
    gambling_type: str, rank: int, since: datetime, source: random.Random
) -> tuple[Game, ...]:
    """The games of one operator; code unique within it."""
    offers = list(_OFFERS.get(gambling_type, ()))
    for number in range(_SLOTS.get(gambling_type, 0)):
        rtp = source.randint(*_SLOT_RTP_PER_MILLE[gambling_type]) / 1000
        title = game_title(rank * 11 + number)
        offers.append(_Offer(f"SLOT-{number + 1:02d}", title, source.choice(_SLOT_TABLES), rtp))
    return tuple(
        Game(
            code=offer.code,
            title=offer.title,
            provider=source.choice(PROVIDERS),
            type=gambling_type,
            table=offer.table,
            rtp=offer.rtp,
            sigma=pay_table(offer.table, offer.rtp).sigma,
            active_from=since,
        )
        for offer in offers
    )
