"""Money of one operator: what is staked, what comes back, what is paid in and out."""

from __future__ import annotations

from portal.market.amounts import OddAmounts, round_amounts
from portal.market.model import Operator
from portal.market.outcomes import Outcomes
from portal.market.profiles import (
    DEPOSIT_MEDIAN_UAH,
    DEPOSIT_S,
    PROFILES,
    STAKES_PER_DEPOSIT,
    WITHDRAWAL_MEDIAN_UAH,
    WITHDRAWAL_S,
    WITHDRAWN_OF_DEPOSITED,
)
from portal.market.seats import game_shares

_DEPOSIT_UAH = (20, 20_000)
_LOWEST_STAKE = 1 / 12  # of the median


class Economy:
    """Distributions of amounts in kopiykas, and what a round brings on the average."""

    def __init__(self, operator: Operator) -> None:
        profile = PROFILES[operator.type]
        median = profile.stake_median
        self.outcomes = Outcomes(operator.games)
        self.stakes = round_amounts(
            median, profile.stake_s, median * _LOWEST_STAKE, profile.stake_max
        )
        self.deposits = round_amounts(DEPOSIT_MEDIAN_UAH, DEPOSIT_S, *_DEPOSIT_UAH)
        self.withdrawals = OddAmounts(WITHDRAWAL_MEDIAN_UAH, WITHDRAWAL_S)
        deposited = self.stakes.mean / STAKES_PER_DEPOSIT  # for each round
        self.deposits_per_round = deposited / self.deposits.mean
        self.withdrawals_per_round = deposited * WITHDRAWN_OF_DEPOSITED / self.withdrawals.mean
        shares = game_shares(operator)
        hit_rate = float(shares @ self.outcomes.hit_rates)
        settled = hit_rate * (1 - profile.refund_share) + profile.refund_share
        # Expected number of records for each round, payments in and out included.
        self.records_per_round = 1 + settled + self.deposits_per_round + self.withdrawals_per_round
        # Expected kopiykas that a round leaves with the operator.
        self.revenue_per_round = self.stakes.mean * (1 - float(shares @ self.outcomes.returns))
