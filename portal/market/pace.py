"""Who plays how much, and when: the shares of operators and the rhythm of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from portal.market import rhythm
from portal.market.economy import Economy
from portal.market.model import Operator
from portal.market.profiles import PROFILES

HOUR_MS = 3_600_000
_ACCOUNTS = 20_000  # of the whole demo market
_MIN_ACCOUNTS = 60


class Pace:
    """Turns a rate of records of the whole market into rounds of each operator.

    Gross gaming revenue is shared out by type, and within a type as one over the rank; how many
    rounds make that revenue follows from stakes and returns.
    """

    def __init__(self, operators: Sequence[Operator]) -> None:
        self._operators = operators
        ranks: defaultdict[str, float] = defaultdict(float)
        for operator in operators:
            ranks[operator.type] += 1 / (operator.rank + 1)
        economies = [Economy(operator) for operator in operators]
        # Rounds for one unit of revenue of the market.
        rounds = [
            PROFILES[operator.type].ggr_share
            / (operator.rank + 1)
            / ranks[operator.type]
            / economy.revenue_per_round
            for operator, economy in zip(operators, economies, strict=True)
        ]
        records = sum(
            n * economy.records_per_round for n, economy in zip(rounds, economies, strict=True)
        )
        # On an ordinary day: rounds of each operator for one record of the market, and that in
        # records.
        self._rounds = [n / records for n in rounds]
        self._records_of_types: defaultdict[str, float] = defaultdict(float)
        for operator, n, economy in zip(operators, self._rounds, economies, strict=True):
            self._records_of_types[operator.type] += n * economy.records_per_round

    def accounts(self, place: int) -> int:
        """How many players the operator at this place has."""
        return max(_MIN_ACCOUNTS, round(_ACCOUNTS * self._rounds[place]))

    def rounds(self, place: int) -> float:
        """Rounds of this operator for each record of the market, on the mean of a day."""
        return self._rounds[place]

    def busy(self, moment_ms: int) -> float:
        """Records of the whole market at this hour beside those of the mean hour (1.0)."""
        return sum(
            share * rhythm.weight(gambling_type, moment_ms)
            for gambling_type, share in self._records_of_types.items()
        )

    def rounds_at(self, place: int, moment_ms: int) -> float:
        """Rounds of this operator for each record of the market's mean hour, at this hour."""
        return self._rounds[place] * rhythm.weight(self._operators[place].type, moment_ms)
