"""Pay tables: what a stake comes back multiplied by, and how often.

Each table has a shape (multipliers and their probabilities); its probabilities are scaled to the
return declared for a game, so that payouts stay round multiples of the stake and the return is
exact. The standard deviation of payout over stake follows from the table: a game's declared figures
are those it is really played by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

_SLOT_MULTIPLIERS = (0.5, 1.0, 2.0, 5.0, 10.0, 25.0, 100.0, 500.0)

# Name -> (multipliers, probabilities); the rest of the probability loses the stake.
_SHAPES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    # σ about 4, 6 and 10: slots lie between 4 and 12
    "slot_calm": (_SLOT_MULTIPLIERS, (0.12, 0.11, 0.08, 0.038, 0.016, 0.0045, 0.0004, 0.00001)),
    "slot": (_SLOT_MULTIPLIERS, (0.10, 0.08, 0.06, 0.035, 0.015, 0.006, 0.0012, 0.00006)),
    "slot_wild": (_SLOT_MULTIPLIERS, (0.09, 0.06, 0.04, 0.025, 0.012, 0.006, 0.002, 0.0003)),
    # single zero: 37 pockets; one bet in ten on a number, the others on even chances
    "roulette": ((2.0, 36.0), (0.9 * 18 / 37, 0.1 / 37)),
    # push, win, natural, doubled win
    "blackjack": ((1.0, 2.0, 2.5, 4.0), (0.085, 0.36, 0.045, 0.02)),
    "baccarat": ((1.0, 2.0), (0.0952, 0.4462)),
    # odds of single bets, each as likely as its odds say
    "betting": ((1.4, 1.8, 2.2, 3.5, 8.0), (0.2 / 1.4, 0.3 / 1.8, 0.3 / 2.2, 0.15 / 3.5, 0.05 / 8)),
    "poker": ((1.0, 2.0, 4.0, 9.0), (0.2, 0.2, 0.06, 0.02)),
    "lottery": ((1.0, 5.0, 20.0, 200.0, 5000.0), (0.10, 0.04, 0.006, 0.0005, 0.000004)),
}


@dataclass(frozen=True, slots=True)
class PayTable:
    """Multipliers of the stake with their probabilities, which add up to the hit rate (< 1)."""

    multipliers: tuple[float, ...]
    probabilities: tuple[float, ...]

    @property
    def rtp(self) -> float:
        """Expected payout over stake."""
        pairs = zip(self.multipliers, self.probabilities, strict=True)
        return math.fsum(multiplier * probability for multiplier, probability in pairs)

    @property
    def sigma(self) -> float:
        """Standard deviation of payout over stake of one round."""
        pairs = zip(self.multipliers, self.probabilities, strict=True)
        square = math.fsum(multiplier**2 * probability for multiplier, probability in pairs)
        return math.sqrt(square - self.rtp**2)

    @property
    def hit_rate(self) -> float:
        """Share of rounds with a payout."""
        return math.fsum(self.probabilities)


@cache
def pay_table(shape: str, rtp: float) -> PayTable:
    """The table of this shape with its probabilities scaled so that it returns ``rtp``."""
    multipliers, probabilities = _SHAPES[shape]
    scale = rtp / PayTable(multipliers, probabilities).rtp
    table = PayTable(multipliers, tuple(probability * scale for probability in probabilities))
    if table.hit_rate > 1:
        raise ValueError("the shape cannot return that much")
    return table
