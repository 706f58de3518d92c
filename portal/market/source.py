"""One operator's transactions, window of time by window of time.

What happens in a window follows from the seed, the run, the operator and the window alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.market import rhythm
from portal.market.accounts import Accounts
from portal.market.columns import Columns, Correction
from portal.market.economy import Economy
from portal.market.model import Operator
from portal.market.profiles import PROFILES, SESSION_MS
from portal.market.seats import Seat, Seating
from portal.market.writing import NO_ROUND, Events, Moments, Places, Writer, round_texts

_MIN_SEATS = 3
_LATE_AFTER_MS = 16 * 60 * 1000  # the server marks what is older than 15 minutes
_LATE_MEAN_MS = 60 * 60 * 1000
_SETTLE_S = 0.8


class Shares(NamedTuple):
    """Shares of rounds, and of payments in and out, that come late or are taken back later."""

    late: float = 0.0
    cancelled: float = 0.0


class Source:
    """Makes the records of one operator."""

    def __init__(
        self,
        operator: Operator,
        *,
        run: str,
        seed: int,
        accounts: int,
        rounds_per_s: float = 1.0,
        shares: Shares = Shares(),  # noqa: B008 - immutable
    ) -> None:
        """``run`` tells apart runs whose records must not have the same ids; ``accounts``: how
        many players there are; ``rounds_per_s``: on the mean of a day, for the number of sessions.
        """
        self.operator = operator
        self.shares = shares
        self._profile = profile = PROFILES[operator.type]
        self._writer = Writer(run, operator.code)
        self._streams = [seed, zlib.crc32(run.encode()), zlib.crc32(operator.code.encode())]
        self._sessions_per_slot = rounds_per_s * SESSION_MS / 1000 / profile.session_rounds
        self.accounts = Accounts(operator.code, accounts, seed=seed)
        self._seating = Seating(operator, self.accounts, profile.bet_payment, cash=profile.cash)
        self._seated: dict[int, list[Seat]] = {}  # by slot, the last ones asked for
        self.economy = Economy(operator)

    def window(
        self, since_ms: int, until_ms: int, rounds: float
    ) -> tuple[Columns, list[Correction]]:
        """The records of [since, until), about ``rounds`` rounds of them, in the order of time.

        The second result are those among them that ``corrections`` shall take back, later.
        """
        source = np.random.default_rng([*self._streams, since_ms])
        n = int(source.poisson(rounds))
        if n == 0:
            return Columns(), []
        seats, places, starts = self._sit_down(source, since_ms, until_ms, n)
        events = self._play(source, seats, places, starts, until_ms)
        bonus = source.random(n) < self._profile.bonus_share
        texts = round_texts(source.bytes(16 * n), bonus.tolist())
        wrong = self._wrong(source, events, n)
        return self._writer.write(events, seats, texts, wrong, f"{since_ms}")

    def corrections(self, wrong: Sequence[Correction], moment_ms: int) -> Columns:
        """Records that take ``wrong`` back at this moment."""
        return self._writer.corrections(wrong, moment_ms)

    def _wrong(self, source: np.random.Generator, events: Events, rounds: int) -> NDArray[np.bool_]:
        """Which events will be taken back: rounds as a whole, payments one by one."""
        whole = source.random(rounds) < self.shares.cancelled
        single = source.random(len(events.moment)) < self.shares.cancelled
        wrong: NDArray[np.bool_] = np.where(events.round == NO_ROUND, single, whole[events.round])
        return wrong

    def _sit_down(
        self, source: np.random.Generator, since_ms: int, until_ms: int, n: int
    ) -> tuple[list[Seat], Places, Moments]:
        """Sessions that touch the window; for each round its seat and its moment."""
        starts = np.sort(source.integers(since_ms, until_ms, n))
        first = since_ms // SESSION_MS
        slots = starts // SESSION_MS - first
        seats: list[Seat] = []
        begins, sizes = [], []
        for slot in range(int(slots[-1]) + 1):
            seated = self._seats(first + slot)
            begins.append(len(seats))
            sizes.append(len(seated))
            seats += seated
        offsets = (source.random(n) * np.array(sizes)[slots]).astype(np.intp)
        return seats, np.array(begins)[slots] + offsets, starts

    def _seats(self, slot: int) -> list[Seat]:
        if slot not in self._seated:
            recent = {known: seats for known, seats in self._seated.items() if known == slot - 1}
            self._seated = {**recent, slot: self._draw_seats(slot)}
        return self._seated[slot]

    def _draw_seats(self, slot: int) -> list[Seat]:
        busy = rhythm.weight(self.operator.type, slot * SESSION_MS)
        n = max(_MIN_SEATS, round(self._sessions_per_slot * busy))
        return self._seating.draw(np.random.default_rng([*self._streams, slot, 1]), n)

    def _play(
        self,
        source: np.random.Generator,
        seats: list[Seat],
        places: Places,
        starts: Moments,
        until_ms: int,
    ) -> Events:
        """Stakes and what came of them, payments in and out: one column each, ordered by time."""
        n = len(starts)
        economy = self.economy
        stakes = economy.stakes.draw(source, n)
        games = np.array([seat.game for seat in seats], np.intp)[places]
        payouts = economy.outcomes.draw(source, games, stakes)
        refunded = source.random(n) < self._profile.refund_share
        won = (payouts > 0) & ~refunded
        ends = self._ends(source, starts, until_ms)
        late = self._delays(source, n)
        rounds = np.arange(n)
        events = [
            Events.of("bet", starts - late, stakes, places, rounds),
            Events.of("win", (ends - late)[won], payouts[won], places[won], rounds[won]),
            Events.of(
                "refund", (ends - late)[refunded], stakes[refunded], places[refunded],
                rounds[refunded],
            ),
        ]  # fmt: skip
        for name, amounts, share in (
            ("deposit", economy.deposits, economy.deposits_per_round),
            ("withdrawal", economy.withdrawals, economy.withdrawals_per_round),
        ):
            chosen = source.integers(0, n, int(source.poisson(share * n)))
            none = np.full(len(chosen), NO_ROUND)
            paid = amounts.draw(source, len(chosen))
            events.append(Events.of(name, (starts - late)[chosen], paid, places[chosen], none))
        columns = [np.concatenate(column) for column in zip(*events, strict=True)]
        order = np.argsort(columns[0], kind="stable")
        return Events(*(column[order] for column in columns))

    def _ends(self, source: np.random.Generator, starts: Moments, until_ms: int) -> Moments:
        """When rounds are settled: inside the window, so that windows stand by themselves."""
        shortest, median = self._profile.settle_ms
        spread = np.exp(_SETTLE_S * source.standard_normal(len(starts)))
        ends = starts + shortest + ((median - shortest) * spread).astype(np.int64)
        return np.maximum(starts, np.minimum(ends, until_ms - 1))

    def _delays(self, source: np.random.Generator, n: int) -> Moments:
        """How much earlier rounds happened than they are sent; 0 for most."""
        late = source.random(n) < self.shares.late
        return np.where(late, _LATE_AFTER_MS + source.exponential(_LATE_MEAN_MS, n), 0).astype(
            np.int64
        )
