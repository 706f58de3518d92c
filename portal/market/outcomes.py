"""What a stake wins: many rounds of different games drawn at once from their pay tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from portal.market.amounts import Minors
from portal.market.model import Game
from portal.market.paytables import pay_table

_NEVER = 2.0  # above any draw


class Outcomes:
    """The pay tables of an operator's games, side by side."""

    def __init__(self, games: Sequence[Game]) -> None:
        tables = [pay_table(game.table, game.rtp) for game in games]
        width = max(len(table.multipliers) for table in tables)
        self._up_to = np.full((len(tables), width), _NEVER)
        self._multipliers = np.zeros((len(tables), width + 1))
        for row, table in enumerate(tables):
            size = len(table.multipliers)
            self._up_to[row, :size] = np.cumsum(table.probabilities)
            self._multipliers[row, :size] = table.multipliers
        self.hit_rates = np.array([table.hit_rate for table in tables])
        self.returns = np.array([table.rtp for table in tables])

    def draw(self, source: np.random.Generator, games: NDArray[np.intp], stakes: Minors) -> Minors:
        """Payouts in kopiykas of one round of each of ``games`` (indices); 0 where it lost."""
        drawn = source.random(len(games))
        place = (drawn[:, None] >= self._up_to[games]).sum(axis=1)
        payouts: Minors = np.rint(self._multipliers[games, place] * stakes).astype(np.int64)
        return payouts
