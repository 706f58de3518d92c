"""How each type of gambling is played: stakes, money in and out, pace.

Figures after the market study on which the demo rests: shares of gross gaming revenue; stakes
lognormal with s = 1.46 (online slots: median 6, mean 17 UAH), snapped to steps of 1-2-5; stakes
about 9.8 times the deposits, withdrawals 63 % of them; sessions of 17 minutes at 9 spins a minute.
"""

from __future__ import annotations

from dataclasses import dataclass

STAKES_PER_DEPOSIT = 9.8  # in money
WITHDRAWN_OF_DEPOSITED = 0.63
DEPOSIT_MEDIAN_UAH = 200.0
DEPOSIT_S = 1.0
WITHDRAWAL_MEDIAN_UAH = 500.0
WITHDRAWAL_S = 1.0
SESSION_MS = 17 * 60 * 1000
INTENSITY_S = 2.09  # of players: a tenth of them makes four fifths of the revenue


@dataclass(frozen=True, slots=True)
class Profile:
    """Money in UAH, times in milliseconds, shares of 1.

    ``settle_ms``: shortest and median time from stake to result. ``session_rounds``: rounds of one
    player in a session. ``cash``: players pay in and out over the counter or into the machine.
    ``hall``: venues that close in curfew.
    """

    ggr_share: float
    stake_median: float
    stake_s: float
    stake_max: float
    settle_ms: tuple[int, int]
    session_rounds: float
    refund_share: float
    bonus_share: float
    bet_payment: str
    cash: bool = False
    hall: bool = False


PROFILES = {
    "online_casino": Profile(0.68, 6, 1.46, 5_000, (1_200, 2_500), 153, 0.0008, 0.03, "balance"),
    "bookmaker": Profile(0.16, 100, 1.46, 50_000, (20_000, 900_000), 4, 0.012, 0.05, "balance"),
    "slot_hall": Profile(
        0.09, 6, 1.46, 5_000, (1_500, 3_000), 153, 0.0005, 0, "balance", cash=True, hall=True
    ),
    "land_casino": Profile(
        0.03, 200, 1.0, 50_000, (3_000, 40_000), 60, 0.0005, 0, "chips", cash=True, hall=True
    ),
    "online_poker": Profile(0.02, 60, 1.2, 20_000, (15_000, 90_000), 60, 0.001, 0.02, "balance"),
    "lottery": Profile(0.02, 20, 0.8, 1_000, (2_000, 600_000), 1.5, 0.0005, 0, "balance"),
}
